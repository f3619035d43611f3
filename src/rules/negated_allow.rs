//! `negated-allow`: a negated operator in an Allow: everyone but the values listed.

use super::support::{CauseCx, Claim, Flaw, Guard, allow_instead, code};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "negated-allow",
        summary: "a negated operator in an Allow admits everyone but the values listed",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/negated-allow.md"),
    },
    kind: Kind::Cause { rank: 40, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    cx.blame(|guard| flaw(cx, guard))
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    let known = guard.known();
    let missing = guard.misses_key() && (cx.is_anonymous() || !known.is_identity());
    let about_callers = known.is_network() || known.is_identity();
    if guard.deny || !guard.op.negated || missing || !about_callers {
        return None;
    }
    let text = "a negated operator in an Allow admits everyone but the values listed";
    let help = format!(
        "list whom you admit: {}; to keep one out of many, pair that with a Deny",
        allow_instead(cx)
    );
    let mark = (guard.condition.operator_name.origin, text.to_owned());
    Some(Flaw::new(mark, code(&guard.operator(cx)), help))
}
