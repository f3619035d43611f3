//! Which requests from outside the trust list get through.
//!
//! A policy touches a request only through sets: addresses, ids, names, texts. What has few cells
//! (addresses, VPC endpoints, the clock) is enumerated; what is a language (request lines, principals,
//! organisations, headers, tags) is [`solve`]d exactly. Work is bounded ([`budget`]), and what is not
//! decided within the bound is possible, never denied.
//!
//! From the inside out: a [`scene`] is one policy on one endpoint type under one identity of its API;
//! an [`engine`] says which requests of a group of callers get through on one target; a [`survey`]
//! asks it for every group and every route of a scene; a [`world`] takes the worst over readings and
//! identities and what is common to the endpoint types; [`found`] puts the worlds together.
//!
//! This room must not evaluate anything itself: what a policy says of a request is
//! [`evaluate`](super::evaluate)'s matter, what that means [`access`](super::access)'s.

mod accounts;
mod alike;
mod bits;
mod budget;
pub(super) mod deny;
mod engine;
mod fill;
mod found;
pub(super) mod identity;
mod keys;
mod lockout;
pub(super) mod names;
mod networks;
mod outsiders;
mod owned;
mod parts;
mod places;
mod project;
mod ranges;
pub mod representatives;
mod routes;
mod rows;
mod scene;
mod solve;
mod summary;
mod survey;
mod table;
mod tails;
mod tally;
mod tokens;
mod variables;
mod visit;
mod witness;
mod words;
mod world;

use crate::model::{Api, ApiKind, Exposure, PolicyState, Reach, Standing, Summaries, Tri, Trust};

pub use alike::Alike;
pub use lockout::{Applicable, Effects, OnRoute, applicable_allows, effects, meets};
pub use table::callers;

use budget::Budget;
use engine::Build;
use fill::Work;
use found::{Found, InWorld, levels_over_worlds, over_worlds};
use solve::Solver;
use survey::Levels;
use words::Words;
use world::Question;

/// Decides `api`: every class of callers outside `trust`, with a witness for each hole. `now` is the
/// time of the requests in seconds since 1970 UTC.
///
/// The exposures come worst first: what is open before what stands behind a gate, what is proved
/// before what is possible, then by class and statement. Each witness is confirmed by
/// [`evaluate`](super::evaluate::evaluate) and [`access`](super::access::access_by).
///
/// The policy of a VPC endpoint lets nobody in: it limits what the endpoint's own users reach, before
/// the API's policy is asked (SEMANTICS 3.5). It has no exposure.
pub fn reach(api: &Api, trust: &Trust, now: i64) -> Reach {
    decide(api, trust, now, &|scene, outsiders| Box::new(Solver::new(scene, outsiders)))
}

/// Decides `api` with the engine that `build` makes.
fn decide(api: &Api, trust: &Trust, now: i64, build: &Build) -> Reach {
    if api.kind == ApiKind::VpcEndpoint {
        return Reach::default();
    }
    let mut budget = Budget::new();
    let question = Question { api, trust, now, work: Work::default(), build };
    let worlds: Vec<InWorld<'_>> = api
        .worlds
        .iter()
        .enumerate()
        .filter(|(_, world)| world.exists)
        .map(|(number, world)| InWorld {
            number,
            is_default: world.is_default,
            assumptions: &world.assumptions,
            found: question.world(number, world, &mut budget),
        })
        .collect();
    let asked_for = !api.exists_by_default();
    let mut exposures = over_worlds(&worlds, asked_for);
    exposures.sort_by_key(order);
    let over = |of: fn(&Found) -> Option<&Levels>| levels_over_worlds(&worlds, asked_for, of);
    let levels = over(|found| Some(&found.exposure)).unwrap_or_default();
    let policy = over(|found| found.policy.as_ref());
    let mut summaries = Summaries {
        exposure: summary::summary(api, &levels),
        policy_exposure: policy.map(|levels| summary::summary(api, &levels)),
    };
    let bounded = budget.spent() || question.work.spent();
    if !api.unresolved.is_empty() && !worlds.is_empty() {
        summary::doubt(api, &mut summaries.exposure);
        summary::doubt(api, summaries.policy_exposure.get_or_insert_default());
    }
    if bounded {
        undecided(api, trust, now, &mut summaries);
    }
    Reach { exposures, summaries, bounded }
}

/// Worst first.
fn order(exposure: &Exposure) -> impl Ord + use<> {
    (
        survey::gate_rank(exposure.gate),
        exposure.access != Tri::True,
        exposure.class.clone(),
        exposure.world,
        exposure.reading,
        exposure.statement.unwrap_or(usize::MAX),
        exposure.deciding,
    )
}

/// The bound on work was reached: whatever was not decided is possible.
fn undecided(api: &Api, trust: &Trust, now: i64, summaries: &mut Summaries) {
    let names = [Some(api.address.as_str()), api.name.as_deref()];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    let readings = api.worlds.iter().filter_map(|world| match &world.policy {
        PolicyState::Known(readings) => Some(readings),
        PolicyState::None | PolicyState::Unknown(..) => None,
    });
    let accounts: Vec<String> = readings
        .flatten()
        .flat_map(|policy| Words::of(policy).accounts)
        .filter(|account| {
            let standing = trust.standing(account, &names, now);
            !matches!(standing, Standing::Owner | Standing::Trusted)
        })
        .map(|account| account.to_string())
        .collect();
    for summary in [Some(&mut summaries.exposure), summaries.policy_exposure.as_mut()] {
        let Some(summary) = summary else { continue };
        summary::doubt(api, summary);
        for account in &accounts {
            if !summary.untrusted_accounts.contains(account) {
                summary.possible_accounts.insert(account.clone());
            }
        }
    }
}
