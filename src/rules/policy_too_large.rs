//! `policy-too-large`: more characters than API Gateway takes.

use super::support::DefectCx;
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{ApiKind, Framework};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "policy-too-large",
        summary: "the policy has more characters than API Gateway takes by default",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/policy-too-large.md"),
    },
    kind: Kind::Defect(check),
};

/// The quota on a resource policy, in characters: it can be raised (API Gateway developer guide,
/// "Quotas for configuring and running a REST API").
const QUOTA: usize = 8_192;

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for place in cx.policies() {
        // Policies of VPC endpoints and domains have quotas of their own.
        if !matches!(place.api.kind, ApiKind::RestApi | ApiKind::Document) {
            continue;
        }
        let size = place.policy.size;
        // The Terraform provider takes the blanks out before it sends a policy.
        let by_provider =
            matches!(place.api.framework, Framework::Terraform | Framework::TerraformPlan);
        let sent = size.written.filter(|_| !by_provider);
        let (text, title, severity) = if size.compact > QUOTA {
            (
                format!("{} characters without blanks; the quota is {QUOTA}", size.compact),
                format!("the policy has {} characters, {QUOTA} are taken", size.compact),
                RULE.meta.severity,
            )
        } else if let Some(sent) = sent.filter(|sent| *sent > QUOTA) {
            (
                format!("{sent} characters with its blanks, {} without", size.compact),
                format!("the policy has more than {QUOTA} characters, its blanks counted"),
                Severity::Info,
            )
        } else {
            continue;
        };
        let mut draft = place.draft(&RULE.meta, (place.policy.origin, text), "too-large".into());
        draft.severity = severity;
        draft.title = title;
        draft.help = match severity {
            Severity::Info => "IAM counts no blanks, of API Gateway no page says it: take them out",
            _ => {
                "put an organisation (`aws:PrincipalOrgID`) in place of many accounts, join \
                 statements that differ in Resource alone, or have the quota raised"
            }
        }
        .into();
        if place.api.kind == ApiKind::Document {
            place.taking_for_granted(&mut draft, "the policy of an API, not of a VPC endpoint");
        }
        out.push(draft);
    }
}
