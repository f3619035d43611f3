//! The instances of a resource or of a module call, by their keys.

use std::collections::BTreeMap;

/// The instances of a resource or module call.
#[derive(Debug)]
pub(super) struct Keyed<T> {
    /// All of them, in order.
    pub(super) all: Vec<T>,
    /// The first of each key, by its place among all.
    by_key: BTreeMap<String, usize>,
}

impl<T> Default for Keyed<T> {
    fn default() -> Self {
        Self { all: Vec::new(), by_key: BTreeMap::new() }
    }
}

impl<T> Keyed<T> {
    /// Adds an instance.
    pub(super) fn push(&mut self, key: Option<&str>, one: T) {
        if let Some(key) = key {
            self.by_key.entry(key.to_owned()).or_insert(self.all.len());
        }
        self.all.push(one);
    }

    /// The first instance of that key.
    pub(super) fn get(&self, key: &str) -> Option<&T> {
        self.all.get(*self.by_key.get(key)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_key_counts_and_all_are_kept() {
        let mut of = Keyed::default();
        for (key, one) in [(Some("b"), 1), (None, 2), (Some("a"), 3), (Some("b"), 4)] {
            of.push(key, one);
        }
        assert_eq!(of.all, [1, 2, 3, 4]);
        assert_eq!([of.get("a"), of.get("b"), of.get("")], [Some(&3), Some(&1), None]);
    }
}
