//! What a name of the sources means in one module instance of a plan: `var.a`, `local.a`, `each.value`,
//! `module.a.b`, a resource. What cannot be followed is unknown by its own name.

use std::sync::Arc;

use super::address::{calls, is_index, of, parent, within};
use super::instantiate::{Putter, Site};
use super::reference::traversal;
use crate::resolve::terraform::{Sort, not_known};
use crate::source::Span;
use crate::syntax::{Block, Expr, Kind, Node, Pair, Traverse, made};

impl Putter<'_, '_, '_> {
    /// A reference to something of the module.
    pub(super) fn named(
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
                (made::text(&dir, at), 1)
            }
            ("path", Some(_)) => {
                let dir = self.lower.source(&[])?.dir.to_string_lossy().into_owned();
                (made::text(&dir, at), 1)
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
        let text = made::text(key, at);
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
        let instance = |index: &usize| {
            let one = self.lower.index.instances.get(*index)?;
            Some((one.address.clone(), one.key.clone()))
        };
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
        let first = all.all.first().and_then(instance);
        let direct = matches!(steps.get(named), None | Some((Traverse::Attr(_), _)));
        let chosen = match (key.as_deref(), first) {
            (Some(key), Some(_)) => Some((all.get(key).and_then(instance)?.0, named + 1)),
            (None, Some((address, None))) if all.all.len() == 1 => Some((address, named)),
            (None, Some((address, Some(index)))) if index == "0" && direct => {
                Some((address, named))
            }
            (_, None) => {
                let address = of(&site.module, sort, kind, name, key.as_deref());
                Some((address, named + usize::from(key.is_some())))
            }
            _ => None,
        };
        if let Some((address, from)) = chosen {
            self.lower.need(&address, sort, kind, at);
            return Some(one(&address, rest(from)));
        }
        let all: Vec<_> = all.all.iter().filter_map(instance).collect();
        let mut pairs = Vec::new();
        for (address, key) in &all {
            self.lower.need(address, sort, kind, at);
            let key = key.as_deref().unwrap_or_default();
            let key = made::text(key, at);
            pairs.push(Pair { key, value: one(address, &[]) });
        }
        let counted = all.iter().all(|(_, key)| key.as_deref().is_some_and(is_index));
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
        not_known(&within(&site.module, &label), false, Vec::new(), at)
    }
}
