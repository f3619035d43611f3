//! Sets of unsigned numbers, as sorted stretches.

use std::sync::Arc;

/// Stretches from a first to a last number, both included: sorted, and never touching.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::analyze::sets) struct Runs(Arc<[(u128, u128)]>);

impl Runs {
    pub(in crate::analyze::sets) fn nothing() -> Self {
        Self(Arc::new([]))
    }

    pub(in crate::analyze::sets) fn one(first: u128, last: u128) -> Self {
        Self::new(vec![(first, last)])
    }

    /// The numbers of any of the stretches.
    pub(in crate::analyze::sets) fn new(mut stretches: Vec<(u128, u128)>) -> Self {
        stretches.sort_unstable();
        let mut out: Vec<(u128, u128)> = Vec::with_capacity(stretches.len());
        for (first, last) in stretches {
            match out.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => {
                    before.1 = before.1.max(last);
                }
                _ => out.push((first, last)),
            }
        }
        Self(out.into())
    }

    pub(in crate::analyze::sets) fn union(&self, other: &Self) -> Self {
        Self::new(self.0.iter().chain(other.0.iter()).copied().collect())
    }

    pub(in crate::analyze::sets) fn intersect(&self, other: &Self) -> Self {
        let (mut a, mut b) = (0, 0);
        let mut out = Vec::new();
        while let (Some(&(a_first, a_last)), Some(&(b_first, b_last))) =
            (self.0.get(a), other.0.get(b))
        {
            let (first, last) = (a_first.max(b_first), a_last.min(b_last));
            if first <= last {
                out.push((first, last));
            }
            if a_last < b_last {
                a += 1;
            } else {
                b += 1;
            }
        }
        Self::new(out)
    }

    /// The numbers up to `end` that are not in the set. No stretch goes beyond `end`.
    pub(in crate::analyze::sets) fn complement(&self, end: u128) -> Self {
        let mut out = Vec::with_capacity(self.0.len() + 1);
        let mut next = Some(0);
        for &(first, last) in self.0.iter() {
            if let Some(from) = next
                && from < first
            {
                out.push((from, first - 1));
            }
            next = last.checked_add(1);
        }
        out.extend(next.filter(|from| *from <= end).map(|from| (from, end)));
        Self(out.into())
    }

    pub(in crate::analyze::sets) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(in crate::analyze::sets) fn contains(&self, value: u128) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= value);
        after > 0 && value <= self.0[after - 1].1
    }

    /// How many numbers there are; 2^128 counts as one less.
    pub(in crate::analyze::sets) fn count(&self) -> u128 {
        let each = self.0.iter().map(|(first, last)| (last - first).saturating_add(1));
        each.fold(0, u128::saturating_add)
    }

    pub(in crate::analyze::sets) fn iter(&self) -> impl Iterator<Item = (u128, u128)> + '_ {
        self.0.iter().copied()
    }

    /// The fewest blocks that make up the set, as first number and prefix length, for numbers of
    /// `width` bits.
    pub(in crate::analyze::sets) fn blocks(&self, width: u8) -> Vec<(u128, u8)> {
        let mut out = Vec::new();
        for &(mut first, last) in self.0.iter() {
            loop {
                // The greatest block that begins here and ends within the stretch.
                let mut free = first.trailing_zeros().min(u32::from(width));
                while free > 0 && size_mask(free) > last - first {
                    free -= 1;
                }
                out.push((first, width - u8::try_from(free).unwrap_or(width)));
                let end = first | size_mask(free);
                if end >= last {
                    break;
                }
                first = end + 1;
            }
        }
        out
    }
}

/// That many low bits.
fn size_mask(bits: u32) -> u128 {
    1u128.checked_shl(bits).map_or(u128::MAX, |size| size - 1)
}
