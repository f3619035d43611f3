//! `deny-principal-bypass`: a Deny of callers by their identity, where calls need none.

use super::support::{CauseCx, Claim, Flaw, Guard, NamedDeny};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "deny-principal-bypass",
        summary: "a Deny by account or identity does not stop callers that do not sign their requests",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/deny-principal-bypass.md"),
    },
    kind: Kind::Cause { rank: 38, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    if !cx.is_anonymous() {
        return None;
    }
    cx.blame_named(|deny| Some(by_principal(deny))).or_else(|| cx.blame(|guard| flaw(cx, guard)))
}

const HELP: &str = "set every method to AWS_IAM, and name the accounts that you admit in the Allow";

fn by_principal(deny: &NamedDeny<'_>) -> Flaw {
    let text = "an unsigned request comes from no account: this Deny never meets it";
    Flaw::new((deny.first(), text.into()), "a Deny by account", HELP)
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    if !guard.deny || !guard.known().is_identity() {
        return None;
    }
    let key = guard.key(cx);
    let text = format!("an unsigned request has no {key}: this Deny never meets it");
    let mark = (guard.condition.key_name.origin, text);
    Some(Flaw::new(mark, format!("a Deny on {key}"), HELP))
}
