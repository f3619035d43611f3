//! `allow-notprincipal`: an Allow to everyone but the principals it lists.

use super::support::{CauseCx, Claim};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;
use crate::model::PrincipalElement;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "allow-notprincipal",
        summary: "an Allow with NotPrincipal admits everyone but the principals it lists",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/allow-notprincipal.md"),
    },
    kind: Kind::Cause { rank: 60, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    let PrincipalElement::NotPrincipal(listed, key) = &cx.statement?.principal else {
        return None;
    };
    if !cx.is_everyone() {
        return None;
    }
    let text = if cx.is_anonymous() {
        "everyone but the principals listed, callers without credentials included"
    } else {
        "everyone but the principals listed"
    };
    let help =
        "list whom you mean to admit in Principal; to keep one account out, pair that with a Deny";
    let mut claim = Claim::new((*key, text.into()), help);
    claim.subject = Some("NotPrincipal".into());
    claim.secondary.push((listed.origin, "the only callers that this Allow leaves out".into()));
    Some(claim)
}
