//! Lowers the expressions of `hcl-edit` to the common tree.
//!
//! Offsets of `hcl-edit` count from the start of the slice that it was given; `base` shifts them to
//! the text, `map` turns those into spans. The depth of the recursion is bounded by `hcl-edit`
//! (64 levels, 128 chained operators).

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::{
    BinaryOperator, Expression, ForExpr as EditFor, FuncCall, Object, ObjectKey, Traversal,
    TraversalOperator, UnaryOperator,
};

use super::expression::Renames;
use super::template::{self, Mode};
use crate::source::Span;
use crate::syntax::{
    BinaryOp, Duplicate, Expr, ForExpr, Kind, Node, Pair, SpanMap, SpanMapBuilder, SyntaxError,
    Traverse, UnaryOp,
};

/// Lowers one parsed expression.
pub(super) struct Lower<'a> {
    pub(super) text: &'a str,
    pub(super) map: &'a SpanMap,
    pub(super) base: usize,
    pub(super) renames: &'a Renames,
    pub(super) duplicates: &'a mut Vec<Duplicate>,
    pub(super) errors: &'a mut Vec<SyntaxError>,
}

impl<'a> Lower<'a> {
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.map.span(range)
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    pub(super) fn error(&mut self, range: Range<usize>, message: String) {
        let span = self.span(range);
        self.errors.push(SyntaxError { span, message, help: None });
    }

    /// The range of a part in the text; `outer` where `hcl-edit` has none.
    pub(super) fn range(&self, part: Option<Range<usize>>, outer: &Range<usize>) -> Range<usize> {
        part.map_or_else(|| outer.clone(), |r| self.base + r.start..self.base + r.end)
    }

    /// Text that stands verbatim at `range`.
    fn verbatim(&self, range: Range<usize>) -> Kind {
        let mut builder = SpanMapBuilder::new(self.map.file());
        let start = self.span(range.clone()).start as usize;
        builder.mapped(self.slice(range.clone()), self.map, range.start);
        Kind::Text(builder.finish(start))
    }

    /// Lowers an expression; `outer` is the range of what it stands in.
    pub(super) fn node(&mut self, expr: &Expression, outer: Range<usize>) -> Node {
        let range = self.range(expr.span(), &outer);
        let kind = match expr {
            Expression::Parenthesis(inner) => return self.node(inner.inner(), range),
            Expression::Null(_) => Kind::Null,
            Expression::Bool(value) => Kind::Bool(*value.value()),
            Expression::Number(_) => {
                // A minus sign may stand apart from its digits.
                let text: String = self.slice(range.clone()).split_ascii_whitespace().collect();
                Kind::Number(text.into())
            }
            Expression::String(_) => template::quoted(self, range.clone()),
            Expression::StringTemplate(parts) => {
                let inner = range.start + 1..range.end.saturating_sub(1).max(range.start + 1);
                return template::lower(self, parts, Mode::Quoted, inner, range);
            }
            Expression::HeredocTemplate(heredoc) => {
                return template::heredoc(self, heredoc, range);
            }
            Expression::Array(items) => {
                let items = items.iter().map(|item| self.node(item, range.clone()));
                Kind::List(items.collect::<Vec<_>>().into())
            }
            Expression::Object(object) => self.object(object, &range),
            Expression::Variable(name) => expr_kind(Expr::Variable(name.as_str().into())),
            Expression::Conditional(cond) => expr_kind(Expr::Conditional(
                self.node(&cond.cond_expr, range.clone()),
                self.node(&cond.true_expr, range.clone()),
                self.node(&cond.false_expr, range.clone()),
            )),
            Expression::FuncCall(call) => self.call(call, &range),
            Expression::Traversal(traversal) => self.traversal(traversal, &range),
            Expression::UnaryOp(op) => {
                let operator = match op.operator.value() {
                    UnaryOperator::Neg => UnaryOp::Neg,
                    UnaryOperator::Not => UnaryOp::Not,
                };
                expr_kind(Expr::Unary(operator, self.node(&op.expr, range.clone())))
            }
            Expression::BinaryOp(op) => expr_kind(Expr::Binary(
                binary(*op.operator.value()),
                self.node(&op.lhs_expr, range.clone()),
                self.node(&op.rhs_expr, range.clone()),
            )),
            Expression::ForExpr(expr) => self.for_expr(expr, &range),
        };
        Node { span: self.span(range), kind }
    }

    fn call(&mut self, call: &FuncCall, outer: &Range<usize>) -> Kind {
        let last = self.range(call.name.name.span(), outer);
        let first = match call.name.namespace.first() {
            Some(first) => self.range(first.span(), outer),
            None => last.clone(),
        };
        let mut name = String::new();
        for part in &call.name.namespace {
            name.push_str(part.as_str());
            name.push_str("::");
        }
        name.push_str(call.name.name.as_str());
        expr_kind(Expr::Call {
            name: name.into(),
            name_span: self.span(first.start..last.end),
            args: call.args.iter().map(|arg| self.node(arg, outer.clone())).collect(),
            expand: call.args.expand_final(),
        })
    }

    fn traversal(&mut self, traversal: &Traversal, outer: &Range<usize>) -> Kind {
        let base = self.node(&traversal.expr, outer.clone());
        let first = traversal.operators.first().map(|operator| operator.value());
        if matches!(traversal.expr, Expression::Number(_))
            && matches!(first, Some(TraversalOperator::LegacyIndex(_)))
        {
            // hashicorp/hcl takes `1.2.3` for one malformed number.
            let message = format!("`{}` is not a number", self.slice(outer.clone()));
            self.error(outer.clone(), message);
            return Kind::Invalid;
        }
        let mut steps = Vec::with_capacity(traversal.operators.len());
        for operator in &traversal.operators {
            let range = self.range(operator.span(), outer);
            let step = match operator.value() {
                TraversalOperator::AttrSplat(_) => Traverse::AttrSplat,
                TraversalOperator::FullSplat(_) => Traverse::FullSplat,
                TraversalOperator::GetAttr(name) => Traverse::Attr(name.as_str().into()),
                TraversalOperator::Index(index) => Traverse::Index(self.node(index, range.clone())),
                TraversalOperator::LegacyIndex(index) => {
                    let number = self.range(index.span(), &range);
                    Traverse::Index(Node {
                        span: self.span(number),
                        kind: Kind::Number(index.value().to_string().into()),
                    })
                }
            };
            steps.push((step, self.span(range)));
        }
        expr_kind(Expr::Traversal(base, steps))
    }

    fn for_expr(&mut self, expr: &EditFor, outer: &Range<usize>) -> Kind {
        expr_kind(Expr::For(ForExpr {
            key_name: expr.intro.key_var.as_ref().map(|name| name.as_str().into()),
            value_name: expr.intro.value_var.as_str().into(),
            collection: self.node(&expr.intro.collection_expr, outer.clone()),
            key: expr.key_expr.as_ref().map(|key| self.node(key, outer.clone())),
            value: self.node(&expr.value_expr, outer.clone()),
            condition: expr.cond.as_ref().map(|cond| self.node(&cond.expr, outer.clone())),
            grouping: expr.grouping,
        }))
    }

    fn object(&mut self, object: &Object, outer: &Range<usize>) -> Kind {
        let mut pairs = Vec::with_capacity(object.len());
        let mut seen: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        for (key, value) in object.iter() {
            let key = self.key(key, outer);
            if let Some(name) = key.scalar() {
                match seen.get(&name) {
                    Some(&first) => {
                        self.duplicates.push(Duplicate { key: name, first, second: key.span });
                    }
                    None => {
                        seen.insert(name, key.span);
                    }
                }
            }
            pairs.push(Pair { key, value: self.node(value.expr(), outer.clone()) });
        }
        Kind::Map(pairs.into())
    }

    /// An object key: a bare word, also a keyword, is text; anything else is an expression.
    fn key(&mut self, key: &ObjectKey, outer: &Range<usize>) -> Node {
        let range = match key {
            ObjectKey::Ident(name) => self.range(name.span(), outer),
            ObjectKey::Expression(expr) => self.range(expr.span(), outer),
        };
        if let Some(end) = self.renames.end(range.start) {
            return self.renamed_key(range.start..end);
        }
        match key {
            ObjectKey::Ident(_) => {
                Node { span: self.span(range.clone()), kind: self.verbatim(range) }
            }
            ObjectKey::Expression(expr) => self.key_expr(expr, range),
        }
    }

    fn key_expr(&mut self, expr: &Expression, range: Range<usize>) -> Node {
        match expr {
            Expression::Null(_) | Expression::Bool(_) | Expression::Variable(_) => {
                Node { span: self.span(range.clone()), kind: self.verbatim(range) }
            }
            _ => self.node(expr, range),
        }
    }

    /// A key that `hcl-edit` saw under another name.
    fn renamed_key(&mut self, range: Range<usize>) -> Node {
        let Ok(expr) = hcl_edit::parser::parse_expr(self.slice(range.clone())) else {
            self.error(range.clone(), "cannot read this object key".to_owned());
            return Node { span: self.span(range), kind: Kind::Invalid };
        };
        let mut inner = Lower {
            text: self.text,
            map: self.map,
            base: range.start,
            renames: &Renames::default(),
            duplicates: self.duplicates,
            errors: self.errors,
        };
        inner.key_expr(&expr, range)
    }
}

pub(super) fn expr_kind(expr: Expr) -> Kind {
    Kind::Expr(Arc::new(expr))
}

fn binary(operator: BinaryOperator) -> BinaryOp {
    match operator {
        BinaryOperator::Eq => BinaryOp::Eq,
        BinaryOperator::NotEq => BinaryOp::NotEq,
        BinaryOperator::LessEq => BinaryOp::LessEq,
        BinaryOperator::GreaterEq => BinaryOp::GreaterEq,
        BinaryOperator::Less => BinaryOp::Less,
        BinaryOperator::Greater => BinaryOp::Greater,
        BinaryOperator::Plus => BinaryOp::Plus,
        BinaryOperator::Minus => BinaryOp::Minus,
        BinaryOperator::Mul => BinaryOp::Mul,
        BinaryOperator::Div => BinaryOp::Div,
        BinaryOperator::Mod => BinaryOp::Mod,
        BinaryOperator::And => BinaryOp::And,
        BinaryOperator::Or => BinaryOp::Or,
    }
}
