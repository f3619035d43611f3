//! `not-element-allow`: an Allow of everything that it does not list.

use super::support::{CauseCx, Claim, Flaw};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "not-element-allow",
        summary: "an Allow with NotAction or NotResource grants everything that it does not list",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/not-element-allow.md"),
    },
    kind: Kind::Cause { rank: 35, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    let statement = cx.statement.filter(|_| cx.is_everyone())?;
    let (name, origin, text, help) = if statement.resource.negated {
        (
            "NotResource",
            statement.resource.origin,
            "grants every route but those listed, those to come included",
            "list the routes that everyone may call in `Resource`",
        )
    } else if statement.action.negated {
        (
            "NotAction",
            statement.action.origin,
            "grants every action but those listed",
            "write `\"Action\": \"execute-api:Invoke\"`, and whom you admit in `Principal`",
        )
    } else {
        return None;
    };
    let mark = (origin.unwrap_or(statement.origin), text.to_owned());
    let mut claim = Flaw::claim([Flaw::new(mark, name, help)])?;
    claim.secondary.push((cx.everyone_token(), "the Allow is to everyone".into()));
    Some(claim)
}
