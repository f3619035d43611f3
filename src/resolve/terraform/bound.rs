//! What is known of a value that nobody gave: constants that it is or is not, how its text begins and
//! ends, and the same of its elements and attributes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::resolve::Literal;

/// What is known of a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bound {
    /// It is one of these.
    pub(super) allowed: Option<Vec<Literal>>,
    /// It is none of these.
    pub(super) excluded: Vec<Literal>,
    /// It is a text that begins and ends so, with something or nothing between.
    pub(super) ends: Option<(String, String)>,
    /// It is a collection or text that has elements.
    pub(super) nonempty: bool,
    /// What is known of each of its elements.
    pub(super) each: Option<Box<Bound>>,
    /// What is known of its attributes.
    pub(super) attributes: BTreeMap<Arc<str>, Bound>,
}

impl Bound {
    pub(super) fn one_of(allowed: Vec<Literal>) -> Self {
        Self { allowed: Some(allowed), ..Self::default() }
    }

    pub(super) fn none_of(excluded: Vec<Literal>) -> Self {
        Self { excluded, ..Self::default() }
    }

    /// A collection or text that has elements.
    pub(super) fn with_elements() -> Self {
        let excluded = vec![Literal::Text("".into()), Literal::Null];
        Self { nonempty: true, excluded, ..Self::default() }
    }

    /// A text that begins and ends so.
    pub(super) fn between(start: &str, end: &str) -> Self {
        let ends = (start.to_owned(), end.to_owned());
        let ends = (!start.is_empty() || !end.is_empty()).then_some(ends);
        Self { ends, excluded: vec![Literal::Null], ..Self::default() }
    }

    /// A collection with such elements.
    pub(super) fn of_each(self) -> Self {
        match self == Self::default() {
            true => self,
            false => Self { each: Some(Box::new(self)), ..Self::default() },
        }
    }

    /// An object with such a value behind those attributes.
    pub(super) fn behind(self, path: &[Arc<str>]) -> Self {
        match self == Self::default() {
            true => self,
            false => path.iter().rev().fold(self, |inner, name| Self {
                attributes: BTreeMap::from([(Arc::clone(name), inner)]),
                ..Self::default()
            }),
        }
    }

    /// Both hold.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.allowed = match (self.allowed, other.allowed) {
            (Some(a), Some(b)) => Some(a.into_iter().filter(|one| b.contains(one)).collect()),
            (one, None) | (None, one) => one,
        };
        self.excluded.extend(other.excluded);
        // Two ends may overlap in one text, so that only one pair of them counts.
        self.ends = self.ends.or(other.ends);
        self.nonempty |= other.nonempty;
        self.each = match (self.each, other.each) {
            (Some(a), Some(b)) => Some(Box::new(a.and(*b))),
            (one, None) | (None, one) => one,
        };
        for (name, bound) in other.attributes {
            let known = self.attributes.remove(&name).unwrap_or_default();
            self.attributes.insert(name, known.and(bound));
        }
        if let Some(allowed) = &mut self.allowed {
            allowed.retain(|one| !self.excluded.contains(one));
        }
        self
    }

    /// One of them holds.
    pub(super) fn or(self, other: Self) -> Self {
        // What holds of no value leaves the other.
        if self.is_only(&[]) {
            return other;
        }
        if other.is_only(&[]) {
            return self;
        }
        let allowed = match (&self.allowed, &other.allowed) {
            (Some(a), Some(b)) => Some([a.as_slice(), b.as_slice()].concat()),
            _ => None,
        };
        let all = self.excluded.iter().chain(&other.excluded);
        let excluded = all.filter(|one| self.excludes(one) && other.excludes(one));
        let excluded = excluded.cloned().collect();
        let ends = self.ends.clone().filter(|ends| other.ends.as_ref() == Some(ends));
        let nonempty = self.nonempty && other.nonempty;
        // Null has no elements and no attributes of which anything could be wrong.
        let (each, attributes) =
            match (self.is_only(&[Literal::Null]), other.is_only(&[Literal::Null])) {
                (true, _) => (other.each, other.attributes),
                (_, true) => (self.each, self.attributes),
                _ => (
                    self.each.zip(other.each).map(|(a, b)| Box::new(a.or(*b))),
                    both(self.attributes, other.attributes),
                ),
            };
        Self { allowed, excluded, ends, nonempty, each, attributes }
    }

    /// The same without what no value meets: that is a mistake, and bounds nothing.
    pub(super) fn met(mut self) -> Self {
        if self.is_only(&[]) {
            return Self::default();
        }
        self.each = self.each.map(|each| Box::new(each.met()));
        self.attributes =
            self.attributes.into_iter().map(|(name, bound)| (name, bound.met())).collect();
        self
    }

    /// Whether the value is not that, as far as its symbol does not say it by itself.
    pub(super) fn rules_out(&self, literal: &Literal) -> bool {
        let otherwise = self.ends.as_ref().is_some_and(|(start, end)| match literal {
            Literal::Text(text) => {
                !text.starts_with(start.as_str()) || !text.ends_with(end.as_str())
            }
            _ => false,
        });
        otherwise || self.excluded.contains(literal)
    }

    /// Whether the value is not that.
    pub(super) fn excludes(&self, literal: &Literal) -> bool {
        self.rules_out(literal)
            || self.allowed.as_ref().is_some_and(|allowed| !allowed.contains(literal))
    }

    fn is_only(&self, values: &[Literal]) -> bool {
        self.allowed.as_deref() == Some(values)
    }
}

/// What is known of the attributes of either.
fn both(
    a: BTreeMap<Arc<str>, Bound>,
    mut b: BTreeMap<Arc<str>, Bound>,
) -> BTreeMap<Arc<str>, Bound> {
    let shared = a.into_iter().filter_map(|(name, bound)| {
        let other = b.remove(&name)?;
        Some((name, bound.or(other)))
    });
    shared.collect()
}
