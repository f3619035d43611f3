//! `tf-body-overwrite-loses-policy`: an import of a body that takes the policy away.

use super::support::DefectCx;
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "tf-body-overwrite-loses-policy",
        summary: "importing the body deletes the policy that another resource attaches",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/tf-body-overwrite-loses-policy.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    cx.drafts_of(out, draft);
}

fn draft(problem: &Problem) -> Option<Draft> {
    let ProblemKind::BodyOverwrites { merges } = problem.kind else { return None };
    let text = "attached apart from the body: the next import of that deletes it";
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (problem.origin, text.into()));
    draft.title = "the policy is lost whenever the body of the API is imported again".into();
    draft.help = match merges {
        true => "write it as `policy` of the API, or set `put_rest_api_mode = \"merge\"`",
        false => "write it into the document, as its `x-amazon-apigateway-policy`",
    }
    .into();
    draft.key = "body-overwrites".into();
    Some(draft)
}
