//! The entries of a map: duplicate keys and merge keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::build::Builder;
use crate::source::Span;
use crate::syntax::{Duplicate, Kind, Node, Pair};

impl Builder<'_> {
    /// Finishes the entries of a map: duplicates are recorded, merge keys replaced by what they
    /// name.
    pub(super) fn entries(&mut self, pairs: Vec<Pair>) -> Vec<Pair> {
        let mut seen: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        let mut merges = false;
        for pair in &pairs {
            if is_merge_key(&pair.key) {
                merges = true;
                continue;
            }
            let Some(key) = pair.key.scalar() else { continue };
            if let Some(&first) = seen.get(&key) {
                let second = pair.key.span;
                self.document.duplicates.push(Duplicate { key, first, second });
            } else {
                seen.insert(key, pair.key.span);
            }
        }
        if !merges {
            return pairs;
        }
        let mut out = Vec::with_capacity(pairs.len());
        for pair in pairs {
            if is_merge_key(&pair.key) {
                self.merge(pair, &mut seen, &mut out);
            } else {
                out.push(pair);
            }
        }
        out
    }

    /// Adds the entries that the merge key `pair` brings and that the map does not have. Of several
    /// maps the first one wins (YAML 1.1, "Merge Key Language-Independent Type"). The maps stand in
    /// the text or behind an alias, so the bound on aliases bounds what is added here.
    fn merge(&mut self, pair: Pair, seen: &mut BTreeMap<Arc<str>, Span>, out: &mut Vec<Pair>) {
        let Some(sources) = merged_maps(&pair.value) else {
            if !matches!(pair.value.kind, Kind::Invalid) {
                self.error(
                    pair.value.span.range(),
                    "a merge key `<<` takes a map or a list of maps",
                    Some("put the key in quotes if it is meant as it stands"),
                );
            }
            out.push(pair);
            return;
        };
        for entry in sources.iter().flat_map(|source| source.iter()) {
            if let Some(key) = entry.key.scalar() {
                if seen.contains_key(&key) {
                    continue;
                }
                seen.insert(key, entry.key.span);
            }
            out.push(entry.clone());
        }
    }
}

/// A plain `<<`: in quotes it is an ordinary key.
fn is_merge_key(key: &Node) -> bool {
    key.as_text().is_some_and(|text| &*text.text == "<<") && key.span.range().len() == 2
}

/// The maps that a merge key names.
fn merged_maps(value: &Node) -> Option<Vec<Arc<[Pair]>>> {
    match &value.kind {
        Kind::Map(pairs) => Some(vec![Arc::clone(pairs)]),
        Kind::List(items) => items.iter().map(|item| item.as_map().cloned()).collect(),
        _ => None,
    }
}
