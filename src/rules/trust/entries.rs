//! What is wrong with the entries: unused, expired, about to expire, twice on the list.

use super::{ApiNames, TrustCx};
use crate::analyze::named::{Mention, Name, NameKind};
use crate::config::List;
use crate::finding::{Draft, Mark, Severity};
use crate::model::{AccountId, Cidr, OrgId, TrustedAccount, glob_match};
use crate::rules::support::{clip, code};
use crate::rules::untrusted_account::last_day;

/// How long before its end an entry is said to end, in days.
const SOON: i64 = 30;

const DAY: i64 = 86_400;

/// The list of accounts.
pub(super) fn accounts(cx: &TrustCx<'_>, out: &mut Vec<Draft>) {
    let list = &cx.settings.trust.accounts;
    for (at, entry) in list.iter().enumerate() {
        let Some(origin) = cx.places.accounts.get(entry.entry).copied() else { continue };
        let id = &entry.id;
        if let Some(draft) = twice(cx, &list[..at], entry) {
            out.push(draft);
            continue;
        }
        let places = places(cx, entry);
        let expired = entry.expires.is_some_and(|end| cx.now >= end);
        let day = entry.expires.and_then(last_day).unwrap_or_default();
        if expired {
            let still: Vec<Mark> = places.granted.into_iter().map(grant).collect();
            let text = "this entry counts no longer".to_owned();
            let mut draft = Draft::new("trust-expired", Severity::Low, (origin, text));
            draft.title = format!("the trust of account {id} ended after {day}");
            draft.help = "remove the entry".into();
            if !still.is_empty() {
                draft.severity = Severity::High;
                draft.title.push_str(", and policies still let it in");
                draft.help =
                    "renew `expires`, or remove the account from the policies and the entry".into();
            }
            draft.secondary = still;
            draft.key = format!("expired|{id}|{}", entry.apis.join(","));
            out.push(draft);
            continue;
        }
        let left = entry.expires.map(|end| (end - cx.now).div_euclid(DAY));
        if let Some(left) = left.filter(|left| *left <= SOON) {
            let text = format!("this entry counts for {} more", days(left));
            let mut draft = Draft::new("trust-expiring", Severity::Info, (origin, text));
            draft.title = format!("the trust of account {id} ends after {day}");
            draft.help = "ask its owner: renew `expires`, or plan its removal".into();
            draft.key = format!("expiring|{id}|{}", entry.apis.join(","));
            out.push(draft);
        }
        if !places.named {
            let text = match places.elsewhere {
                true => "it is for APIs none of which names this account",
                false => "nothing needs this entry",
            };
            let draft = Draft::new("trust-unused", Severity::Low, (origin, text.to_owned()));
            out.push(unused(cx, draft, &format!("account {id}"), NameKind::Account));
        }
    }
}

/// The other lists.
pub(super) fn lists(cx: &TrustCx<'_>, out: &mut Vec<Draft>) {
    let names: Vec<Option<Name>> =
        cx.settings.trust_lists.iter().map(|one| name(one.list, &one.text)).collect();
    for (at, (listed, origin)) in cx.settings.trust_lists.iter().zip(&cx.places.lists).enumerate() {
        let Some(Some(name)) = names.get(at) else { continue };
        let (kind, what) = match listed.list {
            List::Organizations => (NameKind::Organization, "organisation"),
            List::Vpcs => (NameKind::Vpc, "VPC"),
            List::VpcEndpoints => (NameKind::VpcEndpoint, "VPC endpoint"),
            List::Networks => (NameKind::Network, "network"),
        };
        let what = format!("{what} {}", listed.text);
        let other = names.iter().enumerate().find(|(other, one)| match one {
            // Of two that are the same, the second is one too many.
            Some(one) => *other != at && holds(one, name) && (*other < at || !holds(name, one)),
            None => false,
        });
        if let Some((other, _)) = other {
            let text = "this entry adds nothing".to_owned();
            let mut draft = Draft::new("trust-duplicate", Severity::Low, (*origin, text));
            let same = names.get(other).is_some_and(|one| one.as_ref() == Some(name));
            draft.title = match (same, cx.settings.trust_lists.get(other)) {
                (false, Some(wider)) => format!("{what} lies within {}", wider.text),
                _ => format!("{what} stands twice on the trust list"),
            };
            draft.help = "remove one of the two".into();
            let first = cx.places.lists.get(other);
            draft.secondary =
                first.map(|first| (*first, "this one".to_owned())).into_iter().collect();
            draft.key = format!("duplicate|{what}");
            out.push(draft);
            continue;
        }
        let named = |mention: &Mention| overlaps(&mention.name, name);
        if !cx.apis.iter().any(|api| api.named.mentions.iter().any(named)) {
            let text = "nothing needs this entry".to_owned();
            let draft = Draft::new("trust-unused", Severity::Low, (*origin, text));
            out.push(unused(cx, draft, &what, kind));
        }
    }
}

fn unused(cx: &TrustCx<'_>, mut draft: Draft, what: &str, kind: NameKind) -> Draft {
    draft.title = clip(&format!("no policy names {what}, which the list trusts"), 80);
    draft.help = "remove the entry: it would vouch for whoever adds a grant unseen".into();
    draft.key = format!("unused|{what}");
    cx.unless_named(draft, kind)
}

/// Where policies name the account of an entry.
#[derive(Default)]
struct Places<'a> {
    /// A policy of an API that the entry is for names it.
    named: bool,
    /// A policy of another API names it.
    elsewhere: bool,
    /// The grants in APIs that the entry is for.
    granted: Vec<(&'a ApiNames<'a>, &'a Mention)>,
}

fn places<'a>(cx: &TrustCx<'a>, entry: &TrustedAccount) -> Places<'a> {
    let mut places = Places::default();
    for api in cx.apis {
        let of_entry = |mention: &&Mention| mention.name == Name::Account(entry.id.clone());
        for mention in api.named.mentions.iter().filter(of_entry) {
            if is_for(entry, api) {
                places.named = true;
                if mention.granted && !api.owners.contains(&entry.id) {
                    places.granted.push((api, mention));
                }
            } else {
                places.elsewhere = true;
            }
        }
    }
    places
}

fn is_for(entry: &TrustedAccount, api: &ApiNames<'_>) -> bool {
    let matches = |glob: &String| api.names().iter().any(|name| glob_match(glob, name));
    entry.apis.is_empty() || entry.apis.iter().any(matches)
}

/// The label of a grant.
pub(super) fn grant((api, mention): (&ApiNames<'_>, &Mention)) -> Mark {
    (mention.origin, format!("{} grants it access", code(&api.api.address)))
}

/// The finding for an account that stands on the list already, or that the APIs are deployed in.
/// Two entries for different APIs are two grants of trust, and not one twice.
fn twice(cx: &TrustCx<'_>, before: &[TrustedAccount], entry: &TrustedAccount) -> Option<Draft> {
    let origin = *cx.places.accounts.get(entry.entry)?;
    let id = &entry.id;
    let mut draft = Draft::new("trust-duplicate", Severity::Low, (origin, String::new()));
    draft.key = format!("duplicate|{id}|{}", entry.apis.join(","));
    if cx.settings.trust.owners.contains(id) {
        draft.primary.1 = "an account deployed to is trusted without an entry".into();
        draft.title = format!("account {id} is deployed to, and on the trust list as well");
        draft.help = "remove the entry".into();
        draft.secondary = owner(cx, id).into_iter().collect();
        return Some(draft);
    }
    let other = before.iter().find(|other| other.id == *id && share(&other.apis, &entry.apis))?;
    draft.title = format!("account {id} stands twice on the trust list");
    if other.expires == entry.expires && other.apis == entry.apis {
        draft.primary.1 = "this entry adds nothing".into();
        draft.help = "remove one of the two".into();
    } else {
        // Whichever entry is wider or lasts longer counts: the other's limit limits nothing.
        draft.severity = Severity::Medium;
        draft.primary.1 = "the two differ, and whichever trusts more counts".into();
        draft.help = "write one entry, with the `apis` and `expires` that are meant".into();
    }
    let first = cx.places.accounts.get(other.entry).copied();
    draft.secondary = first.map(|first| (first, "first here".to_owned())).into_iter().collect();
    Some(draft)
}

fn owner(cx: &TrustCx<'_>, id: &AccountId) -> Option<Mark> {
    let at = cx.settings.owner_spans.iter().position(|(owner, _)| owner == id)?;
    Some((*cx.places.owners.get(at)?, "deployed to, it says here".to_owned()))
}

/// Whether some API is for both lists of globs.
fn share(a: &[String], b: &[String]) -> bool {
    a.is_empty()
        || b.is_empty()
        || a.iter()
            .any(|one| b.iter().any(|other| glob_match(one, other) || glob_match(other, one)))
}

fn name(list: List, text: &str) -> Option<Name> {
    match list {
        List::Organizations => OrgId::parse(text).map(Name::Organization),
        List::Vpcs => Some(Name::Vpc(text.to_owned())),
        List::VpcEndpoints => Some(Name::VpcEndpoint(text.to_owned())),
        List::Networks => Cidr::parse(text).map(Name::Network),
    }
}

/// Whether everything that `inner` names is named by `outer`.
fn holds(outer: &Name, inner: &Name) -> bool {
    match (outer, inner) {
        (Name::Network(outer), Name::Network(inner)) => {
            let ((first, last), (from, to)) = (outer.bounds(), inner.bounds());
            outer.is_ipv4() == inner.is_ipv4() && first <= from && to <= last
        }
        _ => outer == inner,
    }
}

/// Whether the two have something in common. Of an entry that a policy names in part, that part is
/// needed.
fn overlaps(a: &Name, b: &Name) -> bool {
    match (a, b) {
        (Name::Network(a), Name::Network(b)) => {
            let ((first, last), (from, to)) = (a.bounds(), b.bounds());
            a.is_ipv4() == b.is_ipv4() && first <= to && from <= last
        }
        _ => a == b,
    }
}

fn days(count: i64) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}
