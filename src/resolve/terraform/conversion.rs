//! Type constraints: the conversions that a declared type brings about
//! (<https://developer.hashicorp.com/terraform/language/expressions/type-constraints>).

use std::sync::Arc;

use super::argument::{self, number, of_list, of_number};
use super::evaluator::Evaluator;
use super::scope::{Env, Mode, Scope};
use super::text::known_text;
use super::unify::as_set;
use crate::resolve::{Item, Key, Kind, Map, Value, World};
use crate::syntax::{self, Expr, Node};

/// How deep a type may nest.
const MAX_DEPTH: usize = 32;

impl Evaluator<'_> {
    /// The value under a type constraint. What cannot be converted stays as it is: Terraform refuses
    /// it, and whoever reads the value sees that it does not fit.
    pub(super) fn convert(&mut self, value: &Value, kind: &Node, depth: usize) -> Value {
        let syntax::Kind::Expr(expr) = &kind.kind else { return value.clone() };
        if depth > MAX_DEPTH {
            return value.clone();
        }
        match &**expr {
            Expr::Variable(name) => self.convert_scalar(value, name),
            Expr::Call { name, args, .. } => match (&**name, args.as_slice()) {
                ("list", [of]) => self.convert_list(value, |_| Some(of), depth),
                ("set", [of]) => {
                    let list = self.convert_list(value, |_| Some(of), depth);
                    // Sets are in an order of their own, and have each element once.
                    match argument::list(&list) {
                        Ok(values) if list.is_known() => of_list(as_set(values), list.origin),
                        _ => list,
                    }
                }
                ("tuple", [of]) => {
                    let kinds = of.as_list().cloned();
                    self.convert_list(value, |i| kinds.as_ref().and_then(|k| k.get(i)), depth)
                }
                ("map", [of]) => self.convert_map(value, of, depth),
                ("object", [of]) => self.convert_object(value, of, depth),
                ("optional", [of, ..]) => self.convert(value, of, depth + 1),
                _ => value.clone(),
            },
            _ => value.clone(),
        }
    }

    /// `tostring`, `tonumber`, `tobool`: what cannot be converted is refused.
    pub(super) fn converted(
        &mut self,
        value: &Value,
        name: &str,
        node: &Node,
        env: Env<'_>,
    ) -> Value {
        let made = self.convert_scalar(value, name);
        let fits = match &made.kind {
            Kind::Null | Kind::Symbol(_) => true,
            Kind::Text(_) => name == "string" || !made.is_known(),
            Kind::Number(_) => name == "number",
            Kind::Bool(_) => name == "bool",
            // JSON text is kept as what it was made of.
            Kind::List(_) | Kind::Map(_) => name == "string",
        };
        if fits { made } else { self.failed(node, env, "it cannot be converted") }
    }

    /// A scalar as a string, number or Boolean.
    pub(super) fn convert_scalar(&mut self, value: &Value, name: &str) -> Value {
        match (name, &value.kind) {
            ("string", Kind::Bool(_) | Kind::Number(_)) => match known_text(value) {
                Some(text) => self.computed(&text, value.origin),
                None => value.clone(),
            },
            ("bool", Kind::Text(_)) => match known_text(value).as_deref() {
                Some("true" | "1") => Value::new(Kind::Bool(true), value.origin),
                Some("false" | "0") => Value::new(Kind::Bool(false), value.origin),
                _ => value.clone(),
            },
            ("number", Kind::Text(_)) => match number(value) {
                Ok(n) => of_number(n, value.origin),
                Err(_) => value.clone(),
            },
            _ => value.clone(),
        }
    }

    fn convert_list<'n>(
        &mut self,
        value: &Value,
        of: impl Fn(usize) -> Option<&'n Node>,
        depth: usize,
    ) -> Value {
        let Kind::List(items) = &value.kind else { return value.clone() };
        let items = items.iter().enumerate().map(|(i, item)| match (item, of(i)) {
            (Item::One(v), Some(kind)) => Item::One(self.convert(v, kind, depth + 1)),
            (other, _) => other.clone(),
        });
        Value::new(Kind::List(items.collect()), value.origin)
    }

    fn convert_map(&mut self, value: &Value, of: &Node, depth: usize) -> Value {
        let Kind::Map(map) = &value.kind else { return value.clone() };
        let entries = map.entries.iter().map(|(k, v)| (k.clone(), self.convert(v, of, depth + 1)));
        let entries = entries.collect();
        Value::new(Kind::Map(Arc::new(Map { entries, rest: map.rest })), value.origin)
    }

    /// An object: attributes that are optional and not given are their defaults, or null, and what the
    /// type does not name is left out.
    fn convert_object(&mut self, value: &Value, of: &Node, depth: usize) -> Value {
        let (Kind::Map(map), Some(pairs)) = (&value.kind, of.as_map()) else {
            return value.clone();
        };
        let mut out = Map { entries: Vec::new(), rest: map.rest };
        for (key, v) in &map.entries {
            let kind = pairs.iter().find(|p| p.key.scalar().as_deref() == Some(&key.text));
            let Some(pair) = kind else { continue };
            let v = match (optional(&pair.value), &v.kind) {
                (Some(Some(default)), Kind::Null) => self.optional_default(default),
                _ => self.convert(v, &pair.value, depth + 1),
            };
            out.entries.push((key.clone(), v));
        }
        for pair in pairs.iter() {
            let Some(name) = pair.key.scalar() else { continue };
            if out.entries.iter().any(|(k, _)| *k.text == *name) {
                continue;
            }
            let Some(default) = optional(&pair.value) else { continue };
            let origin = self.origins.literal(pair.key.span);
            let v = match default {
                Some(default) => self.optional_default(default),
                None => Value::new(Kind::Null, origin),
            };
            let v = self.convert(&v, &pair.value, depth + 1);
            out.entries.push((Key { text: name, origin }, v));
        }
        Value::new(Kind::Map(Arc::new(out)), value.origin)
    }

    fn optional_default(&mut self, node: &Node) -> Value {
        let world = World::default().freeze();
        let scope = Scope::template(Vec::new(), None);
        let env = Env { scope: &scope, world: &world, mode: Mode::Default };
        match self.eval(node, env) {
            Ok(value) => value,
            // Nothing asks for a split in a frozen world.
            Err(_) => Value::new(Kind::Null, self.origins.literal(node.span)),
        }
    }
}

/// Whether an attribute is optional, and its default.
fn optional(kind: &Node) -> Option<Option<&Node>> {
    let syntax::Kind::Expr(expr) = &kind.kind else { return None };
    match &**expr {
        Expr::Call { name, args, .. } if &**name == "optional" => Some(args.get(1)),
        _ => None,
    }
}
