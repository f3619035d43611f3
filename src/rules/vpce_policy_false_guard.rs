//! `vpce-policy-false-guard`: the policy of a VPC endpoint in place of one that guards the API.

use std::collections::BTreeSet;

use super::support::{DefectCx, clip, code};
use super::{Kind, Meta, Rule};
use crate::finding::{Confidence, Draft, Severity};
use crate::model::{Api, ApiKind, CallerClass, PolicyState, Reach, Statement, Tri};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "vpce-policy-false-guard",
        summary: "a VPC endpoint policy guards a private API that every other endpoint reaches",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/vpce-policy-false-guard.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    let apis = cx.inventory.apis.iter().zip(cx.reaches);
    let Some((open, sure)) = apis.filter_map(|(api, reach)| open(api, reach)).max_by_key(|o| o.1)
    else {
        return;
    };
    for endpoint in cx.inventory.apis.iter().filter(|api| api.kind == ApiKind::VpcEndpoint) {
        let mut seen = BTreeSet::new();
        for world in endpoint.worlds.iter().filter(|world| world.exists) {
            let PolicyState::Known(readings) = &world.policy else { continue };
            let guards = readings.iter().filter_map(|policy| {
                let statements: Vec<&Statement> = policy.known_statements().collect();
                let first = statements.first().copied();
                let deny = statements.iter().copied().find(|s| s.is_deny());
                // Beside an Allow to everyone only a Deny keeps somebody out.
                let everyone = statements.iter().any(|s| is_for_everyone(s));
                deny.or(first.filter(|_| !everyone))
            });
            for guard in guards.filter(|guard| seen.insert(guard.origin)) {
                let confidence = match world.is_default || endpoint.worlds.len() == 1 {
                    true if sure => Confidence::Proved,
                    _ => Confidence::Possible,
                };
                out.push(draft(endpoint, open, guard, confidence));
            }
        }
    }
}

/// A private API that lets in requests from endpoints of others, and whether it surely does.
fn open<'a>(api: &'a Api, reach: &Reach) -> Option<(&'a Api, bool)> {
    if api.kind != ApiKind::RestApi {
        return None;
    }
    let found = reach.exposures.iter().filter(|e| e.class == CallerClass::AnyVpcEndpoint);
    let sure = found.map(|exposure| exposure.access == Tri::True).max()?;
    Some((api, sure))
}

/// Whether a statement lets everybody who uses the endpoint through: which APIs they reach is another
/// matter.
fn is_for_everyone(statement: &Statement) -> bool {
    statement.is_allow() && statement.everyone().is_some() && statement.conditions.is_empty()
}

fn draft(endpoint: &Api, open: &Api, guard: &Statement, confidence: Confidence) -> Draft {
    let text = "this binds the users of this endpoint only; others have endpoints of their own";
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (guard.origin, text.into()));
    let name = code(&open.address);
    draft.title = clip(&format!("a VPC endpoint policy does not keep others out of {name}"), 80);
    draft.help = "put the guard into the API's own policy: a Deny with StringNotEquals on \
                  aws:SourceVpce that lists your endpoints"
        .into();
    draft.api = Some(endpoint.address.clone());
    draft.confidence = confidence;
    draft.secondary = vec![(open.origin, "any VPC endpoint for execute-api gets in here".into())];
    draft.key = format!("vpce-policy|{}", open.address);
    draft
}
