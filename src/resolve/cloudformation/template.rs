//! The sections of a template: what is declared, without evaluating it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Scope, form};
use crate::source::Span;
use crate::syntax::{Kind, Node, Pair};

/// How the name of the transform of AWS SAM begins.
const SAM: &str = "AWS::Serverless-";

/// The declarations of one template.
#[derive(Debug, Clone, Default)]
pub struct Template {
    pub(super) parameters: BTreeMap<Arc<str>, Parameter>,
    pub(super) mappings: BTreeMap<Arc<str>, Node>,
    /// Each with the loop variables that it sees.
    pub(super) conditions: BTreeMap<Arc<str>, (Node, Scope)>,
    /// In source order; a logical id that stands twice is kept twice.
    resources: Vec<Resource>,
    by_id: BTreeMap<Arc<str>, usize>,
    /// `Fn::ForEach` loops among the resources, not expanded yet.
    pub(super) loops: Vec<Pair>,
    /// The same among the conditions.
    pub(super) condition_loops: Vec<Pair>,
    /// The macros that the template asks for.
    pub transforms: Vec<Arc<str>>,
    /// The `Globals` section of AWS SAM.
    pub globals: Option<Node>,
    /// The `Outputs` section.
    pub outputs: Option<Node>,
}

/// A declared parameter.
#[derive(Debug, Clone)]
pub(super) struct Parameter {
    /// The name's token.
    pub(super) name: Span,
    /// The declared type, `String` when there is none.
    pub(super) kind: Arc<str>,
    /// The default.
    pub(super) default: Option<Node>,
    /// The allowed values; empty when any value is allowed.
    pub(super) allowed: Vec<Node>,
}

/// A declared resource.
#[derive(Debug, Clone)]
pub struct Resource {
    /// The logical id.
    pub id: Arc<str>,
    /// Its token.
    pub id_span: Span,
    /// The resource type, when it is written as plain text.
    pub kind: Arc<str>,
    /// The whole resource.
    pub node: Node,
    /// Its `Condition`.
    pub condition: Option<Node>,
    /// The loop variables that it sees.
    pub scope: Scope,
}

impl Resource {
    /// Reads the resource that `pair` declares; `None` when it is no map.
    pub(super) fn read(id: Arc<str>, pair: &Pair, scope: Scope) -> Option<Self> {
        pair.value.as_map()?;
        Some(Self {
            id,
            id_span: pair.key.span,
            kind: pair.value.get("Type").and_then(Node::scalar).unwrap_or_default(),
            condition: pair.value.get("Condition").cloned(),
            node: pair.value.clone(),
            scope,
        })
    }

    /// A resource that the template implies at `at` without declaring it: it has no properties.
    pub fn generated(id: &str, at: Span) -> Self {
        Self {
            id: id.into(),
            id_span: at,
            kind: Arc::default(),
            node: Node { span: at, kind: Kind::Null },
            condition: None,
            scope: Scope::default(),
        }
    }

    /// The `Properties`.
    pub fn properties(&self) -> Option<&Node> {
        self.node.get("Properties")
    }

    /// The property `name`: the last one, where it stands twice.
    pub fn property(&self, name: &str) -> Option<&Node> {
        self.properties()?.get(name)
    }

    /// Every value that the property `name` is given, in source order: one, unless `Properties` or
    /// the property stands twice.
    pub fn property_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        entries(&self.node, "Properties")
            .flat_map(move |properties| entries(&properties.value, name))
            .map(|pair| &pair.value)
    }
}

/// The entries of `key` in a map, in source order.
pub(super) fn entries<'a>(node: &'a Node, key: &'a str) -> impl Iterator<Item = &'a Pair> {
    node.as_map()
        .map_or(&[][..], |pairs| pairs)
        .iter()
        .filter(move |pair| pair.key.scalar().is_some_and(|k| &*k == key))
}

impl Template {
    /// Whether a document is a template: a map with `Resources`, some of which have a type, or with
    /// the version that names the format.
    pub fn is_one(root: &Node) -> bool {
        let typed = |node: &Node| {
            node.as_map().is_some_and(|pairs| {
                pairs.iter().any(|p| {
                    p.value.get("Type").is_some()
                        || p.key.scalar().is_some_and(|k| k.starts_with("Fn::"))
                })
            })
        };
        root.get("Resources").is_some_and(typed)
            || (root.get("AWSTemplateFormatVersion").is_some() && root.get("Resources").is_some())
    }

    /// Reads the sections of `root`. What is not of the expected form is left out: nothing can refer
    /// to it.
    pub fn read(root: &Node) -> Self {
        let mut out = Self::default();
        for pair in section(root, "Parameters") {
            let Some(name) = pair.key.scalar() else { continue };
            out.parameters.insert(name, Parameter::read(pair));
        }
        for pair in section(root, "Rules") {
            super::rules::bound(pair, &mut out.parameters);
        }
        for pair in section(root, "Mappings") {
            let Some(name) = pair.key.scalar() else { continue };
            out.mappings.insert(name, pair.value.clone());
        }
        for pair in section(root, "Conditions") {
            let Some(name) = pair.key.scalar() else { continue };
            if form::is_loop(pair) {
                out.condition_loops.push(pair.clone());
            } else {
                out.conditions.insert(name, (pair.value.clone(), Scope::default()));
            }
        }
        for pair in section(root, "Resources") {
            let Some(id) = pair.key.scalar() else { continue };
            if form::is_loop(pair) {
                out.loops.push(pair.clone());
            } else {
                out.declare(Resource::read(id, pair, Scope::default()));
            }
        }
        out.transforms = match root.get("Transform").map(|n| (&n.kind, n)) {
            Some((Kind::List(items), _)) => items.iter().filter_map(transform_name).collect(),
            Some((_, node)) => transform_name(node).into_iter().collect(),
            None => Vec::new(),
        };
        out.globals = root.get("Globals").cloned();
        out.outputs = root.get("Outputs").cloned();
        out
    }

    /// Adds a resource.
    pub(super) fn declare(&mut self, resource: Option<Resource>) {
        let Some(resource) = resource else { return };
        self.by_id.insert(Arc::clone(&resource.id), self.resources.len());
        self.resources.push(resource);
    }

    /// The resources, in source order.
    pub fn resources(&self) -> &[Resource] {
        &self.resources
    }

    /// The resource of that logical id: the last one, where it stands twice.
    pub fn resource(&self, id: &str) -> Option<&Resource> {
        self.resources.get(*self.by_id.get(id)?)
    }

    /// Whether functions are resolved before AWS SAM expands the template: the transform
    /// `AWS::LanguageExtensions` stands in front of its own.
    pub fn is_extended_before_sam(&self) -> bool {
        let mut before = self.transforms.iter().take_while(|name| !name.starts_with(SAM));
        before.any(|name| &**name == "AWS::LanguageExtensions")
    }

    /// Whether there is a parameter of that name.
    pub fn has_parameter(&self, name: &str) -> bool {
        self.parameters.contains_key(name)
    }

    /// The declared type of the parameter of that name.
    pub fn parameter_type(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(|parameter| &*parameter.kind)
    }

    /// Whether the template is written in AWS SAM.
    pub fn is_sam(&self) -> bool {
        self.transforms.iter().any(|name| name.starts_with(SAM))
    }
}

impl Parameter {
    fn read(pair: &Pair) -> Self {
        let allowed = pair.value.get("AllowedValues").and_then(Node::as_list);
        Self {
            name: pair.key.span,
            kind: pair.value.get("Type").and_then(Node::scalar).unwrap_or_else(|| "String".into()),
            default: pair.value.get("Default").cloned(),
            allowed: allowed.map(|items| items.to_vec()).unwrap_or_default(),
        }
    }

    /// Whether the value is a list, written with commas.
    pub(super) fn is_list(&self) -> bool {
        &*self.kind == "CommaDelimitedList" || self.kind.contains("List<")
    }

    /// Whether the value given is only the name of the entry that holds the value (AWS, "SSM
    /// parameter types"); a type that just checks the name is not.
    pub(super) fn is_stored(&self) -> bool {
        self.kind.starts_with("AWS::SSM::Parameter::Value<")
    }
}

fn section<'a>(root: &'a Node, name: &'a str) -> impl Iterator<Item = &'a Pair> {
    entries(root, name).filter_map(|pair| pair.value.as_map()).flat_map(|pairs| pairs.iter())
}

fn transform_name(node: &Node) -> Option<Arc<str>> {
    node.scalar().or_else(|| node.get("Name").and_then(Node::scalar))
}
