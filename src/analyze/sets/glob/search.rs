//! The search for a text of a set: the cheapest path through the product of the globs of a formula.
//!
//! A state of the product is the set of positions that are active in all the globs together. At each
//! one the alphabet is cut into the classes that the active steps tell apart, and one character
//! stands for each class. A state is given up when the formula is false of every text that can still
//! follow: a glob without an active position is false from there on, one at a final `*` is true. The
//! walk is exact; a bound on it is reported and is never an answer.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyze::sets::budget::{Budget, TooBig};

use super::chars::{Chars, price};
use super::pattern::{Count, Glob, Item};
use super::text_set::{Node, TextSet};

/// A text and what it costs.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) text: String,
    pub(super) cost: u32,
}

/// The simplest text of all of `parts`; `None` when there is none.
pub(super) fn search(parts: &[TextSet], budget: &Budget) -> Result<Option<Found>, TooBig> {
    let product = Product::new(parts);
    budget.take(product.places.len())?;
    let mut scratch = vec![None; product.owners];
    let start = product.closed(product.starts.clone());
    if product.verdict(&start, false, &mut scratch) == Some(false) {
        return Ok(None);
    }
    // Where each state was come from: cheaper paths leave the queue first, readable ones before
    // others of the same cost.
    let mut trail: Vec<(usize, Option<char>)> = vec![(0, None)];
    let mut queue = BinaryHeap::from([(Reverse((0u32, 0usize)), start)]);
    let mut done: FxHashSet<State> = FxHashSet::default();
    while let Some((Reverse((cost, arrival)), state)) = queue.pop() {
        if product.verdict(&state, true, &mut scratch) == Some(true) {
            return Ok(Some(Found { text: trace(&trail, arrival), cost }));
        }
        if done.contains(&state) {
            continue;
        }
        let letters = product.letters(&state);
        budget.take((letters.len() + 1) * (state.len() + product.owners))?;
        for c in letters {
            let next = product.step(&state, c);
            if done.contains(&next) || product.verdict(&next, false, &mut scratch) == Some(false) {
                continue;
            }
            trail.push((arrival, Some(c)));
            queue.push((Reverse((cost.saturating_add(price(c)), trail.len() - 1)), next));
        }
        done.insert(state);
    }
    Ok(None)
}

/// The active places, sorted.
type State = Box<[u32]>;

/// The globs of a formula, laid out one behind the other.
struct Product<'a> {
    formula: Formula,
    /// Each position of each arm of each glob.
    places: Vec<Place<'a>>,
    /// Where the arms begin.
    starts: Vec<u32>,
    /// How many unions of globs there are.
    owners: usize,
}

/// One position of a pattern.
struct Place<'a> {
    /// The step behind it; `None` at the end.
    item: Option<&'a Item>,
    /// The character that the step takes, when it is the only one.
    single: Option<char>,
    /// The union of globs that it belongs to.
    owner: u32,
    /// Whether every text may follow.
    universal: bool,
    /// The first place whose continuations are all among those of this one: steps in front of a run
    /// take nothing that the run does not take.
    covers: u32,
}

/// A formula over the unions of a product, by number.
enum Formula {
    Union(usize),
    Not(Box<Formula>),
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

impl<'a> Product<'a> {
    fn new(parts: &'a [TextSet]) -> Self {
        let mut unions = Unions::default();
        let formula = Formula::All(parts.iter().map(|part| unions.formula(part)).collect());
        let (mut places, mut starts) = (Vec::new(), Vec::new());
        for (owner, globs) in unions.list.iter().enumerate() {
            for arm in globs.iter().flat_map(|glob| glob.arms.iter()) {
                starts.push(number(places.len()));
                push_arm(arm, number(owner), &mut places);
            }
        }
        Self { formula, places, starts, owners: unions.list.len() }
    }

    fn step(&self, state: &[u32], c: char) -> State {
        let mut next = Vec::with_capacity(state.len() + 1);
        for &at in state {
            let place = self.place(at);
            let Some(item) = place.item else { continue };
            let takes = place.single.map_or_else(|| item.chars.contains(c), |only| only == c);
            if takes {
                next.push(if item.count == Count::Run { at } else { at + 1 });
            }
        }
        self.closed(next)
    }

    fn place(&self, at: u32) -> &Place<'a> {
        &self.places[at as usize]
    }

    /// Adds what is reached without a character, and leaves out what another place covers.
    fn closed(&self, mut active: Vec<u32>) -> State {
        let mut at = 0;
        let mut universal = None;
        while let Some(&number) = active.get(at) {
            let place = self.place(number);
            if place.item.is_some_and(|item| item.count != Count::One) {
                active.push(number + 1);
            }
            if place.universal {
                universal = Some(place.owner);
            }
            at += 1;
        }
        active.sort_unstable();
        active.dedup();
        if let Some(owner) = universal {
            active.retain(|at| {
                let place = self.place(*at);
                place.owner != owner || place.universal
            });
        }
        let mut covered_from = u32::MAX;
        let mut kept = active.len();
        for at in (0..active.len()).rev() {
            let place = active[at];
            if place < covered_from {
                kept -= 1;
                active[kept] = place;
                covered_from = self.place(place).covers;
            }
        }
        active.drain(..kept);
        active.into()
    }

    /// A character of each class that the state tells apart.
    fn letters(&self, state: &[u32]) -> Vec<char> {
        let mut letters: Vec<char> = Vec::new();
        let mut sets: Vec<&Chars> = Vec::new();
        for &at in state {
            let place = self.place(at);
            match (place.single, place.item) {
                (Some(c), _) => letters.push(c),
                (None, Some(item)) if !sets.contains(&&item.chars) => sets.push(&item.chars),
                _ => {}
            }
        }
        letters.sort_unstable();
        letters.dedup();
        let apart = letters.iter().fold(Chars::ALL, |rest, c| rest.without(*c));
        let mut classes = vec![apart];
        for chars in sets {
            let mut cut = Vec::with_capacity(classes.len() + 1);
            for class in classes {
                let (inside, outside) = (class.intersect(chars), class.subtract(chars));
                cut.extend([inside, outside].into_iter().filter(|part| !part.is_empty()));
            }
            classes = cut;
        }
        // The plainest letters come first: of two texts of the same cost the first one is taken.
        letters.extend(classes.iter().filter_map(Chars::simplest));
        letters.sort_by_key(|c| (price(*c), !c.is_ascii_lowercase(), *c));
        letters
    }

    /// Whether the formula is true of the text up to here, with `ends`; otherwise whether it is
    /// true, or false, of every text that begins with it, and `None` if that depends.
    fn verdict(&self, state: &[u32], ends: bool, scratch: &mut [Option<bool>]) -> Option<bool> {
        scratch.fill(Some(false));
        for &at in state {
            let place = self.place(at);
            let union = &mut scratch[place.owner as usize];
            if ends {
                *union = Some(*union == Some(true) || place.universal || place.item.is_none());
            } else if place.universal {
                *union = Some(true);
            } else if *union == Some(false) {
                *union = None;
            }
        }
        self.formula.value(scratch)
    }
}

fn push_arm<'a>(arm: &'a [Item], owner: u32, places: &mut Vec<Place<'a>>) {
    let first = places.len();
    for (at, item) in arm.iter().enumerate() {
        let mut covers = at;
        if item.count == Count::Run {
            while covers > 0 && arm[covers - 1].chars.is_subset(&item.chars) {
                covers -= 1;
            }
        }
        let universal = at + 1 == arm.len() && item.count == Count::Run && item.chars == Chars::ALL;
        let (single, covers) = (item.chars.single(), number(first + covers));
        places.push(Place { item: Some(item), single, owner, universal, covers });
    }
    let covers = number(places.len());
    places.push(Place { item: None, single: None, owner, universal: false, covers });
}

/// Places are numbered in 32 bits: a template that would hold more of them is refused long before.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The unions of globs that occur in a formula: the globs of one `Any` are one automaton.
#[derive(Default)]
struct Unions<'a> {
    numbers: FxHashMap<Vec<&'a Glob>, usize>,
    list: Vec<Vec<&'a Glob>>,
}

impl<'a> Unions<'a> {
    fn formula(&mut self, set: &'a TextSet) -> Formula {
        match &*set.0 {
            Node::Glob(glob) => self.union(vec![glob]),
            Node::Not(inner) => Formula::Not(Box::new(self.formula(inner))),
            Node::All(parts) => Formula::All(parts.iter().map(|p| self.formula(p)).collect()),
            Node::Any(parts) => {
                let (mut globs, mut others) = (Vec::new(), Vec::new());
                for part in parts {
                    match &*part.0 {
                        Node::Glob(glob) => globs.push(glob),
                        _ => others.push(self.formula(part)),
                    }
                }
                if !globs.is_empty() {
                    others.push(self.union(globs));
                }
                Formula::Any(others)
            }
        }
    }

    fn union(&mut self, globs: Vec<&'a Glob>) -> Formula {
        let next = self.list.len();
        let number = *self.numbers.entry(globs).or_insert_with_key(|globs| {
            self.list.push(globs.clone());
            next
        });
        Formula::Union(number)
    }
}

impl Formula {
    fn value(&self, unions: &[Option<bool>]) -> Option<bool> {
        match self {
            Self::Union(number) => unions[*number],
            Self::Not(inner) => inner.value(unions).map(|value| !value),
            Self::All(parts) => decide(parts, unions, false),
            Self::Any(parts) => decide(parts, unions, true),
        }
    }
}

/// `decisive` if any part is, the opposite if all parts are that, else `None`.
fn decide(parts: &[Formula], unions: &[Option<bool>], decisive: bool) -> Option<bool> {
    let mut out = Some(!decisive);
    for part in parts {
        match part.value(unions) {
            Some(value) if value == decisive => return Some(decisive),
            Some(_) => {}
            None => out = None,
        }
    }
    out
}

fn trace(trail: &[(usize, Option<char>)], mut at: usize) -> String {
    let mut text = Vec::new();
    while let (before, Some(c)) = trail[at] {
        text.push(c);
        at = before;
    }
    text.iter().rev().collect()
}
