//! `tf-condition-merge-or`: condition blocks that become one.

use super::support::{DefectCx, clip, code};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{DocumentSurprise, Operator, Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "tf-condition-merge-or",
        summary: "two condition blocks of one test and variable become one: either of them is enough",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/tf-condition-merge-or.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    cx.drafts_of(out, draft);
}

fn draft(problem: &Problem) -> Option<Draft> {
    let ProblemKind::PolicyDocument(DocumentSurprise::Merged { operator, key, deny }) =
        &problem.kind
    else {
        return None;
    };
    // None of several values is what a request must be under a negated operator: then one block and
    // two say the same.
    if Operator::parse(operator).is_some_and(|operator| operator.negated) {
        return None;
    }
    let text = "the values of both blocks are one list: either of them is enough";
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (problem.origin, text.into()));
    if *deny {
        // More is denied than what is written.
        draft.severity = Severity::Medium;
    }
    let name = code(&format!("{operator} {key}"));
    draft.title = clip(&format!("two conditions {name} do not both have to hold"), 80);
    draft.help =
        "write one block with the values that are meant; for both to hold, write a Deny for \
                  each with the negated operator"
            .into();
    draft.key = format!("merged|{operator}|{key}");
    Some(draft)
}
