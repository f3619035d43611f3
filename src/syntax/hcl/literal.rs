//! The literals of strings and templates: escapes, trimming, and the way back to the source.

use std::ops::Range;

use super::lower::Lower;
use super::template::Mode;
use crate::syntax::SpanMapBuilder;

/// A piece of a literal token.
#[derive(Debug, Clone)]
pub(super) enum Chunk {
    /// The text at this range.
    Verbatim(Range<usize>),
    /// An escape, written at this range.
    Escape(Decoded, Range<usize>),
}

/// What an escape stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Decoded {
    /// A character.
    Char(char),
    /// `${` or `%{`.
    Marker(&'static str),
}

/// One literal token.
pub(super) type Literal = Vec<Chunk>;

/// Decodes the literal at `range`; a malformed escape is an error and stays as it is written.
pub(super) fn decode(lower: &mut Lower<'_>, range: Range<usize>, mode: Mode) -> Literal {
    let raw = lower.slice(range.clone());
    let mut chunks = Vec::new();
    let (mut at, mut verbatim) = (0, 0);
    while let Some(offset) = raw
        .as_bytes()
        .get(at..)
        .and_then(|rest| rest.iter().position(|b| matches!(b, b'$' | b'%' | b'\\' | b'"' | b'\n')))
    {
        at += offset;
        let rest = raw.get(at..).unwrap_or_default();
        let (decoded, len) = match rest.as_bytes() {
            [b'$', b'$', b'{', ..] => (Some(Decoded::Marker("${")), 3),
            [b'%', b'%', b'{', ..] => (Some(Decoded::Marker("%{")), 3),
            [b'\\', ..] if mode == Mode::Quoted => escape(rest),
            [b'"' | b'\n', ..] if mode == Mode::Quoted => {
                let message = "this cannot stand in a quoted string unescaped".to_owned();
                lower.error(range.start + at..range.start + at + 1, message);
                (None, 1)
            }
            _ => (None, 1),
        };
        if let Some(decoded) = decoded {
            if verbatim < at {
                chunks.push(Chunk::Verbatim(range.start + verbatim..range.start + at));
            }
            chunks.push(Chunk::Escape(decoded, range.start + at..range.start + at + len));
            verbatim = at + len;
        } else if rest.starts_with('\\') && mode == Mode::Quoted {
            let end = range.start + at + len;
            lower.error(range.start + at..end, "unknown escape sequence".to_owned());
        }
        at += len;
    }
    if verbatim < raw.len() {
        chunks.push(Chunk::Verbatim(range.start + verbatim..range.end));
    }
    chunks
}

/// Decodes the escape at the start of `rest`; `None` when it is malformed, with its length.
pub(super) fn escape(rest: &str) -> (Option<Decoded>, usize) {
    let hex = |digits: usize| {
        let code = rest.get(2..2 + digits).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = code.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match code.and_then(char::from_u32) {
            Some(c) => (Some(Decoded::Char(c)), 2 + digits),
            None => (None, 2),
        }
    };
    match rest.chars().nth(1) {
        Some('n') => (Some(Decoded::Char('\n')), 2),
        Some('r') => (Some(Decoded::Char('\r')), 2),
        Some('t') => (Some(Decoded::Char('\t')), 2),
        Some('"') => (Some(Decoded::Char('"')), 2),
        Some('\\') => (Some(Decoded::Char('\\')), 2),
        Some('u') => hex(4),
        Some('U') => hex(8),
        Some(c) => (None, 1 + c.len_utf8()),
        None => (None, 1),
    }
}

/// Removes the white space at the start, also escaped one.
pub(super) fn trim_start(lower: &Lower<'_>, chunks: &mut Literal) {
    let mut gone = 0;
    for chunk in chunks.iter_mut() {
        match chunk {
            Chunk::Verbatim(range) => {
                let text = lower.slice(range.clone());
                range.start += text.len() - text.trim_start().len();
                if range.start < range.end {
                    break;
                }
            }
            Chunk::Escape(Decoded::Char(c), _) if c.is_whitespace() => {}
            Chunk::Escape(..) => break,
        }
        gone += 1;
    }
    chunks.drain(..gone);
}

/// Removes the white space at the end, also escaped one.
pub(super) fn trim_end(lower: &Lower<'_>, chunks: &mut Literal) {
    while let Some(chunk) = chunks.last_mut() {
        match chunk {
            Chunk::Verbatim(range) => {
                range.end = range.start + lower.slice(range.clone()).trim_end().len();
                if range.start < range.end {
                    return;
                }
            }
            Chunk::Escape(Decoded::Char(c), _) if c.is_whitespace() => {}
            Chunk::Escape(..) => return,
        }
        chunks.pop();
    }
}

/// Appends the literal to a text.
pub(super) fn append(lower: &Lower<'_>, builder: &mut SpanMapBuilder, chunks: &Literal) {
    for chunk in chunks {
        match chunk {
            Chunk::Verbatim(range) => {
                builder.mapped(lower.slice(range.clone()), lower.map, range.start);
            }
            Chunk::Escape(decoded, range) => {
                let written = lower.span(range.clone()).range();
                match decoded {
                    Decoded::Char(c) => builder.replaced(c.encode_utf8(&mut [0; 4]), written),
                    Decoded::Marker(marker) => builder.replaced(marker, written),
                }
            }
        }
    }
}
