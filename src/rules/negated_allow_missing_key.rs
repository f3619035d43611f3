//! `negated-allow-missing-key`: a negated operator in an Allow, on a key that requests do not carry.

use super::support::{CauseCx, Claim, Flaw, Guard, allow_instead, code, fitting_key, why_missing};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "negated-allow-missing-key",
        summary: "a negated operator in an Allow is true for requests that lack the key",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/negated-allow-missing-key.md"),
    },
    kind: Kind::Cause { rank: 46, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    cx.blame(|guard| flaw(cx, guard))
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    // Signed callers that have the key get in just as well: that is `negated-allow`.
    let signed = guard.known().is_identity() && !cx.is_anonymous();
    if !guard.op.negated || !guard.misses_key() || signed {
        return None;
    }
    let why = why_missing(cx, guard);
    let text = format!("a negated operator is true where the key is missing: {why}");
    let help = fitting_key(cx, guard.known()).unwrap_or_else(|| allow_instead(cx));
    let mark = (guard.condition.operator_name.origin, text);
    Some(Flaw::new(mark, code(&guard.operator(cx)), help))
}
