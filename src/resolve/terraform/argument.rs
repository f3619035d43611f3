//! Arguments of functions: known values of the type that a parameter has, converted as zclconf/go-cty
//! converts them.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::function::Call;
use super::number::Num;
use super::text::known_text;
use crate::resolve::{Item, Key, Kind, Map, Value};
use crate::source::Origin;

/// Why a function yields no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Miss {
    /// Something that it needs is not known, or beyond what is evaluated here.
    Open,
    /// Terraform refuses the call.
    Refused(&'static str),
}

/// What is known of an argument or result.
pub(super) type Known<T> = Result<T, Miss>;

/// The text of a string, or of a number or Boolean as one.
pub(super) fn text(value: &Value) -> Known<String> {
    match &value.kind {
        Kind::Null => Err(Miss::Refused("an argument is null")),
        // JSON text that is kept as what it was made of.
        Kind::List(_) | Kind::Map(_) => Err(Miss::Open),
        _ => known_text(value).ok_or(Miss::Open),
    }
}

/// A number, or the text of one.
pub(super) fn number(value: &Value) -> Known<Num> {
    match &value.kind {
        Kind::Null => Err(Miss::Refused("an argument is null")),
        Kind::Number(n) => Num::parse(n).ok_or(Miss::Open),
        Kind::Text(_) => {
            let text = known_text(value).ok_or(Miss::Open)?;
            let number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
            match Num::parse(&text) {
                Some(n) => Ok(n),
                // A number that is too long here, or infinite.
                None if !text.is_empty() && text.chars().all(number) => Err(Miss::Open),
                None if text.trim_start_matches(['+', '-']).eq_ignore_ascii_case("inf") => {
                    Err(Miss::Open)
                }
                None => Err(Miss::Refused("an argument is no number")),
            }
        }
        Kind::Symbol(_) => Err(Miss::Open),
        Kind::Bool(_) | Kind::List(_) | Kind::Map(_) => {
            Err(Miss::Refused("an argument is no number"))
        }
    }
}

/// A whole number.
pub(super) fn whole(value: &Value) -> Known<i128> {
    number(value)?.as_whole().ok_or(Miss::Refused("an argument is no whole number"))
}

/// A whole number that is not negative.
pub(super) fn size(value: &Value) -> Known<usize> {
    let n = whole(value)?;
    usize::try_from(n).map_err(|_| Miss::Refused("an argument is out of range"))
}

/// The elements of a list, each of them known to be one.
pub(super) fn list(value: &Value) -> Known<Vec<Value>> {
    match &value.kind {
        Kind::List(items) => items
            .iter()
            .map(|item| match item {
                Item::One(value) => Ok(value.clone()),
                Item::Many(..) => Err(Miss::Open),
            })
            .collect(),
        Kind::Symbol(_) => Err(Miss::Open),
        Kind::Null => Err(Miss::Refused("an argument is null")),
        // JSON text that is kept as what it was made of.
        Kind::Map(_) => Err(Miss::Open),
        Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => {
            Err(Miss::Refused("an argument is no list"))
        }
    }
}

/// The entries of a map, all of them known.
pub(super) fn map(value: &Value) -> Known<Arc<Map>> {
    match &value.kind {
        Kind::Map(map) if map.rest.is_none() => Ok(Arc::clone(map)),
        Kind::Map(_) | Kind::Symbol(_) => Err(Miss::Open),
        Kind::Null => Err(Miss::Refused("an argument is null")),
        Kind::List(_) | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => {
            Err(Miss::Refused("an argument is no map"))
        }
    }
}

/// A list of those elements.
pub(super) fn of_list(items: Vec<Value>, origin: Origin) -> Value {
    Value::new(Kind::List(items.into_iter().map(Item::One).collect()), origin)
}

/// A map of those entries, of which a later one replaces an earlier one of its name.
pub(super) fn of_map(entries: Vec<(Key, Value)>, origin: Origin) -> Value {
    let mut map = Map::default();
    for (key, value) in entries {
        super::expression::put(&mut map, key, value);
    }
    Value::new(Kind::Map(Arc::new(map)), origin)
}

/// A number as a value.
pub(super) fn of_number(number: Num, origin: Origin) -> Value {
    Value::new(Kind::Number(number.text().into()), origin)
}

/// A Boolean as a value.
pub(super) fn of_bool(b: bool, origin: Origin) -> Value {
    Value::new(Kind::Bool(b), origin)
}

/// Whether each character of a text is one grapheme cluster, as which Terraform counts them.
pub(super) fn is_simple(text: &str) -> bool {
    text.chars().all(|c| c != '\r' && c < '\u{300}')
}

impl Evaluator<'_> {
    /// The value of a call, or what stands for it.
    pub(super) fn result_of(&mut self, call: Call<'_>, made: Known<Value>) -> Value {
        match made {
            Ok(value) => value,
            Err(Miss::Open) => self.opaque(call.node, call.env),
            Err(Miss::Refused(why)) => self.failed(call.node, call.env, why),
        }
    }

    /// Where the result of a call stands.
    pub(super) fn at_call(&mut self, call: Call<'_>) -> Origin {
        self.origins.literal(call.node.span)
    }

    /// A text that a function made of another one.
    pub(super) fn made_text(&mut self, call: Call<'_>, from: &Value, text: &str) -> Value {
        let step = crate::source::Step::Call(call.name);
        let origin = self.origins.add(call.node.span, step, Some(from.origin));
        self.computed(text, origin)
    }
}
