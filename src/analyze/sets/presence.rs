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
