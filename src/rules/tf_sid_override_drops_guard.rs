//! `tf-sid-override-drops-guard`: a statement that replaces another of the same identifier, and lacks its guard.

use super::support::{DefectCx, clip, code};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{DocumentSurprise, Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "tf-sid-override-drops-guard",
        summary: "a statement replaces another of the same sid, and loses its Deny or its conditions",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/tf-sid-override-drops-guard.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    cx.drafts_of(out, draft);
}

fn draft(problem: &Problem) -> Option<Draft> {
    let ProblemKind::PolicyDocument(DocumentSurprise::Replaced { sid, lost }) = &problem.kind
    else {
        return None;
    };
    let text = format!("replaces the other statement of this sid, all of it: {lost} is gone");
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (problem.origin, text));
    draft.title =
        clip(&format!("statement {} replaces another one, and {lost} is lost", code(sid)), 80);
    draft.help =
        "give it a sid of its own, and both statements count; or write again what is lost".into();
    draft.key = format!("replaced|{sid}|{lost}");
    Some(draft)
}
