//! `ineffective-condition`: a guard that does not guard, and why.

use super::support::{CauseCx, Claim, Flaw, GUARD, UNKNOWN, code, failing_deny, flaw};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;
use crate::model::{Entry, Statement};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "ineffective-condition",
        summary: "a condition or Deny that looks like a guard keeps nobody out",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/ineffective-condition.md"),
    },
    kind: Kind::Cause { rank: 40, claims },
};

/// An Allow with conditions is judged by them; one without by the Deny that was to stand beside it,
/// then by what its NotAction or NotResource lets in.
fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    let statement = cx.statement?;
    if !cx.is_everyone() {
        return None;
    }
    let mut flaws: Vec<Flaw> = cx.conditions().filter_map(|c| flaw(cx, c)).collect();
    // Stable: among equals the first in the source stays first.
    flaws.sort_by_key(|flaw| std::cmp::Reverse(flaw.weight));
    if flaws.is_empty() && statement.conditions.is_empty() {
        flaws.extend(failing_deny(cx).or_else(|| not_element(statement)));
    }
    if flaws.is_empty() {
        flaws.extend(unknown_conditions(cx));
    }
    let mut flaws = flaws.into_iter();
    let Flaw { mark, subject, help, declared, .. } = flaws.next()?;
    let mut claim = Claim::new(mark, help);
    claim.declared = declared;
    claim.subject = Some(subject);
    claim.explains_deny = statement.conditions.is_empty();
    claim.secondary = flaws.map(|flaw| flaw.mark).collect();
    if statement.conditions.is_empty() {
        claim.secondary.push((cx.everyone_token(), "the Allow is to everyone".into()));
    }
    Some(claim)
}

/// An unknown part of the Condition, where the known rest says nothing of callers.
fn unknown_conditions(cx: &CauseCx<'_>) -> Option<Flaw> {
    let mut conditions = cx.statement?.conditions.iter();
    let (symbol, origin) = conditions.find_map(|entry| match entry {
        Entry::Many(symbol, origin) => Some((*symbol, *origin)),
        Entry::One(_) => None,
    })?;
    let name = code(cx.symbols().label(symbol));
    let text = format!("{name} is not known: it may hold no condition at all");
    let help = "write the conditions where they can be read";
    Some(Flaw::new(UNKNOWN, (origin, text), name, help).of(cx.declaration(symbol)))
}

/// An Allow of everything that it does not list.
fn not_element(statement: &Statement) -> Option<Flaw> {
    let (name, origin, text) = match (&statement.resource, &statement.action) {
        (resource, _) if resource.negated => (
            "NotResource",
            resource.origin,
            "grants every route but those listed, those to come included",
        ),
        (_, action) if action.negated => {
            ("NotAction", action.origin, "grants every action but those listed")
        }
        _ => return None,
    };
    let origin = origin.unwrap_or(statement.origin);
    let help = "list what you grant in Action and Resource, and whom in Principal";
    Some(Flaw::new(GUARD, (origin, text.into()), name, help))
}
