//! `missing-condition`: an Allow to everyone whose conditions say nothing of network or identity.

use super::support::{CauseCx, Claim, code, join};
use super::{Kind, Meta, Rule};
use crate::finding::Severity;

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "missing-condition",
        summary: "an Allow to everyone has conditions, but none about network or identity",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/missing-condition.md"),
    },
    kind: Kind::Cause { rank: 20, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    if !cx.is_everyone() {
        return None;
    }
    let mut keys: Vec<String> = Vec::new();
    for condition in cx.conditions() {
        if condition.key.known.is_network() || condition.key.known.is_identity() {
            return None;
        }
        let key = code(&condition.key_name.display(cx.symbols()));
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    if keys.is_empty() {
        return None;
    }
    keys.truncate(3);
    let primary = (
        cx.everyone_token(),
        format!("everyone: the condition on {} names neither network nor identity", join(&keys)),
    );
    let help = if cx.is_private() {
        "add a condition on aws:SourceVpce or aws:SourceVpc with the ids of your own"
    } else if cx.is_anonymous() {
        "add a condition on aws:SourceIp with the networks that calls come from"
    } else {
        "add a condition on aws:PrincipalOrgID or aws:PrincipalAccount, or name the accounts"
    };
    let mut claim = Claim::new(primary, help);
    let labels = cx.conditions().map(|condition| {
        let key = code(&condition.key_name.display(cx.symbols()));
        (condition.key_name.origin, format!("{key} does not say who calls, nor from where"))
    });
    claim.secondary = labels.take(3).collect();
    Some(claim)
}
