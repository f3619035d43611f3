//! The values of which generated statements are made.
//!
//! Each has the origin of what caused it, and a step that says what was made of it.

use std::sync::Arc;

use super::plan::Place;
use super::statements::Maker;
use crate::resolve::{Key, Kind, Map, Piece, Text, Value};
use crate::source::{Origin, Span, Step};
use crate::syntax;

impl Maker<'_, '_, '_> {
    #[expect(clippy::too_many_arguments, reason = "the elements of a statement, and its place")]
    pub(super) fn statement(
        &mut self,
        effect: &'static str,
        principal: Value,
        resource: Value,
        condition: Option<Value>,
        key: Span,
        place: &Place,
        made: &'static str,
    ) -> Value {
        let effect = self.text(effect, key, place, made);
        let action = self.text("execute-api:Invoke", key, place, made);
        let mut entries = vec![
            ("Effect", effect),
            ("Action", action),
            ("Resource", resource),
            ("Principal", principal),
        ];
        entries.extend(condition.map(|condition| ("Condition", condition)));
        self.map(entries, key, place, made)
    }

    pub(super) fn value(
        &mut self,
        kind: Kind,
        key: Span,
        place: &Place,
        made: &'static str,
    ) -> Value {
        Value::new(kind, self.generated(key, place, made))
    }

    pub(super) fn text(
        &mut self,
        text: &str,
        key: Span,
        place: &Place,
        made: &'static str,
    ) -> Value {
        let origin = self.generated(key, place, made);
        let syntax::Text { text, map } = syntax::Text::made_of(text, key);
        Value::new(Kind::Text(Text(vec![Piece::Lit { text, map, origin }])), origin)
    }

    pub(super) fn map(
        &mut self,
        entries: Vec<(&'static str, Value)>,
        key: Span,
        place: &Place,
        made: &'static str,
    ) -> Value {
        let origin = self.generated(key, place, made);
        let entries =
            entries.into_iter().map(|(name, value)| (Key { text: name.into(), origin }, value));
        let map = Map { entries: entries.collect(), rest: None };
        Value::new(Kind::Map(Arc::new(map)), origin)
    }

    /// The origin of what is made of the property at `key`.
    pub(super) fn generated(&mut self, key: Span, place: &Place, made: &'static str) -> Origin {
        let origins = &mut self.reader.unit.origins;
        let written = origins.literal(key);
        origins.add(place.policy, Step::Expansion(made), Some(written))
    }

    pub(super) fn step(&mut self, key: Span, made: &'static str, from: Origin) -> Origin {
        self.reader.unit.origins.add(key, Step::Expansion(made), Some(from))
    }

    /// A value of the author, put into what is made of the list at `key`.
    pub(super) fn through(&mut self, value: Value, key: Span, made: &'static str) -> Value {
        Value { origin: self.step(key, made, value.origin), ..value }
    }
}
