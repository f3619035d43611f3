//! `spoofable-condition`: a guard on what the caller chooses.

use super::support::{CauseCx, Claim, Flaw, Guard, allow_instead, deny_instead, is_chosen};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;
use crate::model::KnownKey;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "spoofable-condition",
        summary: "access hangs on a header, or on what an account decides for its own principals",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/spoofable-condition.md"),
    },
    kind: Kind::Cause { rank: 39, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    cx.blame(|guard| flaw(cx, guard))
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    let known = guard.known();
    let of_account =
        is_chosen(known) || matches!(known, KnownKey::UserId | KnownKey::PrincipalType);
    let key = guard.key(cx);
    let instead = || if guard.deny { deny_instead(cx) } else { allow_instead(cx) };
    let (text, help) = if known.is_free() {
        let text = format!("{key} is a header: whoever calls writes what passes");
        (text, format!("{}; a secret belongs into an authorizer", instead()))
    } else if of_account && !cx.is_anonymous() && (guard.deny || !guard.op.negated) {
        let text = format!(
            "an account decides {key} of its own principals: an outsider's can have it too"
        );
        (text, format!("keep it if you like, and {}", instead()))
    } else {
        return None;
    };
    Some(Flaw::new((guard.condition.key_name.origin, text), key, help))
}
