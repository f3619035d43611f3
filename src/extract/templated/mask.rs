//! A text with something readable in the place of each marker, of the same length: all offsets stay.

use super::scan::{Marker, Role};

/// The text without its markers, and the offsets at which something may be put in.
pub(super) struct Masked {
    pub(super) text: String,
    pub(super) inserts: Vec<usize>,
}

/// Masks `markers`. What stands alone on its line leaves an empty line.
pub(super) fn masked(text: &str, markers: &[Marker], json: bool) -> Masked {
    let mut out = Masked { text: String::with_capacity(text.len()), inserts: Vec::new() };
    let (mut at, mut in_string) = (0, false);
    for marker in markers {
        let between = text.get(at..marker.range.start).unwrap_or_default();
        in_string = quoted(between, in_string);
        out.text.push_str(between);
        let source = text.get(marker.range.clone()).unwrap_or_default();
        at = marker.range.end;
        let alone = is_alone(text, marker);
        let insert = marker.role == Role::Insert || (marker.role == Role::Value && alone);
        if matches!(marker.role, Role::Value | Role::Insert) && !alone {
            fill(source, json && !in_string, &mut out.text);
        } else {
            if insert {
                out.inserts.push(marker.range.start);
            }
            blank(source, if alone { '\n' } else { ' ' }, &mut out.text);
        }
    }
    out.text.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Whether nothing else stands on the lines of a marker, a comma aside.
fn is_alone(text: &str, marker: &Marker) -> bool {
    let before = text.get(..marker.range.start).unwrap_or_default();
    let before = before.rsplit('\n').next().unwrap_or_default();
    let behind = text.get(marker.range.end..).unwrap_or_default();
    let behind = behind.split('\n').next().unwrap_or_default();
    before.trim().is_empty() && behind.trim().is_empty()
}

/// A word of the same length; a text in quotes where JSON asks for a value.
fn fill(source: &str, in_quotes: bool, out: &mut String) {
    let length = source.len();
    match in_quotes && length >= 2 {
        true => {
            out.push('"');
            out.extend(std::iter::repeat_n('x', length - 2));
            out.push('"');
        }
        false => out.extend(std::iter::repeat_n('x', length)),
    }
}

/// Blanks of the same length; lines stay lines. What stands alone on its lines leaves empty ones: in front
/// of a block scalar, YAML refuses blanks behind the indentation.
fn blank(source: &str, with: char, out: &mut String) {
    out.extend(source.bytes().map(|byte| if byte == b'\n' { '\n' } else { with }));
}

/// Whether a string of JSON is open behind `text`.
fn quoted(text: &str, mut open: bool) -> bool {
    let mut escaped = false;
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if open => escaped = true,
            b'"' => open = !open,
            // A string that is never closed ends with its line.
            b'\n' => open = false,
            _ => {}
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::super::scan::markers;
    use super::*;

    fn of(text: &str, json: bool) -> (String, usize) {
        let out = masked(text, &markers(text, json).expect("markers"), json);
        assert_eq!(out.text.len(), text.len());
        (out.text, out.inserts.len())
    }

    #[test]
    fn values_and_lines() {
        assert_eq!(of("a: {{ b }}\n", false), ("a: xxxxxxx\n".into(), 0));
        assert_eq!(of("a:\n  {{ b }}\nc: 1\n", false), ("a:\n  \n\n\n\n\n\n\n\nc: 1\n".into(), 1));
        assert_eq!(of("{% if a %}\nb: 1\n{% endif %}\n", false).1, 0);
        assert_eq!(of("a: {% if b %}c{% endif %}\n", false).0, "a:           c           \n");
        assert_eq!(of(r#"{"a": {{ b }}}"#, true).0, r#"{"a": "xxxxx"}"#);
        assert_eq!(of(r#"{"a": "-{{ b }}\""}"#, true).0, r#"{"a": "-xxxxxxx\""}"#);
        assert_eq!(of(r#"{"a": ${b}}"#, true).0, r#"{"a": "xx"}"#);
    }
}
