//! Variables of the Serverless Framework, put in place before anything else reads the file (its
//! documentation, "Variables"; read from the source of version 3).
//!
//! The result is a tree in the language of CloudFormation: what is not known is a reference to a
//! parameter named after the variable (`opt:stage`, `ssm:/path`), whose default is that of the
//! variable; what an unknown key chooses is an `Fn::If` for each key that is there. So everything that
//! is decided about parameters holds for variables.
//!
//! This module must not know what the sections of the file mean, but for the place of the stage.

mod files;
mod lookup;
mod sources;
mod variable;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use crate::resolve::cloudformation::build::{call, list, reference, referenced, text};
use crate::source::{Fs, SourceDb, Span};
use crate::syntax::{Expr, Kind, Node, Pair, SyntaxError, Tag, TemplatePart, Text};
pub use files::Place;
use variable::{Part, Source, parts};

/// How deep values may stand inside each other, variables followed.
const MAX_DEPTH: usize = 64;
/// How many nodes may be looked at: a variable that is used twice counts twice.
const MAX_NODES: usize = 200_000;
/// How many parameters may stand for variables.
const MAX_PARAMETERS: usize = 1_000;
/// How long a text may grow.
const MAX_TEXT: usize = 64 << 10;

/// The variables of one service.
pub struct Variables<'a> {
    root: Node,
    place: Place<'a>,
    fs: &'a dyn Fs,
    db: &'a SourceDb,
    /// What was declared on the way.
    pub declared: Declared,
    /// Files that were read, canonical.
    pub included: BTreeSet<PathBuf>,
    /// What could not be read of them.
    pub errors: Vec<SyntaxError>,
    loaded: BTreeMap<PathBuf, Option<Node>>,
    known: BTreeMap<String, Option<Node>>,
    /// The addresses that are being looked up: one of them is none of its own.
    open: BTreeSet<String>,
    left: usize,
    depth: usize,
    /// A bound was reached: what was not looked at is unknown.
    pub exhausted: bool,
}

/// Parameters and conditions that stand for variables, by name.
#[derive(Debug, Default)]
pub struct Declared {
    /// The parameters: the variable, and its default.
    pub parameters: BTreeMap<String, (Span, Option<Node>)>,
    /// The conditions.
    pub conditions: BTreeMap<String, Node>,
}

impl<'a> Variables<'a> {
    /// The variables of the service whose file holds `root`.
    pub fn new(root: Node, place: Place<'a>, fs: &'a dyn Fs, db: &'a SourceDb) -> Self {
        Self {
            root,
            place,
            fs,
            db,
            declared: Declared::default(),
            included: BTreeSet::new(),
            errors: Vec::new(),
            loaded: BTreeMap::new(),
            known: BTreeMap::new(),
            open: BTreeSet::new(),
            left: MAX_NODES,
            depth: 0,
            exhausted: false,
        }
    }

    /// The entry of the service's root, with its variables put in place.
    pub fn section(&mut self, name: &str) -> Option<Node> {
        let node = self.root.get(name)?.clone();
        Some(self.resolve(&node))
    }

    /// A node with its variables put in place.
    pub fn resolve(&mut self, node: &Node) -> Node {
        self.node(node, false)
    }

    fn node(&mut self, node: &Node, in_sub: bool) -> Node {
        if self.left == 0 || self.depth >= MAX_DEPTH {
            self.exhausted = true;
            return Node { span: node.span, kind: Kind::Invalid };
        }
        self.left -= 1;
        self.depth += 1;
        let out = self.below(node, in_sub);
        self.depth -= 1;
        out
    }

    fn below(&mut self, node: &Node, in_sub: bool) -> Node {
        let kind = match &node.kind {
            Kind::Text(whole) if whole.text.contains("${") => return self.text(node, in_sub),
            Kind::List(items) => {
                let first = |at: usize| in_sub && at == 0;
                let items = items.iter().enumerate();
                Kind::List(items.map(|(at, item)| self.node(item, first(at))).collect())
            }
            Kind::Map(pairs) => {
                let entries = pairs.iter().map(|pair| {
                    let is_sub = pair.key.scalar().is_some_and(|key| &*key == "Fn::Sub");
                    let key = self.node(&pair.key, false);
                    Pair { key, value: self.node(&pair.value, is_sub) }
                });
                Kind::Map(entries.collect())
            }
            Kind::Tagged(tag) => {
                let value = self.node(&tag.value, &*tag.name == "Sub");
                let name = Arc::clone(&tag.name);
                Kind::Tagged(Arc::new(Tag { name, span: tag.span, value }))
            }
            Kind::Expr(expr) => return self.marked(expr, node, in_sub),
            kind => kind.clone(),
        };
        Node { span: node.span, kind }
    }

    /// A text around the markers of another language.
    fn marked(&mut self, expr: &Expr, node: &Node, in_sub: bool) -> Node {
        let Expr::Template(stretches) = expr else { return node.clone() };
        let mut pieces = Vec::new();
        let mut found = false;
        for stretch in stretches {
            match stretch {
                TemplatePart::Text(text) => {
                    let variables = parts(&text.text);
                    // A marker inside of a variable: nothing is known of what it leads to.
                    let last = text.text.rfind("${");
                    if last.is_some_and(|open| !text.text[open..].contains('}')) {
                        return Node { span: node.span, kind: Kind::Invalid };
                    }
                    for one in &variables {
                        pieces.push(self.stretch(text, one));
                        found |= matches!(one, Part::Variable(..));
                    }
                }
                TemplatePart::Interpolation(inner) => pieces.push(inner.clone()),
                TemplatePart::If(..) | TemplatePart::For { .. } => return node.clone(),
            }
        }
        if found { joined(pieces, node.span, in_sub) } else { node.clone() }
    }

    /// A text: one variable is its value, several stretches are joined.
    fn text(&mut self, node: &Node, in_sub: bool) -> Node {
        let Kind::Text(whole) = &node.kind else { return node.clone() };
        let found = parts(&whole.text);
        if let [Part::Variable(range, sources)] = found.as_slice() {
            let at = if whole.text.len() == range.len() {
                node.span
            } else {
                whole.map.span(range.clone())
            };
            return self.first_of(sources, at);
        }
        if found.iter().all(|part| matches!(part, Part::Text(_))) {
            return node.clone();
        }
        let pieces = found.iter().map(|one| self.stretch(whole, one)).collect();
        joined(pieces, node.span, in_sub)
    }

    /// A stretch of a text: what is written, or the value of a variable.
    fn stretch(&mut self, whole: &Text, stretch: &Part<'_>) -> Node {
        match stretch {
            Part::Text(range) => part(whole, range.clone()),
            Part::Variable(range, sources) => self.first_of(sources, whole.map.span(range.clone())),
        }
    }

    /// The value of the first source that has one.
    fn first_of(&mut self, sources: &[Source<'_>], at: Span) -> Node {
        let Some((source, rest)) = sources.split_first() else {
            return Node { span: at, kind: Kind::Null };
        };
        match source {
            Source::Quoted(quoted) => text(quoted, at),
            Source::Word(word) => sources::word(word, at),
            Source::Call { .. } => self.call(source, rest, at),
        }
    }

    /// A value that whoever deploys gives, under the name of its variable.
    fn parameter(&mut self, name: &str, default: Option<Node>, at: Span) -> Node {
        let scalar = default.as_ref().and_then(Node::scalar);
        if let (Some(default), None) = (&default, &scalar) {
            // A default that is no text, or that hangs on another variable, is the value.
            return default.clone();
        }
        let mut name = name.to_owned();
        loop {
            match self.declared.parameters.get(&name) {
                Some((_, known)) if known.as_ref().and_then(Node::scalar) != scalar => {
                    // The same variable with another default.
                    name = format!("{name}, '{}'", scalar.as_deref().unwrap_or_default());
                    if self.declared.parameters.len() > MAX_PARAMETERS {
                        self.exhausted = true;
                        break;
                    }
                }
                Some(_) => break,
                None => {
                    self.declared.parameters.insert(name.clone(), (at, default));
                    break;
                }
            }
        }
        reference(&name, at)
    }

    /// `chosen` where the parameter of that name is `value`, else `other`.
    fn choice(&mut self, name: &str, value: &str, chosen: Node, other: Node, at: Span) -> Node {
        let condition = format!("{name} is {value}");
        if !self.declared.conditions.contains_key(&condition) {
            let sides = list(vec![reference(name, at), text(value, at)], at);
            self.declared.conditions.insert(condition.clone(), call("Fn::Equals", sides, at));
        }
        call("Fn::If", list(vec![text(&condition, at), chosen, other], at), at)
    }
}

/// A part of a text that stands in a file.
fn part(whole: &Text, range: Range<usize>) -> Node {
    let span = whole.map.span(range.clone());
    Node { span, kind: Kind::Text(whole.part(range)) }
}

/// Stretches of a text behind each other: a text where all are known, else an `Fn::Join`; in the text
/// of an `Fn::Sub` a reference stays a placeholder of it.
fn joined(pieces: Vec<Node>, at: Span, in_sub: bool) -> Node {
    let mut builder = crate::syntax::SpanMapBuilder::new(at.file);
    let mut length = 0;
    let mut start = None;
    let known = pieces.iter().all(|piece| {
        let written = match (piece.scalar(), referenced(piece)) {
            (Some(scalar), _) => scalar,
            (None, Some(name)) if in_sub && !name.contains(['{', '}']) => {
                format!("${{{name}}}").into()
            }
            (None, _) => return false,
        };
        length += written.len();
        start.get_or_insert(piece.span.range().start);
        match (&piece.kind, piece.span.file == at.file) {
            (Kind::Text(piece_text), true) if piece.span.range().len() == written.len() => {
                builder.verbatim(&piece_text.text, piece.span.range().start);
            }
            (_, true) => builder.replaced(&written, piece.span.range()),
            (_, false) => builder.replaced(&written, at.range()),
        }
        length <= MAX_TEXT
    });
    if known {
        let built = builder.finish(start.unwrap_or(at.range().start));
        return Node { span: at, kind: Kind::Text(built) };
    }
    if length > MAX_TEXT {
        return Node { span: at, kind: Kind::Invalid };
    }
    call("Fn::Join", list(vec![text("", at), list(pieces, at)], at), at)
}
