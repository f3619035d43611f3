//! What a shape reaches in a cell: the statements as it meets them there, and answers remembered.

use std::rc::Rc;

use crate::analyze::evaluate::texts;
use crate::analyze::reach::bits::Bits;
use crate::analyze::reach::budget::Budget;
use crate::analyze::reach::project::relational_resource;
use crate::analyze::reach::routes::Line;
use crate::analyze::reach::tally::{Let, Lets, Sample};
use crate::model::Entry;

use super::axes::{AxisId, Lit};
use super::callers::Shape;
use super::statements::{Clause, Part, Reader, Resource};
use super::{Cell, CellKey, Met, Solver};

impl Solver<'_> {
    /// The clauses for a shape.
    pub(super) fn met(&mut self, shape: &Rc<Shape>, spot: Option<usize>) -> Rc<Met> {
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

    /// Who reads the resources: without variables every shape reads them alike (null).
    fn reader_of_resources(&self, shape: &Rc<Shape>) -> *const Shape {
        let alike = self.scene.script.relational.is_empty();
        if alike { std::ptr::null() } else { Rc::as_ptr(shape) }
    }

    fn resources(&mut self, shape: &Rc<Shape>, spot: Option<usize>) -> Rc<Vec<Resource>> {
        let of = self.reader_of_resources(shape);
        if let Some(known) = self.resources.get(&(of, spot)) {
            return known.clone();
        }
        let at = spot.and_then(|at| self.scene.spots.get(at));
        let head = texts::arn_head(self.scene.identity);
        let reader = Reader { scene: self.scene, axes: &mut self.axes, shape };
        let found = Rc::new(reader.resources(&head, at));
        self.resources.insert((of, spot), found.clone());
        found
    }

    /// What a shape reaches in a cell, at most as far as `have` does not reach already.
    pub(super) fn lets(
        &mut self,
        cell: Cell<'_>,
        have: &Lets,
        budget: &mut Budget,
    ) -> Option<Lets> {
        let related = !self.scene.script.relational.is_empty();
        let Cell { shape, spot, sample, open, .. } = cell;
        let key = (Rc::as_ptr(shape), spot, cell.cell, open.map(|id| (sample, id)));
        // Where variables stand in resources, equal rows may differ.
        if let Some(known) = self.known.get(&key).filter(|_| !related) {
            let known = known.clone();
            return Some(if open.is_some() { known } else { self.moved(key, known, cell.line) });
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

    /// `lets` with requests on `line`. Another line may be alike from another spot only.
    fn moved(&mut self, key: CellKey, lets: Lets, line: &Line) -> Lets {
        if lets.iter().all(|found| found.sample.line == *line) {
            return lets;
        }
        let moved = self.moved.entry((key, std::ptr::from_ref(line)));
        let here = |found: &Let| {
            let sample = Sample { line: line.clone(), sender: found.sample.sender.clone() };
            Let { sample: Rc::new(sample), ..*found }
        };
        moved.or_insert_with(|| lets.iter().map(here).collect()).clone()
    }

    /// What the resources say on an axis of request lines.
    fn parts(&mut self, id: AxisId, shape: &Rc<Shape>, spot: Option<usize>) -> Rc<Vec<Part>> {
        let key = (id, self.reader_of_resources(shape), spot);
        if let Some(known) = self.parts.get(&key) {
            return known.clone();
        }
        let resources = self.resources(shape, spot);
        let mut reader = Reader { scene: self.scene, axes: &mut self.axes, shape };
        let found = resources.iter().map(|resource| reader.on_line(id, resource)).collect();
        let found = Rc::new(found);
        self.parts.insert(key, Rc::clone(&found));
        found
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
        let parts = self.parts(id, shape, spot);
        // Of many statements few are about one route.
        let clauses = met.clauses.iter().zip(parts.iter()).map(|(clause, part)| {
            let never = Clause { must: None, may: None };
            if clause.may.is_none() || part.may == Lit::Never {
                return never;
            }
            let mut clause = clause.clone();
            clause.and(*part);
            clause
        });
        let found: Rc<Vec<Clause>> = Rc::new(clauses.collect());
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
