//! `unreadable-template`: a file, or a part of one, that cannot be read.

use super::support::{DefectCx, clip};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "unreadable-template",
        summary: "a file that mentions an API Gateway policy cannot be read",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/unreadable-template.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    cx.drafts_of(out, draft);
}

fn draft(problem: &Problem) -> Option<Draft> {
    let ProblemKind::Unreadable { message, help } = &problem.kind else { return None };
    let primary = (problem.origin, message.clone());
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, primary);
    draft.title = clip(&format!("not readable: {message}"), 80);
    draft.help = help.clone().unwrap_or_else(|| {
        "mend the syntax; if this is no template, exclude it by name in gatelint.yaml".into()
    });
    draft.key = format!("unreadable|{message}");
    Some(draft)
}
