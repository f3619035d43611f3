//! The algebra of texts: formulas over globs.

use std::sync::Arc;

use crate::analyze::sets::budget::{Budget, TooBig};
use crate::analyze::sets::presence::Algebra;

use super::pattern::Glob;
use super::refine;

/// A set of texts: every combination of globs. Cheap to clone and to combine.
#[derive(Debug, Clone)]
pub struct TextSet(pub(super) Arc<Node>);

/// A formula. `All` and `Any` hold no formula of their own kind.
#[derive(Debug)]
pub(super) enum Node {
    Glob(Glob),
    Not(TextSet),
    All(Vec<TextSet>),
    Any(Vec<TextSet>),
}

impl From<Glob> for TextSet {
    fn from(glob: Glob) -> Self {
        Self(Arc::new(Node::Glob(glob)))
    }
}

impl TextSet {
    /// No text.
    pub fn nothing() -> Self {
        Self(Arc::new(Node::Any(Vec::new())))
    }

    /// Every text.
    pub fn everything() -> Self {
        Self(Arc::new(Node::All(Vec::new())))
    }

    /// Exactly this text.
    pub fn exactly(text: &str) -> Self {
        Glob::exactly(text).into()
    }

    /// The texts of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self::any_of([self.clone(), other.clone()])
    }

    /// The texts of both sets.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self::all_of([self.clone(), other.clone()])
    }

    /// The texts that are not in this set.
    #[must_use]
    pub fn complement(&self) -> Self {
        match &*self.0 {
            Node::Not(inner) => inner.clone(),
            Node::All(parts) if parts.is_empty() => Self::nothing(),
            Node::Any(parts) if parts.is_empty() => Self::everything(),
            _ => Self(Arc::new(Node::Not(self.clone()))),
        }
    }

    /// The texts of this set that are not in `other`.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.intersect(&other.complement())
    }

    /// The texts of any of the sets; none: no text.
    pub fn any_of(sets: impl IntoIterator<Item = Self>) -> Self {
        let mut parts = Vec::new();
        for set in sets {
            match &*set.0 {
                Node::Any(inner) => parts.extend(inner.iter().cloned()),
                Node::All(inner) if inner.is_empty() => return Self::everything(),
                _ => parts.push(set),
            }
        }
        single(&parts).unwrap_or_else(|| Self(Arc::new(Node::Any(parts))))
    }

    /// The texts of every one of the sets; none: every text.
    pub fn all_of(sets: impl IntoIterator<Item = Self>) -> Self {
        let mut parts = Vec::new();
        for set in sets {
            match &*set.0 {
                Node::All(inner) => parts.extend(inner.iter().cloned()),
                Node::Any(inner) if inner.is_empty() => return Self::nothing(),
                _ => parts.push(set),
            }
        }
        single(&parts).unwrap_or_else(|| Self(Arc::new(Node::All(parts))))
    }

    /// Whether `text` is in the set.
    pub fn contains(&self, text: &str) -> bool {
        match &*self.0 {
            Node::Glob(glob) => glob.contains(text),
            Node::Not(inner) => !inner.contains(text),
            Node::All(parts) => parts.iter().all(|part| part.contains(text)),
            Node::Any(parts) => parts.iter().any(|part| part.contains(text)),
        }
    }

    /// Whether there is no text in the set.
    ///
    /// # Errors
    /// [`TooBig`]: that is not known.
    pub fn is_empty(&self, budget: &Budget) -> Result<bool, TooBig> {
        Ok(refine::member(self, false, budget)?.is_none())
    }

    /// Whether every text of this set is in `other`.
    ///
    /// # Errors
    /// [`TooBig`]: that is not known.
    pub fn is_subset(&self, other: &Self, budget: &Budget) -> Result<bool, TooBig> {
        self.subtract(other).is_empty(budget)
    }

    /// Whether both sets hold the same texts.
    ///
    /// # Errors
    /// [`TooBig`]: that is not known.
    pub fn is_equal(&self, other: &Self, budget: &Budget) -> Result<bool, TooBig> {
        Ok(self.is_subset(other, budget)? && other.is_subset(self, budget)?)
    }

    /// The simplest text of the set: the first of `hints` that is in it, else the one that is the
    /// shortest and most readable. `None` when the set is empty.
    ///
    /// # Errors
    /// [`TooBig`]: none of the hints is in the set, and whether another text is, is not known.
    pub fn witness<H: AsRef<str>>(
        &self,
        hints: &[H],
        budget: &Budget,
    ) -> Result<Option<String>, TooBig> {
        match hints.iter().map(AsRef::as_ref).find(|hint| self.contains(hint)) {
            Some(hint) => Ok(Some(hint.to_owned())),
            None => refine::member(self, true, budget),
        }
    }
}

fn single(parts: &[TextSet]) -> Option<TextSet> {
    match parts {
        [only] => Some(only.clone()),
        _ => None,
    }
}

impl Algebra for TextSet {
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
