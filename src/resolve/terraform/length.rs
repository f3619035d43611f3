//! Order and lengths: above all, whether a collection has elements.

use std::cmp::Ordering;

use super::argument::{is_simple, number};
use super::evaluator::Evaluator;
use super::key::excerpt;
use super::number::Num;
use super::scope::Env;
use super::text::known_text;
use crate::resolve::{Class, Item, Kind, NeedSplit, Piece, Symbol, SymbolId, Value};
use crate::syntax::{self, BinaryOp, Expr, Node};

impl Evaluator<'_> {
    pub(super) fn order(
        &mut self,
        node: &Node,
        op: BinaryOp,
        a: &Node,
        b: &Node,
        env: Env<'_>,
    ) -> Result<Option<bool>, NeedSplit> {
        let (left, right) = (self.measured(a, env)?, self.measured(b, env)?);
        if let (Measure::Exact(x), Measure::Exact(y)) = (&left, &right)
            && let Some(order) = x.compare(*y)
        {
            return Ok(Some(holds(op, order)));
        }
        // A length against zero or one asks whether there are elements.
        let (collection, op, bound) = match (left, right) {
            (Measure::AtLeast(min, value), Measure::Exact(n)) => (Some((min, value)), op, Some(n)),
            (Measure::Exact(n), Measure::AtLeast(min, value)) => {
                (Some((min, value)), mirrored(op), Some(n))
            }
            _ => (None, op, None),
        };
        if let (Some((min, value)), Some(n)) = (collection, bound.and_then(Num::index)) {
            match op {
                BinaryOp::Greater if min > n => return Ok(Some(true)),
                BinaryOp::GreaterEq if min >= n => return Ok(Some(true)),
                BinaryOp::Less if min >= n => return Ok(Some(false)),
                BinaryOp::LessEq if min > n => return Ok(Some(false)),
                BinaryOp::Greater if n == 0 => return self.nonempty(&value, node, env),
                BinaryOp::GreaterEq if n == 1 => return self.nonempty(&value, node, env),
                BinaryOp::Less if n == 1 => {
                    return Ok(self.nonempty(&value, node, env)?.map(|b| !b));
                }
                BinaryOp::LessEq if n == 0 => {
                    return Ok(self.nonempty(&value, node, env)?.map(|b| !b));
                }
                _ => {}
            }
        }
        self.open_truth(node, env)
    }

    /// Whether a length is a number, where that can be told from what is known of the collection;
    /// a length of zero asks whether there are elements.
    pub(super) fn length_equals(
        &mut self,
        a: &Node,
        b: &Node,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Option<Option<bool>>, NeedSplit> {
        let is_length = |node: &Node| {
            matches!(&node.kind, syntax::Kind::Expr(e)
                if matches!(&**e, Expr::Call { name, .. } if &**name == "length"))
        };
        if !is_length(a) && !is_length(b) {
            return Ok(None);
        }
        let measures = (self.measured(a, env)?, self.measured(b, env)?);
        let ((Measure::AtLeast(min, value), Measure::Exact(n))
        | (Measure::Exact(n), Measure::AtLeast(min, value))) = measures
        else {
            return Ok(None);
        };
        match n.index() {
            Some(n) if min > n => Ok(Some(Some(false))),
            Some(0) => Ok(Some(self.nonempty(&value, node, env)?.map(|b| !b))),
            _ => Ok(None),
        }
    }

    /// A number, or the collection whose length is asked for.
    fn measured(&mut self, node: &Node, env: Env<'_>) -> Result<Measure, NeedSplit> {
        if let syntax::Kind::Expr(expr) = &node.kind
            && let Expr::Call { name, args, .. } = &**expr
            && &**name == "length"
            && let [arg] = args.as_slice()
        {
            let value = self.eval(arg, env)?;
            return Ok(match exact_length(&value) {
                Some(n) => Measure::Exact(Num::whole(n as i128)),
                None => Measure::AtLeast(least_length(&value), value),
            });
        }
        let value = self.eval(node, env)?;
        Ok(match number(&value) {
            Ok(n) => Measure::Exact(n),
            Err(_) => Measure::Open,
        })
    }

    /// Whether a collection (or text) has elements.
    pub(super) fn nonempty(
        &mut self,
        value: &Value,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Option<bool>, NeedSplit> {
        let mut open = false;
        let mut ask = |evaluator: &mut Self, id: SymbolId| {
            let answer = evaluator.nonempty_symbol(id, node, env)?;
            open |= answer.is_none();
            Ok(answer == Some(true))
        };
        match &value.kind {
            Kind::Symbol(id) => return self.nonempty_symbol(*id, node, env),
            Kind::List(items) => {
                if items.iter().any(|i| matches!(i, Item::One(_))) {
                    return Ok(Some(true));
                }
                for item in items.iter() {
                    if let Item::Many(id, _) = item
                        && ask(self, *id)?
                    {
                        return Ok(Some(true));
                    }
                }
            }
            Kind::Map(map) => {
                if !map.entries.is_empty() {
                    return Ok(Some(true));
                }
                if let Some((id, _)) = map.rest
                    && ask(self, id)?
                {
                    return Ok(Some(true));
                }
            }
            Kind::Text(text) => match known_text(value) {
                Some(text) => return Ok(Some(!text.is_empty())),
                None => {
                    let lit = |p: &Piece| matches!(p, Piece::Lit { text, .. } if !text.is_empty());
                    if text.0.iter().any(lit) {
                        return Ok(Some(true));
                    }
                    for piece in &text.0 {
                        if let Piece::Hole(id, _) = piece
                            && ask(self, *id)?
                        {
                            return Ok(Some(true));
                        }
                    }
                }
            },
            Kind::Null | Kind::Bool(_) | Kind::Number(_) => {}
        }
        Ok(if open { None } else { Some(false) })
    }

    /// Whether the collection that a symbol stands for has elements.
    pub(super) fn nonempty_symbol(
        &mut self,
        id: SymbolId,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Option<bool>, NeedSplit> {
        if self.facts.get(&id).is_some_and(|fact| fact.bound.nonempty) {
            return Ok(Some(true));
        }
        let known = self.facts.get(&id).and_then(|f| f.nonempty);
        let asks = match known {
            Some(asks) => asks,
            None => {
                let symbol = self.symbols.get(id).clone();
                let origin = self.origins.literal(node.span);
                let default = symbol
                    .default
                    .as_ref()
                    .and_then(exact_length)
                    .map(|n| Value { kind: Kind::Bool(n > 0), origin: symbol.origin });
                let label = excerpt(&format!("length({}) > 0", symbol.label));
                let asks = self.symbols.intern(&format!("nonempty:#{}", id.0), || Symbol {
                    label,
                    origin,
                    class: Class::Opaque,
                    default,
                    allowed: None,
                    pin: symbol.pin.clone(),
                });
                let inputs = self.facts.get(&id).map(|f| f.inputs.clone()).unwrap_or_default();
                self.fact(asks).inputs = inputs;
                self.fact(id).nonempty = Some(asks);
                asks
            }
        };
        self.split_bool(asks, env)
    }
}

enum Measure {
    Exact(Num),
    AtLeast(usize, Value),
    Open,
}

fn holds(op: BinaryOp, order: Ordering) -> bool {
    match op {
        BinaryOp::Less => order.is_lt(),
        BinaryOp::LessEq => order.is_le(),
        BinaryOp::Greater => order.is_gt(),
        _ => order.is_ge(),
    }
}

fn mirrored(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessEq => BinaryOp::GreaterEq,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterEq => BinaryOp::LessEq,
        other => other,
    }
}

/// The length of a list, map or text that is known.
pub(super) fn exact_length(value: &Value) -> Option<usize> {
    match &value.kind {
        Kind::List(items) => items.iter().all(|i| matches!(i, Item::One(_))).then_some(items.len()),
        Kind::Map(map) => map.rest.is_none().then_some(map.entries.len()),
        Kind::Text(_) => known_text(value).filter(|t| is_simple(t)).map(|t| t.chars().count()),
        _ => None,
    }
}

fn least_length(value: &Value) -> usize {
    match &value.kind {
        Kind::List(items) => items.iter().filter(|i| matches!(i, Item::One(_))).count(),
        Kind::Map(map) => map.entries.len(),
        Kind::Text(text) => {
            let lit =
                |p: &Piece| if let Piece::Lit { text, .. } = p { text.chars().count() } else { 0 };
            text.0.iter().map(lit).sum()
        }
        _ => 0,
    }
}
