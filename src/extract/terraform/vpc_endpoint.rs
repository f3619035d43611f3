//! `aws_vpc_endpoint` for `execute-api`: the policy of an endpoint limits what its own users reach
//! (SEMANTICS 3.5).

use std::sync::Arc;

use super::Unit;
use super::api::Judge;
use super::policies::Found;
use crate::model::PolicyState;
use crate::resolve::terraform::{Env, Resource, Sort};
use crate::resolve::{Item, Kind, NeedSplit, Piece, Value};

impl Unit<'_> {
    /// Whether an endpoint is one for API Gateway: `com.amazonaws.<region>.execute-api`.
    pub(super) fn is_vpc_endpoint_for_apis(
        &mut self,
        resource: &Arc<Resource>,
        suffix: &str,
    ) -> bool {
        let Some(value) = self.aside(resource, suffix, "service_name") else { return false };
        if names_apis(&value) || value.known_text().is_some() {
            return names_apis(&value);
        }
        // A name that is not known is that of the service that is looked up, or of the one that the
        // policy speaks of.
        match self.service_looked_up(resource) {
            Some(is_apis) => is_apis,
            None => {
                self.aside(resource, suffix, "policy").is_some_and(|policy| names_apis(&policy))
            }
        }
    }

    /// Whether the service that `data.aws_vpc_endpoint_service` looks up for an endpoint is API Gateway;
    /// `None` where none is, or which one is not known.
    fn service_looked_up(&mut self, resource: &Arc<Resource>) -> Option<bool> {
        let name = resource.block.body.attribute("service_name")?;
        let module = Arc::clone(&self.module);
        let is_lookup = |one: &&Arc<Resource>| {
            one.sort == Sort::Data && &*one.kind == "aws_vpc_endpoint_service"
        };
        for lookup in module.resources.iter().filter(is_lookup) {
            let named = lookup.named();
            if !self.names(&name.value, Some(resource), &named) {
                continue;
            }
            for argument in ["service", "service_name"] {
                let value = self.aside(lookup, "", argument);
                if let Some(value) = value.filter(|value| value.known_text().is_some()) {
                    return Some(names_apis(&value));
                }
            }
        }
        None
    }
}

/// Whether a text, or something in a value, names the service.
fn names_apis(value: &Value) -> bool {
    match &value.kind {
        Kind::Text(text) => text.0.iter().any(|piece| match piece {
            Piece::Lit { text, .. } => text.contains("execute-api"),
            Piece::Hole(..) => false,
        }),
        Kind::List(items) => items.iter().any(|item| match item {
            Item::One(value) => names_apis(value),
            Item::Many(..) => false,
        }),
        Kind::Map(map) => map.entries.iter().any(|(_, value)| names_apis(value)),
        _ => false,
    }
}

impl Judge<'_, '_> {
    /// The policy of an endpoint in one world: its own argument, and those of resources for it.
    pub(super) fn vpc_endpoint_policy(
        &mut self,
        resource: &Arc<Resource>,
        env: Env<'_>,
    ) -> Result<PolicyState, NeedSplit> {
        let mut found = Found::default();
        self.read_argument(resource, &self.address.clone(), env, &mut found)?;
        let module = Arc::clone(&self.unit.module);
        let named = resource.named();
        for policy in module.managed("aws_vpc_endpoint_policy") {
            let Some(id) = policy.block.body.attribute("vpc_endpoint_id") else { continue };
            if !self.unit.names(&id.value, Some(policy), &named) {
                continue;
            }
            let instances = self.unit.evaluator.instances(policy, env.world)?;
            for instance in instances.iter() {
                let scope = instance.scope();
                let env = Env::data(&scope, env.world);
                let value = self.unit.evaluator.eval(&id.value, env)?;
                if self.is_of_another(&value, resource, env)? {
                    continue;
                }
                self.uses(policy);
                let address = policy.instance(&instance.suffix);
                self.read_argument(policy, &address, env, &mut found)?;
            }
        }
        Ok(found.state())
    }

    /// Whether an id is that of another instance of the endpoint, or of one that this world does not
    /// have. An id that is not known may be this one's.
    fn is_of_another(
        &mut self,
        id: &Value,
        resource: &Arc<Resource>,
        env: Env<'_>,
    ) -> Result<bool, NeedSplit> {
        let Kind::Symbol(symbol) = id.kind else { return Ok(false) };
        if self.unit.evaluator.is_refused(id) {
            return Ok(true);
        }
        let instances = self.unit.evaluator.instances(resource, env.world)?;
        let label = &self.unit.evaluator.symbols.get(symbol).label;
        let mut addresses = instances.iter().map(|instance| resource.instance(&instance.suffix));
        let named = addresses.find(|address| *label == format!("{address}.id"));
        Ok(named.is_some_and(|address| address != self.address))
    }
}
