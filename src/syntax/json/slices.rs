//! A large JSON text without a tree: the members of one object, or the elements of one array, as
//! ranges of the text.
//!
//! What stands in a value is stepped over and not checked; it is checked when its range is parsed. No
//! recursion, and no memory but for the lists. What was read before something broken is kept, and the
//! error says where.
//!
//! [`Slices`] notes in one pass where large values end. However deep one looks into them, their bytes
//! are then not stepped over again.

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use memchr::memchr2;

use super::{Input, JsonError, JsonKind, JsonPiece};

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member<'t> {
    /// The key, decoded.
    pub key: Cow<'t, str>,
    /// The key's token, with its quotes.
    pub at: Range<usize>,
    /// The value.
    pub value: Range<usize>,
}

/// From which length on, in bytes, it is noted where an object or array ends.
const LARGE: usize = 256;

/// Up to how many large values stand behind the one that was last asked for and are looked at first.
const NEAR: usize = 16;

/// A text, and where its larger objects and arrays end.
#[derive(Debug)]
pub struct Slices<'t> {
    text: &'t str,
    large: Large,
}

/// Where large objects and arrays end.
#[derive(Debug, Default)]
struct Large {
    /// Starts and ends, by start.
    all: Vec<(u32, u32)>,
    /// The first of them that starts behind the place that was last asked for: a text is most often read on
    /// from there.
    next: Cell<usize>,
}

impl Large {
    /// Where the large value ends that starts there.
    fn end_of(&self, start: usize) -> Option<usize> {
        let start = u32::try_from(start).ok()?;
        let from = self.next.get().saturating_sub(1);
        let near = self.all.get(from..self.all.len().min(from + NEAR)).unwrap_or_default();
        let is_near = near.first().is_some_and(|(first, _)| *first <= start)
            && near.last().is_some_and(|(last, _)| start <= *last);
        let (from, among) = if is_near { (from, near) } else { (0, self.all.as_slice()) };
        let found = among.binary_search_by_key(&start, |(start, _)| *start);
        self.next.set(from + found.map_or_else(|behind| behind, |at| at + 1));
        Some(among.get(found.ok()?)?.1 as usize)
    }
}

impl<'t> Slices<'t> {
    /// Looks through a text. Of one that is broken, what ends before that place is noted.
    pub fn new(text: &'t str) -> Self {
        let none = Large::default();
        let mut scan = Scan::new(text, &(0..text.len()), &none);
        let mut open: Vec<(u8, usize)> = Vec::new();
        let mut large = Vec::new();
        while let Ok(Some(bracket)) = scan.bracket() {
            let at = scan.at;
            scan.at += 1;
            match (bracket, open.last()) {
                (b'{', _) => open.push((b'}', at)),
                (b'[', _) => open.push((b']', at)),
                (_, Some(&(close, start))) if close == bracket => {
                    open.pop();
                    let offsets = (u32::try_from(start), u32::try_from(scan.at));
                    if let (Ok(from), Ok(to)) = offsets
                        && scan.at - start >= LARGE
                    {
                        large.push((from, to));
                    }
                }
                _ => break,
            }
        }
        large.sort_unstable();
        Self { text, large: Large { all: large, next: Cell::new(0) } }
    }

    /// The members of the object at `range`, duplicates kept. Nothing for a value that is no object.
    pub fn members(&self, range: &Range<usize>) -> (Vec<Member<'t>>, Option<JsonError>) {
        members(self.text, range, &self.large)
    }

    /// The elements of the array at `range`. Nothing for a value that is no array.
    pub fn elements(&self, range: &Range<usize>) -> (Vec<Range<usize>>, Option<JsonError>) {
        elements(self.text, range, &self.large)
    }
}

fn members<'t>(
    text: &'t str,
    range: &Range<usize>,
    large: &Large,
) -> (Vec<Member<'t>>, Option<JsonError>) {
    let mut scan = Scan::new(text, range, large);
    let mut out = Vec::new();
    if !scan.opens(b'{') {
        return (out, None);
    }
    let mut first = true;
    let error = loop {
        match scan.next(b'}', &mut first) {
            Ok(true) => {}
            Ok(false) => break None,
            Err(error) => break Some(error),
        }
        let at = match scan.value() {
            Ok(at) if text.as_bytes().get(at.start) == Some(&b'"') => at,
            Ok(at) => break Some(broken(at.start, "a key stands in double quotes")),
            Err(error) => break Some(error),
        };
        scan.blanks();
        if scan.byte() != Some(b':') {
            break Some(broken(scan.at, "a colon is missing behind this key"));
        }
        scan.at += 1;
        match scan.value() {
            Ok(value) => out.push(Member { key: decoded(text, &at), at, value }),
            Err(error) => break Some(error),
        }
    };
    (out, error)
}

fn elements(
    text: &str,
    range: &Range<usize>,
    large: &Large,
) -> (Vec<Range<usize>>, Option<JsonError>) {
    let mut scan = Scan::new(text, range, large);
    let mut out = Vec::new();
    if !scan.opens(b'[') {
        return (out, None);
    }
    let mut first = true;
    loop {
        match scan.next(b']', &mut first).and_then(|more| more.then(|| scan.value()).transpose()) {
            Ok(Some(value)) => out.push(value),
            Ok(None) => return (out, None),
            Err(error) => return (out, Some(error)),
        }
    }
}

fn broken(at: usize, message: &str) -> JsonError {
    JsonError { range: at..at, message: message.into(), help: None }
}

/// The text of a key.
fn decoded<'t>(text: &'t str, at: &Range<usize>) -> Cow<'t, str> {
    let token = text.get(at.clone()).unwrap_or("");
    let plain = token.get(1..token.len().saturating_sub(1)).unwrap_or("");
    if !plain.contains('\\') {
        return plain.into();
    }
    let (value, _) = super::parse(Input { text: token, holes: &[] });
    let mut out = String::new();
    if let Some(JsonKind::String(pieces)) = value.map(|value| value.kind) {
        for piece in pieces {
            match piece {
                JsonPiece::Verbatim(range) => out.push_str(token.get(range).unwrap_or("")),
                JsonPiece::Escape(_, c) => out.push(c),
                JsonPiece::Hole(_) => {}
            }
        }
    }
    out.into()
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
    large: &'t Large,
    /// The brackets that are open in a value, as many as of either kind.
    open: Vec<u8>,
}

impl<'t> Scan<'t> {
    fn new(text: &'t str, range: &Range<usize>, large: &'t Large) -> Self {
        let bytes = text.as_bytes().get(..range.end).unwrap_or(text.as_bytes());
        let mark = if bytes.get(range.start..).is_some_and(|b| b.starts_with(b"\xef\xbb\xbf")) {
            3
        } else {
            0
        };
        Self { bytes, at: range.start + mark, large, open: Vec::new() }
    }

    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn opens(&mut self, bracket: u8) -> bool {
        self.blanks();
        let opens = self.byte() == Some(bracket);
        self.at += usize::from(opens);
        opens
    }

    /// Steps to the next item, or out of the brackets.
    fn next(&mut self, close: u8, first: &mut bool) -> Result<bool, JsonError> {
        self.blanks();
        match self.byte() {
            Some(byte) if byte == close => {
                self.at += 1;
                return Ok(false);
            }
            Some(b',') if !*first => self.at += 1,
            Some(_) if *first => {}
            Some(_) => return Err(broken(self.at, "a comma is missing here")),
            None => return Err(broken(self.at, "the text ends here, before all of it is closed")),
        }
        *first = false;
        self.blanks();
        Ok(true)
    }

    /// Steps to the next bracket, over everything else that a value may hold. `None` at the end.
    fn bracket(&mut self) -> Result<Option<u8>, JsonError> {
        loop {
            match self.byte() {
                None => return Ok(None),
                Some(b'"') => self.string()?,
                Some(byte @ (b'{' | b'[' | b'}' | b']')) => return Ok(Some(byte)),
                Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') => self.word(),
                Some(b' ' | b'\t' | b'\n' | b'\r' | b',' | b':') => self.at += 1,
                Some(_) => return Err(broken(self.at, "this is no JSON")),
            }
        }
    }

    /// Where the large object or array at the reading position ends.
    fn large_end(&self) -> Option<usize> {
        self.large.end_of(self.at).filter(|end| *end <= self.bytes.len())
    }

    /// Steps over a value.
    fn value(&mut self) -> Result<Range<usize>, JsonError> {
        self.blanks();
        let start = self.at;
        if matches!(self.byte(), Some(b'{' | b'['))
            && let Some(end) = self.large_end()
        {
            self.at = end;
            return Ok(start..end);
        }
        self.open.clear();
        loop {
            match self.byte() {
                None => {
                    return Err(broken(self.at, "the text ends here, before all of it is closed"));
                }
                Some(b'"') => self.string()?,
                Some(b'{') => {
                    self.open.push(b'}');
                    self.at += 1;
                }
                Some(b'[') => {
                    self.open.push(b']');
                    self.at += 1;
                }
                Some(byte @ (b'}' | b']')) => match self.open.pop() {
                    Some(close) if close == byte => self.at += 1,
                    Some(_) => return Err(broken(self.at, "this bracket closes nothing")),
                    None => return Err(broken(self.at, "a value is missing here")),
                },
                Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') => self.word(),
                Some(b' ' | b'\t' | b'\n' | b'\r' | b',' | b':') if !self.open.is_empty() => {
                    self.at += 1;
                }
                Some(_) => return Err(broken(self.at, "this is no JSON")),
            }
            if self.open.is_empty() {
                return Ok(start..self.at);
            }
        }
    }

    fn word(&mut self) {
        while self.byte().is_some_and(|b| b.is_ascii_alphanumeric() || b"-+.".contains(&b)) {
            self.at += 1;
        }
    }

    fn string(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        self.at += 1;
        while let Some(found) =
            self.bytes.get(self.at..).and_then(|rest| memchr2(b'"', b'\\', rest))
        {
            self.at += found;
            if self.byte() == Some(b'"') {
                self.at += 1;
                return Ok(());
            }
            self.at += 2;
        }
        Err(broken(start, "this string is never closed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> (Vec<(String, &str)>, Option<usize>) {
        let (members, error) = members(text, &(0..text.len()), &Large::default());
        let shown = |m: Member<'_>| (m.key.into_owned(), &text[m.value]);
        (members.into_iter().map(shown).collect(), error.map(|error| error.range.start))
    }

    #[test]
    fn members_are_ranges() {
        let text =
            "\u{feff} {\"a\" : {\"x\": [1, \"}\\\"\"]},\n\"b\\u0063\": -1.5e3, \"a\": null } ";
        let (found, error) = keys(text);
        let of = |key: &str, value: &'static str| (key.to_owned(), value);
        assert_eq!(
            found,
            [of("a", "{\"x\": [1, \"}\\\"\"]}"), of("bc", "-1.5e3"), of("a", "null")]
        );
        assert_eq!(error, None);
        assert_eq!(keys("[1]"), (Vec::new(), None));
        assert_eq!(keys("{}"), (Vec::new(), None));
    }

    #[test]
    fn elements_are_ranges() {
        let text = "{\"a\": [ {\"b\": []} , 2,\"]\" ]}";
        let (members, _) = members(text, &(0..text.len()), &Large::default());
        let (found, error) = elements(text, &members[0].value, &Large::default());
        let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["{\"b\": []}", "2", "\"]\""]);
        assert_eq!(error, None);
    }

    #[test]
    fn what_is_broken_has_a_place_and_keeps_what_came_before() {
        for (text, kept, at) in [
            ("{\"a\": 1, \"b\": [", 1, 15),
            ("{\"a\": 1 \"b\": 2}", 1, 8),
            ("{\"a\": 1, 'b': 2}", 1, 9),
            ("{\"a\": \"x", 0, 6),
            ("{\"a\" 1}", 0, 5),
            ("{\"a\": [1}, \"b\": 2}", 0, 8),
            ("{\"a\": }", 0, 6),
            ("{\"a\": 1, // b\n}", 1, 9),
            ("{1: 2}", 0, 1),
            ("{\"a\": \"\\", 0, 6),
        ] {
            let (found, error) = keys(text);
            assert_eq!((found.len(), error), (kept, Some(at)), "{text}");
        }
    }

    #[test]
    fn large_values_are_the_same_with_their_ends_noted() {
        let long = "x".repeat(LARGE);
        let value = format!("{{\"v\": [\"{long}]}}\", {{\"w\": [1, 2]}}], \"u\": 1}}");
        for text in [
            format!("\u{feff}{{\"a\": {value}, \"b\": [{value}, {{}}]}}"),
            format!("{{\"a\": {value}, \"b\": [{value}, "),
            format!("{{\"a\": {value}, \"b\": {{{value}"),
            format!("{{\"a\": {value}, b: {value}}}"),
            format!("{{\"a\": {value}}}, {value}"),
        ] {
            let slices = Slices::new(&text);
            assert!(!slices.large.all.is_empty(), "{text}");
            let whole = 0..text.len();
            let mut open = vec![whole];
            while let Some(range) = open.pop() {
                let (found, error) = slices.members(&range);
                assert_eq!((found.clone(), error), members(&text, &range, &Large::default()));
                open.extend(found.into_iter().map(|member| member.value));
                let found = slices.elements(&range);
                assert_eq!(found, elements(&text, &range, &Large::default()));
                open.extend(found.0);
            }
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let text = format!("{{\"a\": {}{}}}", "[".repeat(500_000), "]".repeat(500_000));
        assert_eq!(keys(&text).0.len(), 1);
        let (found, error) = keys(&text[..400_000]);
        assert!(found.is_empty() && error.is_some());
    }
}
