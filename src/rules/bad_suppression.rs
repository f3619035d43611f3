//! `bad-suppression`: a suppression that cannot count.

use super::support::{clip, code};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Flaw, FlawKind, Origin, Severity};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "bad-suppression",
        summary: "a suppression is malformed, names no rule or gives no reason",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/bad-suppression.md"),
    },
    kind: Kind::Suppression(draft),
};

fn draft(flaw: &Flaw, origin: Origin) -> Option<Draft> {
    let FlawKind::Bad { what, help } = &flaw.kind else { return None };
    let text = "this suppresses nothing".to_owned();
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (origin, text));
    draft.title = clip(&format!("a suppression that does not count: {what}"), 80);
    draft.help = help.clone();
    draft.key = format!("bad|{what}");
    Some(draft)
}

/// The ids of rules, for a title.
pub(super) fn named(rules: &[String]) -> String {
    let rules: Vec<String> = rules.iter().map(|rule| code(rule)).collect();
    rules.join(", ")
}
