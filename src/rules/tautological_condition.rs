//! `tautological-condition`: a condition that every request meets.

use super::support::{CauseCx, Claim, Flaw, Guard, allow_instead, code, deny_instead};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;
use crate::model::{BaseOp, KnownKey, Tri};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "tautological-condition",
        summary: "a condition is true of every request",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/tautological-condition.md"),
    },
    kind: Kind::Cause { rank: 36, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    cx.blame(|guard| flaw(cx, guard))
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    let key = guard.key(cx);
    let help = if guard.deny { deny_instead(cx) } else { allow_instead(cx) };
    if guard.op.base == BaseOp::Null {
        let text = if guard.deny {
            format!("this Deny stops only requests without {key}, whatever its value")
        } else {
            format!("asks only that {key} is there, not what it is")
        };
        return Some(Flaw::new((guard.first_value(), text), format!("Null on {key}"), help));
    }
    if guard.deny && !guard.admits_listed() {
        return None;
    }
    match guard.known() {
        KnownKey::SecureTransport if guard.holds == Tri::True => {
            let text = "true of every request: API Gateway answers over TLS only".to_owned();
            Some(Flaw::new((guard.condition.key_name.origin, text), key, help))
        }
        KnownKey::CurrentTime | KnownKey::EpochTime if guard.holds == Tri::True => {
            // A lower bound that has passed is true for good.
            let lower_bound = matches!(
                guard.op.base,
                BaseOp::DateGreaterThan
                    | BaseOp::DateGreaterThanEquals
                    | BaseOp::NumericGreaterThan
                    | BaseOp::NumericGreaterThanEquals
            );
            let text = "true of every request from this date on".to_owned();
            lower_bound.then(|| Flaw::new((guard.first_value(), text), key, help))
        }
        known if known.is_network() || known.is_identity() => {
            let value = guard.met_value(cx).filter(|value| {
                guard.admits_listed() && { value.text().is_some_and(|text| text.contains("${")) }
            })?;
            let text = "the value follows the caller: every caller matches its own".to_owned();
            let subject = code(&value.display(cx.symbols()));
            Some(Flaw::new((value.origin, guard.through(text)), subject, help))
        }
        _ => None,
    }
}
