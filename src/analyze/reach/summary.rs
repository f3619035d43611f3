//! The summaries of CONTRACT 4.

use std::collections::BTreeSet;

use crate::model::{Api, CallerClass, ExposureSummary, Reached, Tri};

use super::networks;
use super::scene::{Endpoint, endpoints};
use super::survey::Levels;

/// The fields of a summary.
pub(super) fn summary(api: &Api, levels: &Levels) -> ExposureSummary {
    let reached = |class: &CallerClass| match levels.level(class) {
        Tri::True => Reached::Allowed,
        Tri::Unknown => Reached::Possible,
        Tri::False => Reached::Denied,
    };
    let mut out = ExposureSummary {
        anonymous_internet: reached(&CallerClass::AnonymousInternet),
        any_aws_account: reached(&CallerClass::AnyAwsAccount),
        any_vpc_endpoint: reached(&CallerClass::AnyVpcEndpoint),
        trusted_accounts: levels.trusted.iter().map(ToString::to_string).collect(),
        organizations: levels.organizations.clone(),
        networks: networks::blocks(&levels.networks),
        vpcs: levels.vpcs.clone(),
        vpc_endpoints: levels.vpces.clone(),
        preflight_only: levels.preflight.is_some() && levels.classes.is_empty(),
        ..ExposureSummary::default()
    };
    for (class, level) in &levels.classes {
        let (name, level) = match class {
            CallerClass::Account(account) => (account.to_string(), *level),
            // Whether the value names an outsider is not known, however wide the door is.
            CallerClass::UnknownAccount(symbol) => {
                (api.symbols.label(*symbol).to_owned(), Tri::Unknown.min(*level))
            }
            _ => continue,
        };
        match level {
            Tri::True => drop(out.untrusted_accounts.insert(name)),
            Tri::Unknown => drop(out.possible_accounts.insert(name)),
            Tri::False => {}
        }
    }
    // What one route leaves open counts, whatever it does on another.
    for account in &out.untrusted_accounts {
        out.trusted_accounts.remove(account);
    }
    out
}

/// Makes every class of a summary possible that was denied, but for those that no endpoint of the API
/// lets come near: nobody on the internet reaches a private one, and no VPC endpoint any other
/// (SEMANTICS 3.3).
pub(super) fn doubt(api: &Api, summary: &mut ExposureSummary) {
    let mut worlds = api.worlds.iter().filter(|world| world.exists).peekable();
    let some = worlds.peek().is_some();
    let endpoints: BTreeSet<bool> =
        worlds.flat_map(endpoints).map(|endpoint| endpoint == Endpoint::Private).collect();
    let on = |private: bool| !some || endpoints.contains(&private);
    for (class, reaches) in [
        (&mut summary.anonymous_internet, on(false)),
        (&mut summary.any_aws_account, true),
        (&mut summary.any_vpc_endpoint, on(true)),
    ] {
        if reaches {
            *class = (*class).max(Reached::Possible);
        }
    }
}
