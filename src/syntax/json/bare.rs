//! What stands outside of quotes: numbers, literals, unquoted keys, and holes among them.

use super::cursor::{Next, Parser};
use super::{Json, JsonKind, JsonPiece};

impl<'a> Parser<'a> {
    /// A run of bare text and holes as a value.
    pub(super) fn bare(&mut self) -> Json {
        let start = self.pos;
        let word = match self.run() {
            Ok(word) => word,
            Err(unknown) => return unknown,
        };
        let kind = match word {
            "null" => JsonKind::Null,
            "true" => JsonKind::Bool(true),
            "false" => JsonKind::Bool(false),
            _ if is_number(word) => JsonKind::Number,
            _ if looks_like_number(word) => {
                self.frayed = true;
                self.errors.add(start..self.pos, "this is not a JSON number", number_help(word));
                JsonKind::Number
            }
            _ => self.not_a_value(start, word),
        };
        Json { range: start..self.pos, kind }
    }

    /// A word that is no value: with it the rest of what looks like one text.
    fn not_a_value(&mut self, start: usize, word: &str) -> JsonKind {
        let help = match word {
            "True" | "TRUE" => "write `true`",
            "False" | "FALSE" => "write `false`",
            "None" | "Null" | "NULL" | "nil" | "undefined" => "write `null`",
            _ => "a string stands in double quotes",
        };
        self.words();
        self.frayed = true;
        if self.byte() == Some(b'"') && !self.at_hole() && self.quote_ends() {
            let end = self.pos;
            self.pos += 1;
            self.errors.add(
                start..self.pos,
                "the opening quote of this string is missing",
                "put `\"` before it",
            );
            return JsonKind::String(vec![JsonPiece::Verbatim(start..end)]);
        }
        if self.pos == start {
            // A character that no rule reads, such as a lone slash before a comment.
            self.pos += self.rest().chars().next().map_or(0, char::len_utf8);
        }
        self.errors.add(start..self.pos, "this is not a JSON value", help);
        JsonKind::Invalid
    }

    /// Steps over further words of the same line.
    fn words(&mut self) {
        loop {
            let blanks = self.hole_free();
            let rest = blanks.trim_start_matches([' ', '\t']);
            let word = word_len(rest);
            if word == 0 || rest.starts_with(['\'', '#']) {
                return;
            }
            self.pos += blanks.len() - rest.len() + word;
        }
    }

    /// Whether what follows the quote at the reading position can follow a string.
    fn quote_ends(&self) -> bool {
        let behind = self.rest().get(1..).unwrap_or("").trim_start_matches([' ', '\t']);
        behind.is_empty() || behind.starts_with([',', ']', '}', ':', '\r', '\n'])
    }

    /// A run of bare text and holes as a key; whether an error says what is wrong with it.
    pub(super) fn bare_key(&mut self) -> (Json, bool) {
        let start = self.pos;
        if let Err(unknown) = self.run() {
            return (unknown, false);
        }
        self.words();
        if self.pos == start {
            self.pos += self.rest().chars().next().map_or(0, char::len_utf8);
        }
        let range = start..self.pos;
        let pieces = vec![JsonPiece::Verbatim(range.clone())];
        let key = Json { range: range.clone(), kind: JsonKind::String(pieces) };
        if self.byte() == Some(b'"') && !self.at_hole() && self.quote_ends() {
            self.pos += 1;
            self.errors.add(
                start..self.pos,
                "the opening quote of this key is missing",
                "put `\"` before it",
            );
            return (key, true);
        }
        let named = matches!(self.peek(), Next::Byte(b':' | b'=') | Next::Hole);
        if named {
            self.errors.add(range, "this key stands without quotes", "put it in double quotes");
        } else {
            self.errors.add(
                range,
                "this is not a member of an object",
                "a member is written `\"key\": value`",
            );
        }
        (key, true)
    }

    /// Reads up to the next blank, quote, bracket, comma or colon: a word, or, if it holds a hole,
    /// the finished value.
    fn run(&mut self) -> Result<&'a str, Json> {
        let start = self.pos;
        let mut pieces = Vec::new();
        let mut from = start;
        loop {
            if self.at_hole() {
                if self.pos > from {
                    pieces.push(JsonPiece::Verbatim(from..self.pos));
                }
                while let Some(hole) = self.take_hole() {
                    pieces.push(JsonPiece::Hole(hole));
                }
                from = self.pos;
            }
            match self.rest().chars().next() {
                None => break,
                Some(next) if ends_word(next) || (next == '/' && self.at_comment()) => break,
                Some(next) => self.pos += next.len_utf8(),
            }
        }
        if pieces.is_empty() {
            return Ok(self.text.get(start..self.pos).unwrap_or(""));
        }
        if self.pos > from {
            pieces.push(JsonPiece::Verbatim(from..self.pos));
        }
        let kind = match pieces.as_slice() {
            [JsonPiece::Hole(hole)] => JsonKind::Hole(*hole),
            _ => JsonKind::Run(pieces),
        };
        Err(Json { range: start..self.pos, kind })
    }
}

/// The length of the word that `text` starts with. A comment ends it.
fn word_len(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let comment = c == '/' && matches!(chars.peek(), Some((_, '/' | '*')));
        if ends_word(c) || comment {
            return at;
        }
    }
    text.len()
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | '"' | '=')
}

/// The grammar of RFC 8259, section 6.
fn is_number(word: &str) -> bool {
    let digits = |text: &mut &str| {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let some = rest.len() < text.len();
        *text = rest;
        some
    };
    let mut rest = word.strip_prefix('-').unwrap_or(word);
    if let Some(behind) = rest.strip_prefix('0') {
        rest = behind;
    } else if !digits(&mut rest) {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix('.') {
        rest = fraction;
        if !digits(&mut rest) {
            return false;
        }
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        rest = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if !digits(&mut rest) {
            return false;
        }
    }
    rest.is_empty()
}

fn looks_like_number(word: &str) -> bool {
    let rest = word.strip_prefix(['-', '+']).unwrap_or(word);
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    rest.starts_with(|c: char| c.is_ascii_digit())
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-._".contains(&b))
}

fn number_help(word: &str) -> &'static str {
    let plain = word.strip_prefix('-').unwrap_or(word);
    if plain.len() > 1 && plain.starts_with('0') && plain.bytes().all(|b| b.is_ascii_digit()) {
        "a number has no leading zeros; an account id stands in double quotes"
    } else {
        "a string stands in double quotes"
    }
}
