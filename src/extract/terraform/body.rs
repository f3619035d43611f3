//! OpenAPI bodies (SEMANTICS 4.3): the policy of a body in JSON or YAML. Its methods are read with the
//! others. What is imported apart from the API is the matter of [`imports`](super::imports).

use std::sync::Arc;

use super::api::Judge;
use super::policies::{Found, Writer};
use crate::extract::{holes, openapi};
use crate::model::{Form, PolicySite, PolicyState, Problem, ProblemKind};
use crate::resolve::embedded_yaml::{Dialect, parse_yaml};
use crate::resolve::terraform::{Env, Resource};
use crate::resolve::{Class, Kind, NeedSplit, Piece, SymbolId, Symbols, Text, Value};
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
    /// The unknown value that the document, or the rest of it, is, or that keeps it from being read.
    fn unknown(&self, symbols: &Symbols) -> Option<(SymbolId, Origin)> {
        let document = self.document.as_ref().unwrap_or(&self.value);
        match &document.kind {
            Kind::Symbol(id) => Some((*id, document.origin)),
            Kind::Map(map) => map.rest.map(|(id, _)| (id, document.origin)),
            Kind::Text(text) => openapi::hole_in_the_way(text, symbols),
            _ => None,
        }
    }

    /// Where what it is made of is written, and the ways from there.
    fn origins(&self) -> Vec<Origin> {
        let mut out = vec![self.value.origin];
        match &self.value.kind {
            Kind::Text(text) => out.extend(text.0.iter().map(|piece| match piece {
                Piece::Lit { origin, .. } | Piece::Hole(_, origin) => *origin,
            })),
            Kind::Map(map) => {
                out.extend(map.entries.iter().flat_map(|(key, v)| [key.origin, v.origin]));
            }
            _ => {}
        }
        out
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
        let body = Body { value, document };
        let origins = &self.unit.evaluator.origins;
        let steps = body.origins().into_iter().flat_map(|origin| origins.steps(origin));
        self.unit.documents.extend(steps.map(|step| step.at.file));
        body
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
        let value = &read.value;
        let evaluator = &mut self.unit.evaluator;
        if let Some((id, origin)) = read.unknown(&evaluator.symbols) {
            return PolicyState::Unknown(self.symbol(id), origin);
        }
        let key = format!("openapi body of {address}");
        let id = evaluator.intern(&key, "OpenAPI body", value.origin, Class::Opaque);
        if let Kind::Text(text) = &value.kind
            && text.known().is_some()
        {
            self.body_unreadable(text, value.origin);
        }
        PolicyState::Unknown(self.symbol(id), value.origin)
    }

    /// Says what is wrong with a body of which every character is known: AWS refuses it.
    fn body_unreadable(&mut self, text: &Text, origin: Origin) {
        let evaluator = &mut self.unit.evaluator;
        let read = match openapi::is_json(text) {
            true => evaluator.read_json(text, origin),
            false => {
                let (symbols, origins) = (&mut evaluator.symbols, &mut evaluator.origins);
                parse_yaml(text, origin, Dialect::Aws, symbols, origins)
            }
        };
        let api = Some(self.address.clone());
        self.problems.extend(read.errors.into_iter().map(|error| Problem {
            kind: ProblemKind::Unreadable { message: error.message, help: error.help },
            origin: error.origin,
            related: Vec::new(),
            api: api.clone(),
        }));
    }
}
