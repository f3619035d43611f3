//! `private-api-any-vpce`: a private API that answers every VPC endpoint.

use super::support::{CauseCx, Claim};
use super::{Kind, Meta, Rule};
use crate::finding::{Mark, Severity};
use crate::model::{ApiKind, CallerClass};

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
    if cx.api.kind == ApiKind::DomainName {
        let text = "everyone with an endpoint that is associated with the domain";
        let help = "add a Deny with StringNotEquals on aws:SourceVpce that lists the endpoints that \
                    may call, and the same to the policy of each API behind the domain";
        return Some(Claim::new((cx.everyone_token(), text.into()), help));
    }
    let text = "everyone who reaches the API, and any account can open a VPC endpoint to it";
    let help = "add a Deny with StringNotEquals on aws:SourceVpce (or aws:SourceVpc) that lists \
                your own; vpcEndpointIds and endpoint policies do not keep others out";
    let mut claim = Claim::new((cx.everyone_token(), text.into()), help);
    claim.secondary.extend(domain(cx));
    Some(claim)
}

/// A domain whose policy may be meant to guard the API: requests come in past it.
fn domain(cx: &CauseCx<'_>) -> Option<Mark> {
    let ways = &cx.inventory.ways;
    if ways.get(&cx.api.address).is_some_and(|ways| ways.closed) {
        return None;
    }
    let domain = cx.inventory.apis.iter().find(|domain| {
        let leads = ways.get(&domain.address).map(|ways| &ways.leads_to);
        domain.kind == ApiKind::DomainName
            && leads.is_some_and(|leads| leads.contains(&cx.api.address))
    })?;
    let text = "the policy of this domain guards its own requests only: the default endpoint \
                answers too";
    Some((domain.origin, text.into()))
}
