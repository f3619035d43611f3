//! Deployments that stay as they are when the policy changes.
//!
//! CloudFormation makes a deployment when its logical id is new: no property of it replaces it but
//! `RestApiId` and the canary's settings (AWS CloudFormation, "AWS::ApiGateway::Deployment", which asks
//! for an id with a timestamp or the like). Tools that write templates put a hash or a time into it.

use super::links::Links;
use super::problems::Problems;
use crate::model::{Api, ApiKind, Framework, Problem, ProblemKind};
use crate::resolve::cloudformation::form::references;
use crate::resolve::cloudformation::{Resource, Unit};
use crate::syntax::Node;

/// How many characters of a hash or a time make an id one that somebody generates.
const GENERATED: usize = 8;

/// Names the deployments of APIs with a policy whose id is written by hand.
pub(super) fn fixed(unit: &mut Unit<'_>, apis: &[Api], links: &Links, found: &mut Problems) {
    let template = unit.template();
    // A macro may write another id.
    if !links.foreign().is_empty() {
        return;
    }
    for resource in template.resources() {
        if &*resource.kind != "AWS::ApiGateway::Deployment" || is_generated(resource) {
            continue;
        }
        let owners: Vec<_> = resource.property_all("RestApiId").flat_map(references).collect();
        let api = apis.iter().find(|api| {
            let named = owners.iter().any(|owner| **owner == *api.address);
            named && api.kind == ApiKind::RestApi && api.framework == Framework::CloudFormation
        });
        let Some((api, site)) = api.and_then(|api| Some((api, api.sites.first()?))) else {
            continue;
        };
        let framework = Framework::CloudFormation;
        let problem = Problem {
            kind: ProblemKind::NotRedeployed { triggers: false, framework },
            origin: unit.origin(resource.id_span),
            related: vec![(site.origin, "a change of this policy".to_owned())],
            api: Some(api.address.clone()),
        };
        found.add(problem, &unit.origins);
    }
}

/// Whether a tool or a loop writes the id.
fn is_generated(resource: &Resource) -> bool {
    let tail: Vec<char> = resource.id.chars().rev().take_while(char::is_ascii_hexdigit).collect();
    let hashed = tail.len() >= GENERATED && tail.iter().any(char::is_ascii_digit);
    let metadata = resource.node.get("Metadata").and_then(Node::as_map);
    let metadata = metadata.into_iter().flat_map(|pairs| pairs.iter());
    let mut by_cdk = metadata.filter_map(|pair| pair.key.scalar());
    hashed || !resource.scope.is_empty() || by_cdk.any(|key| &*key == "aws:cdk:path")
}
