//! Structure: arrays, objects, commas, brackets, comments, and where holes stand between them.

use std::ops::Range;

use super::errors::Errors;
use super::{Input, Json, JsonError, JsonKind, MAX_DEPTH};

/// What stands at the reading position, blanks and comments skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    End,
    Hole,
    Byte(u8),
}

/// What was read last inside of an array or object.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Last {
    /// Nothing yet.
    Open,
    /// A comma, at that offset.
    Comma(usize),
    /// An element or member: a comma is due.
    Item,
    /// A hole, or something wrong that may have swallowed a comma: a comma may follow or not.
    Free,
}

/// The parser; `pos` is always a character boundary of `text`.
#[derive(Debug)]
pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) pos: usize,
    pub(super) errors: Errors,
    holes: &'a [usize],
    next_hole: usize,
    /// The opening brackets around the reading position.
    open: Vec<u8>,
    comments: Vec<Range<usize>>,
    too_deep: bool,
    /// The token read last was broken in a way that may have swallowed a comma.
    pub(super) frayed: bool,
}

impl<'a> Parser<'a> {
    /// A parser at the start of `input`.
    pub(super) fn new(input: Input<'a>) -> Self {
        Self {
            text: input.text,
            pos: 0,
            errors: Errors::default(),
            holes: input.holes,
            next_hole: 0,
            open: Vec::new(),
            comments: Vec::new(),
            too_deep: false,
            frayed: false,
        }
    }

    /// The byte at the reading position.
    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.pos).copied()
    }

    /// Whether a hole stands at the reading position.
    pub(super) fn at_hole(&self) -> bool {
        self.holes
            .get(self.next_hole)
            .is_some_and(|&at| at <= self.pos || self.pos >= self.text.len())
    }

    /// Takes the hole at the reading position.
    pub(super) fn take_hole(&mut self) -> Option<usize> {
        if !self.at_hole() {
            return None;
        }
        self.next_hole += 1;
        Some(self.next_hole - 1)
    }

    /// The offset up to which no hole stands.
    pub(super) fn hole_free_end(&self) -> usize {
        self.holes.get(self.next_hole).map_or(self.text.len(), |&at| at.min(self.text.len()))
    }

    /// Reads the whole input: the value, the errors, the comments.
    pub(super) fn document(mut self) -> (Option<Json>, Vec<JsonError>, Vec<Range<usize>>) {
        if self.text.starts_with('\u{feff}') {
            self.pos = '\u{feff}'.len_utf8();
        }
        let mut root = match self.peek() {
            Next::End => None,
            _ => Some(self.root()),
        };
        match self.peek() {
            Next::End => {}
            next => {
                // Text before or behind the value may be nothing at all: the known value is kept.
                let at = self.pos;
                let known = root.as_ref().is_some_and(|json| !json.kind.is_hole());
                if !known && next != Next::Hole {
                    let second = self.root();
                    self.outside(at..at);
                    root = Some(second);
                }
                self.trailing(known);
            }
        }
        (root, self.errors.finish(), self.comments)
    }

    /// The outermost value. A closing bracket or a comma before it is stepped over.
    fn root(&mut self) -> Json {
        while let Some(byte @ (b'}' | b']' | b',' | b':')) = self.byte() {
            if self.at_hole() {
                break;
            }
            self.errors.add(
                self.pos..self.pos + 1,
                format!("unexpected `{}` before the first value", byte as char),
                "remove it",
            );
            self.pos += 1;
            if self.peek() == Next::End {
                return Json { range: self.pos..self.pos, kind: JsonKind::Invalid };
            }
        }
        self.value()
    }

    fn outside(&mut self, range: Range<usize>) {
        self.errors.add(
            range,
            "text that is not known stands outside of the JSON value",
            "a JSON document holds exactly one value: move what is interpolated into it",
        );
    }

    /// What stands behind the outermost value: at most one error.
    fn trailing(&mut self, known: bool) {
        match self.peek() {
            Next::End => {}
            Next::Hole => self.outside(self.pos..self.pos),
            Next::Byte(byte) if known || !matches!(byte, b'{' | b'[') => {
                let range = self.token_here();
                let help = match byte {
                    b'}' | b']' => "remove it, or add the opening bracket that it belongs to",
                    _ => "a JSON document holds exactly one value",
                };
                self.errors.add(range, "unexpected text behind the end of the JSON value", help);
            }
            Next::Byte(_) => {
                let range = self.token_here();
                self.errors.add(
                    range,
                    "a second JSON value behind the first",
                    "a JSON document holds exactly one value",
                );
            }
        }
    }

    /// The extent of the token at the reading position, for an error.
    fn token_here(&self) -> Range<usize> {
        let rest = self.text.get(self.pos..).unwrap_or("");
        let len = match rest.as_bytes().first() {
            Some(b'{' | b'}' | b'[' | b']' | b',' | b':') => 1,
            Some(b'"') => rest[1..].find(['"', '\n', '\r']).map_or(rest.len(), |at| at + 2),
            _ => rest
                .find(|c: char| c.is_whitespace() || "{}[],:\"".contains(c))
                .unwrap_or(rest.len()),
        };
        let mut end = self.pos + len.max(1).min(rest.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        self.pos..end
    }

    /// Skips blanks and comments.
    fn peek(&mut self) -> Next {
        loop {
            if self.at_hole() {
                return Next::Hole;
            }
            match self.byte() {
                None => return Next::End,
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.pos += 1,
                Some(b'/') if self.starts_with("//") || self.starts_with("/*") => self.comment(),
                Some(b'#') => self.comment(),
                Some(0xc2 | 0xe2 | 0xe3 | 0xef) if self.odd_blank() => {}
                Some(byte) => return Next::Byte(byte),
            }
        }
    }

    pub(super) fn starts_with(&self, prefix: &str) -> bool {
        self.text.get(self.pos..).is_some_and(|rest| rest.starts_with(prefix))
    }

    /// Steps over a blank that JSON does not know (a no-break space, ...), with an error.
    fn odd_blank(&mut self) -> bool {
        let Some(first) = self.text.get(self.pos..).and_then(|rest| rest.chars().next()) else {
            return false;
        };
        if !(first.is_whitespace() || first == '\u{feff}') {
            return false;
        }
        let range = self.pos..self.pos + first.len_utf8();
        self.errors.add(
            range.clone(),
            format!("the character U+{:04X} is no blank in JSON", u32::from(first)),
            "replace it by a plain space",
        );
        self.pos = range.end;
        true
    }

    /// Steps over the comment at the reading position, with an error. A hole ends it.
    fn comment(&mut self) {
        let start = self.pos;
        let limit = self.hole_free_end();
        let rest = self.text.get(start..limit).unwrap_or("");
        let (len, closed) = if rest.starts_with("/*") {
            rest.get(2..)
                .and_then(|body| body.find("*/"))
                .map_or((rest.len(), false), |at| (at + 4, true))
        } else {
            (rest.find(['\n', '\r']).unwrap_or(rest.len()), true)
        };
        // A comment marker cut by a hole must still move on.
        self.pos = start + len.max(1);
        let range = start..self.pos;
        self.comments.push(range.clone());
        if closed {
            self.errors.add(range, "JSON has no comments", "remove the comment");
        } else {
            self.errors.add(
                start..start + len.clamp(1, 2),
                "this comment is never closed, and JSON has no comments",
                "remove the comment",
            );
        }
    }

    /// A value; something must stand at the reading position.
    fn value(&mut self) -> Json {
        self.frayed = false;
        if self.at_hole() {
            return self.bare();
        }
        match self.byte() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(quote @ (b'"' | b'\'' | b'`')) => self.string(quote),
            _ => self.bare(),
        }
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Json) -> Json {
        let start = self.pos;
        if self.open.len() < MAX_DEPTH {
            self.open.push(self.byte().unwrap_or(b'['));
            self.pos += 1;
            let value = read(self);
            self.open.pop();
            self.frayed = false;
            return value;
        }
        if !self.too_deep {
            self.too_deep = true;
            self.errors.add(
                start..start + 1,
                format!("nested deeper than {MAX_DEPTH} levels; what lies deeper is not read"),
                "",
            );
        }
        self.skip_nested();
        Json { range: start..self.pos, kind: JsonKind::Invalid }
    }

    /// Steps over a balanced bracket without recursion.
    fn skip_nested(&mut self) {
        let bytes = self.text.as_bytes();
        let mut depth = 0usize;
        let mut in_string = false;
        while let Some(&byte) = bytes.get(self.pos) {
            self.pos += 1;
            match byte {
                b'\\' if in_string => self.pos += 1,
                b'"' => in_string = !in_string,
                _ if in_string => {}
                b'{' | b'[' => depth += 1,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                _ => {}
            }
        }
        self.pos = self.pos.min(self.text.len());
        while !self.text.is_char_boundary(self.pos) {
            self.pos += 1;
        }
        while self.holes.get(self.next_hole).is_some_and(|&at| at < self.pos) {
            self.next_hole += 1;
        }
    }

    fn array(&mut self) -> Json {
        let start = self.pos - 1;
        let mut items = Vec::new();
        let mut last = Last::Open;
        while let Some(next) = self.inside(start, b']', &mut last, "element") {
            if next == Next::Byte(b':') {
                self.errors.add(
                    self.pos..self.pos + 1,
                    "unexpected `:` in an array",
                    "members with keys stand in an object, between `{` and `}`",
                );
                self.pos += 1;
                last = Last::Free;
                continue;
            }
            let from = self.pos;
            let (range, free) = (self.token_here(), last == Last::Item);
            let item = self.value();
            if free && !item.kind.is_hole() {
                self.missing_comma(range, "element");
            }
            last = if item.kind.is_hole() || self.frayed { Last::Free } else { Last::Item };
            self.advance(from, &item);
            items.push(item);
        }
        Json { range: start..self.pos, kind: JsonKind::Array(items) }
    }

    fn object(&mut self) -> Json {
        let start = self.pos - 1;
        let mut members = Vec::new();
        let mut last = Last::Open;
        while let Some(next) = self.inside(start, b'}', &mut last, "member") {
            if next == Next::Byte(b':') {
                self.errors.add(
                    self.pos..self.pos + 1,
                    "there is no key before this `:`",
                    "write `\"key\": value`",
                );
                self.pos += 1;
                last = Last::Free;
                if matches!(self.peek(), Next::Byte(b'}' | b']' | b',') | Next::End) {
                    continue;
                }
                // The value is read over: without a key it can stand nowhere.
                let from = self.pos;
                let value = self.value();
                self.advance(from, &value);
                continue;
            }
            let from = self.pos;
            let (range, due) = (self.token_here(), last == Last::Item);
            let key = self.key();
            if due && !key.kind.is_hole() {
                self.missing_comma(range, "member");
            }
            self.advance(from, &key);
            let member = self.member(key);
            last = if member.1.kind.is_hole() || self.frayed { Last::Free } else { Last::Item };
            members.push(member);
        }
        Json { range: start..self.pos, kind: JsonKind::Object(members) }
    }

    /// Makes sure that reading moved on, whatever was read.
    fn advance(&mut self, from: usize, value: &Json) {
        if self.pos == from && !value.kind.is_hole() {
            self.pos += self.token_here().len().max(1);
            self.pos = self.pos.min(self.text.len());
        }
    }

    fn missing_comma(&mut self, range: Range<usize>, what: &str) {
        self.errors.add(
            range,
            format!("a comma is missing before this {what}"),
            "put `,` behind the value before it",
        );
    }

    /// Steps to the next item of an array or object: over commas, and out of it at its end.
    fn inside(&mut self, start: usize, close: u8, last: &mut Last, what: &str) -> Option<Next> {
        loop {
            match self.peek() {
                Next::End => {
                    self.unclosed(start, close, "the end of the text");
                    return None;
                }
                Next::Byte(b',') => {
                    let at = self.pos;
                    if matches!(last, Last::Open | Last::Comma(_)) {
                        self.errors.add(
                            at..at + 1,
                            format!("an {what} is missing before this comma")
                                .replace("an m", "a m"),
                            "remove the comma",
                        );
                    }
                    self.pos += 1;
                    *last = Last::Comma(at);
                }
                Next::Byte(byte) if byte == close => {
                    if let Last::Comma(at) = *last {
                        self.errors.add(
                            at..at + 1,
                            "trailing comma",
                            "JSON allows no comma behind the last item: remove it",
                        );
                    }
                    self.pos += 1;
                    return None;
                }
                Next::Byte(byte @ (b'}' | b']')) => {
                    let opening = if byte == b'}' { b'{' } else { b'[' };
                    if self.open.contains(&opening) {
                        self.unclosed(start, close, &format!("this `{}`", byte as char));
                        return None;
                    }
                    self.errors.add(
                        self.pos..self.pos + 1,
                        format!("unexpected `{}`", byte as char),
                        "nothing is open that it could close: remove it",
                    );
                    self.pos += 1;
                    if *last == Last::Item {
                        *last = Last::Free;
                    }
                }
                next => return Some(next),
            }
        }
    }

    /// A bracket that is not closed. Before another bracket, that one is the token to mend.
    fn unclosed(&mut self, start: usize, close: u8, before: &str) {
        let open = self.text.as_bytes().get(start).copied().unwrap_or(b'[') as char;
        let close = close as char;
        self.errors.add(
            start..start + 1,
            format!("this `{open}` is never closed"),
            &format!("add `{close}` before {before}"),
        );
    }

    /// A key: a string, or what stands in its place.
    fn key(&mut self) -> Json {
        self.frayed = false;
        if !self.at_hole() {
            match self.byte() {
                Some(quote @ (b'"' | b'\'' | b'`')) => return self.string(quote),
                Some(b'{' | b'[') => {
                    let from = self.pos;
                    let value = self.value();
                    self.errors.add(
                        from..from + 1,
                        "a member needs a key",
                        "write `\"key\": value`",
                    );
                    // The value is kept under an empty key, so that nothing known is lost.
                    return Json {
                        range: from..from,
                        kind: JsonKind::Object(vec![(
                            Json { range: from..from, kind: JsonKind::String(Vec::new()) },
                            value,
                        )]),
                    };
                }
                _ => {}
            }
        }
        self.bare_key()
    }

    /// What follows a key: colon and value.
    fn member(&mut self, key: Json) -> (Json, Json) {
        // A value without a key.
        if let JsonKind::Object(mut inner) = key.kind {
            self.frayed = true;
            return inner.pop().unwrap_or_else(|| {
                let none = Json { range: key.range.clone(), kind: JsonKind::Invalid };
                (none.clone(), none)
            });
        }
        let frayed = self.frayed;
        let mut key = key;
        let next = self.peek();
        let mut behind = None;
        if next == Next::Hole && !key.kind.is_hole() {
            // `"a"${x}`: the hole holds the colon and the value, or the rest of an unknown key.
            behind = Some(self.bare());
            self.peek();
        }
        if self.byte() == Some(b':') && !self.at_hole() {
            self.pos += 1;
            if let Some(hole) = behind {
                key = hole;
            }
        } else if let Some(value) = behind {
            return (key, value);
        } else if key.kind.is_hole() {
            return (key.clone(), key);
        } else if self.byte() == Some(b'=') {
            self.errors.add(
                self.pos..self.pos + 1,
                "unexpected `=` behind a key",
                "write `:` between a key and its value",
            );
            self.pos += 1;
            if self.byte() == Some(b'>') {
                self.pos += 1;
            }
        } else {
            let at = key.range.clone();
            if !frayed {
                self.errors.add(at, "a `:` and a value are missing behind this key", "");
            }
            let starts_value = match self.peek() {
                Next::Byte(b'{' | b'[' | b'"') => !frayed && !self.key_follows(),
                _ => false,
            };
            if !starts_value {
                self.frayed = true;
                let end = key.range.end;
                return (key, Json { range: end..end, kind: JsonKind::Invalid });
            }
        }
        match self.peek() {
            Next::End | Next::Byte(b',' | b'}' | b']') => {
                let end = key.range.end;
                self.errors.add(key.range.clone(), "the value of this key is missing", "");
                (key, Json { range: end..end, kind: JsonKind::Invalid })
            }
            Next::Byte(b':') => {
                self.errors.add(self.pos..self.pos + 1, "a second `:`", "remove it");
                self.pos += 1;
                match self.peek() {
                    Next::End | Next::Byte(b',' | b'}' | b']' | b':') => {
                        let end = key.range.end;
                        (key, Json { range: end..end, kind: JsonKind::Invalid })
                    }
                    _ => self.member_value(key),
                }
            }
            _ => self.member_value(key),
        }
    }

    fn member_value(&mut self, key: Json) -> (Json, Json) {
        let from = self.pos;
        let value = self.value();
        self.advance(from, &value);
        (key, value)
    }

    /// Whether the string at the reading position is followed by a colon: it is the next key.
    fn key_follows(&self) -> bool {
        let rest = self.text.get(self.pos..).unwrap_or("");
        let Some(body) = rest.strip_prefix('"') else { return false };
        let Some(end) = body.find(['"', '\n']) else { return false };
        body.get(end + 1..)
            .is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with(':'))
    }
}
