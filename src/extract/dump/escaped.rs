//! The policy of an answer: a text in which every quote and slash is escaped once more than JSON asks
//! for (`{\"Version\":\"2012-10-17\"}` when the answer is decoded). Copies of copies are escaped again.

use crate::resolve::{Kind, Piece, Text, Value};
use crate::source::{Origin, Origins};
use crate::syntax::{SpanMap, SpanMapBuilder};

/// How often a policy may be escaped.
const MAX: usize = 3;

/// The value with its escapes taken out; every byte keeps its place in the file. `None` where it is
/// escaped more often than that.
pub(super) fn unescaped(value: &Value, origins: &Origins) -> Option<Value> {
    let mut value = value.clone();
    for left in (0..=MAX).rev() {
        let Kind::Text(Text(pieces)) = &value.kind else { break };
        let [Piece::Lit { text, map, origin }] = pieces.as_slice() else { break };
        if !is_escaped(text) {
            break;
        }
        if left == 0 {
            return None;
        }
        let piece = once(text, map, *origin, origins);
        value.kind = Kind::Text(Text(vec![piece]));
    }
    Some(value)
}

/// Whether the first token of an object is an escape: JSON has none outside of strings.
fn is_escaped(text: &str) -> bool {
    let inside = text.trim_start().strip_prefix('{').map(str::trim_start);
    inside.is_some_and(|inside| inside.starts_with('\\'))
}

/// The text with one level of escapes taken out. What is no escape of JSON stays as it is.
fn once(text: &str, map: &SpanMap, origin: Origin, origins: &Origins) -> Piece {
    let file = origins.span(origin).file;
    let mut builder = SpanMapBuilder::new(file);
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let (len, stands_for) = match (c, escape(text.get(at + 1..).unwrap_or_default())) {
            ('\\', Some((len, c))) => (1 + len, Some(c)),
            _ => (c.len_utf8(), None),
        };
        let span = map.span(at..at + len);
        match stands_for {
            Some(c) => builder.replaced(c.encode_utf8(&mut [0; 4]), span.range()),
            None if span.range().len() == len => {
                builder.verbatim(text.get(at..at + len).unwrap_or_default(), span.range().start);
            }
            None => builder.replaced(text.get(at..at + len).unwrap_or_default(), span.range()),
        }
        at += len;
    }
    let start = map.span(0..0).range().start;
    let built = builder.finish(start);
    Piece::Lit { text: built.text, map: built.map, origin }
}

/// The escape that stands behind a backslash: its length, and the character.
fn escape(rest: &str) -> Option<(usize, char)> {
    let simple = match rest.bytes().next()? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let digits = rest.get(1..5)?;
            let all = digits.bytes().all(|b| b.is_ascii_hexdigit());
            let code = u32::from_str_radix(digits, 16).ok().filter(|_| all)?;
            return Some((5, char::from_u32(code)?));
        }
        _ => return None,
    };
    Some((1, simple))
}
