//! The work that one text may cause.
//!
//! Two things are dearer than linear: `hcl-edit` compares every key of an object with all keys
//! before it (50,000 keys: 43 s), and what could not be read is read again (without the duplicate
//! key, or up to the next line that looks like an item). Both are paid from one account, so a
//! hostile file costs about a second, then what is dear in it is refused with an error.

/// Units that every text has: an object of about 2,000 keys.
const BASE: u64 = 100_000_000;

/// Units for each byte of the text: an object of 5,000 keys has them, however short they are.
const PER_BYTE: u64 = 20_000;

/// Units that no text exceeds: about one second, an object of some 7,000 keys.
const MOST: u64 = 1_500_000_000;

/// Units for parsing one byte again.
const PARSE: u64 = 128;

/// Units for scanning one byte again.
const SCAN: u64 = 8;

/// The account of one text.
#[derive(Debug)]
pub(super) struct Work {
    left: u64,
}

impl Work {
    /// The account of a text of `len` bytes.
    pub(super) fn new(len: usize) -> Self {
        let earned = (len as u64).saturating_mul(PER_BYTE);
        Self { left: BASE.saturating_add(earned).min(MOST) }
    }

    /// An account of that many units.
    #[cfg(test)]
    pub(super) fn of(units: u64) -> Self {
        Self { left: units }
    }

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
