//! What the `validation` blocks of a variable say of its values
//! (<https://developer.hashicorp.com/terraform/language/block/variable#validation>): Terraform refuses
//! every value for which a condition does not hold.
//!
//! Only forms that are known bound anything; every other condition holds of any value here.

use std::sync::Arc;

use super::anchors::{Anchored, anchored};
use super::bound::Bound;
use super::module::Variable;
use crate::resolve::Literal;
use crate::syntax::{BinaryOp, Expr, ForExpr, Kind, Node, Traverse, UnaryOp};

/// How deep a condition is looked through.
const MAX_DEPTH: usize = 24;

/// Functions that keep what is known of the elements of a collection.
const SAME_ELEMENTS: [&str; 5] = ["distinct", "sort", "tolist", "toset", "values"];

/// What all validations of a variable say of its value, and that it is not null where it may not be
/// (<https://developer.hashicorp.com/terraform/language/block/variable#nullable>).
pub(super) fn bound(variable: &Variable) -> Bound {
    let body = &variable.block.body;
    let conditions =
        body.blocks("validation").filter_map(|block| block.body.attribute("condition"));
    let subject = Subject::Variable(&variable.name);
    let start = match is_nullable(variable) {
        true => Bound::default(),
        false => Bound::none_of(vec![Literal::Null]),
    };
    conditions
        .fold(start, |known, condition| known.and(subject.implied(&condition.value, true, 0)))
        .met()
}

/// Whether a variable may be null.
pub(super) fn is_nullable(variable: &Variable) -> bool {
    let nullable = variable.block.body.attribute("nullable").and_then(|a| a.value.scalar());
    nullable.as_deref() != Some("false")
}

/// What a condition is about.
#[derive(Clone, Copy)]
enum Subject<'a> {
    /// `var.name`.
    Variable(&'a str),
    /// The name of a `for` expression.
    Element(&'a str),
}

impl Subject<'_> {
    /// The attributes of the subject that lead to what an expression is; `None` where it is anything
    /// else.
    fn path(self, node: &Node) -> Option<Vec<Arc<str>>> {
        let Kind::Expr(expr) = &node.kind else { return None };
        let names = |steps: &[(Traverse, _)]| {
            let names = steps.iter().map(|(step, _)| match step {
                Traverse::Attr(name) => Some(Arc::clone(name)),
                _ => None,
            });
            names.collect::<Option<Vec<_>>>()
        };
        match (&**expr, self) {
            (Expr::Variable(name), Self::Element(own)) => (&**name == own).then(Vec::new),
            (Expr::Traversal(base, steps), Self::Element(own)) if is_named(base, own) => {
                names(steps)
            }
            (Expr::Traversal(base, steps), Self::Variable(own)) if is_named(base, "var") => {
                let mut names = names(steps)?;
                let is_own = names.first().is_some_and(|name| &**name == own);
                is_own.then(|| names.split_off(1))
            }
            _ => None,
        }
    }

    /// The same of a collection, whose elements may be in another order.
    fn collection(self, node: &Node) -> Option<Vec<Arc<str>>> {
        match call(node) {
            Some((name, [inner])) if SAME_ELEMENTS.contains(&name) => self.path(inner),
            _ => self.path(node),
        }
    }

    /// What is known of the subject where that is known of an expression.
    fn about(self, node: &Node, bound: impl FnOnce() -> Bound) -> Option<Bound> {
        Some(bound().behind(&self.path(node)?))
    }

    /// What is known of the subject where `node` is `truth`.
    fn implied(self, node: &Node, truth: bool, depth: usize) -> Bound {
        if depth > MAX_DEPTH {
            return Bound::default();
        }
        let inner = |node: &Node, truth: bool| self.implied(node, truth, depth + 1);
        let expr = match &node.kind {
            Kind::Bool(value) if *value != truth => return Bound::one_of(Vec::new()),
            Kind::Expr(expr) => expr,
            _ => return Bound::default(),
        };
        match &**expr {
            Expr::Unary(UnaryOp::Not, operand) => inner(operand, !truth),
            Expr::Binary(op @ (BinaryOp::And | BinaryOp::Or), a, b) => {
                let (a, b) = (inner(a, truth), inner(b, truth));
                if (*op == BinaryOp::And) == truth { a.and(b) } else { a.or(b) }
            }
            Expr::Conditional(condition, yes, no) => {
                let then = inner(condition, true).and(inner(yes, truth));
                then.or(inner(condition, false).and(inner(no, truth)))
            }
            Expr::Binary(op @ (BinaryOp::Eq | BinaryOp::NotEq), a, b) => {
                let equal = (*op == BinaryOp::Eq) == truth;
                self.compared(a, b, equal, depth)
                    .or_else(|| self.compared(b, a, equal, depth))
                    .unwrap_or_default()
            }
            Expr::Binary(op, a, b) if truth => self.measured(*op, a, b).unwrap_or_default(),
            Expr::Call { name, args, .. } => {
                self.called(name, args, truth, depth).unwrap_or_default()
            }
            _ => Bound::default(),
        }
    }

    /// `var.x == "a"`, `length(var.x) != 0`, `trimspace(var.x) != ""`, `substr(var.x, 0, 4) == "vpc-"`,
    /// `length([for x in var.list : x if condition]) == 0`.
    fn compared(self, tested: &Node, with: &Node, equal: bool, depth: usize) -> Option<Bound> {
        if let (Some(("length", [list])), Some(("length", [all])), true) =
            (call(tested), call(with), equal)
        {
            // All of the elements pass the filter.
            let (each, filter) = filtered(list)?;
            let is_same = self.path(&each.collection)? == self.path(all)?;
            return is_same.then(|| self.elements(each, filter, true, depth))?;
        }
        let constant = literal(with)?;
        if let Some(path) = self.path(tested) {
            let list = vec![constant];
            let bound = if equal { Bound::one_of(list) } else { Bound::none_of(list) };
            return Some(bound.behind(&path));
        }
        match (call(tested)?, &constant, equal) {
            (("length", [list]), Literal::Number(n), true) if &**n == "0" => {
                self.none_left(list, depth)
            }
            (("length", [arg]), Literal::Number(n), _) if equal != (&**n == "0") => {
                self.about(arg, Bound::with_elements)
            }
            (("trimspace", [arg]), Literal::Text(text), false) if text.is_empty() => {
                self.about(arg, Bound::with_elements)
            }
            (("substr", [arg, from, _]), Literal::Text(text), true) => {
                let at_start = matches!(literal(from), Some(Literal::Number(n)) if &*n == "0");
                at_start.then(|| self.about(arg, || Bound::between(text, "")))?
            }
            (("try", [tried, fallback]), Literal::Null, false)
                if matches!(fallback.kind, Kind::Null) =>
            {
                self.succeeds(tried)
            }
            _ => None,
        }
    }

    /// A list that is empty: what is left of the elements without those allowed, or with a filter.
    fn none_left(self, list: &Node, depth: usize) -> Option<Bound> {
        if let Some(("setsubtract", [all, allowed])) = call(list) {
            let each = Bound::one_of(literals(allowed)?).of_each();
            return Some(each.behind(&self.collection(all)?));
        }
        let (each, filter) = filtered(list)?;
        self.elements(each, filter, false, depth)
    }

    /// `length(var.x) > 0`, whichever way round, of any number.
    fn measured(self, op: BinaryOp, a: &Node, b: &Node) -> Option<Bound> {
        let (measured, bound, inclusive) = match op {
            BinaryOp::Greater => (a, b, false),
            BinaryOp::GreaterEq => (a, b, true),
            BinaryOp::Less => (b, a, false),
            BinaryOp::LessEq => (b, a, true),
            _ => return None,
        };
        let least = match literal(bound)? {
            Literal::Number(n) => n.parse::<u32>().ok()?,
            _ => return None,
        };
        let Some(("length", [arg])) = call(measured) else { return None };
        if least == 0 && inclusive {
            return None;
        }
        match call(arg) {
            // A text in which a pattern is found at least once.
            Some(("regexall", [pattern, text])) => self.about(text, || matching(pattern)),
            Some((name, [inner])) if SAME_ELEMENTS.contains(&name) => {
                self.about(inner, Bound::with_elements)
            }
            _ => self.about(arg, Bound::with_elements),
        }
    }

    fn called(self, name: &str, args: &[Node], truth: bool, depth: usize) -> Option<Bound> {
        match (name, args) {
            ("contains", [list, tested]) => match self.path(tested) {
                Some(path) => {
                    let list = literals(list)?;
                    let bound = if truth { Bound::one_of(list) } else { Bound::none_of(list) };
                    Some(bound.behind(&path))
                }
                None => {
                    let constant = literal(tested)?;
                    let bound = match truth {
                        true => Bound::with_elements(),
                        false => Bound::none_of(vec![constant]).of_each(),
                    };
                    Some(bound.behind(&self.collection(list)?))
                }
            },
            ("can", [tried]) if truth => self.succeeds(tried),
            ("try", [tried, fallback]) => {
                let of = |node: &Node| self.implied(node, truth, depth + 1);
                Some(of(tried).or(of(fallback)))
            }
            ("startswith", [text, start]) if truth => {
                let start = start.scalar()?;
                self.about(text, || Bound::between(&start, ""))
            }
            ("endswith", [text, end]) if truth => {
                let end = end.scalar()?;
                self.about(text, || Bound::between("", &end))
            }
            ("alltrue" | "anytrue", [list]) => self.listed(list, name == "alltrue", truth, depth),
            _ => None,
        }
    }

    /// What is known where an expression is no error.
    fn succeeds(self, tried: &Node) -> Option<Bound> {
        match call(tried)? {
            ("regex", [pattern, text]) => self.about(text, || matching(pattern)),
            ("cidrhost" | "cidrnetmask" | "cidrsubnet", [range, ..]) => {
                let not = vec![Literal::Null, Literal::Text("".into())];
                self.about(range, || Bound::none_of(not))
            }
            _ => None,
        }
    }

    /// A list of conditions, of which all or any are true: `alltrue([for x in var.list : condition])`,
    /// `alltrue([condition, condition])`.
    fn listed(self, list: &Node, all: bool, truth: bool, depth: usize) -> Option<Bound> {
        if let Some(conditions) = list.as_list() {
            let mut bounds = conditions.iter().map(|one| self.implied(one, truth, depth + 1));
            let first = bounds.next()?;
            return Some(match all == truth {
                true => bounds.fold(first, Bound::and),
                false => bounds.fold(first, Bound::or),
            });
        }
        let each = for_list(list)?;
        // That one of them is or is not says nothing of the others.
        if all != truth {
            return None;
        }
        let Some(filter) = &each.condition else {
            return self.elements(each, &each.value, truth, depth);
        };
        // What is filtered out is not looked at.
        let element = Subject::Element(&each.value_name);
        let of = |node: &Node, truth| element.implied(node, truth, depth + 1);
        let bound = of(filter, false).or(of(&each.value, truth)).of_each();
        Some(bound.behind(&self.collection(&each.collection)?))
    }

    /// A condition on each element of what a `for` goes through.
    fn elements(self, each: &ForExpr, is: &Node, truth: bool, depth: usize) -> Option<Bound> {
        let path = self.collection(&each.collection)?;
        let element = Subject::Element(&each.value_name);
        Some(element.implied(is, truth, depth + 1).of_each().behind(&path))
    }
}

/// A text in which a pattern is found.
fn matching(pattern: &Node) -> Bound {
    let Kind::Text(pattern) = &pattern.kind else { return Bound::default() };
    match anchored(&pattern.text) {
        Anchored::OneOf(texts) => {
            Bound::one_of(texts.into_iter().map(|text| Literal::Text(text.into())).collect())
        }
        Anchored::Between(start, end) => Bound::between(&start, &end),
        Anchored::Anything => Bound::none_of(vec![Literal::Null]),
    }
}

/// A `for` that makes a list.
fn for_list(node: &Node) -> Option<&ForExpr> {
    let Kind::Expr(expr) = &node.kind else { return None };
    match &**expr {
        Expr::For(each) if each.key.is_none() => Some(each),
        _ => None,
    }
}

/// The same with a filter.
fn filtered(node: &Node) -> Option<(&ForExpr, &Node)> {
    let each = for_list(node)?;
    Some((each, each.condition.as_ref()?))
}

fn is_named(node: &Node, name: &str) -> bool {
    matches!(&node.kind, Kind::Expr(e) if matches!(&**e, Expr::Variable(root) if &**root == name))
}

/// The name and the arguments of a call.
fn call(node: &Node) -> Option<(&str, &[Node])> {
    let Kind::Expr(expr) = &node.kind else { return None };
    match &**expr {
        Expr::Call { name, args, expand: false, .. } => Some((name, args)),
        _ => None,
    }
}

/// The constants of a list.
fn literals(list: &Node) -> Option<Vec<Literal>> {
    if let Some(("toset" | "tolist", [inner])) = call(list) {
        return literals(inner);
    }
    list.as_list()?.iter().map(literal).collect()
}

fn literal(node: &Node) -> Option<Literal> {
    match &node.kind {
        Kind::Null => Some(Literal::Null),
        Kind::Text(text) => Some(Literal::Text(Arc::clone(&text.text))),
        Kind::Number(n) => Some(Literal::Number(Arc::clone(n))),
        Kind::Bool(b) => Some(Literal::Bool(*b)),
        _ => None,
    }
}
