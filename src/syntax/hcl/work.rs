//! The work that one text may cause.
//!
//! Two things are dearer than linear: `hcl-edit` compares every key of an object with all keys
//! before it (50,000 keys: 43 s), and what could not be read is read again (without the duplicate
//! key, or up to the next line that looks like an item). Both are paid from one account, so a
//! hostile file costs about a second, then the rest of it is refused with an error.

/// Units in the account: about one second. The objects of real files cost far less than one
/// percent of it; one object of some 7,000 keys uses it up.
const BUDGET: u64 = 1_500_000_000;

/// Units for parsing one byte again.
const PARSE: u64 = 128;

/// Units for scanning one byte again.
const SCAN: u64 = 8;

/// The account of one text.
#[derive(Debug)]
pub(super) struct Work {
    left: u64,
}

impl Default for Work {
    fn default() -> Self {
        Self { left: BUDGET }
    }
}

impl Work {
    /// Pays for object keys; `false` when that is too much.
    pub(super) fn keys(&mut self, cost: u64) -> bool {
        self.pay(cost)
    }

    /// Pays for parsing `len` bytes again.
    pub(super) fn parse_again(&mut self, len: usize, key_cost: u64) -> bool {
        self.pay((len as u64).saturating_mul(PARSE).saturating_add(key_cost))
    }

    /// Pays for scanning `len` bytes again.
    pub(super) fn scan_again(&mut self, len: usize) -> bool {
        self.pay((len as u64).saturating_mul(SCAN))
    }

    fn pay(&mut self, cost: u64) -> bool {
        match self.left.checked_sub(cost) {
            Some(left) => {
                self.left = left;
                true
            }
            None => false,
        }
    }
}
