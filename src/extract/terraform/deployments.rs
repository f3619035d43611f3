//! Deployments that stay as they are when the policy changes (SEMANTICS 4.4): a policy takes effect
//! with the next deployment, and Terraform makes one when an argument that forces it is another.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Unit;
use crate::model::{Api, Form, Framework, Problem, ProblemKind};
use crate::resolve::terraform::{Mentions, Named, Resource};
use crate::source::Origin;

/// The arguments of a deployment whose change replaces it (hashicorp/terraform-provider-aws,
/// `internal/service/apigateway/deployment.go`).
const FORCING: [&str; 3] = ["triggers", "variables", "stage_description"];

/// Functions whose result changes by itself.
const MOVING: [&str; 3] = ["timestamp", "uuid", "plantimestamp"];

impl Unit<'_> {
    /// Names the deployments of APIs with a policy that a change of it does not replace.
    pub(super) fn deployments(&mut self, apis: &[Api]) {
        let module = Arc::clone(&self.module);
        for deployment in module.managed("aws_api_gateway_deployment") {
            let Some(id) = deployment.block.body.attribute("rest_api_id") else { continue };
            for api in module.managed("aws_api_gateway_rest_api") {
                let named = api.named();
                if self.names(&id.value, Some(deployment), &named)
                    && let Some(policy) = self.policy_of(api, &named, apis)
                    && !self.follows(deployment, &named, &policy)
                {
                    self.not_redeployed(deployment, api, policy.site);
                }
            }
        }
    }

    /// What the policy of an API is made of; `None` where it has none.
    fn policy_of(&mut self, api: &Arc<Resource>, named: &Named, apis: &[Api]) -> Option<Made> {
        let address = api.address();
        let is_instance = |one: &&Api| {
            let rest = one.address.strip_prefix(&address);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        };
        let site = apis.iter().filter(is_instance).find_map(|one| one.sites.first())?;
        let mut made = Made {
            of: Mentions::default(),
            resources: BTreeSet::new(),
            in_body: site.form == Form::OpenApiExtension,
            site: site.origin,
        };
        let module = Arc::clone(&self.module);
        let policies = module.managed("aws_api_gateway_rest_api_policy");
        let linked: Vec<&Arc<Resource>> = policies
            .filter(|policy| {
                let id = policy.block.body.attribute("rest_api_id");
                id.is_some_and(|id| self.names(&id.value, Some(policy), named))
            })
            .collect();
        let mut add = |resource: &Resource, name: &str| {
            for attribute in resource.block.body.attributes.iter().filter(|a| &*a.name == name) {
                let of = self.evaluator.mentions(&attribute.value, Some(resource));
                made.of.resources.extend(of.resources);
                made.of.locals.extend(of.locals);
                made.of.variables.extend(of.variables);
            }
        };
        add(api, if made.in_body { "body" } else { "policy" });
        for policy in linked {
            add(policy, "policy");
            let named = policy.named();
            made.resources.insert(named);
        }
        Some(made)
    }

    /// Whether a change of the policy may replace the deployment.
    fn follows(&self, deployment: &Resource, api: &Named, policy: &Made) -> bool {
        let body = &deployment.block.body;
        let lifecycle = body.blocks.iter().filter(|block| &*block.kind == "lifecycle");
        let replaced = lifecycle.filter_map(|block| block.body.attribute("replace_triggered_by"));
        let forcing = FORCING.iter().filter_map(|name| body.attribute(name)).chain(replaced);
        forcing
            .map(|attribute| self.evaluator.mentions(&attribute.value, Some(deployment)))
            .any(|mentions| policy.is_in(&mentions, api))
    }

    fn not_redeployed(&mut self, deployment: &Resource, api: &Resource, policy: Origin) {
        let body = &deployment.block.body;
        let triggers = body.attribute("triggers");
        let label = deployment.block.labels.get(1).map_or(deployment.block.header, |l| l.span);
        let at = triggers.map_or(label, |triggers| triggers.name_span);
        let origin = self.evaluator.origins.literal(at);
        let (triggers, framework) = (triggers.is_some(), Framework::Terraform);
        self.report(Problem {
            kind: ProblemKind::NotRedeployed { triggers, framework },
            origin,
            related: vec![(policy, "a change of this policy".to_owned())],
            api: Some(api.address()),
        });
    }
}

/// What the policy of an API is made of.
struct Made {
    of: Mentions,
    /// The resources that attach it.
    resources: BTreeSet<Named>,
    /// It stands in the body.
    in_body: bool,
    site: Origin,
}

impl Made {
    /// Whether an expression that mentions this may be another one when the policy is.
    fn is_in(&self, mentions: &Mentions, api: &Named) -> bool {
        // One that reads files may read the policy.
        let moving = |name: &Arc<str>| MOVING.contains(&&**name) || name.contains("file");
        let ours = |(named, attribute): &(Named, Option<Arc<str>>)| {
            if named == api {
                return match attribute.as_deref() {
                    None | Some("policy") => true,
                    Some(other) => other == "body" && self.in_body,
                };
            }
            self.resources.contains(named)
                || self.of.resources.iter().any(|(part, _)| part == named)
        };
        mentions.modules
            || mentions.functions.iter().any(moving)
            || mentions.resources.iter().any(ours)
            || mentions.locals.intersection(&self.of.locals).next().is_some()
            || mentions.variables.intersection(&self.of.variables).next().is_some()
    }
}
