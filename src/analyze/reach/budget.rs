//! The bound on the work for one API.

/// The most concrete evaluations for one API.
const EVALUATIONS: u64 = 100_000;
/// The most comparisons of a request with a part of a statement for one API.
const COMPARISONS: u64 = 30_000_000;

/// What is left of the bound. Once it is used up the answer is what was decided so far, and every
/// class that was not decided is possible.
#[derive(Debug)]
pub(super) struct Budget {
    evaluations: u64,
    comparisons: u64,
    spent: bool,
}

impl Budget {
    /// The bound for one API.
    pub(super) fn new() -> Self {
        Self { evaluations: EVALUATIONS, comparisons: COMPARISONS, spent: false }
    }

    /// Takes one evaluation that looks at `parts` parts. `false` when the bound is reached.
    pub(super) fn evaluation(&mut self, parts: usize) -> bool {
        match self.evaluations.checked_sub(1) {
            Some(left) => {
                self.evaluations = left;
                self.comparisons(parts)
            }
            None => self.exceed(),
        }
    }

    /// Takes `count` comparisons. `false` when the bound is reached.
    pub(super) fn comparisons(&mut self, count: usize) -> bool {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        match self.comparisons.checked_sub(count) {
            Some(left) if !self.spent => {
                self.comparisons = left;
                true
            }
            _ => self.exceed(),
        }
    }

    /// Records that something was left undecided.
    pub(super) fn exceed(&mut self) -> bool {
        self.spent = true;
        false
    }

    /// Whether the bound was reached.
    pub(super) fn spent(&self) -> bool {
        self.spent
    }
}
