//! `duplicate-policy-source`: several places write the policy of one API.

use super::support::{DefectCx, code};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "duplicate-policy-source",
        summary: "several places write the policy of one API, and only one of them counts",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/duplicate-policy-source.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    cx.drafts_of(out, draft);
}

fn draft(problem: &Problem) -> Option<Draft> {
    let ProblemKind::SeveralPolicies { what, last_wins } = &problem.kind else { return None };
    let text = match last_wins {
        true => "whichever is applied last is the policy: both were judged",
        false => "AWS does not say which of the two counts: both were judged",
    };
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (problem.origin, text.into()));
    let long = format!("the API has more than one policy: {} is another", code(what));
    let fits = long.chars().count() <= 80;
    draft.title = if fits { long } else { "the API has more than one policy".into() };
    draft.help = "keep one of them, with the statements of both".into();
    draft.key = format!("several|{what}");
    Some(draft)
}
