//! `count` and `for_each`: the instances of a resource in one world
//! (<https://developer.hashicorp.com/terraform/language/meta-arguments/for_each>).

use std::sync::Arc;

use super::argument::size;
use super::evaluator::{Evaluator, Known, Memo};
use super::length::exact_length;
use super::module::Resource;
use super::scope::{Env, Mode, Scope};
use super::text::known_text;
use crate::resolve::{Item, Key, Kind, Literal, Map, NeedSplit, SymbolId, Value, World};
use crate::source::Origin;
use crate::syntax::{self, Expr, Node};

/// How many instances of one resource are told apart.
pub const MAX_INSTANCES: usize = 64;

/// One instance of a resource.
#[derive(Debug, Clone)]
pub struct Instance {
    /// What stands behind the address: nothing, `[0]`, `["eu"]`, or `[each.key]` for one that stands
    /// for an unknown number of them.
    pub suffix: String,
    /// The names that its expressions see: `each` or `count`.
    pub names: Vec<(Arc<str>, Value)>,
    /// It stands for an unknown number of instances.
    pub symbolic: bool,
}

impl Instance {
    /// The scope of the instance's expressions.
    pub fn scope(&self) -> Scope<'static> {
        Scope::instance(&self.names)
    }

    fn counted(index: usize, origin: Origin) -> Self {
        let number = Value::new(Kind::Number(index.to_string().into()), origin);
        let count = object([("index", number)], origin);
        Self { suffix: format!("[{index}]"), names: vec![("count".into(), count)], symbolic: false }
    }

    fn keyed(key: Value, value: Value, suffix: String, symbolic: bool) -> Self {
        let origin = key.origin;
        let each = object([("key", key), ("value", value)], origin);
        Self { suffix, names: vec![("each".into(), each)], symbolic }
    }
}

/// A map of a few known names.
pub(super) fn object<const N: usize>(entries: [(&str, Value); N], origin: Origin) -> Value {
    let entries = entries.map(|(name, value)| (Key { text: name.into(), origin }, value));
    Value::new(Kind::Map(Arc::new(Map { entries: entries.to_vec(), rest: None })), origin)
}

impl Evaluator<'_> {
    /// The instances of a resource in `world`.
    ///
    /// # Errors
    /// [`NeedSplit`] when their number depends on a symbol that the world does not fix.
    pub fn instances(
        &mut self,
        resource: &Resource,
        world: &World,
    ) -> Result<Arc<[Instance]>, NeedSplit> {
        let scope = Scope::module();
        self.instances_in(resource, Env::data(&scope, world))
    }

    pub(super) fn instances_in(
        &mut self,
        resource: &Resource,
        env: Env<'_>,
    ) -> Result<Arc<[Instance]>, NeedSplit> {
        if let Some(within) = &resource.within {
            let calls = self.instances_in(&within.call, env)?;
            if !calls.iter().any(|call| call.suffix == within.suffix) {
                return Ok(Arc::from([]));
            }
        }
        let (Some(node), each) = (match resource.for_each() {
            Some(node) => (Some(node), true),
            None => (resource.count(), false),
        }) else {
            let alone = Instance { suffix: String::new(), names: Vec::new(), symbolic: false };
            return Ok(Arc::from([alone]));
        };
        let scope = Scope::module();
        // Instances are asked for in the data and the branch mode alike.
        let env = env.scope(&scope).mode(Mode::Data);
        let memo = Memo::Instances(resource.address());
        let known = self.remember(memo, node, env, |evaluator| {
            let mut found = match each {
                true => evaluator.each_instances(node, env)?,
                false => evaluator.counted_instances(node, env)?,
            };
            if found.len() > MAX_INSTANCES {
                found.truncate(MAX_INSTANCES);
                evaluator.out_of_bounds(node, "there are too many instances");
            }
            Ok(Known::Instances(found.into()))
        })?;
        match known {
            Known::Instances(found) => Ok(found),
            Known::Value(value) => {
                // It refers to itself.
                let each = Instance::keyed(value.clone(), value, "[each.key]".into(), true);
                Ok(Arc::from([each]))
            }
        }
    }

    fn counted_instances(&mut self, node: &Node, env: Env<'_>) -> Result<Vec<Instance>, NeedSplit> {
        let origin = self.origins.literal(node.span);
        let many = |n: usize| (0..n.min(MAX_INSTANCES + 1)).map(|i| Instance::counted(i, origin));
        // `length(x)`: whether there are instances is whether `x` has elements.
        if let syntax::Kind::Expr(expr) = &node.kind
            && let Expr::Call { name, args, .. } = &**expr
            && let ("length", [arg]) = (&**name, args.as_slice())
        {
            let branch = env.mode(Mode::Branch);
            let value = self.eval(arg, branch)?;
            if let Some(n) = exact_length(&value) {
                return Ok(many(n).collect());
            }
            if self.nonempty(&value, arg, branch)? == Some(false) {
                return Ok(Vec::new());
            }
            let value = self.eval(arg, env)?;
            return Ok(many(exact_length(&value).unwrap_or(1).max(1)).collect());
        }
        let value = self.eval(node, env.mode(Mode::Branch))?;
        if let Kind::Bool(b) = value.kind {
            return Ok(many(usize::from(b)).collect());
        }
        if let Ok(n) = size(&value) {
            return Ok(many(n).collect());
        }
        let id = match value.kind {
            Kind::Symbol(id) => id,
            _ => match self.opaque(node, env).kind {
                Kind::Symbol(id) => id,
                _ => return Ok(many(1).collect()),
            },
        };
        if env.mode != Mode::Default
            && env.world.equals(&self.symbols, id, &Literal::Number("0".into()))? == Some(true)
        {
            return Ok(Vec::new());
        }
        let value = self.eval(node, env)?;
        Ok(many(size(&value).unwrap_or(1).max(1)).collect())
    }

    fn each_instances(&mut self, node: &Node, env: Env<'_>) -> Result<Vec<Instance>, NeedSplit> {
        let branch = env.mode(Mode::Branch);
        let mut value = self.eval(node, branch)?;
        let mut open = unknown_part(&value);
        if let Some(id) = open {
            // The default's keys are the instances, unless it has none: then others are judged too.
            let data = self.eval(node, env)?;
            match exact_length(&data) {
                Some(n) if n > 0 => (value, open) = (data, None),
                _ => {
                    if self.nonempty_symbol(id, node, branch)? == Some(false) {
                        open = None;
                    }
                }
            }
        }
        let mut out = Vec::new();
        match &value.kind {
            Kind::List(items) => {
                for item in items.iter().take(MAX_INSTANCES + 1) {
                    if let Item::One(v) = item {
                        out.push(self.keyed_instance(v.clone(), v.clone()));
                    }
                }
            }
            Kind::Map(map) => {
                for (key, v) in map.entries.iter().take(MAX_INSTANCES + 1) {
                    let key = self.computed(&Arc::clone(&key.text), key.origin);
                    out.push(self.keyed_instance(key, v.clone()));
                }
            }
            _ => {}
        }
        if let Some(id) = open {
            out.push(self.symbolic_instance(id, node, value.origin));
        }
        Ok(out)
    }

    fn keyed_instance(&mut self, key: Value, value: Value) -> Instance {
        match known_text(&key) {
            Some(text) => {
                let suffix = format!("[{text:?}]");
                Instance::keyed(key, value, suffix, false)
            }
            None => {
                let label = self.origins.span(key.origin);
                let suffix = format!("[{}]", self.excerpt(label));
                Instance::keyed(key, value, suffix, false)
            }
        }
    }

    /// One instance for an unknown number of them.
    fn symbolic_instance(&mut self, id: SymbolId, node: &Node, origin: Origin) -> Instance {
        let key = self.derive(id, "[each.key]", "each.key", None);
        let value = match self.is_set(node) {
            true => key,
            false => self.derive(id, "[each.value]", "each.value", None),
        };
        let symbol = |id| Value::new(Kind::Symbol(id), origin);
        Instance::keyed(symbol(key), symbol(value), "[each.key]".into(), true)
    }
}

/// The symbol of the unknown part of a collection.
fn unknown_part(value: &Value) -> Option<SymbolId> {
    match &value.kind {
        Kind::Symbol(id) => Some(*id),
        Kind::List(items) => items.iter().find_map(|item| match item {
            Item::Many(id, _) => Some(*id),
            Item::One(_) => None,
        }),
        Kind::Map(map) => map.rest.map(|(id, _)| id),
        _ => None,
    }
}
