//! `untrusted-account`: an account that the policy names and nobody vouches for.

use super::support::{CauseCx, Claim, code};
use super::{Kind, Meta, Rule};
use crate::analyze::owner::account_of_resources;
use crate::config::Settings;
use crate::finding::{Severity, SpanMark};
use crate::model::{AccountId, CallerClass, Standing};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "untrusted-account",
        summary: "the policy lets in an account that is not on the trust list",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/untrusted-account.md"),
    },
    kind: Kind::Cause { rank: 50, claims },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    match &cx.exposure.class {
        CallerClass::Account(account) => Some(named(cx, account)),
        CallerClass::UnknownAccount(symbol) => {
            let name = code(cx.symbols().label(*symbol));
            let text = format!("whether the account in {name} is trusted, nobody can tell");
            let pin = cx.symbols().get(*symbol).and_then(|info| info.pin.as_deref());
            let mut help = format!("write the account id, or give {name} a value");
            let told = cx.exposure.needs.iter().any(|need| need.pin.as_deref() == pin);
            if let Some(pin) = pin.filter(|_| !told) {
                help.push_str(&format!(": run with {}", code(pin)));
            }
            let mut claim = Claim::new((cx.exposure.admits, text), help);
            claim.declared = cx.declaration(*symbol);
            Some(claim)
        }
        _ => None,
    }
}

fn named(cx: &CauseCx<'_>, account: &AccountId) -> Claim {
    let trust = &cx.settings.trust;
    let names = [Some(cx.api.address.as_str()), cx.api.name.as_deref()];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    let standing = trust.standing(account, &names, cx.now);
    let on_list = trust.accounts.iter().any(|entry| entry.id == *account);
    let (text, help) = match standing {
        Standing::Expired(entry) => {
            let entry = trust.accounts.iter().find(|e| e.entry == entry);
            let name = entry
                .and_then(|e| e.name.as_deref())
                .map_or(String::new(), |name| format!(" ({})", code(name)));
            let until = entry.and_then(|e| e.expires).and_then(last_day);
            let until = until.map_or(String::new(), |day| format!(" after {day}"));
            (
                format!("the trust list's entry for {account}{name} expired{until}"),
                "renew the entry's `expires`, or remove the account from the policy".to_owned(),
            )
        }
        _ if on_list => (
            format!("the trust list has {account} for other APIs only"),
            "widen the entry's `apis`, or remove the account from the policy".to_owned(),
        ),
        _ => (
            format!("account {account} is not on the trust list"),
            "remove the account, or add it to `trust.accounts` with an owner and a reason"
                .to_owned(),
        ),
    };
    let help = if owner_known(cx) {
        help
    } else {
        format!(
            "if {account} is the account you deploy to, run with --account-id {account}; \
             else {help}"
        )
    };
    let mut claim = Claim::new((cx.exposure.admits, text), help);
    if let Standing::Expired(entry) = standing {
        claim.elsewhere = expired_entry(cx.settings, entry);
    }
    claim
}

/// The entry of the trust list that no longer counts, where its place is known.
fn expired_entry(settings: &Settings, entry: usize) -> Vec<SpanMark> {
    let span = settings.trust_spans.get(entry);
    span.map(|span| (*span, "this entry has expired".to_owned())).into_iter().collect()
}

/// Whether it is known which account deploys: it is set, or the ARNs in the policy's Resource name
/// it (CONTRACT 6, owner accounts).
fn owner_known(cx: &CauseCx<'_>) -> bool {
    !cx.settings.trust.owners.is_empty() || account_of_resources(cx.api).is_some()
}

/// The last day before `end`, the first second at which an entry no longer counts.
pub(super) fn last_day(end: i64) -> Option<String> {
    let last = jiff::Timestamp::from_second(end.checked_sub(1)?).ok()?;
    Some(last.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
}

#[cfg(test)]
mod tests {
    use super::last_day;

    #[test]
    fn the_last_day_is_the_one_written() {
        // `expires: 2027-01-31` counts through that day: its end is 2027-02-01T00:00:00Z.
        assert_eq!(last_day(1_801_440_000).as_deref(), Some("2027-01-31"));
        assert_eq!(last_day(i64::MIN), None);
    }
}
