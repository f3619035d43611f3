//! The reading position: bytes, holes, blanks, comments.

use std::ops::Range;

use super::Input;
use super::errors::Errors;

/// What stands at the reading position, blanks and comments skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    End,
    Hole,
    Byte(u8),
}

/// A place that was read before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) pos: usize,
    next_hole: usize,
    errors: usize,
}

/// The parser; `pos` is always a character boundary of `text`.
#[derive(Debug)]
pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) pos: usize,
    pub(super) errors: Errors,
    /// The opening brackets around the reading position.
    pub(super) open: Vec<u8>,
    pub(super) comments: Vec<Range<usize>>,
    /// The token read last was broken (an error says so) and may have swallowed what should follow
    /// it: that is not missed a second time.
    pub(super) frayed: bool,
    pub(super) too_deep: bool,
    holes: &'a [usize],
    next_hole: usize,
}

impl<'a> Parser<'a> {
    /// A parser at the start of `input`.
    pub(super) fn new(input: Input<'a>) -> Self {
        Self {
            text: input.text,
            pos: 0,
            errors: Errors::default(),
            open: Vec::new(),
            comments: Vec::new(),
            frayed: false,
            too_deep: false,
            holes: input.holes,
            next_hole: 0,
        }
    }

    /// A parser of the value that starts at `start` in a text without holes; what stands before it is
    /// not looked at.
    pub(super) fn from(text: &'a str, start: usize) -> Self {
        Self { pos: start, ..Self::new(Input { text, holes: &[] }) }
    }

    /// The byte at the reading position.
    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.pos).copied()
    }

    /// The text from the reading position on.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.pos..).unwrap_or("")
    }

    /// Whether a hole stands at the reading position. One that does not stand on a character
    /// boundary, or not in order, is met at the next place that is read.
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

    /// A place to read on from again.
    pub(super) fn mark(&self) -> Mark {
        Mark { pos: self.pos, next_hole: self.next_hole, errors: self.errors.len() }
    }

    /// Goes back to `mark`, if nothing was complained about since.
    pub(super) fn rewind(&mut self, mark: Mark) -> bool {
        let clean = self.errors.len() == mark.errors && !self.errors.is_full();
        if clean {
            self.pos = mark.pos;
            self.next_hole = mark.next_hole;
        }
        clean
    }

    /// Leaves out the holes before the reading position.
    pub(super) fn drop_holes(&mut self) {
        while self.holes.get(self.next_hole).is_some_and(|&at| at < self.pos) {
            self.next_hole += 1;
        }
    }

    /// The text from the reading position up to the next hole.
    pub(super) fn hole_free(&self) -> &'a str {
        let mut end =
            self.holes.get(self.next_hole).map_or(self.text.len(), |&at| at.min(self.text.len()));
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        self.text.get(self.pos..end).unwrap_or("")
    }

    /// Skips blanks and comments.
    pub(super) fn peek(&mut self) -> Next {
        loop {
            if self.at_hole() {
                return Next::Hole;
            }
            match self.byte() {
                None => return Next::End,
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.pos += 1,
                Some(b'/' | b'#') if self.at_comment() => self.comment(),
                Some(0xc2 | 0xe1..=0xe3 | 0xef | 0x0b | 0x0c) if self.odd_blank() => {}
                Some(byte) => return Next::Byte(byte),
            }
        }
    }

    /// Whether a comment of another language stands here.
    pub(super) fn at_comment(&self) -> bool {
        self.rest().starts_with("//") || self.rest().starts_with("/*") || self.byte() == Some(b'#')
    }

    /// Steps over the comment at the reading position, with an error. A hole ends it.
    fn comment(&mut self) {
        let start = self.pos;
        let rest = self.hole_free();
        let (len, closed) = match rest.strip_prefix("/*") {
            Some(body) => body.find("*/").map_or((rest.len(), false), |at| (at + 4, true)),
            None => (rest.find(['\n', '\r']).unwrap_or(rest.len()), true),
        };
        // A comment marker that a hole cuts must be stepped over too.
        self.pos += len.max(1);
        self.comments.push(start..self.pos);
        if closed {
            self.errors.add(start..self.pos, "JSON has no comments", "remove the comment");
        } else {
            self.errors.add(
                start..start + len.clamp(1, 2),
                "this comment is never closed, and JSON has no comments",
                "remove the comment",
            );
        }
    }

    /// Steps over a blank that JSON does not know (a no-break space, ...), with an error.
    fn odd_blank(&mut self) -> bool {
        let Some(first) = self.rest().chars().next() else { return false };
        if !(first.is_whitespace() || first == '\u{feff}') {
            return false;
        }
        let range = self.pos..self.pos + first.len_utf8();
        self.pos = range.end;
        self.errors.add(
            range,
            format!("the character U+{:04X} is no blank in JSON", u32::from(first)),
            "replace it by a plain space",
        );
        true
    }

    /// The extent of the token at `at`, for an error.
    pub(super) fn token(&self, at: usize) -> Range<usize> {
        if self.errors.is_full() {
            return at..at;
        }
        let rest = self.text.get(at..).unwrap_or("");
        let len = match rest.as_bytes().first() {
            None => 0,
            Some(b'{' | b'}' | b'[' | b']' | b',' | b':') => 1,
            Some(b'"' | b'\'' | b'`') => {
                let quote = rest.as_bytes().first();
                let mut bytes = rest.bytes().enumerate().skip(1);
                let end = bytes.find(|(_, b)| Some(b) == quote || matches!(b, b'\n' | b'\r'));
                end.map_or(rest.len(), |(at, b)| at + usize::from(Some(&b) == quote))
            }
            Some(_) => rest
                .find(|c: char| c.is_whitespace() || "{}[],:\"".contains(c))
                .unwrap_or(rest.len()),
        };
        at..at + len
    }
}
