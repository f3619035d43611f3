//! Comments that speak to this program, and what they stand at.
//!
//! A comment is carried out of extraction as data: `finding` decides what it asks for. This file only
//! says where it stands: a comment alone on its line belongs to the statement, resource or attribute
//! that begins on the next one (comments in between are skipped, blank lines are not).

mod notes;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::source::{LineIndex, SourceFile, Span};
use crate::syntax::{
    Block, Body, Document, Expr, Kind, Node, Remark, RemarkKind, TemplatePart, Traverse,
};

/// What extraction brings out of files besides what they declare.
#[derive(Debug, Clone, Default)]
pub struct Remarks {
    /// The comments and entries that speak to this program, by place.
    pub list: Vec<Remark>,
    /// Texts of several lines, in which no comment can stand: block scalars, heredocs.
    pub texts: Vec<Span>,
    /// What comments of Terraform's JSON syntax can speak of, and the object that holds them.
    pub bodies: Vec<(Span, Span)>,
}

/// Whether the entries at the root of a document are sections, which no comment can stand for: a
/// template's `Resources` are everything that it declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sections {
    /// They are.
    Roots,
    /// They are entries like all others.
    None,
}

/// What a comment must begin with to be looked at.
const MARK: &str = "gatelint";

impl Remarks {
    /// Adds those of further files.
    pub fn append(&mut self, mut other: Self) {
        self.list.append(&mut other.list);
        self.texts.append(&mut other.texts);
        self.bodies.append(&mut other.bodies);
    }

    /// Those of one document.
    pub fn of(document: &Document, file: &SourceFile, sections: Sections) -> Self {
        let mut out = Self::default();
        out.add(document, file, sections);
        out
    }

    /// Adds those of another document.
    pub fn add(&mut self, document: &Document, file: &SourceFile, sections: Sections) {
        let lines = file.lines();
        let text = &*file.text;
        let mut places = Vec::new();
        for comment in &document.comments {
            let Some(source) = text.get(comment.span.range()) else { continue };
            let said = bare(source);
            if said.get(..MARK.len()).is_some_and(|head| head.eq_ignore_ascii_case(MARK)) {
                places.push((comment, said));
            }
        }
        let below = if places.is_empty() { BTreeMap::new() } else { skips(document, text, lines) };
        let wanted: Vec<Range<u32>> = places
            .iter()
            .map(|(comment, _)| {
                let own = line_at(text, lines, comment.span);
                if !comment.own_line {
                    return range(lines, text, own);
                }
                let last = Span { start: comment.span.end, ..comment.span };
                let mut next = line_at(text, lines, last) + 1;
                while let Some(end) = below.get(&next) {
                    next = end + 1;
                }
                range(lines, text, next)
            })
            .collect();
        let mut walk = Walk::new(&wanted, lines);
        for root in &document.roots {
            walk.root(root, sections);
        }
        if let Some(body) = &document.body {
            walk.body(body);
        }
        for (at, (comment, said)) in places.into_iter().enumerate() {
            let covers = match comment.own_line {
                true => walk.begins.get(&at).copied(),
                false => walk.text_on.get(&at).copied(),
            };
            let kind = RemarkKind::Comment { text: said, own_line: comment.own_line };
            self.list.push(Remark { span: comment.span, covers, api: None, kind });
        }
        self.texts.append(&mut walk.texts);
    }
}

/// A comment without its marker; the lines of a long one are joined.
fn bare(comment: &str) -> String {
    let inner = match comment.strip_prefix("/*") {
        Some(rest) => rest.strip_suffix("*/").unwrap_or(rest),
        None => comment.trim_start_matches(['#', '/']),
    };
    let lines: Vec<&str> = inner.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join(" ")
}

/// The line (from 1) that a span starts in.
fn line_at(text: &str, lines: &LineIndex, span: Span) -> usize {
    lines.line_col(text, span.start as usize).line
}

/// The bytes of a line; nothing behind the end of the file.
fn range(lines: &LineIndex, text: &str, line: usize) -> Range<u32> {
    let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    match lines.start_of(line) {
        Some(start) => clamp(start)..clamp(lines.start_of(line + 1).unwrap_or(text.len() + 1)),
        None => u32::MAX..u32::MAX,
    }
}

/// The first and last line of each comment that stands alone.
fn skips(document: &Document, text: &str, lines: &LineIndex) -> BTreeMap<usize, usize> {
    let alone = document.comments.iter().filter(|comment| comment.own_line);
    alone
        .map(|comment| {
            let last = Span { start: comment.span.end, ..comment.span };
            (line_at(text, lines, comment.span), line_at(text, lines, last))
        })
        .collect()
}

/// One pass over a tree. Shared nodes are looked at once; the parsers bound the depth.
struct Walk<'a> {
    /// For each comment, the line that it stands at; several may want one line.
    wanted: Vec<(&'a Range<u32>, usize)>,
    lines: &'a LineIndex,
    /// What begins on the wanted line: the outermost of it.
    begins: BTreeMap<usize, Span>,
    /// The text of several lines that begins on it.
    text_on: BTreeMap<usize, Span>,
    texts: Vec<Span>,
    seen: BTreeSet<usize>,
}

impl<'a> Walk<'a> {
    fn new(wanted: &'a [Range<u32>], lines: &'a LineIndex) -> Self {
        let mut wanted: Vec<_> = wanted.iter().enumerate().map(|(at, line)| (line, at)).collect();
        wanted.sort_by_key(|(line, at)| (line.start, *at));
        Self {
            wanted,
            lines,
            begins: BTreeMap::new(),
            text_on: BTreeMap::new(),
            texts: Vec::new(),
            seen: BTreeSet::new(),
        }
    }

    /// The comments that stand at the line of byte `at`.
    fn at(&self, at: u32) -> Vec<usize> {
        let to = self.wanted.partition_point(|(line, _)| line.start <= at);
        let before = self.wanted.get(..to).unwrap_or_default().iter().rev();
        let Some((first, _)) = before.clone().next() else { return Vec::new() };
        if !first.contains(&at) {
            return Vec::new();
        }
        before.take_while(|(line, _)| line.start == first.start).map(|(_, at)| *at).collect()
    }

    /// Notes that something a comment can stand for begins at `span`.
    fn begin(&mut self, span: Span) {
        for comment in self.at(span.start) {
            let known = self.begins.entry(comment).or_insert(span);
            if span.start < known.start || (span.start == known.start && span.end > known.end) {
                *known = span;
            }
        }
    }

    fn root(&mut self, root: &Node, sections: Sections) {
        match (&root.kind, sections) {
            (Kind::Map(pairs), Sections::Roots) => {
                for pair in pairs.iter() {
                    self.node(&pair.value);
                }
            }
            _ => self.node(root),
        }
    }

    /// Whether a shared list of children is met for the first time.
    fn first<T>(&mut self, children: &std::sync::Arc<T>) -> bool
    where
        T: ?Sized,
    {
        self.seen.insert(std::sync::Arc::as_ptr(children).cast::<()>() as usize)
    }

    fn node(&mut self, node: &Node) {
        match &node.kind {
            Kind::Text(_) => self.text(node.span),
            Kind::List(items) if self.first(items) => {
                for item in items.iter() {
                    self.begin(item.span);
                    self.node(item);
                }
            }
            Kind::Map(pairs) if self.first(pairs) => {
                for pair in pairs.iter() {
                    let (key, value) = (pair.key.span, pair.value.span);
                    // An alias stands where its anchor is.
                    let whole = if value.start >= key.start { key.to(value) } else { key };
                    self.begin(whole);
                    self.block_text(&pair.value, whole);
                    self.node(&pair.key);
                    self.node(&pair.value);
                }
            }
            Kind::Tagged(tag) if self.first(tag) => self.node(&tag.value),
            Kind::Expr(expr) if self.first(expr) => self.expr(expr, node.span),
            _ => {}
        }
    }

    /// A text that begins below its key: the content of a block scalar. No comment can stand in it,
    /// and the one behind its head belongs to it.
    fn block_text(&mut self, value: &Node, whole: Span) {
        let inner = match &value.kind {
            Kind::Tagged(tag) => &tag.value,
            _ => value,
        };
        let below = self.lines.start_of_line_behind(whole.start);
        if matches!(inner.kind, Kind::Text(_)) && below.is_some_and(|next| next <= inner.span.start)
        {
            self.texts.push(whole);
            for comment in self.at(whole.start) {
                self.text_on.entry(comment).or_insert(whole);
            }
        }
    }

    fn text(&mut self, span: Span) {
        let first = self.lines.start_of_line_behind(span.start);
        if first.is_none_or(|next| next >= span.end) {
            return;
        }
        self.texts.push(span);
        for comment in self.at(span.start) {
            self.text_on.entry(comment).or_insert(span);
        }
    }

    fn expr(&mut self, expr: &Expr, span: Span) {
        match expr {
            Expr::Template(parts) => {
                self.text(span);
                self.parts(parts);
            }
            Expr::Variable(_) => {}
            Expr::Traversal(base, steps) => {
                self.node(base);
                for (step, _) in steps {
                    if let Traverse::Index(index) = step {
                        self.node(index);
                    }
                }
            }
            Expr::Call { args, .. } => args.iter().for_each(|arg| self.node(arg)),
            Expr::Conditional(condition, yes, no) => {
                [condition, yes, no].into_iter().for_each(|part| self.node(part));
            }
            Expr::Unary(_, operand) => self.node(operand),
            Expr::Binary(_, left, right) => {
                self.node(left);
                self.node(right);
            }
            Expr::For(each) => {
                let rest = [each.key.as_ref(), Some(&each.value), each.condition.as_ref()];
                self.node(&each.collection);
                rest.into_iter().flatten().for_each(|part| self.node(part));
            }
        }
    }

    fn parts(&mut self, parts: &[TemplatePart]) {
        for part in parts {
            match part {
                TemplatePart::Text(_) => {}
                TemplatePart::Interpolation(node) => self.node(node),
                TemplatePart::If(condition, yes, no) => {
                    self.node(condition);
                    self.parts(yes);
                    self.parts(no);
                }
                TemplatePart::For { collection, body, .. } => {
                    self.node(collection);
                    self.parts(body);
                }
            }
        }
    }

    fn body(&mut self, body: &Body) {
        for attribute in &body.attributes {
            self.begin(attribute.span);
            self.node(&attribute.value);
        }
        for Block { span, body, .. } in &body.blocks {
            self.begin(*span);
            self.body(body);
        }
    }
}

#[cfg(test)]
mod tests;
