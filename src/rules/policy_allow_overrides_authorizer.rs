//! `policy-allow-overrides-authorizer`: an Allow to everyone answers for a Lambda authorizer that
//! says nothing.

use super::support::{CauseCx, Claim};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;
use crate::model::{AuthType, Gate, Route};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "policy-allow-overrides-authorizer",
        summary: "an Allow to everyone lets in what a Lambda authorizer says nothing of",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/policy-allow-overrides-authorizer.md"),
    },
    kind: Kind::Cause { rank: 15, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    let statement = cx.statement?;
    let open = cx.is_everyone() && cx.exposure.gate == Gate::Authorizer;
    if !open || !statement.conditions.is_empty() {
        return None;
    }
    let route = cx.world.routes.declared.iter().find(|route| reaches(cx, route))?;
    let text = "everyone: a call that the authorizer says nothing of is let in by this Allow";
    let help = "remove the Allow (with a Lambda authorizer none is needed), or add a Deny with \
                `NotIpAddress` on aws:SourceIp that lists the networks calls come from";
    let mut claim = Claim::new((cx.everyone_token(), text.into()), help);
    let text = "CUSTOM: an authorizer's policy for another method or path says nothing of this one";
    claim.secondary.push((route.origin, text.into()));
    Some(claim)
}

/// Whether a method with a Lambda authorizer is among those that the hole reaches.
fn reaches(cx: &CauseCx<'_>, route: &Route) -> bool {
    let of = &cx.exposure.routes;
    let listed = of.iter().any(|one| {
        Some(one.method.as_str()) == route.method.as_deref()
            && Some(one.path.as_str()) == route.path.as_deref()
    });
    route.auth == AuthType::Custom && (of.is_empty() || listed)
}
