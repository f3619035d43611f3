//! Leaves: strings of a policy, perhaps with unknown parts, each with its origin.

use std::sync::Arc;

use crate::source::Origin;

/// An unknown value: its number in the unit's [`SymbolTable`] and its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SymbolRef {
    /// Index into the table.
    pub id: u32,
    /// What kind of unknown it is.
    pub class: SymbolClass,
}

/// The kinds of unknowns, as the decision procedure tells them apart (SEMANTICS 3.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SymbolClass {
    /// A parameter or variable.
    Input,
    /// The id of a VPC endpoint of this unit: ours.
    OwnVpcEndpoint,
    /// The id of a VPC of this unit: ours.
    OwnVpc,
    /// Another id of this unit.
    OwnOther,
    /// The account that the API is deployed in.
    OwnerAccount,
    /// The region that the API is deployed in.
    Region,
    /// The partition that the API is deployed in.
    Partition,
    /// `arn:{partition}:execute-api:{region}:{account}:{id}` of the API that carries the policy.
    ThisApiArn,
    /// The id of the API that carries the policy.
    ThisApiId,
    /// The execution ARN or id of another API.
    OtherApi,
    /// A value from outside the templates.
    External,
    /// An expression that could not be evaluated.
    Opaque,
}

impl SymbolRef {
    /// What stands where AWS would refuse what is written: no symbol, and anything.
    pub const UNREADABLE: Self = Self { id: u32::MAX, class: SymbolClass::Opaque };
}

impl SymbolClass {
    /// Whether the value belongs to the deployer and never to an outsider.
    pub fn is_own(self) -> bool {
        matches!(self, Self::OwnVpcEndpoint | Self::OwnVpc | Self::OwnOther | Self::OwnerAccount)
    }
}

/// What is known of a symbol, for people.
#[derive(Debug, Clone)]
pub struct SymbolInfo {
    /// Its name: `var.allowed_ips`, `Environment`.
    pub label: String,
    /// Where it is declared.
    pub origin: Origin,
    /// The flag that would give it a value.
    pub pin: Option<String>,
}

/// The symbols of one unit, by [`SymbolRef::id`].
#[derive(Debug, Clone, Default)]
pub struct SymbolTable(pub Vec<SymbolInfo>);

impl SymbolTable {
    /// The label of a symbol.
    pub fn label(&self, symbol: SymbolRef) -> &str {
        self.0.get(symbol.id as usize).map_or("unknown value", |s| s.label.as_str())
    }

    /// What is known of a symbol.
    pub fn get(&self, symbol: SymbolRef) -> Option<&SymbolInfo> {
        self.0.get(symbol.id as usize)
    }
}

/// A string of a policy. Numbers and Booleans are their text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Leaf {
    /// Its parts; adjacent literals are joined, and an empty string has no part.
    pub parts: Vec<Part>,
    /// Its token.
    pub origin: Origin,
}

/// A part of a leaf.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// Known text.
    Lit(Arc<str>),
    /// Unknown text.
    Sym(SymbolRef),
}

impl Leaf {
    /// A known string.
    pub fn known(text: impl Into<Arc<str>>, origin: Origin) -> Self {
        let text = text.into();
        let parts = if text.is_empty() { Vec::new() } else { vec![Part::Lit(text)] };
        Self { parts, origin }
    }

    /// A leaf of those parts, adjacent literals joined.
    pub fn new(parts: impl IntoIterator<Item = Part>, origin: Origin) -> Self {
        let mut out: Vec<Part> = Vec::new();
        for part in parts {
            match (out.last_mut(), part) {
                (_, Part::Lit(text)) if text.is_empty() => {}
                (Some(Part::Lit(last)), Part::Lit(text)) => *last = format!("{last}{text}").into(),
                (_, part) => out.push(part),
            }
        }
        Self { parts: out, origin }
    }

    /// The text, when nothing in it is unknown.
    pub fn text(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Lit(text)] => Some(text),
            _ => None,
        }
    }

    /// The symbol, when the leaf is nothing else.
    pub fn symbol(&self) -> Option<SymbolRef> {
        if let [Part::Sym(symbol)] = self.parts.as_slice() { Some(*symbol) } else { None }
    }

    /// The unknown parts.
    pub fn symbols(&self) -> impl Iterator<Item = SymbolRef> + '_ {
        self.parts.iter().filter_map(|p| if let Part::Sym(s) = p { Some(*s) } else { None })
    }

    /// The text with each unknown part as `${label}`.
    pub fn display(&self, symbols: &SymbolTable) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Lit(text) => text.to_string(),
                Part::Sym(symbol) => placeholder(symbols.label(*symbol)),
            })
            .collect()
    }
}

/// An unknown part of a text in words; a name that has its delimiters (`{{ account }}`) is one already.
fn placeholder(label: &str) -> String {
    match ["${", "{{", "{%", "{#", "<%"].iter().any(|open| label.starts_with(open)) {
        true => label.to_owned(),
        false => format!("${{{label}}}"),
    }
}

/// A place of a list in a policy.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Entry<T> {
    /// One element.
    One(T),
    /// An unknown number of unknown elements.
    Many(SymbolRef, Origin),
}

impl<T> Entry<T> {
    /// The element, when it is one.
    pub fn one(&self) -> Option<&T> {
        if let Self::One(value) = self { Some(value) } else { None }
    }
}
