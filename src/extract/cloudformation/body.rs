//! OpenAPI bodies in a template: the policy at their top level, and their methods.

use super::api::{Reader, both};
use super::hidden::is_absent;
use super::outline::outline;
use crate::extract::openapi::{self, Found, Methods, Schemes};
use crate::model::{PolicyState, Routes};
use crate::resolve::cloudformation::form::{Form, is_function_name};
use crate::resolve::{Kind, NeedSplit, Value, World};
use crate::source::Span;
use crate::syntax::{Node, Pair};

impl<'r> Reader<'r, '_> {
    /// The policy that the property `name`, an OpenAPI document, brings in a world.
    pub(super) fn body_policy(
        &mut self,
        name: &str,
        world: &World,
    ) -> Result<PolicyState, NeedSplit> {
        let resource = self.resource;
        let mut state = PolicyState::None;
        for node in resource.property_all(name).filter(|node| !is_absent(node)) {
            let read = self.body(node, world)?;
            state = both(state, read);
        }
        Ok(state)
    }

    /// The policy of the document `node`.
    pub(super) fn body(&mut self, node: &Node, world: &World) -> Result<PolicyState, NeedSplit> {
        let resource = self.resource;
        // Bodies are large: of one that is written as a map, nothing but the policy is evaluated.
        if let Some(pairs) = plain(node) {
            let mut state = PolicyState::None;
            for pair in pairs.iter().filter(|pair| is_policy(pair)) {
                let value = self.unit.eval(&pair.value, &resource.scope, world)?;
                state = both(state, self.extension(&value));
            }
            return Ok(state);
        }
        let value = self.unit.eval(node, &resource.scope, world)?;
        let unit = &mut *self.unit;
        let found = openapi::policy_of(&value, |text, origin| {
            openapi::document_in(text, origin, &mut unit.symbols, &mut unit.origins)
        });
        Ok(match found {
            Found::Nothing => PolicyState::None,
            Found::NotRead => self.not_read(node),
            Found::Policy { value, open: false, .. } => self.extension(&value),
            Found::Policy { value, open: true, .. } => {
                let unknown = self.not_read(node);
                both(self.extension(&value), unknown)
            }
        })
    }

    /// The documents in the files that the property `name` names.
    pub(super) fn definitions(&self, name: &str) -> Vec<&'r Node> {
        let (resource, files) = (self.resource, &self.links.files);
        resource.property_all(name).filter_map(|uri| files.definition(uri).ok()).collect()
    }

    /// The policy of the files that the property `name` names.
    pub(super) fn file_policy(
        &mut self,
        name: &str,
        world: &World,
    ) -> Result<PolicyState, NeedSplit> {
        let mut state = PolicyState::None;
        for document in self.definitions(name) {
            state = both(state, self.body(document, world)?);
        }
        Ok(state)
    }

    /// The methods that the body declares, and those of resources of their own.
    pub(super) fn body_routes(&mut self, world: &World) -> Result<Routes, NeedSplit> {
        let mut routes = self.routes(world)?;
        let resource = self.resource;
        let own = resource.property_all("Body").filter(|body| !is_absent(body));
        let bodies: Vec<&Node> = own.chain(self.definitions("BodyS3Location")).collect();
        if bodies.is_empty() {
            return Ok(routes);
        }
        routes.complete |= routes.declared.is_empty() && !self.links.is_open(&self.resource.id);
        for body in bodies {
            match self.document(body, world)? {
                Some(document) => {
                    let read = Methods::of(&document).routes(&Schemes::of(&document));
                    routes.complete &= read.complete;
                    routes.declared.extend(read.declared);
                }
                None => routes.complete = false,
            }
        }
        routes.complete &= !routes.declared.is_empty();
        Ok(routes)
    }

    /// What says something about methods in the document `node`; nothing where it cannot be read.
    pub(super) fn document(
        &mut self,
        node: &Node,
        world: &World,
    ) -> Result<Option<Value>, NeedSplit> {
        let value = self.unit.eval(&outline(node), &self.resource.scope, world)?;
        let unit = &mut *self.unit;
        Ok(match &value.kind {
            Kind::Text(text) => {
                let origin = value.origin;
                openapi::document_in(text, origin, &mut unit.symbols, &mut unit.origins)
            }
            Kind::Map(_) | Kind::Null => Some(value),
            _ => None,
        })
    }

    /// Says that the document `node` is not read, and why; whatever policy it holds is not known.
    pub(super) fn not_read(&mut self, node: &Node) -> PolicyState {
        const WHAT: &str = "OpenAPI body";
        let at = match self.links.files.transform_in(node) {
            Some((at, why)) => {
                self.report("Fn::Transform", why, at);
                at
            }
            None => {
                let why =
                    "a body that is not known, or not JSON, is not read yet: it may hold a policy";
                self.report(WHAT, why, node.span);
                node.span
            }
        };
        let symbol = self.unit.opaque(&format!("body:{}", self.address), WHAT, at);
        PolicyState::Unknown(self.symbol(symbol), self.unit.origin(at))
    }
}

/// The key of the policy in a document that is written as a map.
pub(super) fn policy_key(node: &Node) -> Option<Span> {
    plain(node)?.iter().find(|pair| is_policy(pair)).map(|pair| pair.key.span)
}

/// The entries of a map that holds no function.
pub(super) fn plain(node: &Node) -> Option<&[Pair]> {
    let pairs = node.as_map()?;
    let function = |pair: &Pair| pair.key.scalar().is_none_or(|key| is_function_name(&key));
    (matches!(Form::of(node), Form::Plain) && !pairs.iter().any(function)).then_some(pairs)
}

/// Whether an entry of an OpenAPI document is its policy.
pub(super) fn is_policy(pair: &Pair) -> bool {
    pair.key.scalar().is_some_and(|key| &*key == openapi::POLICY) && !is_absent(&pair.value)
}
