//! What stands outside of quotes: numbers, literals, unquoted keys, and holes among them.

use super::parser::Parser;
use super::{Json, JsonKind, JsonPiece};

impl<'a> Parser<'a> {
    /// A run of bare text and holes as a value.
    pub(super) fn bare(&mut self) -> Json {
        let (json, word) = self.run();
        let Some(word) = word else { return json };
        let range = json.range;
        let kind = match word {
            "null" => JsonKind::Null,
            "true" => JsonKind::Bool(true),
            "false" => JsonKind::Bool(false),
            _ if is_number(word) => JsonKind::Number,
            _ if looks_like_number(word) => {
                self.errors.add(range.clone(), "this is not a JSON number", number_help(word));
                JsonKind::Number
            }
            _ => {
                let meant = match word {
                    "True" | "TRUE" => "write `true`",
                    "False" | "FALSE" => "write `false`",
                    "None" | "Null" | "NULL" | "nil" | "undefined" => "write `null`",
                    _ => "a string stands in double quotes",
                };
                self.errors.add(range.clone(), "this is not a JSON value", meant);
                JsonKind::Invalid
            }
        };
        Json { range, kind }
    }

    /// A run of bare text and holes as a key.
    pub(super) fn bare_key(&mut self) -> Json {
        let (json, word) = self.run();
        if word.is_none() {
            return json;
        }
        self.errors.add(
            json.range.clone(),
            "this key stands without quotes",
            "put it in double quotes",
        );
        let pieces = vec![JsonPiece::Verbatim(json.range.clone())];
        Json { range: json.range, kind: JsonKind::String(pieces) }
    }

    /// Reads up to the next blank, quote, bracket, comma or colon. The word, if it holds no hole;
    /// otherwise the value is finished.
    fn run(&mut self) -> (Json, Option<&'a str>) {
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
            let Some(next) = self.text.get(self.pos..).and_then(|rest| rest.chars().next()) else {
                break;
            };
            if next.is_whitespace()
                || "{}[],:\"".contains(next)
                || (next == '/' && (self.starts_with("//") || self.starts_with("/*")))
                || (next == '=' && self.pos > start)
            {
                break;
            }
            self.pos += next.len_utf8();
        }
        let range = start..self.pos;
        if pieces.is_empty() {
            let word = self.text.get(range.clone()).unwrap_or("");
            return (Json { range, kind: JsonKind::Invalid }, Some(word));
        }
        if self.pos > from {
            pieces.push(JsonPiece::Verbatim(from..self.pos));
        }
        let kind = match pieces.as_slice() {
            [JsonPiece::Hole(hole)] => JsonKind::Hole(*hole),
            _ => JsonKind::Run(pieces),
        };
        (Json { range, kind }, None)
    }
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
    if plain.starts_with('0') && plain.bytes().all(|b| b.is_ascii_digit()) {
        "a number has no leading zeros; an account id stands in double quotes"
    } else {
        "a text stands in double quotes"
    }
}
