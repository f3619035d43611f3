//! A key that may be absent: what operators say of it then, and sets of what it may hold.

use crate::model::{Operator, Quantifier, Tri};

/// Sets that can be combined. `intersect`, `subtract` and `everything` follow from the others.
pub trait Algebra: Clone {
    /// No value.
    fn nothing() -> Self;

    /// The values of either set.
    #[must_use]
    fn union(&self, other: &Self) -> Self;

    /// The values that are not in the set.
    #[must_use]
    fn complement(&self) -> Self;

    /// Every value.
    fn everything() -> Self {
        Self::nothing().complement()
    }

    /// The values of both sets.
    #[must_use]
    fn intersect(&self, other: &Self) -> Self {
        self.complement().union(&other.complement()).complement()
    }

    /// The values of this set that are not in `other`.
    #[must_use]
    fn subtract(&self, other: &Self) -> Self {
        self.intersect(&other.complement())
    }
}

/// The states of a key: absent, or present with a value of a set.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Keyed<S> {
    /// Whether the key may be absent.
    pub absent: bool,
    /// The values that it may have when it is present.
    pub values: S,
}

impl<S: Algebra> Keyed<S> {
    /// The key is absent.
    pub fn absent() -> Self {
        Self { absent: true, values: S::nothing() }
    }

    /// The key is present with any of `values`.
    pub fn present(values: S) -> Self {
        Self { absent: false, values }
    }

    /// Whether it is absent and what it holds does not matter.
    pub fn everything() -> Self {
        Self { absent: true, values: S::everything() }
    }

    /// Neither.
    pub fn nothing() -> Self {
        Self { absent: false, values: S::nothing() }
    }

    /// The states of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { absent: self.absent || other.absent, values: self.values.union(&other.values) }
    }

    /// The states of both sets.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self { absent: self.absent && other.absent, values: self.values.intersect(&other.values) }
    }

    /// The states that are not in the set.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self { absent: !self.absent, values: self.values.complement() }
    }

    /// The states of this set that are not in `other`.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.intersect(&other.complement())
    }
}

/// What a condition with `operator` says of a key that is absent (SEMANTICS 2.2). `Null` is decided
/// by its value and is not asked here.
///
/// `Unknown`: `...IfExists` says true, `ForAnyValue:` says false, and no page says which of them wins.
pub fn when_missing(operator: Operator) -> Tri {
    match (operator.quantifier, operator.if_exists) {
        (Some(Quantifier::AllValues), _) | (None, true) => Tri::True,
        (Some(Quantifier::AnyValue), true) => Tri::Unknown,
        (Some(Quantifier::AnyValue), false) => Tri::False,
        (None, false) => operator.negated.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Algebra, Keyed};
    use crate::analyze::sets::{IdSet, Integers};

    #[test]
    fn states_of_a_key() {
        let some = Keyed::present(Integers::between(1, 3));
        let absent = Keyed::<Integers>::absent();
        let both = some.union(&absent);
        assert!(both.absent && both.values == Integers::between(1, 3));
        assert_eq!(both.complement(), Keyed::present(Integers::between(1, 3).complement()));
        assert_eq!(both.subtract(&absent), some);
        assert_eq!(some.intersect(&absent), Keyed::nothing());
        assert_eq!(some.union(&some.complement()), Keyed::everything());
        assert_eq!(Keyed::<Integers>::nothing().complement(), Keyed::everything());
    }

    #[test]
    fn what_follows_from_union_and_complement() {
        /// A set that has only what it must have.
        #[derive(Debug, Clone, PartialEq)]
        struct Bare(IdSet<u8>);
        impl Algebra for Bare {
            fn nothing() -> Self {
                Self(IdSet::nothing())
            }
            fn union(&self, other: &Self) -> Self {
                Self(self.0.union(&other.0))
            }
            fn complement(&self) -> Self {
                Self(self.0.complement())
            }
        }
        let set = |ids: &[u8]| Bare(IdSet::only(ids.iter().copied()));
        assert_eq!(set(&[1, 2]).intersect(&set(&[2, 3])), set(&[2]));
        assert_eq!(set(&[1, 2]).subtract(&set(&[2, 3])), set(&[1]));
        assert_eq!(Bare::everything().intersect(&set(&[7])), set(&[7]));
    }
}
