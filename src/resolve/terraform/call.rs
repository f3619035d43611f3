//! Module calls that are followed: the called module becomes a part of the module that calls it.
//!
//! Each instance of a call is one more copy of the called module, whose names carry the address of
//! that instance ([`super::rename`]). Its variables are the call's arguments, evaluated where the call
//! stands and in the same world, or their defaults, which nobody else can change; its outputs are
//! locals. A copy exists in the worlds where its instance does.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::evaluator::{Evaluator, Known, Memo};
use super::expansion::Instance;
use super::module::{Module, Resource, Sort, Variable};
use super::names::Named;
use super::notes::Used;
use super::rename::Rename;
use super::scope::{Env, Scope};
use super::traversal::Steps;
use super::validation::is_nullable;
use crate::resolve::{Item, Key, Kind, Map, NeedSplit, Value};
use crate::source::Step;
use crate::syntax::made::{function, text};
use crate::syntax::{self, Attribute, Block, Expr, Node, Traverse};

/// How many copies of modules one module may take in.
const MAX_COPIES: usize = 256;

/// The type of the block that calls a module for a unit of Terragrunt. Its argument `inputs` may be an
/// object that holds the others; one of a `module` block is an input like all others.
pub const UNIT: &str = "terragrunt unit";

/// Arguments of a module call that are no inputs.
pub const META: [&str; 6] = ["source", "version", "count", "for_each", "providers", "depends_on"];

/// Whether the source of a module call is a folder beside the module that calls (HashiCorp, "Module
/// Sources", "Local Paths").
pub fn is_local(source: &str) -> bool {
    source.starts_with("./") || source.starts_with("../")
}

/// A variable of a called module.
#[derive(Debug, Clone)]
pub(super) struct Input {
    variable: Variable,
    /// The argument of the call, or the default.
    value: Option<Attribute>,
    is_default: bool,
    within: Within,
}

/// The instance of a call that something belongs to.
#[derive(Debug, Clone)]
pub struct Within {
    /// The call, as if it were a resource.
    pub(super) call: Arc<Resource>,
    /// Its instance.
    pub(super) suffix: String,
}

/// A call that is followed.
#[derive(Debug, Clone)]
pub(super) struct Followed {
    call: Arc<Resource>,
    /// Its instances, and the names of their outputs.
    instances: Vec<(String, Vec<Arc<str>>)>,
}

/// A call that is not followed yet.
#[derive(Debug, Clone)]
pub struct Call {
    /// The call, as if it were a resource: its instances are asked for as those of one.
    pub resource: Arc<Resource>,
    /// The block.
    pub block: Arc<Block>,
    /// The folder of the module that calls, as a path from the root module.
    pub dir: String,
    /// The names of the calls that lead here, this one included.
    pub path: Vec<Arc<str>>,
}

impl Module {
    /// The calls of this module.
    pub fn own_calls(&self) -> Vec<Call> {
        let calls = self.calls.iter().filter_map(|block| {
            let name = Arc::clone(&block.labels.first()?.text);
            let resource = Arc::new(Resource::of_call(Arc::clone(block), Arc::clone(&name), None));
            let (block, dir) = (Arc::clone(block), String::new());
            Some(Call { resource, block, dir, path: vec![name] })
        });
        calls.collect()
    }

    /// Takes in the module that `call` calls, in the instances of those suffixes; the calls that it
    /// makes itself are given back. `dir` is its folder, as a path from the root module. Nothing is
    /// done where there would be too many copies.
    pub fn take_in(
        &mut self,
        call: &Call,
        called: &Module,
        dir: &str,
        suffixes: &[String],
    ) -> Option<Vec<Call>> {
        if self.copies + suffixes.len() > MAX_COPIES {
            return None;
        }
        self.copies += suffixes.len();
        self.calls.retain(|block| block.span != call.block.span || call.path.len() > 1);
        let mut inner = Vec::new();
        let mut instances = Vec::new();
        for suffix in suffixes {
            let within = Within { call: Arc::clone(&call.resource), suffix: suffix.clone() };
            let (outputs, calls) = self.copy(&within, called, dir);
            instances.push((suffix.clone(), outputs));
            inner.extend(calls.into_iter().map(|mut made| {
                made.path = [call.path.clone(), made.path].concat();
                made
            }));
        }
        let followed = Followed { call: Arc::clone(&call.resource), instances };
        self.followed.insert(Arc::clone(&call.resource.name), followed);
        Some(inner)
    }

    fn copy(&mut self, within: &Within, called: &Module, dir: &str) -> (Vec<Arc<str>>, Vec<Call>) {
        let declared: BTreeSet<Named> = called.resources.iter().map(|r| r.named()).collect();
        let prefix = within.call.instance(&within.suffix);
        let rename = Rename { prefix: &prefix, dir, declared: &declared };
        let block = &within.call.block;
        // A unit of Terragrunt passes an object where not all of its keys stand there.
        let whole = block.body.attribute("inputs").filter(|_| &*block.kind == UNIT);
        let given = |name: &str| match META.contains(&name) {
            true => None,
            false => block.body.attribute(name).cloned(),
        };
        for (name, variable) in &called.variables {
            let default = || variable.block.body.attribute("default").cloned();
            let argument = match whole {
                Some(whole) => Some(entry_of(whole, name, default())),
                None => given(name),
            };
            let is_default = argument.is_none();
            let value = argument.or_else(default);
            let (variable, within) = (variable.clone(), within.clone());
            let input = Input { variable, value, is_default, within };
            self.inputs.insert(rename.name(name), input);
        }
        for (name, local) in &called.locals {
            self.locals.insert(rename.name(name), rename.attribute(local));
        }
        for resource in &called.resources {
            let block = Arc::new(rename.block(&resource.block));
            self.add_resource(Resource {
                sort: resource.sort,
                kind: Arc::clone(&resource.kind),
                name: rename.name(&resource.name),
                block,
                absolute: false,
                within: Some(within.clone()),
            });
        }
        let providers = called.others.iter().filter(|b| &*b.kind == "provider");
        self.providers.insert(prefix.clone(), providers.cloned().collect());
        let mut outputs = Vec::new();
        for block in called.others.iter().filter(|b| &*b.kind == "output") {
            if let (Some(label), Some(value)) =
                (block.labels.first(), block.body.attribute("value"))
            {
                self.locals.insert(output(&prefix, &label.text), rename.attribute(value));
                outputs.push(Arc::clone(&label.text));
            }
        }
        let calls = called.calls.iter().filter_map(|block| {
            let name = Arc::clone(&block.labels.first()?.text);
            let block = Arc::new(rename.block(block));
            let within = Some(within.clone());
            let resource = Resource::of_call(Arc::clone(&block), rename.name(&name), within);
            let dir = dir.to_owned();
            Some(Call { resource: Arc::new(resource), block, dir, path: vec![name] })
        });
        (outputs, calls.collect())
    }
}

/// The entry of an object of arguments, or the default where it has none: whether it has one may hang
/// on what is not known.
fn entry_of(whole: &Attribute, name: &Arc<str>, default: Option<Attribute>) -> Attribute {
    let at = whole.value.span;
    let key = Traverse::Index(text(name, at));
    let entry = Expr::Traversal(whole.value.clone(), vec![(key, at)]);
    let entry = Node { kind: syntax::Kind::Expr(entry.into()), span: at };
    let args = std::iter::once(entry).chain(default.map(|default| default.value)).collect();
    let value = function("try", args, at);
    Attribute { name: Arc::clone(name), value, ..whole.clone() }
}

/// The name of the local that an output is.
fn output(prefix: &str, name: &str) -> Arc<str> {
    format!("{prefix}.output.{name}").into()
}

impl Resource {
    /// A module call, of which only the instances are asked for.
    fn of_call(block: Arc<Block>, name: Arc<str>, within: Option<Within>) -> Self {
        let (sort, kind) = (Sort::Managed, "module".into());
        Self { sort, kind, name, block, absolute: false, within }
    }
}

impl Evaluator<'_> {
    /// What is given for a variable of a called module.
    pub(super) fn input(
        &mut self,
        node: &Node,
        name: &Arc<str>,
        env: Env<'_>,
    ) -> Result<Option<Value>, NeedSplit> {
        let module = Arc::clone(&self.module);
        let Some(input) = module.inputs.get(name) else { return Ok(None) };
        let Some(value) = &input.value else {
            return Ok(Some(self.failed(node, env, "the module call gives it no value")));
        };
        let block = &input.variable.block.body;
        let known = self.remember(Memo::Input(Arc::clone(name)), node, env, |evaluator| {
            let step = if input.is_default { Step::Default } else { Step::Argument };
            let instances = evaluator.instances_in(&input.within.call, env)?;
            let found = instances.iter().find(|i| i.suffix == input.within.suffix);
            let scope = match (found, input.is_default) {
                (Some(instance), false) => instance.scope(),
                _ => Scope::module(),
            };
            evaluator.used(Used::Read(value.span));
            let mut given = evaluator.eval(&value.value, env.scope(&scope))?;
            let mut at = value.name_span;
            // A variable that may not be null is its default instead.
            if matches!(given.kind, Kind::Null)
                && !is_nullable(&input.variable)
                && let Some(default) = block.attribute("default")
            {
                let scope = Scope::module();
                given = evaluator.eval(&default.value, env.scope(&scope))?;
                at = default.name_span;
            }
            let given = evaluator.convert_to(&input.variable, given);
            Ok(Known::Value(evaluator.via(&given, at, step)))
        })?;
        Ok(Some(match known {
            Known::Value(value) => self.via(&value, node.span, Step::Reference),
            Known::Instances(_) => self.opaque(node, env),
        }))
    }

    /// What stands behind `module.call` of a call that is followed.
    pub(super) fn followed(
        &mut self,
        node: &Node,
        call: &Arc<str>,
        steps: Steps<'_>,
        env: Env<'_>,
    ) -> Result<Option<Value>, NeedSplit> {
        let module = Arc::clone(&self.module);
        let Some(followed) = module.followed.get(call) else { return Ok(None) };
        let instances = self.instances_in(&followed.call, env)?;
        let is_single = followed.call.count().is_none() && followed.call.for_each().is_none();
        // One output of one instance is evaluated alone.
        let (chosen, behind) = match steps {
            [(Traverse::Attr(_), _), ..] if is_single => (instances.first(), steps),
            [(Traverse::Index(key), _), behind @ ..] if !is_single => {
                let key = self.eval(key, env)?;
                let suffix = match (&key.kind, super::text::known_text(&key)) {
                    (Kind::Number(_), Some(text)) => Some(format!("[{text}]")),
                    (_, Some(text)) => Some(format!("[{text:?}]")),
                    (_, None) => None,
                };
                let named = |i: &&Instance| suffix.as_deref() == Some(i.suffix.as_str());
                let found = instances.iter().find(named);
                let symbolic = instances.iter().find(|i| i.symbolic);
                match (found.or(symbolic), suffix) {
                    (None, Some(_)) => {
                        return Ok(Some(self.failed(node, env, "there is no such instance")));
                    }
                    (None, None) => return Ok(Some(self.opaque(node, env))),
                    (found, _) => (found, behind),
                }
            }
            _ => (None, steps),
        };
        if let (Some(instance), [(Traverse::Attr(name), _), behind @ ..]) = (chosen, behind) {
            let local = output(&followed.call.instance(&instance.suffix), name);
            if !module.locals.contains_key(&local) {
                let why = format!("the module has no output `{name}`");
                return Ok(Some(self.failed(node, env, &why)));
            }
            let value = self.local(node, &local, env)?;
            return self.walk(value, behind, node, env).map(Some);
        }
        let mut objects = Vec::new();
        for instance in instances.iter() {
            objects.push((instance.clone(), self.outputs(node, followed, instance, env)?));
        }
        let origin = self.origins.literal(node.span);
        let all = if is_single {
            match objects.into_iter().next() {
                Some((_, object)) => object,
                None => self.failed(node, env, "it has no instance"),
            }
        } else if followed.call.for_each().is_none() {
            let items = objects.into_iter().map(|(_, object)| Item::One(object));
            Value::new(Kind::List(items.collect()), origin)
        } else {
            let entries = objects.into_iter().map(|(instance, object)| {
                let key = instance.names.first().and_then(|(_, each)| each.get("key"));
                let text = key.and_then(super::text::known_text).unwrap_or(instance.suffix);
                (Key { text: text.into(), origin }, object)
            });
            let map = Map { entries: entries.collect(), rest: None };
            Value::new(Kind::Map(Arc::new(map)), origin)
        };
        self.walk(all, steps, node, env).map(Some)
    }

    /// All outputs of an instance.
    fn outputs(
        &mut self,
        node: &Node,
        followed: &Followed,
        instance: &Instance,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let origin = self.origins.literal(node.span);
        let prefix = followed.call.instance(&instance.suffix);
        let names = followed.instances.iter().find(|(suffix, _)| *suffix == instance.suffix);
        let mut map = Map::default();
        for name in names.into_iter().flat_map(|(_, names)| names) {
            let value = self.local(node, &output(&prefix, name), env)?;
            map.entries.push((Key { text: Arc::clone(name), origin }, value));
        }
        Ok(Value::new(Kind::Map(Arc::new(map)), origin))
    }

    /// The expressions that a variable or output of a called module stands for.
    pub(super) fn stands_for(&self, root: &str, names: &[Option<Arc<str>>]) -> Option<Vec<Node>> {
        let name = names.first()?.as_ref()?;
        match root {
            "var" => {
                let input = self.module.inputs.get(name)?;
                Some(input.value.iter().map(|value| value.value.clone()).collect())
            }
            "module" => {
                let followed = self.module.followed.get(name)?;
                let wanted = names.iter().skip(1).flatten().next();
                let mut out = Vec::new();
                for (suffix, outputs) in &followed.instances {
                    let prefix = followed.call.instance(suffix);
                    for name in outputs.iter().filter(|name| wanted.is_none_or(|w| w == *name)) {
                        let local = self.module.locals.get(&output(&prefix, name));
                        out.extend(local.map(|local| local.value.clone()));
                    }
                }
                out.extend(followed.call.for_each().cloned());
                Some(out)
            }
            _ => None,
        }
    }
}
