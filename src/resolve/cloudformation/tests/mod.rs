//! Evaluation of expressions, each as the value `V` of a small template.

mod conditions;
mod functions;
mod hostile;
mod parameters;

use std::collections::BTreeMap;
use std::path::Path;

use super::{Scope, Template, Unit};
use crate::resolve::world::explore;
use crate::resolve::{Cell, Item, Kind, Literal, Piece, Rest, Symbols, Value, World};
use crate::source::{Origins, SourceDb, Span};
use crate::syntax::{Document, yaml};

type Given = BTreeMap<String, Vec<String>>;

/// A template and its evaluated worlds.
struct Case {
    db: SourceDb,
    document: Document,
    given: Given,
}

/// What `V` is in one world.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    world: String,
    value: String,
}

impl Case {
    fn new(text: &str) -> Self {
        let db = SourceDb::new();
        let file = db.add(Path::new("t.yaml"), "t.yaml".into(), text);
        let document = yaml::parse_file(file, text);
        assert!(document.errors.is_empty(), "{:?}", document.errors);
        Self { db, document, given: Given::new() }
    }

    fn give(mut self, name: &str, values: &[&str]) -> Self {
        let values = values.iter().map(|v| (*v).to_owned()).collect();
        self.given.insert(name.into(), values);
        self
    }

    fn unit(&self) -> Unit<'_> {
        let template = Template::read(&self.document.roots[0]);
        Unit::new(template, &self.given, Symbols::new(), Origins::new(), "")
    }

    /// `V` in every world, with the unit that it was evaluated in.
    fn worlds(&self) -> (Unit<'_>, Vec<(World, Value)>) {
        let node = self.document.roots[0].get("V").expect("a value `V`").clone();
        let mut unit = self.unit();
        let explored = explore(
            &mut unit,
            |unit| &unit.symbols,
            |unit, world| {
                unit.start_run();
                unit.eval(&node, &Scope::default(), world)
            },
        );
        (unit, explored.worlds)
    }

    /// `V` in every world, in words.
    fn seen(&self) -> Vec<Seen> {
        let (unit, worlds) = self.worlds();
        worlds
            .iter()
            .map(|(world, value)| Seen {
                world: world_text(world, &unit.symbols),
                value: show(value, &unit.symbols),
            })
            .collect()
    }

    /// `V` in its only world, in words.
    fn only(&self) -> String {
        let mut seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen.remove(0).value
    }

    fn slice(&self, span: Span) -> String {
        self.db.slice(span)
    }
}

fn only(text: &str) -> String {
    Case::new(text).only()
}

fn seen(text: &str) -> Vec<(String, String)> {
    Case::new(text).seen().into_iter().map(|s| (s.world, s.value)).collect()
}

fn pairs(seen: &[(String, String)]) -> Vec<(&str, &str)> {
    seen.iter().map(|(w, v)| (w.as_str(), v.as_str())).collect()
}

fn world_text(world: &World, symbols: &Symbols) -> String {
    let literal = |l: &Literal| match l {
        Literal::Text(t) | Literal::Number(t) => t.to_string(),
        Literal::Bool(b) => b.to_string(),
        Literal::Null => "null".into(),
    };
    world
        .picks()
        .iter()
        .map(|(id, cell)| {
            let label = &symbols.get(*id).label;
            match cell {
                Cell::Is(l) => format!("{label}={}", literal(l)),
                Cell::NotIn(not) => {
                    let not: Vec<_> = not.iter().map(literal).collect();
                    format!("{label}!={}", not.join("|"))
                }
            }
        })
        .collect::<Vec<_>>()
        .join(", ")
}

/// A value in words: text bare, symbols as `${label}`, unknown stretches with `..`.
fn show(value: &Value, symbols: &Symbols) -> String {
    match &value.kind {
        Kind::Null => "null".into(),
        Kind::Bool(b) => b.to_string(),
        Kind::Number(n) => n.to_string(),
        Kind::Symbol(id) => format!("${{{}}}", symbols.get(*id).label),
        Kind::Text(text) => text
            .0
            .iter()
            .map(|p| match p {
                Piece::Lit { text, .. } => text.to_string(),
                Piece::Hole(id, _) => format!("${{{}}}", symbols.get(*id).label),
            })
            .collect(),
        Kind::List(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|i| match i {
                    Item::One(v) => show(v, symbols),
                    Item::Many(id, _) => format!("..${{{}}}", symbols.get(*id).label),
                })
                .collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Map(map) => {
            let mut entries: Vec<String> = map
                .entries
                .iter()
                .map(|(k, v)| format!("{}: {}", k.text, show(v, symbols)))
                .collect();
            if let Some((id, rest)) = map.rest {
                let how = if rest == Rest::Over { "over" } else { "under" };
                entries.push(format!("..{how} ${{{}}}", symbols.get(id).label));
            }
            format!("{{{}}}", entries.join(", "))
        }
    }
}
