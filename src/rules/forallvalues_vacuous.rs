//! `forallvalues-vacuous`: a `ForAllValues:` on a key that requests need not carry.

use super::support::{CauseCx, Claim, Flaw, Guard, allow_instead, code, fitting_key, why_missing};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;
use crate::model::{BaseOp, KnownKey, Quantifier};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "forallvalues-vacuous",
        summary: "a condition with ForAllValues holds for requests that lack the key",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/forallvalues-vacuous.md"),
    },
    kind: Kind::Cause { rank: 47, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    cx.blame(|guard| flaw(cx, guard))
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    if guard.op.quantifier != Some(Quantifier::AllValues) || !guard.misses_key() {
        return None;
    }
    let operator = guard.operator(cx);
    let text = format!("ForAllValues is true where the key is missing: {}", why_missing(cx, guard));
    let plain = operator.split_once(':').map_or(operator.as_str(), |(_, name)| name);
    let help = match fitting_key(cx, guard.known()) {
        Some(other) => other.to_owned(),
        None if guard.op.negated || guard.op.base == BaseOp::Null => allow_instead(cx).to_owned(),
        // The one key of API Gateway that can hold several values: without a qualifier it never
        // matches.
        None if guard.known() == KnownKey::PrincipalOrgPaths => {
            format!("write {}", code(&format!("ForAnyValue:{plain}")))
        }
        None => format!("write {} without ForAllValues", code(plain)),
    };
    let mark = (guard.condition.operator_name.origin, text);
    Some(Flaw::new(mark, code(&operator), help))
}
