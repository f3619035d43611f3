//! Text in pieces: building it, cutting it, reading it.

use super::evaluator::Evaluator;
use super::number::Num;
use crate::resolve::{Kind, Piece, Text, Value};
use crate::source::{Origin, Span};
use crate::syntax::{Node, SpanMap};

/// How long a text may grow, in bytes.
pub(super) const MAX_TEXT: usize = 4 << 20;

/// How many pieces a text may have. A policy has a few for each of its expressions.
pub(super) const MAX_PIECES: usize = 20_000;

/// The length of the known text.
pub(super) fn text_len(pieces: &[Piece]) -> usize {
    pieces.iter().fold(0, |sum, piece| match piece {
        Piece::Lit { text, .. } => sum.saturating_add(text.len()),
        Piece::Hole(..) => sum,
    })
}

/// The map of text that is not written as such: all of it is one token.
pub(super) fn whole_token(text: &str, span: Span) -> SpanMap {
    crate::syntax::Text::made_of(text, span).map
}

/// The part of a piece between two offsets.
pub(super) fn cut(piece: &Piece, from: usize, to: usize) -> Piece {
    match piece {
        Piece::Lit { text, map, origin } => Piece::Lit {
            text: text.get(from..to).unwrap_or("").into(),
            map: map.cut(from..to),
            origin: *origin,
        },
        hole @ Piece::Hole(..) => hole.clone(),
    }
}

/// The text of a scalar that is known.
pub(super) fn known_text(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Text(text) if text_len(&text.0) > MAX_TEXT => None,
        Kind::Number(n) => Some(Num::written(n)),
        _ => value.known_text(),
    }
}

impl Evaluator<'_> {
    /// A text that a function made: it stands for the token its origin ends at.
    pub(super) fn computed(&mut self, text: &str, origin: Origin) -> Value {
        let piece = self.computed_piece(text, origin);
        Value::new(Kind::Text(Text(vec![piece])), origin)
    }

    /// A piece of such a text.
    pub(super) fn computed_piece(&mut self, text: &str, origin: Origin) -> Piece {
        let map = whole_token(text, self.origins.span(origin));
        Piece::Lit { text: text.into(), map, origin }
    }

    /// The pieces that a value puts into a text; `None` when it cannot stand in one. Lists and maps
    /// can: they are the JSON text that `jsonencode` made of them, and remembered as that.
    pub(super) fn pieces_of(&mut self, value: &Value) -> Option<Vec<Piece>> {
        Some(match &value.kind {
            Kind::Text(text) => text.0.clone(),
            Kind::Number(_) => vec![self.computed_piece(&known_text(value)?, value.origin)],
            Kind::Bool(b) => vec![self.computed_piece(&b.to_string(), value.origin)],
            Kind::Symbol(id) => vec![Piece::Hole(*id, value.origin)],
            Kind::List(_) | Kind::Map(_) => vec![self.tree_hole(value)],
            Kind::Null => return None,
        })
    }

    /// A text of those pieces. A single hole is its symbol, or the value whose JSON text it is.
    pub(super) fn text_of(&mut self, mut pieces: Vec<Piece>, origin: Origin, node: &Node) -> Value {
        if text_len(&pieces) > MAX_TEXT || pieces.len() > MAX_PIECES {
            return self.out_of_bounds(node, "the text is too long");
        }
        if pieces.len() > 1 {
            pieces.retain(|p| !matches!(p, Piece::Lit { text, .. } if text.is_empty()));
        }
        if let [Piece::Hole(id, at)] = pieces.as_slice() {
            return match self.facts.get(id).and_then(|f| f.tree.clone()) {
                Some(tree) => tree,
                None => Value::new(Kind::Symbol(*id), *at),
            };
        }
        Value::new(Kind::Text(Text(pieces)), origin)
    }

    /// A hole that stands for the JSON text of a value.
    fn tree_hole(&mut self, value: &Value) -> Piece {
        let key = format!("json:{:?}:{}", value.origin, super::key::value_key(value));
        let span = self.origins.use_site(value.origin);
        let label = self.excerpt(span);
        let id = self.intern(&key, &label, value.origin, crate::resolve::Class::Opaque);
        self.fact(id).tree = Some(value.clone());
        Piece::Hole(id, value.origin)
    }

    /// Whether a text has holes that stand for known JSON.
    pub fn has_trees(&self, text: &Text) -> bool {
        text.0.iter().any(|piece| match piece {
            Piece::Hole(id, _) => self.facts.get(id).is_some_and(|f| f.tree.is_some()),
            Piece::Lit { .. } => false,
        })
    }
}
