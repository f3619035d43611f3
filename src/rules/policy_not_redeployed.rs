//! `policy-not-redeployed`: a deployment that a changed policy does not replace.

use super::support::DefectCx;
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{Framework, Problem, ProblemKind};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "policy-not-redeployed",
        summary: "a change of the policy makes no deployment, and does not take effect",
        severity: Severity::Info,
        doc: include_str!("../../docs/rules/policy-not-redeployed.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    cx.drafts_of(out, draft);
}

fn draft(problem: &Problem) -> Option<Draft> {
    let ProblemKind::NotRedeployed { triggers, framework } = &problem.kind else { return None };
    let text = match (framework, triggers) {
        (Framework::TerraformPlan, _) => {
            "this plan changes the policy and not this: the one before stays in force"
        }
        (Framework::Terraform, true) => {
            "the policy is no part of this: the one before stays in force"
        }
        (Framework::Terraform, false) => {
            "no `triggers`: the policy that it was made with stays in force"
        }
        _ => "the id stays: so does the policy that this deployment was made with",
    };
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (problem.origin, text.into()));
    draft.title = "a changed policy does not take effect: the API is not deployed again".into();
    draft.help = match framework {
        Framework::Terraform | Framework::TerraformPlan => {
            "hash the policy into `triggers`: redeployment = sha1(jsonencode([..., the policy]))"
        }
        _ => "give the deployment a new logical id with every change of the policy, or deploy by hand",
    }
    .into();
    draft.key = "not-redeployed".into();
    Some(draft)
}
