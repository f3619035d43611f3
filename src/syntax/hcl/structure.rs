//! Bodies, blocks and attributes.
//!
//! One pass over the file. What stands behind a `=` is delimited by [`scan`] and read by
//! [`super::expression`]; where an end is missing, [`super::recover`] says where to go on.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::message::{self, short};
use super::scan::{self, Extent, Fault};
use super::work::Work;
use crate::source::{FileId, Span};
use crate::syntax::{
    Attribute, Body, Comment, Document, Duplicate, Kind, Node, SpanMap, SyntaxError,
};

/// After this many errors the rest of the file is not read.
pub(super) const MAX_ERRORS: usize = 200;

/// Parses a whole file.
pub(super) fn parse(file: FileId, text: &str) -> Document {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut parser = Parser {
        text,
        file,
        map: SpanMap::verbatim(file, 0),
        at: start,
        limit: text.len(),
        document: Document::default(),
        work: Work::new(text.len()),
        names: Vec::new(),
        gave_up: false,
        cuts: BTreeMap::new(),
    };
    let mut body = Body::default();
    parser.body(&mut body, Within::File);
    let mut document = parser.document;
    document.body = Some(body);
    document.errors.sort_by_key(|error| (error.span.start, error.span.end));
    document.duplicates.sort_by_key(|duplicate| (duplicate.second.start, duplicate.second.end));
    // Recovery may go over a stretch of broken text again and meet its comments a second time.
    document.comments.sort_by_key(|comment| comment.span.start);
    let mut behind = 0;
    document.comments.retain(|comment| {
        let new = comment.span.start >= behind;
        behind = behind.max(comment.span.end);
        new
    });
    document
}

/// The state of the pass.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) file: FileId,
    pub(super) map: SpanMap,
    /// The next byte to read.
    pub(super) at: usize,
    /// Nothing behind this is read: the end of the text, or of a block whose end was guessed.
    pub(super) limit: usize,
    pub(super) document: Document,
    pub(super) work: Work,
    /// The headers of the enclosing blocks, for messages.
    pub(super) names: Vec<String>,
    /// There were too many errors: nothing more is read.
    pub(super) gave_up: bool,
    /// Where the blocks without an end were cut, by the offset of their `{`.
    pub(super) cuts: BTreeMap<usize, usize>,
}

/// How a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// By its `}`.
    Closed,
    /// By the end of the text.
    Missing,
}

/// What a body belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// The file: it ends with the text.
    File,
    /// A block whose `{` ends its line.
    Block,
    /// A block that is to be closed on the line of its `{`.
    OneLine,
}

impl<'t> Parser<'t> {
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    /// Records an error.
    pub(super) fn error(&mut self, range: Range<usize>, message: String, help: Option<String>) {
        let span = self.span(range);
        self.document.errors.push(SyntaxError { span, message, help });
    }

    /// ` in resource "a" "b"`, or nothing at the top of the file.
    pub(super) fn place(&self) -> String {
        message::place(&self.names)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.text.as_bytes().get(..self.limit).unwrap_or_default()
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes().get(self.at + ahead).copied()
    }

    fn comment(&mut self, range: Range<usize>) {
        let before = self.text.get(..range.start).unwrap_or_default();
        let before = before.trim_end_matches([' ', '\t', '\r', '\u{feff}']);
        let own_line = before.is_empty() || before.ends_with('\n');
        let span = self.span(range);
        self.document.comments.push(Comment { span, own_line });
    }

    /// Skips blanks and comments of this line; returns at a line end, a token or the limit.
    pub(super) fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek(0) {
            match (byte, self.peek(1)) {
                (b' ' | b'\t', _) => self.at += 1,
                (b'\r', Some(b'\n')) => return,
                (b'\r', _) => self.at += 1,
                (b'#', _) | (b'/', Some(b'/')) => {
                    let end = scan::line_end(self.bytes(), self.at);
                    self.comment(self.at..end);
                    self.at = end;
                }
                (b'/', Some(b'*')) => {
                    let start = self.at;
                    match scan::block_comment_end(self.bytes(), start) {
                        Some(end) => {
                            self.comment(start..end);
                            self.at = end;
                        }
                        None => {
                            self.fault(&Fault::Comment { open: start..start + 2 });
                            self.at = scan::line_end(self.bytes(), start);
                        }
                    }
                }
                _ => return,
            }
        }
    }

    pub(super) fn at_line_end(&self) -> bool {
        matches!((self.peek(0), self.peek(1)), (None | Some(b'\n'), _) | (Some(b'\r'), Some(b'\n')))
    }

    /// A name; one that only looks like a name to the scanner is an error, too.
    pub(super) fn word(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        if !self.peek(0).is_some_and(scan::is_word_start) {
            return None;
        }
        while self.peek(0).is_some_and(scan::is_word) {
            self.at += 1;
        }
        let name = self.slice(start..self.at);
        if !name.is_ascii() && hcl_edit::Ident::try_new(name).is_err() {
            let message = format!("`{}` is not a name", short(name).escape_debug());
            self.error(start..self.at, message, None);
        }
        Some(start..self.at)
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// Reads items until the `}` of this body, which is consumed, or the end.
    pub(super) fn body(&mut self, body: &mut Body, within: Within) -> End {
        let mut names: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        let mut complained = false;
        loop {
            self.skip_blanks();
            let Some(byte) = self.peek(0) else { return End::Missing };
            if self.document.errors.len() >= MAX_ERRORS {
                self.give_up();
            }
            if self.gave_up {
                return End::Missing;
            }
            let items = body.attributes.len() + body.blocks.len();
            let one_line = within == Within::OneLine;
            match byte {
                b'\n' | b'\r' => {
                    if one_line && items > 0 && !complained {
                        complained = true;
                        self.one_line_error(self.at..self.at);
                    }
                    self.at += 1;
                    continue;
                }
                b'}' if within != Within::File => {
                    self.at += 1;
                    return End::Closed;
                }
                b'}' => {
                    let message = "unexpected `}`: no block is open here".to_owned();
                    self.error(self.at..self.at + 1, message, None);
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            if one_line && items > 0 && !complained {
                complained = true;
                self.one_line_error(self.token().0);
            }
            let before = body.attributes.len();
            self.item(body, one_line);
            for attribute in body.attributes.iter().skip(before) {
                let (key, second) = (Arc::clone(&attribute.name), attribute.name_span);
                match names.get(&key) {
                    Some(&first) => {
                        self.document.duplicates.push(Duplicate { key, first, second });
                    }
                    None => {
                        names.insert(key, second);
                    }
                }
            }
        }
    }

    fn one_line_error(&mut self, range: Range<usize>) {
        let message = "a block on one line holds one argument only".to_owned();
        let help = "write one argument a line, and the closing brace on a line of its own";
        self.error(range, message, Some(help.to_owned()));
    }

    /// One attribute or block, or what stands in its place.
    fn item(&mut self, body: &mut Body, one_line: bool) {
        let start = self.at;
        if self.peek(0) == Some(b'"') {
            return self.quoted_name(body, one_line);
        }
        let Some(name) = self.word() else {
            let (range, token) = self.token();
            let message = format!("expected an argument or a block{}, found {token}", self.place());
            self.error(range, message, None);
            return self.skip_item(start);
        };
        self.skip_blanks();
        match (self.peek(0), self.peek(1)) {
            (Some(b'='), second) if second != Some(b'=') => self.attribute(body, name, one_line),
            (Some(b'{' | b'"'), _) => self.block(body, name),
            (Some(byte), _) if scan::is_word_start(byte) => self.block(body, name),
            _ if self.brace_follows() => self.block(body, name),
            _ => {
                let (range, token) = self.token();
                let word = short(self.slice(name));
                let message =
                    format!("expected `=` or `{{` behind `{word}`{}, found {token}", self.place());
                self.error(range, message, None);
                self.skip_item(start);
            }
        }
    }

    /// `"name" = value`, as in JSON: an error, but the value is read.
    fn quoted_name(&mut self, body: &mut Body, one_line: bool) {
        let start = self.at;
        if let Some(label) = self.quoted_label() {
            self.skip_blanks();
            if self.peek(0) == Some(b'=') && !label.text.is_empty() {
                let range = label.span.range();
                let message =
                    format!("the name of an argument is not quoted: {}", short(&label.text));
                self.error(range.clone(), message, None);
                return self.attribute(body, range.start + 1..range.end - 1, one_line);
            }
        }
        self.at = start;
        let message = format!("expected an argument or a block{}, found a string", self.place());
        self.error(start..start + 1, message, None);
        self.skip_item(start);
    }

    /// The token at the current place, for messages.
    pub(super) fn token(&self) -> (Range<usize>, String) {
        message::describe(self.text, self.at, self.limit)
    }

    /// Skips the rest of an item that cannot be read, with the brackets that open in it.
    pub(super) fn skip_item(&mut self, start: usize) {
        let extent = scan::expression(self.text, self.at, self.limit);
        if let Some(fault) = &extent.fault {
            self.fault(fault);
            self.at = self.resync(start, extent.stop);
            return self.note_comments(&extent);
        }
        self.at = extent.stop.max(start);
        self.note_comments(&extent);
        if !self.at_line_end() && self.peek(0) != Some(b'}') {
            self.at += 1;
        }
    }

    /// Notes the comments of a scan that lie before the current place.
    pub(super) fn note_comments(&mut self, extent: &Extent) {
        let at = self.at;
        for range in extent.comments.iter().filter(|range| range.end <= at) {
            self.comment(range.clone());
        }
    }

    /// `name = value`, at the `=`.
    fn attribute(&mut self, body: &mut Body, name: Range<usize>, one_line: bool) {
        self.at += 1;
        self.skip_blanks();
        let start = self.at;
        let extent = scan::expression(self.text, start, self.limit);
        let label = self.slice(name.clone());
        let value = if let Some(fault) = &extent.fault {
            self.fault(fault);
            self.at = self.resync(name.start, extent.stop);
            let end = self.text.get(start..self.at).map_or(start, |s| start + s.trim_end().len());
            Node { span: self.span(start..end.max(start)), kind: Kind::Invalid }
        } else {
            self.at = extent.stop;
            if extent.end == extent.start {
                let place = self.place();
                let message = format!("the value of `{}`{place} is missing", short(label));
                self.error(name.clone(), message, None);
                Node { span: self.span(start..start), kind: Kind::Invalid }
            } else {
                self.expression(extent.start..extent.end, &extent, label)
            }
        };
        self.note_comments(&extent);
        let end = if extent.fault.is_some() { value.span.end as usize } else { extent.end };
        let faulty = extent.fault.is_some();
        body.attributes.push(Attribute {
            name: label.into(),
            name_span: self.span(name.clone()),
            value,
            span: self.span(name.start..end),
        });
        if faulty || self.at_line_end() {
            return;
        }
        match self.peek(0) {
            Some(b'}') if one_line => {}
            Some(b'}') => {
                let message = "expected a new line behind the argument, found `}`".to_owned();
                self.error(self.at..self.at + 1, message, None);
            }
            Some(b',') => {
                let message = "unexpected `,`: arguments stand on lines of their own".to_owned();
                self.error(self.at..self.at + 1, message, None);
                self.at += 1;
            }
            _ => {
                let (range, token) = self.token();
                let message = format!("expected a new line behind the argument, found {token}");
                self.error(range, message, None);
                self.skip_item(self.at);
            }
        }
    }
}
