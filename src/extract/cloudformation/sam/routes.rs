//! The methods of an API in one world: those of its document, those that events and `Cors` add, and
//! the authorisation that `Auth` gives them.

use std::sync::Arc;

use super::auth::Authorizers;
use super::definition::{By, Definition, PathItem, Source};
use super::events::Event;
use super::stage::Stage;
use crate::extract::cloudformation::api::Reader;
use crate::extract::openapi::{ANY, Methods, Operation};
use crate::model::Routes;
use crate::resolve::{NeedSplit, World};

impl Reader<'_, '_> {
    /// The methods in a world: those of the definition, and those of resources of their own.
    pub(super) fn sam_routes(
        &mut self,
        definition: &Definition,
        events: &[Event],
        world: &World,
    ) -> Result<Routes, NeedSplit> {
        let mut routes = self.routes(world)?;
        routes.stages.extend(Stage::of(self, world)?.name());
        routes.complete |= routes.declared.is_empty() && !self.links.is_open(&self.resource.id);
        let document = match &definition.document {
            Some(node) => self.document(node, world)?,
            None => None,
        };
        let mut methods = document.as_ref().map_or_else(Methods::default, Methods::of);
        methods.open |= definition.open || (document.is_none() && definition.document.is_some());
        let mut authorizers = self.authorizers(document.as_ref(), world)?;
        for item in definition.paths.iter().filter(|item| item.path.starts_with('/')) {
            self.added(item, (definition.source, events), world, &mut authorizers, &mut methods)?;
        }
        if definition.source == Source::Body {
            for event in events.iter().filter(|event| event.overrides()) {
                let (path, key) = (event.path(), event.method());
                let here = methods.operations.iter_mut().filter(|operation| {
                    path.as_ref() == Some(&operation.path)
                        && (key.as_ref() == Some(&operation.key) || is_any(&key, operation))
                });
                for operation in here {
                    self.ask(event, definition.source, operation, &mut authorizers.schemes);
                }
            }
        }
        authorizers.settle(document.as_ref());
        methods.operations.iter_mut().for_each(|operation| authorizers.complete(operation));
        let read = methods.routes(&authorizers.schemes);
        routes.complete &= read.complete;
        routes.declared.extend(read.declared);
        routes.complete &= !routes.declared.is_empty();
        Ok(routes)
    }

    /// Adds the operations of a path that SAM adds to the document.
    fn added(
        &mut self,
        item: &PathItem,
        (source, events): (Source, &[Event]),
        world: &World,
        authorizers: &mut Authorizers,
        methods: &mut Methods,
    ) -> Result<(), NeedSplit> {
        for operation in item.branches.iter().flat_map(|branch| &branch.operations) {
            let here =
                |other: &&mut Operation| other.path == item.path && other.key == operation.key;
            let mut new = || {
                Operation::new(
                    Arc::clone(&item.path),
                    Arc::clone(&operation.key),
                    self.unit.origin(operation.at),
                )
            };
            match operation.by {
                By::Document => {}
                By::Event(index) => {
                    let Some(event) = events.get(index) else { continue };
                    let new = new();
                    let exists = match &event.condition {
                        Some(name) => self.unit.condition(name, world)?,
                        None => Some(true),
                    };
                    let at = methods.operations.iter_mut().find(here);
                    match (exists, at) {
                        (Some(false), None) => {}
                        // Half of it is under a condition: the translator writes what is no method.
                        (Some(false), Some(declared)) => declared.certain = false,
                        (exists, Some(declared)) => {
                            declared.integrated = true;
                            declared.certain &= exists.is_some() && event.condition.is_none();
                            self.ask(event, source, declared, &mut authorizers.schemes);
                        }
                        (exists, None) => {
                            let certain = exists.is_some();
                            let mut new = Operation { integrated: true, certain, ..new };
                            self.ask(event, source, &mut new, &mut authorizers.schemes);
                            methods.operations.push(new);
                        }
                    }
                }
                By::Cors => {
                    let mut others = methods.operations.iter().filter(|o| o.path == item.path);
                    // It is there with any other method of its path.
                    let certain = methods.paths.contains(&item.path)
                        || methods.operations.iter().any(|o| o.path == item.path && o.certain);
                    let there = certain || others.next().is_some();
                    if there && methods.operations.iter_mut().find(here).is_none() {
                        let new = Operation { integrated: true, certain, ..new() };
                        methods.operations.push(new);
                    }
                }
            }
        }
        Ok(())
    }
}

/// Whether an event for every verb is for an operation for every verb.
fn is_any(key: &Option<Arc<str>>, operation: &Operation) -> bool {
    key.as_deref() == Some(ANY) && &*operation.key == "any"
}
