//! Which Allow statement lets a group of callers through on one target, and from where.

use std::collections::BTreeSet;

use crate::model::{AuthType, Tri};

use super::budget::Budget;
use super::networks::{Cell, Width};
use super::places::Whose;
use super::project::Role;
use super::scene::{Combo, LineRep, Scene, Spot};

/// A request, by its place in the lists of lines, spots and combinations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// The request line.
    pub(super) line: usize,
    /// Where it comes from.
    pub(super) spot: usize,
    /// Who sends it.
    pub(super) combo: usize,
}

/// How far a group gets, and the first request that gets there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grade {
    /// Whether it gets in.
    pub(super) level: Tri,
    /// With what.
    pub(super) hit: Option<Hit>,
}

impl Default for Grade {
    fn default() -> Self {
        Self { level: Tri::False, hit: None }
    }
}

impl Grade {
    /// Takes the better of both, `self` where they are alike.
    pub(super) fn raise(&mut self, other: Self) {
        if other.level > self.level {
            *self = other;
        }
    }
}

/// What one statement does for a group.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Grades {
    /// From an outsider's own network, a guard of any width being one.
    pub(super) outsider: Grade,
    /// From any network that is not trusted.
    pub(super) foreign: Grade,
    /// From anywhere.
    pub(super) anywhere: Grade,
}

/// What all statements do for a group on one target.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    /// One for each entry of the policy.
    pub(super) statements: Vec<Grades>,
    /// The addresses that a guard lets in.
    pub(super) networks: BTreeSet<Cell>,
    /// The endpoints that a guard lets in, by their place in the scene.
    pub(super) vpces: BTreeSet<usize>,
    /// The VPCs that a guard lets in.
    pub(super) vpcs: BTreeSet<usize>,
}

impl Tally {
    /// The best of all statements.
    pub(super) fn best(&self, grade: impl Fn(&Grades) -> &Grade) -> Tri {
        self.statements.iter().map(|s| grade(s).level).max().unwrap_or(Tri::False)
    }

    /// Takes the better of both, statement by statement, and both lists.
    fn add(&mut self, other: Self) {
        self.statements
            .resize_with(other.statements.len().max(self.statements.len()), Grades::default);
        for (own, other) in self.statements.iter_mut().zip(&other.statements) {
            own.outsider.raise(other.outsider);
            own.foreign.raise(other.foreign);
            own.anywhere.raise(other.anywhere);
        }
        self.networks.extend(other.networks);
        self.vpces.extend(other.vpces);
        self.vpcs.extend(other.vpcs);
    }
}

/// What `combos` reach on `lines`. `None` when the bound on work is reached.
pub(super) fn tally(
    scene: &Scene<'_>,
    combos: &[Combo],
    lines: &[LineRep],
    budget: &mut Budget,
) -> Option<Tally> {
    let mut out = Tally::default();
    out.statements.resize_with(scene.script.roles.len(), Grades::default);
    for number in 0..lines.len() {
        let sweep = Sweep::new(scene, combos, lines, number, budget)?;
        out.add(sweep.finish());
    }
    Some(out)
}

/// What every spot admits on one request line.
struct Sweep<'a> {
    scene: &'a Scene<'a>,
    line: usize,
    /// By spot and statement: the level, and the first combination that reaches it.
    levels: Vec<Vec<(Tri, usize)>>,
}

impl<'a> Sweep<'a> {
    fn new(
        scene: &'a Scene<'a>,
        combos: &[Combo],
        lines: &[LineRep],
        line: usize,
        budget: &mut Budget,
    ) -> Option<Self> {
        let len = scene.script.roles.len();
        let mut levels = Vec::with_capacity(scene.spots.len());
        for spot in &scene.spots {
            let mut of_spot = vec![(Tri::False, 0); len];
            for (number, combo) in combos.iter().enumerate() {
                let on = lines.get(line)?;
                let mut truth = scene.at_best(on, spot, combo, budget)?;
                let better = admitted(&scene.script.roles, &truth)
                    .zip(&of_spot)
                    .any(|(level, best)| level.and(spot.reachable) > best.0);
                if !better {
                    continue;
                }
                if !scene.script.relational.is_empty() {
                    truth = scene.truth(on, spot, combo, budget)?;
                }
                for (level, best) in admitted(&scene.script.roles, &truth).zip(&mut of_spot) {
                    let level = level.and(spot.reachable);
                    if level > best.0 {
                        *best = (level, number);
                    }
                }
            }
            levels.push(of_spot);
        }
        Some(Self { scene, line, levels })
    }

    fn spots(&self) -> impl Iterator<Item = (usize, &'a Spot, &Vec<(Tri, usize)>)> {
        self.scene.spots.iter().zip(&self.levels).enumerate().map(|(at, (s, l))| (at, s, l))
    }

    fn finish(self) -> Tally {
        let len = self.scene.script.roles.len();
        let mut out = Tally::default();
        out.statements.resize_with(len, Grades::default);
        for level in [Tri::Unknown, Tri::True] {
            // How many addresses of outsiders each statement admits, and all of them together.
            let mut alone = vec![Width::default(); len];
            let mut union = Width::default();
            let mut outsider = vec![Grade::default(); len];
            for (at, spot, levels) in self.spots() {
                let mut counted = false;
                for (statement, (reached, combo)) in levels.iter().enumerate() {
                    if *reached < level {
                        continue;
                    }
                    let hit = Hit { line: self.line, spot: at, combo: *combo };
                    let found = Grade { level, hit: Some(hit) };
                    let Some(grades) = out.statements.get_mut(statement) else { continue };
                    if spot.whose.is_some() {
                        grades.anywhere.raise(found);
                    }
                    if is_foreign(spot) {
                        grades.foreign.raise(found);
                    }
                    if is_outsider(spot) {
                        counted = true;
                        outsider[statement].raise(found);
                        alone[statement] = alone[statement].plus(spot.width);
                    }
                }
                if counted {
                    union = union.plus(spot.width);
                }
            }
            // Where no statement is wide on its own, all of them together are the hole.
            let together = union.is_wide() && !alone.iter().any(|width| width.is_wide());
            for ((grades, width), found) in out.statements.iter_mut().zip(alone).zip(outsider) {
                if together || width.is_wide() {
                    grades.outsider.raise(found);
                }
            }
        }
        if self.scene.private() {
            self.places(&mut out);
        } else {
            self.networks(&mut out);
        }
        out
    }

    /// The addresses of a guard that is narrow enough to be one; those that are certain where those
    /// that are possible are too many.
    fn networks(&self, out: &mut Tally) {
        for level in [Tri::Unknown, Tri::True] {
            let mut width = Width::default();
            let mut cells = BTreeSet::new();
            for (_, spot, levels) in self.spots() {
                if levels.iter().any(|(reached, _)| *reached >= level) {
                    cells.extend(&spot.cells);
                    if spot.whose.is_some() {
                        width = width.plus(spot.width);
                    }
                }
            }
            if !width.is_wide() {
                out.networks = cells;
                return;
            }
        }
    }

    /// The endpoints and VPCs that get further than an outsider's own.
    fn places(&self, out: &mut Tally) {
        for statement in 0..self.scene.script.roles.len() {
            let level = |spot: usize| {
                let levels = self.levels.get(spot).and_then(|levels| levels.get(statement));
                levels.map_or(Tri::False, |(level, _)| *level)
            };
            let outsider = self
                .scene
                .spots
                .iter()
                .enumerate()
                .filter(|(_, spot)| is_outsider(spot))
                .map(|(at, _)| level(at))
                .max()
                .unwrap_or(Tri::False);
            let mut pairs = BTreeSet::new();
            let (mut vpces, mut vpcs) = (BTreeSet::new(), BTreeSet::new());
            for (at, spot) in self.scene.spots.iter().enumerate() {
                let Some((i, j)) = spot.pair.filter(|_| level(at) > outsider) else { continue };
                let own = |place: Option<&super::places::Place>| {
                    place.is_some_and(|place| place.whose == Whose::Outsider)
                };
                match (own(self.scene.vpces.get(i)), own(self.scene.vpcs.get(j))) {
                    (_, true) => drop(vpces.insert(i)),
                    (true, false) => drop(vpcs.insert(j)),
                    (false, false) => drop(pairs.insert((i, j))),
                }
            }
            for (i, j) in pairs {
                if !vpces.contains(&i) && !vpcs.contains(&j) {
                    out.vpces.insert(i);
                    out.vpcs.insert(j);
                }
            }
            out.vpces.extend(vpces);
            out.vpcs.extend(vpcs);
        }
    }
}

fn is_outsider(spot: &Spot) -> bool {
    spot.whose == Some(Whose::Outsider)
}

fn is_foreign(spot: &Spot) -> bool {
    matches!(spot.whose, Some(Whose::Outsider | Whose::Named))
}

/// What each entry of a policy does for a request for which the entries have those truths: whether
/// it allows and nothing denies.
pub(super) fn admitted<'a>(
    roles: &'a [Role],
    truth: &'a [Tri],
) -> impl Iterator<Item = Tri> + use<'a> {
    let deny = denied(roles, truth);
    roles.iter().zip(truth).map(move |(role, truth)| {
        let allow = match role {
            Role::Allow => *truth,
            Role::Deny => Tri::False,
            Role::Either | Role::Stretch => truth.and(Tri::Unknown),
        };
        allow.and(!deny)
    })
}

/// Whether a statement denies. An unknown stretch is not held against a known Allow.
pub(super) fn denied(roles: &[Role], truth: &[Tri]) -> Tri {
    roles
        .iter()
        .zip(truth)
        .map(|(role, truth)| match role {
            Role::Deny => *truth,
            Role::Either => truth.and(Tri::Unknown),
            Role::Allow | Role::Stretch => Tri::False,
        })
        .max()
        .unwrap_or(Tri::False)
}

/// The ways in which requests to a target are authorised, as far as a policy is concerned: by nobody
/// (`AuthType::None`, whatever stands behind it) or by a signature.
pub(super) fn seen_as(auth: AuthType) -> (bool, bool) {
    match auth {
        AuthType::None | AuthType::Custom | AuthType::CognitoUserPools => (true, false),
        AuthType::AwsIam => (false, true),
        AuthType::Unknown => (true, true),
    }
}
