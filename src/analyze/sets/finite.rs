//! Sets of ids: finitely many of them, or all but finitely many.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::presence::Algebra;

/// A set of accounts, organisations, endpoints or VPCs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdSet<T: Ord> {
    /// These.
    Only(Arc<BTreeSet<T>>),
    /// All but these: fresh ids too.
    AllBut(Arc<BTreeSet<T>>),
}

impl<T: Ord + Clone> IdSet<T> {
    /// No id.
    pub fn nothing() -> Self {
        Self::Only(Arc::default())
    }

    /// Every id.
    pub fn everything() -> Self {
        Self::AllBut(Arc::default())
    }

    /// These ids.
    pub fn only(ids: impl IntoIterator<Item = T>) -> Self {
        Self::Only(Arc::new(ids.into_iter().collect()))
    }

    /// All but these ids.
    pub fn all_but(ids: impl IntoIterator<Item = T>) -> Self {
        Self::AllBut(Arc::new(ids.into_iter().collect()))
    }

    /// The ids of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Only(a), Self::Only(b)) => Self::only(a.union(b).cloned()),
            (Self::AllBut(a), Self::AllBut(b)) => Self::all_but(a.intersection(b).cloned()),
            (Self::AllBut(out), Self::Only(ids)) | (Self::Only(ids), Self::AllBut(out)) => {
                Self::all_but(out.difference(ids).cloned())
            }
        }
    }

    /// The ids of both sets.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        self.complement().union(&other.complement()).complement()
    }

    /// The ids that are not in the set.
    #[must_use]
    pub fn complement(&self) -> Self {
        match self {
            Self::Only(ids) => Self::AllBut(ids.clone()),
            Self::AllBut(ids) => Self::Only(ids.clone()),
        }
    }

    /// The ids of this set that are not in `other`.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.intersect(&other.complement())
    }

    /// Whether there is no id in the set.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Only(ids) if ids.is_empty())
    }

    /// Whether every id of this set is in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.subtract(other).is_empty()
    }

    /// Whether `id` is in the set.
    pub fn contains(&self, id: &T) -> bool {
        match self {
            Self::Only(ids) => ids.contains(id),
            Self::AllBut(ids) => !ids.contains(id),
        }
    }

    /// Whether an id that nothing names is in the set.
    pub fn has_fresh(&self) -> bool {
        matches!(self, Self::AllBut(_))
    }

    /// The simplest id of the set: the first of `fresh` that is in it, else the first one named.
    /// `None` when the set is empty, or when `fresh` ends too soon for one that is not.
    pub fn witness(&self, fresh: impl IntoIterator<Item = T>) -> Option<T> {
        let free = fresh.into_iter().find(|id| self.contains(id));
        free.or_else(|| match self {
            Self::Only(ids) => ids.first().cloned(),
            Self::AllBut(_) => None,
        })
    }
}

impl<T: Ord + Clone> Algebra for IdSet<T> {
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

    use super::IdSet;

    fn any_set() -> impl Strategy<Value = IdSet<u8>> {
        (any::<bool>(), prop::collection::btree_set(0u8..5, 0..4))
            .prop_map(|(only, ids)| if only { IdSet::only(ids) } else { IdSet::all_but(ids) })
    }

    proptest! {
        #[test]
        fn algebra(a in any_set(), b in any_set()) {
            // 200 stands for every id that nothing names.
            for id in (0u8..5).chain([200]) {
                let (in_a, in_b) = (a.contains(&id), b.contains(&id));
                prop_assert_eq!(a.union(&b).contains(&id), in_a || in_b);
                prop_assert_eq!(a.intersect(&b).contains(&id), in_a && in_b);
                prop_assert_eq!(a.subtract(&b).contains(&id), in_a && !in_b);
                prop_assert_eq!(a.complement().contains(&id), !in_a);
            }
            prop_assert_eq!(a.has_fresh(), a.contains(&200));
            prop_assert_eq!(a.is_empty(), a.witness([200]).is_none());
            prop_assert!(a.witness([200]).is_none_or(|id| a.contains(&id)));
            prop_assert_eq!(a.is_subset(&b), (0u8..5).chain([200]).all(|id| !a.contains(&id) || b.contains(&id)));
            prop_assert_eq!(a.complement().complement(), a.clone());
            prop_assert_eq!(a.subtract(&b).union(&a.intersect(&b)), a);
        }
    }

    #[test]
    fn fresh_ids_come_first() {
        assert_eq!(IdSet::all_but([9, 8]).witness([9, 8, 7, 6]), Some(7));
        assert_eq!(IdSet::only([3, 1]).witness([9]), Some(1));
        assert_eq!(IdSet::only([3, 1]).witness([3]), Some(3));
        assert_eq!(IdSet::<u8>::nothing().witness([1]), None);
        assert!(IdSet::<u8>::everything().has_fresh() && !IdSet::only([1]).has_fresh());
    }
}
