//! Why a Deny that was meant to guard does not stop the witness.

use super::guard::{Flaw, GUARD, Presence, UNKNOWN, key_text, presence, right_key, why_missing};
use super::values::{too_wide, unknown_value, wildcard};
use super::{CauseCx, code};
use crate::model::{BaseOp, Condition, Entry, KnownKey, PrincipalElement, Statement, Tri};

/// The Deny that was meant to keep the witness out and does not: one about its method and path that
/// names callers or networks. A Deny of other routes, or one about TLS alone, is none.
pub(in crate::rules) fn failing_deny(cx: &CauseCx<'_>) -> Option<Flaw> {
    let nearest = cx.exposure.nearest_deny.as_ref().map(|(origin, _)| *origin);
    let mut denies: Vec<&Statement> = cx
        .policy?
        .known_statements()
        .filter(|s| s.is_deny() && is_guard(s) && cx.covers(s))
        .collect();
    denies.sort_by_key(|s| Some(s.origin) != nearest);
    denies.iter().find_map(|statement| why(cx, statement))
}

/// Whether a Deny is about callers or networks.
fn is_guard(statement: &Statement) -> bool {
    let conditions = || statement.known_conditions();
    let about_callers = |c: &Condition| {
        let key = c.key.known;
        key.is_network() || key.is_identity() || key.is_free() || key == KnownKey::Unsupported
    };
    names_principals(statement) || conditions().any(about_callers)
}

/// Whether the statement is not about everyone.
fn names_principals(statement: &Statement) -> bool {
    match &statement.principal {
        PrincipalElement::Missing => false,
        PrincipalElement::Principal(_) => statement.everyone().is_none(),
        PrincipalElement::NotPrincipal(..) => true,
    }
}

fn why(cx: &CauseCx<'_>, statement: &Statement) -> Option<Flaw> {
    let failing = statement
        .known_conditions()
        .map(|condition| (cx.holds(condition), condition))
        .filter(|(holds, _)| *holds != Tri::True)
        .min_by_key(|(holds, _)| *holds);
    if let Some((_, condition)) = failing {
        return Some(condition_why(cx, condition));
    }
    if let Some(Entry::Many(symbol, origin)) =
        statement.conditions.iter().find(|entry| entry.one().is_none())
    {
        return Some(hangs_on(cx, *symbol, *origin));
    }
    match &statement.principal {
        PrincipalElement::Principal(principals) if statement.everyone().is_none() => {
            let (text, subject, help) = if cx.is_anonymous() {
                (
                    "an unsigned request comes from no account: this Deny never meets it",
                    "a Deny by account",
                    "set the methods to AWS_IAM, and list whom you admit, not whom you keep out",
                )
            } else {
                (
                    "stops only the principals listed: every other account gets in",
                    "a deny list",
                    "list whom you admit instead of whom you do not",
                )
            };
            let first = principals.items.first().map_or(principals.origin, |item| match item {
                Entry::One(item) => item.value.origin,
                Entry::Many(_, origin) => *origin,
            });
            Some(Flaw::new(GUARD, (first, text.into()), subject, help))
        }
        _ => None,
    }
}

fn hangs_on(
    cx: &CauseCx<'_>,
    symbol: crate::model::SymbolRef,
    origin: crate::finding::Origin,
) -> Flaw {
    let name = code(cx.symbols().label(symbol));
    let text = format!("{name} is not known: this Deny may stop nobody");
    Flaw::new(UNKNOWN, (origin, text), name, "write the condition where it can be read")
        .of(cx.declaration(symbol))
}

fn condition_why(cx: &CauseCx<'_>, condition: &Condition) -> Flaw {
    let key = key_text(cx, condition);
    let known = condition.key.known;
    let deny_help = "deny everything but what you list: NotIpAddress on aws:SourceIp, \
                     StringNotEquals on aws:SourceVpce";
    let Some(op) = condition.operator else {
        let name = code(&condition.operator_name.display(cx.symbols()));
        let text = format!("{name} is no operator that is known: this Deny may stop nobody");
        return Flaw::new(UNKNOWN, (condition.operator_name.origin, text), name, deny_help);
    };
    let found = presence(cx, known);
    if known.is_free() {
        let text = format!("{key} is a header: whoever calls writes what passes");
        return Flaw::new(GUARD, (condition.key_name.origin, text), key, deny_help);
    }
    if op.negated {
        let exempt = match op.base {
            BaseOp::IpAddress => too_wide(cx, condition),
            _ => wildcard(cx, condition, op),
        };
        let exempt = exempt.or_else(|| unknown_value(cx, condition));
        if let Some(flaw) = exempt {
            let (origin, text) = flaw.mark;
            let text = format!("this Deny leaves it out: {text}");
            return Flaw { mark: (origin, text), ..flaw };
        }
    }
    if found == Presence::Absent || (found == Presence::Unknown && !op.negated) {
        let text = format!("this Deny does not meet the witness: {}", why_missing(cx, condition));
        let help = right_key(cx, known).unwrap_or(deny_help);
        let mark = (condition.key_name.origin, text);
        return Flaw::new(GUARD, mark, format!("a Deny on {key}"), help);
    }
    if found == Presence::Unknown {
        let text = format!("this Deny may not meet the witness: {}", why_missing(cx, condition));
        let help = right_key(cx, known).unwrap_or(deny_help);
        let mark = (condition.key_name.origin, text);
        return Flaw::new(UNKNOWN, mark, format!("a Deny on {key}"), help);
    }
    if let Some(flaw) = unknown_value(cx, condition) {
        return flaw;
    }
    if op.negated {
        let text = format!("the witness has a {key} that this Deny leaves out");
        return Flaw::new(GUARD, (condition.origin, text), format!("a Deny on {key}"), deny_help);
    }
    let text = "stops only what is listed: everyone else gets in".to_owned();
    let origin = match condition.values.first() {
        Some(Entry::One(leaf)) => leaf.origin,
        Some(Entry::Many(_, origin)) => *origin,
        None => condition.origin,
    };
    Flaw::new(GUARD, (origin, text), "a deny list", deny_help)
}
