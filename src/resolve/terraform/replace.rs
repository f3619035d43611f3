//! `replace`: in a text, and in the strings of a value that stands for its JSON text.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::function::Call;
use super::text::{MAX_PIECES, MAX_TEXT, cut, known_text, text_len};
use crate::resolve::{Item, Kind, Map, Piece, Text, Value};

/// How deep a tree is rewritten by `replace`.
const MAX_DEPTH: usize = 40;

impl Evaluator<'_> {
    /// `replace`; in the JSON text of a known value each string of it is rewritten.
    pub(super) fn replaced(
        &mut self,
        call: Call<'_>,
        value: &Value,
        from: &Value,
        to: &Value,
        depth: usize,
    ) -> Option<Value> {
        let part = known_text(from)?;
        if part.len() > 1 && part.starts_with('/') && part.ends_with('/') {
            let pattern = part.get(1..part.len() - 1)?;
            let with = known_text(to).filter(|_| depth == 0)?;
            let made = self.replace_pattern(call, value, pattern, &with);
            return Some(self.result_of(call, made));
        }
        if depth > MAX_DEPTH {
            return None;
        }
        if part.is_empty() {
            let (known, with) = (known_text(value)?, known_text(to)?);
            let replaced = known.replace("", &with);
            let fits = replaced.len() <= MAX_TEXT && self.spend(replaced.len() / 16);
            return fits.then(|| self.made_text(call, value, &replaced));
        }
        let structural = part.contains(['"', '{', '}', '[', ']', ':', ',', '\\']);
        match &value.kind {
            Kind::List(_) | Kind::Map(_) if structural => None,
            Kind::List(items) => {
                let items = items.iter().map(|item| match item {
                    Item::One(v) => self.replaced(call, v, from, to, depth + 1).map(Item::One),
                    many @ Item::Many(..) => Some(many.clone()),
                });
                let items = items.collect::<Option<Vec<Item>>>()?;
                Some(Value::new(Kind::List(items.into()), value.origin))
            }
            Kind::Map(map) => {
                let entries = map
                    .entries
                    .iter()
                    .map(|(k, v)| Some((k.clone(), self.replaced(call, v, from, to, depth + 1)?)));
                let entries = entries.collect::<Option<Vec<_>>>()?;
                Some(Value::new(Kind::Map(Arc::new(Map { entries, rest: map.rest })), value.origin))
            }
            Kind::Text(text) => self.replace_text(call, value, text, &part, to),
            Kind::Symbol(_) if depth == 0 => None,
            Kind::Number(_) | Kind::Bool(_) if depth == 0 => {
                let known = known_text(value)?;
                Some(self.made_text(call, value, &known.replace(&part, &known_text(to)?)))
            }
            _ => Some(value.clone()),
        }
    }

    fn replace_text(
        &mut self,
        call: Call<'_>,
        value: &Value,
        text: &Text,
        part: &str,
        to: &Value,
    ) -> Option<Value> {
        let with = self.pieces(to)?;
        let whole = known_text(value);
        let inside = |p: &Piece| match p {
            Piece::Lit { text, .. } => text.matches(part).count(),
            Piece::Hole(..) => 0,
        };
        let found: usize = text.0.iter().map(inside).sum();
        if let Some(whole) = &whole
            && whole.matches(part).count() != found
        {
            // It stands across pieces: the text is one token from here on.
            let with = known_text(to)?;
            let size = whole.matches(part).count().saturating_mul(with.len());
            if size.saturating_add(whole.len()) > MAX_TEXT {
                return Some(self.out_of_bounds(call.node, "the text is too long"));
            }
            return Some(self.made_text(call, value, &whole.replace(part, &with)));
        }
        let grown = found.saturating_mul(text_len(&with).saturating_add(with.len()));
        let pieces = found.saturating_mul(with.len() + 1);
        if grown > MAX_TEXT || pieces > MAX_PIECES || !self.spend(pieces) {
            return Some(self.out_of_bounds(call.node, "the text is too long"));
        }
        let mut out = Vec::new();
        for piece in &text.0 {
            let Piece::Lit { text, .. } = piece else {
                out.push(self.replaced_hole(piece, part, to));
                continue;
            };
            let mut start = 0;
            for (at, _) in text.match_indices(part) {
                out.push(cut(piece, start, at));
                out.extend(with.iter().cloned());
                start = at + part.len();
            }
            out.push(cut(piece, start, text.len()));
        }
        Some(self.text_of(out, value.origin, call.node))
    }

    /// A hole in which something is replaced. Values that cannot hold it stay themselves, and the
    /// JSON text of a known value, which is rewritten as such elsewhere.
    fn replaced_hole(&mut self, piece: &Piece, part: &str, to: &Value) -> Piece {
        let Piece::Hole(id, origin) = piece else { return piece.clone() };
        let is_tree = self.facts.get(id).is_some_and(|f| f.tree.is_some());
        if is_tree || self.is_one_word(*id, part) {
            return piece.clone();
        }
        let with = super::key::value_key(to);
        let label = format!("replace({})", self.symbols.get(*id).label);
        let id = self.derive(*id, &format!("(replace:{part:?}:{with})"), &label, None);
        Piece::Hole(id, *origin)
    }
}
