//! Which resources belong to which API, told by their references without evaluating them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::files::Files;
use super::sam::{self, Event};
use super::told::{self, Stacks};
use crate::resolve::cloudformation::form::{Form, references};
use crate::resolve::cloudformation::{Resource, StackId, Template, Unit};
use crate::source::Span;
use crate::syntax::Node;

/// The links of one template.
#[derive(Debug)]
pub(super) struct Links {
    template: Arc<Template>,
    /// The methods that refer to an API, by the API's logical id; indices of resources.
    methods: BTreeMap<Arc<str>, Vec<usize>>,
    /// The stages and deployments that refer to an API, the same way.
    stages: BTreeMap<Arc<str>, Vec<usize>>,
    /// Methods declared by a loop: they may belong to any API.
    floating: Vec<usize>,
    /// APIs to which something outside this template can add methods.
    open: BTreeSet<Arc<str>>,
    /// Macros: they may add methods to every API.
    foreign: Vec<(String, Span)>,
    /// A method is made by a macro: it may belong to any API.
    made: bool,
    /// The other stacks that are told of an API, by the API's logical id.
    told: BTreeMap<Arc<str>, BTreeSet<StackId>>,
    /// The events of AWS SAM, by the API's logical id.
    events: BTreeMap<Arc<str>, Vec<Event>>,
    /// The definitions in files that APIs of AWS SAM name.
    pub(super) files: Files,
}

impl Links {
    /// Finds the links of the stack that is evaluated. `foreign` are the macros that may change its
    /// template.
    pub(super) fn of(
        unit: &Unit<'_>,
        foreign: Vec<(String, Span)>,
        stacks: &Stacks,
        files: Files,
    ) -> Self {
        let template = &unit.template();
        let mut out = Self {
            template: Arc::clone(template),
            told: BTreeMap::new(),
            methods: BTreeMap::new(),
            stages: BTreeMap::new(),
            floating: Vec::new(),
            open: BTreeSet::new(),
            foreign,
            made: stacks.handing(unit.here()).is_none_or(|handing| handing.made),
            events: sam::events(template),
            files,
        };
        for (index, resource) in template.resources().iter().enumerate() {
            let kind = &*resource.kind;
            if kind == METHOD {
                if resource.scope.is_empty() {
                    out.method(index, resource);
                } else {
                    out.floating.push(index);
                }
            } else if STAGES.contains(&kind) {
                let ids = resource.property_all("RestApiId").flat_map(references);
                for owner in ids.map(|id| owner(&id)).collect::<BTreeSet<_>>() {
                    out.stages.entry(owner).or_default().push(index);
                }
            }
        }
        let apis = template.resources().iter().filter(|resource| APIS.contains(&&*resource.kind));
        let apis = apis.map(|resource| &resource.id).chain(out.events.keys());
        for id in apis {
            let told = told::of(unit, id, stacks);
            if told.open {
                out.open.insert(Arc::clone(id));
            }
            if !told.stacks.is_empty() {
                out.told.insert(Arc::clone(id), told.stacks);
            }
        }
        out
    }

    /// The other stacks that are told of the API `id`: their methods may belong to it.
    pub(super) fn told(&self, id: &str) -> impl Iterator<Item = StackId> {
        self.told.get(id).into_iter().flatten().copied()
    }

    fn method(&mut self, index: usize, resource: &Resource) {
        let mut owners = BTreeSet::new();
        for node in resource.property_all("RestApiId") {
            owners.extend(references(node).iter().map(owner));
        }
        // A method in the tree of an API that names that API by a value from elsewhere.
        let mut roots = BTreeSet::new();
        for node in resource.property_all("ResourceId") {
            self.roots(node, &mut BTreeSet::new(), &mut roots);
        }
        self.open.extend(roots.difference(&owners).cloned());
        for owner in owners {
            self.methods.entry(owner).or_default().push(index);
        }
    }

    /// The APIs at the root of the tree that the resource id `node` lies in.
    fn roots(&self, node: &Node, seen: &mut BTreeSet<Arc<str>>, out: &mut BTreeSet<Arc<str>>) {
        for name in references(node) {
            if name.ends_with(".RootResourceId") {
                out.insert(owner(&name));
                continue;
            }
            let id = owner(&name);
            let Some(resource) = self.template.resource(&id) else { continue };
            // A tree may be a circle, and no path is deeper than this.
            if &*resource.kind != RESOURCE || seen.len() >= MAX_DEPTH || !seen.insert(id) {
                continue;
            }
            for node in resource.property_all("RestApiId") {
                out.extend(references(node).iter().map(owner));
            }
            for node in resource.property_all("ParentId") {
                self.roots(node, seen, out);
            }
        }
    }

    /// The methods that may belong to the API `id`, in source order.
    pub(super) fn methods(&self, id: &str) -> impl Iterator<Item = &Resource> {
        let linked = self.methods.get(id).map_or(&[][..], |list| list);
        linked.iter().chain(&self.floating).filter_map(|i| self.template.resources().get(*i))
    }

    /// The resources that name a stage of the API `id`, in source order.
    pub(super) fn stages(&self, id: &str) -> impl Iterator<Item = &Resource> {
        let linked = self.stages.get(id).map_or(&[][..], |list| list);
        linked.iter().filter_map(|i| self.template.resources().get(*i))
    }

    /// The events of AWS SAM that belong to the API `id`, in source order.
    pub(super) fn events(&self, id: &str) -> &[Event] {
        self.events.get(id).map_or(&[], |list| list)
    }

    /// Whether something outside this template can add methods to the API `id`, or mappings to the
    /// domain `id`.
    pub(super) fn is_open(&self, id: &str) -> bool {
        self.made || !self.foreign.is_empty() || self.open.contains(id)
    }

    /// The macros that may change the template, with their places.
    pub(super) fn foreign(&self) -> &[(String, Span)] {
        &self.foreign
    }
}

/// The type of a method.
pub(super) const METHOD: &str = "AWS::ApiGateway::Method";
/// The types of APIs.
pub(super) const APIS: [&str; 2] = ["AWS::ApiGateway::RestApi", "AWS::Serverless::Api"];
/// The type of a part of a path.
pub(super) const RESOURCE: &str = "AWS::ApiGateway::Resource";
const STAGES: [&str; 2] = ["AWS::ApiGateway::Stage", "AWS::ApiGateway::Deployment"];

/// How many resources of one tree are looked at.
const MAX_DEPTH: usize = 64;

/// Whether `node` is made by a macro, or has entries that are.
pub(super) fn is_transform(node: &Node) -> bool {
    let keys = node.as_map().into_iter().flat_map(|pairs| pairs.iter());
    let here = keys.filter_map(|pair| pair.key.scalar()).any(|key| &*key == "Fn::Transform");
    here || matches!(Form::of(node), Form::Call("Fn::Transform", _))
}

/// The logical id in `Name` or `Name.Attribute`.
pub(super) fn owner(name: &Arc<str>) -> Arc<str> {
    match name.split_once('.') {
        Some((id, _)) => id.into(),
        None => Arc::clone(name),
    }
}
