//! Files that expressions name: read only inside the roots, and remembered.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::evaluator::Evaluator;
use super::scope::{Env, Scope};
use super::text::{MAX_TEXT, known_text, text_len, whole_token};
use crate::resolve::embedded::{self, Embedded};
use crate::resolve::embedded_yaml::{Dialect, parse_yaml};
use crate::resolve::{Item, Kind, Map, NeedSplit, Piece, Rest, Text, Value};
use crate::source::{
    FileId, Origin, Span, Step, confine, normalize, read_text, relative, shown_in,
};
use crate::syntax::{Node, SpanMap, hcl};

/// How deep embedded JSON is looked through for JSON that was put into it.
const MAX_DEPTH: usize = 40;

impl Evaluator<'_> {
    /// The files that were read, canonical.
    pub fn included(&self) -> BTreeSet<PathBuf> {
        self.loaded
            .iter()
            .filter(|(_, file)| file.is_some())
            .map(|(path, _)| path.clone())
            .collect()
    }

    /// The text of the file at a path: what a resource of the module writes there, or what lies on the
    /// disk.
    pub(super) fn file_text(
        &mut self,
        path: &Value,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let writers = self.writers(path, env)?;
        let writer = match writers.as_slice() {
            [] => return Ok(self.read_file(path, node, env)),
            [writer] => writer,
            // Which of them is the last is not known.
            _ => return Ok(self.opaque(node, env)),
        };
        let Some(made) = self.written(writer, path, node, env)? else {
            return Ok(self.read_file(path, node, env));
        };
        let copy = known_text(path).and_then(|path| self.load(&path).ok());
        let Some(copy) = copy.map(|file| Arc::clone(&self.files.db.file(file).text)) else {
            return Ok(made);
        };
        if known_text(&made).is_some_and(|made| *made == *copy) {
            return Ok(made);
        }
        let fresh = self.fresh(writer, node);
        Ok(match self.split_bool(fresh, env)? {
            Some(true) => made,
            Some(false) => self.read_file(path, node, env),
            None => self.opaque(node, env),
        })
    }

    /// The text of the file that lies at a path.
    pub(super) fn read_file(&mut self, path: &Value, node: &Node, env: Env<'_>) -> Value {
        let Some(path) = known_text(path) else { return self.opaque(node, env) };
        let file = match self.load(&path) {
            Ok(file) => file,
            Err(Refusal::Missing) => return self.failed(node, env, "there is no such file"),
            Err(Refusal::Outside) => {
                let origin = self.origins.literal(node.span);
                let label = self.excerpt(node.span);
                self.add_note(origin, &label, "outside the given roots", false);
                return self.opaque(node, env);
            }
        };
        let text = Arc::clone(&self.files.db.file(file).text);
        // Terraform keeps a byte order mark; JSON and templates are read without it.
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let text: Arc<str> = text.get(start..).unwrap_or_default().into();
        let whole = self.origins.literal(Span::new(file, start, start + text.len()));
        let origin = self.origins.add(node.span, Step::Include, Some(whole));
        let map = SpanMap::verbatim(file, start);
        Value::new(Kind::Text(Text(vec![Piece::Lit { text, map, origin }])), origin)
    }

    /// Whether a file is there; `None` when that is not known.
    pub(super) fn file_exists(
        &mut self,
        path: &Value,
        env: Env<'_>,
    ) -> Result<Option<bool>, NeedSplit> {
        let writers = self.writers(path, env)?;
        // What is to be written may be there or not, as what is to be removed.
        Ok(self.is_on_disk(path).filter(|_| writers.is_empty()))
    }

    /// Whether a file lies at a path; `None` when the path is not known or leads outside.
    pub(super) fn is_on_disk(&mut self, path: &Value) -> Option<bool> {
        match self.load(&known_text(path)?) {
            Ok(_) => Some(true),
            Err(Refusal::Missing) => Some(false),
            Err(Refusal::Outside) => None,
        }
    }

    fn load(&mut self, path: &str) -> Result<FileId, Refusal> {
        let target = Path::new(path);
        let base = self.module.dir.clone();
        let beside = self.module.beside.iter().filter(|_| target.is_relative());
        let mut bases = std::iter::once(&base).chain(beside);
        let find = |base: &PathBuf| confine(self.files.fs, self.files.roots, base, target);
        let Some(real) = bases.find_map(find) else {
            let joined = if target.is_absolute() { target.into() } else { base.join(target) };
            let there = self.files.fs.canonical(&joined).is_ok();
            return Err(if there || escapes(path) { Refusal::Outside } else { Refusal::Missing });
        };
        if let Some(known) = self.loaded.get(&real) {
            return known.ok_or(Refusal::Missing);
        }
        let text = read_text(self.files.fs, &real, MAX_TEXT);
        let display = self.display_of(&real);
        let file = text.map(|text| self.files.db.add(&real, display, text));
        self.loaded.insert(real, file);
        file.ok_or(Refusal::Missing)
    }

    /// How a file is printed: beside the module's own files.
    fn display_of(&self, real: &Path) -> String {
        shown_in(Path::new(&self.module.display), &relative(&self.module.dir, real))
    }

    /// Evaluates a text as a template with those variables.
    pub(super) fn render(
        &mut self,
        template: &Value,
        vars: &Value,
        node: &Node,
        env: Env<'_>,
    ) -> Result<Value, NeedSplit> {
        let (text, map) = match &template.kind {
            Kind::Text(Text(pieces)) => match pieces.as_slice() {
                [Piece::Lit { text, map, .. }] => (text.to_string(), map.clone()),
                _ => match known_text(template) {
                    Some(text) => {
                        let map = whole_token(&text, self.origins.span(template.origin));
                        (text, map)
                    }
                    None => return Ok(self.opaque(node, env)),
                },
            },
            _ => return Ok(self.opaque(node, env)),
        };
        if !self.spend(20 + text.len() / 64) {
            return Ok(self.out_of_bounds(node, "evaluation takes too many steps"));
        }
        let fragment = hcl::parse_template(&text, &map);
        if let Some(error) = fragment.errors.first() {
            let origin = self.origins.add(error.span, Step::Literal, None);
            let label = self.excerpt(node.span);
            self.add_note(
                origin,
                &label,
                &format!("the template cannot be read: {}", error.message),
                false,
            );
            return Ok(self.opaque(node, env));
        }
        let (names, rest) = match &vars.kind {
            Kind::Map(map) => {
                // What an unknown part may overwrite is a part of it.
                let known =
                    map.entries.iter().filter(|_| !matches!(map.rest, Some((_, Rest::Over))));
                let names = known.map(|(k, v)| (Arc::clone(&k.text), v.clone()));
                (names.collect(), map.rest.map(|(id, _)| id))
            }
            Kind::Symbol(id) => (Vec::new(), Some(*id)),
            _ => (Vec::new(), None),
        };
        let scope = Scope::template(names, rest);
        self.eval(&fragment.node, env.scope(&scope))
    }

    /// Reads a text as JSON; where the JSON text of a known value was put into it, the value stands
    /// there.
    pub fn read_json(&mut self, text: &Text, origin: Origin) -> Embedded {
        let mut read = embedded::parse_json(text, origin, &mut self.symbols, &mut self.origins);
        if self.has_trees(text) {
            read.value = read.value.map(|value| self.plant(&value, 0));
        }
        read
    }

    /// Reads the document that a text holds, as AWS reads it: JSON or YAML. `None` where it is
    /// neither, or not well-formed.
    pub fn read_document(&mut self, text: &Text, origin: Origin) -> Option<Value> {
        let first = text.0.iter().find_map(|piece| match piece {
            Piece::Lit { text, .. } => text.trim_start().chars().next(),
            Piece::Hole(..) => Some(' '),
        });
        let read = match first {
            Some('{') => self.read_json(text, origin),
            _ => self.read_yaml(text, origin, Dialect::Aws),
        };
        let well_formed = read.errors.is_empty();
        read.value.filter(|value| well_formed && matches!(value.kind, Kind::Map(_)))
    }

    /// Reads a text as YAML; where the JSON text of a known value was put into it, the value stands
    /// there.
    pub(super) fn read_yaml(&mut self, text: &Text, origin: Origin, dialect: Dialect) -> Embedded {
        self.spend(text_len(&text.0) / 64);
        let (symbols, origins) = (&mut self.symbols, &mut self.origins);
        let mut read = parse_yaml(text, origin, dialect, symbols, origins);
        if self.has_trees(text) {
            read.value = read.value.map(|value| self.plant(&value, 0));
        }
        read
    }

    fn plant(&mut self, value: &Value, depth: usize) -> Value {
        if depth > MAX_DEPTH {
            return value.clone();
        }
        let kind = match &value.kind {
            Kind::Symbol(id) => {
                return match self.facts.get(id).and_then(|f| f.tree.clone()) {
                    Some(tree) => tree,
                    None => value.clone(),
                };
            }
            Kind::List(items) => {
                let items = items.iter().map(|item| match item {
                    Item::One(v) => Item::One(self.plant(v, depth + 1)),
                    Item::Many(id, origin) => match self.facts.get(id).and_then(|f| f.tree.clone())
                    {
                        Some(tree) => Item::One(tree),
                        None => Item::Many(*id, *origin),
                    },
                });
                Kind::List(items.collect())
            }
            Kind::Map(map) => {
                let entries = map.entries.iter();
                let entries = entries.map(|(k, v)| (k.clone(), self.plant(v, depth + 1))).collect();
                let rest = map.rest.map(|(id, _)| (id, Rest::Over));
                Kind::Map(Arc::new(Map { entries, rest }))
            }
            other => other.clone(),
        };
        Value::new(kind, value.origin)
    }
}

enum Refusal {
    Missing,
    Outside,
}

/// Whether a relative path leads out of its folder, or is absolute.
fn escapes(path: &str) -> bool {
    let normal = normalize(Path::new(path));
    normal.is_absolute() || normal.starts_with("..")
}
