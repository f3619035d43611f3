//! `wildcard-principal`: an Allow to everyone without a Condition.

use super::support::holes::unknown_part;
use super::support::{CauseCx, Claim, code};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;
use crate::model::{AwsPrincipal, CallerClass, Entry, PolicyState, PrincipalElement, SymbolRef};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "wildcard-principal",
        summary: "an Allow to everyone without a Condition lets callers outside the list in",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/wildcard-principal.md"),
    },
    kind: Kind::Cause { rank: 10, claims },
};

/// The lowest rank: claims what no other cause explains better, among it the holes of a policy or
/// statement of which nothing is known.
fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    cx.is_everyone().then(|| claim(cx))
}

/// The claim, for whoever it is.
pub(super) fn claim(cx: &CauseCx<'_>) -> Claim {
    let Some(statement) = cx.statement else {
        let text = match cx.world.policy {
            PolicyState::Unknown(..) => "the policy here is not known: it may allow everyone",
            _ => "this part of the policy is not known: it may allow everyone",
        };
        let text = text.to_owned();
        let help = "write the policy where it can be read";
        let mut claim = Claim::new((cx.exposure.admits, text), help);
        claim.declared = unknown_part(cx).and_then(|(symbol, _)| cx.declaration(symbol));
        return claim;
    };
    let whom = match cx.exposure.class {
        CallerClass::AnonymousInternet => "everyone, callers without credentials included",
        CallerClass::AnyVpcEndpoint => "everyone who reaches the endpoint",
        _ => "every principal of every AWS account",
    };
    let token = statement.everyone().and_then(|item| item.aws());
    let unknown = if token.is_none() { unknown_principal(cx) } else { None };
    let text = match token {
        Some(AwsPrincipal::PartialWildcard) => {
            format!("a wildcard inside a principal; read as the worst it can mean: {whom}")
        }
        Some(_) => whom.to_owned(),
        None => match unknown {
            Some(symbol) => {
                let name = code(cx.symbols().label(symbol));
                format!("{name} is not known: it may be {whom}")
            }
            None => format!("this may be {whom}"),
        },
    };
    let help = match cx.exposure.class {
        CallerClass::AnonymousInternet => {
            "name the accounts or roles that call and set the methods to AWS_IAM, or add a Deny \
             with NotIpAddress on aws:SourceIp that lists the networks calls come from"
        }
        CallerClass::AnyVpcEndpoint => {
            "add a Deny with StringNotEquals on aws:SourceVpce that lists your VPC endpoints"
        }
        _ => {
            "name the accounts or roles that call, or hold the Allow to your organisation with \
             StringEquals on aws:PrincipalOrgID"
        }
    };
    let mut claim = Claim::new((cx.everyone_token(), text), help);
    claim.declared = unknown.and_then(|symbol| cx.declaration(symbol));
    claim
}

/// The value that may be everyone.
fn unknown_principal(cx: &CauseCx<'_>) -> Option<SymbolRef> {
    let PrincipalElement::Principal(principals) = &cx.statement?.principal else { return None };
    principals.items.iter().find_map(|item| match item {
        Entry::Many(symbol, _) => Some(*symbol),
        Entry::One(item) => match item.aws() {
            Some(AwsPrincipal::Unknown(symbol)) => Some(symbol),
            _ => None,
        },
    })
}
