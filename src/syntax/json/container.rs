//! Arrays, and what arrays and objects share: commas, closing brackets, depth.

use super::cursor::{Mark, Next, Parser};
use super::{Json, JsonKind, MAX_DEPTH};

/// What was read last inside of an array or object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// Nothing yet.
    Open,
    /// A comma, at that offset.
    Comma(usize),
    /// An element or member: a comma is due.
    Item,
    /// A comma too many, which has its error.
    Extra,
    /// A hole, or something wrong that has its error: a comma may follow or not.
    Free,
}

impl Parser<'_> {
    /// A value; something must stand at the reading position. Always reads on, or takes a hole.
    pub(super) fn value(&mut self) -> Json {
        self.frayed = false;
        match self.byte() {
            _ if self.at_hole() => self.bare(),
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(quote @ (b'"' | b'\'' | b'`')) => self.string(quote),
            _ => self.bare(),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Json) -> Json {
        let start = self.pos;
        if self.open.len() < MAX_DEPTH {
            self.open.push(self.byte().unwrap_or(b'['));
            self.pos += 1;
            let value = read(self);
            self.open.pop();
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
                // No escaped byte that matters here is part of a longer character.
                b'\\' if in_string && matches!(bytes.get(self.pos), Some(b'"' | b'\\')) => {
                    self.pos += 1;
                }
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
        self.frayed = depth > 0;
        self.drop_holes();
    }

    fn array(&mut self) -> Json {
        let start = self.pos - 1;
        let mut items = Vec::new();
        let mut last = Last::Open;
        let mut mark = self.mark();
        while let Some(next) = self.inside(start, b']', &mut last) {
            if next == Next::Byte(b':') {
                if last == Last::Item && items.len() > 1 && self.unclosed_before(&mut items, mark) {
                    self.never_closed(start, "add `]` before the next key");
                    break;
                }
                if last != Last::Free {
                    self.errors.add(
                        self.pos..self.pos + 1,
                        "unexpected `:` in an array",
                        "members with keys stand in an object, between `{` and `}`",
                    );
                }
                self.pos += 1;
                last = Last::Free;
                continue;
            }
            mark = self.mark();
            let item = self.value();
            if last == Last::Item && !item.kind.is_hole() {
                self.errors.add(
                    self.token(mark.pos),
                    "a comma is missing before this element",
                    "put `,` behind the element before it",
                );
            }
            last = self.after(&item);
            items.push(item);
        }
        Json { range: start..self.pos, kind: JsonKind::Array(items) }
    }

    /// Whether the last element, read from `mark` on, is the key of a member of the object around
    /// this array, whose closing bracket was forgotten: then it is taken back.
    fn unclosed_before(&mut self, items: &mut Vec<Json>, mark: Mark) -> bool {
        let key = matches!(items.last(), Some(Json { kind: JsonKind::String(_), .. }));
        if !key || self.parent() != Some(b'{') || !self.rewind(mark) {
            return false;
        }
        items.pop();
        true
    }

    /// The bracket around the innermost open one.
    pub(super) fn parent(&self) -> Option<u8> {
        self.open.iter().rev().nth(1).copied()
    }

    /// A bracket that should have been closed before the reading position. Nothing that follows from
    /// it is complained about.
    pub(super) fn never_closed(&mut self, start: usize, help: &str) {
        let open = self.text.as_bytes().get(start).copied().unwrap_or(b'[') as char;
        self.errors.add(start..start + 1, format!("this `{open}` is never closed"), help);
        self.frayed = true;
    }

    /// What may follow `value`, which was just read.
    pub(super) fn after(&self, value: &Json) -> Last {
        if value.kind.is_hole() || self.frayed { Last::Free } else { Last::Item }
    }

    /// Steps to the next item of an array or object: over commas, and out of it at its end.
    pub(super) fn inside(&mut self, start: usize, close: u8, last: &mut Last) -> Option<Next> {
        loop {
            match self.peek() {
                Next::End => {
                    self.unclosed_at_end(start);
                    return None;
                }
                Next::Byte(b',') => {
                    *last = self.comma(*last, close);
                    self.pos += 1;
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
                    self.frayed = false;
                    return None;
                }
                Next::Byte(byte @ (b'}' | b']')) => {
                    self.other_bracket(start, close, byte);
                    return None;
                }
                next => return Some(next),
            }
        }
    }

    /// A comma: the state behind it. Of several in a row the first one too many is an error.
    fn comma(&mut self, last: Last, close: u8) -> Last {
        let at = self.pos;
        if last == Last::Extra {
            return last;
        }
        let extra = matches!(last, Last::Open | Last::Comma(_));
        if extra {
            let what = if close == b']' { "an element" } else { "a member" };
            self.errors.add(
                at..at + 1,
                format!("{what} is missing before this comma"),
                "remove the comma",
            );
        }
        // Behind a broken item a comma is as good as none.
        match last {
            _ if extra => Last::Extra,
            Last::Free if self.frayed => Last::Free,
            _ => Last::Comma(at),
        }
    }

    /// The other closing bracket: it belongs to an outer opening one, or stands for this one.
    fn other_bracket(&mut self, start: usize, close: u8, byte: u8) {
        let opening = if byte == b'}' { b'{' } else { b'[' };
        let (byte, close) = (byte as char, close as char);
        if self.open.contains(&opening) {
            if !self.frayed {
                self.never_closed(start, &format!("add `{close}` before the next `{byte}`"));
            }
            return;
        }
        let open = self.text.as_bytes().get(start).copied().unwrap_or(b'[') as char;
        self.errors.add(
            self.pos..self.pos + 1,
            format!("`{byte}` cannot close the `{open}` that is open here"),
            &format!("write `{close}`"),
        );
        self.pos += 1;
        self.frayed = false;
    }

    /// The text ends inside of a bracket: one error for all that are open, on the innermost.
    fn unclosed_at_end(&mut self, start: usize) {
        if self.frayed {
            return;
        }
        let close = |open: &u8| if *open == b'{' { '}' } else { ']' };
        let closing: String = self.open.iter().rev().map(close).collect();
        self.never_closed(start, &format!("`{closing}` is missing at the end of the text"));
    }
}
