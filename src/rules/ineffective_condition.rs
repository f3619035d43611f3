//! `ineffective-condition`: a guard that does not guard, for a reason that no other rule has the name of.
//!
//! The lowest of the causes that look at a guard: what is not known of a condition, what AWS does
//! not say, and guards that fail only together.

use super::support::{
    CauseCx, Claim, Flaw, Guard, Presence, allow_instead, code, deny_instead, why_missing,
};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;
use crate::model::{KnownKey, Tri};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "ineffective-condition",
        summary: "a guard keeps callers out only together with what is not known, or not at all",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/ineffective-condition.md"),
    },
    kind: Kind::Cause { rank: 34, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    if !cx.is_everyone() {
        return None;
    }
    let unknown = || Flaw::claim(unknown_operator(cx).or_else(|| unknown_conditions(cx)));
    let claim = cx.blame(|guard| flaw(cx, guard)).or_else(unknown)?;
    // Beside a cause with a name it has nothing to add.
    Some(Claim { lends: false, ..claim })
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    let known = guard.known();
    if matches!(known, KnownKey::CurrentTime | KnownKey::EpochTime | KnownKey::SecureTransport) {
        return None;
    }
    let key = guard.key(cx);
    let subject = if guard.deny { format!("a Deny on {key}") } else { key.clone() };
    let help = if guard.deny { deny_instead(cx) } else { allow_instead(cx) };
    let mark = |text| (guard.condition.key_name.origin, text);
    if guard.condition.values.is_empty() {
        let text = format!("no value is listed for {key}: AWS does not say what that comes to");
        return Some(Flaw::new(mark(text), subject, "list the values that may pass"));
    }
    if let Some(flaw) = guard.hangs_on_values(cx, "let everyone through") {
        return Some(flaw);
    }
    let text = match (guard.deny, guard.found, guard.holds) {
        (_, _, Tri::Unknown) if known == KnownKey::Unknown => {
            format!("{key} is not known: it may be a key that says nothing of callers")
        }
        (false, Presence::Unknown, Tri::Unknown) => {
            format!("this condition may hold for anyone: {}", why_missing(cx, guard))
        }
        (false, _, Tri::Unknown) => {
            format!("AWS does not say what this condition on {key} comes to")
        }
        (false, ..) => {
            format!("this condition on {key} is met by callers that the list does not trust")
        }
        (true, Presence::Absent, _) => {
            format!("this Deny does not meet the witness: {}", why_missing(cx, guard))
        }
        (true, _, Tri::Unknown) => {
            format!("this Deny may not meet the witness: {}", why_missing(cx, guard))
        }
        (true, ..) => format!("the witness has a {key} that this Deny leaves out"),
    };
    Some(Flaw::new(mark(text), subject, help))
}

/// A condition whose operator is not known.
fn unknown_operator(cx: &CauseCx<'_>) -> Option<Flaw> {
    let condition = cx.conditions().find(|condition| condition.operator.is_none())?;
    let name = code(&condition.operator_name.display(cx.symbols()));
    let text = format!("{name} is no operator that is known: it may hold for everyone");
    let mark = (condition.operator_name.origin, text);
    let declared = condition.operator_name.symbols().next();
    let flaw = Flaw::new(mark, name, "write an operator of IAM, such as `StringEquals`");
    Some(flaw.of(declared.and_then(|symbol| cx.declaration(symbol))))
}

/// A part of a Condition that is not known, where the known rest says nothing of callers.
fn unknown_conditions(cx: &CauseCx<'_>) -> Option<Flaw> {
    let &(symbol, origin, deny) = cx.unknown_guards().first()?;
    let name = code(cx.symbols().label(symbol));
    let text = if deny {
        format!("{name} is not known: this Deny may stop nobody")
    } else {
        format!("{name} is not known: it may hold no condition at all")
    };
    let flaw = Flaw::new((origin, text), name, "write the conditions where they can be read");
    Some(flaw.of(cx.declaration(symbol)))
}
