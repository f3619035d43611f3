//! OpenAPI bodies (SEMANTICS 4.3): the policy of a body in JSON or YAML. Its methods are read with the
//! others. What is imported apart from the API is the matter of [`imports`](super::imports).

use std::sync::Arc;

use super::api::Judge;
use super::policies::{Found, Writer};
use crate::extract::{holes, openapi};
use crate::model::{Form, PolicySite, PolicyState};
use crate::resolve::terraform::{Env, Resource};
use crate::resolve::{Class, Kind, NeedSplit, Piece, Symbol, SymbolId, Value};
use crate::source::Origin;
use crate::syntax::Attribute;

/// What a document says of the policy of its API.
pub(super) enum Brings {
    /// That there is none.
    Nothing,
    /// It is not known, or cannot be read, and may have one.
    NotRead,
    /// A policy.
    Policy {
        state: PolicyState,
        /// Where it is written.
        document: Origin,
        /// An unknown part of the document may put another one in its place.
        open: bool,
    },
}

/// The body of an API in one world.
pub(super) struct Body {
    /// What its expression is worth.
    pub(super) value: Value,
    /// The OpenAPI document that it is; `None` where it cannot be read, or there is none.
    pub(super) document: Option<Value>,
}

impl Body {
    /// The unknown value that the document, or the rest of it, is.
    fn unknown(&self) -> Option<(SymbolId, Origin)> {
        let document = self.document.as_ref().unwrap_or(&self.value);
        match &document.kind {
            Kind::Symbol(id) => Some((*id, document.origin)),
            Kind::Map(map) => map.rest.map(|(id, _)| (id, document.origin)),
            // One that names the policy is one that cannot be read.
            Kind::Text(text) => text.0.iter().find_map(|piece| match piece {
                Piece::Hole(id, origin) => Some(Some((*id, *origin))),
                Piece::Lit { text, .. } => text.contains(openapi::POLICY).then_some(None),
            })?,
            _ => None,
        }
    }
}

impl Judge<'_, '_> {
    /// Adds the policy that the body of an API brings, and tells when its import takes away one that
    /// another resource attached. A body that is not read counts where nothing else has a policy.
    pub(super) fn body_policy(
        &mut self,
        resource: &Arc<Resource>,
        env: Env<'_>,
        found: &mut Found,
    ) -> Result<(), NeedSplit> {
        let Some(body) = resource.block.body.attribute("body") else { return Ok(()) };
        self.uses_all(body);
        let read = self.body(body, env)?;
        let address = self.address.clone();
        match self.policy_in(&read, &address) {
            Brings::Nothing => {
                if !matches!(read.value.kind, Kind::Null) && !self.merges(resource, env)? {
                    self.tell_overwritten(body, found, true);
                }
            }
            Brings::NotRead if !found.is_empty() => {}
            Brings::NotRead => found.add(self.body_not_read(&read, &address)),
            Brings::Policy { state, document, open } => {
                let at = self.unit.evaluator.origins.literal(body.name_span);
                let what = format!("{address}.body");
                found.write(state, Writer { what, at, document, imported: false });
                if open {
                    found.add(self.body_not_read(&read, &address));
                }
            }
        }
        Ok(())
    }

    /// The policy that a document brings, as a site of the resource at `address`.
    pub(super) fn policy_in(&mut self, read: &Body, address: &str) -> Brings {
        match openapi::policy_of(&read.value, |_, _| read.document.clone()) {
            openapi::Found::Nothing => Brings::Nothing,
            openapi::Found::NotRead => Brings::NotRead,
            openapi::Found::Policy { value: policy, open, .. } => {
                let evaluator = &mut self.unit.evaluator;
                let (symbols, origins) = (&mut evaluator.symbols, &mut evaluator.origins);
                let policy = holes::open(&policy, symbols, origins, holes::of_import);
                let state = self.state(&policy);
                if !matches!(state, PolicyState::None) {
                    let (address, origin) = (address.to_owned(), policy.origin);
                    let (form, merged) = (Form::OpenApiExtension, Vec::new());
                    self.site(PolicySite { address, origin, form, merged });
                }
                Brings::Policy { state, document: policy.origin, open }
            }
        }
    }

    /// The body of an API, evaluated and read once in each world.
    pub(super) fn body(&mut self, body: &Attribute, env: Env<'_>) -> Result<Arc<Body>, NeedSplit> {
        if let Some(known) = &self.body {
            return Ok(Arc::clone(known));
        }
        let value = self.unit.evaluator.eval(&body.value, env)?;
        let read = Arc::new(self.read_body(value));
        self.body = Some(Arc::clone(&read));
        Ok(read)
    }

    /// What a document that is imported is worth, read.
    pub(super) fn read_body(&mut self, value: Value) -> Body {
        let document = match &value.kind {
            Kind::Map(_) => Some(value.clone()),
            Kind::Text(text) => self.unit.evaluator.read_document(text, value.origin),
            _ => None,
        };
        Body { value, document }
    }

    /// Whether an import keeps what the body does not name: `put_rest_api_mode`, `overwrite` by default.
    /// One that is not known is taken for `merge`.
    fn merges(&mut self, resource: &Arc<Resource>, env: Env<'_>) -> Result<bool, NeedSplit> {
        let Some(mode) = resource.block.body.attribute("put_rest_api_mode") else {
            return Ok(false);
        };
        let value = self.unit.evaluator.eval(&mode.value, env)?;
        Ok(!matches!(value.kind, Kind::Null) && value.known_text().as_deref() != Some("overwrite"))
    }

    /// What a body says of a policy that is not known, or cannot be read: what decides it is named, as
    /// that of a policy of its own is.
    pub(super) fn body_not_read(&mut self, read: &Body, address: &str) -> PolicyState {
        if let Some((id, origin)) = read.unknown() {
            return PolicyState::Unknown(self.symbol(id), origin);
        }
        let value = &read.value;
        let why = "a body that is not well-formed is not read: it may hold a policy";
        self.not_read("OpenAPI body", why, value.origin);
        let key = format!("openapi body of {address}");
        let id = self.unit.evaluator.symbols.intern(&key, || Symbol {
            label: "OpenAPI body".into(),
            origin: value.origin,
            class: Class::Opaque,
            default: None,
            allowed: None,
            pin: None,
        });
        PolicyState::Unknown(self.symbol(id), value.origin)
    }
}
