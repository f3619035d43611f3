//! The exact decision: which requests of a group of callers get through.
//!
//! What has few cells is enumerated in the rows of the scene: addresses, endpoints, request lines of
//! each kind that the policy names. What is left of every statement then are tests on the axes of
//! languages ([`axes`]): the principal's ARN, the path in its organisation, headers, tags, the
//! request line where none of those that were looked at gets through. An Allow minus every Deny is
//! found by cutting boxes ([`search`]).
//!
//! A hole is proved by what an Allow certainly admits and no Deny perhaps stops, and possible by what
//! an Allow perhaps admits and no Deny certainly stops. With policy variables a search may end in a
//! request that the evaluator does not confirm ([`relations`]): such a hole is possible.

mod axes;
mod bits;
mod callers;
mod decide;
mod keys;
mod relations;
mod search;
mod statements;

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::analyze::evaluate::texts;
use crate::analyze::sets::domains::{self, Domain};
use crate::model::{Caller, Entry, RouteRef, Tri};

use super::budget::Budget;
use super::engine::Engine;
use super::outsiders::{Group, Org, Outsiders, Who};
use super::project::{Role, Row, relational_resource};
use super::routes::{Line, Target};
use super::scene::{LineRep, Scene, Spot};
use super::tally::{Lets, Passes, join};

use axes::{Axes, Axis, AxisId};
use bits::Bits;
use callers::{Shape, shapes};
use keys::Keys;
use statements::{Clause, Part, Reader};

/// What tells targets apart, as far as their request lines go: route, preflight, verbs, and whether
/// the path is known. Where a target lies in memory does not: another one may come to lie there.
type TargetKey = (Option<RouteRef>, bool, Vec<&'static str>, bool);

/// An axis of request lines, a shape (null where all read alike) and a spot. Shapes live as long as
/// the solver, so that their addresses tell them apart.
type ResourceKey = (AxisId, *const Shape, Option<usize>);

/// A shape, a spot, a cell, and the open axis with its sample.
type CellKey = (*const Shape, Option<usize>, usize, Option<(usize, AxisId)>);

/// What is known of one scene.
pub(super) struct Solver<'a> {
    scene: &'a Scene<'a>,
    outsiders: &'a Outsiders<'a>,
    axes: Axes<'a>,
    signed: Keys,
    anonymous: Keys,
    /// The spots that the policy does not tell apart: the class of each, and one spot of each class.
    class_of: Vec<usize>,
    classes: Vec<usize>,
    /// The statements by what they do.
    allows: Bits,
    denies: Bits,
    either: Bits,
    /// Whether policy variables look at the network.
    by_spot: bool,
    cast: BTreeMap<(Group, Org), Vec<Rc<Shape>>>,
    /// The statements as a shape (at a spot) meets them.
    read: FxHashMap<(*const Shape, Option<usize>), Rc<Met>>,
    /// The same with the resources of an axis of request lines.
    read_lines: FxHashMap<ResourceKey, Rc<Vec<Clause>>>,
    targets: BTreeMap<TargetKey, Rc<Stage>>,
    /// The resources of a target, likewise.
    resources: FxHashMap<ResourceKey, Rc<Vec<Part>>>,
    rows: FxHashMap<(Bits, Bits), usize>,
    cells: Vec<(Bits, Bits)>,
    known: FxHashMap<CellKey, Lets>,
    none: Lets,
}

/// The statements as a shape meets them.
struct Met {
    clauses: Vec<Clause>,
    /// Those that may let it through.
    open: Bits,
}

/// A target with what the rows say of it.
struct Stage {
    lines: Vec<LineRep>,
    /// By line, then class of spots: the cell.
    cells: Vec<Vec<usize>>,
    /// By class of spots: the cell that leaves the request line open.
    open: Vec<usize>,
    /// The request lines, where the policy looks at them.
    axis: Option<AxisId>,
}

/// One question: what a shape reaches in a cell.
#[derive(Clone, Copy)]
struct Cell<'c> {
    shape: &'c Rc<Shape>,
    /// The spot, where policy variables look at it.
    spot: Option<usize>,
    /// One spot of the class.
    sample: usize,
    cell: usize,
    /// The request line.
    line: &'c Line,
    /// The axis of request lines, where the line is open.
    open: Option<AxisId>,
}

impl<'a> Solver<'a> {
    /// A solver for one scene.
    pub(super) fn new(scene: &'a Scene<'a>, outsiders: &'a Outsiders<'a>) -> Self {
        let mut axes = Axes::new(scene.work);
        let (signed, anonymous) = Keys::new(scene, &mut axes);
        let mut numbers: BTreeMap<&Row, usize> = BTreeMap::new();
        let mut classes = Vec::new();
        let class_of = scene.spots.iter().enumerate().map(|(at, spot)| {
            *numbers.entry(&spot.row).or_insert_with(|| {
                classes.push(at);
                classes.len() - 1
            })
        });
        let class_of = class_of.collect();
        let roles = &scene.script.roles;
        let all = |role: Role| Bits::of(roles.len(), |at| roles[at] == role);
        let by_spot = relations::keys_of(scene).iter().any(|key| {
            use super::project::Axis::{Address, Vpc, Vpce};
            matches!(super::project::axis(key), Address | Vpce | Vpc)
        });
        Self {
            scene,
            outsiders,
            axes,
            signed,
            anonymous,
            class_of,
            classes,
            allows: all(Role::Allow),
            denies: all(Role::Deny),
            either: Bits::of(roles.len(), |at| roles[at] == Role::Either),
            by_spot,
            cast: BTreeMap::new(),
            read: FxHashMap::default(),
            read_lines: FxHashMap::default(),
            targets: BTreeMap::new(),
            resources: FxHashMap::default(),
            rows: FxHashMap::default(),
            cells: Vec::new(),
            known: FxHashMap::default(),
            none: Rc::new([]),
        }
    }

    fn shapes(&mut self, group: &Group, org: &Org) -> Vec<Rc<Shape>> {
        let key = (group.clone(), org.clone());
        if let Some(known) = self.cast.get(&key) {
            return known.clone();
        }
        let keys = if *group == Group::Anonymous { &self.anonymous } else { &self.signed };
        let keys = keys.clone();
        let found = shapes(self.scene, self.outsiders, &mut self.axes, &keys, group, org);
        self.cast.insert(key, found.clone());
        found
    }

    /// The plainest caller of a group.
    pub(super) fn plainest(&mut self, who: &Who) -> Option<Caller> {
        let first = who.orgs.first()?;
        let shapes = self.shapes(&who.group, first);
        shapes.first().map(|shape| shape.request.caller.clone())
    }

    fn number(&mut self, row: &Row) -> usize {
        let row = self.scene.fixed.and(row);
        let of = |test: fn(Tri) -> bool| Bits::of(row.truth.len(), |at| test(row.truth[at]));
        let pair = (of(Tri::is_true), of(|truth| !truth.is_false()));
        let next = self.cells.len();
        let number = *self.rows.entry(pair.clone()).or_insert(next);
        if number == next {
            self.cells.push(pair);
        }
        number
    }

    fn stage(&mut self, target: &Target, budget: &mut Budget) -> Option<Rc<Stage>> {
        let key =
            (target.route.clone(), target.preflight, target.methods.clone(), target.known_path);
        if let Some(known) = self.targets.get(&key) {
            return Some(known.clone());
        }
        let lines = self.scene.lines(target, budget)?;
        let spots: Vec<&Spot> = self.classes.iter().map(|at| &self.scene.spots[*at]).collect();
        let mut cells = Vec::with_capacity(lines.len());
        for line in &lines {
            let mut of_line = Vec::with_capacity(spots.len());
            for spot in &spots {
                if !budget.comparisons(1) {
                    return None;
                }
                of_line.push(self.number(&line.row.and(&spot.row)));
            }
            cells.push(of_line);
        }
        let open = spots.iter().map(|spot| self.number(&spot.row)).collect();
        // A custom domain has no path.
        let axis = match self.scene.identity.domain {
            Some(_) => None,
            None => Some(self.axes.add(Axis {
                optional: false,
                domain: lines_of(target),
                cells: Vec::new(),
                finite: false,
            })),
        };
        let stage = Rc::new(Stage { lines, cells, open, axis });
        self.targets.insert(key, stage.clone());
        Some(stage)
    }

    /// The clauses for a shape.
    fn met(&mut self, shape: &Rc<Shape>, spot: Option<usize>) -> Rc<Met> {
        let key = (Rc::as_ptr(shape), spot);
        if let Some(known) = self.read.get(&key) {
            return known.clone();
        }
        let at = spot.and_then(|at| self.scene.spots.get(at));
        let mut reader = Reader { scene: self.scene, axes: &mut self.axes, shape };
        let clauses = reader.clauses(at);
        let may = |at: usize| clauses[at].may.is_some() && !self.denies.contains(at);
        let open = Bits::of(clauses.len(), may);
        let found = Rc::new(Met { clauses, open });
        self.read.insert(key, found.clone());
        found
    }

    fn resources(&mut self, id: AxisId, shape: &Rc<Shape>, spot: Option<usize>) -> Rc<Vec<Part>> {
        // Without variables every shape reads them alike.
        let alike = self.scene.script.relational.is_empty();
        let of = if alike { std::ptr::null() } else { Rc::as_ptr(shape) };
        let key = (id, of, spot);
        if let Some(known) = self.resources.get(&key) {
            return known.clone();
        }
        let at = spot.and_then(|at| self.scene.spots.get(at));
        let head = texts::arn_head(self.scene.identity);
        let mut reader = Reader { scene: self.scene, axes: &mut self.axes, shape };
        let found = Rc::new(reader.resources(id, &head, at));
        self.resources.insert(key, found.clone());
        found
    }

    /// What a shape reaches in a cell, at most as far as `have` does not reach already.
    fn lets(&mut self, cell: Cell<'_>, have: &Lets, budget: &mut Budget) -> Option<Lets> {
        let related = !self.scene.script.relational.is_empty();
        let Cell { shape, spot, sample, open, .. } = cell;
        let key = (Rc::as_ptr(shape), spot, cell.cell, open.map(|id| (sample, id)));
        // Where variables stand in resources, equal rows may differ.
        if let Some(known) = self.known.get(&key).filter(|_| !related) {
            return Some(known.clone());
        }
        let met = self.met(shape, spot);
        let on_lines;
        let clauses = match open {
            Some(id) => {
                on_lines = self.on_lines(&met, id, shape, spot);
                &on_lines
            }
            None if related => {
                on_lines = self.on_line(&met, cell);
                &on_lines
            }
            None => &met.clauses,
        };
        let found = self.decide(clauses, cell, have, budget)?;
        self.known.insert(key, found.clone());
        Some(found)
    }

    /// The clauses with the resources of an axis of request lines.
    fn on_lines(
        &mut self,
        met: &Met,
        id: AxisId,
        shape: &Rc<Shape>,
        spot: Option<usize>,
    ) -> Rc<Vec<Clause>> {
        let key = (id, Rc::as_ptr(shape), spot);
        if let Some(known) = self.read_lines.get(&key) {
            return known.clone();
        }
        let resources = self.resources(id, shape, spot);
        let mut all = met.clauses.clone();
        for (clause, part) in all.iter_mut().zip(resources.iter()) {
            clause.and(*part);
        }
        let found = Rc::new(all);
        self.read_lines.insert(key, found.clone());
        found
    }

    /// The clauses with the resources that hold variables, for one request line.
    fn on_line(&mut self, met: &Met, cell: Cell<'_>) -> Rc<Vec<Clause>> {
        let scene = self.scene;
        let policy = &scene.script.policy;
        let at = cell.spot.and_then(|at| scene.spots.get(at));
        let reader = Reader { scene, axes: &mut self.axes, shape: cell.shape };
        let mut request = reader.reading(at);
        let Line { method, stage, path } = cell.line.clone();
        (request.method, request.stage, request.path) = (method, stage, path);
        let mut all = met.clauses.clone();
        for (clause, entry) in all.iter_mut().zip(&policy.statements) {
            if let Entry::One(statement) = entry
                && relational_resource(policy, statement)
            {
                let truth = texts::resource(policy, statement, &request, scene.identity);
                clause.and(Part::fixed(truth));
            }
        }
        Rc::new(all)
    }
}

impl Engine for Solver<'_> {
    fn passes(&mut self, who: &Who, target: &Target, budget: &mut Budget) -> Option<Passes> {
        let stage = self.stage(target, budget)?;
        let mut lines: Vec<Vec<Vec<Lets>>> =
            vec![vec![Vec::new(); self.classes.len()]; stage.lines.len()];
        let mut open: Vec<Vec<Lets>> = vec![Vec::new(); self.classes.len()];
        for org in &who.orgs {
            for shape in self.shapes(&who.group, org) {
                for class in 0..self.classes.len() {
                    let sample = self.classes[class];
                    let spot = Some(sample).filter(|_| self.by_spot);
                    if !budget.comparisons(1) {
                        return None;
                    }
                    let met = self.met(&shape, spot);
                    // A line admits nothing more than its spot.
                    if !self.cells[stage.open[class]].1.meets(&met.open) {
                        continue;
                    }
                    let mut here = self.none.clone();
                    for (at, line) in stage.lines.iter().enumerate() {
                        if !budget.comparisons(1) {
                            return None;
                        }
                        let number = stage.cells[at][class];
                        if !self.cells[number].1.meets(&met.open) {
                            continue;
                        }
                        let cell = Cell {
                            shape: &shape,
                            spot,
                            sample,
                            cell: number,
                            line: &line.line,
                            open: None,
                        };
                        let none = self.none.clone();
                        let lets = self.lets(cell, &none, budget)?;
                        if !lets.is_empty() {
                            here = join([&here, &lets]);
                            lines[at][class].push(lets);
                        }
                    }
                    let (Some(axis), Some(line)) = (stage.axis, stage.lines.first()) else {
                        continue;
                    };
                    let cell = Cell {
                        shape: &shape,
                        spot,
                        sample,
                        cell: stage.open[class],
                        line: &line.line,
                        open: Some(axis),
                    };
                    let lets = self.lets(cell, &here, budget)?;
                    if !lets.is_empty() {
                        open[class].push(lets);
                    }
                }
            }
        }
        if self.scene.work.spent() {
            budget.exceed();
        }
        let spread = |by_class: Vec<Vec<Lets>>| -> Vec<Lets> {
            let best: Vec<Lets> = by_class.iter().map(join).collect();
            self.class_of.iter().filter_map(|class| best.get(*class).cloned()).collect()
        };
        Some(Passes {
            lines: lines.into_iter().map(spread).collect(),
            any: if stage.axis.is_some() { spread(open) } else { Vec::new() },
        })
    }
}

/// The request lines of a target: `{stage}/{METHOD}{path}`.
fn lines_of(target: &Target) -> Domain {
    let path = match target.route.as_ref() {
        Some(route) if target.known_path => domains::path_of(&route.path),
        _ => domains::path(),
    };
    let methods: Vec<&str> = target.methods.to_vec();
    let hints = target.lines.iter().map(|line| {
        let Line { stage, method, path } = line;
        format!("{stage}/{method}{path}")
    });
    domains::tail_of(&domains::stage(), &methods, &path).preferring(hints)
}
