//! OpenAPI bodies (SEMANTICS 4.3): of a body in JSON the policy is read, never the routes.

use std::sync::Arc;

use super::api::Judge;
use super::policies::Found;
use crate::extract::openapi;
use crate::model::PolicyState;
use crate::resolve::terraform::{Env, Resource};
use crate::resolve::{Class, NeedSplit, Symbol, Value};

impl Judge<'_, '_> {
    /// Adds the policy that the body of an API brings.
    pub(super) fn body_policy(
        &mut self,
        resource: &Arc<Resource>,
        env: Env<'_>,
        found: &mut Found,
    ) -> Result<(), NeedSplit> {
        let Some(body) = resource.block.body.attribute("body") else { return Ok(()) };
        self.uses_all(body);
        let value = self.unit.evaluator.eval(&body.value, env)?;
        let evaluator = &mut self.unit.evaluator;
        match openapi::policy_of(&value, |text, origin| evaluator.read_json(text, origin)) {
            openapi::Found::Nothing => {}
            openapi::Found::NotRead => found.add(self.body_not_read(&value)),
            openapi::Found::Policy { value: policy, open, .. } => {
                let state = self.state(&policy);
                if !matches!(state, PolicyState::None) {
                    self.body_site(policy.origin);
                }
                found.add(state);
                if open {
                    found.add(self.body_not_read(&value));
                }
            }
        }
        Ok(())
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
