//! `notprincipal-deny`: a Deny for all but some principals, which may stop those as well.

use super::support::{DefectCx, PolicyIn, grant_key, is_said};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Origin, Severity};
use crate::model::{AwsPrincipal, Entry, PrincipalElement, Principals, Statement};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "notprincipal-deny",
        summary: "a Deny with NotPrincipal may stop the principals that it leaves out",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/notprincipal-deny.md"),
    },
    kind: Kind::Rest { turn: 1, rest },
};

fn rest(cx: &DefectCx<'_>, drafts: &mut Vec<Draft>) {
    for place in cx.policies() {
        for (_, statement) in place.statements().filter(|(_, s)| s.is_deny()) {
            let PrincipalElement::NotPrincipal(list, key) = &statement.principal else { continue };
            let draft = draft(&place, statement, list, *key);
            if !is_said(drafts, &draft, &[*key, list.origin]) {
                drafts.push(draft);
            }
        }
    }
}

fn draft(place: &PolicyIn<'_>, statement: &Statement, list: &Principals, key: Origin) -> Draft {
    let items = || list.items.iter().filter_map(Entry::one).filter_map(|i| Some((i, i.aws()?)));
    let has_account = |principal: &AwsPrincipal| {
        items().any(|(_, other)| match other {
            AwsPrincipal::Account(account) => principal.account() == Some(&account),
            AwsPrincipal::Owner => *principal == AwsPrincipal::Owner,
            _ => false,
        })
    };
    let mut lone = items().filter(|(_, principal)| !has_account(principal));
    let text = match lone.next() {
        Some((item, _)) => {
            let text = "its account is not listed, and the Deny may stop it by that".to_owned();
            Some((item.value.origin, text))
        }
        None => None,
    };
    let why = "leaves out a caller only where account, role and session are all listed";
    let meaning = format!("notprincipal|{}", grant_key(statement, &place.api.symbols));
    let mut draft = place.draft(&RULE.meta, (key, why.into()), meaning);
    draft.title = "a Deny with NotPrincipal may stop the very principals it lists".into();
    draft.help = "write `\"Principal\": \"*\"` and a condition with `ArnNotEquals` on \
                  aws:PrincipalArn that lists them"
        .into();
    draft.secondary.extend(text);
    draft
}
