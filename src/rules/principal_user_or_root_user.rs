//! `principal-user-or-root-user`: an IAM user of another account, which signs with keys that last.

use super::support::{DefectCx, PolicyIn, clip, grant_key, is_said, value_text};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{AwsPrincipal, Entry, PrincipalElement, PrincipalItem, Principals, Statement};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "principal-user-or-root-user",
        summary: "an Allow names an IAM user of another account, which signs with long-lived keys",
        severity: Severity::Low,
        doc: include_str!("../../docs/rules/principal-user-or-root-user.md"),
    },
    kind: Kind::Rest { turn: 1, rest },
};

fn rest(cx: &DefectCx<'_>, drafts: &mut Vec<Draft>) {
    for place in cx.policies().iter().filter(|place| place.is_of_api()) {
        for (_, statement) in place.statements().filter(|(_, s)| s.is_allow()) {
            let PrincipalElement::Principal(list) = &statement.principal else { continue };
            for item in list.items.iter().filter_map(Entry::one) {
                if !is_foreign_user(place, list, item) {
                    continue;
                }
                let draft = draft(place, statement, item);
                if !is_said(drafts, &draft, &[item.value.origin]) {
                    drafts.push(draft);
                }
            }
        }
    }
}

/// Whether the item is a user of another account, and the statement is not to that account, or to
/// everyone, anyway.
fn is_foreign_user(place: &PolicyIn<'_>, list: &Principals, item: &PrincipalItem) -> bool {
    let Some(AwsPrincipal::User(account, _)) = item.aws() else { return false };
    let mut wider = list.items.iter().filter_map(Entry::one).filter_map(|other| other.aws());
    !place.is_owner(&account)
        && !wider.any(|other| match other {
            AwsPrincipal::Account(other) => other == account,
            AwsPrincipal::Everyone => true,
            _ => false,
        })
}

fn draft(place: &PolicyIn<'_>, statement: &Statement, item: &PrincipalItem) -> Draft {
    let text = "a user signs with access keys, which are good until somebody revokes them";
    let value = value_text(&item.value, &place.api.symbols);
    let meaning = format!("user|{value}|{}", grant_key(statement, &place.api.symbols));
    let mut draft = place.draft(&RULE.meta, (item.value.origin, text.into()), meaning);
    draft.title = clip(&format!("{value} is a user, not a role"), 80);
    draft.help =
        "have the other account call with a role, and name that: its keys last for hours".into();
    draft
}
