//! One type for several values: what the elements of a list or set, and the results of a conditional,
//! are converted to (zclconf/go-cty, `convert.UnifyUnsafe`).
//!
//! Values know no more of their type than what they hold, so that lists and tuples are the same here,
//! and maps and objects.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::evaluator::Evaluator;
use super::text::known_text;
use crate::resolve::{Item, Kind, Map, Value};

/// How deep values are unified.
const MAX_DEPTH: usize = 32;

/// What all values must become.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    /// Null, or something unknown: whatever the others are.
    Any,
    Bool,
    Number,
    Text,
    /// The elements by their place, where all lists are of one length.
    Tuple(Vec<Shape>),
    /// All elements alike.
    List(Box<Shape>),
    /// The attributes by their names, where all maps have the same ones.
    Object(Vec<(Arc<str>, Shape)>),
    /// All values alike.
    Map(Box<Shape>),
}

/// Whether a conversion could change a value: it holds a number or Boolean.
pub(super) fn may_become_text(value: &Value) -> bool {
    match &value.kind {
        Kind::Bool(_) | Kind::Number(_) => true,
        Kind::List(items) => items.iter().any(|item| match item {
            Item::One(value) => may_become_text(value),
            Item::Many(..) => false,
        }),
        Kind::Map(map) => map.entries.iter().any(|(_, value)| may_become_text(value)),
        Kind::Null | Kind::Text(_) | Kind::Symbol(_) => false,
    }
}

fn shape(value: &Value, depth: usize) -> Shape {
    if depth > MAX_DEPTH {
        return Shape::Any;
    }
    match &value.kind {
        Kind::Null | Kind::Symbol(_) => Shape::Any,
        Kind::Bool(_) => Shape::Bool,
        Kind::Number(_) => Shape::Number,
        Kind::Text(_) => Shape::Text,
        Kind::List(items) => Shape::Tuple(
            items
                .iter()
                .map(|item| match item {
                    Item::One(value) => shape(value, depth + 1),
                    Item::Many(..) => Shape::Any,
                })
                .collect(),
        ),
        Kind::Map(map) => {
            let mut entries: Vec<_> = map
                .entries
                .iter()
                .map(|(k, v)| (Arc::clone(&k.text), shape(v, depth + 1)))
                .collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Shape::Object(entries)
        }
    }
}

/// What two shapes become; `None` when nothing fits both.
fn unify(a: Shape, b: Shape) -> Option<Shape> {
    Some(match (a, b) {
        (a, b) if a == b => a,
        (Shape::Any, other) | (other, Shape::Any) => other,
        // JSON text that is kept as what it was made of is a text, too.
        (Shape::Text, _) | (_, Shape::Text) => Shape::Text,
        (Shape::Tuple(a), Shape::Tuple(b)) if a.len() == b.len() => {
            let both = a.into_iter().zip(b).map(|(a, b)| unify(a, b));
            Shape::Tuple(both.collect::<Option<Vec<_>>>()?)
        }
        (a @ (Shape::Tuple(_) | Shape::List(_)), b @ (Shape::Tuple(_) | Shape::List(_))) => {
            Shape::List(Box::new(all([elements(a), elements(b)].concat())?))
        }
        (Shape::Object(a), Shape::Object(b))
            if a.iter().map(|e| &e.0).eq(b.iter().map(|e| &e.0)) =>
        {
            let both = a.into_iter().zip(b).map(|((name, a), (_, b))| Some((name, unify(a, b)?)));
            Shape::Object(both.collect::<Option<Vec<_>>>()?)
        }
        (a @ (Shape::Object(_) | Shape::Map(_)), b @ (Shape::Object(_) | Shape::Map(_))) => {
            Shape::Map(Box::new(all([elements(a), elements(b)].concat())?))
        }
        _ => return None,
    })
}

/// What all of them become. Texts come first: Booleans and numbers fit each other only as texts.
fn all(mut shapes: Vec<Shape>) -> Option<Shape> {
    shapes.sort_by_key(|shape| *shape != Shape::Text);
    shapes.into_iter().try_fold(Shape::Any, unify)
}

/// What the elements of a collection are.
fn elements(shape: Shape) -> Vec<Shape> {
    match shape {
        Shape::Tuple(items) => items,
        Shape::Object(entries) => entries.into_iter().map(|(_, shape)| shape).collect(),
        Shape::List(of) | Shape::Map(of) => vec![*of],
        other => vec![other],
    }
}

impl Evaluator<'_> {
    /// The values of one list, set or map as values of one type; `None` when there is none.
    pub(super) fn unified(&mut self, values: &[Value]) -> Option<Vec<Value>> {
        let target = all(values.iter().map(|value| shape(value, 0)).collect())?;
        Some(values.iter().map(|value| self.fit(value, &target)).collect())
    }

    /// A result of a conditional, with the type that it has together with the other result. Where no
    /// type fits both, Terraform refuses the conditional; here the result stays as it is.
    pub(super) fn with_other(&mut self, value: Value, other: &Value) -> Value {
        match unify(shape(&value, 0), shape(other, 0)) {
            Some(target) => self.fit(&value, &target),
            None => value,
        }
    }

    fn fit(&mut self, value: &Value, target: &Shape) -> Value {
        match (&value.kind, target) {
            (Kind::Bool(_) | Kind::Number(_), Shape::Text) => match known_text(value) {
                Some(text) => self.computed(&text, value.origin),
                None => value.clone(),
            },
            (Kind::List(items), Shape::Tuple(_) | Shape::List(_)) => {
                let items = items.iter().enumerate().map(|(index, item)| {
                    let target = match target {
                        Shape::Tuple(shapes) => shapes.get(index).unwrap_or(&Shape::Any),
                        Shape::List(of) => of,
                        _ => &Shape::Any,
                    };
                    match item {
                        Item::One(value) => Item::One(self.fit(value, target)),
                        many @ Item::Many(..) => many.clone(),
                    }
                });
                let items = items.collect();
                Value::new(Kind::List(items), value.origin)
            }
            (Kind::Map(map), Shape::Object(_) | Shape::Map(_)) => {
                let entries = map.entries.iter().map(|(key, value)| {
                    let found = |entries: &[(Arc<str>, Shape)]| {
                        entries.iter().find(|(n, _)| *n == key.text).map(|(_, s)| s.clone())
                    };
                    let target = match target {
                        Shape::Object(entries) => found(entries).unwrap_or(Shape::Any),
                        Shape::Map(of) => (**of).clone(),
                        _ => Shape::Any,
                    };
                    (key.clone(), self.fit(value, &target))
                });
                let entries = entries.collect();
                Value::new(Kind::Map(Arc::new(Map { entries, rest: map.rest })), value.origin)
            }
            _ => value.clone(),
        }
    }
}

/// The distinct elements of a set in its order, that of other values than scalars aside: texts by their bytes, numbers by their size.
pub(super) fn as_set(values: Vec<Value>) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let mut out: Vec<Value> =
        values.into_iter().filter(|v| seen.insert(super::key::value_key(v))).collect();
    out.sort_by(|a, b| match (&a.kind, &b.kind) {
        (Kind::Number(a), Kind::Number(b)) => {
            use super::number::Num;
            let order = Num::parse(a).zip(Num::parse(b)).and_then(|(a, b)| a.compare(b));
            order.unwrap_or(std::cmp::Ordering::Equal)
        }
        (Kind::Text(_) | Kind::Bool(_), Kind::Text(_) | Kind::Bool(_)) => {
            known_text(a).cmp(&known_text(b))
        }
        _ => std::cmp::Ordering::Equal,
    });
    out
}
