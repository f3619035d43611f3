//! Which Allow statement lets a group of callers through on one target, from where, and what that
//! amounts to.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::model::{AuthType, Tri};

use super::networks::{Cell, Width};
use super::places::{Place, Whose};
use super::project::Role;
use super::routes::Line;
use super::scene::{Scene, Sender, Spot};

/// A request without its network.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    /// The request line.
    pub(super) line: Line,
    /// Who sends it, with which keys.
    pub(super) sender: Sender,
}

/// Where a request comes from, by its place in the list of spots, and the rest of it.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    /// Where it comes from.
    pub(super) spot: usize,
    /// The rest.
    pub(super) sample: Rc<Sample>,
}

/// An entry of the policy that lets somebody through.
#[derive(Debug, Clone)]
pub(super) struct Let {
    /// Which.
    pub(super) statement: usize,
    /// How certainly; never `False`.
    pub(super) level: Tri,
    /// The first request that gets through.
    pub(super) sample: Rc<Sample>,
}

/// The entries that let somebody through, each once.
pub(super) type Lets = Rc<[Let]>;

/// What a group of callers reaches on one target.
#[derive(Debug, Clone, Default)]
pub(super) struct Passes {
    /// By request line that was looked at, then by spot; empty where the line lets nobody through.
    pub(super) lines: Vec<Vec<Lets>>,
    /// By spot, whatever the request line of the target; empty where the lines are all there is.
    pub(super) any: Vec<Lets>,
}

/// How far a group gets, and the first request that gets there.
#[derive(Debug, Clone)]
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
    pub(super) fn raise(&mut self, level: Tri, hit: impl FnOnce() -> Hit) {
        if level > self.level {
            *self = Self { level, hit: Some(hit()) };
        }
    }
}

/// What one statement does for a group.
#[derive(Debug, Clone, Default)]
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
    /// By entry of the policy; those that are not there do nothing.
    pub(super) statements: BTreeMap<usize, Grades>,
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
        self.statements.values().map(|s| grade(s).level).max().unwrap_or(Tri::False)
    }

    /// How far one statement gets the group.
    pub(super) fn level(&self, at: usize, grade: impl Fn(&Grades) -> &Grade) -> Tri {
        self.statements.get(&at).map_or(Tri::False, |s| grade(s).level)
    }
}

/// Sums up what a group reaches on one target.
///
/// A guard is measured over all request lines of the target together (CONTRACT 4: the union counts,
/// per route); what the summaries list is what single request lines are guarded by.
pub(super) fn tally(scene: &Scene<'_>, passes: &Passes) -> Tally {
    let mut out = Tally::default();
    let everywhere = merge(scene, passes);
    grade(scene, &everywhere, &mut out.statements);
    let lists: &[Vec<Lets>] =
        if passes.lines.is_empty() { std::slice::from_ref(&passes.any) } else { &passes.lines };
    for line in lists {
        if scene.private() {
            list_places(scene, line, &mut out);
        } else {
            list_networks(scene, line, &mut out);
        }
    }
    out
}

/// What each spot admits on any request line, the first line that does it best kept.
fn merge(scene: &Scene<'_>, passes: &Passes) -> Vec<Lets> {
    let mut known: FxHashMap<Vec<*const Let>, Lets> = FxHashMap::default();
    let lists = || passes.lines.iter().chain((!passes.any.is_empty()).then_some(&passes.any));
    (0..scene.spots.len())
        .map(|spot| {
            let mut here: Vec<&Lets> = Vec::new();
            for lets in lists().filter_map(|line| line.get(spot)) {
                if !lets.is_empty() && !here.iter().any(|other| Rc::ptr_eq(other, lets)) {
                    here.push(lets);
                }
            }
            let key: Vec<*const Let> = here.iter().map(|lets| lets.as_ptr()).collect();
            known.entry(key).or_insert_with(|| join(here)).clone()
        })
        .collect()
}

/// Whether `lets` reaches as far as `other` through every statement.
pub(super) fn covers(lets: &Lets, other: &Lets) -> bool {
    let reaches = |found: &Let| {
        let mut own = lets.iter();
        own.any(|let_| let_.statement == found.statement && let_.level >= found.level)
    };
    other.iter().all(reaches)
}

/// The best of several lists.
pub(super) fn join<'l>(lists: impl IntoIterator<Item = &'l Lets>) -> Lets {
    let mut best: BTreeMap<usize, &Let> = BTreeMap::new();
    let mut lists = lists.into_iter().peekable();
    let first = lists.next();
    if let (Some(only), None) = (first, lists.peek()) {
        return only.clone();
    }
    for found in first.into_iter().chain(lists).flat_map(|lets| lets.iter()) {
        let known = best.entry(found.statement).or_insert(found);
        if found.level > known.level {
            *known = found;
        }
    }
    best.into_values().cloned().collect()
}

fn grade(scene: &Scene<'_>, spots: &[Lets], out: &mut BTreeMap<usize, Grades>) {
    for level in [Tri::Unknown, Tri::True] {
        // How many addresses of outsiders each statement admits, and all of them together.
        let mut alone: BTreeMap<usize, (Width, Hit)> = BTreeMap::new();
        let mut union = Width::default();
        for (at, (spot, lets)) in scene.spots.iter().zip(spots).enumerate() {
            let mut counted = false;
            for found in lets.iter().filter(|found| found.level.and(spot.reachable) >= level) {
                let hit = || Hit { spot: at, sample: found.sample.clone() };
                let grades = out.entry(found.statement).or_default();
                if spot.whose.is_some() {
                    grades.anywhere.raise(level, hit);
                }
                if is_foreign(spot) {
                    grades.foreign.raise(level, hit);
                }
                if is_outsider(spot) {
                    counted = true;
                    let own = alone.entry(found.statement);
                    let (width, _) = own.or_insert_with(|| (Width::default(), hit()));
                    *width = width.plus(spot.width);
                }
            }
            if counted {
                union = union.plus(spot.width);
            }
        }
        // Where no statement is wide on its own, all of them together are the hole.
        let together = union.is_wide() && !alone.values().any(|(width, _)| width.is_wide());
        for (statement, (width, hit)) in alone {
            if together || width.is_wide() {
                out.entry(statement).or_default().outsider.raise(level, || hit);
            }
        }
    }
}

/// The best level that a spot admits.
fn best(spot: &Spot, lets: &Lets) -> Tri {
    lets.iter().map(|found| found.level).max().unwrap_or(Tri::False).and(spot.reachable)
}

/// The addresses of a guard that is narrow enough to be one; those that are certain where those that
/// are possible are too many.
fn list_networks(scene: &Scene<'_>, line: &[Lets], out: &mut Tally) {
    let levels: Vec<Tri> = scene.spots.iter().zip(line).map(|(s, lets)| best(s, lets)).collect();
    for level in [Tri::Unknown, Tri::True] {
        let admitted = || scene.spots.iter().zip(&levels).filter(|(_, l)| **l >= level);
        let strangers = admitted().filter(|(spot, _)| is_outsider(spot));
        let width = strangers.fold(Width::default(), |sum, (spot, _)| sum.plus(spot.width));
        if !width.is_wide() {
            out.networks.extend(admitted().flat_map(|(spot, _)| &spot.cells));
            return;
        }
    }
}

/// The endpoints and VPCs that get further than an outsider's own.
fn list_places(scene: &Scene<'_>, line: &[Lets], out: &mut Tally) {
    let own = |place: Option<&Place>| place.is_some_and(|place| place.whose == Whose::Outsider);
    let mut statements: BTreeMap<usize, Tri> = BTreeMap::new();
    for (spot, lets) in scene.spots.iter().zip(line) {
        for found in lets.iter() {
            let outsider = statements.entry(found.statement).or_insert(Tri::False);
            if is_outsider(spot) {
                *outsider = (*outsider).max(found.level);
            }
        }
    }
    for (statement, outsider) in statements {
        let mut pairs = BTreeSet::new();
        let (mut vpces, mut vpcs) = (BTreeSet::new(), BTreeSet::new());
        for (spot, lets) in scene.spots.iter().zip(line) {
            let further =
                lets.iter().any(|found| found.statement == statement && found.level > outsider);
            let Some((i, j)) = spot.pair.filter(|_| further) else { continue };
            match (own(scene.vpces.get(i)), own(scene.vpcs.get(j))) {
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
