//! Texts that are known in part: those whose ends a validation tells, and the elements of unknown
//! stretches, of which one stands for all.

use super::evaluator::Evaluator;
use super::key::value_key;
use crate::resolve::{Kind, Piece, SymbolId, Text, Value};

impl Evaluator<'_> {
    /// A text of which validations say how it begins and ends. Where that could be the syntax of something
    /// else than a name, it stays a symbol.
    pub(super) fn between_ends(&mut self, id: SymbolId, symbol: Value) -> Value {
        let ends = self.facts.get(&id).and_then(|fact| fact.bound.ends.clone());
        let Some((start, end)) = ends.filter(|(a, b)| is_plain(a) && is_plain(b)) else {
            return symbol;
        };
        let label = self.symbols.get(id).label.clone();
        let hole = self.derive(id, "~", &label, None);
        let mut pieces = vec![Piece::Hole(hole, symbol.origin)];
        if !start.is_empty() {
            pieces.insert(0, self.computed_piece(&start, symbol.origin));
        }
        if !end.is_empty() {
            pieces.push(self.computed_piece(&end, symbol.origin));
        }
        Value::new(Kind::Text(Text(pieces)), symbol.origin)
    }

    /// What validations say of each element of a collection, as a text that stands for it.
    pub(super) fn describe_elements(&mut self, id: SymbolId) {
        let each = self.facts.get(&id).and_then(|fact| fact.bound.each.as_ref());
        if each.is_none_or(|each| each.ends.is_none()) {
            return;
        }
        let symbol = self.symbols.get(id);
        let (label, origin) = (format!("{}[*]", symbol.label), symbol.origin);
        let element = self.derive(id, "[*]", &label, None);
        let element = self.between_ends(element, Value::new(Kind::Symbol(element), origin));
        self.set_template(id, element);
    }

    /// Says that each element of a stretch is like a text, where part of that text is known.
    pub(super) fn set_template(&mut self, id: SymbolId, element: Value) {
        let Kind::Text(Text(pieces)) = &element.kind else { return };
        let plain = |piece: &Piece| match piece {
            Piece::Lit { text, .. } => is_plain(text),
            Piece::Hole(hole, _) => self.facts.get(hole).is_none_or(|f| f.tree.is_none()),
        };
        let is_open = pieces.iter().any(|piece| matches!(piece, Piece::Hole(..)));
        if is_open && pieces.iter().all(plain) {
            self.symbols.set_element(id, element);
        }
    }

    /// An unknown stretch whose elements are each like a text, where part of that is known.
    pub(super) fn stretch_of(&mut self, id: SymbolId, element: &Value) -> SymbolId {
        if element.is_known() || !matches!(element.kind, Kind::Text(_)) {
            return id;
        }
        let symbol = self.symbols.get(id);
        let (label, default) = (symbol.label.clone(), symbol.default.clone());
        let id = self.derive(id, &format!("~{}", value_key(element)), &label, default);
        self.set_template(id, element.clone());
        id
    }
}

/// Whether a text is not the syntax of anything: it is a part of a name.
fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || ":/._-".contains(c))
}
