//! Expressions of the sources, put into one module instance of a plan: names of the module are replaced
//! by what they mean there ([`super::names`]), so that the expression stands for itself. With the sources
//! at hand this says what a plan does not: how a value is put together, and what a local holds.
//!
//! The work is bounded; what lies beyond is not known, as if there were no sources.

use std::sync::Arc;

use super::Lower;
use super::address::calls;
use super::index::Instance;
use crate::resolve::terraform::Module;
use crate::syntax::{
    Attribute, Block, Body, Expr, ForExpr, Kind, Node, Pair, TemplatePart, Traverse,
};

/// How many nodes one value may come to.
const MAX_NODES: usize = 50_000;

/// How deep expressions and names may lead into each other.
const MAX_DEPTH: usize = 60;

/// Arguments of a resource that are no part of what it is.
const META: [&str; 5] = ["count", "for_each", "provider", "depends_on", "lifecycle"];

/// Where an expression of the sources stands.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// The module instance.
    pub(super) module: String,
    /// The key of the resource instance or module call.
    pub(super) key: Option<String>,
    /// The collection of `each`.
    pub(super) each: Option<Node>,
    /// The sources of the module.
    pub(super) source: Arc<Module>,
}

impl Lower<'_, '_> {
    /// Where an instance stands in the sources, and its block.
    pub(super) fn written(&mut self, instance: &Instance) -> Option<(Site, Arc<Block>)> {
        let source = self.source(&calls(&instance.module))?;
        let resource = source.resource(instance.sort, &instance.kind, &instance.name)?;
        let block = Arc::clone(&resource.block);
        let each = resource.for_each().cloned();
        let (module, key) = (instance.module.clone(), instance.key.clone());
        Some((Site { module, key, each, source }, block))
    }

    /// An argument of the sources.
    pub(super) fn instantiated(&mut self, node: &Node, site: &Site) -> Option<Node> {
        Putter { lower: self, left: MAX_NODES, bound: Vec::new() }.node(node, site, 0)
    }

    /// A block of the sources without its meta-arguments.
    pub(super) fn instantiated_body(&mut self, body: &Body, site: &Site) -> Option<Body> {
        let mut out =
            Putter { lower: self, left: MAX_NODES, bound: Vec::new() }.body(body, site, 0)?;
        out.attributes.retain(|attribute| !META.contains(&&*attribute.name));
        Some(out)
    }
}

/// Puts names of one value in.
pub(super) struct Putter<'l, 't, 's> {
    pub(super) lower: &'l mut Lower<'t, 's>,
    /// How many nodes it may still come to.
    left: usize,
    /// Names that `for` expressions and dynamic blocks bind.
    bound: Vec<Arc<str>>,
}

impl Putter<'_, '_, '_> {
    fn body(&mut self, body: &Body, site: &Site, depth: usize) -> Option<Body> {
        let mut out = Body::default();
        for attribute in &body.attributes {
            let value = match &*attribute.name {
                "iterator" => attribute.value.clone(),
                _ => self.node(&attribute.value, site, depth)?,
            };
            out.attributes.push(Attribute { value, ..attribute.clone() });
        }
        for block in &body.blocks {
            let inner = match &*block.kind {
                "dynamic" => self.dynamic(block, site, depth + 1)?,
                _ => self.body(&block.body, site, depth + 1)?,
            };
            out.blocks.push(Block { body: inner, ..block.clone() });
        }
        Some(out)
    }

    fn dynamic(&mut self, block: &Block, site: &Site, depth: usize) -> Option<Body> {
        let iterator = block.body.attribute("iterator").map(|a| &a.value);
        let named = iterator.and_then(|node| match &node.kind {
            Kind::Text(text) => Some(Arc::clone(&text.text)),
            Kind::Expr(expr) => match &**expr {
                Expr::Variable(name) => Some(Arc::clone(name)),
                _ => None,
            },
            _ => None,
        });
        let name = named.or_else(|| block.labels.first().map(|label| Arc::clone(&label.text)))?;
        self.binding([Some(name)], |putter| putter.body(&block.body, site, depth))
    }

    /// Runs `run` where names are bound.
    fn binding<T, const N: usize>(
        &mut self,
        names: [Option<Arc<str>>; N],
        run: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let before = self.bound.len();
        self.bound.extend(names.into_iter().flatten());
        let out = run(self);
        self.bound.truncate(before);
        out
    }

    fn nodes(&mut self, nodes: &[Node], site: &Site, depth: usize) -> Option<Vec<Node>> {
        nodes.iter().map(|node| self.node(node, site, depth)).collect()
    }

    fn node(&mut self, node: &Node, site: &Site, depth: usize) -> Option<Node> {
        self.left = self.left.checked_sub(1)?;
        if depth > MAX_DEPTH {
            return None;
        }
        let kind = match &node.kind {
            Kind::List(items) => Kind::List(self.nodes(items, site, depth + 1)?.into()),
            Kind::Map(pairs) => {
                let mut out = Vec::with_capacity(pairs.len());
                for pair in pairs.iter() {
                    let key = self.node(&pair.key, site, depth + 1)?;
                    out.push(Pair { key, value: self.node(&pair.value, site, depth + 1)? });
                }
                Kind::Map(out.into())
            }
            Kind::Expr(expr) => return self.expression(node, expr, site, depth),
            _ => return Some(node.clone()),
        };
        Some(Node { span: node.span, kind })
    }

    fn expression(&mut self, node: &Node, expr: &Expr, site: &Site, depth: usize) -> Option<Node> {
        let next = depth + 1;
        let made = match expr {
            Expr::Template(parts) => Expr::Template(self.parts(parts, site, next)?),
            Expr::Variable(_) => return Some(node.clone()),
            Expr::Traversal(base, steps) => {
                let mut inner = Vec::with_capacity(steps.len());
                for (step, at) in steps {
                    let step = match step {
                        Traverse::Index(index) => Traverse::Index(self.node(index, site, next)?),
                        other => other.clone(),
                    };
                    inner.push((step, *at));
                }
                if let Kind::Expr(root) = &base.kind
                    && let Expr::Variable(root) = &**root
                    && !self.bound.contains(root)
                {
                    return self.named(node, root, inner, site, next);
                }
                Expr::Traversal(self.node(base, site, next)?, inner)
            }
            Expr::Call { name, name_span, args, expand } => Expr::Call {
                name: Arc::clone(name),
                name_span: *name_span,
                args: self.nodes(args, site, next)?,
                expand: *expand,
            },
            Expr::Conditional(a, b, c) => Expr::Conditional(
                self.node(a, site, next)?,
                self.node(b, site, next)?,
                self.node(c, site, next)?,
            ),
            Expr::Unary(op, a) => Expr::Unary(*op, self.node(a, site, next)?),
            Expr::Binary(op, a, b) => {
                Expr::Binary(*op, self.node(a, site, next)?, self.node(b, site, next)?)
            }
            Expr::For(each) => {
                let collection = self.node(&each.collection, site, next)?;
                let names = [each.key_name.clone(), Some(Arc::clone(&each.value_name))];
                self.binding(names, |putter| {
                    let mut optional = |node: &Option<Node>| match node {
                        Some(node) => putter.node(node, site, next).map(Some),
                        None => Some(None),
                    };
                    let (key, condition) = (optional(&each.key)?, optional(&each.condition)?);
                    let value = putter.node(&each.value, site, next)?;
                    Some(Expr::For(ForExpr { collection, key, value, condition, ..each.clone() }))
                })?
            }
        };
        Some(Node { span: node.span, kind: Kind::Expr(made.into()) })
    }

    fn parts(
        &mut self,
        parts: &[TemplatePart],
        site: &Site,
        depth: usize,
    ) -> Option<Vec<TemplatePart>> {
        let mut out = Vec::with_capacity(parts.len());
        for part in parts {
            out.push(match part {
                TemplatePart::Text(text) => TemplatePart::Text(text.clone()),
                TemplatePart::Interpolation(node) => {
                    TemplatePart::Interpolation(self.node(node, site, depth)?)
                }
                TemplatePart::If(node, yes, no) => TemplatePart::If(
                    self.node(node, site, depth)?,
                    self.parts(yes, site, depth + 1)?,
                    self.parts(no, site, depth + 1)?,
                ),
                TemplatePart::For { key_name, value_name, collection, body } => {
                    let collection = self.node(collection, site, depth)?;
                    let names = [key_name.clone(), Some(Arc::clone(value_name))];
                    let body = self.binding(names, |p| p.parts(body, site, depth + 1))?;
                    let (key_name, value_name) = (key_name.clone(), Arc::clone(value_name));
                    TemplatePart::For { key_name, value_name, collection, body }
                }
            });
        }
        Some(out)
    }

    /// An expression that stands elsewhere: names that are bound here mean nothing there.
    pub(super) fn apart(&mut self, node: &Node, site: &Site, depth: usize) -> Option<Node> {
        let bound = std::mem::take(&mut self.bound);
        let out = self.node(node, site, depth + 1);
        self.bound = bound;
        out
    }
}
