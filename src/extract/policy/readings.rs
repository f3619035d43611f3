//! Keys that stand twice: nobody says which one AWS takes, so both readings are judged.

use std::collections::BTreeMap;

use crate::model::{DuplicateEffect, Problem, ProblemKind};
use crate::resolve::{Item, Kind, Map, Value};

use super::PolicyCx;

/// Which of several entries of one key counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    First,
    Last,
}

impl Reading {
    /// The entries of `map` that count, in source order. Condition keys are compared without regard
    /// to letter case (AWS Access Analyzer, "duplicate keys with different case").
    pub(super) fn entries(
        self,
        map: &Map,
        ignore_case: bool,
    ) -> Vec<&(crate::resolve::Key, Value)> {
        let mut at: BTreeMap<String, usize> = BTreeMap::new();
        for (index, (key, _)) in map.entries.iter().enumerate() {
            let name = fold(&key.text, ignore_case);
            match self {
                Self::First => {
                    at.entry(name).or_insert(index);
                }
                Self::Last => {
                    at.insert(name, index);
                }
            }
        }
        let mut chosen: Vec<usize> = at.into_values().collect();
        chosen.sort_unstable();
        chosen.into_iter().map(|index| &map.entries[index]).collect()
    }
}

fn fold(key: &str, ignore_case: bool) -> String {
    if ignore_case { key.to_ascii_lowercase() } else { key.to_owned() }
}

/// How deep a policy may nest: statement list, statement, element, operator, key, values and a few
/// more for what should not be there.
const MAX_DEPTH: usize = 16;

/// Reports every key that stands twice in `policy`; says whether there is one.
pub(super) fn report_duplicates(policy: &Value, cx: &mut PolicyCx<'_>) -> bool {
    let before = cx.problems.len();
    walk(policy, 0, false, cx);
    cx.problems.len() > before
}

fn walk(value: &Value, depth: usize, operator: bool, cx: &mut PolicyCx<'_>) {
    if depth > MAX_DEPTH {
        return;
    }
    match &value.kind {
        Kind::List(items) => {
            for item in items.iter() {
                if let Item::One(v) = item {
                    walk(v, depth + 1, operator, cx);
                }
            }
        }
        Kind::Map(map) => {
            let mut seen = BTreeMap::new();
            for (key, v) in &map.entries {
                let name = fold(&key.text, operator);
                if let Some(first) = seen.insert(name, key.origin) {
                    cx.problems.push(Problem {
                        kind: ProblemKind::DuplicateKey {
                            key: key.text.to_string(),
                            effect: DuplicateEffect::Unspecified,
                        },
                        origin: key.origin,
                        related: vec![(first, "first given here".into())],
                        api: cx.this_api.map(str::to_owned),
                    });
                }
                // The maps directly under `Condition` hold the operators; the maps under those hold
                // condition keys, whose letter case does not count.
                let keys = depth >= 2 && is_operator(&key.text);
                walk(v, depth + 1, keys, cx);
            }
        }
        _ => {}
    }
}

fn is_operator(key: &str) -> bool {
    crate::model::Operator::parse(key).is_some()
}
