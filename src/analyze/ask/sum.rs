//! From outcomes to an answer: as few cases as say it all.
//!
//! An outcome is a point: one value along every dimension. Cases are boxes: a set of values along
//! every dimension, with one result. Boxes that differ along one dimension only are merged until none
//! is left; a dimension along which a box holds every value does not matter to it and is not named.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::analyze::sets::AddressSet;
use crate::model::{Answer, Api, Case, Cidr, Tri};

use super::outcome::{Outcome, Place};
use super::reason::reason;

/// The most ranges that a case lists.
const RANGES: usize = 4;

/// Sums up what was found. `bounded`: something was left out.
pub(super) fn sum(api: &Api, outcomes: &[Outcome<'_>], bounded: bool) -> Answer {
    let results: BTreeSet<Tri> = outcomes.iter().map(|outcome| outcome.access).collect();
    let mut results = results.into_iter();
    let access = match (results.next(), results.next(), bounded) {
        (Some(only), None, false) => only,
        (None, ..) => Tri::False,
        _ => Tri::Unknown,
    };
    let axes = Axes::of(outcomes);
    let mut cases: Vec<Case> = merged(outcomes, &axes)
        .into_iter()
        .map(|area| {
            let first = &outcomes[area.first];
            let (reason, places) = reason(api, first);
            let when = axes.words(&area);
            Case { when, access: area.access, request: first.request.clone(), reason, places }
        })
        .collect();
    // Stable: among equals the order of the outcomes stays.
    cases.sort_by_key(|case| Reverse(case.access));
    Answer { access, cases, bounded }
}

/// The values along every dimension, the network last.
struct Axes<'o> {
    texts: Vec<Vec<&'o str>>,
    places: Vec<&'o Place>,
}

/// A box: the values along every dimension by their number.
struct Area {
    access: Tri,
    sides: Vec<BTreeSet<usize>>,
    /// The first outcome in it.
    first: usize,
}

fn number<T: PartialEq>(list: &mut Vec<T>, value: T) -> usize {
    list.iter().position(|known| *known == value).unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    })
}

impl<'o> Axes<'o> {
    fn of(outcomes: &'o [Outcome<'_>]) -> Self {
        let count = outcomes.first().map_or(0, |outcome| outcome.when.texts().len());
        let mut axes = Self { texts: vec![Vec::new(); count], places: Vec::new() };
        for outcome in outcomes {
            for (axis, text) in axes.texts.iter_mut().zip(outcome.when.texts()) {
                number(axis, text.as_str());
            }
            number(&mut axes.places, &outcome.when.network);
        }
        axes
    }

    fn point(&self, outcome: &Outcome<'_>) -> Vec<BTreeSet<usize>> {
        let texts = self.texts.iter().zip(outcome.when.texts());
        let at = texts.filter_map(|(axis, text)| axis.iter().position(|known| known == text));
        let place = self.places.iter().position(|known| **known == outcome.when.network);
        at.chain(place).map(|value| BTreeSet::from([value])).collect()
    }

    /// What sets a box apart, in words.
    fn words(&self, area: &Area) -> Vec<String> {
        let mut out = Vec::new();
        for (axis, side) in self.texts.iter().zip(&area.sides) {
            let words: Vec<&str> = side.iter().filter_map(|at| axis.get(*at).copied()).collect();
            if side.len() < axis.len() && words.iter().any(|word| !word.is_empty()) {
                out.push(words.join(" or "));
            }
        }
        if let Some(side) = area.sides.last().filter(|side| side.len() < self.places.len()) {
            let places: Vec<&Place> =
                side.iter().filter_map(|at| self.places.get(*at).copied()).collect();
            out.extend(place(&places));
        }
        out
    }
}

/// The boxes that hold every outcome, as few as merging makes them.
fn merged(outcomes: &[Outcome<'_>], axes: &Axes<'_>) -> Vec<Area> {
    let mut areas: Vec<Area> = outcomes
        .iter()
        .enumerate()
        .map(|(first, o)| Area { access: o.access, sides: axes.point(o), first })
        .collect();
    let count = areas.first().map_or(0, |area| area.sides.len());
    loop {
        let before = areas.len();
        for axis in (0..count).rev() {
            let mut by_rest: BTreeMap<(Tri, Vec<BTreeSet<usize>>), Area> = BTreeMap::new();
            for mut area in areas {
                let side = std::mem::take(&mut area.sides[axis]);
                let found = by_rest.entry((area.access, area.sides.clone())).or_insert(area);
                found.sides[axis].extend(side);
            }
            areas = by_rest.into_values().collect();
        }
        areas.sort_by_key(|area| area.first);
        if areas.len() == before {
            return areas;
        }
    }
}

/// Where the requests of a case come from, in words.
fn place(places: &[&Place]) -> Option<String> {
    let mut addresses = AddressSet::nothing();
    let mut texts: Vec<&str> = Vec::new();
    for place in places {
        match place {
            Place::Given => {}
            Place::Addresses(set) => addresses = addresses.union(set),
            Place::Text(text) => texts.push(text),
        }
    }
    if !texts.is_empty() {
        return Some(texts.join(" or "));
    }
    if addresses.is_empty() {
        return None;
    }
    let list =
        |ranges: &[Cidr]| ranges.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let ranges = addresses.ranges();
    if ranges.len() <= RANGES {
        return Some(format!("from {}", list(&ranges)));
    }
    let only_v4 = ranges.iter().all(|range| range.is_ipv4());
    let family = if only_v4 { AddressSet::ipv4() } else { AddressSet::everything() };
    let others = family.subtract(&addresses).ranges();
    Some(match others.len() {
        0..=RANGES => format!("from anywhere but {}", list(&others)),
        _ => format!("from {} ranges, such as {}", ranges.len(), ranges[0]),
    })
}
