//! The policy that an API is deployed with, in one world: that of its definition, the statements that
//! AWS SAM adds to it, and the property `Policy`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::definition::{Definition, Source};
use super::grown::Grown;
use super::plan::{Plan, WHAT};
use super::stage::Stage;
use super::statements::{Maker, Refused};
use super::surprises::Surprises;
use crate::extract::cloudformation::api::{Reader, both};
use crate::extract::cloudformation::body::{is_policy, plain, policy_key};
use crate::model::{EndpointType, EndpointTypes, Entry, PolicyState};
use crate::resolve::{Key, Kind, Map, NeedSplit, Piece, Text, Value, World};
use crate::source::Span;

/// How many properties times paths are expanded: far more than a policy of 8,192 characters holds.
const MAX_PARTS: usize = 4_000;

impl Reader<'_, '_> {
    /// The policy in a world.
    pub(super) fn sam_policy(
        &mut self,
        definition: &Definition,
        plan: &Plan,
        endpoint: &EndpointTypes,
        world: &World,
    ) -> Result<PolicyState, NeedSplit> {
        let own = self.policy("Policy", world)?;
        if !plan.refused.is_empty() {
            return Ok(self.or_hidden(PolicyState::None));
        }
        let made = if plan.parts.is_empty() {
            let body = self.body_policy("DefinitionBody", world)?;
            both(body, self.file_policy("DefinitionUri", world)?)
        } else {
            let private = matches!(endpoint, EndpointTypes::Known(EndpointType::Private, _));
            self.expanded(definition, plan, private, world)?
        };
        if !matches!(own, PolicyState::None) && matches!(made, PolicyState::Known(_)) {
            let body = self.resource.property("DefinitionBody").and_then(policy_key);
            match plan.sites.first() {
                Some(at) => self.tell_several("ResourcePolicy", *at),
                None => {
                    self.tell_several("DefinitionBody", body.unwrap_or(self.resource.id_span));
                }
            }
        }
        Ok(self.or_hidden(both(own, made)))
    }

    /// The policy of the definition with the statements of the plan behind its own.
    fn expanded(
        &mut self,
        definition: &Definition,
        plan: &Plan,
        private: bool,
        world: &World,
    ) -> Result<PolicyState, NeedSplit> {
        if plan.parts.len() > MAX_PARTS {
            let at = plan.sites.first().copied().unwrap_or(self.resource.id_span);
            return Ok(self.no_policy(at, "it makes more statements than a policy can hold"));
        }
        let scope = self.resource.scope.clone();
        let mut entries: Vec<(Key, Value)> = Vec::new();
        let body = definition.body.as_ref();
        let made = body.filter(|node| definition.source == Source::Macro && plain(node).is_none());
        let pairs = match made {
            Some(made) => made.as_map().map(|pairs| &**pairs),
            None => body.and_then(plain),
        };
        let base = pairs.and_then(|pairs| pairs.iter().rev().find(|pair| is_policy(pair)));
        if let Some(pair) = base {
            let value = self.unit.eval(&pair.value, &scope, world)?;
            let map = match (plain(&pair.value), value.kind) {
                (Some(_), Kind::Map(map)) if map.rest.is_none() => map,
                _ => {
                    return Ok(
                        self.no_policy(pair.key.span, "the policy of the definition is no map")
                    );
                }
            };
            entries = map.entries.clone();
            let origin = self.unit.origin(pair.key.span);
            self.site(origin, crate::model::Form::OpenApiExtension);
        }
        let given = entries.iter().rev().find(|(key, _)| &*key.text == "Statement");
        let mut grown = Grown::of(given.map(|(_, value)| value.clone()));
        let stage = Stage::of(self, world)?;
        let mut maker = Maker {
            reader: self,
            world,
            definition,
            plan,
            stage: &stage.text,
            private,
            resources: BTreeMap::new(),
            surprises: Surprises::default(),
        };
        for part in &plan.parts {
            if let Err(Refused { at, why, by }) = maker.add(part, &mut grown)? {
                return Ok(match by {
                    Some(id) => PolicyState::Unknown(self.symbol(id), self.unit.origin(at)),
                    None => self.no_policy(at, why),
                });
            }
        }
        maker.tell_opened();
        let at = plan.sites.first().copied().unwrap_or(self.resource.id_span);
        let origin = self.unit.origin(at);
        if grown.changed {
            entries.retain(|(key, _)| !matches!(&*key.text, "Statement" | "Version"));
            let text = crate::syntax::Text::made_of("2012-10-17", at);
            let piece = Piece::Lit { text: text.text, map: text.map, origin };
            let version = Value::new(Kind::Text(Text(vec![piece])), origin);
            entries.push((Key { text: "Version".into(), origin }, version));
            let key = Key { text: "Statement".into(), origin };
            entries.extend(grown.into_value().map(|value| (key, value)));
        }
        if entries.is_empty() {
            // An empty policy is none.
            return Ok(made.map_or(PolicyState::None, |body| self.not_read(body)));
        }
        let map = Map { entries, rest: None };
        let policy = Value::new(Kind::Map(Arc::new(map)), origin);
        // SAM writes it into an OpenAPI document.
        let mut state = self.imported_policy(&policy);
        if let PolicyState::Known(policies) = &mut state {
            policies.iter_mut().for_each(|policy| stage.fill(policy));
            // What a macro writes may hold statements of its own, before those of SAM.
            if let Some(PolicyState::Unknown(symbol, at)) = made.map(|body| self.not_read(body)) {
                let all = policies.iter_mut();
                all.for_each(|policy| policy.statements.insert(0, Entry::Many(symbol, at)));
            }
        }
        Ok(state)
    }

    /// Says that SAM refuses the policy at `at`: nothing is known of it.
    fn no_policy(&mut self, at: Span, why: &str) -> PolicyState {
        self.report(WHAT, &format!("AWS SAM refuses it: {why}"), at);
        let symbol = self.unit.opaque(&format!("refused:{}", self.address), WHAT, at);
        PolicyState::Unknown(self.symbol(symbol), self.unit.origin(at))
    }
}
