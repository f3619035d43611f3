//! The decision by representatives: the oracle that the exact decision is tested against.
//!
//! Every literal of the policy cuts the axis that it is about; one representative of each cell, and
//! every combination of them, is judged by the concrete evaluator. Representatives that no statement
//! tells apart are judged once. That is exact but for texts that several patterns overlap on, and
//! costs the product of the axes. It must not share a line with the exact decision but what both
//! stand on: scenes, groups of callers, targets.

mod callers;
mod combos;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::analyze::evaluate::evaluate;
use crate::model::{Api, Reach, Tri, Trust};

use super::budget::Budget;
use super::engine::Engine;
use super::outsiders::{Group, Org, Outsiders, Who};
use super::project::Row;
use super::routes::{Target, Wanted};
use super::scene::{LineRep, Scene, Sender, Spot};
use super::tally::{Let, Lets, Passes, Sample, admitted};

/// As [`reach`](super::reach), by representatives.
pub fn reach(api: &Api, trust: &Trust, now: i64) -> Reach {
    super::decide(api, trust, now, &|scene, outsiders| {
        Box::new(Representatives { scene, outsiders, known: BTreeMap::new() })
    })
}

/// A caller with a choice for every key.
#[derive(Debug, Clone)]
struct Combo {
    /// What the policy says of it.
    row: Row,
    /// The caller and its keys.
    sender: Sender,
}

/// The representatives of one scene.
struct Representatives<'a> {
    scene: &'a Scene<'a>,
    outsiders: &'a Outsiders<'a>,
    known: BTreeMap<Group, BTreeMap<Org, Rc<Vec<Combo>>>>,
}

impl Engine for Representatives<'_> {
    fn wants(&self) -> Wanted {
        Wanted::Every
    }

    fn passes(&mut self, who: &Who, target: &Target, budget: &mut Budget) -> Option<Passes> {
        let combos = self.of(who, budget)?;
        let mut out = Passes::default();
        for line in self.scene.lines(target, budget)? {
            let mut samples = BTreeMap::new();
            let mut spots = Vec::with_capacity(self.scene.spots.len());
            for spot in &self.scene.spots {
                spots.push(self.lets(&line, spot, &combos, &mut samples, budget)?);
            }
            out.lines.push(spots);
        }
        Some(out)
    }
}

impl Representatives<'_> {
    fn of(&mut self, who: &Who, budget: &mut Budget) -> Option<Vec<Combo>> {
        if !self.known.contains_key(&who.group) {
            let combos = self.combos(&who.group, budget)?;
            let shared = combos.into_iter().map(|(org, list)| (org, Rc::new(list))).collect();
            self.known.insert(who.group.clone(), shared);
        }
        let by_org = self.known.get(&who.group)?;
        let lists = who.orgs.iter().filter_map(|org| by_org.get(org));
        Some(lists.flat_map(|list| list.iter().cloned()).collect())
    }

    /// What `combos` reach from one spot by one request line.
    fn lets(
        &self,
        line: &LineRep,
        spot: &Spot,
        combos: &[Combo],
        samples: &mut BTreeMap<usize, Rc<Sample>>,
        budget: &mut Budget,
    ) -> Option<Lets> {
        let script = self.scene.script;
        let mut best = vec![(Tri::False, 0); script.roles.len()];
        for (number, combo) in combos.iter().enumerate() {
            let mut truth = self.at_best(line, spot, combo, budget)?;
            let better =
                admitted(&script.roles, &truth).zip(&best).any(|(level, best)| level > best.0);
            if !better {
                continue;
            }
            if !script.relational.is_empty() {
                truth = self.truth(line, spot, combo, budget)?;
            }
            for (level, best) in admitted(&script.roles, &truth).zip(&mut best) {
                if level > best.0 {
                    *best = (level, number);
                }
            }
        }
        let found = best.into_iter().enumerate().filter(|(_, (level, _))| !level.is_false());
        let lets = found.filter_map(|(statement, (level, number))| {
            let combo = combos.get(number)?;
            let sample = samples.entry(number).or_insert_with(|| {
                Rc::new(Sample { line: line.line.clone(), sender: combo.sender.clone() })
            });
            Some(Let { statement, level, sample: sample.clone() })
        });
        Some(lets.collect())
    }

    /// The truth of every statement for one combination.
    fn truth(
        &self,
        line: &LineRep,
        spot: &Spot,
        combo: &Combo,
        budget: &mut Budget,
    ) -> Option<Vec<Tri>> {
        if !budget.evaluation(self.scene.script.weight) {
            return None;
        }
        let request = self.scene.request(&line.line, spot, &combo.sender);
        Some(evaluate(&self.scene.script.policy, &request, self.scene.identity).statements)
    }

    /// The truth of every statement for one combination, at its best for the caller: relational
    /// parts hold in an Allow and fail in a Deny. All there is to know of a policy without any.
    fn at_best(
        &self,
        line: &LineRep,
        spot: &Spot,
        combo: &Combo,
        budget: &mut Budget,
    ) -> Option<Vec<Tri>> {
        let len = self.scene.script.roles.len();
        if !budget.comparisons(len) {
            return None;
        }
        let row = line.row.and(&spot.row).and(&combo.row);
        let mut truth: Vec<Tri> = (0..len).map(|at| row.truth(at)).collect();
        for at in &self.scene.script.escapable {
            truth.get_mut(*at).into_iter().for_each(|truth| *truth = Tri::False);
        }
        Some(truth)
    }
}
