//! Values: what an expression evaluates to in one world. Clones are cheap.

use std::sync::Arc;

use super::SymbolId;
use crate::source::Origin;
use crate::syntax::SpanMap;

/// A value and where it comes from.
#[derive(Debug, Clone)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Where it comes from.
    pub origin: Origin,
}

/// The kinds of values.
#[derive(Debug, Clone)]
pub enum Kind {
    /// HCL `null`, `AWS::NoValue`, JSON `null`: the slot is absent.
    Null,
    /// A Boolean.
    Bool(bool),
    /// A number as its source text: account ids and versions keep their digits.
    Number(Arc<str>),
    /// Text, perhaps with holes.
    Text(Text),
    /// A list, perhaps with unknown stretches.
    List(Arc<[Item]>),
    /// A map, perhaps with an unknown part.
    Map(Arc<Map>),
    /// Something unknown.
    Symbol(SymbolId),
}

/// One place of a list.
#[derive(Debug, Clone)]
pub enum Item {
    /// One element.
    One(Value),
    /// An unknown number of unknown elements: `concat(var.statements, [...])`.
    Many(SymbolId, Origin),
}

/// A map. Duplicate keys are kept in source order, for `extract` to judge.
#[derive(Debug, Clone, Default)]
pub struct Map {
    /// The known entries.
    pub entries: Vec<(Key, Value)>,
    /// An unknown part, and whether it may overwrite the entries.
    pub rest: Option<(SymbolId, Rest)>,
}

/// A key and its token.
#[derive(Debug, Clone)]
pub struct Key {
    /// The text.
    pub text: Arc<str>,
    /// The token.
    pub origin: Origin,
}

/// How the unknown part of a map relates to the known entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Known entries win.
    Under,
    /// The unknown part may overwrite known entries.
    Over,
}

/// Text in pieces: known text and holes.
#[derive(Debug, Clone, Default)]
pub struct Text(pub Vec<Piece>);

/// A piece of text.
#[derive(Debug, Clone)]
pub enum Piece {
    /// Known text.
    Lit {
        /// The text.
        text: Arc<str>,
        /// Where its bytes are written.
        map: SpanMap,
        /// How it came here. The last node of the chain is the token that `map` points into.
        origin: Origin,
    },
    /// Unknown text.
    Hole(SymbolId, Origin),
}

impl Value {
    /// A value of that kind.
    pub fn new(kind: Kind, origin: Origin) -> Self {
        Self { kind, origin }
    }

    /// Whether the value is `true`, as a boolean or as the text that CloudFormation and Terraform take
    /// for one.
    pub fn is_true(&self) -> bool {
        self.known_text().as_deref() == Some("true")
    }

    /// The unknown value that this one is, or the first in its text.
    pub fn hole(&self) -> Option<SymbolId> {
        match &self.kind {
            Kind::Symbol(id) => Some(*id),
            Kind::Text(text) => text.0.iter().find_map(|piece| match piece {
                Piece::Hole(id, _) => Some(*id),
                Piece::Lit { .. } => None,
            }),
            _ => None,
        }
    }

    /// The text of a known string, number or Boolean.
    pub fn known_text(&self) -> Option<String> {
        match &self.kind {
            Kind::Bool(b) => Some(b.to_string()),
            Kind::Number(n) => Some(n.to_string()),
            Kind::Text(text) => text.known(),
            _ => None,
        }
    }

    /// The entry of `key` in a map: the last one, where the key stands twice.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let Kind::Map(map) = &self.kind else { return None };
        map.entries.iter().rev().find(|(k, _)| &*k.text == key).map(|(_, v)| v)
    }

    /// Whether nothing in the value is unknown.
    pub fn is_known(&self) -> bool {
        match &self.kind {
            Kind::Null | Kind::Bool(_) | Kind::Number(_) => true,
            Kind::Symbol(_) => false,
            Kind::Text(text) => text.0.iter().all(|p| matches!(p, Piece::Lit { .. })),
            Kind::List(items) => items.iter().all(|i| matches!(i, Item::One(v) if v.is_known())),
            Kind::Map(map) => map.rest.is_none() && map.entries.iter().all(|(_, v)| v.is_known()),
        }
    }
}

impl Text {
    /// The whole text, when no piece of it is unknown.
    pub fn known(&self) -> Option<String> {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Lit { text, .. } => out.push_str(text),
                Piece::Hole(..) => return None,
            }
        }
        Some(out)
    }
}
