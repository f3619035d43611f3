//! Strings: escapes, surrogate pairs, holes, and the strings that are not closed.

use super::cursor::Parser;
use super::{Json, JsonKind, JsonPiece};

/// One escape sequence.
enum Escape {
    /// It stands for that character and is that long.
    Char(char, usize),
    /// It is that long and stands for nothing, and this is why.
    Bad(usize, &'static str, &'static str),
    /// Half of a surrogate pair.
    Half,
}

const NOTHING: Escape =
    Escape::Bad(1, "nothing follows this backslash", "write `\\\\` for a backslash");

impl Parser<'_> {
    /// A string that starts with `quote` at the reading position.
    pub(super) fn string(&mut self, quote: u8) -> Json {
        let start = self.pos;
        self.pos += 1;
        let mut pieces = Vec::new();
        let mut from = self.pos;
        // Whether it may run over several lines; found out at its first line break.
        let mut multiline = None;
        let mut control = None;
        let closed = loop {
            self.plain_text(quote);
            if self.at_hole() {
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
                    self.escape(&mut pieces, quote);
                    from = self.pos;
                }
                Some(b'\n' | b'\r')
                    if !*multiline.get_or_insert_with(|| self.ends_later(quote)) =>
                {
                    break false;
                }
                Some(_) => {
                    control.get_or_insert(self.pos);
                    self.pos += 1;
                }
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
            self.raw_control(at);
        }
        Json { range: start..self.pos, kind: JsonKind::String(pieces) }
    }

    /// Steps over text that stands for itself.
    fn plain_text(&mut self, quote: u8) {
        let text = self.hole_free();
        let special = |b: &u8| *b < 0x20 || *b == quote || *b == b'\\';
        self.pos += text.as_bytes().iter().position(special).unwrap_or(text.len());
    }

    fn flush(&self, pieces: &mut Vec<JsonPiece>, from: usize) {
        if self.pos > from {
            pieces.push(JsonPiece::Verbatim(from..self.pos));
        }
    }

    fn raw_control(&mut self, at: usize) {
        let (what, help) = match self.text.as_bytes().get(at) {
            Some(b'\n' | b'\r') => ("a line break", "write `\\n` instead"),
            Some(b'\t') => ("a tab", "write `\\t` instead"),
            _ => ("a control character", "write it as `\\u` and four hexadecimal digits"),
        };
        self.errors.add(at..at + 1, format!("{what} stands in this string as it is"), help);
    }

    /// Whether a string that is still open at a line break ends later: the next quote is its end if
    /// what follows can follow a string. Otherwise the quote at the end of the line was forgotten.
    fn ends_later(&self, quote: u8) -> bool {
        let bytes = self.rest().as_bytes();
        let mut at = 0;
        loop {
            match bytes.get(at) {
                None => return false,
                Some(b'\\') => at += 2,
                Some(byte) if *byte == quote => break,
                Some(_) => at += 1,
            }
        }
        let mut behind = bytes.iter().skip(at + 1).skip_while(|b| b" \t\r\n".contains(b));
        matches!(behind.next(), None | Some(b',' | b':' | b'}' | b']'))
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

    /// The escape at the reading position, a backslash. What stands for nothing is kept as it is
    /// written, so that no text is lost.
    fn escape(&mut self, pieces: &mut Vec<JsonPiece>, quote: u8) {
        let start = self.pos;
        let known = self.hole_free();
        let (len, message, help) = match read_escape(known) {
            Escape::Char(stands_for, len) => {
                self.pos += len;
                pieces.push(JsonPiece::Escape(start..self.pos, stands_for));
                return;
            }
            Escape::Bad(2, ..) if known.as_bytes().get(1) == Some(&quote) => {
                self.pos += 2;
                pieces.push(JsonPiece::Escape(start..self.pos, char::from(quote)));
                return;
            }
            Escape::Half => {
                self.pos += 6;
                self.errors.add(
                    start..self.pos,
                    "half of a surrogate pair is no character",
                    "write both halves, or the character",
                );
                pieces.push(JsonPiece::Escape(start..self.pos, char::REPLACEMENT_CHARACTER));
                return;
            }
            Escape::Bad(len, message, help) => (len, message, help),
        };
        self.pos += len;
        if len == known.len() && self.at_hole() {
            let message = "text that is not known stands within an escape sequence";
            self.errors.add(start..self.pos, message, "write `\\\\` for a backslash");
        } else {
            self.errors.add(start..self.pos, message, help);
        }
        pieces.push(JsonPiece::Verbatim(start..self.pos));
    }
}

/// Reads the escape at the start of `text`, which starts with a backslash.
fn read_escape(text: &str) -> Escape {
    let Some(letter) = text.get(1..).and_then(|rest| rest.chars().next()) else { return NOTHING };
    let stands_for = match letter {
        '"' | '\\' | '/' => letter,
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return unicode(text),
        '\n' | '\r' => return NOTHING,
        _ => {
            return Escape::Bad(
                1 + letter.len_utf8(),
                "JSON has no such escape sequence",
                "write `\\\\` for a backslash",
            );
        }
    };
    Escape::Char(stands_for, 2)
}

/// Reads `\uXXXX` or a surrogate pair of them.
fn unicode(text: &str) -> Escape {
    let Some(first) = hex4(text, 2) else {
        return Escape::Bad(2, "`\\u` needs four hexadecimal digits", "");
    };
    if let Some(plain) = char::from_u32(first) {
        return Escape::Char(plain, 6);
    }
    if let Some(high) = first.checked_sub(0xd800).filter(|high| *high < 0x400)
        && text.get(6..8) == Some("\\u")
        && let Some(low) = hex4(text, 8).and_then(|second| second.checked_sub(0xdc00))
        && low < 0x400
        && let Some(both) = char::from_u32(0x1_0000 + (high << 10) + low)
    {
        return Escape::Char(both, 12);
    }
    Escape::Half
}

fn hex4(text: &str, at: usize) -> Option<u32> {
    let digits = text.get(at..at + 4)?;
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}
