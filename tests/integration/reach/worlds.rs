//! Several worlds: what is said of all of them together is what is said of each alone, a hole being
//! certain where the default world has it. One of an API that the default world lacks is possible.

use std::collections::{BTreeMap, BTreeSet};

use gatelint::analyze::reach::reach;
use gatelint::model::{
    Api, ApiWorld, Assumption, EndpointType, EndpointTypes, ExposureSummary, PolicyState, Reach,
    Reached, Tri,
};

use super::bench::{Bench, NOW};
use super::random::{Dice, bench};
use super::soundness::{levels, summaries};

/// Puts further worlds beside the one of `bench`, as a template's conditions make them: statements that
/// are only there in some, another endpoint type, no API at all.
fn branch(bench: &mut Bench, dice: &mut Dice) {
    let first = bench.api.worlds[0].clone();
    let default = dice.roll(4);
    let worlds = (0..2 + dice.roll(2)).map(|number| {
        let text = format!("case {number}");
        let mut world = ApiWorld {
            assumptions: vec![Assumption { text, pin: None, origin: None }],
            is_default: number == default,
            exists: dice.roll(8) > 0,
            ..first.clone()
        };
        if let PolicyState::Known(readings) = &mut world.policy {
            for policy in readings {
                policy.statements.retain(|_| number == 0 || dice.roll(3) > 0);
            }
        }
        match dice.roll(5) {
            0 if number > 0 => {
                world.endpoint = EndpointTypes::Known(EndpointType::Private, None);
            }
            1 if number > 0 => {
                world.endpoint = EndpointTypes::Known(EndpointType::Regional, None);
            }
            _ => {}
        }
        world
    });
    bench.api.worlds = worlds.collect();
}

/// The level of each class that one of several summaries names, by the worlds in which it stands.
fn together(summaries: &[(bool, &ExposureSummary)], asked_for: bool) -> BTreeMap<String, Reached> {
    let each: Vec<(bool, BTreeMap<String, Reached>)> = summaries
        .iter()
        .map(|(decides, one)| (*decides, levels(one).into_iter().collect()))
        .collect();
    let names: BTreeSet<&String> = each.iter().flat_map(|(_, levels)| levels.keys()).collect();
    let level = |name: &str| {
        let of = |levels: &BTreeMap<String, Reached>| levels.get(name).copied();
        let mut decisive = each.iter().filter(|(decides, _)| *decides);
        if !asked_for && decisive.all(|(_, levels)| of(levels) == Some(Reached::Allowed)) {
            return Reached::Allowed;
        }
        let reached = each.iter().filter_map(|(_, levels)| of(levels));
        reached.max().map_or(Reached::Denied, |level| level.min(Reached::Possible))
    };
    names.into_iter().map(|name| (name.clone(), level(name))).collect()
}

/// Checks a random API of several worlds against what is said of each of its worlds. `None` when a
/// bound was reached or the API exists in no world.
pub(super) fn check(dice: &mut Dice) -> Option<bool> {
    let (mut bench, statements) = bench(dice);
    branch(&mut bench, dice);
    let all = bench.reach();
    let worlds = || bench.api.worlds.iter().filter(|world| world.exists);
    let by_default = worlds().any(|world| world.is_default);
    let asked_for = !by_default && bench.api.worlds.iter().any(|world| world.is_default);
    let alone: Vec<(bool, Reach)> = worlds()
        .map(|world| {
            let api = Api { worlds: vec![world.clone()], ..bench.api.clone() };
            (world.is_default || !by_default, reach(&api, &bench.trust, NOW))
        })
        .collect();
    if all.bounded || alone.is_empty() || alone.iter().any(|(_, reach)| reach.bounded) {
        return None;
    }
    let about = || format!("{:#?}\n{statements:?}", bench.api.worlds);
    for (at, summary) in summaries(&all).into_iter().enumerate() {
        let each = alone.iter().map(|(decides, reach)| (*decides, summaries(reach)[at]));
        let expected = together(&each.collect::<Vec<_>>(), asked_for);
        let found: BTreeMap<String, Reached> = levels(summary).into_iter().collect();
        assert_eq!(found, expected, "{}", about());
    }
    let key = |e: &gatelint::model::Exposure| (e.deciding, e.class.clone());
    let found: BTreeSet<_> = all.exposures.iter().map(key).collect();
    let each: BTreeSet<_> =
        alone.iter().flat_map(|(_, reach)| reach.exposures.iter().map(key)).collect();
    assert_eq!(found, each, "{}", about());
    for exposure in &all.exposures {
        let number = bench.api.worlds[..exposure.world].iter().filter(|world| world.exists).count();
        let own = alone[number].1.exposures.iter().find(|other| key(other) == key(exposure));
        let own = own.unwrap_or_else(|| panic!("{exposure:#?}\n{}", about()));
        assert!(own.access >= exposure.access && own.gate == exposure.gate, "{}", about());
        assert!(exposure.access.is_true() || !exposure.needs.is_empty(), "{}", about());
    }
    Some(all.exposures.iter().any(|exposure| exposure.access == Tri::True))
}

#[test]
fn several_worlds_are_what_each_of_them_is() {
    let mut dice = Dice(0x51ed_270b_9f3c_44d1);
    let (mut checked, mut proved) = (0, 0);
    for _ in 0..150 {
        if let Some(certain) = check(&mut dice) {
            checked += 1;
            proved += usize::from(certain);
        }
    }
    assert!(checked > 120 && proved > 20 && proved < checked, "{proved} of {checked}");
}
