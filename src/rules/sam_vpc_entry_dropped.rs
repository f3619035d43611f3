//! `sam-vpc-entry-dropped`: an entry of an AWS SAM list that SAM passes over.

use super::support::{DefectCx, clip, code};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{Problem, ProblemKind, SamList};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "sam-vpc-entry-dropped",
        summary: "an entry of SourceVpcWhitelist or SourceVpcBlacklist that AWS SAM leaves out",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/sam-vpc-entry-dropped.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    cx.drafts_of(out, draft);
}

fn draft(problem: &Problem) -> Option<Draft> {
    let ProblemKind::SamList(SamList::Dropped { entry, list, left }) = &problem.kind else {
        return None;
    };
    let text = match left {
        true => "dropped without a word: neither `vpc-` nor `vpce-` stands at its start",
        false => "dropped without a word, and nothing is left: no statement is made of the list",
    };
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (problem.origin, text.into()));
    draft.title = clip(&format!("{} is left out of {list} by AWS SAM", code(entry)), 80);
    draft.help = "write the id of a VPC (`vpc-...`) or VPC endpoint (`vpce-...`); a function goes \
                  into `IntrinsicVpcWhitelist`, `IntrinsicVpceWhitelist` or their blacklists"
        .into();
    draft.key = format!("dropped|{list}|{entry}");
    Some(draft)
}
