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
mod callers;
mod cells;
mod decide;
mod keys;
mod relations;
mod search;
mod statements;

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::analyze::sets::domains::{self, Domain};
use crate::model::{Caller, RouteRef};

use super::bits::Bits;
use super::budget::Budget;
use super::engine::Engine;
use super::outsiders::{Group, Org, Outsiders, Who};
use super::project::{Role, Row};
use super::routes::{Line, Target, Wanted};
use super::scene::{LineRep, Scene, Spot};
use super::tally::{Lets, Passes, covers, join};

use axes::{Axes, Axis, AxisId};
use callers::{Shape, shapes};
use keys::Keys;
use statements::{Clause, Part, Resource};

/// What tells targets apart, as far as their request lines go: route, preflight, verbs, and whether
/// the path is known. Where a target lies in memory does not: another one may come to lie there.
type TargetKey = (Option<RouteRef>, bool, Vec<&'static str>, bool);

/// An axis of request lines, a shape and a spot. Shapes live as long as the solver, so that their
/// addresses tell them apart.
type LineKey = (AxisId, *const Shape, Option<usize>);

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
    read_lines: FxHashMap<LineKey, Rc<Vec<Clause>>>,
    targets: BTreeMap<TargetKey, Rc<Stage>>,
    /// The resources of the statements as a shape (null where all read alike, at a spot) meets them.
    resources: FxHashMap<(*const Shape, Option<usize>), Rc<Vec<Resource>>>,
    /// What they say on an axis of request lines.
    parts: FxHashMap<LineKey, Rc<Vec<Part>>>,
    rows: FxHashMap<(Bits, Bits), usize>,
    cells: Vec<(Bits, Bits)>,
    known: FxHashMap<CellKey, Lets>,
    /// The same with requests on another line. Lines live as long as the solver.
    moved: FxHashMap<(CellKey, *const Line), Lets>,
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
            parts: FxHashMap::default(),
            rows: FxHashMap::default(),
            cells: Vec::new(),
            known: FxHashMap::default(),
            moved: FxHashMap::default(),
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
        let Row { must, may, .. } = self.scene.fixed.and(row);
        let pair = (must, may);
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
}

impl Engine for Solver<'_> {
    fn wants(&self) -> Wanted {
        Wanted::Named
    }

    fn passes(&mut self, who: &Who, target: &Target, budget: &mut Budget) -> Option<Passes> {
        let stage = self.stage(target, budget)?;
        // Most lines let nobody of a group through: those stay empty.
        let mut lines: Vec<Vec<Vec<Lets>>> = vec![Vec::new(); stage.lines.len()];
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
                            if !covers(&here, &lets) {
                                here = join([&here, &lets]);
                            }
                            let by_class = &mut lines[at];
                            by_class.resize(self.classes.len(), Vec::new());
                            by_class[class].push(lets);
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
            let join = |lets: &Vec<Lets>| match lets.is_empty() {
                true => self.none.clone(),
                false => join(lets),
            };
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
