//! Conditions: Booleans, equality, order, and the splits they ask for.

use std::cmp::Ordering;
use std::sync::Arc;

use super::evaluator::Evaluator;
use super::key::{excerpt, value_key};
use super::number::Num;
use super::scope::{Env, Mode};
use super::text::known_text;
use crate::resolve::{Cell, Class, Item, Kind, Literal, NeedSplit, Piece, Symbol, SymbolId, Value};
use crate::syntax::{self, BinaryOp, Expr, Node, UnaryOp};

impl Evaluator<'_> {
    /// Decides a condition; `None` when it stays open (in a frozen world only).
    ///
    /// # Errors
    /// [`NeedSplit`] when it depends on a symbol that the world does not fix.
    pub fn truth(&mut self, node: &Node, env: Env<'_>) -> Result<Option<bool>, NeedSplit> {
        self.decide(node, env.mode(Mode::Branch))
    }

    /// Decides a Boolean expression in the mode of `env`.
    pub(super) fn decide(&mut self, node: &Node, env: Env<'_>) -> Result<Option<bool>, NeedSplit> {
        let syntax::Kind::Expr(expr) = &node.kind else {
            let value = self.eval(node, env)?;
            return self.as_bool(&value, node, env);
        };
        match &**expr {
            Expr::Unary(UnaryOp::Not, operand) => Ok(self.decide(operand, env)?.map(|b| !b)),
            Expr::Binary(op @ (BinaryOp::And | BinaryOp::Or), a, b) => {
                let absorbing = *op == BinaryOp::Or;
                match self.decide(a, env)? {
                    Some(b) if b == absorbing => Ok(Some(absorbing)),
                    Some(_) => self.decide(b, env),
                    None => Ok(self.decide(b, env)?.filter(|b| *b == absorbing)),
                }
            }
            Expr::Binary(op @ (BinaryOp::Eq | BinaryOp::NotEq), a, b) => {
                if let Some(equal) = self.length_equals(a, b, node, env)? {
                    return Ok(equal.map(|b| b == (*op == BinaryOp::Eq)));
                }
                let (left, right) = (self.eval(a, env)?, self.eval(b, env)?);
                let equal = match self.equals(&left, &right, node, env)? {
                    Answer::Known(b) => Some(b),
                    Answer::Open => self.open_equality(node, (a, &left), (b, &right), env)?,
                };
                Ok(equal.map(|b| b == (*op == BinaryOp::Eq)))
            }
            Expr::Binary(
                op @ (BinaryOp::Less | BinaryOp::LessEq | BinaryOp::Greater | BinaryOp::GreaterEq),
                a,
                b,
            ) => self.order(node, *op, a, b, env),
            Expr::Conditional(cond, yes, no) => match self.truth(cond, env)? {
                Some(true) => self.decide(yes, env),
                Some(false) => self.decide(no, env),
                None => {
                    let (a, b) = (self.decide(yes, env)?, self.decide(no, env)?);
                    Ok(a.filter(|a| b == Some(*a)))
                }
            },
            _ => {
                let value = self.eval(node, env)?;
                self.as_bool(&value, node, env)
            }
        }
    }

    /// A value as a Boolean (go-cty, `convert`: the texts "true", "false", "1", "0" too).
    pub(super) fn as_bool(
        &mut self,
        value: &Value,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Option<bool>, NeedSplit> {
        match &value.kind {
            Kind::Bool(b) => return Ok(Some(*b)),
            Kind::Symbol(id) => return self.split_bool(*id, env),
            _ => {}
        }
        match known_text(value).as_deref() {
            Some("true" | "1") => return Ok(Some(true)),
            Some("false" | "0") => return Ok(Some(false)),
            _ => {}
        }
        match self.opaque(node, env).kind {
            Kind::Symbol(id) => self.split_bool(id, env),
            _ => Ok(None),
        }
    }

    /// A symbol as a Boolean.
    fn split_bool(&mut self, id: SymbolId, env: Env<'_>) -> Result<Option<bool>, NeedSplit> {
        if env.mode == Mode::Default {
            return Ok(self.symbols.get(id).default.as_ref().and_then(known_text).and_then(|t| {
                match t.as_str() {
                    "true" => Some(true),
                    "false" => Some(false),
                    _ => None,
                }
            }));
        }
        let yes = [Literal::Bool(true), Literal::Text("true".into())];
        match env.world.cell(id) {
            Some(Cell::Is(is)) => return Ok(Some(yes.contains(is))),
            Some(Cell::NotIn(not)) if yes.iter().any(|y| not.contains(y)) => {
                return Ok(Some(false));
            }
            Some(Cell::NotIn(not)) if not.contains(&Literal::Bool(false)) => return Ok(Some(true)),
            _ => {}
        }
        let cells = match &self.symbols.get(id).allowed {
            Some(allowed) => allowed.iter().cloned().map(Cell::Is).collect(),
            None => vec![Cell::Is(Literal::Bool(true)), Cell::Is(Literal::Bool(false))],
        };
        self.split(env, id, cells)?;
        Ok(None)
    }

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
    fn open_equality(
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

    fn order(
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
        match self.opaque(node, env).kind {
            Kind::Symbol(id) => self.split_bool(id, env),
            _ => Ok(None),
        }
    }

    /// Whether a length is a number, where that can be told from what is known of the collection;
    /// a length of zero asks whether there are elements.
    fn length_equals(
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
                Some(n) => Measure::Exact(Num::Int(n as i128)),
                None => Measure::AtLeast(least_length(&value), value),
            });
        }
        let value = self.eval(node, env)?;
        Ok(match known_text(&value).and_then(|t| Num::parse(&t)) {
            Some(n) => Measure::Exact(n),
            None => Measure::Open,
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

/// What is known of an equality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Known(bool),
    Open,
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
        Kind::Text(_) => known_text(value).map(|t| t.chars().count()),
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
