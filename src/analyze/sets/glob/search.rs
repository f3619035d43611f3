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

use super::chars::Chars;
use super::pattern::{Count, Glob, Item};
use super::text_set::{Node, TextSet};

/// The simplest text of `set`; `None` when there is none.
pub(super) fn search(set: &TextSet, budget: &Budget) -> Result<Option<String>, TooBig> {
    let product = Product::new(set);
    budget.take(product.places.len())?;
    let start = product.start();
    if product.verdict(&start, false) == Some(false) {
        return Ok(None);
    }
    // Where each state was come from: cheaper paths leave the queue first, readable ones before
    // others of the same cost.
    let mut trail: Vec<(usize, Option<char>)> = vec![(0, None)];
    let mut queue = BinaryHeap::from([(Reverse((0u32, 0usize)), start.clone())]);
    let mut done: FxHashSet<State> = FxHashSet::default();
    while let Some((Reverse((cost, arrival)), state)) = queue.pop() {
        if product.verdict(&state, true) == Some(true) {
            return Ok(Some(trace(&trail, arrival)));
        }
        if !done.insert(state.clone()) {
            continue;
        }
        let classes = product.classes(&state);
        budget.take((classes.len() + 1) * (state.len() + product.owners))?;
        for class in classes {
            let Some((c, price)) = class.simplest() else { continue };
            let next = product.step(&state, c);
            if done.contains(&next) || product.verdict(&next, false) == Some(false) {
                continue;
            }
            trail.push((arrival, Some(c)));
            queue.push((Reverse((cost.saturating_add(price), trail.len() - 1)), next));
        }
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
    /// How many globs there are.
    owners: usize,
}

/// One position of a pattern.
struct Place<'a> {
    /// The step behind it; `None` at the end.
    item: Option<&'a Item>,
    /// The glob that it belongs to.
    owner: u32,
    /// Whether every text may follow.
    universal: bool,
    /// The first place whose continuations are all among those of this one: steps in front of a run
    /// take nothing that the run does not take.
    covers: u32,
}

/// A formula over the globs of a product, by number.
enum Formula {
    Glob(usize),
    Not(Box<Formula>),
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

impl<'a> Product<'a> {
    fn new(set: &'a TextSet) -> Self {
        let mut numbers: FxHashMap<&'a Glob, usize> = FxHashMap::default();
        let mut globs: Vec<&'a Glob> = Vec::new();
        let formula = Formula::new(set, &mut |glob| {
            *numbers.entry(glob).or_insert_with(|| {
                globs.push(glob);
                globs.len() - 1
            })
        });
        let mut places: Vec<Place<'a>> = Vec::new();
        let mut starts = Vec::new();
        for (owner, glob) in globs.iter().enumerate() {
            for arm in glob.arms.iter() {
                starts.push(number(places.len()));
                push_arm(arm, number(owner), &mut places);
            }
        }
        Self { formula, places, starts, owners: globs.len() }
    }

    fn start(&self) -> State {
        self.closed(self.starts.clone())
    }

    fn step(&self, state: &[u32], c: char) -> State {
        let mut next = Vec::with_capacity(state.len() + 1);
        for &at in state {
            if let Some(item) = self.place(at).item
                && item.chars.contains(c)
            {
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
        while let Some(&place) = active.get(at) {
            if self.place(place).item.is_some_and(|item| item.count != Count::One) {
                active.push(place + 1);
            }
            at += 1;
        }
        active.sort_unstable();
        active.dedup();
        let mut kept = Vec::with_capacity(active.len());
        let mut covered_from = u32::MAX;
        for &place in active.iter().rev() {
            if place < covered_from {
                kept.push(place);
                covered_from = self.place(place).covers;
            }
        }
        kept.reverse();
        kept.into()
    }

    /// The classes of characters that the state tells apart.
    fn classes(&self, state: &[u32]) -> Vec<Chars> {
        let mut distinct: Vec<&Chars> = Vec::new();
        for &at in state {
            if let Some(item) = self.place(at).item
                && !distinct.contains(&&item.chars)
            {
                distinct.push(&item.chars);
            }
        }
        let mut classes = vec![Chars::ALL];
        for chars in distinct {
            let mut cut = Vec::with_capacity(classes.len() + 1);
            for class in classes {
                let (inside, outside) = (class.intersect(chars), class.subtract(chars));
                cut.extend([inside, outside].into_iter().filter(|part| !part.is_empty()));
            }
            classes = cut;
        }
        classes
    }

    /// Whether the formula is true of the text up to here, with `ends`; otherwise whether it is
    /// true, or false, of every text that begins with it, and `None` if that depends.
    fn verdict(&self, state: &[u32], ends: bool) -> Option<bool> {
        let mut globs = vec![Some(false); self.owners];
        for &at in state {
            let place = self.place(at);
            let glob = &mut globs[place.owner as usize];
            if ends {
                *glob = Some(*glob == Some(true) || place.item.is_none());
            } else if place.universal {
                *glob = Some(true);
            } else if *glob == Some(false) {
                *glob = None;
            }
        }
        self.formula.value(&globs)
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
        let covers = number(first + covers);
        places.push(Place { item: Some(item), owner, universal, covers });
    }
    let covers = number(places.len());
    places.push(Place { item: None, owner, universal: false, covers });
}

/// Places are numbered in 32 bits: a template that would hold more of them is refused long before.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Formula {
    fn new<'a>(set: &'a TextSet, number: &mut impl FnMut(&'a Glob) -> usize) -> Self {
        match &*set.0 {
            Node::Glob(glob) => Self::Glob(number(glob)),
            Node::Not(inner) => Self::Not(Box::new(Self::new(inner, number))),
            Node::All(parts) => Self::All(parts.iter().map(|p| Self::new(p, number)).collect()),
            Node::Any(parts) => Self::Any(parts.iter().map(|p| Self::new(p, number)).collect()),
        }
    }

    fn value(&self, globs: &[Option<bool>]) -> Option<bool> {
        match self {
            Self::Glob(number) => globs[*number],
            Self::Not(inner) => inner.value(globs).map(|value| !value),
            Self::All(parts) => decide(parts, globs, false),
            Self::Any(parts) => decide(parts, globs, true),
        }
    }
}

/// `decisive` if any part is, the opposite if all parts are that, else `None`.
fn decide(parts: &[Formula], globs: &[Option<bool>], decisive: bool) -> Option<bool> {
    let mut out = Some(!decisive);
    for part in parts {
        match part.value(globs) {
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
