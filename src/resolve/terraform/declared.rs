//! What an expression's type is known to be without evaluating it: values do not tell sets from lists,
//! nor lists from tuples.

use super::evaluator::Evaluator;
use super::module::Module;
use crate::syntax::{self, Expr, Node, Traverse};

/// How many locals are followed.
const MAX_LOCALS: usize = 8;

/// Functions that yield a set.
const SETS: [&str; 5] = ["fileset", "setintersection", "setsubtract", "setunion", "toset"];

/// Functions that yield a list or map, never a tuple or object.
const COLLECTIONS: [&str; 11] = [
    "chunklist",
    "compact",
    "csvdecode",
    "distinct",
    "formatlist",
    "range",
    "regexall",
    "sort",
    "split",
    "tolist",
    "tomap",
];

impl Evaluator<'_> {
    /// Whether an expression is a set: its elements are their own keys.
    pub(super) fn is_set(&self, node: &Node) -> bool {
        self.module.is_set(node)
    }

    /// Whether an expression is a list, set or map: it never equals a tuple or object, such as one in
    /// brackets (hashicorp/hcl compares without conversion).
    pub(super) fn is_collection(&self, node: &Node) -> bool {
        let is_kind = |kind: &str| matches!(kind, "list" | "set" | "map");
        self.is_set(node) || self.module.is_declared(node, &is_kind, &COLLECTIONS, 0)
    }
}

impl Module {
    /// Whether an expression of the module is a set: its elements are their own keys.
    pub fn is_set(&self, node: &Node) -> bool {
        self.is_declared(node, &|kind| kind == "set", &SETS, 0)
    }

    fn is_declared(
        &self,
        node: &Node,
        wanted: &dyn Fn(&str) -> bool,
        functions: &[&str],
        depth: usize,
    ) -> bool {
        let syntax::Kind::Expr(expr) = &node.kind else { return false };
        match &**expr {
            Expr::Call { name, .. } => functions.contains(&&**name),
            Expr::Traversal(base, steps) => {
                let syntax::Kind::Expr(base) = &base.kind else { return false };
                let (Expr::Variable(root), [(Traverse::Attr(name), _)]) = (&**base, &**steps)
                else {
                    return false;
                };
                match &**root {
                    "var" => {
                        let kind = self.variables.get(name);
                        let kind = kind.and_then(|v| v.block.body.attribute("type"));
                        kind.is_some_and(|kind| match &kind.value.kind {
                            syntax::Kind::Expr(kind) => {
                                matches!(&**kind, Expr::Call { name, .. } if wanted(name))
                            }
                            _ => false,
                        })
                    }
                    "local" if depth < MAX_LOCALS => self.locals.get(name).is_some_and(|local| {
                        self.is_declared(&local.value, wanted, functions, depth + 1)
                    }),
                    _ => false,
                }
            }
            _ => false,
        }
    }
}

/// Whether an expression is a tuple or object in brackets.
pub(super) fn is_literal(node: &Node) -> bool {
    matches!(node.kind, syntax::Kind::List(_) | syntax::Kind::Map(_))
}
