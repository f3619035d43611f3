//! `tf-effect-default-allow`: a statement of a policy document that does not say its effect.

use super::support::DefectCx;
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{DocumentSurprise, Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "tf-effect-default-allow",
        summary: "a statement of aws_iam_policy_document has no effect, and is an Allow",
        severity: Severity::Low,
        doc: include_str!("../../docs/rules/tf-effect-default-allow.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    cx.drafts_of(out, draft);
}

fn draft(problem: &Problem) -> Option<Draft> {
    let ProblemKind::PolicyDocument(DocumentSurprise::EffectByDefault) = &problem.kind else {
        return None;
    };
    let text = "no `effect`: the provider makes it an Allow";
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (problem.origin, text.into()));
    draft.title = "this statement does not say its effect: it allows".into();
    draft.help = "write `effect = \"Allow\"`, or `effect = \"Deny\"` if that was meant".into();
    draft.key = "effect".into();
    Some(draft)
}
