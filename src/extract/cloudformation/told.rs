//! Which stacks are told of an API, and may add methods to it: those that are passed something of it, and
//! those that are passed an output of them. Told by references, without evaluating them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::links::{METHOD, RESOURCE, is_transform, owner};
use crate::resolve::cloudformation::form::{self, references};
use crate::resolve::cloudformation::{Resource, StackId, Template, Unit};
use crate::syntax::Node;

/// Who is told of an API.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The other stacks of the unit.
    pub(super) stacks: BTreeSet<StackId>,
    /// Somebody outside of the unit is told, too.
    pub(super) open: bool,
}

/// By what a stack knows an API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    /// It declares it, under that name.
    Name(Arc<str>),
    /// It creates the stack of that name, whose outputs may be something of it.
    Outputs(Arc<str>),
    /// Its parameters may be something of it.
    Parameters,
}

/// Whether a resource of that type hands on what it is told.
pub(super) fn hands_on(kind: &str) -> bool {
    matches!(
        kind,
        "AWS::CloudFormation::Stack"
            | "AWS::Serverless::Application"
            | "AWS::CloudFormation::CustomResource"
    ) || kind.starts_with("Custom::")
}

/// Who is told of the API `id` of the stack that is evaluated; `macros` are the stacks that some macro may
/// change.
pub(super) fn of(unit: &Unit<'_>, id: &Arc<str>, macros: &BTreeSet<StackId>) -> Told {
    let home = unit.here();
    let mut out = Told::default();
    let mut seen = BTreeSet::new();
    let mut open = vec![(home, By::Name(Arc::clone(id)))];
    while let Some((stack, by)) = open.pop() {
        if !seen.insert((stack, by.clone())) {
            continue;
        }
        if stack != home {
            out.stacks.insert(stack);
            out.open |= macros.contains(&stack);
        }
        let template = unit.template_of(stack);
        if stack != home {
            let made = |one: &Resource| {
                matches!(&*one.kind, METHOD | RESOURCE) && form::any(&one.node, is_transform)
            };
            out.open |= template.resources().iter().any(made);
        }
        let told = |node: &Node| mentions(node, &by, &template);
        for resource in template.resources().iter().filter(|one| hands_on(&one.kind)) {
            if !told(&resource.node) {
                continue;
            }
            match unit.nested_by(stack, &resource.id) {
                Some(inner) => open.push((inner, By::Parameters)),
                None => out.open = true,
            }
        }
        let Some(outputs) = template.outputs.as_ref().filter(|outputs| told(outputs)) else {
            continue;
        };
        let entries = outputs.as_map().map_or(&[][..], |pairs| pairs);
        let exported = entries.iter().any(|pair| {
            pair.value.get("Export").is_some() && adds_methods(&pair.value, &by, &template)
        });
        out.open |= exported;
        match unit.creator_of(stack) {
            Some((outer, name)) => open.push((outer, By::Outputs(name))),
            // Another stack that is told of the root resource adds methods to it.
            None => out.open |= adds_methods(outputs, &by, &template),
        }
    }
    out
}

/// Whether a node refers to something of the API.
fn mentions(node: &Node, by: &By, template: &Template) -> bool {
    references(node).iter().any(|name| match by {
        By::Name(id) | By::Outputs(id) => owner(name) == *id,
        By::Parameters => template.has_parameter(&owner(name)),
    })
}

/// Whether a node is enough to add methods: it refers to the root of the API, or to what may be it.
fn adds_methods(node: &Node, by: &By, template: &Template) -> bool {
    match by {
        By::Name(id) => references(node)
            .iter()
            .any(|name| owner(name) == *id && name.ends_with(".RootResourceId")),
        By::Outputs(_) | By::Parameters => mentions(node, by, template),
    }
}
