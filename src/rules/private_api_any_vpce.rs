//! `private-api-any-vpce`: a private API that answers every VPC endpoint.

use super::support::{CauseCx, Claim};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;
use crate::model::CallerClass;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "private-api-any-vpce",
        summary: "a private API answers execute-api VPC endpoints of any AWS account",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/private-api-any-vpce.md"),
    },
    kind: Kind::Cause { rank: 30, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    if cx.exposure.class != CallerClass::AnyVpcEndpoint || cx.statement.is_none() {
        return None;
    }
    let text = "everyone who reaches the API, and any account can open a VPC endpoint to it";
    let help = "add a Deny with StringNotEquals on aws:SourceVpce (or aws:SourceVpc) that lists \
                your own; vpcEndpointIds and endpoint policies do not keep others out";
    Some(Claim::new((cx.everyone_token(), text.into()), help))
}
