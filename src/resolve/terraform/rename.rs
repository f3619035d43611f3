//! The expressions of a called module, with the names that its variables, locals, resources and calls
//! have among those of the whole tree of modules.
//!
//! Names are prefixed with the address of the call, as Terraform writes it: `var.x` of the module that
//! `module "m"` calls is `var` with the name `module.m.x`. No name that somebody wrote has a dot.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::module::Sort;
use super::names::Named;
use crate::syntax::made::text;
use crate::syntax::{Attribute, Block, Expr, Kind, Node, Traverse};

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
        Block { body: block.body.rewritten(&mut |node| self.put(node)), ..block.clone() }
    }

    pub(super) fn attribute(&self, attribute: &Attribute) -> Attribute {
        attribute.rewritten(&mut |node| self.put(node))
    }

    fn node(&self, node: &Node) -> Node {
        node.rewritten(&mut |node| self.put(node))
    }

    /// What stands for a reference to something of the module.
    fn put(&self, node: &Node) -> Option<Node> {
        let Kind::Expr(expr) = &node.kind else { return None };
        let Expr::Traversal(base, steps) = &**expr else { return None };
        if is_path_of_module(base, steps) {
            return Some(text(self.dir, node.span));
        }
        let at = self.named_step(base, steps)?;
        let mut steps = steps.clone();
        for (step, _) in &mut steps {
            if let Traverse::Index(key) = step {
                *key = self.node(key);
            }
        }
        if let Some((Traverse::Attr(name), _)) = steps.get_mut(at) {
            *name = self.name(name);
        }
        let expr = Expr::Traversal(base.clone(), steps);
        Some(Node { kind: Kind::Expr(Arc::new(expr)), span: node.span })
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
}

/// `path.module`.
fn is_path_of_module(base: &Node, steps: &[(Traverse, crate::source::Span)]) -> bool {
    let root = matches!(&base.kind, Kind::Expr(e)
        if matches!(&**e, Expr::Variable(root) if &**root == "path"));
    root && matches!(steps, [(Traverse::Attr(name), _)] if &**name == "module")
}
