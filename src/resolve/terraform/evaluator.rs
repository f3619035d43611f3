//! The evaluator's state: symbols, origins, memory, bounds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::bound::Bound;
use super::key::excerpt;
use super::notes::{Note, Oddity, Used};
use super::provider::Home;
use super::resource::Object;
use super::scope::{Env, Mode};
use super::variable::Given;
use super::{Instance, Module};
use crate::resolve::{Class, Kind, NeedSplit, Symbol, SymbolId, Symbols, Value, World};
use crate::source::{FileId, Fs, Origin, Origins, SourceDb, Span};
use crate::syntax::Node;

/// How deep evaluation may nest, through expressions and references.
const MAX_DEPTH: usize = 100;
/// How many steps one world of one API may take.
const WORLD_FUEL: usize = 400_000;
/// How many steps a module may take in all.
const MODULE_FUEL: usize = 12_000_000;

/// The files that expressions may name.
#[derive(Clone, Copy)]
pub struct Files<'a> {
    /// The files of the run; files that expressions name are added.
    pub db: &'a SourceDb,
    /// Where to read them from.
    pub fs: &'a dyn Fs,
    /// The canonical folders that may be read.
    pub roots: &'a [PathBuf],
}

/// What is remembered while the world stays the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Memo {
    Local(Arc<str>),
    /// A variable of a called module.
    Input(Arc<str>),
    /// A policy document, by the address of its instance.
    Document(String),
    /// The default of a variable.
    DefaultOf(Arc<str>),
    /// The instances of a resource, by its address.
    Instances(String),
    /// The path that a resource writes to, by the address of its instance.
    Destination(String),
    /// What a resource writes to a file, by the address of its instance and the name.
    Written(String),
}

/// What a memory holds.
#[derive(Debug, Clone)]
pub(super) enum Known {
    Value(Value),
    Instances(Arc<[Instance]>),
}

/// Evaluates the expressions of one module.
pub struct Evaluator<'a> {
    /// The symbols made so far.
    pub symbols: Symbols,
    /// The origins made so far.
    pub origins: Origins,
    pub(super) module: Arc<Module>,
    pub(super) files: Files<'a>,
    pub(super) given: Given,
    pub(super) loaded: BTreeMap<PathBuf, Option<FileId>>,
    /// What is known of some symbols beyond their class.
    pub(super) facts: BTreeMap<SymbolId, Fact>,
    /// Set while the arguments of `try` and `can` are evaluated: keys that a map does not have count.
    pub(super) tolerant: usize,
    /// Where what is judged is.
    pub(super) home: Option<Home>,
    /// The documents that policy documents are put together of, by the place of the latter.
    merged: BTreeMap<Span, Vec<Origin>>,
    notes: Vec<Note>,
    oddities: Vec<Oddity>,
    trace: BTreeSet<Used>,
    memo: BTreeMap<(Memo, Mode), (Known, BTreeSet<Used>)>,
    memo_world: World,
    active: Vec<(Memo, Mode)>,
    depth: usize,
    fuel: usize,
    total: usize,
}

/// What is known of a symbol beyond its class.
#[derive(Debug, Clone, Default)]
pub(super) struct Fact {
    /// It stands for an expression that Terraform would refuse.
    pub(super) failed: bool,
    /// The variables it depends on.
    pub(super) inputs: BTreeSet<Arc<str>>,
    /// The resource, or the attribute of it, that it stands for.
    pub(super) object: Option<Object>,
    /// The value whose JSON text it stands for.
    pub(super) tree: Option<Value>,
    /// What validations say of it.
    pub(super) bound: Bound,
    /// The Boolean symbol that says whether this collection has elements.
    pub(super) nonempty: Option<SymbolId>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator of `module` with the values given for its variables.
    pub fn new(module: impl Into<Arc<Module>>, files: Files<'a>, given: Given) -> Self {
        Self {
            symbols: Symbols::new(),
            origins: Origins::new(),
            module: module.into(),
            files,
            given,
            loaded: BTreeMap::new(),
            facts: BTreeMap::new(),
            tolerant: 0,
            home: None,
            merged: BTreeMap::new(),
            notes: Vec::new(),
            oddities: Vec::new(),
            trace: BTreeSet::new(),
            memo: BTreeMap::new(),
            memo_world: World::default(),
            active: Vec::new(),
            depth: 0,
            fuel: WORLD_FUEL,
            total: MODULE_FUEL,
        }
    }

    /// The module.
    pub fn module(&self) -> Arc<Module> {
        Arc::clone(&self.module)
    }

    /// Bounds the steps that are left.
    pub fn limit(&mut self, steps: usize) {
        self.total = self.total.min(steps);
    }

    /// The steps that are left between runs.
    pub fn left(&self) -> usize {
        self.total
    }

    /// The folder that relative paths start from.
    pub(super) fn module_dir(&self) -> &std::path::Path {
        &self.module.dir
    }

    /// Records that a document is merged into the one at `place`.
    pub(super) fn add_merged(&mut self, place: Span, document: Origin) {
        let known = self.merged.entry(place).or_default();
        if !known.contains(&document) {
            known.push(document);
        }
    }

    /// The documents that are merged into the one at `origin`, in the order in which they are, each
    /// followed by those that are merged into it.
    pub fn merged(&self, origin: Origin) -> Vec<Origin> {
        let mut out = Vec::new();
        self.collect_merged(origin, &mut out);
        out
    }

    fn collect_merged(&self, origin: Origin, out: &mut Vec<Origin>) {
        let place = self.origins.span(origin);
        for document in self.merged.get(&place).into_iter().flatten() {
            // Documents that name each other in a circle are refused.
            if !out.contains(document) {
                out.push(*document);
                self.collect_merged(*document, out);
            }
        }
    }

    /// A note that a trace names.
    pub fn note(&self, index: usize) -> Option<&Note> {
        self.notes.get(index)
    }

    /// An oddity that a trace names.
    pub fn oddity(&self, index: usize) -> Option<&Oddity> {
        self.oddities.get(index)
    }

    /// Starts a run in one world: fresh fuel and an empty trace.
    pub fn begin(&mut self) {
        self.fuel = WORLD_FUEL.min(self.total);
        self.total -= self.fuel;
        self.trace.clear();
        self.depth = 0;
        self.tolerant = 0;
        self.active.clear();
    }

    /// Ends a run: what it rested on. Fuel that is left goes back.
    pub fn finish(&mut self) -> BTreeSet<Used> {
        self.total += self.fuel;
        self.fuel = 0;
        std::mem::take(&mut self.trace)
    }

    /// Evaluates an expression.
    ///
    /// # Errors
    /// [`NeedSplit`] when a branch depends on a symbol that the world does not fix; never in a
    /// frozen world.
    pub fn eval(&mut self, node: &Node, env: Env<'_>) -> Result<Value, NeedSplit> {
        if !self.spend(1) {
            return Ok(self.out_of_bounds(node, "evaluation takes too many steps"));
        }
        if self.depth >= MAX_DEPTH {
            return Ok(self.out_of_bounds(node, "expressions and references nest too deep"));
        }
        self.depth += 1;
        let result = self.expression(node, env);
        self.depth -= 1;
        result
    }

    /// Takes fuel; false when there is too little.
    pub(super) fn spend(&mut self, steps: usize) -> bool {
        let enough = self.fuel > steps;
        self.fuel = self.fuel.saturating_sub(steps);
        enough
    }

    /// What stands for an expression beyond a bound.
    pub(super) fn out_of_bounds(&mut self, node: &Node, why: &str) -> Value {
        let origin = self.origins.literal(node.span);
        let label = self.excerpt(node.span);
        self.add_note(origin, &label, why, true);
        let id = self.intern(&format!("bound:{label}"), &label, origin, Class::Opaque);
        Value::new(Kind::Symbol(id), origin)
    }

    /// Records a note once.
    pub(super) fn add_note(&mut self, origin: Origin, what: &str, why: &str, bound: bool) {
        self.note_once(Note { origin, what: what.into(), why: why.into(), bound, pin: None });
    }

    fn note_once(&mut self, note: Note) {
        let index = self.notes.iter().position(|n| *n == note).unwrap_or_else(|| {
            self.notes.push(note);
            self.notes.len() - 1
        });
        self.trace.insert(Used::Note(index));
    }

    /// Records an oddity once.
    pub(super) fn add_oddity(&mut self, oddity: Oddity) {
        let index = self.oddities.iter().position(|known| *known == oddity).unwrap_or_else(|| {
            self.oddities.push(oddity);
            self.oddities.len() - 1
        });
        self.trace.insert(Used::Oddity(index));
    }

    /// Records something that the evaluation rests on.
    pub(super) fn used(&mut self, used: Used) {
        self.trace.insert(used);
    }

    /// The source text of a span, shortened, on one line.
    pub(super) fn excerpt(&self, span: Span) -> String {
        excerpt(&self.files.db.slice(span))
    }

    /// The symbol of `key`, one of which nothing is known but its name.
    pub fn intern(&mut self, key: &str, label: &str, origin: Origin, class: Class) -> SymbolId {
        self.symbols.intern(key, || Symbol {
            label: label.into(),
            origin,
            class,
            default: None,
            allowed: None,
            pin: None,
        })
    }

    /// What is known of a symbol beyond its class, to be added to.
    pub(super) fn fact(&mut self, id: SymbolId) -> &mut Fact {
        self.facts.entry(id).or_default()
    }

    /// Whether a value stands for something that Terraform would refuse.
    pub(super) fn is_failed(&self, value: &Value) -> bool {
        matches!(&value.kind, Kind::Symbol(id) if self.facts.get(id).is_some_and(|f| f.failed))
    }

    /// What stands for an expression that Terraform would refuse: unknown, and known to `try`.
    pub(super) fn failed(&mut self, node: &Node, env: Env<'_>, why: &str) -> Value {
        let origin = self.origins.literal(node.span);
        let label = self.excerpt(node.span);
        let key = format!("failed:{}", self.expression_key(node, env.scope));
        let id = match self.symbols.find(&key) {
            Some(known) => known,
            None => {
                let (class, pin) = (Class::Opaque, self.pin_of(&self.inputs_of(node)));
                let (default, allowed, label) = (None, None, label.clone());
                self.symbols.intern(&key, || Symbol { label, origin, class, default, allowed, pin })
            }
        };
        self.fact(id).failed = true;
        if self.tolerant == 0 && env.mode != Mode::Default {
            let pin = self.symbols.get(id).pin.clone();
            self.note_once(Note { origin, what: label, why: why.into(), bound: false, pin });
        }
        Value::new(Kind::Symbol(id), origin)
    }

    /// Forgets every value.
    pub(super) fn forget(&mut self) {
        self.memo.clear();
    }

    /// Evaluates once in each world and mode; a reference to itself is a failed expression.
    pub(super) fn remember(
        &mut self,
        memo: Memo,
        node: &Node,
        env: Env<'_>,
        run: impl FnOnce(&mut Self) -> Result<Known, NeedSplit>,
    ) -> Result<Known, NeedSplit> {
        if env.mode != Mode::Default && self.memo_world != *env.world {
            self.memo.retain(|(_, mode), _| *mode == Mode::Default);
            self.memo_world = env.world.clone();
        }
        let key = (memo, env.mode);
        if let Some((known, used)) = self.memo.get(&key) {
            self.trace.extend(used.iter().cloned());
            let (known, steps) = (known.clone(), used.len() / 2);
            self.spend(steps);
            return Ok(known);
        }
        if self.active.contains(&key) {
            return Ok(Known::Value(self.failed(node, env, "it refers to itself")));
        }
        self.active.push(key.clone());
        let outer = std::mem::take(&mut self.trace);
        let result = run(self);
        self.active.pop();
        let inner = std::mem::replace(&mut self.trace, outer);
        self.trace.extend(inner.iter().cloned());
        self.spend(inner.len() / 2);
        if let Ok(known) = &result {
            self.memo.insert(key, (known.clone(), inner));
        }
        result
    }

    /// Asks for a split, unless the world is frozen: then the branch stays open.
    ///
    /// # Errors
    /// [`NeedSplit`], in a world that is not frozen.
    pub(super) fn split(
        &self,
        env: Env<'_>,
        symbol: SymbolId,
        cells: Vec<crate::resolve::Cell>,
    ) -> Result<(), NeedSplit> {
        if env.world.is_frozen() { Ok(()) } else { Err(NeedSplit { symbol, cells }) }
    }
}
