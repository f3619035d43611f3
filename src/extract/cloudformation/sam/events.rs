//! `Api` events of functions and state machines.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::definition::is_truthy;
use super::{API, IMPLICIT};
use crate::extract::openapi;
use crate::resolve::cloudformation::form::{Form, references};
use crate::resolve::cloudformation::{Resource, Template};
use crate::source::Span;
use crate::syntax::Node;

/// The type of a state machine.
const MACHINE: &str = "AWS::Serverless::StateMachine";

/// An `Api` event of a function or state machine.
#[derive(Debug)]
pub(in crate::extract::cloudformation) struct Event {
    /// The event's name.
    pub(super) name: Span,
    /// Its properties.
    properties: Node,
    /// The `Condition` of the function or state machine.
    pub(super) condition: Option<Node>,
    /// Whether a state machine declares it.
    pub(super) machine: bool,
}

impl Event {
    /// A property of the event.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.properties.get(name)
    }

    /// The path as it is written; the translator takes plain text only.
    pub(super) fn path(&self) -> Option<Arc<str>> {
        self.get("Path")?.as_text().map(|text| Arc::clone(&text.text))
    }

    /// Whether what it says of authorisation is put into a document that the author wrote.
    pub(super) fn overrides(&self) -> bool {
        let overrides = self.get("Auth").and_then(|auth| auth.get("OverrideApiAuth"));
        !self.machine && overrides.is_some_and(is_truthy)
    }

    /// The key of its method in a path item.
    pub(super) fn method(&self) -> Option<Arc<str>> {
        let method = self.get("Method")?.as_text()?.text.to_ascii_lowercase();
        Some(if method == "any" { openapi::ANY.into() } else { method.into() })
    }
}

/// The policies of `Api` events that AWS SAM writes into no API: those of events that name none of the
/// template (the translator's `ImplicitApiPlugin`), by the places of their keys.
pub(super) fn astray(template: &Template) -> Vec<Span> {
    let is_api = |name: &str| {
        let api = template.resource(name).is_some_and(|resource| &*resource.kind == API);
        api || name == IMPLICIT
    };
    let mut out = Vec::new();
    for resource in template.resources() {
        for (_, properties) in of_resource(resource) {
            let policy = properties.get("Auth").and_then(|auth| auth.pair("ResourcePolicy"));
            let Some(policy) = policy.filter(|pair| is_truthy(&pair.value)) else { continue };
            let named = match properties.get("RestApiId").map(|id| (id, Form::of(id))) {
                None => continue,
                Some((_, Form::Call("Ref", name))) => name.scalar(),
                Some((id, Form::Plain)) => id.scalar(),
                Some(_) => None,
            };
            // The name is written with a loop variable.
            let looped = |name: &str| !resource.scope.is_empty() && name.contains("${");
            if !named.is_some_and(|name| is_api(&name) || looped(&name)) {
                out.push(policy.key.span);
            }
        }
    }
    out
}

/// The `Api` events of a function or state machine: their names and properties.
fn of_resource(resource: &Resource) -> impl Iterator<Item = (Span, &Node)> {
    let kind = &*resource.kind;
    let sends = matches!(kind, "AWS::Serverless::Function" | MACHINE);
    let events = resource.property("Events").filter(|_| sends).and_then(Node::as_map);
    events.into_iter().flat_map(|pairs| pairs.iter()).filter_map(|pair| {
        let is_api = pair.value.get("Type").and_then(Node::scalar).is_some_and(|t| &*t == "Api");
        // The translator passes over an event without properties.
        Some((pair.key.span, pair.value.get("Properties").filter(|_| is_api)?))
    })
}

/// All `Api` events in source order, by the API they belong to: its logical id, that of the implicit
/// API where none is named.
pub(in crate::extract::cloudformation) fn events(
    template: &Template,
) -> BTreeMap<Arc<str>, Vec<Event>> {
    let mut out: BTreeMap<Arc<str>, Vec<Event>> = BTreeMap::new();
    for resource in template.resources() {
        for (name, properties) in of_resource(resource) {
            let api = match properties.get("RestApiId") {
                None => Some(IMPLICIT.into()),
                Some(id) => references(id).into_iter().next().or_else(|| id.scalar()),
            };
            let Some(api) = api else { continue };
            out.entry(api).or_default().push(Event {
                name,
                properties: properties.clone(),
                condition: resource.condition.clone(),
                machine: &*resource.kind == MACHINE,
            });
        }
    }
    out
}
