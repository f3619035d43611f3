//! Expressions, one module in memory each.

mod bounds;
mod branches;
mod documents;
mod files;
mod functions;
mod origins;
mod overrides;
mod references;
mod soundness;
mod unknowns;
mod variables;
mod vectors;
mod written;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Env, Evaluator, Files, Given, Module, Scope};
use crate::resolve::{Explored, Item, Kind, Piece, Text, Value, World, explore};
use crate::source::{MemoryFs, SourceDb};
use crate::syntax::hcl;

/// A module whose files stand in memory under `/m`.
pub(super) struct Bench {
    db: SourceDb,
    fs: MemoryFs,
    roots: Vec<PathBuf>,
    flags: BTreeMap<String, Vec<String>>,
    tf: String,
    tfvars: Vec<String>,
}

impl Bench {
    pub(super) fn new(tf: &str) -> Self {
        let mut fs = MemoryFs::new();
        fs.add("/m/main.tf", tf);
        Self {
            db: SourceDb::new(),
            fs,
            roots: vec!["/m".into()],
            flags: BTreeMap::new(),
            tf: tf.to_owned(),
            tfvars: Vec::new(),
        }
    }

    pub(super) fn file(mut self, path: &str, text: &str) -> Self {
        self.fs.add(path, text);
        self
    }

    pub(super) fn flag(mut self, name: &str, values: &[&str]) -> Self {
        self.flags.insert(name.into(), values.iter().map(|v| (*v).to_owned()).collect());
        self
    }

    pub(super) fn tfvars(mut self, text: &str) -> Self {
        self.tfvars.push(text.to_owned());
        self
    }

    /// Runs `work` with an evaluator of the module.
    pub(super) fn run<T>(&self, work: impl FnOnce(&mut Evaluator<'_>) -> T) -> T {
        let id = self.db.add(Path::new("/m/main.tf"), "main.tf".into(), self.tf.as_str());
        let document = hcl::parse_file(id, &self.tf);
        assert_eq!(document.errors, Vec::new(), "the module is well-formed");
        let body = document.body.expect("a body");
        let mut given = Given::flags(&self.flags);
        for text in &self.tfvars {
            let id = self.db.add(Path::new("/m/x.tfvars"), "x.tfvars".into(), text.as_str());
            given.add_body(&hcl::parse_file(id, text).body.expect("a body"));
        }
        let module = Module::new("/m".into(), String::new(), body.into_blocks(), &[]);
        let files = Files { db: &self.db, fs: &self.fs, roots: &self.roots };
        work(&mut Evaluator::new(module, files, given))
    }

    /// `local.out` in every world, as text; each with the world it belongs to.
    pub(super) fn worlds(&self) -> Vec<(String, String)> {
        self.run(|evaluator| {
            let explored = explore_out(evaluator);
            assert!(!explored.bounded, "the worlds are bounded");
            let worlds = explored.worlds.iter();
            worlds
                .map(|(world, value)| (describe(evaluator, world), show(evaluator, value)))
                .collect()
        })
    }

    /// `local.out`, where it needs no split.
    pub(super) fn out(&self) -> String {
        let mut worlds = self.worlds();
        assert_eq!(worlds.len(), 1, "one world, not {worlds:?}");
        worlds.remove(0).1
    }

    /// The notes that evaluating `local.out` leaves.
    pub(super) fn notes(&self) -> Vec<String> {
        self.run(|evaluator| {
            explore_out(evaluator);
            (0..)
                .map_while(|i| evaluator.note(i))
                .map(|n| format!("{}: {}", n.what, n.why))
                .collect()
        })
    }

    /// The source text and the steps of the leaf of `local.out` whose text is `leaf`.
    pub(super) fn steps(&self, leaf: &str) -> Vec<String> {
        self.run(|evaluator| {
            let explored = explore_out(evaluator);
            let (_, value) = &explored.worlds[0];
            let origin = find(value, leaf).unwrap_or_else(|| panic!("no leaf {leaf}"));
            let steps = evaluator.origins.steps(origin).into_iter();
            steps.map(|n| format!("{:?} {}", n.step, self.db.slice(n.at))).collect()
        })
    }
}

fn explore_out(evaluator: &mut Evaluator<'_>) -> Explored<Value> {
    let module = evaluator.module();
    let out = module.locals.get("out").expect("`local.out`").value.clone();
    explore(
        evaluator,
        |evaluator| &evaluator.symbols,
        |evaluator, world| {
            evaluator.begin();
            let scope = Scope::module();
            let value = evaluator.eval(&out, Env::data(&scope, world));
            evaluator.finish();
            value
        },
    )
}

/// The picks of a world, the default world marked.
fn describe(evaluator: &Evaluator<'_>, world: &World) -> String {
    let mut words: Vec<String> = world
        .picks()
        .iter()
        .map(|(id, cell)| {
            let label = &evaluator.symbols.get(*id).label;
            match cell {
                crate::resolve::Cell::Is(is) => format!("{label} = {}", literal(is)),
                crate::resolve::Cell::NotIn(not) => {
                    let not: Vec<String> = not.iter().map(literal).collect();
                    format!("{label} != {}", not.join(" | "))
                }
            }
        })
        .collect();
    if !world.is_default(&evaluator.symbols) {
        words.push("(other)".into());
    }
    words.join(", ")
}

fn literal(literal: &crate::resolve::Literal) -> String {
    use crate::resolve::Literal;
    match literal {
        Literal::Null => "null".into(),
        Literal::Bool(b) => b.to_string(),
        Literal::Number(n) => n.to_string(),
        Literal::Text(t) => format!("{t:?}"),
    }
}

/// A value in one line: holes as `<label>`, unknown stretches as `<label>*`.
pub(super) fn show(evaluator: &Evaluator<'_>, value: &Value) -> String {
    let label = |id: crate::resolve::SymbolId| format!("<{}>", evaluator.symbols.get(id).label);
    match &value.kind {
        Kind::Null => "null".into(),
        Kind::Bool(b) => b.to_string(),
        Kind::Number(n) => n.to_string(),
        Kind::Symbol(id) => label(*id),
        Kind::Text(Text(pieces)) => {
            let text: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Lit { text, .. } => text.to_string(),
                    Piece::Hole(id, _) => label(*id),
                })
                .collect();
            format!("{text:?}")
        }
        Kind::List(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| match item {
                    Item::One(v) => show(evaluator, v),
                    Item::Many(id, _) => format!("{}*", label(*id)),
                })
                .collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Map(map) => {
            let mut entries: Vec<String> = map
                .entries
                .iter()
                .map(|(k, v)| format!("{}: {}", k.text, show(evaluator, v)))
                .collect();
            if let Some((id, rest)) = map.rest {
                entries.push(format!("{rest:?} {}", label(id)));
            }
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// The origin of the leaf of that text.
fn find(value: &Value, leaf: &str) -> Option<crate::source::Origin> {
    match &value.kind {
        Kind::List(items) => items.iter().find_map(|item| match item {
            Item::One(v) => find(v, leaf),
            Item::Many(..) => None,
        }),
        Kind::Map(map) => map.entries.iter().find_map(|(_, v)| find(v, leaf)),
        _ => (value.known_text().as_deref() == Some(leaf)).then_some(value.origin),
    }
}

/// `local.out` of an expression.
pub(super) fn out(expression: &str) -> String {
    Bench::new(&format!("locals {{\n  out = {expression}\n}}\n")).out()
}

/// The worlds of `text`, joined for a comparison.
pub(super) fn worlds(text: &str) -> Vec<String> {
    let worlds = Bench::new(text).worlds();
    worlds.into_iter().map(|(world, value)| format!("{world} => {value}")).collect()
}

#[test]
fn names_of_inner_scopes_hide_outer_ones() {
    assert_eq!(out(r#"[for x in ["a"] : [for x in ["b"] : x]]"#), r#"[["b"]]"#);
    assert!(Scope::template(Vec::new(), None).with(Vec::new()).is_isolated());
    assert!(!Scope::module().is_isolated());
}
