//! What an expression names, without evaluating it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::evaluator::Evaluator;
use super::module::{Resource, Sort};
use crate::source::Span;
use crate::syntax::{self, Expr, Node, TemplatePart, Traverse};

/// A resource or data source that an expression names.
pub type Named = (Sort, Arc<str>, Arc<str>);

/// What an expression is made of, through locals, the arguments of resources that it names, and the
/// collection of `each`.
#[derive(Debug, Clone, Default)]
pub struct Mentions {
    /// The resources and data sources, each with the attribute of it that is named.
    pub resources: BTreeSet<(Named, Option<Arc<str>>)>,
    /// The locals.
    pub locals: BTreeSet<Arc<str>>,
    /// The variables.
    pub variables: BTreeSet<Arc<str>>,
    /// The functions.
    pub functions: BTreeSet<Arc<str>>,
    /// It names a module.
    pub modules: bool,
}

impl Evaluator<'_> {
    /// The variables that an expression depends on, through locals too.
    pub(super) fn inputs_of(&self, node: &Node) -> BTreeSet<Arc<str>> {
        let mut out = BTreeSet::new();
        self.references(node, &mut |root, name| match root {
            "var" => drop(out.insert(name)),
            "terraform" if &*name == "workspace" => {
                out.insert(format!("{root}.{name}").into());
            }
            _ => {}
        });
        out
    }

    /// The locals that an expression names, through other locals too.
    pub fn locals_of(&self, node: &Node) -> Vec<Span> {
        let mut out = Vec::new();
        self.references(node, &mut |root, name| {
            if root == "local" {
                out.extend(self.module.locals.get(&name).map(|local| local.span));
            }
        });
        out
    }

    /// Tells the root and the first name of each reference in an expression, through locals and
    /// through what called modules are given and give. Each local is told once.
    fn references(&self, node: &Node, found: &mut dyn FnMut(&str, Arc<str>)) {
        let mut seen = BTreeSet::new();
        let mut open = vec![node.clone()];
        while let Some(node) = open.pop() {
            walk(&node, &mut |n| {
                let Some((root, steps)) = dotted(n) else { return };
                if let Some(nodes) = self.stands_for(&root, &steps) {
                    // One module has several outputs.
                    if seen.insert((root, steps)) {
                        open.extend(nodes);
                    }
                    return;
                }
                if let ("data", [Some(kind), Some(name), ..]) = (&*root, steps.as_slice())
                    && let Some(source) = self.text_source(kind, name)
                    && seen.insert((Arc::clone(&root), steps.clone()))
                {
                    open.push(source);
                }
                let Some(Some(name)) = steps.into_iter().next() else { return };
                if &*root == "local" {
                    let Some(local) = self.module.locals.get(&name) else { return };
                    if !seen.insert((Arc::clone(&root), vec![Some(Arc::clone(&name))])) {
                        return;
                    }
                    open.push(local.value.clone());
                }
                found(&root, name);
            });
        }
    }

    /// What chooses the text of a data source that reads one.
    fn text_source(&self, kind: &Arc<str>, name: &Arc<str>) -> Option<Node> {
        let argument = match &**kind {
            "template_file" => "template",
            "local_file" | "local_sensitive_file" => "filename",
            _ => return None,
        };
        let resource = self.module.resource(Sort::Data, kind, name)?;
        Some(resource.block.body.attribute(argument)?.value.clone())
    }

    /// The resources and data sources that an expression depends on, through locals, through the
    /// arguments of other resources that it names, and through the collections of `each`: its own, and
    /// those of the calls around it.
    pub fn names(&self, node: &Node, within: Option<&Resource>) -> BTreeSet<Named> {
        self.mentions(node, within).resources.into_iter().map(|(named, _)| named).collect()
    }

    /// What an expression is made of.
    pub fn mentions(&self, node: &Node, within: Option<&Resource>) -> Mentions {
        let mut out = Mentions::default();
        let mut arguments = BTreeSet::new();
        let mut followed = BTreeSet::new();
        let mut open = vec![node.clone()];
        if let Some(within) = within {
            let around = within.calls().filter_map(|call| call.for_each());
            open.extend(within.for_each().into_iter().chain(around).cloned());
        }
        while let Some(node) = open.pop() {
            walk(&node, &mut |n| {
                if let syntax::Kind::Expr(expr) = &n.kind
                    && let Expr::Call { name, .. } = &**expr
                {
                    out.functions.insert(Arc::clone(name));
                }
                let Some((root, steps)) = dotted(n) else { return };
                if let Some(nodes) = self.stands_for(&root, &steps) {
                    let key = format!("{root} {:?}", steps);
                    if followed.insert(key) {
                        open.extend(nodes);
                    }
                    return;
                }
                let (named, argument) = match (&*root, steps.as_slice()) {
                    ("local", [Some(name), ..]) => {
                        if let Some(local) = self.module.locals.get(name)
                            && out.locals.insert(Arc::clone(name))
                        {
                            open.push(local.value.clone());
                        }
                        return;
                    }
                    ("var", [Some(name), ..]) => {
                        out.variables.insert(Arc::clone(name));
                        return;
                    }
                    ("module", _) => {
                        out.modules = true;
                        return;
                    }
                    ("var" | "each" | "count" | "path" | "self" | "terraform", _) => return,
                    ("data", [Some(kind), Some(name), rest @ ..]) => {
                        ((Sort::Data, Arc::clone(kind), Arc::clone(name)), rest)
                    }
                    (_, [Some(name), rest @ ..]) => ((Sort::Managed, root, Arc::clone(name)), rest),
                    _ => return,
                };
                let argument = argument.iter().flatten().next().cloned();
                if let Some(resource) = self.module.resource(named.0, &named.1, &named.2)
                    && let Some(argument) = &argument
                    && let Some(written) = resource.block.body.attribute(argument)
                    && arguments.insert((named.clone(), Arc::clone(argument)))
                {
                    open.push(written.value.clone());
                    open.extend(resource.for_each().cloned());
                }
                out.resources.insert((named, argument));
            });
        }
        out
    }
}

/// The root and the steps of a reference; `None` for a step that is no attribute.
pub(super) type Dotted = (Arc<str>, Vec<Option<Arc<str>>>);

pub(super) fn dotted(node: &Node) -> Option<Dotted> {
    let syntax::Kind::Expr(expr) = &node.kind else { return None };
    let Expr::Traversal(base, steps) = &**expr else { return None };
    let syntax::Kind::Expr(base) = &base.kind else { return None };
    let Expr::Variable(root) = &**base else { return None };
    let steps = steps.iter().map(|(step, _)| match step {
        Traverse::Attr(name) => Some(Arc::clone(name)),
        _ => None,
    });
    Some((Arc::clone(root), steps.collect()))
}

/// Calls `visit` for every node under `node`, itself included.
pub(super) fn walk(node: &Node, visit: &mut dyn FnMut(&Node)) {
    visit(node);
    match &node.kind {
        syntax::Kind::List(items) => items.iter().for_each(|n| walk(n, visit)),
        syntax::Kind::Map(pairs) => pairs.iter().for_each(|p| {
            walk(&p.key, visit);
            walk(&p.value, visit);
        }),
        syntax::Kind::Tagged(tag) => walk(&tag.value, visit),
        syntax::Kind::Expr(expr) => walk_expr(expr, visit),
        _ => {}
    }
}

fn walk_expr(expr: &Expr, visit: &mut dyn FnMut(&Node)) {
    match expr {
        Expr::Template(parts) => walk_parts(parts, visit),
        Expr::Variable(_) => {}
        Expr::Traversal(base, steps) => {
            walk(base, visit);
            for (step, _) in steps {
                if let Traverse::Index(index) = step {
                    walk(index, visit);
                }
            }
        }
        Expr::Call { args, .. } => args.iter().for_each(|n| walk(n, visit)),
        Expr::Conditional(a, b, c) => [a, b, c].into_iter().for_each(|n| walk(n, visit)),
        Expr::Unary(_, a) => walk(a, visit),
        Expr::Binary(_, a, b) => [a, b].into_iter().for_each(|n| walk(n, visit)),
        Expr::For(f) => {
            let optional = [f.key.as_ref(), f.condition.as_ref()];
            walk(&f.collection, visit);
            walk(&f.value, visit);
            optional.into_iter().flatten().for_each(|n| walk(n, visit));
        }
    }
}

fn walk_parts(parts: &[TemplatePart], visit: &mut dyn FnMut(&Node)) {
    for part in parts {
        match part {
            TemplatePart::Text(_) => {}
            TemplatePart::Interpolation(node) => walk(node, visit),
            TemplatePart::If(node, yes, no) => {
                walk(node, visit);
                walk_parts(yes, visit);
                walk_parts(no, visit);
            }
            TemplatePart::For { collection, body, .. } => {
                walk(collection, visit);
                walk_parts(body, visit);
            }
        }
    }
}

/// The root names of the references in `node`.
pub(super) fn roots(node: &Node) -> BTreeSet<Arc<str>> {
    let mut out = BTreeSet::new();
    walk(node, &mut |n| {
        if let syntax::Kind::Expr(expr) = &n.kind
            && let Expr::Variable(name) = &**expr
        {
            out.insert(Arc::clone(name));
        }
    });
    out
}

/// The names in `node` that are those of called modules.
pub(super) fn renamed(node: &Node) -> BTreeSet<Arc<str>> {
    let mut out = BTreeSet::new();
    walk(node, &mut |n| {
        if let syntax::Kind::Expr(expr) = &n.kind
            && let Expr::Traversal(_, steps) = &**expr
        {
            out.extend(steps.iter().filter_map(|(step, _)| match step {
                Traverse::Attr(name) if name.contains('.') => Some(Arc::clone(name)),
                _ => None,
            }));
        }
    });
    out
}
