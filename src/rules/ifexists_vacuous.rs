//! `ifexists-vacuous`: an `...IfExists` on a key that requests need not carry.

use super::support::{CauseCx, Claim, Flaw, Guard, allow_instead, code, fitting_key, why_missing};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "ifexists-vacuous",
        summary: "a condition with IfExists holds for requests that lack the key",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/ifexists-vacuous.md"),
    },
    kind: Kind::Cause { rank: 48, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    cx.blame(|guard| flaw(cx, guard))
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    if !guard.op.if_exists || !guard.misses_key() {
        return None;
    }
    let operator = guard.operator(cx);
    let text = format!("IfExists is true where the key is missing: {}", why_missing(cx, guard));
    let help = match fitting_key(cx, guard.known()) {
        Some(other) => other.to_owned(),
        None if guard.op.negated => allow_instead(cx).to_owned(),
        None => format!("write {} without IfExists", code(without_suffix(&operator))),
    };
    let mark = (guard.condition.operator_name.origin, text);
    Some(Flaw::new(mark, code(&operator), help))
}

/// The operator without `IfExists`.
fn without_suffix(operator: &str) -> &str {
    let split = operator.len().checked_sub("IfExists".len());
    match split.and_then(|at| operator.split_at_checked(at)) {
        Some((name, suffix)) if suffix.eq_ignore_ascii_case("IfExists") => name,
        _ => operator,
    }
}

#[cfg(test)]
mod tests {
    use super::without_suffix;

    #[test]
    fn the_suffix_comes_off() {
        assert_eq!(without_suffix("StringEqualsIfExists"), "StringEquals");
        assert_eq!(without_suffix("stringequalsifexists"), "stringequals");
        assert_eq!(without_suffix("StringEquals"), "StringEquals");
        assert_eq!(without_suffix("éééé"), "éééé");
    }
}
