//! Several JSON values behind each other: one answer after the other in one file.

use std::ops::Range;

use crate::extract::read;
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::{Document, SyntaxError, json};

/// How many bytes are read at most: each value is read in a text of its own that reaches up to it.
const MAX_WORK: usize = 16 << 20;

/// Parses a file of answers.
pub(super) fn parse(id: FileId, file: &SourceFile) -> Document {
    let text = &*file.text;
    let values = values(text);
    if values.len() < 2 {
        return read::parse(id, file);
    }
    let mut out = Document::default();
    let mut work = 0usize;
    for value in values {
        work = work.saturating_add(value.end);
        if work > MAX_WORK {
            out.errors.push(SyntaxError {
                span: Span::new(id, 0, text.len()),
                message: "too many answers in one file; the last ones are not read".into(),
                help: Some("write each answer into a file of its own".into()),
            });
            break;
        }
        // Blanks stand for what is before the value, so that its offsets are those of the file.
        let mut alone = " ".repeat(value.start);
        alone.push_str(text.get(value).unwrap_or_default());
        let read = json::parse_file(id, &alone);
        out.roots.extend(read.roots);
        out.comments.extend(read.comments);
        out.duplicates.extend(read.duplicates);
        out.errors.extend(read.errors);
    }
    out
}

/// The objects and arrays that stand behind each other with nothing but blanks between them; nothing
/// where something else is there.
fn values(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let (mut depth, mut start, mut in_string, mut escaped) = (0usize, 0usize, false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' if depth > 0 => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                if depth == 0 {
                    start = at;
                }
                depth += 1;
            }
            b'}' | b']' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    out.push(start..at + 1);
                }
            }
            _ if depth == 0 && !byte.is_ascii_whitespace() && !(at < 3 && *byte > 127) => {
                return Vec::new();
            }
            _ => {}
        }
    }
    if depth == 0 { out } else { Vec::new() }
}
