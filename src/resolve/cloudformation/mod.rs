//! CloudFormation: intrinsics, parameters, conditions, mappings.
//!
//! A [`Unit`] holds one template and evaluates nodes of it on demand, in one [`World`] at a time.
//! Whatever cannot be known is a symbol named after the expression; only a branch (`Fn::If`, the key
//! of an `Fn::FindInMap`, the index of an `Fn::Select`) asks for a split, and a parameter that has a
//! short list of allowed values and no default.
//!
//! A unit may hold further stacks, which resources of the template create: their parameters are
//! evaluated where those resources are, in the same world.
//!
//! This module must not know which resources matter: it knows resource types only as far as the
//! values of `Ref` and `Fn::GetAtt` have kinds.

pub mod build;
mod cidr;
mod collection;
mod condition;
mod dynamic;
mod eval;
mod foreach;
pub mod form;
mod marked;
mod nested;
mod parameter;
mod reference;
mod rules;
mod string;
mod sub;
mod template;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Class, Kind, Literal, NeedSplit, Symbol, SymbolId, Symbols, Value, World};
use crate::source::{FileId, Origin, Origins, Span, Step};
use crate::syntax::Node;

use nested::Stack;
pub use nested::StackId;
pub(crate) use sub::holes as placeholders;
pub use template::{Resource, Template};

/// How deep expressions may nest; CloudFormation itself stops far earlier.
const MAX_DEPTH: usize = 64;
/// How many nodes one evaluation of one API in one world may visit. A template has at most 1 MB and
/// 500 resources (AWS, "CloudFormation quotas").
const RUN_BUDGET: u32 = 100_000;
/// How many nodes all evaluations of one API may visit.
const API_BUDGET: u32 = 1_000_000;
/// How many nodes all evaluations of one template may visit.
const UNIT_BUDGET: u32 = 6_000_000;

/// Names bound by an enclosing `Fn::ForEach` or `Fn::Sub`: a chain of frames, the innermost first.
#[derive(Debug, Clone, Default)]
pub struct Scope(Option<Arc<Frame>>);

#[derive(Debug)]
struct Frame {
    name: Arc<str>,
    value: Value,
    outer: Scope,
}

impl Scope {
    fn with(&self, name: Arc<str>, value: Value) -> Self {
        Self(Some(Arc::new(Frame { name, value, outer: self.clone() })))
    }

    fn get(&self, name: &str) -> Option<&Value> {
        let mut frame = self.0.as_deref();
        while let Some(here) = frame {
            if &*here.name == name {
                return Some(&here.value);
            }
            frame = here.outer.0.as_deref();
        }
        None
    }

    /// Whether no name is bound.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

/// What a value is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// As data: a parameter is its default.
    Data,
    /// To decide a branch: a parameter that nobody fixed is a symbol, its other values count too.
    Branch,
}

/// The circumstances of one evaluation step.
#[derive(Clone, Copy)]
struct Cx<'c> {
    world: &'c World,
    scope: &'c Scope,
    mode: Mode,
    /// What a literal is here: written in place, a default, a mapping entry.
    leaf: Step,
    depth: usize,
}

impl<'c> Cx<'c> {
    fn branch(self) -> Self {
        Self { mode: Mode::Branch, ..self }
    }

    fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    fn in_scope(self, scope: &'c Scope) -> Self {
        Self { scope, ..self }
    }
}

/// A resource that a symbol stands for: its stack, its logical id and the attribute, `None` for `Ref`.
type Target = (StackId, Arc<str>, Option<Arc<str>>);

/// One template and everything that its evaluation needs to remember.
#[derive(Debug)]
pub struct Unit<'a> {
    /// The symbols that evaluation made.
    pub symbols: Symbols,
    /// The arena of all origins.
    pub origins: Origins,
    /// The stacks, the root first.
    stacks: Vec<Stack>,
    /// The one that is evaluated.
    here: StackId,
    given: &'a BTreeMap<String, Vec<String>>,
    targets: BTreeMap<SymbolId, Target>,
    /// Symbols computed from another: where the value of one is fixed, the other's default may not
    /// hold any more.
    derived: BTreeMap<SymbolId, BTreeSet<SymbolId>>,
    /// A joined list of unknown length and the list it was joined from.
    joined: BTreeMap<SymbolId, SymbolId>,
    /// Where a constant that a symbol was compared with is written.
    constants: BTreeMap<(SymbolId, Literal), Span>,
    /// Where the template names the files whose text is included in it.
    includes: BTreeMap<FileId, Span>,
    used_defaults: BTreeSet<SymbolId>,
    /// Parameters whose values were given.
    pinned: BTreeSet<SymbolId>,
    /// What was not evaluated and may turn out to be `AWS::NoValue`.
    open_branches: BTreeSet<SymbolId>,
    in_default: bool,
    run_left: u32,
    api_left: u32,
    unit_left: u32,
    exhausted: bool,
}

impl<'a> Unit<'a> {
    /// A unit for `template`. `given` holds the values of parameters by name. Symbols and origins may
    /// come from another template of the same file; `prefix` keeps equal names apart.
    pub fn new(
        template: Template,
        given: &'a BTreeMap<String, Vec<String>>,
        symbols: Symbols,
        origins: Origins,
        prefix: &str,
    ) -> Self {
        let mut unit = Self {
            symbols,
            origins,
            stacks: vec![Stack::new(template, prefix)],
            here: StackId::ROOT,
            given,
            targets: BTreeMap::new(),
            derived: BTreeMap::new(),
            joined: BTreeMap::new(),
            constants: BTreeMap::new(),
            includes: BTreeMap::new(),
            used_defaults: BTreeSet::new(),
            pinned: BTreeSet::new(),
            open_branches: BTreeSet::new(),
            in_default: false,
            run_left: RUN_BUDGET,
            api_left: API_BUDGET,
            unit_left: UNIT_BUDGET,
            exhausted: false,
        };
        unit.expand_loops();
        unit
    }

    /// Says where the template names the files whose text stands in it: a step on the way of what is
    /// written there.
    pub fn include(&mut self, places: BTreeMap<FileId, Span>) {
        self.includes.extend(places);
    }

    /// The template of the stack that is evaluated.
    pub fn template(&self) -> Arc<Template> {
        Arc::clone(&self.stack().template)
    }

    /// Starts the evaluation of another API: what was counted and remembered for the last one is
    /// forgotten.
    pub fn start_api(&mut self) {
        self.api_left = API_BUDGET;
        self.used_defaults.clear();
        self.exhausted = false;
        self.start_run();
    }

    /// Starts the evaluation of the API in another world.
    pub fn start_run(&mut self) {
        self.run_left = RUN_BUDGET;
    }

    /// Whether a bound on work was reached since the API was started: what was not evaluated is an
    /// opaque symbol.
    pub fn is_exhausted(&self) -> bool {
        self.exhausted
    }

    /// Evaluates a node as data.
    ///
    /// # Errors
    /// [`NeedSplit`] when a branch asks for a symbol that `world` does not fix, never in a frozen
    /// world.
    pub fn eval(&mut self, node: &Node, scope: &Scope, world: &World) -> Result<Value, NeedSplit> {
        self.value(node, Cx { world, scope, mode: Mode::Data, leaf: Step::Literal, depth: 0 })
    }

    /// Evaluates the entry that `path` leads to inside `node`, and nothing beside it: a branch in
    /// another entry asks for no split. Null when there is no such entry.
    ///
    /// # Errors
    /// [`NeedSplit`] as for [`eval`](Self::eval).
    pub fn eval_entry(
        &mut self,
        node: &Node,
        path: &[&str],
        scope: &Scope,
        world: &World,
    ) -> Result<Value, NeedSplit> {
        let cx = Cx { world, scope, mode: Mode::Data, leaf: Step::Literal, depth: 0 };
        self.entry(node, path, cx)
    }

    /// Decides the condition `name`; `None` when that cannot be known in a frozen world.
    ///
    /// # Errors
    /// [`NeedSplit`] as for [`eval`](Self::eval).
    pub fn condition(&mut self, name: &Node, world: &World) -> Result<Option<bool>, NeedSplit> {
        self.condition_in(name, &Scope::default(), world)
    }

    /// The same of a condition that is named where loop variables are seen.
    ///
    /// # Errors
    /// [`NeedSplit`] as for [`eval`](Self::eval).
    pub fn condition_in(
        &mut self,
        name: &Node,
        scope: &Scope,
        world: &World,
    ) -> Result<Option<bool>, NeedSplit> {
        let cx = Cx { world, scope, mode: Mode::Branch, leaf: Step::Literal, depth: 0 };
        self.condition_named(name, cx)
    }

    /// What stands behind the branches of `node`: the side of each `Fn::If` that is taken, without
    /// evaluating it; `None` when that cannot be known in a frozen world.
    ///
    /// # Errors
    /// [`NeedSplit`] as for [`eval`](Self::eval).
    pub fn taken<'n>(
        &mut self,
        node: &'n Node,
        world: &World,
    ) -> Result<Option<&'n Node>, NeedSplit> {
        let mut node = node;
        for _ in 0..MAX_DEPTH {
            let form::Form::Call("Fn::If", arg) = form::Form::of(node) else {
                return Ok(Some(node));
            };
            let Some([name, yes, no]) = arg.as_list().map(|items| &**items) else {
                return Ok(None);
            };
            match self.condition(name, world)? {
                Some(decided) => node = if decided { yes } else { no },
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The resource which a symbol is the `Ref` (no attribute) or an attribute of, with its stack.
    pub fn target(&self, symbol: SymbolId) -> Option<(StackId, &str, Option<&str>)> {
        let (stack, id, attribute) = self.targets.get(&symbol)?;
        Some((*stack, id, attribute.as_deref()))
    }

    /// The parameters whose defaults were used as data since the API was started, with the token of
    /// each default.
    pub fn used_defaults(&self) -> impl Iterator<Item = (&Symbol, &Value)> {
        self.used_defaults.iter().filter_map(|id| {
            let symbol = self.symbols.get(*id);
            Some((symbol, symbol.default.as_ref()?))
        })
    }

    /// Whether every pick of `world` agrees with what would be deployed without further flags. A pick
    /// on a value that nobody gave says nothing: the defaults hold in both its cases, and what is
    /// certain must hold in both.
    pub fn is_default(&self, world: &World) -> bool {
        world.is_default(&self.symbols)
    }

    /// A symbol that stands for a form or part that cannot be evaluated.
    pub fn opaque(&mut self, key: &str, label: &str, at: Span) -> SymbolId {
        let origin = self.origins.literal(at);
        self.intern(&format!("opaque:{key}"), label, origin, Class::Opaque)
    }

    /// A literal place.
    pub fn origin(&mut self, at: Span) -> Origin {
        self.origins.literal(at)
    }

    /// A token that a value is written as.
    fn leaf(&mut self, at: Span, step: Step) -> Origin {
        let leaf = self.origins.add(at, step, None);
        match self.includes.get(&at.file) {
            Some(place) => self.origins.add(*place, Step::Include, Some(leaf)),
            None => leaf,
        }
    }

    fn intern(&mut self, key: &str, label: &str, origin: Origin, class: Class) -> SymbolId {
        self.symbols.intern(&format!("{}{key}", self.stack().prefix), || Symbol {
            label: shorten(label),
            origin,
            class,
            default: None,
            allowed: None,
            pin: None,
        })
    }

    /// Takes `cost` from the budget. Once it is used up, everything is opaque.
    fn spend(&mut self, cost: usize) -> bool {
        let cost = u32::try_from(cost).unwrap_or(u32::MAX);
        self.run_left = self.run_left.saturating_sub(cost);
        self.api_left = self.api_left.saturating_sub(cost);
        self.unit_left = self.unit_left.saturating_sub(cost);
        let left = self.run_left.min(self.api_left).min(self.unit_left) > 0;
        self.exhausted |= !left;
        left
    }

    /// The value of an expression that cannot be evaluated: a symbol named after it, the same for
    /// equal expressions.
    fn unknown(&mut self, name: &'static str, node: &Node, cx: Cx<'_>) -> Value {
        let canonical = form::canonical(node);
        let label = if canonical.starts_with('@') { name.to_owned() } else { canonical.clone() };
        let key = if cx.scope.is_empty() {
            canonical
        } else {
            format!("{canonical}{}", self.scope_key(cx.scope))
        };
        let symbol = self.opaque(&key, &label, node.span);
        let origin = self.origins.add(node.span, Step::Call(name), None);
        Value::new(Kind::Symbol(symbol), origin)
    }

    /// What tells the instances of a loop apart.
    fn scope_key(&self, scope: &Scope) -> String {
        let mut out = String::new();
        let mut frame = scope.0.as_deref();
        while let Some(here) = frame {
            let value = string::display(&here.value, &self.symbols);
            out.push_str(&format!("|{}={value}", here.name));
            frame = here.outer.0.as_deref();
        }
        out
    }
}

/// A label of one line, fit for a message.
pub fn shorten(label: &str) -> String {
    const MAX: usize = 80;
    if label.chars().count() <= MAX {
        return label.to_owned();
    }
    let mut out: String = label.chars().take(MAX - 1).collect();
    out.push('…');
    out
}
