//! `${name}` in the texts of a value, where somebody puts a value in its place before the text counts.
//!
//! A file that is read for itself may be rendered (`templatefile` of Terraform, `Fn::Sub` around
//! `AWS::Include`, stage variables), and nobody says here to what. API Gateway itself replaces the three
//! variables of [`of_import`] when it imports an OpenAPI document. A policy variable (`${aws:username}`)
//! is none of these.

use std::sync::Arc;

use crate::resolve::cloudformation::{placeholders, shorten};
use crate::resolve::{Class, Item, Kind, Map, Piece, Rest, Symbol, SymbolId, Symbols, Text, Value};
use crate::source::{Origin, Origins};

/// How deep a value is looked through: the parsers end far earlier.
const MAX_DEPTH: usize = 160;

/// What stands behind a name; `None` where `${name}` is text that means itself.
pub(super) type Meaning = fn(&str) -> Option<Class>;

/// The AWS variables of an OpenAPI document (Developer Guide, "AWS variables for OpenAPI import"):
/// API Gateway resolves them, whoever writes them down.
pub(super) fn of_import(name: &str) -> Option<Class> {
    match name {
        "AWS::AccountId" => Some(Class::OwnerAccount),
        "AWS::Partition" => Some(Class::Partition),
        "AWS::Region" => Some(Class::Region),
        _ => None,
    }
}

/// The placeholders of whoever renders a file. Policy variables have a prefix, and three of one
/// character stand for that character (AWS, "IAM policy elements: Variables and tags").
pub(super) fn of_rendering(name: &str) -> Option<Class> {
    let variable = matches!(name, "*" | "?" | "$")
        || name.split_once(':').is_some_and(|(_, rest)| !rest.starts_with(':'));
    (!variable).then_some(Class::Opaque)
}

/// The value with a symbol for each `${name}` that means something.
pub(super) fn open(
    value: &Value,
    symbols: &mut Symbols,
    origins: &mut Origins,
    meaning: Meaning,
) -> Value {
    Opener { symbols, origins, meaning }.opened(value, 0)
}

struct Opener<'a> {
    symbols: &'a mut Symbols,
    origins: &'a mut Origins,
    meaning: Meaning,
}

impl Opener<'_> {
    fn opened(&mut self, value: &Value, depth: usize) -> Value {
        if depth > MAX_DEPTH {
            return value.clone();
        }
        let kind = match &value.kind {
            Kind::Text(text) => Kind::Text(self.pieces(text)),
            Kind::List(items) => Kind::List(
                items
                    .iter()
                    .map(|item| match item {
                        Item::One(value) => Item::One(self.opened(value, depth + 1)),
                        many @ Item::Many(..) => many.clone(),
                    })
                    .collect(),
            ),
            Kind::Map(map) => {
                let mut out =
                    Map { entries: Vec::with_capacity(map.entries.len()), rest: map.rest };
                for (key, value) in &map.entries {
                    let hole = placeholders(&key.text)
                        .find_map(|hole| self.class(hole.escaped, hole.name).zip(Some(hole.name)));
                    match hole {
                        // A key that is not known may be any key.
                        Some((class, name)) => {
                            let id = self.symbol(name, class, key.origin);
                            out.rest = Some((id, Rest::Over));
                        }
                        None => out.entries.push((key.clone(), self.opened(value, depth + 1))),
                    }
                }
                Kind::Map(Arc::new(out))
            }
            kind => kind.clone(),
        };
        Value::new(kind, value.origin)
    }

    fn class(&self, escaped: bool, name: &str) -> Option<Class> {
        if escaped { None } else { (self.meaning)(name) }
    }

    fn pieces(&mut self, text: &Text) -> Text {
        let mut out = Vec::with_capacity(text.0.len());
        for piece in &text.0 {
            let Piece::Lit { text, map, origin } = piece else {
                out.push(piece.clone());
                continue;
            };
            let mut from = 0;
            let push = |from: usize, to: usize, out: &mut Vec<Piece>| {
                if let Some(part) = text.get(from..to).filter(|part| !part.is_empty()) {
                    let map = map.cut(from..to);
                    out.push(Piece::Lit { text: part.into(), map, origin: *origin });
                }
            };
            for hole in placeholders(text) {
                let Some(class) = self.class(hole.escaped, hole.name) else { continue };
                push(from, hole.range.start, &mut out);
                let at = map.span(hole.range.clone());
                let at = self.origins.narrow(*origin, at);
                out.push(Piece::Hole(self.symbol(hole.name, class, at), at));
                from = hole.range.end;
            }
            push(from, text.len(), &mut out);
        }
        Text(out)
    }

    /// The value that a name stands for: the same wherever it is written.
    fn symbol(&mut self, name: &str, class: Class, at: Origin) -> SymbolId {
        let shown = if class == Class::Opaque { format!("${{{name}}}") } else { name.to_owned() };
        self.symbols.intern(&format!("placeholder:{name}"), || Symbol {
            label: shorten(&shown),
            origin: at,
            class,
            default: None,
            allowed: None,
            pin: None,
        })
    }
}
