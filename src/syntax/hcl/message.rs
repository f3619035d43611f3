//! The words of error messages.

use std::fmt;
use std::ops::Range;

use super::scan::{self, Fault};

/// Longest piece of the text that a message repeats, in characters.
const SHOWN: usize = 60;

/// What a value is, for messages: ``the value of `policy` in resource "a" "b"``.
#[derive(Debug, Clone, Copy)]
pub(super) enum Subject<'a> {
    /// The value of an argument, in the blocks of these headers.
    Argument(&'a str, &'a [String]),
    /// A standalone expression.
    Expression,
    /// A standalone template.
    Template,
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(name, names) => {
                write!(f, "the value of `{}`{}", short(name), place(names))
            }
            Self::Expression => f.write_str("the expression"),
            Self::Template => f.write_str("the template"),
        }
    }
}

/// ` in resource "a" "b"`, or nothing at the top of the file.
pub(super) fn place(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => format!(" in {only}"),
        [first, .., last] => format!(" in block {last} of {first}"),
    }
}

/// The start of a text, for a message.
pub(super) fn short(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The token at or behind `at` on its line and how a message calls it; `limit` is the end of the
/// block or text.
pub(super) fn describe(text: &str, at: usize, limit: usize) -> (Range<usize>, String) {
    let limit = limit.min(text.len());
    let rest = text.get(at..limit).unwrap_or_default();
    let at = at + rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let rest = text.get(at..limit).unwrap_or_default();
    let word = rest.bytes().take_while(|&b| scan::is_word(b)).count();
    if word > 0 {
        let shown = short(rest.get(..word).unwrap_or_default());
        return (at..at + word, format!("`{}`", shown.escape_debug()));
    }
    match rest.chars().next() {
        None if limit < text.len() => (at..at, "the end of the block".to_owned()),
        None => (at..at, "the end of the text".to_owned()),
        Some('\n' | '\r') => (at..at, "the end of the line".to_owned()),
        Some('"') => (at..at + 1, "a string".to_owned()),
        Some(c) => (at..at + c.len_utf8(), format!("`{}`", c.escape_debug())),
    }
}

/// Where a fault is shown, what it is, and how it is mended.
pub(super) fn fault(text: &str, fault: &Fault) -> (Range<usize>, String, Option<String>) {
    let slice = |range: &Range<usize>| short(text.get(range.clone()).unwrap_or_default());
    match fault {
        Fault::Unclosed { open } => {
            (open.clone(), format!("`{}` is not closed", slice(open)), None)
        }
        Fault::Mismatch { open, close } => {
            let close = *close..*close + 1;
            let message =
                format!("`{}` does not close the `{}` before it", slice(&close), slice(open));
            (close, message, None)
        }
        Fault::String { open } => {
            let help = "a string ends on its line; a longer text needs a heredoc";
            (open.clone(), "the string is not closed".to_owned(), Some(help.to_owned()))
        }
        Fault::Heredoc { open } => {
            let help = "the end marker stands alone on its line";
            let message = format!("the heredoc `{}` has no end marker", slice(open));
            (open.clone(), message, Some(help.to_owned()))
        }
        Fault::Comment { open } => (open.clone(), "the comment is not closed".to_owned(), None),
        Fault::Depth { open } => {
            (open.clone(), "brackets nested this deep are not supported".to_owned(), None)
        }
    }
}
