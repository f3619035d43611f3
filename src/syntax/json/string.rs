//! Strings: escapes, surrogate pairs, holes, and the strings that are not closed.

use super::parser::Parser;
use super::{Json, JsonKind, JsonPiece};

/// One escape sequence.
enum Escape {
    /// It stands for that character and is that long.
    Char(char, usize),
    /// It stands for nothing; it is that long.
    Bad(usize, &'static str, &'static str),
}

impl Parser<'_> {
    /// A string that starts with `quote` at the reading position.
    pub(super) fn string(&mut self, quote: u8) -> Json {
        let start = self.pos;
        self.pos += 1;
        let mut pieces = Vec::new();
        let mut from = self.pos;
        // Where the string ends if it runs over several lines; found at its first line break.
        let mut multiline = None;
        let mut control = None;
        let closed = loop {
            let limit = self.hole_free_end();
            while self.pos < limit
                && self.byte().is_some_and(|b| b >= 0x20 && b != quote && b != b'\\')
            {
                self.pos += 1;
            }
            if self.at_hole() && self.text.is_char_boundary(self.pos) {
                self.flush(&mut pieces, from);
                while let Some(hole) = self.take_hole() {
                    pieces.push(JsonPiece::Hole(hole));
                }
                from = self.pos;
                continue;
            }
            match self.byte() {
                None => break false,
                Some(byte) if byte == quote => {
                    self.flush(&mut pieces, from);
                    self.pos += 1;
                    break true;
                }
                Some(b'\\') => {
                    self.flush(&mut pieces, from);
                    self.escape(&mut pieces);
                    from = self.pos;
                }
                Some(b'\n' | b'\r') => {
                    let end = *multiline.get_or_insert_with(|| self.later_end(quote));
                    if end.is_none() {
                        break false;
                    }
                    control.get_or_insert(self.pos);
                    self.pos += 1;
                }
                Some(byte) if byte < 0x20 => {
                    control.get_or_insert(self.pos);
                    self.pos += 1;
                }
                Some(_) => self.pos += 1,
            }
        };
        if !closed {
            self.unclosed_string(start, from, &mut pieces);
        } else if quote != b'"' {
            self.errors.add(
                start..self.pos,
                "this string stands in the wrong quotes",
                "JSON strings stand in double quotes: `\"`",
            );
        } else if let Some(at) = control {
            let byte = self.text.as_bytes().get(at).copied().unwrap_or(0);
            let (what, help) = match byte {
                b'\n' | b'\r' => ("a line break", "write `\\n` instead"),
                b'\t' => ("a tab", "write `\\t` instead"),
                _ => ("a control character", "write it as `\\u` and four hexadecimal digits"),
            };
            self.errors.add(at..at + 1, format!("{what} stands in this string as it is"), help);
        }
        Json { range: start..self.pos, kind: JsonKind::String(pieces) }
    }

    fn flush(&self, pieces: &mut Vec<JsonPiece>, from: usize) {
        if self.pos > from {
            pieces.push(JsonPiece::Verbatim(from..self.pos));
        }
    }

    /// Where a string that is still open at a line break ends: at the next quote, if what follows
    /// can follow a string. Otherwise the quote at the end of the line was forgotten.
    fn later_end(&self, quote: u8) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut at = self.pos;
        loop {
            match bytes.get(at)? {
                b'\\' => at += 2,
                byte if *byte == quote => break,
                _ => at += 1,
            }
        }
        let behind = bytes.get(at + 1..)?.iter().find(|b| !b" \t\r\n".contains(b));
        matches!(behind, None | Some(b',' | b':' | b'}' | b']')).then_some(at)
    }

    /// Ends a string that is not closed at the end of its line, before blanks and a comma.
    fn unclosed_string(&mut self, start: usize, from: usize, pieces: &mut Vec<JsonPiece>) {
        let text = self.text.get(from..self.pos).unwrap_or("");
        let kept = text.trim_end();
        let kept = kept.strip_suffix(',').map_or(kept, str::trim_end);
        self.pos = from + kept.len();
        self.flush(pieces, from);
        self.frayed = true;
        self.errors.add(
            start..self.pos,
            "this string is never closed",
            "put the closing quote at its end",
        );
    }

    /// The escape at the reading position, a backslash.
    fn escape(&mut self, pieces: &mut Vec<JsonPiece>) {
        let start = self.pos;
        let limit = self.hole_free_end();
        let known = self.text.get(start..limit).unwrap_or("");
        match read_escape(known) {
            Escape::Char(stands_for, len) => {
                self.pos += len;
                pieces.push(JsonPiece::Escape(start..self.pos, stands_for));
            }
            Escape::Bad(len, message, help) => {
                self.pos += len.max(1);
                let (message, help) = if self.at_hole() {
                    ("text that is not known stands within an escape sequence", "")
                } else {
                    (message, help)
                };
                self.errors.add(start..self.pos, message, help);
                // Kept as it is written, so that nothing of the text is lost.
                let lone = known.get(1..2) == Some("u") && len == 6;
                pieces.push(if lone {
                    JsonPiece::Escape(start..self.pos, char::REPLACEMENT_CHARACTER)
                } else {
                    JsonPiece::Verbatim(start..self.pos)
                });
            }
        }
    }
}

/// Reads the escape at the start of `text`, which starts with a backslash.
fn read_escape(text: &str) -> Escape {
    let Some(letter) = text.get(1..).and_then(|rest| rest.chars().next()) else {
        return Escape::Bad(1, "nothing follows this backslash", "write `\\\\` for a backslash");
    };
    let simple = match letter {
        '"' | '\\' | '/' => letter,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode(text),
        '\n' | '\r' => {
            return Escape::Bad(
                1,
                "nothing follows this backslash",
                "write `\\\\` for a backslash",
            );
        }
        _ => {
            return Escape::Bad(
                1 + letter.len_utf8(),
                "JSON has no such escape sequence",
                "write `\\\\` for a backslash",
            );
        }
    };
    Escape::Char(simple, 2)
}

/// Reads `\uXXXX` or a surrogate pair of them.
fn unicode(text: &str) -> Escape {
    let Some(first) = hex4(text, 2) else {
        return Escape::Bad(2, "`\\u` needs four hexadecimal digits", "");
    };
    if let Some(plain) = char::from_u32(first) {
        return Escape::Char(plain, 6);
    }
    if (0xd800..0xdc00).contains(&first)
        && text.get(6..8) == Some("\\u")
        && let Some(second) = hex4(text, 8)
        && (0xdc00..0xe000).contains(&second)
        && let Some(both) = char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00))
    {
        return Escape::Char(both, 12);
    }
    Escape::Bad(
        6,
        "half of a surrogate pair is no character",
        "write both halves, or the character",
    )
}

fn hex4(text: &str, at: usize) -> Option<u32> {
    let digits = text.get(at..at + 4)?;
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}
