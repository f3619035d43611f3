//! What a shape reaches in one cell: each Allow minus every Deny, proved before possible.

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::analyze::evaluate::evaluate;
use crate::analyze::reach::budget::Budget;
use crate::analyze::reach::routes::Line;
use crate::analyze::reach::tally::{Let, Lets, Sample, admitted};
use crate::model::Tri;

use super::axes::{Answer, AxisId, Pick};
use super::search::{Outcome, search};
use super::statements::Clause;
use super::{Cell, Solver};

impl Solver<'_> {
    /// The statements that let the shape of `cell` through, which meets them as `clauses`, as far as
    /// `have` does not reach already.
    pub(super) fn decide(
        &mut self,
        clauses: &[Clause],
        cell: Cell<'_>,
        have: &Lets,
        budget: &mut Budget,
    ) -> Option<Lets> {
        let (must, may) = self.cells.get(cell.cell)?.clone();
        let mut found: BTreeMap<usize, Let> = BTreeMap::new();
        for level in [Tri::True, Tri::Unknown] {
            let certain = level.is_true();
            let (of_allow, of_deny) = if certain { (&must, &may) } else { (&may, &must) };
            let tests = |at: usize, allow: bool| {
                let clause = clauses.get(at)?;
                if certain == allow { clause.must.as_deref() } else { clause.may.as_deref() }
            };
            let mut denies: Vec<&[u32]> = Vec::new();
            let mut seen: FxHashSet<&[u32]> = FxHashSet::default();
            let against = self.denies.iter();
            let doubtful = self.either.iter().filter(|_| certain);
            for at in against.chain(doubtful).filter(|at| of_deny.contains(*at)) {
                if let Some(tests) = tests(at, false)
                    && seen.insert(tests)
                {
                    denies.push(tests);
                }
            }
            // It stops everything.
            if denies.iter().any(|tests| tests.is_empty()) {
                continue;
            }
            let allows: Vec<usize> = of_allow
                .iter()
                .filter(|at| {
                    if certain { self.allows.contains(*at) } else { !self.denies.contains(*at) }
                })
                .collect();
            for at in allows {
                let known = have.iter().find(|other| other.statement == at);
                let reached = known.is_some_and(|other| other.level >= level);
                if reached || found.contains_key(&at) {
                    continue;
                }
                let Some(asked) = tests(at, true) else { continue };
                let asserted: Vec<u32> = cell.shape.base.iter().chain(asked).copied().collect();
                match search(&mut self.axes, &asserted, &denies, budget) {
                    Outcome::Empty => {}
                    Outcome::Undecided => {
                        budget.exceed();
                        return None;
                    }
                    Outcome::Found { picks, sure } => {
                        let sample = self.sample(cell, &picks)?;
                        // What the evaluator confirms is proved, however it was found.
                        let level = if sure && cell.shape.exact {
                            level
                        } else {
                            self.confirmed(at, cell, &sample).max(Tri::Unknown)
                        };
                        found.insert(at, Let { statement: at, level, sample: Rc::new(sample) });
                    }
                }
            }
        }
        Some(if found.is_empty() { self.none.clone() } else { found.into_values().collect() })
    }

    /// What the evaluator says of a request.
    fn confirmed(&self, at: usize, cell: Cell<'_>, sample: &Sample) -> Tri {
        let Some(spot) = self.scene.spots.get(cell.sample) else { return Tri::False };
        let request = self.scene.request(&sample.line, spot, &sample.sender);
        let script = self.scene.script;
        let truth = evaluate(&script.policy, &request, self.scene.identity).statements;
        admitted(&script.roles, &truth).nth(at).unwrap_or(Tri::False)
    }

    /// The request that stands at `picks`, and at the simplest value of every other axis.
    fn sample(&mut self, cell: Cell<'_>, picks: &[(AxisId, Rc<Pick>)]) -> Option<Sample> {
        let Cell { shape, line, open, .. } = cell;
        let keys = shape.keys.chosen.values().chain(&shape.keys.ip).copied();
        let own = [&shape.arn, &shape.org].into_iter().flatten().map(|(id, _)| *id);
        let mut all: BTreeMap<AxisId, Rc<Pick>> = BTreeMap::new();
        for id in keys.chain(own).chain(open) {
            if let Answer::Is(pick) | Answer::Maybe(pick) = self.axes.member(id, &[]) {
                all.insert(id, pick);
            }
        }
        all.extend(picks.iter().cloned());
        let sender = shape.sender(&self.axes, |id| all.get(&id).cloned());
        let line = match open.and_then(|id| all.get(&id)).map(|pick| &**pick) {
            Some(Pick::Text(tail)) => parse_line(tail)?,
            _ => line.clone(),
        };
        Some(Sample { line, sender })
    }
}

fn parse_line(tail: &str) -> Option<Line> {
    let (stage, rest) = tail.split_once('/')?;
    let (method, _) = rest.split_once('/')?;
    let path = rest.strip_prefix(method)?;
    Some(Line { method: method.into(), stage: stage.into(), path: path.into() })
}
