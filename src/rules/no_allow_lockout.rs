//! `no-allow-lockout`: a policy without any Allow, where a method needs one.

use super::support::{DefectCx, PolicyIn, may_allow};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "no-allow-lockout",
        summary: "the policy has no Allow, and the methods need one",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/no-allow-lockout.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for place in cx.policies() {
        if place.is_of_api() && !place.policy.statements.iter().any(may_allow) {
            out.extend(draft(&place));
        }
    }
}

fn draft(place: &PolicyIn<'_>) -> Option<Draft> {
    let routes = &place.world.routes;
    let needing = place.closed_to_all();
    // Methods that are not declared may be AWS_IAM or CUSTOM, which need no Allow.
    let assumed = needing.is_empty();
    if assumed && (routes.complete || !routes.declared.is_empty()) {
        return None;
    }
    let text = match place.policy.statements.len() {
        0 => "no statement: what no Allow grants stays denied",
        _ => "nothing but Deny: what no Allow grants stays denied",
    };
    let meaning = format!("lockout|{}", place.policy.statements.len());
    let mut draft = place.draft(&RULE.meta, (place.policy.origin, text.into()), meaning);
    draft.title = "nobody can call this API: the policy has no Allow statement".into();
    draft.help =
        "add an Allow to everyone; the Deny statements go on keeping out whom they name".into();
    draft.secondary.extend(needing.first().map(|(route, _)| {
        (route.origin, format!("{}: a call needs an Allow of the policy", route.auth.words()))
    }));
    if assumed {
        place.taking_for_granted(&mut draft, "methods without AWS_IAM or a Lambda authorizer");
    }
    Some(draft)
}
