//! What the YAML reader complains about, in words that help.

use granit_parser::{ErrorKind, ScanError};

/// How many errors are listed one by one.
pub(super) const LISTED: usize = 100;

/// The message and help for a syntax error.
pub(super) fn describe(error: &ScanError) -> (String, Option<String>) {
    let (message, help) = match error.kind() {
        ErrorKind::InvalidQuotedScalarIndent | ErrorKind::InvalidFlowScalarIndent => (
            "this line of a string is not indented enough",
            "indent it deeper than the key that the string belongs to",
        ),
        ErrorKind::UnclosedQuotedScalar => {
            ("this string is never closed", "put the closing quote at its end")
        }
        ErrorKind::DocumentIndicatorInQuotedScalar => (
            "this string is still open at the next document marker",
            "put the closing quote at its end",
        ),
        ErrorKind::UnclosedFlowCollection { open: '[' } | ErrorKind::UnexpectedEofFlowSequence => {
            ("this `[` is never closed", "add the closing `]`")
        }
        ErrorKind::UnclosedFlowCollection { .. } | ErrorKind::UnexpectedEofFlowMapping => {
            ("this `{` is never closed", "add the closing `}`")
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            return (
                format!("this `{close}` does not close the `{open}` before it"),
                Some("close the innermost bracket first".into()),
            );
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            ("nothing is open that this bracket could close", "remove it")
        }
        ErrorKind::ExpectedFlowMappingSeparator => ("a `,` or `}` is missing before this", ""),
        ErrorKind::ExpectedFlowSequenceSeparator => ("a `,` or `]` is missing before this", ""),
        ErrorKind::ExpectedBlockMappingKey => {
            ("a key is expected here", "the lines of one map are indented alike, each `key: value`")
        }
        ErrorKind::ExpectedBlockSequenceEntry => (
            "a list item is expected here",
            "the items of one list are indented alike, each behind a `-`",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => (
            "a `:` is missing behind this key, or the line is indented wrongly",
            "write `key: value`; a long text stands in quotes or in a block behind `|`",
        ),
        ErrorKind::MappingValueNotAllowed | ErrorKind::MappingKeyNotAllowed => (
            "a key is not allowed here",
            "a text that holds `: ` stands in quotes; a nested map starts on its own line",
        ),
        ErrorKind::BlockSequenceEntryNotAllowed => {
            ("a list item is not allowed here", "a list starts on the line below its key")
        }
        ErrorKind::InvalidIndentation | ErrorKind::InvalidBlockScalarIndent => {
            ("this line is indented wrongly", "align it with the lines that it belongs to")
        }
        ErrorKind::UnexpectedCharacter { character } if !character.is_control() => {
            return (
                format!("`{character}` cannot start a value"),
                Some("put the value in quotes".into()),
            );
        }
        ErrorKind::UnexpectedCharacter { character } => {
            return (
                format!("the character U+{:04X} is not allowed in YAML", u32::from(*character)),
                Some("remove it, or write it as an escape in a double-quoted string".into()),
            );
        }
        ErrorKind::UnknownQuotedScalarEscape => (
            "YAML has no such escape sequence",
            "write `\\\\` for a backslash, or use single quotes",
        ),
        ErrorKind::RecursionLimitExceeded => {
            return (
                format!("nested deeper than {} levels; what follows is not read", super::MAX_DEPTH),
                None,
            );
        }
        kind => return (kind.to_string(), None),
    };
    (message.into(), (!help.is_empty()).then(|| help.into()))
}

/// Whether the error is about a tab.
pub(super) fn is_tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart
    )
}
