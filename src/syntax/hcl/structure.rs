//! Bodies, blocks and attributes, with recovery.
//!
//! One pass over the file. Where a bracket has no partner, reading goes on at the next line that is
//! indented no deeper than the broken item and looks like an item; a well-formed file is never
//! judged by its indentation.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::scan::{self, Extent, Fault};
use super::work::Work;
use crate::source::{FileId, Span};
use crate::syntax::{
    Attribute, Block, Body, Comment, Document, Duplicate, Kind, Label, Node, SpanMap, SyntaxError,
};

/// Blocks deeper than this are refused. Terraform's deepest schemas have about ten levels.
const MAX_BLOCK_DEPTH: usize = 64;

/// After this many errors the rest of the file is not read.
const MAX_ERRORS: usize = 200;

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
        work: Work::default(),
        names: Vec::new(),
        gave_up: false,
    };
    let mut body = Body::default();
    parser.body(&mut body, None);
    let mut document = parser.document;
    document.body = Some(body);
    document.errors.sort_by_key(|error| (error.span.start, error.span.end));
    document.duplicates.sort_by_key(|duplicate| (duplicate.second.start, duplicate.second.end));
    document
}

/// The state of the pass.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) file: FileId,
    pub(super) map: SpanMap,
    /// The next byte to read.
    at: usize,
    /// Nothing behind this is read: the end of the text, or of a block whose end was guessed.
    limit: usize,
    pub(super) document: Document,
    pub(super) work: Work,
    /// The headers of the enclosing blocks, for messages.
    names: Vec<String>,
    /// There were too many errors: nothing more is read.
    gave_up: bool,
}

/// How a body ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Closed,
    Missing,
}

/// What a body is within.
struct Within {
    /// The block was opened and is to be closed on this line.
    one_line: bool,
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
    fn place(&self) -> String {
        match self.names.as_slice() {
            [] => String::new(),
            [only] => format!(" in {only}"),
            [first, .., last] => format!(" in block {last} of {first}"),
        }
    }

    fn bytes(&self) -> &[u8] {
        self.text.as_bytes().get(..self.limit).unwrap_or_default()
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes().get(self.at + ahead).copied()
    }

    fn comment(&mut self, range: Range<usize>) {
        let line = self.text.get(..range.start).unwrap_or_default();
        let line = line.rsplit('\n').next().unwrap_or_default();
        let own_line = line.trim_start_matches('\u{feff}').trim().is_empty();
        let span = self.span(range);
        self.document.comments.push(Comment { span, own_line });
    }

    /// Skips blanks and comments of this line; returns at a line end, a token or the limit.
    fn skip_blanks(&mut self) {
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

    fn at_line_end(&self) -> bool {
        matches!((self.peek(0), self.peek(1)), (None | Some(b'\n'), _) | (Some(b'\r'), Some(b'\n')))
    }

    fn word(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        if !self.peek(0).is_some_and(scan::is_word_start) {
            return None;
        }
        while self.peek(0).is_some_and(scan::is_word) {
            self.at += 1;
        }
        Some(start..self.at)
    }

    fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// Reads items until the `}` of this body, which is consumed, or the end.
    fn body(&mut self, body: &mut Body, within: Option<&Within>) -> End {
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
            let one_line = within.is_some_and(|w| w.one_line);
            match byte {
                b'\n' | b'\r' => {
                    if one_line && items > 0 && !complained {
                        complained = true;
                        self.one_line_error(self.at..self.at);
                    }
                    self.at += 1;
                    continue;
                }
                b'}' if within.is_some() => {
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
                self.one_line_error(self.at..self.at + 1);
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
        if !self.slice(name.clone()).is_ascii()
            && hcl_edit::Ident::try_new(self.slice(name.clone())).is_err()
        {
            let message = format!("`{}` is not a name", self.slice(name.clone()));
            self.error(name.clone(), message, None);
        }
        self.skip_blanks();
        match (self.peek(0), self.peek(1)) {
            (Some(b'='), second) if second != Some(b'=') => self.attribute(body, name, one_line),
            (Some(b'{' | b'"'), _) => self.block(body, name),
            (Some(byte), _) if scan::is_word_start(byte) => self.block(body, name),
            _ => {
                let (range, token) = self.token();
                let word = self.slice(name).to_owned();
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
                let message = format!("the name of an argument is not quoted: {}", label.text);
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
    fn token(&self) -> (Range<usize>, String) {
        describe(self.text, self.at, self.limit)
    }

    /// Skips the rest of an item that cannot be read, with the brackets that open in it.
    fn skip_item(&mut self, start: usize) {
        let extent = scan::expression(self.text, self.at, self.limit);
        self.note_comments(&extent);
        if let Some(fault) = &extent.fault {
            self.fault(fault);
            self.at = self.resync(start, extent.stop);
            return;
        }
        self.at = extent.stop.max(start);
        if !self.at_line_end() && self.peek(0) != Some(b'}') {
            self.at += 1;
        }
    }

    fn note_comments(&mut self, extent: &Extent) {
        for range in &extent.comments {
            self.comment(range.clone());
        }
    }

    /// `name = value`, at the `=`.
    fn attribute(&mut self, body: &mut Body, name: Range<usize>, one_line: bool) {
        self.at += 1;
        self.skip_blanks();
        let start = self.at;
        let extent = scan::expression(self.text, start, self.limit);
        self.note_comments(&extent);
        let label = self.slice(name.clone()).to_owned();
        let what = format!("the value of `{label}`{}", self.place());
        let value = if let Some(fault) = &extent.fault {
            self.fault(fault);
            self.at = self.resync(name.start, extent.stop);
            let end = self.text.get(start..self.at).map_or(start, |s| start + s.trim_end().len());
            Node { span: self.span(start..end.max(start)), kind: Kind::Invalid }
        } else {
            self.at = extent.stop;
            if extent.end == start {
                let message = format!("{what} is missing");
                self.error(name.clone(), message, None);
                Node { span: self.span(start..start), kind: Kind::Invalid }
            } else {
                self.expression(start..extent.end, &extent, &what)
            }
        };
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

    /// A quoted label, at its quote. Returns `None` without a message when it has no end.
    fn quoted_label(&mut self) -> Option<Label> {
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
        let raw = self.slice(start..end).to_owned();
        let text = match raw.get(1..raw.len() - 1) {
            Some(inner) if !inner.contains(['\\', '$', '%']) => inner.to_owned(),
            _ => match hcl_edit::parser::parse_expr(&raw) {
                Ok(hcl_edit::expr::Expression::String(text)) => text.into_value(),
                _ => {
                    let message = format!("a block label cannot be a template: {raw}");
                    self.error(start..end, message, None);
                    raw.trim_matches('"').to_owned()
                }
            },
        };
        Some(Label { text: text.into(), span: self.span(start..end) })
    }

    /// `type "label" { ... }`, behind the type.
    fn block(&mut self, body: &mut Body, kind: Range<usize>) {
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
        let name = self.slice(header.clone()).to_owned();
        let mut block = Block {
            kind: self.slice(kind).into(),
            labels,
            body: Body::default(),
            header: self.span(header.clone()),
            span: self.span(header.clone()),
        };
        if self.open_brace(&name) {
            self.names.push(name);
            let (end, closed) = self.block_body(&mut block.body, &header);
            self.names.pop();
            block.span = self.span(header.start..end);
            self.skip_blanks();
            if closed && !self.at_line_end() && self.peek(0) != Some(b'}') {
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
        let (range, token) = self.token();
        let here = self.at;
        while self.peek(0).is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
        if self.at > here && self.peek(0) == Some(b'{') {
            let message = format!("the `{{` of {name} has to stand on the line of its header");
            self.error(self.at..self.at + 1, message, None);
            self.at += 1;
            return true;
        }
        self.at = here;
        let message = format!("expected `{{` behind {name}, found {token}");
        self.error(range, message, None);
        if !self.at_line_end() {
            self.skip_item(here);
        }
        false
    }

    /// The body of a block, behind its `{`. Returns the end of the block, and whether there is a
    /// `}`.
    fn block_body(&mut self, body: &mut Body, header: &Range<usize>) -> (usize, bool) {
        let open = self.at - 1;
        if self.names.len() > MAX_BLOCK_DEPTH {
            let message = format!("blocks nested deeper than {MAX_BLOCK_DEPTH} are not supported");
            self.error(open..open + 1, message, None);
            let extent = scan::expression(self.text, open, self.limit);
            self.note_comments(&extent);
            self.at = extent.stop.max(open + 1);
            return (extent.end, extent.fault.is_none());
        }
        let (errors, duplicates, comments) = (
            self.document.errors.len(),
            self.document.duplicates.len(),
            self.document.comments.len(),
        );
        self.skip_blanks();
        let one_line = !self.at_line_end();
        let within = Within { one_line };
        let start = self.at;
        if self.body(body, Some(&within)) == End::Closed {
            return (self.at, true);
        }
        if self.gave_up {
            return (self.at, false);
        }
        // The end is missing: what stands behind the block may have been read as its body.
        let limit = self.limit;
        let cut = self.resync(open, limit);
        if cut < limit && cut > start {
            self.document.errors.truncate(errors);
            self.document.duplicates.truncate(duplicates);
            self.document.comments.truncate(comments);
            *body = Body::default();
            self.limit = cut;
            self.at = start;
            if self.body(body, Some(&within)) == End::Closed {
                self.limit = limit;
                return (self.at, true);
            }
            self.limit = limit;
            self.at = cut;
            self.skip_blanks();
            if self.peek(0) == Some(b'}') {
                self.at += 1;
                return (self.at, true);
            }
            self.at = cut;
        }
        if self.document.errors.len() == errors {
            let name = self.slice(header.clone()).to_owned();
            let message = format!("{name} is not closed");
            let help = "a closing brace is missing in or behind its body".to_owned();
            self.error(open..open + 1, message, Some(help));
        }
        let end = self.text.get(open..self.at).map_or(self.at, |b| open + b.trim_end().len());
        (end, false)
    }

    /// Where reading can go on when the item that starts at `from` has no end: the next line that
    /// is indented no deeper and looks like an item or closes a block around it. `reached` is how
    /// far the item was scanned in vain.
    fn resync(&mut self, from: usize, reached: usize) -> usize {
        let limit = self.limit;
        let bytes = self.text.as_bytes().get(..limit).unwrap_or_default();
        let start = memchr::memrchr(b'\n', bytes.get(..from).unwrap_or_default());
        let indent = indent(bytes.get(start.map_or(0, |n| n + 1)..).unwrap_or_default());
        let is_block = bytes.get(from) == Some(&b'{');
        let mut line = from;
        let found = loop {
            let rest = bytes.get(line..).unwrap_or_default();
            let Some(newline) = memchr::memchr(b'\n', rest) else { break limit };
            line += newline + 1;
            let rest = bytes.get(line..).unwrap_or_default();
            let depth = self::indent(rest);
            let rest = rest.get(depth..).unwrap_or_default();
            let closes = rest.first() == Some(&b'}') && (depth < indent || is_block);
            if depth <= indent && (closes || looks_like_item(rest)) {
                break line;
            }
        };
        if self.work.scan_again(reached.max(found).saturating_sub(from)) {
            return found;
        }
        self.at = found;
        self.give_up();
        limit
    }

    /// Says that nothing more is read, and ends all bodies.
    fn give_up(&mut self) {
        if !self.gave_up {
            let message = "too many errors: the rest of the text is not read".to_owned();
            self.error(self.at..self.at, message, None);
        }
        self.gave_up = true;
    }

    fn fault(&mut self, fault: &Fault) {
        let (range, message) = match fault {
            Fault::Unclosed { open } => {
                (open.clone(), format!("`{}` is not closed", self.slice(open.clone())))
            }
            Fault::Mismatch { open, close } => {
                let (open, close) = (self.slice(open.clone()), *close..*close + 1);
                let found = self.slice(close.clone());
                (close, format!("`{found}` does not close the `{open}` before it"))
            }
            Fault::String { open } => (open.clone(), "the string is not closed".to_owned()),
            Fault::Heredoc { open } => {
                let name = self.slice(open.clone());
                (open.clone(), format!("the heredoc `{name}` has no end marker"))
            }
            Fault::Comment { open } => (open.clone(), "the comment is not closed".to_owned()),
        };
        let message = format!("{message}{}", self.place());
        let help = match fault {
            Fault::String { .. } => {
                Some("a string ends on its line; a longer text needs a heredoc".to_owned())
            }
            Fault::Heredoc { .. } => Some("the end marker stands alone on its line".to_owned()),
            _ => None,
        };
        self.error(range, message, help);
    }
}

fn indent(line: &[u8]) -> usize {
    line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count()
}

/// Whether a line starts as `name =`, `name {` or `name "label" {` does.
fn looks_like_item(line: &[u8]) -> bool {
    let end = scan::line_end(line, 0);
    let Some(mut rest) = line.get(..end) else { return false };
    if !rest.first().copied().is_some_and(scan::is_word_start) {
        return false;
    }
    let mut words = 0;
    loop {
        rest = rest.trim_ascii_start();
        match rest {
            [b'=', b'=' | b'>', ..] => return false,
            [b'=', ..] => return words == 1,
            [b'{', ..] => return words > 0,
            [b'"', tail @ ..] => {
                let Some(close) = memchr::memchr(b'"', tail) else { return false };
                rest = tail.get(close + 1..).unwrap_or_default();
            }
            [first, ..] if scan::is_word_start(*first) => {
                let len = rest.iter().take_while(|&&b| scan::is_word(b)).count();
                rest = rest.get(len..).unwrap_or_default();
            }
            _ => return false,
        }
        words += 1;
    }
}

/// The token at `at` and how a message calls it.
pub(super) fn describe(text: &str, at: usize, limit: usize) -> (Range<usize>, String) {
    let limit = limit.min(text.len());
    let rest = text.get(at..limit).unwrap_or_default();
    let word = rest.bytes().take_while(|&b| scan::is_word(b)).count();
    if word > 0 {
        let shown = rest.get(..word).unwrap_or_default();
        let shown: String = shown.chars().take(40).collect();
        return (at..at + word, format!("`{shown}`"));
    }
    match rest.chars().next() {
        None if limit < text.len() => (at..at, "the end of the block".to_owned()),
        None => (at..at, "the end of the text".to_owned()),
        Some('\n' | '\r') => (at..at, "the end of the line".to_owned()),
        Some('"') => (at..at + 1, "a string".to_owned()),
        Some(c) => (at..at + c.len_utf8(), format!("`{c}`")),
    }
}
