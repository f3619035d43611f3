//! `private-api-no-policy`: a private API with no policy at all.

use super::support::{DefectCx, place_in, worlds};
use super::{Kind, Meta, Rule};
use crate::finding::{Confidence, Draft, Severity};
use crate::model::{Api, ApiKind, ApiWorld, EndpointType, EndpointTypes, PolicyState};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "private-api-no-policy",
        summary: "a private API has no resource policy: it cannot be deployed, and nobody can call it",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/private-api-no-policy.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for api in cx.inventory.apis.iter().filter(|api| api.kind == ApiKind::RestApi) {
        for (world, confidence) in worlds(api) {
            out.extend(draft(api, world, confidence));
        }
    }
}

fn draft(api: &Api, world: &ApiWorld, confidence: Confidence) -> Option<Draft> {
    let EndpointTypes::Known(EndpointType::Private, endpoint) = &world.endpoint else {
        return None;
    };
    if !matches!(world.policy, PolicyState::None) {
        return None;
    }
    let text = "no resource policy: AWS refuses to deploy a private API without one";
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (api.origin, text.into()));
    draft.title = "nobody can call this private API: it has no resource policy".into();
    draft.help =
        "attach a policy that allows your VPC endpoints: an Allow to everyone, and a Deny with \
                  `StringNotEquals` on aws:SourceVpce"
            .into();
    place_in(&mut draft, api, world, confidence);
    draft
        .secondary
        .extend(endpoint.map(|origin| (origin, "only VPC endpoints reach it".to_owned())));
    draft.key = "no-policy".into();
    Some(draft)
}
