//! `policy-on-http-api`: a resource policy where AWS takes none.

use super::support::{DefectCx, clip, code};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "policy-on-http-api",
        summary: "a resource policy on an HTTP or WebSocket API, which can have none",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/policy-on-http-api.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    cx.drafts_of(out, draft);
}

fn draft(problem: &Problem) -> Option<Draft> {
    let ProblemKind::OnHttpApi { what, protocol, refused } = &problem.kind else { return None };
    let article = if *protocol == "HTTP API" { "an" } else { "a" };
    let text = match refused {
        true => "the deployment fails here: there is no such property",
        false => "ignored: whoever it was to keep out gets in",
    };
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (problem.origin, text.into()));
    let name = code(what);
    draft.title = clip(&format!("{article} {protocol} has no resource policy: {name}"), 80);
    draft.help = "make it a REST API, or set an authorizer or AWS_IAM on its routes".into();
    draft.key = format!("on-http-api|{what}");
    Some(draft)
}
