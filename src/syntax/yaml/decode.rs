//! The text of scalars, mapped back to the source byte by byte.
//!
//! The value itself comes from the parser. Here the source token is decoded a second time, piece by
//! piece; if the result is not the parser's value, the whole token becomes the place of all of it.

use std::ops::Range;

use crate::source::FileId;
use crate::syntax::{SpanMapBuilder, Text};

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    /// `|` or `>`; the number of spaces before its lines, if it has any content.
    Block {
        folded: bool,
        indent: Option<usize>,
    },
}

/// The text of the scalar with that `value`. The parser gives it `range` of `source`; `token` is the
/// part of it that people would point at.
pub(super) fn text(
    file: FileId,
    source: &str,
    range: &Range<usize>,
    token: &Range<usize>,
    style: Style,
    value: &str,
) -> Text {
    let raw = source.get(range.clone()).unwrap_or("");
    let mut builder = SpanMapBuilder::new(file);
    let start = match style {
        Style::Plain => {
            if raw == value {
                return Text::verbatim(value, file, range.start);
            }
            flow(&mut builder, raw, range.start, style);
            range.start
        }
        Style::Single | Style::Double => {
            let body = raw.get(1..raw.len().max(2) - 1).unwrap_or("");
            if body == value {
                return Text::verbatim(value, file, range.start + 1);
            }
            flow(&mut builder, body, range.start + 1, style);
            range.start + 1
        }
        Style::Block { folded, indent: Some(indent) } => {
            block(&mut builder, source, range, folded, indent, value);
            range.start
        }
        Style::Block { indent: None, .. } => {
            let breaks = breaks_in(source.as_bytes(), token.end..range.end);
            // The first break ends the header.
            for at in breaks.into_iter().skip(1).take(value.len()) {
                line_break(&mut builder, source, at);
            }
            token.start
        }
    };
    if builder.text() == value || is_unterminated_block(style, builder.text(), value) {
        return builder.finish(start);
    }
    debug_assert!(false, "decoded {:?} instead of {value:?} from {raw:?}", builder.text());
    let mut coarse = SpanMapBuilder::new(file);
    coarse.replaced(value, token.clone());
    coarse.finish(start)
}

/// libyaml gives a block scalar that ends with the file no line break that is not there; the parser
/// adds one.
fn is_unterminated_block(style: Style, decoded: &str, value: &str) -> bool {
    matches!(style, Style::Block { .. }) && value.strip_suffix('\n') == Some(decoded)
}

fn is_break(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

/// The length of the line break at `at`, 0 if there is none.
fn break_len(text: &[u8], at: usize) -> usize {
    match (text.get(at), text.get(at + 1)) {
        (Some(b'\r'), Some(b'\n')) => 2,
        (Some(b'\r' | b'\n'), _) => 1,
        _ => 0,
    }
}

/// The line breaks of a range.
fn breaks_in(text: &[u8], range: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let len = break_len(text, at);
        if len > 0 {
            found.push(at..at + len);
        }
        at += len.max(1);
    }
    found
}

/// Plain and quoted text: line folding, `''`, backslash escapes.
fn flow(out: &mut SpanMapBuilder, body: &str, base: usize, style: Style) {
    let bytes = body.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {
                let (end, breaks) = blanks(bytes, at);
                at = end;
                match breaks {
                    0 => out.verbatim(body.get(start..end).unwrap_or(""), base + start),
                    1 => out.replaced(" ", base + start..base + end),
                    n => out.replaced(&"\n".repeat(n - 1), base + start..base + end),
                }
            }
            b'\'' if style == Style::Single => {
                at += 2;
                out.replaced("'", base + start..base + at.min(bytes.len()));
            }
            b'\\' if style == Style::Double => {
                if break_len(bytes, at + 1) > 0 {
                    let (end, breaks) = blanks(bytes, at + 1);
                    at = end;
                    out.replaced(&"\n".repeat(breaks.saturating_sub(1)), base + start..base + end);
                    continue;
                }
                let (stands_for, len) = escape(body.get(at..).unwrap_or(""));
                at += len;
                out.replaced(stands_for.encode_utf8(&mut [0; 4]), base + start..base + at);
            }
            _ => {
                let special = |b: &u8| match style {
                    Style::Single => matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'\''),
                    Style::Double => matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'\\'),
                    _ => matches!(b, b' ' | b'\t' | b'\n' | b'\r'),
                };
                let rest = bytes.get(at..).unwrap_or(&[]);
                at += rest.iter().position(special).unwrap_or(rest.len());
                out.verbatim(body.get(start..at).unwrap_or(""), base + start);
            }
        }
    }
}

/// The end of the blanks and line breaks at `at`, and how many breaks there are.
fn blanks(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let mut breaks = 0;
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t') => at += 1,
            Some(b'\n' | b'\r') => {
                breaks += 1;
                at += break_len(bytes, at);
            }
            _ => return (at, breaks),
        }
    }
}

/// The character that the escape at the start of `text` stands for, and its length. The parser has
/// accepted it; what is unknown here makes the caller fall back to the parser's value.
fn escape(text: &str) -> (char, usize) {
    let Some(letter) = text.get(1..).and_then(|rest| rest.chars().next()) else {
        return ('\\', 1);
    };
    let plain = match letter {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => return hex(text, 2),
        'u' => {
            if let Some(pair) = surrogates(text) {
                return (pair, 12);
            }
            return hex(text, 4);
        }
        'U' => return hex(text, 8),
        other => other,
    };
    (plain, 1 + letter.len_utf8())
}

fn hex(text: &str, digits: usize) -> (char, usize) {
    let code = text.get(2..2 + digits).and_then(|code| u32::from_str_radix(code, 16).ok());
    (code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER), 2 + digits)
}

fn surrogates(text: &str) -> Option<char> {
    let half = |at: usize| u32::from_str_radix(text.get(at..at + 4)?, 16).ok();
    let (high, low) = (half(2)?, half(8)?);
    if text.get(6..8)? != "\\u" || !(0xd800..0xdc00).contains(&high) {
        return None;
    }
    let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + low)
}

/// A block scalar: its lines without their indentation, folded if it says so, and as many line
/// breaks at its end as the value has.
fn block(
    out: &mut SpanMapBuilder,
    source: &str,
    range: &Range<usize>,
    folded: bool,
    indent: usize,
    value: &str,
) {
    let bytes = source.as_bytes();
    let mut pending = leading_breaks(bytes, range.start);
    let mut last_break = None;
    let mut after_blank = false;
    let mut at = range.start;
    while at < range.end {
        let blank = matches!(bytes.get(at), Some(b' ' | b'\t'));
        let joins = folded && last_break.is_some() && !after_blank && !blank;
        match last_break.take() {
            Some(at) if joins && pending.is_empty() => out.replaced(" ", at),
            Some(_) if joins => {}
            Some(at) => line_break(out, source, at),
            None => {}
        }
        for at in pending.drain(..) {
            line_break(out, source, at);
        }
        let rest = bytes.get(at..range.end).unwrap_or(&[]);
        let end = at + rest.iter().position(|b| is_break(*b)).unwrap_or(rest.len());
        out.verbatim(source.get(at..end).unwrap_or(""), at);
        after_blank = blank;
        at = end;
        let len = break_len(bytes, at);
        if len == 0 {
            break;
        }
        last_break = Some(at..at + len);
        at += len;
        at = skip_indent(bytes, at, indent, range.end, &mut pending);
    }
    let content_end = value.trim_end_matches('\n').len();
    let kept = value.len() - content_end;
    for at in last_break.into_iter().chain(pending).take(kept) {
        line_break(out, source, at);
    }
}

fn line_break(out: &mut SpanMapBuilder, source: &str, at: Range<usize>) {
    if source.get(at.clone()) == Some("\n") {
        out.verbatim("\n", at.start);
    } else {
        out.replaced("\n", at);
    }
}

/// Steps over the indentation of the next line of content and the empty lines before it.
fn skip_indent(
    bytes: &[u8],
    mut at: usize,
    indent: usize,
    end: usize,
    breaks: &mut Vec<Range<usize>>,
) -> usize {
    loop {
        let line = at;
        while at < end && at - line < indent && bytes.get(at) == Some(&b' ') {
            at += 1;
        }
        let len = break_len(bytes, at);
        if len == 0 || at >= end {
            return at;
        }
        breaks.push(at..at + len);
        at += len;
    }
}

/// The breaks of the empty lines between the header and the first line, which has its content at
/// `start`.
fn leading_breaks(bytes: &[u8], start: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = start;
    loop {
        while at > 0 && bytes.get(at - 1) == Some(&b' ') {
            at -= 1;
        }
        let end = at;
        match bytes.get(..at) {
            Some([.., b'\r', b'\n']) => at -= 2,
            Some([.., b'\r' | b'\n']) => at -= 1,
            _ => {
                // The break found last ends the header.
                found.pop();
                found.reverse();
                return found;
            }
        }
        found.push(at..end);
    }
}
