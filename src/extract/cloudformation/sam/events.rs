//! `Api` events of functions and state machines.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::IMPLICIT;
use super::definition::is_truthy;
use crate::extract::openapi;
use crate::resolve::cloudformation::Template;
use crate::resolve::cloudformation::form::references;
use crate::source::Span;
use crate::syntax::Node;

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

/// All `Api` events in source order, by the API they belong to: its logical id, that of the implicit
/// API where none is named.
pub(in crate::extract::cloudformation) fn events(
    template: &Template,
) -> BTreeMap<Arc<str>, Vec<Event>> {
    let mut out: BTreeMap<Arc<str>, Vec<Event>> = BTreeMap::new();
    for resource in template.resources() {
        let machine = match &*resource.kind {
            "AWS::Serverless::Function" => false,
            "AWS::Serverless::StateMachine" => true,
            _ => continue,
        };
        let Some(pairs) = resource.property("Events").and_then(Node::as_map) else { continue };
        for pair in pairs.iter() {
            if pair.value.get("Type").and_then(Node::scalar).is_none_or(|kind| &*kind != "Api") {
                continue;
            }
            // The translator passes over an event without properties.
            let Some(properties) = pair.value.get("Properties") else { continue };
            let api = match properties.get("RestApiId") {
                None => Some(IMPLICIT.into()),
                Some(id) => references(id).into_iter().next().or_else(|| id.scalar()),
            };
            let Some(api) = api else { continue };
            out.entry(api).or_default().push(Event {
                name: pair.key.span,
                properties: properties.clone(),
                condition: resource.condition.clone(),
                machine,
            });
        }
    }
    out
}
