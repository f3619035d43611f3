//! `sam-account-list-overridden`: accounts on an AWS SAM list beside one that lets everyone in.

use super::support::{DefectCx, clip, code};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{Problem, ProblemKind, SamList};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "sam-account-list-overridden",
        summary: "a SAM list of accounts beside a list to which AWS SAM adds an Allow to everyone",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/sam-account-list-overridden.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    cx.drafts_of(out, draft);
}

fn draft(problem: &Problem) -> Option<Draft> {
    let ProblemKind::SamList(SamList::Opened { by }) = &problem.kind else { return None };
    let text = "restricts nothing: who gets past the other list needs no account on this one";
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (problem.origin, text.into()));
    draft.title = clip(&format!("AwsAccountWhitelist restricts nothing beside {}", code(by)), 80);
    draft.help = "to ask for an account and a network, write one Allow for the accounts under \
                  `CustomStatements`, with the network in its Condition, in the place of both lists"
        .into();
    draft.key = format!("opened|{by}");
    Some(draft)
}
