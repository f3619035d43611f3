//! `aws_vpc_endpoint` for `execute-api`: the policy of an endpoint limits what its own users reach
//! (SEMANTICS 3.5).

use std::sync::Arc;

use super::Unit;
use super::api::Judge;
use super::policies::Found;
use crate::model::PolicyState;
use crate::resolve::terraform::{Env, Resource, Sort};
use crate::resolve::{Kind, NeedSplit, Piece};

impl Unit<'_> {
    /// Whether an endpoint is one for API Gateway: `com.amazonaws.<region>.execute-api`.
    pub(super) fn is_vpc_endpoint_for_apis(
        &mut self,
        resource: &Arc<Resource>,
        suffix: &str,
    ) -> bool {
        let value = self.aside(resource, suffix, "service_name");
        let Some(Kind::Text(text)) = value.map(|value| value.kind) else { return false };
        let names = |piece: &Piece| matches!(piece, Piece::Lit { text, .. } if text.contains("execute-api"));
        text.0.iter().any(names)
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
        let named = (Sort::Managed, Arc::clone(&resource.kind), Arc::clone(&resource.name));
        for policy in module.managed("aws_vpc_endpoint_policy") {
            let Some(id) = policy.block.body.attribute("vpc_endpoint_id") else { continue };
            if !self.unit.names(&id.value, Some(policy), &named) {
                continue;
            }
            let instances = self.unit.evaluator.instances(policy, env.world)?;
            for instance in instances.iter() {
                self.uses(policy);
                let address = format!("{}{}", policy.address(), instance.suffix);
                let scope = instance.scope();
                let env = Env::data(&scope, env.world);
                self.read_argument(policy, &address, env, &mut found)?;
            }
        }
        Ok(found.state())
    }
}
