//! `vpcsourceip-alone`: a private address as the only guard.

use super::support::{CauseCx, Claim, Flaw, Guard};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;
use crate::model::KnownKey;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "vpcsourceip-alone",
        summary: "a private API is guarded by private addresses alone, which anyone's VPC can have",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/vpcsourceip-alone.md"),
    },
    kind: Kind::Cause { rank: 42, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    cx.blame(|guard| flaw(cx, guard))
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    if guard.known() != KnownKey::VpcSourceIp || !cx.is_private() || !guard.admits_listed() {
        return None;
    }
    let text = "callers choose their private address: anyone's VPC can have it";
    let mark = (guard.condition.key_name.origin, guard.through(text.into()));
    let help = if guard.deny {
        "add a second Deny with `StringNotEquals` on aws:SourceVpce that lists your endpoints"
    } else {
        "add `StringEquals` on aws:SourceVpce with the ids of your endpoints beside it"
    };
    Some(Flaw::new(mark, guard.key(cx), help))
}
