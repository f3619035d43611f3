//! Which stacks are told of an API, and may add methods to it: those that are passed something of it, and
//! those that are passed an output of them. Told by references, without evaluating them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
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
fn hands_on(kind: &str) -> bool {
    matches!(
        kind,
        "AWS::CloudFormation::Stack"
            | "AWS::Serverless::Application"
            | "AWS::CloudFormation::CustomResource"
    ) || kind.starts_with("Custom::")
}

/// What the stacks of a unit hand on, each looked through once.
#[derive(Debug)]
pub(super) struct Stacks {
    handing: BTreeMap<StackId, Handing>,
    /// Those that some macro may change.
    macros: BTreeSet<StackId>,
}

impl Stacks {
    /// Looks through `stacks`; `macros` are those that some macro may change.
    pub(super) fn of(
        unit: &Unit<'_>,
        stacks: impl Iterator<Item = StackId>,
        macros: BTreeSet<StackId>,
    ) -> Self {
        let handing = stacks.map(|stack| (stack, Handing::of(&unit.template_of(stack))));
        Self { handing: handing.collect(), macros }
    }

    /// What a stack hands on.
    pub(super) fn handing(&self, stack: StackId) -> Option<&Handing> {
        self.handing.get(&stack)
    }
}

/// What one stack hands on.
#[derive(Debug)]
pub(super) struct Handing {
    /// By the resource that hands it on.
    resources: Vec<(Arc<str>, Names)>,
    outputs: Option<Names>,
    /// Those of the outputs that other stacks may import.
    exported: Names,
    /// A macro makes something of a method or of the tree that methods lie in.
    pub(super) made: bool,
}

impl Handing {
    fn of(template: &Template) -> Self {
        let resources = template.resources();
        let handing = resources.iter().filter(|one| hands_on(&one.kind));
        let made = |one: &Resource| {
            matches!(&*one.kind, METHOD | RESOURCE) && form::any(&one.node, is_transform)
        };
        let outputs = template.outputs.as_ref();
        let entries = outputs.and_then(Node::as_map).into_iter().flat_map(|pairs| pairs.iter());
        let exported = entries.map(|pair| &pair.value).filter(|one| one.get("Export").is_some());
        Self {
            resources: handing
                .map(|one| (Arc::clone(&one.id), Names::of([&one.node], template)))
                .collect(),
            outputs: outputs.map(|outputs| Names::of([outputs], template)),
            exported: Names::of(exported, template),
            made: resources.iter().any(made),
        }
    }

    /// Whether somebody outside of the stack is told of the resource `id`.
    pub(super) fn tells_of(&self, id: &str) -> bool {
        self.all().any(|names| names.owners.contains(id))
    }

    /// The same of something whose name starts so.
    pub(super) fn tells(&self, start: &str) -> bool {
        self.all().any(|names| names.start_with(start))
    }

    fn all(&self) -> impl Iterator<Item = &Names> {
        self.resources.iter().map(|(_, names)| names).chain(&self.outputs)
    }
}

/// What some nodes refer to.
#[derive(Debug)]
struct Names {
    all: BTreeSet<Arc<str>>,
    /// The resources and parameters.
    owners: BTreeSet<Arc<str>>,
    /// The APIs of whose root they are told.
    roots: BTreeSet<Arc<str>>,
    /// Some name is one of a parameter.
    parameters: bool,
}

impl Names {
    fn of<'n>(nodes: impl IntoIterator<Item = &'n Node>, template: &Template) -> Self {
        let all: BTreeSet<Arc<str>> = nodes.into_iter().flat_map(references).collect();
        let owners: BTreeSet<Arc<str>> = all.iter().map(owner).collect();
        let roots = all.iter().filter(|name| name.ends_with(".RootResourceId")).map(owner);
        Self {
            roots: roots.collect(),
            parameters: owners.iter().any(|name| template.has_parameter(name)),
            all,
            owners,
        }
    }

    /// Whether some name starts so.
    fn start_with(&self, start: &str) -> bool {
        let from = (Bound::Included(start), Bound::Unbounded);
        self.all.range::<str, _>(from).next().is_some_and(|name| name.starts_with(start))
    }

    /// Whether something of the API is among them.
    fn mention(&self, by: &By) -> bool {
        match by {
            By::Name(id) | By::Outputs(id) => self.owners.contains(id),
            By::Parameters => self.parameters,
        }
    }

    /// Whether they are enough to add methods: the root of the API is among them, or what may be it.
    fn add_methods(&self, by: &By) -> bool {
        match by {
            By::Name(id) => self.roots.contains(id),
            By::Outputs(_) | By::Parameters => self.mention(by),
        }
    }
}

/// Who is told of the API `id` of the stack that is evaluated.
pub(super) fn of(unit: &Unit<'_>, id: &Arc<str>, stacks: &Stacks) -> Told {
    let home = unit.here();
    let mut out = Told::default();
    let mut seen = BTreeSet::new();
    let mut open = vec![(home, By::Name(Arc::clone(id)))];
    while let Some((stack, by)) = open.pop() {
        if !seen.insert((stack, by.clone())) {
            continue;
        }
        let Some(handing) = stacks.handing(stack) else {
            out.open = true;
            continue;
        };
        if stack != home {
            out.stacks.insert(stack);
            out.open |= stacks.macros.contains(&stack) || handing.made;
        }
        for (resource, _) in handing.resources.iter().filter(|(_, names)| names.mention(&by)) {
            match unit.nested_by(stack, resource) {
                Some(inner) => open.push((inner, By::Parameters)),
                // A stack that is not read, or a custom resource, may add methods.
                None => out.open = true,
            }
        }
        let Some(outputs) = handing.outputs.as_ref().filter(|outputs| outputs.mention(&by)) else {
            continue;
        };
        out.open |= handing.exported.add_methods(&by);
        match unit.creator_of(stack) {
            Some((outer, name)) => open.push((outer, By::Outputs(name))),
            // Another stack that is told of the root resource adds methods to it.
            None => out.open |= outputs.add_methods(&by),
        }
    }
    out
}
