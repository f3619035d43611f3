//! Symbols: values that nobody gave, each one fixed value chosen by whoever deploys.

use std::collections::BTreeMap;

use super::value::Value;
use crate::source::Origin;

/// A symbol of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SymbolId(pub u32);

/// What is known of a symbol.
#[derive(Debug, Clone)]
pub struct Symbol {
    /// How a person names it: `var.allowed_ips`, `Environment`, `data.aws_vpc.main.id`.
    pub label: String,
    /// Where it is declared or used first.
    pub origin: Origin,
    /// What kind of unknown it is.
    pub class: Class,
    /// Its default. A symbol with a default is the default wherever it is used as data; it is
    /// asked for as a symbol only where it decides a branch.
    pub default: Option<Value>,
    /// The only values it can have, where the template says so.
    pub allowed: Option<Vec<super::Literal>>,
    /// The flag that would pin it: `--var allowed_ips=...`.
    pub pin: Option<String>,
}

/// The kinds of unknowns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// A parameter, variable or workspace: whoever deploys chooses it.
    Input,
    /// The id of a resource of this unit, or one that a data source found: ours, and exact.
    OwnId(IdKind),
    /// The account that deploys.
    OwnerAccount,
    /// The region deployed to.
    Region,
    /// The partition deployed to.
    Partition,
    /// The execution ARN of an API of this unit (`arn:..:execute-api:region:account:id`, nothing
    /// behind it). Which API is in the label; `extract` turns it into this or another API.
    ExecutionArn,
    /// The id of an API of this unit.
    ApiId,
    /// A value from outside the templates: an import, a remote state, a secret.
    External,
    /// An expression that could not be evaluated.
    Opaque,
}

/// What an own id names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdKind {
    /// A VPC endpoint.
    VpcEndpoint,
    /// A VPC.
    Vpc,
    /// Anything else.
    Other,
}

/// The symbols of one unit, interned by a key: the same key is the same symbol.
#[derive(Debug, Default, Clone)]
pub struct Symbols {
    table: Vec<Symbol>,
    by_key: BTreeMap<String, SymbolId>,
    elements: BTreeMap<SymbolId, Value>,
}

impl Symbols {
    /// No symbols.
    pub fn new() -> Self {
        Self::default()
    }

    /// The symbol of `key` (module instance and what it is), made by `make` at the first call.
    pub fn intern(&mut self, key: &str, make: impl FnOnce() -> Symbol) -> SymbolId {
        if let Some(&id) = self.by_key.get(key) {
            return id;
        }
        let id = SymbolId(u32::try_from(self.table.len()).unwrap_or(u32::MAX));
        self.table.push(make());
        self.by_key.insert(key.to_owned(), id);
        id
    }

    /// The symbol of `key`, when there is one.
    pub fn find(&self, key: &str) -> Option<SymbolId> {
        self.by_key.get(key).copied()
    }

    /// The symbol of `id`.
    pub fn get(&self, id: SymbolId) -> &Symbol {
        &self.table[id.0 as usize]
    }

    /// What is known of each element of an unknown stretch: a text with symbols of its own.
    pub fn element(&self, id: SymbolId) -> Option<&Value> {
        self.elements.get(&id)
    }

    /// Says what each element of an unknown stretch is like. The symbol is of that stretch only.
    pub fn set_element(&mut self, id: SymbolId, element: Value) {
        self.elements.entry(id).or_insert(element);
    }

    /// All symbols, in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (SymbolId, &Symbol)> {
        self.table.iter().enumerate().map(|(i, s)| (SymbolId(u32::try_from(i).unwrap_or(0)), s))
    }
}
