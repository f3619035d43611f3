//! `unused-suppression`: a suppression of what is not found.

use super::bad_suppression::named;
use super::support::clip;
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Flaw, FlawKind, Origin, Severity};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "unused-suppression",
        summary: "a suppression stands where its rule finds nothing",
        severity: Severity::Low,
        doc: include_str!("../../docs/rules/unused-suppression.md"),
    },
    kind: Kind::Suppression(draft),
};

fn draft(flaw: &Flaw, origin: Origin) -> Option<Draft> {
    let FlawKind::Unused { rules } = &flaw.kind else { return None };
    let text = "this suppresses nothing".to_owned();
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (origin, text));
    draft.title = clip(&format!("{} finds nothing here to suppress", named(rules)), 80);
    draft.help = "remove it, or move it to the statement that it is for: to the line above it, or \
                  in JSON into its object"
        .into();
    draft.key = format!("unused|{}", rules.join(","));
    Some(draft)
}
