//! Conditions, and the splits they ask for.

use super::declared::is_literal;
use super::equality::Answer;
use super::evaluator::Evaluator;
use super::scope::{Env, Mode};
use super::text::known_text;
use crate::resolve::{Cell, Kind, Literal, NeedSplit, SymbolId, Value};
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
                if (is_literal(a) && self.is_collection(b))
                    || (is_literal(b) && self.is_collection(a))
                {
                    return Ok(Some(*op == BinaryOp::NotEq));
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
            Kind::Number(_) | Kind::Null | Kind::List(_) | Kind::Map(_) => {
                // Terraform refuses it; whoever asks may not go on as if it were one.
                let refused = self.failed(node, env, "it is no Boolean");
                return match refused.kind {
                    Kind::Symbol(id) => self.split_bool(id, env),
                    _ => Ok(None),
                };
            }
            Kind::Text(_) => {}
        }
        if let Some(b) = known_truth(value) {
            return Ok(Some(b));
        }
        self.open_truth(node, env)
    }

    /// A Boolean expression that nothing here decides: a symbol, and in a world that says what the symbol
    /// is, that.
    pub(super) fn open_truth(
        &mut self,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Option<bool>, NeedSplit> {
        let value = self.opaque(node, env);
        match &value.kind {
            Kind::Symbol(id) => self.split_bool(*id, env),
            _ => Ok(known_truth(&value)),
        }
    }

    /// A symbol as a Boolean.
    pub(super) fn split_bool(
        &mut self,
        id: SymbolId,
        env: Env<'_>,
    ) -> Result<Option<bool>, NeedSplit> {
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
}

/// The Boolean that a known value is converted to.
fn known_truth(value: &Value) -> Option<bool> {
    match known_text(value)?.as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}
