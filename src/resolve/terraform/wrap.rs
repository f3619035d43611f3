//! Origins of values that are used elsewhere: every leaf takes the step with it.

use std::sync::Arc;

use super::evaluator::Evaluator;
use crate::resolve::{Class, Item, Key, Kind, Map, Piece, Text, Value};
use crate::source::{Origin, Span, Step};

/// How deep a value may nest. Deeper than any policy, and shallow enough for whoever walks it.
const MAX_VALUE_DEPTH: usize = 48;
/// How large a value may be to be used by reference, in nodes and pieces.
const MAX_VALUE_SIZE: usize = 30_000;

/// The nodes and pieces of a value, counted up to `limit`; `None` when it nests too deep.
fn size(value: &Value, depth: usize, limit: usize) -> Option<usize> {
    if depth > MAX_VALUE_DEPTH {
        return None;
    }
    let mut total = 1usize;
    match &value.kind {
        Kind::Text(text) => total += text.0.len(),
        Kind::List(items) => {
            for item in items.iter() {
                if total > limit {
                    break;
                }
                total += match item {
                    Item::One(v) => size(v, depth + 1, limit - total)?,
                    Item::Many(..) => 1,
                };
            }
        }
        Kind::Map(map) => {
            for (_, v) in &map.entries {
                if total > limit {
                    break;
                }
                total += 1 + size(v, depth + 1, limit.saturating_sub(total))?;
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Symbol(_) => {}
    }
    Some(total)
}

impl Evaluator<'_> {
    /// The value as it is used at `at`: every leaf, key and piece remembers that step.
    pub(super) fn via(&mut self, value: &Value, at: Span, step: Step) -> Value {
        let size = size(value, 0, MAX_VALUE_SIZE).filter(|size| *size <= MAX_VALUE_SIZE);
        if let Some(size) = size
            && self.spend(size)
        {
            return self.rewrap(value, at, step);
        }
        let origin = self.origins.add(at, step, Some(value.origin));
        let label = self.excerpt(at);
        self.add_note(origin, &label, "the value is too large", true);
        let id = self.intern(&format!("bound:{label}"), &label, origin, Class::Opaque);
        Value::new(Kind::Symbol(id), origin)
    }

    fn rewrap(&mut self, value: &Value, at: Span, step: Step) -> Value {
        let origin = self.origins.add(at, step, Some(value.origin));
        let kind = match &value.kind {
            Kind::Text(text) => Kind::Text(self.rewrap_text(text, at, step)),
            Kind::List(items) => {
                let items = items.iter().map(|item| match item {
                    Item::One(v) => Item::One(self.rewrap(v, at, step)),
                    Item::Many(id, o) => Item::Many(*id, self.step(*o, at, step)),
                });
                Kind::List(items.collect())
            }
            Kind::Map(map) => {
                let entries = map.entries.iter().map(|(key, v)| {
                    let origin = self.step(key.origin, at, step);
                    (Key { text: Arc::clone(&key.text), origin }, self.rewrap(v, at, step))
                });
                Kind::Map(Arc::new(Map { entries: entries.collect(), rest: map.rest }))
            }
            other => other.clone(),
        };
        Value { kind, origin }
    }

    fn rewrap_text(&mut self, text: &Text, at: Span, step: Step) -> Text {
        let pieces = text.0.iter().map(|piece| match piece {
            Piece::Lit { text, map, origin } => Piece::Lit {
                text: Arc::clone(text),
                map: map.clone(),
                origin: self.step(*origin, at, step),
            },
            Piece::Hole(id, origin) => Piece::Hole(*id, self.step(*origin, at, step)),
        });
        Text(pieces.collect())
    }

    fn step(&mut self, from: Origin, at: Span, step: Step) -> Origin {
        self.origins.add(at, step, Some(from))
    }
}
