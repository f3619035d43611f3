//! Expressions: literals, collections, operators, `for`.

use std::sync::Arc;

use super::argument::{Miss, number};
use super::evaluator::Evaluator;
use super::key::value_key;
use super::number::{Computed, Num};
use super::scope::Env;
use super::text::known_text;
use super::unify::may_become_text;
use crate::resolve::{Item, Key, Kind, Map, NeedSplit, Piece, Rest, SymbolId, Text, Value};
use crate::syntax::{self, BinaryOp, Expr, ForExpr, Node, Pair, UnaryOp};

impl Evaluator<'_> {
    /// Evaluates an expression, without the bounds that [`Evaluator::eval`] sets.
    pub(super) fn expression(&mut self, node: &Node, env: Env<'_>) -> Result<Value, NeedSplit> {
        let origin = self.origins.literal(node.span);
        let kind = match &node.kind {
            syntax::Kind::Null => Kind::Null,
            syntax::Kind::Bool(b) => Kind::Bool(*b),
            syntax::Kind::Number(n) => Kind::Number(Num::written(n).into()),
            syntax::Kind::Text(text) => Kind::Text(Text(vec![Piece::Lit {
                text: Arc::clone(&text.text),
                map: text.map.clone(),
                origin,
            }])),
            syntax::Kind::List(items) => {
                let mut out = Vec::with_capacity(items.len());
                for item in items.iter() {
                    out.push(Item::One(self.eval(item, env)?));
                }
                Kind::List(out.into())
            }
            syntax::Kind::Map(pairs) => Kind::Map(Arc::new(self.object_literal(pairs, env)?)),
            syntax::Kind::Expr(expr) => return self.compound(node, expr, env),
            syntax::Kind::Tagged(_) | syntax::Kind::Invalid => return Ok(self.opaque(node, env)),
        };
        Ok(Value { kind, origin })
    }

    fn compound(&mut self, node: &Node, expr: &Expr, env: Env<'_>) -> Result<Value, NeedSplit> {
        match expr {
            Expr::Template(parts) => self.template(node, parts, env),
            Expr::Variable(name) => self.name(node, name, &[], env),
            Expr::Traversal(base, steps) => self.traversal(node, base, steps, env),
            Expr::Call { name, args, expand, .. } => self.call(node, name, args, *expand, env),
            Expr::Conditional(cond, yes, no) => match self.truth(cond, env)? {
                Some(true) => self.chosen(yes, no, env),
                Some(false) => self.chosen(no, yes, env),
                None => self.either(node, yes, no, env),
            },
            Expr::Unary(UnaryOp::Not, _)
            | Expr::Binary(
                BinaryOp::And
                | BinaryOp::Or
                | BinaryOp::Eq
                | BinaryOp::NotEq
                | BinaryOp::Less
                | BinaryOp::LessEq
                | BinaryOp::Greater
                | BinaryOp::GreaterEq,
                ..,
            ) => self.boolean(node, env),
            Expr::Unary(UnaryOp::Neg, operand) => {
                let value = self.eval(operand, env)?;
                self.arithmetic(node, BinaryOp::Minus, None, &value, env)
            }
            Expr::Binary(op, a, b) => {
                let (a, b) = (self.eval(a, env)?, self.eval(b, env)?);
                self.arithmetic(node, *op, Some(&a), &b, env)
            }
            Expr::For(each) => self.for_expression(node, each, env),
        }
    }

    /// The result of a conditional, converted to the type that it has together with the other one.
    fn chosen(&mut self, node: &Node, other: &Node, env: Env<'_>) -> Result<Value, NeedSplit> {
        let value = self.eval(node, env)?;
        Ok(self.among(value, &[other], env))
    }

    /// A value with the type that it has together with those of other expressions, as far as these
    /// are known under the defaults.
    pub(super) fn among(&mut self, value: Value, others: &[&Node], env: Env<'_>) -> Value {
        if !may_become_text(&value) {
            return value;
        }
        self.tolerant += 1;
        let value =
            others.iter().fold(value, |value, other| match self.under_defaults(other, env) {
                Some(other) => self.with_other(value, &other),
                None => value,
            });
        self.tolerant -= 1;
        value
    }

    /// A conditional whose condition stays open: known where both branches agree.
    fn either(
        &mut self,
        node: &Node,
        yes: &Node,
        no: &Node,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let (a, b) = (self.eval(yes, env)?, self.eval(no, env)?);
        if value_key(&a) == value_key(&b) {
            return Ok(a);
        }
        Ok(self.opaque(node, env))
    }

    /// An operator that yields a Boolean, used as data.
    fn boolean(&mut self, node: &Node, env: Env<'_>) -> Result<Value, NeedSplit> {
        match self.decide(node, env)? {
            Some(b) => Ok(Value::new(Kind::Bool(b), self.origins.literal(node.span))),
            None => Ok(self.opaque(node, env)),
        }
    }

    fn arithmetic(
        &mut self,
        node: &Node,
        op: BinaryOp,
        a: Option<&Value>,
        b: &Value,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let left = match a {
            Some(a) => number(a),
            // The negative of zero is told from zero.
            None if number(b).is_ok_and(|n| n == Num::whole(0)) => Err(Miss::Open),
            None => Ok(Num::whole(0)),
        };
        // What one of them is refused for counts even where the other is not known.
        let result = match (left, number(b)) {
            (Err(miss @ Miss::Refused(_)), _) | (_, Err(miss)) | (Err(miss), _) => Err(miss),
            (Ok(a), Ok(b)) => match Num::apply(op, a, b) {
                Computed::Is(n) => Ok(n),
                Computed::Open => Err(Miss::Open),
                Computed::Refused => Err(Miss::Refused("it cannot be computed")),
            },
        };
        Ok(match result {
            Ok(n) => {
                let origin = self.origins.literal(node.span);
                Value::new(Kind::Number(n.text().into()), origin)
            }
            Err(_) if a.is_some_and(|a| self.is_failed(a)) || self.is_failed(b) => {
                self.failed(node, env, "an operand is refused")
            }
            Err(Miss::Open) => self.opaque(node, env),
            Err(Miss::Refused(why)) => self.failed(node, env, why),
        })
    }

    /// An object. The last of several equal keys wins (hashicorp/hcl, `ObjectConsExpr.Value`).
    fn object_literal(&mut self, pairs: &[Pair], env: Env<'_>) -> Result<Map, NeedSplit> {
        let mut map = Map::default();
        for pair in pairs {
            self.spend(map.entries.len() / 32);
            let key = self.eval(&pair.key, env)?;
            let value = self.eval(&pair.value, env)?;
            match known_text(&key) {
                Some(text) => put(&mut map, Key { text: text.into(), origin: key.origin }, value),
                None => {
                    // The entry has a name that is not known: it may be any of the others.
                    let hole = self.opaque(&pair.key, env);
                    if let Kind::Symbol(id) = hole.kind {
                        map.rest = Some((id, Rest::Over));
                    }
                }
            }
        }
        Ok(map)
    }

    fn for_expression(
        &mut self,
        node: &Node,
        each: &ForExpr,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let collection = self.eval(&each.collection, env)?;
        let elements = self.elements(&collection, &each.collection, env)?;
        let origin = self.origins.literal(node.span);
        let mut items = Vec::new();
        let mut map = Map::default();
        for element in elements {
            let mut names = vec![(Arc::clone(&each.value_name), element.value.clone())];
            if let Some(name) = &each.key_name {
                names.push((Arc::clone(name), element.key.clone()));
            }
            let scope = env.scope.with(names);
            let inner = env.scope(&scope);
            self.spend((map.entries.len() + items.len()) / 32);
            let kept = match &each.condition {
                Some(condition) => self.truth(condition, inner)?,
                None => Some(true),
            };
            match kept {
                Some(true) => {}
                Some(false) => continue,
                // The filter stays open: the element may be there.
                None => {
                    if let Kind::Symbol(id) = self.opaque(node, env).kind {
                        items.push(Item::Many(id, origin));
                        map.rest = Some((id, Rest::Over));
                    }
                    continue;
                }
            }
            let value = self.eval(&each.value, inner)?;
            let unknown = element.unknown;
            match &each.key {
                None => match unknown {
                    Some(id) => {
                        let item = self.unknown_item(node, id, &each.collection, value, env)?;
                        items.extend(item);
                    }
                    None => items.push(Item::One(value)),
                },
                Some(key) => {
                    let key = self.eval(key, inner)?;
                    let text = known_text(&key).filter(|_| unknown.is_none());
                    match text {
                        Some(text) => {
                            let key = Key { text: text.into(), origin: key.origin };
                            if each.grouping {
                                group(&mut map, key, value);
                            } else if map.entries.iter().any(|(k, _)| k.text == key.text) {
                                return Ok(self.failed(node, env, "a key is made twice"));
                            } else {
                                map.entries.push((key, value));
                            }
                        }
                        None => {
                            if let Kind::Symbol(id) = self.opaque(node, env).kind {
                                map.rest = Some((id, Rest::Over));
                            }
                        }
                    }
                }
            }
        }
        let kind = match each.key {
            None => Kind::List(items.into()),
            Some(_) => Kind::Map(Arc::new(map)),
        };
        Ok(Value { kind, origin })
    }

    /// What a `for` makes of an unknown stretch: objects are judged as one of them, where there is
    /// one; anything else stays an unknown stretch.
    fn unknown_item(
        &mut self,
        node: &Node,
        stretch: SymbolId,
        collection: &Node,
        value: Value,
        env: Env<'_>,
    ) -> Result<Option<Item>, NeedSplit> {
        match &value.kind {
            Kind::Map(_) => match self.nonempty_symbol(stretch, collection, env)? {
                Some(false) => Ok(None),
                _ => Ok(Some(Item::One(value))),
            },
            Kind::Symbol(id) => Ok(Some(Item::Many(*id, value.origin))),
            Kind::List(_) => Ok(Some(Item::One(value))),
            _ => match self.opaque(node, env).kind {
                Kind::Symbol(id) => {
                    let id = self.stretch_of(id, &value);
                    Ok(Some(Item::Many(id, value.origin)))
                }
                _ => Ok(None),
            },
        }
    }
}

/// Adds an entry; an earlier one of the same key is gone.
pub(super) fn put(map: &mut Map, key: Key, value: Value) {
    map.entries.retain(|(k, _)| k.text != key.text);
    map.entries.push((key, value));
}

/// Adds a value to the list under a key.
fn group(map: &mut Map, key: Key, value: Value) {
    let found = map.entries.iter_mut().find(|(k, _)| k.text == key.text);
    match found.map(|(_, v)| &mut v.kind) {
        Some(Kind::List(items)) => {
            *items = items.iter().cloned().chain([Item::One(value)]).collect();
        }
        _ => {
            let origin = value.origin;
            let list = Kind::List(Arc::from([Item::One(value)]));
            map.entries.push((key, Value { kind: list, origin }));
        }
    }
}
