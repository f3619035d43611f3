//! `denylist-still-public`: an Allow to everyone beside a Deny of a few.

use super::support::{CauseCx, Claim, Flaw, Guard, NamedDeny, Presence, deny_instead, is_chosen};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;
use crate::model::BaseOp;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "denylist-still-public",
        summary: "the policy denies a list of callers and admits everyone else",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/denylist-still-public.md"),
    },
    kind: Kind::Cause { rank: 37, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    let by_principal = || match cx.is_anonymous() {
        true => None,
        false => cx.blame_named(|deny| Some(by_principal(cx, deny))),
    };
    cx.blame(|guard| flaw(cx, guard)).or_else(by_principal)
}

fn by_principal(cx: &CauseCx<'_>, deny: &NamedDeny<'_>) -> Flaw {
    let text = "stops only the principals listed: every other account gets in";
    Flaw::new((deny.first(), text.into()), "a deny list", deny_instead(cx))
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    let known = guard.known();
    // A Deny on a key that the request lacks, or that its sender chooses, has a rule of its own.
    let listed = match known {
        _ if known.is_identity() => !cx.is_anonymous() && !is_chosen(known),
        _ => known.is_network() && guard.found == Presence::Present,
    };
    if !guard.deny || guard.admits_listed() || guard.op.base == BaseOp::Null || !listed {
        return None;
    }
    let text = "stops only what is listed: everyone else gets in".to_owned();
    Some(Flaw::new((guard.first_value(), text), "a deny list", deny_instead(cx)))
}
