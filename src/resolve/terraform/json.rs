//! `jsonencode` and `jsondecode`: a value is kept for its JSON text.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::number::Num;
use super::scope::Env;
use super::text::cut;
use crate::resolve::{Class, Item, Kind, Map, Piece, Symbol, Value};
use crate::syntax::Node;

/// How deep numbers are looked for in JSON.
const MAX_DEPTH: usize = 64;

impl Evaluator<'_> {
    /// `jsonencode` keeps the tree; only a string becomes text, since it may be put into another.
    pub(super) fn json_encode(&mut self, value: &Value, node: &Node) -> Value {
        let origin = self.origins.add(
            node.span,
            crate::source::Step::Call("jsonencode"),
            Some(value.origin),
        );
        match &value.kind {
            Kind::Text(text) => {
                let mut pieces = vec![self.computed_piece("\"", origin)];
                for piece in &text.0 {
                    self.escape_json(piece, &mut pieces);
                }
                pieces.push(self.computed_piece("\"", origin));
                self.text_of(pieces, origin, node)
            }
            Kind::Null => self.computed("null", origin),
            kind => Value::new(kind.clone(), origin),
        }
    }

    pub(super) fn json_decode(&mut self, value: &Value, node: &Node, env: Env<'_>) -> Value {
        match &value.kind {
            Kind::Text(text) => {
                let read = self.read_json(text, value.origin);
                match read.value {
                    Some(value) if read.errors.is_empty() => plain_numbers(value, 0),
                    _ => self.failed(node, env, "the text is not JSON"),
                }
            }
            Kind::Symbol(id) => {
                let symbol = self.symbols.get(*id).clone();
                let label = format!("jsondecode({})", symbol.label);
                let key = format!("#{}(json)", id.0);
                let id = self.symbols.intern(&key, || Symbol {
                    label,
                    class: match symbol.class {
                        Class::Input => Class::Input,
                        Class::External => Class::External,
                        _ => Class::Opaque,
                    },
                    default: None,
                    allowed: None,
                    ..symbol
                });
                Value::new(Kind::Symbol(id), value.origin)
            }
            _ => value.clone(),
        }
    }

    /// A piece as it stands between the quotes of a JSON string.
    pub(super) fn escape_json(&mut self, piece: &Piece, out: &mut Vec<Piece>) {
        let Piece::Lit { text, map, origin } = piece else {
            out.push(piece.clone());
            return;
        };
        let mut start = 0;
        for (at, c) in text.char_indices() {
            let escaped = match c {
                '"' => "\\\"".to_owned(),
                '\\' => "\\\\".to_owned(),
                '\n' => "\\n".to_owned(),
                '\r' => "\\r".to_owned(),
                '\t' => "\\t".to_owned(),
                c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
                _ => continue,
            };
            out.push(cut(piece, start, at));
            let span = map.span(at..at + c.len_utf8());
            let token = super::text::whole_token(&escaped, span);
            out.push(Piece::Lit { text: escaped.into(), map: token, origin: *origin });
            start = at + c.len_utf8();
        }
        out.push(cut(piece, start, text.len()));
    }
}

/// A value whose numbers are written as Terraform writes them.
fn plain_numbers(value: Value, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return value;
    }
    let kind = match value.kind {
        Kind::Number(n) => Kind::Number(Num::written(&n).into()),
        Kind::List(items) => Kind::List(
            items
                .iter()
                .map(|item| match item {
                    Item::One(value) => Item::One(plain_numbers(value.clone(), depth + 1)),
                    many @ Item::Many(..) => many.clone(),
                })
                .collect(),
        ),
        Kind::Map(map) => {
            let entries = map.entries.iter();
            let entries = entries.map(|(k, v)| (k.clone(), plain_numbers(v.clone(), depth + 1)));
            Kind::Map(Arc::new(Map { entries: entries.collect(), rest: map.rest }))
        }
        other => other,
    };
    Value::new(kind, value.origin)
}
