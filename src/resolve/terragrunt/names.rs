//! Names that only Terragrunt knows, put in place: locals of other files, outputs of dependencies,
//! features, values of a stack.

use std::sync::Arc;

use super::Reader;
use super::config::Config;
use crate::resolve::terraform::{Variable, not_known};
use crate::source::Span;
use crate::syntax::made::map;
use crate::syntax::{Attribute, Block, Body, Expr, Kind, Node, Traverse};

/// The steps behind the root of a reference.
type Steps = [(Traverse, Span)];

impl Reader<'_> {
    /// What stands for `node` in the module, where it is a name or function of Terragrunt.
    pub(super) fn put(&mut self, node: &Node, config: &Config) -> Option<Node> {
        let Kind::Expr(expr) = &node.kind else { return None };
        match &**expr {
            Expr::Call { name, name_span, args, expand } => {
                let put = |arg: &Node| arg.rewritten(&mut |node| self.put(node, config));
                let args: Vec<Node> = args.iter().map(put).collect();
                if let Some(made) = self.call_of(name, &args, node.span, config) {
                    return Some(made);
                }
                let (name, name_span) = (Arc::clone(name), *name_span);
                let call = Expr::Call { name, name_span, args, expand: *expand };
                Some(Node { kind: Kind::Expr(call.into()), span: node.span })
            }
            Expr::Traversal(base, steps) => {
                let Kind::Expr(root) = &base.kind else { return None };
                let Expr::Variable(root) = &**root else { return None };
                self.name(root, steps, node.span, config)
            }
            _ => None,
        }
    }

    fn name(&mut self, root: &str, steps: &Steps, at: Span, config: &Config) -> Option<Node> {
        let attr = |i: usize| match steps.get(i) {
            Some((Traverse::Attr(name), _)) => Some(&**name),
            _ => None,
        };
        let (made, behind) = match root {
            "local" => {
                let name = format!("{}{}", config.place.space, attr(0)?);
                (reference(&["local", &name], at), 1)
            }
            "dependency" => {
                let what = format!("dependency.{}.{}", attr(0)?, attr(1).unwrap_or("outputs"));
                (unknown(&what, at), 2)
            }
            "values" => (unknown("values", at), 0),
            "feature" => (reference(&["var", &format!("feature.{}", attr(0)?)], at), 2),
            "include" => self.included(steps, at, config)?,
            _ => return None,
        };
        let behind = steps.get(behind..).unwrap_or_default();
        let put = |(step, at): &(Traverse, Span)| match step {
            Traverse::Index(key) => {
                let key = key.rewritten(&mut |node| self.put(node, config));
                (Traverse::Index(key), *at)
            }
            step => (step.clone(), *at),
        };
        Some(followed(made, behind.iter().map(put).collect(), at))
    }

    /// `include.label.locals.name` and the like, and how many steps it takes. An include without a
    /// label has no name before `locals`.
    fn included(&self, steps: &Steps, at: Span, config: &Config) -> Option<(Node, usize)> {
        let attr = |i: usize| match steps.get(i) {
            Some((Traverse::Attr(name), _)) => Some(&**name),
            _ => None,
        };
        let bare = config.includes.iter().find(|include| include.label.is_empty());
        let named = config.includes.iter().find(|include| Some(&*include.label) == attr(0));
        let (include, done) = named.map(|one| (one, 1)).or(bare.map(|one| (one, 0)))?;
        let label = if done == 0 { "include".to_owned() } else { format!("include.{}", attr(0)?) };
        let other = || {
            let part = attr(done).unwrap_or_default();
            (unknown(&format!("{label}.{part}"), at), done + 1)
        };
        let Some(of) = &include.config else { return Some(other()) };
        Some(match (attr(done), attr(done + 1)) {
            (Some("locals"), Some(name)) => {
                let name = format!("{}{name}", of.place.space);
                (reference(&["local", &name], at), done + 2)
            }
            (Some("inputs"), _) => match self.inputs(of) {
                Some(inputs) => (inputs.node(at), done + 1),
                None => (map([], at), done + 1),
            },
            _ => other(),
        })
    }

    /// A variable that Terragrunt takes from outside, with its default.
    pub(super) fn outside(&mut self, name: &str, default: Option<Node>, at: Span) -> Node {
        let name: Arc<str> = name.into();
        let default = default.map(|value| Attribute {
            name: "default".into(),
            name_span: value.span,
            span: value.span,
            value,
        });
        let body = Body { attributes: default.into_iter().collect(), ..Body::default() };
        let block =
            Block { kind: "variable".into(), labels: Vec::new(), body, header: at, span: at };
        let variable = Variable { name: Arc::clone(&name), block: Arc::new(block) };
        let variables = &mut Arc::make_mut(&mut self.module).variables;
        variables.entry(Arc::clone(&name)).or_insert(variable);
        reference(&["var", &name], at)
    }
}

/// Declares the `feature` blocks of a configuration: `--feature` and the environment may give them
/// other values than their defaults.
pub(super) fn features(reader: &mut Reader<'_>, body: &Body, config: &Config) {
    for block in body.blocks("feature") {
        let Some(label) = block.labels.first() else { continue };
        let default = block.body.attribute("default");
        let default =
            default.map(|default| default.value.rewritten(&mut |node| reader.put(node, config)));
        reader.outside(&format!("feature.{}", label.text), default, block.header);
    }
}

/// A reference to a name of the module.
pub(super) fn reference(path: &[&str], at: Span) -> Node {
    let root = path.first().copied().unwrap_or_default();
    let base = Node { kind: Kind::Expr(Expr::Variable(root.into()).into()), span: at };
    let steps = path.iter().skip(1).map(|name| (Traverse::Attr((*name).into()), at)).collect();
    followed(base, steps, at)
}

fn followed(base: Node, steps: Vec<(Traverse, Span)>, at: Span) -> Node {
    if steps.is_empty() {
        return Node { span: at, ..base };
    }
    // The steps of a reference stand side by side.
    let (base, steps) = match &base.kind {
        Kind::Expr(expr) => match &**expr {
            Expr::Traversal(inner, before) => (inner.clone(), [before.clone(), steps].concat()),
            _ => (base, steps),
        },
        _ => (base, steps),
    };
    Node { kind: Kind::Expr(Expr::Traversal(base, steps).into()), span: at }
}

/// What nobody knows before Terragrunt runs: the same symbol wherever it has the same name.
pub(super) fn unknown(what: &str, at: Span) -> Node {
    not_known(what, false, Vec::new(), at)
}
