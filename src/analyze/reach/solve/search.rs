//! Box subtraction: a request that an Allow lets through and no Deny stops.
//!
//! A box is a conjunction of tests, those of each axis apart. One value of each axis makes a request
//! of the box. As long as some Deny stops that request, the box is cut into disjoint boxes outside of
//! the Deny (not the first test; the first and not the second; ...), and the search goes on in the
//! first of them that is not empty. A Deny that does not stop the request at hand costs nothing.

use std::rc::Rc;

use crate::analyze::reach::budget::Budget;

use super::axes::{Answer, Axes, AxisId, Pick, TestId};

/// What one Deny at one box counts as, in comparisons.
const STEP: usize = 30;

/// What a search comes to.
#[derive(Debug)]
pub(super) enum Outcome {
    /// A request: what stands on the axes that something asks about. `sure` unless an axis could not
    /// be decided.
    Found { picks: Vec<(AxisId, Rc<Pick>)>, sure: bool },
    /// There is none.
    Empty,
    /// The bound on work was reached.
    Undecided,
}

/// The tests of one axis and a value that meets them.
#[derive(Debug, Clone)]
struct Side {
    axis: AxisId,
    /// Sorted.
    tests: Vec<TestId>,
    pick: Rc<Pick>,
    sure: bool,
}

#[derive(Debug, Clone, Default)]
struct Region {
    sides: Vec<Side>,
}

/// Looks for a request that meets all of `asserted` and, for each of `denies`, not all of its tests.
pub(super) fn search(
    axes: &mut Axes<'_>,
    asserted: &[TestId],
    denies: &[&[TestId]],
    budget: &mut Budget,
) -> Outcome {
    let mut region = Region::default();
    match region.narrow(axes, asserted) {
        Cut::Empty => Outcome::Empty,
        Cut::TooBig => Outcome::Undecided,
        Cut::Done => subtract(axes, &region, denies, budget),
    }
}

/// Whether a box could be narrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Done,
    Empty,
    TooBig,
}

impl Region {
    fn has(&self, axis: AxisId, test: TestId) -> bool {
        let side = self.sides.iter().find(|side| side.axis == axis);
        side.is_some_and(|side| side.tests.binary_search(&test).is_ok())
    }

    /// Adds tests.
    fn narrow(&mut self, axes: &mut Axes<'_>, tests: &[TestId]) -> Cut {
        let mut touched: Vec<AxisId> = Vec::new();
        for &test in tests {
            let axis = axes.axis_of(test);
            let known = self.sides.iter_mut().find(|side| side.axis == axis);
            let side = match known {
                Some(side) => side,
                None => {
                    let pick = Rc::new(Pick::Absent);
                    self.sides.push(Side { axis, tests: Vec::new(), pick, sure: true });
                    let Some(side) = self.sides.last_mut() else { continue };
                    side
                }
            };
            if let Err(at) = side.tests.binary_search(&test) {
                side.tests.insert(at, test);
                if !touched.contains(&axis) {
                    touched.push(axis);
                }
            }
        }
        for axis in touched {
            let Some(side) = self.sides.iter_mut().find(|side| side.axis == axis) else { continue };
            match axes.member(axis, &side.tests) {
                Answer::Empty => return Cut::Empty,
                Answer::TooBig => return Cut::TooBig,
                Answer::Is(pick) => (side.pick, side.sure) = (pick, true),
                Answer::Maybe(pick) => (side.pick, side.sure) = (pick, false),
            }
        }
        Cut::Done
    }

    /// Whether the request at hand meets a test, as far as is known.
    fn meets(&self, axes: &mut Axes<'_>, test: TestId) -> bool {
        let axis = axes.axis_of(test);
        let pick = match self.sides.iter().find(|side| side.axis == axis) {
            Some(side) => side.pick.clone(),
            None => match axes.member(axis, &[]) {
                Answer::Is(pick) | Answer::Maybe(pick) => pick,
                Answer::Empty | Answer::TooBig => return true,
            },
        };
        axes.meets(test, &pick).unwrap_or(true)
    }
}

fn subtract(
    axes: &mut Axes<'_>,
    region: &Region,
    denies: &[&[TestId]],
    budget: &mut Budget,
) -> Outcome {
    if !budget.comparisons(STEP * (1 + denies.len())) {
        return Outcome::Undecided;
    }
    let mut left: Vec<&[TestId]> = Vec::with_capacity(denies.len());
    // The Deny with the fewest ways out.
    let mut worst: Option<(&[TestId], Vec<TestId>)> = None;
    for deny in denies {
        let outside = |test: &TestId| region.has(axes.axis_of(*test), axes.not(*test));
        if deny.iter().any(outside) {
            continue;
        }
        left.push(deny);
        let mut stops = true;
        for test in *deny {
            stops = stops && region.meets(axes, *test);
        }
        if !stops {
            continue;
        }
        let free: Vec<TestId> =
            deny.iter().copied().filter(|t| !region.has(axes.axis_of(*t), *t)).collect();
        if free.is_empty() {
            return Outcome::Empty;
        }
        if worst.as_ref().is_none_or(|(_, known)| free.len() < known.len()) {
            worst = Some((deny, free));
        }
    }
    let Some((deny, free)) = worst else {
        let picks = region.sides.iter().map(|side| (side.axis, side.pick.clone())).collect();
        let sure = region.sides.iter().all(|side| side.sure);
        return Outcome::Found { picks, sure };
    };
    left.retain(|other| !std::ptr::eq(*other, deny));
    let mut out = Outcome::Empty;
    for (at, test) in free.iter().enumerate() {
        let mut part = region.clone();
        let mut added = free[..at].to_vec();
        added.push(axes.not(*test));
        match part.narrow(axes, &added) {
            Cut::Empty => continue,
            Cut::TooBig => {
                out = Outcome::Undecided;
                continue;
            }
            Cut::Done => {}
        }
        match subtract(axes, &part, &left, budget) {
            Outcome::Empty => {}
            Outcome::Undecided => out = Outcome::Undecided,
            found @ Outcome::Found { .. } => return found,
        }
    }
    out
}
