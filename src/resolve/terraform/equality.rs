//! Equality, as far as it can be told.

use std::cmp::Ordering;
use std::sync::Arc;

use super::evaluator::Evaluator;
use super::key::{excerpt, value_key};
use super::length::exact_length;
use super::number::Num;
use super::scope::{Env, Mode};
use super::text::known_text;
use crate::resolve::{Class, Item, Kind, Literal, NeedSplit, Piece, Symbol, SymbolId, Value};
use crate::syntax::{self, BinaryOp, Expr, Node};

impl Evaluator<'_> {
    /// Whether two values are equal.
    pub(super) fn equals(
        &mut self,
        a: &Value,
        b: &Value,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Answer, NeedSplit> {
        if let (Kind::Symbol(a), Kind::Symbol(b)) = (&a.kind, &b.kind)
            && a == b
        {
            return Ok(Answer::Known(true));
        }
        if a.is_known() && b.is_known() {
            return Ok(Answer::Known(same(a, b)));
        }
        let (unknown, known) = if a.is_known() { (b, a) } else { (a, b) };
        if !known.is_known() {
            return Ok(Answer::Open);
        }
        if is_empty_collection(known) {
            let nonempty = self.nonempty(unknown, node, env)?;
            return Ok(nonempty.map_or(Answer::Open, |b| Answer::Known(!b)));
        }
        match &unknown.kind {
            Kind::Symbol(id) => self.symbol_equals(*id, known, env),
            Kind::Text(text) => match known_text(known) {
                _ if matches!(known.kind, Kind::Null) => Ok(Answer::Known(false)),
                Some(known) if !could_be(&text.0, &known) => Ok(Answer::Known(false)),
                _ => Ok(Answer::Open),
            },
            // A list or map that is not empty is never null or a scalar.
            _ if !matches!(known.kind, Kind::List(_) | Kind::Map(_)) => Ok(Answer::Known(false)),
            _ => Ok(Answer::Open),
        }
    }

    fn symbol_equals(
        &mut self,
        id: SymbolId,
        known: &Value,
        env: Env<'_>,
    ) -> Result<Answer, NeedSplit> {
        let class = self.symbols.get(id).class;
        let literal = literal_of(known);
        let blank = matches!(&literal, Some(Literal::Null))
            || matches!(&literal, Some(Literal::Text(t)) if t.is_empty());
        let own = matches!(
            class,
            Class::OwnId(_)
                | Class::OwnerAccount
                | Class::Region
                | Class::Partition
                | Class::ExecutionArn
                | Class::ApiId
        );
        if own && blank {
            return Ok(Answer::Known(false));
        }
        let Some(literal) = literal else { return Ok(Answer::Open) };
        if self.facts.get(&id).is_some_and(|fact| fact.bound.rules_out(&literal)) {
            return Ok(Answer::Known(false));
        }
        if env.mode == Mode::Default {
            return Ok(Answer::Open);
        }
        let answer = match literal {
            Literal::Bool(b) => self.split_bool(id, env)?.map(|is| is == b),
            literal => env.world.equals(&self.symbols, id, &literal)?,
        };
        Ok(answer.map_or(Answer::Open, Answer::Known))
    }

    /// An equality that nothing decides is a Boolean symbol of its own: the same two values compared
    /// elsewhere, for equality or difference, correlate with it.
    pub(super) fn open_equality(
        &mut self,
        node: &Node,
        (a, left): (&Node, &Value),
        (b, right): (&Node, &Value),
        env: Env<'_>,
    ) -> Result<Option<bool>, NeedSplit> {
        if env.mode == Mode::Default {
            return Ok(None);
        }
        let (x, y) = (value_key(left), value_key(right));
        let key = if x <= y { format!("eq:{x}={y}") } else { format!("eq:{y}={x}") };
        if let Some(id) = self.symbols.find(&key) {
            return self.split_bool(id, env);
        }
        let negated = matches!(&node.kind, syntax::Kind::Expr(e)
            if matches!(**e, Expr::Binary(BinaryOp::NotEq, ..)));
        let mut default = self.under_defaults(node, env);
        if negated && let Some(Value { kind: Kind::Bool(b), .. }) = &mut default {
            *b = !*b;
        }
        let label = format!("{} == {}", self.excerpt(a.span), self.excerpt(b.span));
        let id = self.open_symbol(key, &label, node, default);
        self.split_bool(id, env)
    }

    fn open_symbol(
        &mut self,
        key: String,
        label: &str,
        node: &Node,
        default: Option<Value>,
    ) -> SymbolId {
        let origin = self.origins.literal(node.span);
        let inputs = self.inputs_of(node);
        let id = self.symbols.intern(&key, || Symbol {
            label: excerpt(label),
            origin,
            class: Class::Opaque,
            default,
            allowed: None,
            pin: None,
        });
        self.fact(id).inputs = inputs;
        id
    }
}

/// What is known of an equality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Known(bool),
    Open,
}

fn is_empty_collection(value: &Value) -> bool {
    match &value.kind {
        Kind::List(items) => items.is_empty(),
        Kind::Map(map) => map.entries.is_empty() && map.rest.is_none(),
        _ => false,
    }
}

/// Whether text with holes could turn out as `known`.
fn could_be(pieces: &[Piece], known: &str) -> bool {
    let head = match pieces.first() {
        Some(Piece::Lit { text, .. }) => &**text,
        _ => "",
    };
    let tail = match pieces.last() {
        Some(Piece::Lit { text, .. }) => &**text,
        _ => "",
    };
    known.len() >= head.len() + tail.len() && known.starts_with(head) && known.ends_with(tail)
}

/// A known scalar as a constant of a world.
pub(super) fn literal_of(value: &Value) -> Option<Literal> {
    match &value.kind {
        Kind::Null => Some(Literal::Null),
        Kind::Bool(b) => Some(Literal::Bool(*b)),
        Kind::Number(n) => Some(Literal::Number(Arc::clone(n))),
        Kind::Text(_) => known_text(value).map(|t| Literal::Text(t.into())),
        Kind::List(_) | Kind::Map(_) | Kind::Symbol(_) => None,
    }
}

/// Whether two known values are equal: no conversion between types (hashicorp/hcl, `==`).
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Null, Kind::Null) => true,
        (Kind::Bool(a), Kind::Bool(b)) => a == b,
        (Kind::Number(a), Kind::Number(b)) => match (Num::parse(a), Num::parse(b)) {
            (Some(a), Some(b)) => a.compare(b) == Some(Ordering::Equal),
            _ => a == b,
        },
        (Kind::Text(_), Kind::Text(_)) => known_text(a) == known_text(b),
        (Kind::List(a), Kind::List(b)) => {
            a.len() == b.len()
                && a.iter().zip(b.iter()).all(|pair| match pair {
                    (Item::One(a), Item::One(b)) => same(a, b),
                    _ => false,
                })
        }
        (Kind::Map(x), Kind::Map(_)) => {
            exact_length(a) == exact_length(b)
                && x.entries.iter().all(|(k, v)| b.get(&k.text).is_some_and(|w| same(v, w)))
        }
        _ => false,
    }
}
