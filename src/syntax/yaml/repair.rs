//! Quoted strings whose continuation lines are not indented enough.
//!
//! YAML 1.2 wants the lines of a quoted string deeper than its parent; libyaml does not care, and
//! AWS publishes templates that rely on it. Since leading blanks of such a line are folded away,
//! padding it with spaces changes no value: the text is read again padded, and offsets are mapped
//! back.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Parser};

/// How many strings of one file are mended: each takes two more parses.
const MAX_REPAIRS: usize = 64;

/// How many bytes are read again for that, about: a template of 1 MB, the largest that CloudFormation
/// takes, has sixteen strings mended.
const MAX_WORK: usize = 16 << 20;

/// What became of a string that is not indented enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repair {
    /// Its lines are padded: read again.
    Padded,
    /// It has no closing quote; the opening one stands there in the original.
    Unclosed(usize),
    /// Nothing can be done.
    None,
}

/// Inserted spaces.
#[derive(Debug, Clone, Copy)]
struct Insert {
    /// The offset in the original that they stand before.
    original: usize,
    width: usize,
    /// The offset of the first of them in the padded text.
    padded: usize,
}

/// A text with spaces inserted at the start of some lines.
#[derive(Debug)]
pub(super) struct Padded<'a> {
    original: &'a str,
    text: Cow<'a, str>,
    /// In order of their place.
    inserted: Vec<Insert>,
    repairs: usize,
}

impl<'a> Padded<'a> {
    /// `original` as it is.
    pub(super) fn new(original: &'a str) -> Self {
        Self { original, text: Cow::Borrowed(original), inserted: Vec::new(), repairs: 0 }
    }

    /// The text to read.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The text as it stands in the file.
    pub(super) fn original(&self) -> &'a str {
        self.original
    }

    /// The offset in the original of an offset in the padded text; that of an inserted space is the
    /// place of its insertion.
    pub(super) fn offset(&self, padded: usize) -> usize {
        let before = self.inserted.partition_point(|insert| insert.padded <= padded);
        let Some(insert) = before.checked_sub(1).and_then(|i| self.inserted.get(i)) else {
            return padded.min(self.original.len());
        };
        let behind = padded.saturating_sub(insert.padded + insert.width);
        (insert.original + behind).min(self.original.len())
    }

    /// Pads the lines of the quoted string around the offset `at` of the padded text.
    pub(super) fn pad(&mut self, at: usize) -> Repair {
        self.repairs += 1;
        let work = self.repairs.saturating_mul(self.text.len());
        if self.repairs > MAX_REPAIRS || work > MAX_WORK {
            return Repair::None;
        }
        let Some(open) = self.text.get(..at).and_then(open_quote) else { return Repair::None };
        let Some(close) = self.text.get(open..).and_then(closing_quote) else {
            return Repair::Unclosed(self.offset(open));
        };
        let lines = self.lines_to_pad(open, open + close).unwrap_or_default();
        if lines.is_empty() {
            return Repair::None;
        }
        let new = lines.into_iter().map(|(line, width)| (self.offset(line), width));
        let old = self.inserted.iter().map(|insert| (insert.original, insert.width));
        let mut all: Vec<_> = old.chain(new).collect();
        all.sort_unstable();
        self.insert(all);
        Repair::Padded
    }

    /// Builds the padded text: `spaces` are offsets in the original, in order, and widths.
    fn insert(&mut self, spaces: Vec<(usize, usize)>) {
        let mut text = String::with_capacity(self.original.len() + 64);
        let mut from = 0;
        self.inserted.clear();
        for (at, width) in spaces {
            text.push_str(self.original.get(from..at).unwrap_or(""));
            self.inserted.push(Insert { original: at, width, padded: text.len() });
            text.extend(std::iter::repeat_n(' ', width));
            from = at;
        }
        text.push_str(self.original.get(from..).unwrap_or(""));
        self.text = Cow::Owned(text);
    }

    /// The starts of the continuation lines of the string `open..end`, and how far to pad them.
    fn lines_to_pad(&self, open: usize, end: usize) -> Option<Vec<(usize, usize)>> {
        let line = self.text.get(..open)?.rfind('\n').map_or(0, |at| at + 1);
        // The quote stands deeper than the parent of its string.
        let width = self.text.get(line..open)?.chars().count() + 1;
        let mut lines = Vec::new();
        let mut from = open;
        while let Some(found) = self.text.get(from..end)?.find('\n') {
            from += found + 1;
            let line = self.text.get(from..)?;
            let marker = line.starts_with("---") || line.starts_with("...");
            let blank = line.trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
            if !marker && !blank {
                lines.push((from, width));
            }
        }
        Some(lines)
    }
}

/// The offset of the quote that is still open at the end of `prefix`: the parser knows it.
fn open_quote(prefix: &str) -> Option<usize> {
    let prefix = prefix.trim_end_matches([' ', '\t', '\n', '\r']);
    let prefix = prefix.strip_suffix('\\').unwrap_or(prefix);
    let mut parser = Parser::new_from_str_with_options(prefix, super::granit_options());
    let mut found = None;
    while let Some(next) = parser.next_event() {
        let Err(error) = next else { continue };
        found = (*error.kind() == ErrorKind::UnclosedQuotedScalar)
            .then(|| error.marker().byte_offset())
            .flatten();
        if !matches!(parser.proceed_next_document(), Ok(true)) {
            break;
        }
    }
    found
}

/// The offset of the closing quote of the string that `text` starts with.
fn closing_quote(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.first()?;
    let mut at = 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            byte if byte == quote => {
                if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') {
                    at += 2;
                } else {
                    return Some(at);
                }
            }
            _ => at += 1,
        }
    }
}
