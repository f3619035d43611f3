//! What single bytes and lines mean to the scanner.

use std::ops::Range;

/// The marker of the heredoc that starts with the `<<` at `at`, if one starts there.
pub(in super::super) fn heredoc_marker(
    text: &str,
    limit: usize,
    at: usize,
) -> Option<Range<usize>> {
    let bytes = text.as_bytes().get(..limit)?;
    let start = if bytes.get(at + 2) == Some(&b'-') { at + 3 } else { at + 2 };
    let len = bytes.get(start..)?.iter().take_while(|&&b| is_word(b)).count();
    let end = start + len;
    if len == 0 || !bytes.get(start).is_some_and(|&b| is_word_start(b)) {
        return None;
    }
    match (bytes.get(end), bytes.get(end + 1)) {
        (Some(b'\n'), _) | (Some(b'\r'), Some(b'\n')) => Some(start..end),
        _ => None,
    }
}

/// A byte of a name: ASCII as the language says, and every non-ASCII byte.
pub(in super::super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || byte >= 0x80
}

/// A byte that a name can start with.
pub(in super::super) fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

/// Offset of the line end at or behind `from` (before a `\r\n`), or of the end of the text.
pub(in super::super) fn line_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    match memchr::memchr(b'\n', rest) {
        Some(0) => from,
        Some(n) if rest.get(n - 1) == Some(&b'\r') => from + n - 1,
        Some(n) => from + n,
        None => bytes.len().max(from),
    }
}

/// Offset behind the `*/` of the comment that starts at `start`.
pub(in super::super) fn block_comment_end(bytes: &[u8], start: usize) -> Option<usize> {
    let body = start + 2;
    let found = memchr::memmem::find(bytes.get(body..)?, b"*/")?;
    Some(body + found + 2)
}
