//! Accounts that policies grant and that the list does not know.

use std::collections::BTreeMap;

use super::entries::grant;
use super::{ApiNames, TrustCx};
use crate::analyze::named::{Mention, Name, NameKind};
use crate::finding::{Confidence, Draft, Mark, Severity};
use crate::model::{AccountId, Standing};
use crate::rules::support::{clip, code};

const ID: &str = "trust-unknown";

/// One finding for each account, at the first place that grants it, with the others as labels. What
/// a policy grants by a value that nobody gave is possible.
pub(super) fn accounts(cx: &TrustCx<'_>, out: &mut Vec<Draft>) {
    let mut found: BTreeMap<&AccountId, Vec<(&ApiNames<'_>, &Mention)>> = BTreeMap::new();
    for api in cx.apis {
        for mention in api.named.mentions.iter().filter(|mention| mention.granted) {
            let Name::Account(account) = &mention.name else { continue };
            let standing = cx.settings.trust.standing(account, &api.names(), cx.now);
            // An entry that has expired is reported where it stands.
            if standing == Standing::Untrusted && !api.owners.contains(account) {
                found.entry(account).or_default().push((api, mention));
            }
        }
    }
    for (account, places) in found {
        out.extend(unknown(cx, account, &places));
    }
    by_value(cx, out);
}

fn unknown(
    cx: &TrustCx<'_>,
    account: &AccountId,
    places: &[(&ApiNames<'_>, &Mention)],
) -> Option<Draft> {
    let mut marks: Vec<Mark> = places.iter().map(|place| grant(*place)).collect();
    marks.dedup();
    let mut marks = marks.into_iter();
    let mut draft = Draft::new(ID, Severity::High, marks.next()?);
    draft.secondary = marks.collect();
    let listed = cx.settings.trust.accounts.iter().find(|entry| entry.id == *account);
    draft.title = match listed {
        Some(_) => format!("account {account} is granted access, but trusted for other APIs"),
        None => format!("account {account} is granted access, and not on the trust list"),
    };
    let entry = listed.and_then(|entry| cx.places.accounts.get(entry.entry));
    draft.secondary.extend(entry.map(|entry| (*entry, "trusted for these APIs only".to_owned())));
    let mend = "remove it from the policies, or add it to `trust.accounts` with an owner and a \
                reason";
    draft.help = if places.iter().all(|(api, _)| api.owners.is_empty()) {
        format!(
            "if {account} is the account you deploy to, run with --account-id {account}; else {mend}"
        )
    } else {
        mend.to_owned()
    };
    draft.key = format!("unknown|{account}");
    Some(draft)
}

fn by_value(cx: &TrustCx<'_>, out: &mut Vec<Draft>) {
    let mut said: Vec<String> = Vec::new();
    for api in cx.apis {
        for unknown in &api.named.unknown {
            if unknown.kind != Some(NameKind::Account) || !unknown.granted {
                continue;
            }
            let table = &api.api.symbols;
            let label = table.label(unknown.symbol);
            let key = format!("value|{}|{label}", api.api.address);
            if said.contains(&key) {
                continue;
            }
            let text = "which account this grants, nobody can tell".to_owned();
            let mut draft = Draft::new(ID, Severity::High, (unknown.origin, text));
            draft.confidence = Confidence::Possible;
            draft.title = clip(&format!("{} may name an account nobody trusts", code(label)), 80);
            let pin = table.get(unknown.symbol).and_then(|info| info.pin.as_deref());
            draft.help = match pin {
                Some(pin) => format!("give it a value: run with {}", code(pin)),
                None => "write the account id".to_owned(),
            };
            draft.api = Some(api.api.address.clone());
            draft.key.clone_from(&key);
            said.push(key);
            out.push(draft);
        }
    }
}
