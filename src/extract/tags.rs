//! Tags of APIs: for people who look for whose an API is. They decide nothing.

use super::words::clip;
use crate::model::Tag;
use crate::resolve::{Item, Kind, Piece, Symbols, Value};

/// How many tags of an API count: AWS takes no more for a resource.
const MAX: usize = 50;

/// Tags as a map, or as a list of maps with `Key` and `Value`; by key, the last one where a key stands
/// twice. What is neither is none.
pub(super) fn tags(value: &Value, symbols: &Symbols) -> Vec<Tag> {
    let tag = |key: &str, value: &Value| Tag { key: clip(key), value: text(value, symbols) };
    let mut out: Vec<Tag> = match &value.kind {
        Kind::Map(map) => {
            map.entries.iter().take(MAX).map(|(key, value)| tag(&key.text, value)).collect()
        }
        Kind::List(items) => items
            .iter()
            .take(MAX)
            .filter_map(|item| match item {
                Item::One(entry) => {
                    Some(tag(&entry.get("Key")?.known_text()?, entry.get("Value")?))
                }
                Item::Many(..) => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    out.reverse();
    out.sort_by(|a, b| a.key.cmp(&b.key));
    out.dedup_by(|later, first| later.key == first.key);
    out
}

/// The value of a tag, what is not known in braces.
fn text(value: &Value, symbols: &Symbols) -> String {
    let unknown = |id| format!("{{{}}}", symbols.get(id).label);
    let text = match &value.kind {
        Kind::Symbol(id) => unknown(*id),
        Kind::Text(text) => text
            .0
            .iter()
            .map(|piece| match piece {
                Piece::Lit { text, .. } => text.to_string(),
                Piece::Hole(id, _) => unknown(*id),
            })
            .collect(),
        _ => value.known_text().unwrap_or_default(),
    };
    clip(&text)
}
