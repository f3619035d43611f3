//! `sam-blacklist-and`: AWS SAM denies what is on both blacklists, of VPCs and of endpoints.

use super::support::DefectCx;
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{Problem, ProblemKind, SamList};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "sam-blacklist-and",
        summary: "a SAM blacklist stops only what comes from a listed VPC and through a listed endpoint",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/sam-blacklist-and.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    cx.drafts_of(out, draft);
}

fn draft(problem: &Problem) -> Option<Draft> {
    let ProblemKind::SamList(SamList::Together) = &problem.kind else { return None };
    let text = "a request is stopped only if it comes from this VPC";
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (problem.origin, text.into()));
    draft.title = "a VPC and an endpoint on a SAM blacklist must both match to be denied".into();
    draft.help =
        "write two Deny statements under `CustomStatements`, one for aws:SourceVpc and one \
                  for aws:SourceVpce"
            .into();
    draft.key = "blacklist-and".into();
    Some(draft)
}
