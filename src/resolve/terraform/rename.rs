//! The expressions of a called module, with the names that its variables, locals, resources and calls
//! have among those of the whole tree of modules.
//!
//! Names are prefixed with the address of the call, as Terraform writes it: `var.x` of the module that
//! `module "m"` calls is `var` with the name `module.m.x`. No name that somebody wrote has a dot.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::module::Sort;
use super::names::Named;
use crate::syntax::{
    Attribute, Block, Body, Expr, ForExpr, Kind, Node, Pair, TemplatePart, Text, Traverse,
};

/// How names of one called module change.
pub(super) struct Rename<'a> {
    /// The address of the call's instance.
    pub(super) prefix: &'a str,
    /// The module's folder, as a path from the root module.
    pub(super) dir: &'a str,
    /// The resources and data sources that the module declares. What looks like another one is a name
    /// of an expression's own: an iterator, an element.
    pub(super) declared: &'a BTreeSet<Named>,
}

impl Rename<'_> {
    /// The name that `name` has in the whole tree.
    pub(super) fn name(&self, name: &str) -> Arc<str> {
        format!("{}.{name}", self.prefix).into()
    }

    pub(super) fn block(&self, block: &Block) -> Block {
        Block { body: self.body(&block.body), ..block.clone() }
    }

    fn body(&self, body: &Body) -> Body {
        Body {
            attributes: body.attributes.iter().map(|a| self.attribute(a)).collect(),
            blocks: body.blocks.iter().map(|b| self.block(b)).collect(),
            notes: body.notes.clone(),
            object: body.object,
        }
    }

    pub(super) fn attribute(&self, attribute: &Attribute) -> Attribute {
        Attribute { value: self.node(&attribute.value), ..attribute.clone() }
    }

    pub(super) fn node(&self, node: &Node) -> Node {
        let kind = match &node.kind {
            Kind::List(items) => Kind::List(items.iter().map(|item| self.node(item)).collect()),
            Kind::Map(pairs) => Kind::Map(
                pairs
                    .iter()
                    .map(|pair| Pair { key: self.node(&pair.key), value: self.node(&pair.value) })
                    .collect(),
            ),
            Kind::Expr(expr) => return self.expression(node, expr),
            other => other.clone(),
        };
        Node { kind, span: node.span }
    }

    fn expression(&self, node: &Node, expr: &Expr) -> Node {
        let changed = match expr {
            Expr::Template(parts) => Expr::Template(self.parts(parts)),
            Expr::Variable(name) => Expr::Variable(Arc::clone(name)),
            Expr::Traversal(base, steps) => {
                if is_path_of_module(base, steps) {
                    let text = Text::made_of(self.dir, node.span);
                    return Node { kind: Kind::Text(text), span: node.span };
                }
                let mut steps = steps.clone();
                for (step, _) in &mut steps {
                    if let Traverse::Index(key) = step {
                        *key = self.node(key);
                    }
                }
                if let Some(at) = self.named_step(base, &steps)
                    && let Some((Traverse::Attr(name), _)) = steps.get_mut(at)
                {
                    *name = self.name(name);
                }
                Expr::Traversal(self.node(base), steps)
            }
            Expr::Call { name, name_span, args, expand } => Expr::Call {
                name: Arc::clone(name),
                name_span: *name_span,
                args: args.iter().map(|arg| self.node(arg)).collect(),
                expand: *expand,
            },
            Expr::Conditional(a, b, c) => {
                Expr::Conditional(self.node(a), self.node(b), self.node(c))
            }
            Expr::Unary(op, a) => Expr::Unary(*op, self.node(a)),
            Expr::Binary(op, a, b) => Expr::Binary(*op, self.node(a), self.node(b)),
            Expr::For(each) => Expr::For(ForExpr {
                key_name: each.key_name.clone(),
                value_name: Arc::clone(&each.value_name),
                collection: self.node(&each.collection),
                key: each.key.as_ref().map(|key| self.node(key)),
                value: self.node(&each.value),
                condition: each.condition.as_ref().map(|condition| self.node(condition)),
                grouping: each.grouping,
            }),
        };
        Node { kind: Kind::Expr(Arc::new(changed)), span: node.span }
    }

    /// Which step behind a root is a name of the module.
    fn named_step(&self, base: &Node, steps: &[(Traverse, crate::source::Span)]) -> Option<usize> {
        let Kind::Expr(base) = &base.kind else { return None };
        let Expr::Variable(root) = &**base else { return None };
        let name = |at: usize| match steps.get(at) {
            Some((Traverse::Attr(name), _)) => Some(Arc::clone(name)),
            _ => None,
        };
        match &**root {
            "var" | "local" | "module" => name(0).map(|_| 0),
            "data" => {
                let key = (Sort::Data, name(0)?, name(1)?);
                self.declared.contains(&key).then_some(1)
            }
            _ => {
                let key = (Sort::Managed, Arc::clone(root), name(0)?);
                self.declared.contains(&key).then_some(0)
            }
        }
    }

    fn parts(&self, parts: &[TemplatePart]) -> Vec<TemplatePart> {
        let part = |part: &TemplatePart| match part {
            TemplatePart::Text(text) => TemplatePart::Text(text.clone()),
            TemplatePart::Interpolation(node) => TemplatePart::Interpolation(self.node(node)),
            TemplatePart::If(condition, yes, no) => {
                TemplatePart::If(self.node(condition), self.parts(yes), self.parts(no))
            }
            TemplatePart::For { key_name, value_name, collection, body } => TemplatePart::For {
                key_name: key_name.clone(),
                value_name: Arc::clone(value_name),
                collection: self.node(collection),
                body: self.parts(body),
            },
        };
        parts.iter().map(part).collect()
    }
}

/// `path.module`.
fn is_path_of_module(base: &Node, steps: &[(Traverse, crate::source::Span)]) -> bool {
    let root = matches!(&base.kind, Kind::Expr(e)
        if matches!(&**e, Expr::Variable(root) if &**root == "path"));
    root && matches!(steps, [(Traverse::Attr(name), _)] if &**name == "module")
}
