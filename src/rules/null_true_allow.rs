//! `null-true-allow`: an Allow to those who lack a key.

use super::support::{CauseCx, Claim, Flaw, Guard, fitting_key, why_missing};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;
use crate::model::BaseOp;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "null-true-allow",
        summary: "an Allow with Null true admits exactly the requests that lack the key",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/null-true-allow.md"),
    },
    kind: Kind::Cause { rank: 45, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    cx.blame(|guard| flaw(cx, guard))
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    if guard.deny || guard.op.base != BaseOp::Null || guard.op.quantifier.is_some() {
        return None;
    }
    let value = guard.met_value(cx)?;
    if !value.text()?.eq_ignore_ascii_case("true") {
        return None;
    }
    let key = guard.key(cx);
    let text = format!("admits exactly the requests without {key}: {}", why_missing(cx, guard));
    let help = match fitting_key(cx, guard.known()) {
        Some(other) => other.to_owned(),
        None => format!("ask for the value that {key} must have, with `StringEquals`"),
    };
    Some(Flaw::new((value.origin, text), format!("Null on {key}"), help))
}
