//! `wildcard-in-sensitive-key`: a wildcard where one exact id belongs.

use super::support::{CauseCx, Claim, Flaw, Guard, is_chosen, value_text};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;
use crate::model::KnownKey;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "wildcard-in-sensitive-key",
        summary: "a wildcard in the id of an account, organisation, VPC or endpoint matches those of others",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/wildcard-in-sensitive-key.md"),
    },
    kind: Kind::Cause { rank: 44, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    cx.blame(|guard| flaw(cx, guard))
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    let known = guard.known();
    let sensitive = (known.is_network() || known.is_identity()) && !is_chosen(known);
    if !sensitive || !guard.op.is_pattern() || !guard.admits_listed() {
        return None;
    }
    let Some(value) = guard.met_value(cx).filter(|value| value.symbols().next().is_none()) else {
        return guard.hangs_on_values(cx, "hold a wildcard");
    };
    let text = value.text().filter(|text| text.contains(['*', '?']) && !text.contains("${"))?;
    let whose = match known {
        KnownKey::SourceVpce => "VPC endpoints of every account",
        KnownKey::SourceVpc => "VPCs of every account",
        KnownKey::PrincipalOrgId | KnownKey::PrincipalOrgPaths => "organisations of others too",
        KnownKey::PrincipalAccount => "accounts of others too",
        KnownKey::PrincipalArn => "principals of accounts of others too",
        _ => "values that outsiders have too",
    };
    let help = match known {
        KnownKey::SourceVpce => "write the ids of your endpoints in full, with `StringEquals`",
        KnownKey::SourceVpc => "write the ids of your VPCs in full, with `StringEquals`",
        KnownKey::PrincipalOrgId => "write the id of your organisation, with `StringEquals`",
        KnownKey::PrincipalOrgPaths => {
            "begin the path with the id of your organisation, written in full"
        }
        KnownKey::PrincipalArn => {
            "write the account into the ARN: `arn:aws:iam::111122223333:role/Name`"
        }
        _ => "write the ids that you admit in full, with `StringEquals`",
    };
    let all = if text.bytes().all(|b| b == b'*') { "matches" } else { "also matches" };
    let mark = (value.origin, guard.through(format!("the wildcard {all} {whose}")));
    Some(Flaw::new(mark, value_text(value, cx.symbols()), help))
}
