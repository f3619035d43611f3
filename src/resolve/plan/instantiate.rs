//! Expressions of the sources, put into one module instance of a plan: names of the module are replaced
//! by what they mean there, so that the expression stands for itself. With the sources at hand this says
//! what a plan does not: how a value is put together, and what a local holds.
//!
//! The work is bounded; what lies beyond is not known, as if there were no sources.

use std::sync::Arc;

use super::Lower;
use super::address::{calls, parent, within};
use super::index::Instance;
use super::reference::traversal;
use crate::resolve::terraform::{AFTER_APPLY, Module, Sort};
use crate::source::Span;
use crate::syntax::{
    Attribute, Block, Body, Expr, ForExpr, Kind, Node, Pair, TemplatePart, Text, Traverse,
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
    module: String,
    /// The key of the resource instance or module call.
    key: Option<String>,
    /// The collection of `each`.
    each: Option<Node>,
    /// The sources of the module.
    source: Arc<Module>,
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

struct Putter<'l, 't, 's> {
    lower: &'l mut Lower<'t, 's>,
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

    /// A reference to something of the module.
    fn named(
        &mut self,
        node: &Node,
        root: &Arc<str>,
        steps: Vec<(Traverse, Span)>,
        site: &Site,
        depth: usize,
    ) -> Option<Node> {
        let at = node.span;
        let name = |i: usize| match steps.get(i) {
            Some((Traverse::Attr(name), _)) => Some(Arc::clone(name)),
            _ => None,
        };
        let unknown = |putter: &mut Self| Some(putter.unknown(root, &steps, site, at));
        let (base, used) = match (&**root, name(0)) {
            ("var", Some(name)) => match self.variable(&name, site, depth) {
                Some(base) => (base, 1),
                None => return unknown(self),
            },
            ("local", Some(name)) => {
                let local = site.source.locals.get(&name).map(|local| local.value.clone());
                let Some(value) = local else { return unknown(self) };
                (self.apart(&value, site, depth)?, 1)
            }
            ("each", Some(name)) => match self.each(&name, at, site, depth) {
                Some(base) => (base, 1),
                None => return unknown(self),
            },
            ("count", Some(_)) => match &site.key {
                Some(key) => (Node { span: at, kind: Kind::Number(key.as_str().into()) }, 1),
                None => return unknown(self),
            },
            ("path", Some(name)) if &*name == "module" => {
                let dir = site.source.dir.to_string_lossy().into_owned();
                (Node { span: at, kind: Kind::Text(Text::made_of(&dir, at)) }, 1)
            }
            ("path", Some(_)) => {
                let dir = self.lower.source(&[])?.dir.to_string_lossy().into_owned();
                (Node { span: at, kind: Kind::Text(Text::made_of(&dir, at)) }, 1)
            }
            ("module", Some(call)) => match self.output(&call, &steps, site, depth) {
                Some(found) => found,
                None => return unknown(self),
            },
            ("data", Some(kind)) => match name(1) {
                Some(name) => {
                    return self.resource((Sort::Data, &kind, &name), &steps, 2, site, at);
                }
                None => return unknown(self),
            },
            ("terraform" | "self", _) | (_, None) => return unknown(self),
            (_, Some(name)) => {
                return self.resource((Sort::Managed, root, &name), &steps, 1, site, at);
            }
        };
        let rest: Vec<_> = steps.into_iter().skip(used).collect();
        if rest.is_empty() {
            return Some(base);
        }
        Some(Node { span: at, kind: Kind::Expr(Expr::Traversal(base, rest).into()) })
    }

    /// An expression that stands elsewhere: names that are bound here mean nothing there.
    fn apart(&mut self, node: &Node, site: &Site, depth: usize) -> Option<Node> {
        let bound = std::mem::take(&mut self.bound);
        let out = self.node(node, site, depth + 1);
        self.bound = bound;
        out
    }

    fn variable(&mut self, name: &Arc<str>, site: &Site, depth: usize) -> Option<Node> {
        let default = site.source.variables.get(name);
        let default = default.and_then(|v| v.block.body.attribute("default"));
        let default = default.map(|default| default.value.clone());
        let Some((module, key)) = parent(&site.module) else {
            let given = self.lower.index.variables.get(&**name).cloned().flatten();
            return given.and_then(|value| self.lower.raw.tree(&value)).or(default);
        };
        let path = calls(&site.module);
        let (last, before) = path.split_last()?;
        let source = self.lower.source(before)?;
        let named = |call: &&Arc<Block>| call.labels.first().is_some_and(|l| *l.text == **last);
        let call = Arc::clone(source.calls.iter().find(named)?);
        let Some(argument) = call.body.attribute(name) else { return default };
        let each = call.body.attribute("for_each").map(|each| each.value.clone());
        self.apart(&argument.value, &Site { module, key, each, source }, depth)
    }

    fn each(&mut self, name: &str, at: Span, site: &Site, depth: usize) -> Option<Node> {
        let key = site.key.as_deref()?;
        let text = Node { span: at, kind: Kind::Text(Text::made_of(key, at)) };
        let collection = site.each.as_ref()?;
        match name {
            "key" => Some(text),
            "value" if site.source.is_set(collection) => Some(text),
            "value" => {
                let outer = Site { each: None, ..site.clone() };
                let collection = self.apart(collection, &outer, depth)?;
                let steps = vec![(Traverse::Index(text), at)];
                let kind = Kind::Expr(Expr::Traversal(collection, steps).into());
                Some(Node { span: at, kind })
            }
            _ => None,
        }
    }

    /// An output of a module, and how many steps name it.
    fn output(
        &mut self,
        call: &Arc<str>,
        steps: &[(Traverse, Span)],
        site: &Site,
        depth: usize,
    ) -> Option<(Node, usize)> {
        let (key, at) = match steps.get(1) {
            Some((Traverse::Index(key), _)) => (Some(key.scalar()?), 2),
            _ => (None, 1),
        };
        let Some((Traverse::Attr(output), _)) = steps.get(at) else { return None };
        let address = within(&site.module, &format!("module.{call}"));
        let found = self.lower.module_instances(&address, key.as_deref());
        let [module] = found.as_slice() else { return None };
        let source = self.lower.source(&calls(module))?;
        let named = |block: &&Arc<Block>| {
            &*block.kind == "output" && block.labels.first().is_some_and(|l| l.text == *output)
        };
        let block = Arc::clone(source.others.iter().find(named)?);
        let value = block.body.attribute("value")?.value.clone();
        let inner = Site { module: module.clone(), key: None, each: None, source };
        Some((self.apart(&value, &inner, depth)?, at + 1))
    }

    /// A resource instance, or all of them as a list or map.
    fn resource(
        &mut self,
        (sort, kind, name): (Sort, &str, &str),
        steps: &[(Traverse, Span)],
        named: usize,
        site: &Site,
        at: Span,
    ) -> Option<Node> {
        let all = self.lower.instances_of(&site.module, sort, kind, name);
        let all: Vec<(String, Option<String>)> = all
            .into_iter()
            .filter_map(|index| self.lower.index.instances.get(index))
            .map(|one| (one.address.clone(), one.key.clone()))
            .collect();
        let key = match steps.get(named) {
            Some((Traverse::Index(key), _)) => key.scalar(),
            _ => None,
        };
        let one = |address: &str, rest: &[(Traverse, Span)]| {
            let base = traversal(sort, kind, address, None, at);
            let Kind::Expr(expr) = &base.kind else { return base };
            let Expr::Traversal(root, before) = &**expr else { return base };
            let steps = before.iter().chain(rest).cloned().collect();
            Node { span: at, kind: Kind::Expr(Expr::Traversal(root.clone(), steps).into()) }
        };
        let rest = |from: usize| steps.get(from..).unwrap_or_default();
        let of_key = |key: &str| all.iter().find(|(_, k)| k.as_deref() == Some(key));
        let direct = matches!(steps.get(named), None | Some((Traverse::Attr(_), _)));
        let chosen = match (key.as_deref(), all.as_slice()) {
            (Some(key), _) if !all.is_empty() => Some((of_key(key)?.0.clone(), named + 1)),
            (None, [(address, None)]) => Some((address.clone(), named)),
            (None, [(address, Some(index)), ..]) if index == "0" && direct => {
                Some((address.clone(), named))
            }
            (_, []) => {
                let data = if sort == Sort::Data { "data." } else { "" };
                let mut address = within(&site.module, &format!("{data}{kind}.{name}"));
                if let Some(key) = &key {
                    address.push_str(&format!("[{:?}]", &**key));
                }
                Some((address, named + usize::from(key.is_some())))
            }
            _ => None,
        };
        if let Some((address, from)) = chosen {
            self.lower.need(&address, sort, kind, at);
            return Some(one(&address, rest(from)));
        }
        let mut pairs = Vec::new();
        for (address, key) in &all {
            self.lower.need(address, sort, kind, at);
            let key = key.as_deref().unwrap_or_default();
            let key = Node { span: at, kind: Kind::Text(Text::made_of(key, at)) };
            pairs.push(Pair { key, value: one(address, &[]) });
        }
        let counted = all.iter().all(|(_, key)| {
            key.as_deref().is_some_and(|key| key.bytes().all(|b| b.is_ascii_digit()))
        });
        let kind = match counted {
            true => Kind::List(pairs.into_iter().map(|pair| pair.value).collect()),
            false => Kind::Map(pairs.into()),
        };
        let base = Node { span: at, kind };
        if rest(named).is_empty() {
            return Some(base);
        }
        let expr = Expr::Traversal(base, rest(named).to_vec());
        Some(Node { span: at, kind: Kind::Expr(expr.into()) })
    }

    /// What cannot be followed: one symbol for the same name in the same instance.
    fn unknown(&mut self, root: &str, steps: &[(Traverse, Span)], site: &Site, at: Span) -> Node {
        let mut label = root.to_owned();
        for (step, _) in steps {
            match step {
                Traverse::Attr(name) => label.push_str(&format!(".{name}")),
                Traverse::Index(key) => {
                    label.push_str(&format!("[{}]", key.scalar().unwrap_or_default()));
                }
                Traverse::AttrSplat | Traverse::FullSplat => label.push_str("[*]"),
            }
        }
        if matches!(root, "each" | "count" | "self") {
            label = format!("{label} of {:?}", site.key);
        }
        let text = Text::made_of(&within(&site.module, &label), at);
        let args = [Kind::Text(text), Kind::Bool(false)];
        let args = args.into_iter().map(|kind| Node { span: at, kind }).collect();
        let call = Expr::Call { name: AFTER_APPLY.into(), name_span: at, args, expand: false };
        Node { span: at, kind: Kind::Expr(call.into()) }
    }
}
