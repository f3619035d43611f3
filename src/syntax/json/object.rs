//! Objects: keys, colons, values, and holes in place of any of them.

use super::container::Last;
use super::cursor::{Next, Parser};
use super::{Json, JsonKind, JsonPiece};

/// How a member goes on behind its key.
enum Behind {
    /// With a colon, or what was meant as one: a value is due.
    Colon,
    /// With a hole and no colon: the hole holds the value.
    Hole(Json),
    /// With nothing that belongs to it.
    Nothing,
}

/// Makes `key` one with the `hole` behind it: `"a"${x}: 1` has a key that is not known.
fn join(text: &str, key: &mut Json, hole: Json) {
    let JsonKind::String(inner) = std::mem::replace(&mut key.kind, JsonKind::Invalid) else {
        return;
    };
    let token = key.range.clone();
    let quote = text.as_bytes().get(token.start).filter(|b| b"\"'`".contains(b));
    let mut pieces = Vec::new();
    if quote.is_some() {
        pieces.push(JsonPiece::Verbatim(token.start..token.start + 1));
    }
    let end = inner.iter().rev().find_map(|piece| match piece {
        JsonPiece::Verbatim(range) | JsonPiece::Escape(range, _) => Some(range.end),
        JsonPiece::Hole(_) => None,
    });
    pieces.extend(inner);
    if quote.is_some() && end.unwrap_or(token.start + 1) < token.end {
        pieces.push(JsonPiece::Verbatim(token.end - 1..token.end));
    }
    match hole.kind {
        JsonKind::Run(run) => pieces.extend(run),
        JsonKind::Hole(hole) => pieces.push(JsonPiece::Hole(hole)),
        _ => {}
    }
    *key = Json { range: token.start..hole.range.end, kind: JsonKind::Run(pieces) };
}

impl Parser<'_> {
    /// An object, its opening bracket read.
    pub(super) fn object(&mut self) -> Json {
        let start = self.pos - 1;
        let mut members = Vec::new();
        let mut last = Last::Open;
        while let Some(next) = self.inside(start, b'}', &mut last) {
            let due = last == Last::Item;
            let comma = matches!(last, Last::Comma(_));
            if next == Next::Byte(b'{') && comma && self.parent() == Some(b'[') {
                // `[{"a": 1, {"b": 2}]`: the next element of the array around.
                self.never_closed(start, "add `}` before the next element");
                break;
            }
            let member = match next {
                Next::Byte(b':' | b'{' | b'[') => self.without_key(),
                _ => self.member(due),
            };
            last = self.after(&member.1);
            members.push(member);
        }
        Json { range: start..self.pos, kind: JsonKind::Object(members) }
    }

    /// A value without a key: it is kept under an invalid one.
    fn without_key(&mut self) -> (Json, Json) {
        let at = self.pos;
        self.errors.add(at..at + 1, "a key is missing here", "write `\"key\": value`");
        if self.byte() == Some(b':') {
            self.pos += 1;
        }
        let key = Json { range: at..at, kind: JsonKind::Invalid };
        let value = self.member_value(&key, true);
        (key, value)
    }

    /// A key and its value. `due`: a comma should stand before it.
    fn member(&mut self, due: bool) -> (Json, Json) {
        let at = self.pos;
        self.frayed = false;
        let (mut key, mut complained) = match self.byte() {
            Some(quote @ (b'"' | b'\'' | b'`')) if !self.at_hole() => {
                let key = self.string(quote);
                (key, self.frayed)
            }
            _ => self.bare_key(),
        };
        let behind = self.behind_key(&mut key);
        if due && !complained && !key.kind.is_hole() {
            let token = self.token(at);
            if matches!(behind, Behind::Nothing) {
                complained = true;
                self.errors.add(
                    token,
                    "a `,` or `}` is missing before this",
                    "a member is written `\"key\": value`",
                );
            } else {
                self.errors.add(
                    token,
                    "a comma is missing before this member",
                    "put `,` behind the member before it",
                );
            }
        }
        let value = match behind {
            Behind::Colon => self.member_value(&key, false),
            Behind::Hole(hole) => hole,
            Behind::Nothing if key.kind.is_hole() => key.clone(),
            Behind::Nothing => {
                if !complained {
                    self.errors.add(
                        key.range.clone(),
                        "a `:` and a value are missing behind this key",
                        "write `\"key\": value`",
                    );
                }
                self.frayed = true;
                self.no_value(&key)
            }
        };
        (key, value)
    }

    /// Reads what separates a key from its value.
    fn behind_key(&mut self, key: &mut Json) -> Behind {
        let mut hole = None;
        if self.peek() == Next::Hole && !key.kind.is_hole() {
            // `"a"${x}`: the hole holds the colon and the value, or the rest of an unknown key.
            hole = Some(self.bare());
            self.peek();
        }
        match self.byte() {
            _ if self.at_hole() => {}
            Some(b':') => {
                self.pos += 1;
                if let Some(hole) = hole {
                    join(self.text, key, hole);
                }
                return Behind::Colon;
            }
            Some(b'=') => {
                let len = if self.rest().starts_with("=>") { 2 } else { 1 };
                self.errors.add(
                    self.pos..self.pos + len,
                    "a `:` stands between a key and its value",
                    "write `:` instead",
                );
                self.pos += len;
                return Behind::Colon;
            }
            // A value without the colon; a string may as well be the next key.
            Some(b'{' | b'[') if hole.is_none() && !key.kind.is_hole() && !self.frayed => {
                self.colon_missing(key);
                return Behind::Colon;
            }
            Some(b'"') if hole.is_none() && !key.kind.is_hole() && self.value_follows() => {
                self.colon_missing(key);
                return Behind::Colon;
            }
            _ => {}
        }
        hole.map_or(Behind::Nothing, Behind::Hole)
    }

    fn colon_missing(&mut self, key: &Json) {
        self.errors.add(
            key.range.clone(),
            "a `:` is missing behind this key",
            "write `\"key\": value`",
        );
    }

    /// The value behind a colon.
    fn member_value(&mut self, key: &Json, complained: bool) -> Json {
        let mut complained = complained;
        while self.peek() == Next::Byte(b':') {
            if !complained {
                complained = true;
                self.errors.add(self.pos..self.pos + 1, "a second `:`", "remove it");
            }
            self.pos += 1;
        }
        match self.peek() {
            next @ (Next::End | Next::Byte(b',' | b'}' | b']')) => {
                if !complained {
                    self.errors.add(
                        key.range.clone(),
                        "the value of this key is missing",
                        "write `\"key\": value`",
                    );
                }
                self.frayed = next == Next::End;
                self.no_value(key)
            }
            _ => self.value(),
        }
    }

    fn no_value(&self, key: &Json) -> Json {
        Json { range: key.range.end..key.range.end, kind: JsonKind::Invalid }
    }

    /// Whether the string at the reading position ends its member on the same line.
    fn value_follows(&self) -> bool {
        let rest = self.rest();
        let Some(body) = rest.strip_prefix('"') else { return false };
        let Some(end) = body.find(['"', '\n']) else { return false };
        let behind = body.get(end..).unwrap_or("");
        let behind = behind.strip_prefix('"').unwrap_or("x").trim_start_matches([' ', '\t']);
        behind.is_empty() || behind.starts_with([',', '}', '\r', '\n'])
    }
}
