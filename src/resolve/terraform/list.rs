//! Lists of values: order, duplicates, numbers.

use std::collections::BTreeSet;

use super::argument::{Known, whole};
use super::expression::put;
use super::key::value_key;
use super::text::known_text;
use crate::resolve::{Item, Key, Kind, Map, Value};

/// How long a `range` may be.
const MAX_RANGE: usize = 1000;

/// Whether the elements up to `index` are all single ones.
pub(super) fn is_plain(items: &[Item], index: usize) -> bool {
    items.iter().take(index.saturating_add(1)).all(|i| matches!(i, Item::One(_)))
}

pub(super) fn distinct(items: &[Item]) -> Vec<Item> {
    let mut seen = BTreeSet::new();
    let key = |item: &Item| match item {
        Item::One(v) => value_key(v),
        Item::Many(id, _) => format!("#{}*", id.0),
    };
    items.iter().filter(|item| seen.insert(key(item))).cloned().collect()
}

/// Known texts in order, the rest behind them.
pub(super) fn sorted(mut items: Vec<Item>) -> Vec<Item> {
    items.sort_by_cached_key(|item| match item {
        Item::One(v) => known_text(v).map_or((1, String::new()), |text| (0, text)),
        Item::Many(..) => (2, String::new()),
    });
    items
}

pub(super) fn compact(items: &[Item]) -> Vec<Item> {
    let blank = |v: &Value| {
        matches!(v.kind, Kind::Null) || known_text(v).is_some_and(|text| text.is_empty())
    };
    items.iter().filter(|i| !matches!(i, Item::One(v) if blank(v))).cloned().collect()
}

pub(super) fn zip(keys: &[Item], values: &[Item]) -> Option<Map> {
    let mut map = Map::default();
    if keys.len() != values.len() || keys.len() > 2000 {
        return None;
    }
    for pair in keys.iter().zip(values) {
        let (Item::One(key), Item::One(value)) = pair else { return None };
        let text = known_text(key)?;
        put(&mut map, Key { text: text.into(), origin: key.origin }, value.clone());
    }
    Some(map)
}

pub(super) fn range(args: &[Value]) -> Option<Vec<i128>> {
    let numbers: Known<Vec<i128>> = args.iter().map(whole).collect();
    let (start, limit, step) = match numbers.ok()?.as_slice() {
        [limit] => (0, *limit, if *limit < 0 { -1 } else { 1 }),
        [start, limit] => (*start, *limit, if limit < start { -1 } else { 1 }),
        [start, limit, step] if *step != 0 => (*start, *limit, *step),
        _ => return None,
    };
    let mut out = Vec::new();
    let mut n = start;
    while (step > 0 && n < limit) || (step < 0 && n > limit) {
        if out.len() >= MAX_RANGE {
            return None;
        }
        out.push(n);
        n = n.checked_add(step)?;
    }
    Some(out)
}
