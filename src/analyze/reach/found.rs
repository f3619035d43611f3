//! What was found in one scene, one world, all worlds: how it is put together.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

use crate::model::{Assumption, CallerClass, Exposure, Gate, Origin, Tri};

use super::survey::{Levels, gate_rank};

/// The holes, by the deciding entry and the class: equal holes of several readings, identities,
/// endpoints and worlds are one.
pub(super) type Holes = BTreeMap<(Origin, CallerClass), Exposure>;

/// What was found.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    /// The holes.
    pub(super) holes: Holes,
    /// With method authorisation.
    pub(super) exposure: Levels,
    /// The policy alone; `None` where there is none.
    pub(super) policy: Option<Levels>,
}

/// Which of two exposures counts: the smaller.
pub(super) fn rank(exposure: &Exposure) -> (u8, std::cmp::Reverse<Tri>) {
    (gate_rank(exposure.gate), std::cmp::Reverse(exposure.access))
}

/// Takes an exposure unless one that is at least as bad is there.
pub(super) fn take(holes: &mut Holes, exposure: Exposure) {
    match holes.entry((exposure.deciding, exposure.class.clone())) {
        Slot::Vacant(slot) => drop(slot.insert(exposure)),
        Slot::Occupied(mut slot) => {
            let known = slot.get_mut();
            if rank(&exposure) < rank(known) {
                *known = exposure;
            } else if rank(&exposure) == rank(known) && !known.routes.is_empty() {
                // Another reading or identity may reach other routes.
                if exposure.routes.is_empty() {
                    known.routes.clear();
                } else {
                    known.routes.extend(exposure.routes);
                    known.routes.sort();
                    known.routes.dedup();
                }
            }
        }
    }
}

impl Levels {
    /// Takes the worst of both.
    pub(super) fn absorb(&mut self, other: Self) {
        self.lists(&other);
        for (class, level) in other.classes {
            let known = self.classes.entry(class).or_insert(level);
            *known = (*known).max(level);
        }
    }

    /// Takes the lists of `other`.
    pub(super) fn lists(&mut self, other: &Self) {
        self.trusted.extend(other.trusted.iter().cloned());
        self.organizations.extend(other.organizations.iter().cloned());
        self.networks.extend(&other.networks);
        self.vpcs.extend(other.vpcs.iter().cloned());
        self.vpces.extend(other.vpces.iter().cloned());
        self.preflight = self.preflight.max(other.preflight);
    }

    /// The level of a class.
    pub(super) fn level(&self, class: &CallerClass) -> Tri {
        self.classes.get(class).copied().unwrap_or(Tri::False)
    }

    /// Only what is certain.
    fn certain(mut self) -> Self {
        self.classes.retain(|_, level| level.is_true());
        self.preflight = self.preflight.filter(|level| level.is_true());
        self
    }

    /// Nothing is more than possible.
    fn doubted(mut self) -> Self {
        for level in self.classes.values_mut() {
            *level = Tri::Unknown;
        }
        self
    }

    /// A class is certain where both say so, and possible where one does.
    fn both(mut self, other: &Self) -> Self {
        for (class, level) in &mut self.classes {
            if !other.level(class).is_true() {
                *level = Tri::Unknown;
            }
        }
        for class in other.classes.keys() {
            self.classes.entry(class.clone()).or_insert(Tri::Unknown);
        }
        self.lists(other);
        self
    }
}

impl Found {
    /// Takes the worst of both.
    pub(super) fn absorb(&mut self, other: Self) {
        for exposure in other.holes.into_values() {
            take(&mut self.holes, exposure);
        }
        self.exposure.absorb(other.exposure);
        if let Some(policy) = other.policy {
            self.policy.get_or_insert_default().absorb(policy);
        }
    }

    /// Only what is certain.
    pub(super) fn certain(mut self) -> Self {
        self.holes.retain(|_, exposure| exposure.access.is_true());
        self.exposure = self.exposure.certain();
        self.policy = self.policy.map(Levels::certain);
        self
    }

    /// Nothing is more than possible, under `need`.
    pub(super) fn doubted(mut self, need: &Assumption) -> Self {
        for exposure in self.holes.values_mut() {
            doubt(exposure, std::slice::from_ref(need));
        }
        self.exposure = self.exposure.doubted();
        self.policy = self.policy.map(Levels::doubted);
        self
    }

    /// What holds whichever of two choices was made: a hole is certain where both have it. Each
    /// choice comes with what it is called.
    pub(super) fn both(self, own: &Assumption, mut other: Self, others: &Assumption) -> Self {
        let mut out = Self {
            holes: Holes::new(),
            exposure: self.exposure.both(&other.exposure),
            policy: match (self.policy, other.policy) {
                (Some(a), Some(b)) => Some(a.both(&b)),
                (one, None) | (None, one) => one.map(Levels::doubted),
            },
        };
        for (key, mut exposure) in self.holes {
            match other.holes.remove(&key) {
                None => doubt(&mut exposure, std::slice::from_ref(own)),
                Some(mut second) => {
                    let (better, need) = if rank(&second) < rank(&exposure) {
                        std::mem::swap(&mut exposure, &mut second);
                        (&mut exposure, others)
                    } else {
                        (&mut exposure, own)
                    };
                    if rank(better) != rank(&second) {
                        doubt(better, std::slice::from_ref(need));
                    }
                }
            }
            out.holes.insert(key, exposure);
        }
        for (key, mut exposure) in other.holes {
            doubt(&mut exposure, std::slice::from_ref(others));
            out.holes.insert(key, exposure);
        }
        out
    }
}

/// Makes an exposure possible at most, under what must hold for it.
pub(super) fn doubt(exposure: &mut Exposure, needs: &[Assumption]) {
    exposure.access = exposure.access.min(Tri::Unknown);
    need(exposure, needs);
}

/// Adds what must hold for an exposure.
pub(super) fn need(exposure: &mut Exposure, needs: &[Assumption]) {
    exposure.needs.extend_from_slice(needs);
    exposure.needs.sort();
    exposure.needs.dedup();
}

/// One world in which the API exists.
pub(super) struct InWorld<'a> {
    /// Its number.
    pub(super) number: usize,
    /// Every default holds in it.
    pub(super) is_default: bool,
    /// What tells it from the others.
    pub(super) assumptions: &'a [Assumption],
    /// What was found in it.
    pub(super) found: Found,
}

/// The holes over all worlds (RESOLVE rules 8 and 9): certain where they are in every world in which
/// the defaults hold, or in every world where no world is a default one. An API that is there in other
/// worlds only (`asked_for`) has none that is certain.
pub(super) fn over_worlds(worlds: &[InWorld<'_>], asked_for: bool) -> Vec<Exposure> {
    let decisive = decisive(worlds);
    let mut keys: Vec<&(Origin, CallerClass)> =
        worlds.iter().flat_map(|world| world.found.holes.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut out = Vec::new();
    for key in keys {
        let in_worlds = || worlds.iter().filter_map(|w| Some((w, w.found.holes.get(key)?)));
        let best = in_worlds()
            .min_by_key(|(world, exposure)| (rank(exposure), !world.is_default, world.number));
        let Some((world, best)) = best else { continue };
        let alike = |other: &Exposure| rank(other) == rank(best);
        let everywhere = decisive.iter().all(|w| w.found.holes.get(key).is_some_and(alike));
        // Another statement may open the same class in the other worlds.
        let class_everywhere = best.gate == Gate::Open
            && decisive.iter().all(|w| w.found.exposure.level(&key.1) >= best.access);
        let in_all = in_worlds().filter(|(_, other)| alike(other)).count() == worlds.len();
        let mut exposure = best.clone();
        if asked_for || (!everywhere && !class_everywhere) {
            doubt(&mut exposure, world.assumptions);
        } else if !in_all {
            need(&mut exposure, world.assumptions);
        }
        out.push(exposure);
    }
    out
}

/// The levels over all worlds.
pub(super) fn levels_over_worlds(
    worlds: &[InWorld<'_>],
    asked_for: bool,
    of: impl Fn(&Found) -> Option<&Levels>,
) -> Option<Levels> {
    let mut out: Option<Levels> = None;
    for levels in worlds.iter().filter_map(|world| of(&world.found)) {
        out.get_or_insert_default().absorb(levels.clone());
    }
    let mut out = out?;
    let decisive = decisive(worlds);
    for (class, level) in &mut out.classes {
        let certain =
            |w: &&InWorld<'_>| of(&w.found).is_some_and(|levels| levels.level(class).is_true());
        let certain = !asked_for && decisive.iter().all(certain);
        *level = if certain { Tri::True } else { Tri::Unknown };
    }
    Some(out)
}

/// The worlds that decide whether a hole is certain.
fn decisive<'w, 'a>(worlds: &'w [InWorld<'a>]) -> Vec<&'w InWorld<'a>> {
    let defaults: Vec<_> = worlds.iter().filter(|world| world.is_default).collect();
    if defaults.is_empty() { worlds.iter().collect() } else { defaults }
}
