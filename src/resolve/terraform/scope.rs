//! What names mean where an expression stands.

use std::sync::Arc;

use crate::resolve::{SymbolId, Value, World};

/// How an expression is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// As data: a variable that nobody gave a value is its default.
    Data,
    /// As a branch: such a variable is a symbol, since other values lead elsewhere.
    Branch,
    /// As it would be if every default held and nobody chose anything: to find the default of a
    /// symbol that stands for a whole expression. The world does not count.
    Default,
}

/// Where and how an expression is evaluated.
#[derive(Debug, Clone, Copy)]
pub struct Env<'s> {
    /// The names in scope.
    pub scope: &'s Scope<'s>,
    /// What is assumed of symbols.
    pub world: &'s World,
    /// How to read it.
    pub mode: Mode,
}

impl<'s> Env<'s> {
    /// An expression that is used as data.
    pub fn data(scope: &'s Scope<'s>, world: &'s World) -> Self {
        Self { scope, world, mode: Mode::Data }
    }

    /// The same place, read in another mode. Evaluation under defaults stays so.
    #[must_use]
    pub fn mode(self, mode: Mode) -> Self {
        match self.mode {
            Mode::Default => self,
            _ => Self { mode, ..self },
        }
    }

    /// The same world and mode with more names in scope.
    #[must_use]
    pub fn scope<'n>(self, scope: &'n Scope<'n>) -> Env<'n>
    where
        's: 'n,
    {
        Env { scope, world: self.world, mode: self.mode }
    }
}

/// The names bound around an expression: `each`, `count`, the names of `for` expressions, the
/// iterators of dynamic blocks, the variables of a template.
#[derive(Debug, Default)]
pub struct Scope<'s> {
    parent: Option<&'s Scope<'s>>,
    names: Vec<(Arc<str>, Value)>,
    isolated: bool,
    rest: Option<SymbolId>,
}

impl<'s> Scope<'s> {
    /// The scope of a module: no names but those of the module itself.
    pub fn module() -> Self {
        Self::default()
    }

    /// The scope of a resource instance.
    pub fn instance(names: &[(Arc<str>, Value)]) -> Self {
        Self { names: names.to_vec(), ..Self::default() }
    }

    /// This scope with more names.
    pub fn with(&'s self, names: Vec<(Arc<str>, Value)>) -> Scope<'s> {
        Scope { parent: Some(self), names, isolated: false, rest: None }
    }

    /// The scope of a template file: its variables and nothing else. `rest` stands for further
    /// variables that are not known.
    pub fn template(names: Vec<(Arc<str>, Value)>, rest: Option<SymbolId>) -> Self {
        Self { parent: None, names, isolated: true, rest }
    }

    /// What a name is bound to.
    pub fn lookup(&self, name: &str) -> Option<&Value> {
        let found = self.names.iter().rev().find(|(n, _)| &**n == name);
        match (found, self.parent) {
            (Some((_, value)), _) => Some(value),
            (None, Some(parent)) => parent.lookup(name),
            (None, None) => None,
        }
    }

    /// Whether the names of the module (`var`, `local`, resources) cannot be seen from here.
    pub fn is_isolated(&self) -> bool {
        self.isolated || self.parent.is_some_and(Scope::is_isolated)
    }

    /// What stands for template variables that are not known by name.
    pub fn rest(&self) -> Option<SymbolId> {
        self.rest.or_else(|| self.parent.and_then(Scope::rest))
    }
}
