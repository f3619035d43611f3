//! What the `validation` blocks of a variable say of its values
//! (<https://developer.hashicorp.com/terraform/language/block/variable#validation>): Terraform refuses
//! every value for which a condition does not hold.
//!
//! Only forms that are known bound anything; every other condition holds of any value here.

use std::sync::Arc;

use super::anchors::{Anchored, anchored};
use super::module::Variable;
use crate::resolve::Literal;
use crate::syntax::{BinaryOp, Expr, Kind, Node, Traverse, UnaryOp};

/// How deep a condition is looked through.
const MAX_DEPTH: usize = 24;

/// What is known of a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bound {
    /// It is one of these.
    pub(super) allowed: Option<Vec<Literal>>,
    /// It is none of these.
    pub(super) excluded: Vec<Literal>,
    /// It is a text that begins and ends so, with something or nothing between.
    pub(super) ends: Option<(String, String)>,
    /// It is a collection or text that has elements.
    pub(super) nonempty: bool,
    /// Its elements are some of these.
    pub(super) elements: Option<Vec<Literal>>,
}

impl Bound {
    fn one_of(allowed: Vec<Literal>) -> Self {
        Self { allowed: Some(allowed), ..Self::default() }
    }

    fn none_of(excluded: Vec<Literal>) -> Self {
        Self { excluded, ..Self::default() }
    }

    /// Both hold.
    fn and(mut self, other: Self) -> Self {
        self.allowed = common(self.allowed, other.allowed);
        self.elements = common(self.elements, other.elements);
        self.excluded.extend(other.excluded);
        // Two ends may overlap in one text, so that only one pair of them counts.
        self.ends = self.ends.or(other.ends);
        self.nonempty |= other.nonempty;
        if let Some(allowed) = &mut self.allowed {
            allowed.retain(|one| !self.excluded.contains(one));
        }
        self
    }

    /// One of them holds.
    fn or(self, other: Self) -> Self {
        let both = |a: &Option<Vec<Literal>>, b: &Option<Vec<Literal>>| match (a, b) {
            (Some(a), Some(b)) => Some([a.as_slice(), b.as_slice()].concat()),
            _ => None,
        };
        // What holds of no value leaves the other.
        let is_never = |bound: &Self| bound.allowed.as_ref().is_some_and(Vec::is_empty);
        if is_never(&self) {
            return other;
        }
        if is_never(&other) {
            return self;
        }
        let all = self.excluded.iter().chain(&other.excluded);
        let excluded = all.filter(|one| self.excludes(one) && other.excludes(one)).cloned();
        Self {
            allowed: both(&self.allowed, &other.allowed),
            excluded: excluded.collect(),
            ends: self.ends.clone().filter(|ends| other.ends.as_ref() == Some(ends)),
            nonempty: self.nonempty && other.nonempty,
            elements: both(&self.elements, &other.elements),
        }
    }

    /// Whether the value is not that, as far as its symbol does not say it by itself.
    pub(super) fn rules_out(&self, literal: &Literal) -> bool {
        let ends = self.ends.as_ref();
        let otherwise = ends.is_some_and(|(start, end)| match literal {
            Literal::Text(text) => {
                !text.starts_with(start.as_str()) || !text.ends_with(end.as_str())
            }
            _ => false,
        });
        otherwise || self.excluded.contains(literal)
    }

    /// Whether the value is not that.
    fn excludes(&self, literal: &Literal) -> bool {
        self.excluded.contains(literal)
            || self.allowed.as_ref().is_some_and(|allowed| !allowed.contains(literal))
    }
}

/// What both lists have, of those that are there.
fn common(a: Option<Vec<Literal>>, b: Option<Vec<Literal>>) -> Option<Vec<Literal>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.into_iter().filter(|one| b.contains(one)).collect()),
        (one, None) | (None, one) => one,
    }
}

/// What all validations of a variable say of its value.
pub(super) fn bound(variable: &Variable) -> Bound {
    let blocks = variable.block.body.blocks("validation");
    let conditions = blocks.filter_map(|block| block.body.attribute("condition"));
    let subject = Subject::Variable(&variable.name);
    let all = conditions.fold(Bound::default(), |known, condition| {
        known.and(subject.implied(&condition.value, true, 0))
    });
    // Conditions that no value meets are a mistake, and bound nothing.
    match all.allowed.as_ref().is_some_and(Vec::is_empty) {
        true => Bound::default(),
        false => all,
    }
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
    /// Whether an expression is the subject and nothing more.
    fn is(self, node: &Node) -> bool {
        let Kind::Expr(expr) = &node.kind else { return false };
        match (&**expr, self) {
            (Expr::Variable(name), Self::Element(own)) => &**name == own,
            (Expr::Traversal(base, steps), Self::Element(own)) => {
                steps.is_empty() && is_named(base, own)
            }
            (Expr::Traversal(base, steps), Self::Variable(own)) => {
                is_named(base, "var")
                    && matches!(steps.as_slice(), [(Traverse::Attr(name), _)] if &**name == own)
            }
            _ => false,
        }
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
                self.compared(a, b, equal)
                    .or_else(|| self.compared(b, a, equal))
                    .unwrap_or_default()
            }
            Expr::Binary(op, a, b) if truth => self.measured(*op, a, b),
            Expr::Call { name, args, .. } => self.called(name, args, truth, depth),
            _ => Bound::default(),
        }
    }

    /// `var.x == "a"`, `length(var.x) != 0`, `trimspace(var.x) != ""`.
    fn compared(self, tested: &Node, constant: &Node, equal: bool) -> Option<Bound> {
        let constant = literal(constant)?;
        if self.is(tested) {
            let list = vec![constant];
            return Some(if equal { Bound::one_of(list) } else { Bound::none_of(list) });
        }
        let (name, args) = call(tested)?;
        let [arg] = args else { return None };
        if !self.is(arg) || equal {
            return None;
        }
        match (name, &constant) {
            ("length", Literal::Number(n)) if &**n == "0" => Some(self.with_elements()),
            ("trimspace", Literal::Text(text)) if text.is_empty() => Some(self.with_elements()),
            _ => None,
        }
    }

    fn with_elements(self) -> Bound {
        let empty = Literal::Text("".into());
        Bound { nonempty: true, excluded: vec![empty, Literal::Null], ..Bound::default() }
    }

    /// `length(var.x) > 0`, whichever way round, of any number.
    fn measured(self, op: BinaryOp, a: &Node, b: &Node) -> Bound {
        let (measured, bound, inclusive) = match op {
            BinaryOp::Greater => (a, b, false),
            BinaryOp::GreaterEq => (a, b, true),
            BinaryOp::Less => (b, a, false),
            BinaryOp::LessEq => (b, a, true),
            _ => return Bound::default(),
        };
        let least = match literal(bound) {
            Some(Literal::Number(n)) => n.parse::<u32>().ok(),
            _ => None,
        };
        if least.is_none_or(|least| least == 0 && inclusive) {
            return Bound::default();
        }
        match call(measured) {
            Some(("length", [arg])) if self.is(arg) => self.with_elements(),
            // A text in which a pattern is found at least once.
            Some(("length", [arg])) => match call(arg) {
                Some(("regexall", [pattern, text])) if self.is(text) => matching(pattern),
                _ => Bound::default(),
            },
            _ => Bound::default(),
        }
    }

    fn called(self, name: &str, args: &[Node], truth: bool, depth: usize) -> Bound {
        match (name, args) {
            ("contains", [list, tested]) if self.is(tested) => match literals(list) {
                Some(list) if truth => Bound::one_of(list),
                Some(list) => Bound::none_of(list),
                None => Bound::default(),
            },
            ("can", [tried]) if truth => match call(tried) {
                Some(("regex", [pattern, text])) if self.is(text) => matching(pattern),
                Some(("cidrhost" | "cidrnetmask" | "cidrsubnet", [range, ..]))
                    if self.is(range) =>
                {
                    Bound::none_of(vec![Literal::Null, Literal::Text("".into())])
                }
                _ => Bound::default(),
            },
            ("startswith", [text, start]) if truth && self.is(text) => {
                start.scalar().map_or_else(Bound::default, |start| ends(&start, ""))
            }
            ("endswith", [text, end]) if truth && self.is(text) => {
                end.scalar().map_or_else(Bound::default, |end| ends("", &end))
            }
            ("alltrue", [list]) if truth => self.each(list, depth).unwrap_or_default(),
            _ => Bound::default(),
        }
    }

    /// `[for x in var.list : condition]`, all of it.
    fn each(self, list: &Node, depth: usize) -> Option<Bound> {
        let Kind::Expr(expr) = &list.kind else { return None };
        let Expr::For(each) = &**expr else { return None };
        // What is filtered out is not bounded.
        if !self.is(&each.collection) || each.condition.is_some() || each.key.is_some() {
            return None;
        }
        let element = Subject::Element(&each.value_name);
        let elements = element.implied(&each.value, true, depth + 1).allowed;
        Some(Bound { elements, ..Bound::default() })
    }
}

fn ends(start: &str, end: &str) -> Bound {
    Bound {
        ends: Some((start.to_owned(), end.to_owned())),
        excluded: vec![Literal::Null],
        ..Bound::default()
    }
}

/// A text in which a pattern is found.
fn matching(pattern: &Node) -> Bound {
    let Kind::Text(pattern) = &pattern.kind else { return Bound::default() };
    match anchored(&pattern.text) {
        Anchored::OneOf(texts) => {
            Bound::one_of(texts.into_iter().map(|text| Literal::Text(text.into())).collect())
        }
        Anchored::Between(start, end) => ends(&start, &end),
        Anchored::Anything => Bound::none_of(vec![Literal::Null]),
    }
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
