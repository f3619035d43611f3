//! One text for equal values: the translator adds some statements only once.

use std::fmt::Write as _;

use crate::resolve::{Item, Kind, Piece, Value};

/// How deep a statement may nest.
const MAX_DEPTH: usize = 16;
/// How long its text may be; a longer one equals no other.
const MAX_LEN: usize = 100_000;

/// Writes the text of `value`, whatever the order of its keys; says whether it could be written.
pub(super) fn write(value: &Value, depth: usize, out: &mut String) -> bool {
    if depth > MAX_DEPTH || out.len() > MAX_LEN {
        return false;
    }
    match &value.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Kind::Number(n) => out.push_str(n),
        Kind::Symbol(id) => drop(write!(out, "#{}", id.0)),
        Kind::Text(text) => {
            let mut known = String::new();
            for piece in &text.0 {
                match piece {
                    Piece::Lit { text, .. } => known.push_str(text),
                    Piece::Hole(id, _) => drop(write!(known, "\u{0}{}\u{0}", id.0)),
                }
            }
            let _ = write!(out, "{known:?}");
        }
        Kind::List(items) => {
            out.push('[');
            for item in items.iter() {
                match item {
                    Item::One(value) if !write(value, depth + 1, out) => return false,
                    Item::One(_) => {}
                    Item::Many(id, _) => drop(write!(out, "..{}", id.0)),
                }
                out.push(',');
            }
            out.push(']');
        }
        Kind::Map(map) => {
            let mut entries: Vec<_> = map.entries.iter().collect();
            entries.sort_by(|(a, _), (b, _)| a.text.cmp(&b.text));
            out.push('{');
            for (key, value) in entries {
                let _ = write!(out, "{:?}:", key.text);
                if !write(value, depth + 1, out) {
                    return false;
                }
                out.push(',');
            }
            if let Some((id, _)) = map.rest {
                let _ = write!(out, "..{}", id.0);
            }
            out.push('}');
        }
    }
    true
}
