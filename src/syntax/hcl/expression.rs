//! One expression: shielded, parsed by `hcl-edit`, lowered.
//!
//! `hcl-edit` reads a copy of the text in which some bytes are overwritten, never moved, so that its
//! offsets hold:
//!
//! * comments, and line ends where they mean nothing: it wants some `for` expressions and operators
//!   on one line, the language does not;
//! * words in heredocs that only begin like the end marker;
//! * backslashes that begin no escape: an error of its own, which costs no more than itself;
//! * the second of two equal object keys: it refuses them, the language takes the last.
//!
//! Everything that the tree shows is taken from the true text.

use std::collections::BTreeMap;
use std::ops::Range;

use hcl_edit::parser::Error;

use super::lower::Lower;
use super::message::{self, Subject};
use super::scan::{self, Extent};
use super::structure::Parser;
use super::work::Work;
use super::{Fragment, template};
use crate::source::Span;
use crate::syntax::{Duplicate, Kind, Node, SpanMap, SyntaxError};

/// Duplicate keys of one expression that are worked around (of keys of one byte: some 50).
const MAX_RENAMES: usize = 1000;

impl Parser<'_> {
    /// Parses the expression that stands at `range`, the value of the argument `name`.
    pub(super) fn expression(&mut self, range: Range<usize>, extent: &Extent, name: &str) -> Node {
        let mut reader = Reader {
            text: self.text,
            map: &self.map,
            duplicates: &mut self.document.duplicates,
            errors: &mut self.document.errors,
            work: &mut self.work,
            subject: Subject::Argument(name, &self.names),
        };
        reader.expression(range, extent)
    }
}

/// Parses a standalone expression.
pub(super) fn parse_standalone(text: &str, map: &SpanMap) -> Fragment {
    fragment(text, map, Subject::Expression, &mut Work::new(text.len()), |reader| {
        let extent = scan::standalone(text);
        if extent.fault.is_none() && extent.stop < text.len() {
            let (range, token) = message::describe(text, extent.stop, text.len());
            reader.error(range, format!("unexpected {token} behind the expression"), None);
            return reader.invalid(0..text.len());
        }
        if extent.end == extent.start {
            reader.error(0..text.len(), "an expression is missing".to_owned(), None);
            return reader.invalid(0..text.len());
        }
        reader.expression(extent.start..extent.end, &extent)
    })
}

/// Parses a template without quotes.
pub(super) fn parse_template(text: &str, map: &SpanMap) -> Fragment {
    parse_template_within(text, map, &mut Work::new(text.len()))
}

/// The same, paid from the account of a text that holds several.
pub(super) fn parse_template_within(text: &str, map: &SpanMap, work: &mut Work) -> Fragment {
    fragment(text, map, Subject::Template, work, |reader| {
        let extent = scan::template(text);
        let range = 0..text.len();
        let parsed = reader.parse(range.clone(), &extent, hcl_edit::parser::parse_template);
        match parsed {
            Some((parsed, renames)) => {
                let mut lower = reader.lower(0, &renames);
                template::lower(&mut lower, &parsed, template::Mode::Bare, range.clone(), range)
            }
            None => reader.invalid(range),
        }
    })
}

fn fragment(
    text: &str,
    map: &SpanMap,
    subject: Subject<'_>,
    work: &mut Work,
    read: impl FnOnce(&mut Reader<'_>) -> Node,
) -> Fragment {
    let (mut duplicates, mut errors) = (Vec::new(), Vec::new());
    let mut reader =
        Reader { text, map, duplicates: &mut duplicates, errors: &mut errors, work, subject };
    let node = read(&mut reader);
    Fragment { node, duplicates, errors }
}

/// Parses expressions of one text.
struct Reader<'a> {
    text: &'a str,
    map: &'a SpanMap,
    duplicates: &'a mut Vec<Duplicate>,
    errors: &'a mut Vec<SyntaxError>,
    work: &'a mut Work,
    subject: Subject<'a>,
}

impl<'a> Reader<'a> {
    fn span(&self, range: Range<usize>) -> Span {
        self.map.span(range)
    }

    fn error(&mut self, range: Range<usize>, message: String, help: Option<String>) {
        let span = self.span(range);
        self.errors.push(SyntaxError { span, message, help });
    }

    fn invalid(&self, range: Range<usize>) -> Node {
        Node { span: self.span(range), kind: Kind::Invalid }
    }

    fn lower<'r>(&'r mut self, base: usize, renames: &'r Renames) -> Lower<'r> {
        Lower {
            text: self.text,
            map: self.map,
            base,
            renames,
            duplicates: self.duplicates,
            errors: self.errors,
        }
    }

    fn expression(&mut self, range: Range<usize>, extent: &Extent) -> Node {
        let parsed = self.parse(range.clone(), extent, hcl_edit::parser::parse_expr);
        match parsed {
            Some((parsed, renames)) => self.lower(range.start, &renames).node(&parsed, range),
            None => self.invalid(range),
        }
    }

    /// Parses `range`, again and again while that overcomes a duplicate key.
    fn parse<T>(
        &mut self,
        range: Range<usize>,
        extent: &Extent,
        parse: impl Fn(&str) -> Result<T, Error>,
    ) -> Option<(T, Renames)> {
        if let Some(fault) = &extent.fault {
            let (range, message, help) = message::fault(self.text, fault);
            self.error(range, message, help);
            return None;
        }
        if !self.work.keys(extent.key_cost) {
            let subject = self.subject;
            let message = format!("{subject} holds too many object keys: it is not read");
            self.error(range, message, None);
            return None;
        }
        let mut source = self.shield(range.clone(), extent);
        let mut renames = Renames::default();
        loop {
            let error = match parse(&source) {
                Ok(parsed) => return Some((parsed, renames)),
                Err(error) => error,
            };
            let at = error.location().offset();
            if error.message().contains("redefined object key")
                && renames.total < MAX_RENAMES
                && self.work.parse_again(source.len(), extent.key_cost)
                && renames.rename(&mut source, at, range.start)
            {
                continue;
            }
            self.report(&error, range);
            return None;
        }
    }

    /// The text that `hcl-edit` is given.
    fn shield(&self, range: Range<usize>, extent: &Extent) -> String {
        let text = self.text.get(range.clone()).unwrap_or_default();
        let mut bytes = text.as_bytes().to_vec();
        let blanks = extent.comments.iter().chain(&extent.blanks).map(|r| (r, b' '));
        let masks = extent.masks.iter().map(|r| (r, b'x'));
        for (hidden, with) in blanks.chain(masks) {
            // What lies outside is a comment before or behind the expression.
            let start = hidden.start.max(range.start) - range.start;
            let end = hidden.end.min(range.end).saturating_sub(range.start);
            if let Some(hidden) = bytes.get_mut(start..end) {
                hidden.fill(with);
            }
        }
        String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
    }

    fn report(&mut self, error: &Error, range: Range<usize>) {
        let mut at = (range.start + error.location().offset()).min(range.end);
        // `hcl-edit` counts bytes and may stop within a character.
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let (message, subject) = (error.message(), self.subject);
        if message.contains("object value assignment") {
            // `hcl-edit` points behind what it did not expect.
            let before = self.text.get(range.start..at).unwrap_or_default();
            at -= before.chars().next_back().map_or(0, char::len_utf8);
        }
        if message.contains("nested levels") || message.contains("chained binary operators") {
            let limit = if message.contains("nested levels") {
                "more than 64 levels of nesting"
            } else {
                "more than 128 chained operators"
            };
            let message = format!("{limit} in {subject} are not supported: it is not read");
            return self.error(at..at, message, None);
        }
        if message.contains("redefined object key") {
            let message = format!("too many duplicate object keys in {subject}: it is not read");
            return self.error(at..at, message, None);
        }
        let (place, token) = message::describe(self.text, at, self.text.len());
        let help = if message.contains("invalid expression") {
            Some("expected an expression".to_owned())
        } else {
            let list = message.find("expected ").and_then(|found| message.get(found..));
            list.filter(|help| help.len() < 80).map(|help| help.replace('\n', "\\n"))
        };
        self.error(place, format!("cannot read {subject}: unexpected {token}"), help);
    }
}

/// The object keys that were overwritten: their ranges in the text, by start.
#[derive(Debug, Default)]
pub(super) struct Renames {
    keys: BTreeMap<usize, Rename>,
    total: usize,
}

#[derive(Debug)]
struct Rename {
    end: usize,
    attempts: usize,
}

impl Renames {
    /// The end of the overwritten key that starts at `start`.
    pub(super) fn end(&self, start: usize) -> Option<usize> {
        self.keys.get(&start).map(|rename| rename.end)
    }

    /// Overwrites the key at `at` of `source` with a name of the same length that is not taken yet.
    fn rename(&mut self, source: &mut String, at: usize, base: usize) -> bool {
        let start = base + at;
        let end = match self.end(start) {
            Some(end) => end - base,
            None => scan::key_end(source, at),
        };
        let rename = self.keys.entry(start).or_insert(Rename { end: base + end, attempts: 0 });
        let number = if end.saturating_sub(at) < 3 {
            rename.attempts += 1;
            rename.attempts
        } else {
            self.total + 1
        };
        self.total += 1;
        let Some(name) = placeholder(number, end.saturating_sub(at)) else { return false };
        if source.get(at..end).is_none() {
            return false;
        }
        source.replace_range(at..end, &name);
        true
    }
}

/// The `number`th name of `len` bytes.
fn placeholder(number: usize, len: usize) -> Option<String> {
    const DIGITS: &[u8] = b"zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA_";
    let mut name = vec![b'z'; len];
    let mut rest = number;
    for byte in name.iter_mut().rev() {
        *byte = *DIGITS.get(rest % DIGITS.len())?;
        rest /= DIGITS.len();
    }
    if rest > 0 || len == 0 { None } else { String::from_utf8(name).ok() }
}
