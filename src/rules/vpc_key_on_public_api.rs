//! `vpc-key-on-public-api`: a VPC key on an API that is not private.
//!
//! In an Allow such a key is a hole by its operator, which has the name: `ifexists-vacuous`,
//! `negated-allow-missing-key`, `null-true-allow`.

use super::support::{CauseCx, Claim, Flaw, Guard, deny_instead, is_vpc, why_missing};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "vpc-key-on-public-api",
        summary: "a VPC key guards a public API, whose requests never carry it",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/vpc-key-on-public-api.md"),
    },
    kind: Kind::Cause { rank: 41, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    cx.blame(|guard| flaw(cx, guard))
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    if !guard.deny || !is_vpc(guard.known()) || cx.is_private() {
        return None;
    }
    let key = guard.key(cx);
    let text = format!("this Deny stops nobody: {}", why_missing(cx, guard));
    let help = format!("{}, or make the endpoint PRIVATE", deny_instead(cx));
    let mark = (guard.condition.key_name.origin, text);
    Some(Flaw::new(mark, format!("a Deny on {key}"), help))
}
