//! The bound on the work that questions about sets of texts may take.

use std::cell::Cell;

/// A question was given up: nothing is known of its answer. It never means that a set is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bound on the work for a question about texts was reached")]
pub struct TooBig;

/// How much work is left. One unit is one state of one pattern looked at: about ten nanoseconds.
#[derive(Debug)]
pub struct Budget {
    left: Cell<u64>,
    spent: Cell<bool>,
}

impl Budget {
    /// A bound of so many units.
    pub fn new(units: u64) -> Self {
        Self { left: Cell::new(units), spent: Cell::new(false) }
    }

    /// Takes so many units. From the first refusal on every request is refused.
    pub(super) fn take(&self, units: usize) -> Result<(), TooBig> {
        let units = u64::try_from(units).unwrap_or(u64::MAX);
        match self.left.get().checked_sub(units) {
            Some(left) if !self.spent.get() => {
                self.left.set(left);
                Ok(())
            }
            _ => {
                self.spent.set(true);
                Err(TooBig)
            }
        }
    }

    /// Whether a question was given up.
    pub fn spent(&self) -> bool {
        self.spent.get()
    }
}
