//! Small sets of numbers.

use std::hash::{Hash, Hasher};

/// A set of numbers below a bound.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Bits(Vec<u64>);

/// Quick hashers lose the differences between high bits: they are brought down first.
impl Hash for Bits {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for word in &self.0 {
            let mixed = word.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            state.write_u64(mixed ^ mixed >> 32);
        }
    }
}

impl Bits {
    /// No number, of those below `len`.
    pub(super) fn none(len: usize) -> Self {
        Self(vec![0; len.div_ceil(64)])
    }

    /// The numbers below `len` for which `test` holds.
    pub(super) fn of(len: usize, test: impl Fn(usize) -> bool) -> Self {
        let mut out = Self::none(len);
        (0..len).filter(|at| test(*at)).for_each(|at| out.insert(at));
        out
    }

    /// Adds a number.
    pub(super) fn insert(&mut self, at: usize) {
        if let Some(word) = self.0.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    /// Whether the number is in the set.
    pub(super) fn contains(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word & (1 << (at % 64)) != 0)
    }

    /// The numbers of both sets.
    pub(super) fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    /// Whether both sets share a number.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The numbers, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                // Takes the lowest bit away; of no bits there are 64 zeros.
                left &= left.checked_sub(1)?;
                Some(at * 64 + bit)
            })
        })
    }
}
