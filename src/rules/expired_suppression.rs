//! `expired-suppression`: a suppression whose last day is over.

use super::bad_suppression::named;
use super::support::clip;
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Flaw, FlawKind, Origin, Severity};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "expired-suppression",
        summary: "the last day of a suppression is over: it no longer counts",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/expired-suppression.md"),
    },
    kind: Kind::Suppression(draft),
};

fn draft(flaw: &Flaw, origin: Origin) -> Option<Draft> {
    let FlawKind::Expired { rules, until } = &flaw.kind else { return None };
    let text = format!("its last day was {until}");
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (origin, text));
    draft.title = clip(&format!("the suppression of {} expired on {until}", named(rules)), 80);
    draft.help = "mend what it was for and remove it, or give it a new date and reason".into();
    draft.key = format!("expired|{}|{until}", rules.join(","));
    Some(draft)
}
