//! Which resources belong to which API, told by their references without evaluating them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::sam::{self, Event};
use crate::resolve::cloudformation::form::references;
use crate::resolve::cloudformation::{Resource, Template};

/// The links of one template.
#[derive(Debug)]
pub(super) struct Links {
    template: Arc<Template>,
    /// The methods that refer to an API, by the API's logical id; indices of resources.
    methods: BTreeMap<Arc<str>, Vec<usize>>,
    /// Methods declared by a loop: they may belong to any API.
    floating: Vec<usize>,
    /// APIs to which something outside this template can add methods.
    open: BTreeSet<Arc<str>>,
    /// The events of AWS SAM, by the API's logical id.
    events: BTreeMap<Arc<str>, Vec<Event>>,
}

impl Links {
    /// Finds the links.
    pub(super) fn of(template: &Arc<Template>) -> Self {
        let mut out = Self {
            template: Arc::clone(template),
            methods: BTreeMap::new(),
            floating: Vec::new(),
            open: BTreeSet::new(),
            events: sam::events(template),
        };
        for (index, resource) in template.resources().iter().enumerate() {
            let kind = &*resource.kind;
            if kind == "AWS::ApiGateway::Method" {
                if resource.scope.is_empty() {
                    out.method(index, resource);
                } else {
                    out.floating.push(index);
                }
            } else if kind == "AWS::CloudFormation::Stack"
                || kind == "AWS::Serverless::Application"
                || kind == "AWS::CloudFormation::CustomResource"
                || kind.starts_with("Custom::")
            {
                // A nested stack or a custom resource that is told of the API may add methods.
                out.open.extend(references(&resource.node).iter().map(owner));
            }
        }
        if let Some(outputs) = &template.outputs {
            // Another stack that is told of the root resource adds methods to it.
            let names = references(outputs);
            let told = names.iter().filter(|name| name.ends_with(".RootResourceId"));
            out.open.extend(told.map(owner));
        }
        out
    }

    fn method(&mut self, index: usize, resource: &Resource) {
        let mut owners = BTreeSet::new();
        for node in resource.property_all("RestApiId") {
            owners.extend(references(node).iter().map(owner));
        }
        for owner in owners {
            self.methods.entry(owner).or_default().push(index);
        }
    }

    /// The methods that may belong to the API `id`, in source order.
    pub(super) fn methods(&self, id: &str) -> impl Iterator<Item = &Resource> {
        let linked = self.methods.get(id).map_or(&[][..], |list| list);
        linked.iter().chain(&self.floating).filter_map(|i| self.template.resources().get(*i))
    }

    /// The events of AWS SAM that belong to the API `id`, in source order.
    pub(super) fn events(&self, id: &str) -> &[Event] {
        self.events.get(id).map_or(&[], |list| list)
    }

    /// Whether something outside this template can add methods to the API `id`.
    pub(super) fn is_open(&self, id: &str) -> bool {
        self.open.contains(id)
    }
}

/// The logical id in `Name` or `Name.Attribute`.
fn owner(name: &Arc<str>) -> Arc<str> {
    match name.split_once('.') {
        Some((id, _)) => id.into(),
        None => Arc::clone(name),
    }
}
