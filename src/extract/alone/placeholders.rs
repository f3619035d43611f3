//! `${name}` in a file that is read for itself: whoever renders the file puts a value there
//! (`templatefile` of Terraform, `Fn::Sub` around `AWS::Include`, stage variables), and nobody says
//! here which one. A policy variable (`${aws:username}`) is none of these: its name has a prefix.

use std::sync::Arc;

use crate::resolve::cloudformation::{Unit, placeholders};
use crate::resolve::{Item, Kind, Map, Piece, Rest, Text, Value};
use crate::source::Origin;

/// How deep a value is looked through: the parsers end far earlier.
const MAX_DEPTH: usize = 160;

/// The value with its placeholders unknown.
pub(super) fn open(value: &Value, unit: &mut Unit<'_>) -> Value {
    opened(value, unit, 0)
}

fn opened(value: &Value, unit: &mut Unit<'_>, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return value.clone();
    }
    let kind = match &value.kind {
        Kind::Text(text) => Kind::Text(pieces(text, unit)),
        Kind::List(items) => Kind::List(
            items
                .iter()
                .map(|item| match item {
                    Item::One(value) => Item::One(opened(value, unit, depth + 1)),
                    many @ Item::Many(..) => many.clone(),
                })
                .collect(),
        ),
        Kind::Map(map) => {
            let mut out = Map { entries: Vec::with_capacity(map.entries.len()), rest: map.rest };
            for (key, value) in &map.entries {
                match holes(&key.text).first() {
                    // A key that is not known may be any key.
                    Some(name) => {
                        let id = symbol(name, key.origin, unit);
                        out.rest = Some((id, Rest::Over));
                    }
                    None => out.entries.push((key.clone(), opened(value, unit, depth + 1))),
                }
            }
            Kind::Map(Arc::new(out))
        }
        kind => kind.clone(),
    };
    Value::new(kind, value.origin)
}

/// The names of the placeholders of a text.
fn holes(text: &str) -> Vec<&str> {
    placeholders(text)
        .filter(|hole| !hole.escaped && is_placeholder(hole.name))
        .filter_map(|hole| text.get(hole.range))
        .collect()
}

/// Whether the text between `${` and `}` is no policy variable: those have a prefix, and three of
/// one character stand for that character (AWS, "IAM policy elements: Variables and tags").
fn is_placeholder(name: &str) -> bool {
    let variable = matches!(name, "*" | "?" | "$")
        || name.split_once(':').is_some_and(|(_, rest)| !rest.starts_with(':'));
    !variable
}

fn pieces(text: &Text, unit: &mut Unit<'_>) -> Text {
    let mut out = Vec::with_capacity(text.0.len());
    for piece in &text.0 {
        let Piece::Lit { text, map, origin } = piece else {
            out.push(piece.clone());
            continue;
        };
        let mut from = 0;
        let push = |from: usize, to: usize, out: &mut Vec<Piece>| {
            if let Some(part) = text.get(from..to).filter(|part| !part.is_empty()) {
                let map = if from == 0 { map.clone() } else { map.skip(from) };
                out.push(Piece::Lit { text: part.into(), map, origin: *origin });
            }
        };
        for hole in placeholders(text) {
            if hole.escaped || !is_placeholder(hole.name) {
                continue;
            }
            push(from, hole.range.start, &mut out);
            let label = text.get(hole.range.clone()).unwrap_or_default();
            let at = map.span(hole.range.clone());
            let at = unit.origins.narrow(*origin, at);
            out.push(Piece::Hole(symbol(label, at, unit), at));
            from = hole.range.end;
        }
        push(from, text.len(), &mut out);
    }
    Text(out)
}

/// The value that a placeholder stands for: the same wherever it is written.
fn symbol(label: &str, at: Origin, unit: &mut Unit<'_>) -> crate::resolve::SymbolId {
    let span = unit.origins.span(at);
    unit.opaque(&format!("placeholder:{label}"), label, span)
}
