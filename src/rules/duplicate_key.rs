//! `duplicate-key`: a key that stands twice where it may stand once.

use super::support::{DefectCx, clip, code};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{DuplicateEffect, Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "duplicate-key",
        summary: "a key stands twice, and one of its values is lost",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/duplicate-key.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    cx.drafts_of(out, draft);
}

fn draft(problem: &Problem) -> Option<Draft> {
    let ProblemKind::DuplicateKey { key, effect } = &problem.kind else { return None };
    let (title, text) = match effect {
        DuplicateEffect::Refused => {
            ("is set twice: the file is refused", "set a second time: the plan fails here")
        }
        DuplicateEffect::LastWins => (
            "stands twice: the first one is lost",
            "the last one wins, and nobody says so: the one before it has no effect",
        ),
        DuplicateEffect::Unspecified => (
            "stands twice: only one of the two will count",
            "nothing says which of the two counts, so both were judged",
        ),
    };
    let name = code(key);
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (problem.origin, text.into()));
    draft.title = clip(&format!("{name} {title}"), 80);
    draft.help = format!("keep one {name}; to give several values, write them as one list");
    draft.key = format!("duplicate|{key}");
    Some(draft)
}
