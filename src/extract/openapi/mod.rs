//! OpenAPI documents (SEMANTICS 4.3): the policy at their top level, their methods, and how those are
//! authorised. Shared by everything that a document is the body of.
//!
//! The policy is read with holes and exact places. A text that cannot be read is searched for the
//! key, so that what is not read is said and never taken for nothing.

pub mod alone;
mod methods;
mod schemes;
#[cfg(test)]
mod tests;

use crate::resolve::embedded::parse_json;
use crate::resolve::{Class, Kind, Piece, Rest, SymbolId, Symbols, Text, Value};
use crate::source::{Origin, Origins, Span};

pub(super) use methods::{ANY, Methods, Operation, Requirement, verb};
pub(super) use schemes::{Place, Schemes, place};

/// The key of a policy in an OpenAPI document.
pub(super) const POLICY: &str = "x-amazon-apigateway-policy";

/// What an OpenAPI document says of a policy.
#[derive(Debug)]
pub(super) enum Found {
    /// It has none, and nothing could bring one in.
    Nothing,
    /// It has this one.
    Policy {
        /// The key.
        key: Origin,
        /// The policy.
        value: Value,
        /// An unknown part of the document may put another one in its place.
        open: bool,
    },
    /// It is not known, or cannot be read, and may have one.
    NotRead,
}

/// The policy of the document `body`. `read` reads the document that a text holds.
pub(super) fn policy_of(body: &Value, read: impl FnOnce(&Text, Origin) -> Option<Value>) -> Found {
    let Kind::Text(text) = &body.kind else { return in_document(body) };
    if text.known().is_some_and(|text| text.trim().is_empty()) {
        return Found::Nothing;
    }
    match read(text, body.origin) {
        Some(document) => in_document(&document),
        None if may_hold_policy(text) => Found::NotRead,
        None => Found::Nothing,
    }
}

/// The document that a text holds, when it is JSON without an error.
pub(super) fn document_in(
    text: &Text,
    origin: Origin,
    symbols: &mut Symbols,
    origins: &mut Origins,
) -> Option<Value> {
    if !is_json(text) {
        return None;
    }
    let read = parse_json(text, origin, symbols, origins);
    read.value.filter(|_| read.errors.is_empty())
}

fn in_document(document: &Value) -> Found {
    let map = match &document.kind {
        Kind::Null => return Found::Nothing,
        Kind::Map(map) => map,
        _ => return Found::NotRead,
    };
    match map.entries.iter().rev().find(|(key, _)| &*key.text == POLICY) {
        Some((key, value)) => Found::Policy {
            key: key.origin,
            value: value.clone(),
            open: matches!(map.rest, Some((_, Rest::Over))),
        },
        None if map.rest.is_some() => Found::NotRead,
        None => Found::Nothing,
    }
}

/// Whether a text is JSON, if it is anything that AWS reads.
pub(super) fn is_json(text: &Text) -> bool {
    let first = text.0.iter().find_map(|piece| match piece {
        Piece::Lit { text, .. } => text.trim_start().chars().next(),
        Piece::Hole(..) => Some(' '),
    });
    first == Some('{')
}

/// Whether a text that is not read may hold the policy: it names the key, or something unknown stands
/// where a key may stand.
fn may_hold_policy(text: &Text) -> bool {
    let named = text
        .0
        .iter()
        .any(|piece| matches!(piece, Piece::Lit { text, .. } if text.contains(POLICY)));
    named || holes(text).any(|hole| hole.is_first)
}

/// The unknown value that keeps a text from being read. It may be any text, and best a number of lines,
/// those of the policy before others. Ids, regions and accounts are single words: they break nothing.
pub(super) fn hole_in_the_way(text: &Text, symbols: &Symbols) -> Option<(SymbolId, Origin)> {
    let is_any =
        |id| matches!(symbols.get(id).class, Class::Input | Class::External | Class::Opaque);
    let any = || holes(text).filter(|hole| is_any(hole.id));
    let found = any().find(|hole| hole.is_first && hole.is_behind_key);
    let found = found.or_else(|| any().find(|hole| hole.is_first)).or_else(|| any().next());
    found.map(|hole| (hole.id, hole.origin))
}

/// An unknown part of a text.
struct Hole {
    id: SymbolId,
    origin: Origin,
    /// Nothing stands before it on its line, so that it may be whole lines, or a key.
    is_first: bool,
    /// The key of the policy stands before it.
    is_behind_key: bool,
}

fn holes(text: &Text) -> impl Iterator<Item = Hole> {
    let (mut before, mut is_behind_key) = ("", false);
    text.0.iter().filter_map(move |piece| match piece {
        Piece::Lit { text, .. } => {
            before = text;
            is_behind_key |= text.contains(POLICY);
            None
        }
        Piece::Hole(id, origin) => {
            let line = before.rsplit('\n').next().unwrap_or("");
            let is_first = line.trim().is_empty();
            Some(Hole { id: *id, origin: *origin, is_first, is_behind_key })
        }
    })
}

/// Where the key stands at the start of a line of a text that is not read, and the origin of that
/// text.
pub(super) fn key_in_text(text: &Text) -> Option<(Origin, Span)> {
    text.0.iter().find_map(|piece| {
        let Piece::Lit { text, map, origin } = piece else { return None };
        let mut found = text.match_indices(POLICY);
        let (at, _) = found.find(|(at, _)| {
            let before = text.get(..*at).unwrap_or_default();
            let line = before.rsplit('\n').next().unwrap_or("");
            line.trim_start().trim_matches(['"', '\'']).is_empty()
        })?;
        Some((*origin, map.span(at..at + POLICY.len())))
    })
}
