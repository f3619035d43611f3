//! OpenAPI bodies (SEMANTICS 4.3): of a body in JSON the policy is read, never the routes.

use std::sync::Arc;

use super::api::Judge;
use crate::model::PolicyState;
use crate::resolve::terraform::{Env, Resource};
use crate::resolve::{Class, Kind, NeedSplit, Piece, Symbol, Text, Value};

/// The key of a policy in an OpenAPI document.
const KEY: &str = "x-amazon-apigateway-policy";

impl Judge<'_, '_> {
    /// The policy that the body of an API brings; `None` when it brings none.
    pub(super) fn body_policy(
        &mut self,
        resource: &Arc<Resource>,
        env: Env<'_>,
    ) -> Result<Option<PolicyState>, NeedSplit> {
        let Some(body) = resource.block.body.attribute("body") else { return Ok(None) };
        self.uses_all(body);
        let mut value = self.unit.evaluator.eval(&body.value, env)?;
        if let Kind::Text(text) = &value.kind {
            if !is_json(text) {
                return Ok(may_hold_policy(text).then(|| self.body_not_read(&value)));
            }
            let read = self.unit.evaluator.read_json(text, value.origin);
            match read.value {
                Some(read_value) if read.errors.is_empty() => value = read_value,
                _ => return Ok(may_hold_policy(text).then(|| self.body_not_read(&value))),
            }
        }
        match &value.kind {
            Kind::Null => Ok(None),
            Kind::Map(map) => match value.get(KEY) {
                Some(policy) => {
                    let policy = policy.clone();
                    let state = self.state(&policy);
                    if !matches!(state, PolicyState::None) {
                        self.body_site(policy.origin);
                    }
                    Ok(Some(state))
                }
                None if map.rest.is_some() => Ok(Some(self.body_not_read(&value))),
                None => Ok(None),
            },
            Kind::Text(text) if text.known().is_some_and(|t| t.trim().is_empty()) => Ok(None),
            _ => Ok(Some(self.body_not_read(&value))),
        }
    }

    fn body_not_read(&mut self, value: &Value) -> PolicyState {
        let why = "a body that is not known, or not JSON, is not read yet: it may hold a policy";
        self.not_read("OpenAPI body", why, value.origin);
        let key = format!("openapi body of {}", self.address);
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

fn is_json(text: &Text) -> bool {
    let first = text.0.iter().find_map(|piece| match piece {
        Piece::Lit { text, .. } => text.trim_start().chars().next(),
        Piece::Hole(..) => Some(' '),
    });
    first == Some('{')
}

/// Whether a text that is no JSON may hold the policy: it names the key, or something unknown stands
/// where a key may stand.
fn may_hold_policy(text: &Text) -> bool {
    let mut before = String::new();
    for piece in &text.0 {
        match piece {
            Piece::Lit { text, .. } => {
                if text.contains(KEY) {
                    return true;
                }
                before = text.to_string();
            }
            Piece::Hole(..) => {
                let line = before.rsplit('\n').next().unwrap_or("");
                if line.trim().is_empty() {
                    return true;
                }
            }
        }
    }
    false
}
