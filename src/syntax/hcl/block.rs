//! Blocks: type, labels, braces.

use std::ops::Range;

use super::message::short;
use super::scan::{self, Fault};
use super::structure::{End, Parser, Within};
use crate::syntax::{Block, Body, Label};

/// Blocks deeper than this are refused. Terraform's deepest schemas have about ten levels.
const MAX_BLOCK_DEPTH: usize = 64;

impl Parser<'_> {
    /// A quoted label, at its quote. Returns `None` without a message when it has no end.
    pub(super) fn quoted_label(&mut self) -> Option<Label> {
        let start = self.at;
        let bytes = self.bytes();
        let mut at = start + 1;
        let end = loop {
            match (bytes.get(at), bytes.get(at + 1)) {
                (Some(b'"'), _) => break at + 1,
                (Some(b'\\'), Some(b)) if *b != b'\n' => at += 2,
                (None | Some(b'\n'), _) => return None,
                _ => at += 1,
            }
        };
        self.at = end;
        let raw = self.slice(start..end);
        let text = match raw.get(1..raw.len() - 1) {
            Some(inner) if !inner.contains(['\\', '$', '%']) => inner.to_owned(),
            _ => match hcl_edit::parser::parse_expr(raw) {
                Ok(hcl_edit::expr::Expression::String(text)) => text.into_value(),
                _ => {
                    let message = format!("a block label cannot be a template: {}", short(raw));
                    self.error(start..end, message, None);
                    raw.trim_matches('"').to_owned()
                }
            },
        };
        Some(Label { text: text.into(), span: self.span(start..end) })
    }

    /// `type "label" { ... }`, behind the type.
    pub(super) fn block(&mut self, body: &mut Body, kind: Range<usize>) {
        let mut labels = Vec::new();
        let mut header = kind.clone();
        loop {
            self.skip_blanks();
            let label = match self.peek(0) {
                Some(b'"') => match self.quoted_label() {
                    Some(label) => label,
                    None => {
                        let open = self.at..self.at + 1;
                        self.fault(&Fault::String { open });
                        self.at = scan::line_end(self.bytes(), self.at);
                        break;
                    }
                },
                Some(byte) if scan::is_word_start(byte) => {
                    let Some(word) = self.word() else { break };
                    Label { text: self.slice(word.clone()).into(), span: self.span(word) }
                }
                _ => break,
            };
            header.end = label.span.end as usize;
            labels.push(label);
        }
        let mut name = short(self.slice(kind.clone()));
        for label in &labels {
            name.push(' ');
            name.push_str(&short(self.slice(label.span.range())));
        }
        let mut block = Block {
            kind: self.slice(kind).into(),
            labels,
            body: Body::default(),
            header: self.span(header.clone()),
            span: self.span(header.clone()),
        };
        if self.open_brace(&name) {
            self.names.push(name);
            let (end, closed) = self.block_body(&mut block.body);
            self.names.pop();
            block.span = self.span(header.start..end);
            self.skip_blanks();
            if closed && !self.at_line_end() {
                let (range, token) = self.token();
                let message = format!("expected a new line behind the block, found {token}");
                self.error(range, message, None);
            }
        }
        body.blocks.push(block);
    }

    /// Consumes the `{` of a block; without one, says so and skips the rest of the line.
    fn open_brace(&mut self, name: &str) -> bool {
        if self.peek(0) == Some(b'{') {
            self.at += 1;
            return true;
        }
        if self.brace_follows() {
            while self.peek(0) != Some(b'{') {
                self.at += 1;
            }
            let message = format!("the `{{` of {name} has to stand on the line of its header");
            self.error(self.at..self.at + 1, message, None);
            self.at += 1;
            return true;
        }
        let (range, token) = self.token();
        let message = format!("expected `{{` behind {name}, found {token}");
        self.error(range, message, None);
        if !self.at_line_end() {
            self.skip_item(self.at);
        }
        false
    }

    /// The line ends here, and a `{` starts the next one that is not blank.
    pub(super) fn brace_follows(&self) -> bool {
        let rest = self.bytes().get(self.at..).unwrap_or_default();
        self.at_line_end() && rest.trim_ascii_start().first() == Some(&b'{')
    }

    /// The body of a block, behind its `{`; its header is the last of `names`. Returns the end of
    /// the block, and whether there is a `}`.
    fn block_body(&mut self, body: &mut Body) -> (usize, bool) {
        let open = self.at - 1;
        if self.names.len() > MAX_BLOCK_DEPTH {
            return self.refuse(open);
        }
        self.skip_blanks();
        let start = self.at;
        let within = if self.at_line_end() { Within::Block } else { Within::OneLine };
        let errors = self.document.errors.len();
        let duplicates = self.document.duplicates.len();
        let comments = self.document.comments.len();
        let limit = self.limit;
        let known = self.cuts.get(&open).copied();
        if known.is_none_or(|cut| cut >= limit) {
            if self.body(body, within) == End::Closed {
                return (self.at, true);
            }
            if self.gave_up {
                return (self.at, false);
            }
        }
        // What stands behind the block was, or would be, read as its body.
        let cut = known.unwrap_or_else(|| self.resync(open, limit)).max(start);
        self.cuts.insert(open, cut);
        let cut = cut.min(limit);
        if cut < limit {
            self.document.errors.truncate(errors);
            self.document.duplicates.truncate(duplicates);
            self.document.comments.truncate(comments);
            *body = Body::default();
            self.limit = cut;
            self.at = start;
            let end = self.body(body, within);
            self.limit = limit;
            if end == End::Closed {
                return (self.at, true);
            }
            if self.gave_up {
                return (self.at, false);
            }
            self.at = cut;
        }
        if self.document.errors.len() == errors {
            let name = self.names.last().map_or("the block", String::as_str);
            let message = format!("{name} is not closed");
            let help = "a closing brace is missing in or behind its body".to_owned();
            self.error(open..open + 1, message, Some(help));
        }
        self.skip_blanks();
        if cut < limit && self.peek(0) == Some(b'}') {
            self.at += 1;
            return (self.at, true);
        }
        self.at = cut;
        let end = self.text.get(open..self.at).map_or(self.at, |b| open + b.trim_end().len());
        (end, false)
    }

    /// Skips the body of a block that is nested too deep, and the whole rest when that has no end.
    fn refuse(&mut self, open: usize) -> (usize, bool) {
        let message = format!("blocks nested deeper than {MAX_BLOCK_DEPTH} are not supported");
        self.error(open..open + 1, message, None);
        let extent = scan::expression(self.text, open, self.limit);
        self.at = extent.stop.max(open + 1);
        self.note_comments(&extent);
        if extent.fault.is_some() {
            self.give_up();
        }
        (extent.end.max(open + 1), extent.fault.is_none())
    }
}
