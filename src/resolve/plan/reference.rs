//! What a reference of the configuration means in one module instance: through variables, arguments of
//! module calls and outputs to the attribute of a resource instance.
//!
//! A plan says what an expression refers to, and neither how it is put together nor what a local
//! holds. What cannot be followed is open.

use super::Lower;
use super::address::{Segment, calls, of, parent, segments, within};
use crate::resolve::terraform::Sort;
use crate::source::Span;
use crate::syntax::{Expr, Kind, Node, Traverse};

/// How many references are followed for one value, each behind the other or side by side.
const MAX_STEPS: usize = 64;

/// Where an expression stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The module instance.
    pub(super) module: String,
    /// The key of the resource instance or module call.
    pub(super) key: Option<String>,
    /// The collection of `each`.
    pub(super) for_each: Option<Node>,
}

/// An attribute of a resource instance that an expression refers to.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) sort: Sort,
    pub(super) kind: String,
    /// The address of the instance.
    pub(super) address: String,
    /// The attribute; `None` where the reference names the resource alone, or an instance of it by a
    /// key that is computed.
    pub(super) attribute: Option<String>,
    /// The plan knows its value.
    pub(super) known: bool,
    /// The reference.
    pub(super) at: Span,
}

/// What an expression refers to.
#[derive(Debug, Clone, Default)]
pub(super) struct Reached {
    pub(super) targets: Vec<Target>,
    /// It also refers to what cannot be followed.
    pub(super) open: bool,
    pub(super) steps: usize,
}

impl Reached {
    /// The targets whose values the plan does not know.
    pub(super) fn unknown(&self) -> Vec<&Target> {
        self.targets.iter().filter(|target| !target.known).collect()
    }

    fn add(&mut self, target: Target) {
        let same =
            |known: &Target| known.address == target.address && known.attribute == target.attribute;
        if !self.targets.iter().any(same) {
            self.targets.push(target);
        }
    }
}

impl Target {
    /// The reference as an expression of the module that the plan is made; `or` stands for an
    /// attribute that is not named.
    pub(super) fn node(&self, or: Option<&str>) -> Node {
        let attribute = self.attribute.as_deref().or(or);
        traversal(self.sort, &self.kind, &self.address, attribute, self.at)
    }
}

/// `kind.address.attribute`, as an expression.
pub(super) fn traversal(
    sort: Sort,
    kind: &str,
    address: &str,
    attribute: Option<&str>,
    at: Span,
) -> Node {
    let step = |name: &str| (Traverse::Attr(name.into()), at);
    let (root, first) = match sort {
        Sort::Data => ("data", Some(step(kind))),
        Sort::Managed => (kind, None),
    };
    let steps = first.into_iter().chain([step(address)]).chain(attribute.map(step)).collect();
    let root = Node { span: at, kind: Kind::Expr(Expr::Variable(root.into()).into()) };
    Node { span: at, kind: Kind::Expr(Expr::Traversal(root, steps).into()) }
}

/// The references of an expression, without those that only shorten the one before them.
fn references(expression: &Node) -> Vec<(&str, Span)> {
    let list = expression.get("references").map(Node::one_or_more).unwrap_or_default();
    let mut out: Vec<(&str, Span)> = Vec::new();
    for node in list {
        let Some(text) = node.as_text() else { continue };
        let shortens = out.last().is_some_and(|(before, _)| {
            before.strip_prefix(&*text.text).is_some_and(|rest| rest.starts_with(['.', '[']))
        });
        // `a.b["x"]` is followed by `a.b`, too, behind what came in between.
        let known = out.iter().any(|(before, _)| {
            before.strip_prefix(&*text.text).is_some_and(|rest| rest.starts_with('['))
        });
        if !shortens && !known {
            out.push((&text.text, node.span));
        }
    }
    out
}

impl Lower<'_, '_> {
    /// What an expression of the configuration refers to.
    pub(super) fn reach(&mut self, expression: &Node, place: &Place) -> Reached {
        let mut out = Reached::default();
        self.follow_all(expression, place, &mut out);
        for target in &out.targets {
            self.need(&target.address, target.sort, &target.kind, target.at);
        }
        out
    }

    fn follow_all(&mut self, expression: &Node, place: &Place, out: &mut Reached) {
        if expression.get("constant_value").is_some() {
            return;
        }
        let references = references(expression);
        // A call without arguments, or an expression of which the plan says nothing.
        out.open |= references.is_empty();
        for (reference, at) in references {
            out.steps += 1;
            if out.steps > MAX_STEPS {
                out.open = true;
                return;
            }
            self.follow(reference, at, place, out);
        }
    }

    fn follow(&mut self, reference: &str, at: Span, place: &Place, out: &mut Reached) {
        let parts = segments(reference);
        let name = |i: usize| match parts.get(i) {
            Some(Segment::Name(name)) => Some(name.as_str()),
            _ => None,
        };
        let key = |i: usize| match parts.get(i) {
            Some(Segment::Key(key)) => Some(key.as_str()),
            _ => None,
        };
        match (name(0), name(1)) {
            (Some("var"), Some(variable)) => self.variable(variable, place, out),
            (Some("each"), Some("value")) => match &place.for_each {
                Some(collection) => {
                    let place = Place { for_each: None, ..place.clone() };
                    self.follow_all(&collection.clone(), &place, out);
                }
                None => out.open = true,
            },
            (Some("each" | "count" | "path" | "terraform"), _) => {}
            (Some("module"), Some(call)) => {
                let given = key(2);
                let output = name(if given.is_some() { 3 } else { 2 });
                self.output(call, given, output, place, out);
            }
            (Some("data"), Some(kind)) => {
                self.instances((Sort::Data, kind, name(2)), key(3), (&parts, at), place, out);
            }
            (Some("local" | "self" | "ephemeral"), _) | (None, _) => out.open = true,
            (Some(kind), named) => {
                self.instances((Sort::Managed, kind, named), key(2), (&parts, at), place, out);
            }
        }
    }

    fn variable(&mut self, variable: &str, place: &Place, out: &mut Reached) {
        let path = calls(&place.module);
        let Some((module, key)) = parent(&place.module) else {
            // What the root is given is known.
            out.open |= !self.index.variables.contains_key(variable)
                && !self.default_is_known(&path, variable);
            return;
        };
        let call = self.index.configuration.as_ref().and_then(|root| root.call(&path));
        let given = call.map(|call| (call.arguments.get(variable).cloned(), call.for_each.clone()));
        match given {
            Some((Some(argument), for_each)) => {
                let (Some(argument), for_each) =
                    (self.raw.tree(&argument), for_each.and_then(|each| self.raw.tree(&each)))
                else {
                    out.open = true;
                    return;
                };
                self.follow_all(&argument, &Place { module, key, for_each }, out);
            }
            _ => out.open |= !self.default_is_known(&path, variable),
        }
    }

    fn default_is_known(&self, path: &[String], variable: &str) -> bool {
        let module = self.index.configuration.as_ref().and_then(|root| root.module(path));
        module.is_some_and(|module| module.defaults.contains(variable))
    }

    fn output(
        &mut self,
        call: &str,
        key: Option<&str>,
        output: Option<&str>,
        place: &Place,
        out: &mut Reached,
    ) {
        let mut path = calls(&place.module);
        path.push(call.to_owned());
        let module = self.index.configuration.as_ref().and_then(|root| root.module(&path));
        let expression = module.zip(output).and_then(|(module, o)| module.outputs.get(o).cloned());
        let Some(expression) = expression.and_then(|range| self.raw.tree(&range)) else {
            out.open = true;
            return;
        };
        let inner = within(&place.module, &format!("module.{call}"));
        let instances = self.module_instances(&inner, key.or(place.key.as_deref()));
        // A module without an instance has no resource that matters.
        out.open |= instances.is_empty();
        for module in instances {
            self.follow_all(&expression, &Place { module, key: None, for_each: None }, out);
        }
    }

    /// The instances of a module: the one of that key, or all of them.
    pub(super) fn module_instances(&self, address: &str, key: Option<&str>) -> Vec<String> {
        if self.modules.contains(address) {
            return vec![address.to_owned()];
        }
        let Some(keyed) = self.keyed.get(address) else { return Vec::new() };
        match key.and_then(|key| keyed.get(key)) {
            Some(one) => vec![one.clone()],
            None => keyed.all.clone(),
        }
    }

    fn instances(
        &mut self,
        (sort, kind, name): (Sort, &str, Option<&str>),
        key: Option<&str>,
        (parts, at): (&[Segment], Span),
        place: &Place,
        out: &mut Reached,
    ) {
        let Some(name) = name else {
            out.open = true;
            return;
        };
        let before = if sort == Sort::Data { 3 } else { 2 } + usize::from(key.is_some());
        let attribute = match parts.get(before) {
            Some(Segment::Name(name)) => Some(name.clone()),
            _ => None,
        };
        let all = self.instances_of(&place.module, sort, kind, name);
        let by_key = |key: &str| all.get(key).copied();
        // An index that is computed is most often the key of the instance around it.
        let chosen: Vec<usize> = match (key, all.all.as_slice()) {
            (Some(key), _) => by_key(key).into_iter().collect(),
            (None, [one]) => vec![*one],
            (None, _) => match place.key.as_deref().and_then(by_key) {
                Some(one) => vec![one],
                None => all.all.clone(),
            },
        };
        if chosen.is_empty() {
            // One of a type that does not matter, or that this plan does not hold.
            let address = of(&place.module, sort, kind, name, key);
            let kind = kind.to_owned();
            let known = false;
            out.add(Target { sort, kind, address, attribute, known, at });
            return;
        }
        for index in chosen {
            let known = attribute.as_deref().is_some_and(|name| self.knows(index, name));
            let Some(instance) = self.index.instances.get(index) else { continue };
            out.add(Target {
                sort,
                kind: kind.to_owned(),
                address: instance.address.clone(),
                attribute: attribute.clone(),
                known,
                at,
            });
        }
    }
}
