//! Sets of integers: numbers, and moments in whole seconds since 1970.
//!
//! The bounds of a policy may lie between integers; what a key holds never does (ages and times are
//! counted in whole seconds), so that closed stretches of integers are exact and have one form each.

use crate::analyze::formats::{Decimal, Moment};
use crate::model::BaseOp;

use super::presence::Algebra;
use super::runs::Runs;

/// How a value stands to a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they say what they are")]
pub enum Comparison {
    Less,
    AtMost,
    Equal,
    AtLeast,
    Greater,
}

impl Comparison {
    /// The comparison of a `Numeric...` operator; `None` for the others.
    pub fn of_number(op: BaseOp) -> Option<Self> {
        Some(match op {
            BaseOp::NumericLessThan => Self::Less,
            BaseOp::NumericLessThanEquals => Self::AtMost,
            BaseOp::NumericEquals => Self::Equal,
            BaseOp::NumericGreaterThanEquals => Self::AtLeast,
            BaseOp::NumericGreaterThan => Self::Greater,
            _ => return None,
        })
    }

    /// The comparison of a `Date...` operator; `None` for the others.
    pub fn of_date(op: BaseOp) -> Option<Self> {
        Some(match op {
            BaseOp::DateLessThan => Self::Less,
            BaseOp::DateLessThanEquals => Self::AtMost,
            BaseOp::DateEquals => Self::Equal,
            BaseOp::DateGreaterThanEquals => Self::AtLeast,
            BaseOp::DateGreaterThan => Self::Greater,
            _ => return None,
        })
    }
}

/// A set of integers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Integers(Runs);

/// The number of the greatest integer.
const END: u128 = u64::MAX as u128;

impl Integers {
    /// No integer.
    pub fn nothing() -> Self {
        Self(Runs::nothing())
    }

    /// Every integer.
    pub fn everything() -> Self {
        Self(Runs::one(0, END))
    }

    /// The integers from `first` to `last`.
    pub fn between(first: i64, last: i64) -> Self {
        if first > last { Self::nothing() } else { Self(Runs::one(shift(first), shift(last))) }
    }

    /// The integers that stand to a decimal number as `comparison` says. `None` when `bound` is no
    /// number, which AWS refuses.
    pub fn number(comparison: Comparison, bound: &str) -> Option<Self> {
        let (floor, exact) = Decimal::parse(bound)?.floor();
        Some(Self::bounded(comparison, floor, exact))
    }

    /// The seconds that stand to a date, or to a number of seconds, as `comparison` says. `None` when
    /// `bound` is no date, which AWS refuses.
    pub fn date(comparison: Comparison, bound: &str) -> Option<Self> {
        let (floor, exact) = Moment::parse(bound)?.floor();
        Some(Self::bounded(comparison, floor.into(), exact))
    }

    fn bounded(comparison: Comparison, floor: i128, exact: bool) -> Self {
        let above = floor.saturating_add(1);
        let (first, last) = match comparison {
            Comparison::Less if exact => (i128::MIN, floor.saturating_sub(1)),
            Comparison::Less | Comparison::AtMost => (i128::MIN, floor),
            Comparison::Equal if exact => (floor, floor),
            Comparison::Equal => return Self::nothing(),
            Comparison::AtLeast if exact => (floor, i128::MAX),
            Comparison::AtLeast | Comparison::Greater => (above, i128::MAX),
        };
        let (least, most) = (i128::from(i64::MIN), i128::from(i64::MAX));
        if last < least || first > most {
            return Self::nothing();
        }
        let clamped = |value: i128| i64::try_from(value.clamp(least, most)).unwrap_or_default();
        Self::between(clamped(first), clamped(last))
    }

    /// The integers of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0))
    }

    /// The integers of both sets.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self(self.0.intersect(&other.0))
    }

    /// The integers that are not in the set.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self(self.0.complement(END))
    }

    /// The integers of this set that are not in `other`.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.intersect(&other.complement())
    }

    /// Whether there is no integer in the set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every integer of this set is in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.subtract(other).is_empty()
    }

    /// Whether `value` is in the set.
    pub fn contains(&self, value: i64) -> bool {
        self.0.contains(shift(value))
    }

    /// The integer of the set that is nearest to `wish`, the greater one of two. `None` when the set
    /// is empty.
    pub fn witness(&self, wish: i64) -> Option<i64> {
        let wish = shift(wish);
        let nearest = self.0.iter().map(|(first, last)| wish.clamp(first, last));
        let best = nearest.min_by_key(|value| (value.abs_diff(wish), *value < wish))?;
        unshift(best)
    }

    /// The first and last integer of each stretch, in order.
    pub fn stretches(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        self.0.iter().filter_map(|(first, last)| Some((unshift(first)?, unshift(last)?)))
    }
}

/// An integer as a number from 0 to [`END`], in the same order.
fn shift(value: i64) -> u128 {
    u128::from(value.abs_diff(i64::MIN))
}

fn unshift(value: u128) -> Option<i64> {
    u64::try_from(value).ok().map(|value| i64::MIN.wrapping_add_unsigned(value))
}

impl Algebra for Integers {
    fn nothing() -> Self {
        Self::nothing()
    }
    fn union(&self, other: &Self) -> Self {
        self.union(other)
    }
    fn complement(&self) -> Self {
        self.complement()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Comparison, Integers};
    use crate::analyze::formats::{Decimal, Moment};

    const ALL: [Comparison; 5] = [
        Comparison::Less,
        Comparison::AtMost,
        Comparison::Equal,
        Comparison::AtLeast,
        Comparison::Greater,
    ];

    fn holds(comparison: Comparison, order: std::cmp::Ordering) -> bool {
        match comparison {
            Comparison::Less => order.is_lt(),
            Comparison::AtMost => order.is_le(),
            Comparison::Equal => order.is_eq(),
            Comparison::AtLeast => order.is_ge(),
            Comparison::Greater => order.is_gt(),
        }
    }

    fn any_set() -> impl Strategy<Value = Integers> {
        let end = || prop_oneof![4 => -9i64..10, 1 => Just(i64::MIN), 1 => Just(i64::MAX)];
        prop::collection::vec((end(), end()), 0..4).prop_map(|pairs| {
            let each = pairs.into_iter().map(|(a, b)| Integers::between(a, b));
            each.fold(Integers::nothing(), |sum, set| sum.union(&set))
        })
    }

    proptest! {
        #[test]
        fn numbers_compare_as_in_the_evaluator(
            bound in "-?[0-9]{1,2}(\\.[0-9]{1,2})?",
            near in -2i64..3,
        ) {
            let parsed = Decimal::parse(&bound).expect("a number");
            let whole: i64 = bound.split('.').next().and_then(|w| w.parse().ok()).expect("an integer");
            let value = whole + near;
            let text = value.to_string();
            let order = Decimal::parse(&text).expect("an integer").cmp(&parsed);
            for comparison in ALL {
                let set = Integers::number(comparison, &bound).expect("a number");
                prop_assert_eq!(set.contains(value), holds(comparison, order), "{} {:?} {}", value, comparison, bound);
            }
        }

        #[test]
        fn dates_compare_as_in_the_evaluator(fraction in "(\\.[0-9]{1,3})?", near in -2i64..3) {
            let bound = format!("2026-11-21T00:00:00{fraction}Z");
            let parsed = Moment::parse(&bound).expect("a date");
            let value = 1_795_219_200 + near;
            for comparison in ALL {
                let set = Integers::date(comparison, &bound).expect("a date");
                let expected = holds(comparison, Moment::new(value).cmp(&parsed));
                prop_assert_eq!(set.contains(value), expected, "{} {:?} {}", value, comparison, bound);
            }
        }

        #[test]
        fn algebra(a in any_set(), b in any_set(), wish in -12i64..13) {
            for value in [-10, -9, -1, 0, 1, wish, i64::MIN, i64::MAX] {
                let (in_a, in_b) = (a.contains(value), b.contains(value));
                prop_assert_eq!(a.union(&b).contains(value), in_a || in_b);
                prop_assert_eq!(a.intersect(&b).contains(value), in_a && in_b);
                prop_assert_eq!(a.subtract(&b).contains(value), in_a && !in_b);
                prop_assert_eq!(a.complement().contains(value), !in_a);
            }
            prop_assert_eq!(a.complement().complement(), a.clone());
            let found = a.witness(wish);
            prop_assert_eq!(found.is_none(), a.is_empty());
            if let Some(found) = found {
                prop_assert!(a.contains(found));
                let nearer = (-12i64..13).find(|v| a.contains(*v) && v.abs_diff(wish) < found.abs_diff(wish));
                prop_assert_eq!(nearer, None);
            }
        }
    }

    #[test]
    fn bounds_beyond_every_integer() {
        let huge = "9".repeat(60);
        let set = |comparison, bound: &str| Integers::number(comparison, bound).expect("a number");
        assert_eq!(set(Comparison::Less, &huge), Integers::everything());
        assert_eq!(set(Comparison::Greater, &huge), Integers::nothing());
        assert_eq!(set(Comparison::Equal, &huge), Integers::nothing());
        assert_eq!(set(Comparison::AtLeast, &format!("-{huge}.5")), Integers::everything());
        assert_eq!(set(Comparison::AtMost, &format!("-{huge}")), Integers::nothing());
        assert_eq!(set(Comparison::AtMost, "9223372036854775807"), Integers::everything());
        assert_eq!(Integers::number(Comparison::Less, "1e3"), None);
        assert_eq!(Integers::date(Comparison::Less, "tomorrow"), None);
    }

    #[test]
    fn the_nearest_one() {
        let set = Integers::between(-5, -3).union(&Integers::between(3, 8));
        assert_eq!(set.witness(0), Some(3), "the greater of two");
        assert_eq!(set.witness(-1), Some(-3));
        assert_eq!(set.witness(5), Some(5));
        assert_eq!(set.stretches().collect::<Vec<_>>(), [(-5, -3), (3, 8)]);
    }
}
