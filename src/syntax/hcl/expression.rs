//! One expression: shielded, parsed by `hcl-edit`, lowered.
//!
//! `hcl-edit` reads a copy of the text in which some bytes are overwritten, never moved, so that its
//! offsets hold: line ends within `for` expressions and directives (it wants them on one line, the
//! language does not), words in heredocs that only begin like the end marker, backslashes that begin
//! no escape (an error of its own), and the second of two equal object keys (it refuses them, the
//! language takes the last). Everything that the tree shows
//! is taken from the true text.

use std::collections::BTreeMap;
use std::ops::Range;

use hcl_edit::parser::Error;

use super::lower::Lower;
use super::scan::{self, Extent, Fault};
use super::structure::{Parser, describe};
use super::work::Work;
use super::{Fragment, template};
use crate::source::Span;
use crate::syntax::{Duplicate, Kind, Node, SpanMap, SyntaxError};

/// Duplicate keys of one expression that are worked around.
const MAX_RENAMES: usize = 1000;

impl Parser<'_> {
    /// Parses the expression that stands at `range`; `what` names it in messages.
    pub(super) fn expression(&mut self, range: Range<usize>, extent: &Extent, what: &str) -> Node {
        let mut reader = Reader {
            text: self.text,
            map: &self.map,
            duplicates: &mut self.document.duplicates,
            errors: &mut self.document.errors,
            work: &mut self.work,
        };
        reader.expression(range, extent, what)
    }
}

/// Parses a standalone expression.
pub(super) fn parse_standalone(text: &str, map: &SpanMap) -> Fragment {
    fragment(text, map, |reader| {
        let mut extent = scan::standalone(text);
        let start = text.len() - text.trim_start().len();
        let start = extent.comments.first().filter(|c| c.start == start).map_or(start, |_| 0);
        if extent.fault.is_none() && extent.stop < text.len() {
            let (range, token) = describe(text, extent.stop, text.len());
            reader.error(range, format!("unexpected {token} behind the expression"), None);
            return reader.invalid(0..text.len());
        }
        // Leading comments are blanked with the line ends, trailing ones lie behind `end`.
        extent.blanks.extend(extent.comments.iter().cloned());
        if extent.end == 0 {
            reader.error(0..text.len(), "an expression is missing".to_owned(), None);
            return reader.invalid(0..text.len());
        }
        reader.expression(start..extent.end, &extent, "the expression")
    })
}

/// Parses a template without quotes.
pub(super) fn parse_template(text: &str, map: &SpanMap) -> Fragment {
    fragment(text, map, |reader| {
        let extent = scan::template(text);
        let range = 0..text.len();
        let parsed =
            reader.parse(range.clone(), &extent, "the template", hcl_edit::parser::parse_template);
        match parsed {
            Some((parsed, renames)) => {
                let mut lower = reader.lower(0, &renames);
                template::lower(&mut lower, &parsed, template::Mode::Bare, range.clone(), range)
            }
            None => reader.invalid(range),
        }
    })
}

fn fragment(text: &str, map: &SpanMap, read: impl FnOnce(&mut Reader<'_>) -> Node) -> Fragment {
    let (mut duplicates, mut errors, mut work) = (Vec::new(), Vec::new(), Work::default());
    let mut reader =
        Reader { text, map, duplicates: &mut duplicates, errors: &mut errors, work: &mut work };
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

    fn expression(&mut self, range: Range<usize>, extent: &Extent, what: &str) -> Node {
        let parsed = self.parse(range.clone(), extent, what, hcl_edit::parser::parse_expr);
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
        what: &str,
        parse: impl Fn(&str) -> Result<T, Error>,
    ) -> Option<(T, Renames)> {
        if let Some(fault) = &extent.fault {
            self.fault(fault, what);
            return None;
        }
        if !self.work.keys(extent.key_cost) {
            let message = format!("{what} holds too many object keys: it is not read");
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
            self.report(&error, range, what);
            return None;
        }
    }

    /// The text that `hcl-edit` is given.
    fn shield(&self, range: Range<usize>, extent: &Extent) -> String {
        let mut source = self.text.get(range.clone()).unwrap_or_default().to_owned();
        let blanks = extent.blanks.iter().map(|r| (r, " "));
        let masks = extent.masks.iter().map(|r| (r, "x"));
        for (blank, with) in blanks.chain(masks) {
            let (Some(start), Some(end)) =
                (blank.start.checked_sub(range.start), blank.end.checked_sub(range.start))
            else {
                continue;
            };
            if source.get(start..end).is_some() {
                source.replace_range(start..end, &with.repeat(end - start));
            }
        }
        source
    }

    fn report(&mut self, error: &Error, range: Range<usize>, what: &str) {
        let at = (range.start + error.location().offset()).min(range.end);
        let message = error.message();
        if message.contains("nested levels") || message.contains("chained binary operators") {
            let limit = if message.contains("nested levels") {
                "more than 64 levels of nesting"
            } else {
                "more than 128 chained operators"
            };
            let message = format!("{limit} in {what} are not supported: it is not read");
            return self.error(at..at, message, None);
        }
        if message.contains("redefined object key") {
            let message = format!("too many duplicate object keys in {what}: it is not read");
            return self.error(at..at, message, None);
        }
        let (place, token) = describe(self.text, at, self.text.len());
        let help = if message.contains("invalid expression") {
            Some("expected an expression".to_owned())
        } else {
            let list = message.find("expected ").and_then(|found| message.get(found..));
            list.filter(|help| help.len() < 80).map(|help| help.replace('\n', "\\n"))
        };
        self.error(place, format!("cannot read {what}: unexpected {token}"), help);
    }

    fn fault(&mut self, fault: &Fault, what: &str) {
        let (range, problem) = match fault {
            Fault::Unclosed { open } => (open.clone(), "a bracket is not closed"),
            Fault::Mismatch { close, .. } => (*close..*close + 1, "a bracket is not closed"),
            Fault::String { open } => (open.clone(), "a string is not closed"),
            Fault::Heredoc { open } => (open.clone(), "a heredoc has no end marker"),
            Fault::Comment { open } => (open.clone(), "a comment is not closed"),
        };
        self.error(range, format!("cannot read {what}: {problem}"), None);
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
