//! `unreadable-template`: a file, or a part of one, that cannot be read.

use super::support::{DefectCx, clip, code, join};
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
    let (message, help) = match &problem.kind {
        ProblemKind::Unreadable { message, help } => (message.clone(), help.clone()),
        // `invalid-principal` stands for a principal alone.
        ProblemKind::Missing { elements } if elements != &["Principal"] => {
            let names: Vec<String> =
                elements.iter().map(|name| format!("no {}", code(name))).collect();
            let help = "API Gateway refuses such a policy: add what is missing";
            (format!("the statement has {}", join(&names)), Some(help.to_owned()))
        }
        _ => return None,
    };
    let primary = (problem.origin, message.clone());
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, primary);
    draft.title = clip(&format!("not readable: {message}"), 80);
    draft.help = help.unwrap_or_else(|| {
        "mend the syntax; if this is no template, exclude it by name in gatelint.yaml".into()
    });
    draft.key = format!("unreadable|{message}");
    Some(draft)
}
