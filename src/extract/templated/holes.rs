//! What markers inside of a scalar leave of it: the text around them, and holes.

use std::ops::Range;
use std::sync::Arc;

use super::scan::{Marker, Role};
use crate::resolve::cloudformation::shorten;
use crate::source::{FileId, Span};
use crate::syntax::{Expr, Kind, Node, TemplatePart};

/// The markers of a file, by which the scalars of its tree are opened.
pub(super) struct Holes<'a> {
    /// The text of the file.
    text: &'a str,
    markers: &'a [Marker],
    /// Some marker gives a name its value: the same name need not be the same value.
    assigns: bool,
}

/// A stretch of a scalar that a renderer replaces.
struct Hole<'a> {
    range: Range<usize>,
    /// The marker that it is named by; `None` where nothing takes its place.
    by: Option<&'a Marker>,
}

impl<'a> Holes<'a> {
    /// The markers of `text`, in order.
    pub(super) fn new(text: &'a str, markers: &'a [Marker]) -> Self {
        let assigns = |marker: &Marker| {
            let source = text.get(marker.range.clone()).unwrap_or_default();
            let mut words = source.split(|c: char| !c.is_ascii_alphanumeric());
            source.trim_start_matches("<%=").contains('=')
                || words.any(|word| matches!(word, "set" | "assign"))
        };
        Self { text, markers, assigns: markers.iter().any(assigns) }
    }

    /// What a scalar with markers in it is: the text around them and a name for each, in the form of a
    /// template of HCL. `None` where no marker stands in it.
    pub(super) fn of(&self, node: &Node) -> Option<Kind> {
        let token = node.span.range();
        let holes = self.holes(&token);
        let first = holes.first()?;
        let whole = holes.len() == 1 && first.range == token && first.by.is_some();
        let (Kind::Text(text), false) = (&node.kind, whole) else {
            let by = first.by.map(|marker| self.name(marker, node.span.file));
            return Some(by.map_or(Kind::Invalid, |name| Kind::Expr(Arc::new(name))));
        };
        let (mut parts, mut from) = (Vec::new(), 0);
        let text_to = |from: usize, to: usize, parts: &mut Vec<TemplatePart>| {
            if from < to {
                parts.push(TemplatePart::Text(text.part(from..to)));
            }
        };
        for hole in &holes {
            let decoded = text.map.decoded(hole.range.clone());
            let (start, end) = (decoded.start.clamp(from, text.text.len()), decoded.end);
            text_to(from, start, &mut parts);
            from = end.clamp(start, text.text.len());
            if let Some(marker) = hole.by {
                let span = Span::new(node.span.file, hole.range.start, hole.range.end);
                let kind = Kind::Expr(Arc::new(self.name(marker, node.span.file)));
                parts.push(TemplatePart::Interpolation(Node { span, kind }));
            }
        }
        text_to(from, text.text.len(), &mut parts);
        Some(Kind::Expr(Arc::new(Expr::Template(parts))))
    }

    /// What may be there or not at `at`, or something else each time: named by the innermost marker that
    /// is open there, or by the next one.
    pub(super) fn doubtful(&self, at: Span) -> Kind {
        let range = at.range();
        let mut open: Vec<&Marker> = Vec::new();
        for marker in self.markers.iter().take_while(|marker| marker.range.start < range.end) {
            match marker.role {
                Role::Open => open.push(marker),
                Role::Close if marker.range.end <= range.start => drop(open.pop()),
                _ => {}
            }
        }
        let here = |marker: &&Marker| marker.range.end > range.start;
        match open.last().copied().or(self.markers.iter().find(here)) {
            Some(marker) => Kind::Expr(Arc::new(self.call(marker, at.file))),
            None => Kind::Invalid,
        }
    }

    /// The holes in a token. What lies between a marker that opens and the one that closes is one with
    /// them; where one of both stands outside of the token, so does the end of the hole.
    fn holes(&self, token: &Range<usize>) -> Vec<Hole<'a>> {
        let from = self.markers.partition_point(|marker| marker.range.end <= token.start);
        let inside = self.markers.get(from..).unwrap_or_default().iter();
        let mut out: Vec<Hole<'a>> = Vec::new();
        let mut open: Vec<(usize, &'a Marker)> = Vec::new();
        for marker in inside.take_while(|marker| marker.range.start < token.end) {
            let range = marker.range.start.max(token.start)..marker.range.end.min(token.end);
            match marker.role {
                Role::Open => open.push((out.len(), marker)),
                Role::Close => {
                    let (at, by) = open.pop().unwrap_or((0, marker));
                    let start = if by == marker { token.start } else { by.range.start };
                    out.truncate(at);
                    out.push(Hole { range: start.max(token.start)..range.end, by: Some(by) });
                }
                Role::Value | Role::Insert => out.push(Hole { range, by: Some(marker) }),
                Role::Nothing => out.push(Hole { range, by: None }),
            }
        }
        if let Some((at, by)) = open.first() {
            out.truncate(*at);
            out.push(Hole { range: by.range.start.max(token.start)..token.end, by: Some(by) });
        }
        out
    }

    /// The name of what a marker stands for. A plain name is one value wherever it is written, unless
    /// something else is assigned to names; anything else may be another value each time.
    fn name(&self, marker: &Marker, file: FileId) -> Expr {
        let source = self.text.get(marker.range.clone()).unwrap_or_default();
        let edge = |c: char| c.is_whitespace() || "{}<>%=$-+~".contains(c);
        let inside = source.trim_matches(edge);
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        if marker.role == Role::Value && !self.assigns && inside.chars().all(plain) {
            return Expr::Variable(self.label(marker));
        }
        self.call(marker, file)
    }

    /// What a marker stands for, in one of its places.
    fn call(&self, marker: &Marker, file: FileId) -> Expr {
        let name_span = Span::new(file, marker.range.start, marker.range.end);
        Expr::Call { name: self.label(marker), name_span, args: Vec::new(), expand: false }
    }

    /// The text of a marker, on one line.
    fn label(&self, marker: &Marker) -> Arc<str> {
        let source = self.text.get(marker.range.clone()).unwrap_or_default();
        let words: Vec<&str> = source.split_whitespace().collect();
        shorten(&words.join(" ")).into()
    }
}
