//! What the YAML reader complains about, in words that help.

use std::ops::Range;

use granit_parser::{ErrorKind, ScanError};

use super::build::Builder;
use crate::source::Span;
use crate::syntax::SyntaxError;

/// How many errors are listed one by one.
const LISTED: usize = 100;

/// How many lines behind the place of an error are searched for the tab that it is about.
const TAB_LINES: usize = 64;

impl Builder<'_> {
    /// Adds an error. After the hundredth only one more is added, which says so.
    pub(super) fn error(
        &mut self,
        range: Range<usize>,
        message: impl Into<String>,
        help: Option<&str>,
    ) {
        let span = self.span(&range);
        let listed = self.document.errors.len();
        if listed < LISTED {
            let help = help.map(Into::into);
            self.document.errors.push(SyntaxError { span, message: message.into(), help });
        } else if listed == LISTED {
            let message = format!("more than {LISTED} errors; the later ones are not listed");
            self.document.errors.push(SyntaxError { span, message, help: None });
        }
    }

    /// Records a syntax error and ends the document there.
    pub(super) fn syntax_error(&mut self, error: &ScanError) {
        let at = error.marker().byte_offset().unwrap_or(usize::MAX);
        let at = self.boundary(self.source.offset(at));
        if self.too_deep && *error.kind() == ErrorKind::RecursionLimitExceeded {
            return self.break_off(at);
        }
        let tab = if is_tab(error.kind()) { self.find_tab(at) } else { None };
        if let Some(tab) = tab {
            self.error(
                tab,
                "a tab is used for indentation",
                Some("YAML allows only spaces there: replace the tab by spaces"),
            );
        } else {
            let (message, help) = describe(error);
            let rendered = self.is_rendered_first(at).then(|| RENDERED.to_owned());
            let help = rendered.or(help);
            // The parser stands behind the sign that has no name.
            let sign = self.text.get(..at).is_some_and(|before| before.ends_with(['*', '&']));
            let nameless = *error.kind() == ErrorKind::MissingAnchorOrAliasName && sign;
            let at = at - usize::from(nameless);
            let rest = self.text.get(at..).unwrap_or("");
            let first = rest.chars().next().filter(|c| !c.is_whitespace());
            self.error(at..at + first.map_or(0, char::len_utf8), message, help.as_deref());
        }
        self.break_off(at);
    }

    /// The offset or, inside of a character, the start of it.
    fn boundary(&self, mut at: usize) -> usize {
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// Whether the line of `at` holds the brackets of a template language.
    fn is_rendered_first(&self, at: usize) -> bool {
        let start =
            self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let line = self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
        line.contains("{{") || line.contains("{%")
    }

    /// The tabs in the indentation of the line of `at`, or of a later line close by.
    fn find_tab(&self, at: usize) -> Option<Range<usize>> {
        let mut line = self.text.get(..at)?.rfind('\n').map_or(0, |at| at + 1);
        for _ in 0..TAB_LINES {
            let rest = self.text.get(line..)?;
            let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            if let Some(tab) = rest.get(..indent)?.find('\t') {
                let tabs = rest.get(tab..)?;
                let len = tabs.len() - tabs.trim_start_matches('\t').len();
                return Some(line + tab..line + tab + len);
            }
            line += rest.find('\n')? + 1;
        }
        None
    }
}

/// Makes of the error at `at`, about the indentation of a string, one about its opening quote, which
/// nothing closes.
pub(super) fn blame_quote(errors: &mut [SyntaxError], at: usize, quote: usize) {
    if let Some(error) = errors.iter_mut().find(|error| error.span.range().start == at) {
        let file = error.span.file;
        let (message, help) = UNCLOSED;
        let span = Span::new(file, quote, quote + 1);
        *error = SyntaxError { span, message: message.into(), help: Some(help.into()) };
    }
}

const RENDERED: &str = "a template engine renders this file before it is YAML: check its output";

const UNCLOSED: (&str, &str) = ("this string is never closed", "put the closing quote at its end");

/// The message and help for a syntax error.
fn describe(error: &ScanError) -> (String, Option<String>) {
    let (message, help) = match error.kind() {
        ErrorKind::InvalidQuotedScalarIndent | ErrorKind::InvalidFlowScalarIndent => (
            "this line of a string is not indented enough",
            "indent it deeper than the key that the string belongs to",
        ),
        ErrorKind::UnclosedQuotedScalar => UNCLOSED,
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
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "this stands behind the end of a string",
            "quotes inside a string are escaped; between two values stands a comma or a new line",
        ),
        ErrorKind::MisplacedFlowCollectionEnd => {
            ("nothing is open that this bracket could close", "remove it")
        }
        ErrorKind::ExpectedFlowMappingSeparator => {
            ("a `,` or `}` is missing before this", "separate the entries by commas")
        }
        ErrorKind::ExpectedFlowSequenceSeparator => {
            ("a `,` or `]` is missing before this", "separate the items by commas")
        }
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
        ErrorKind::MissingAnchorOrAliasName => (
            "a `*` or `&` that is not quoted needs the name of an anchor",
            "put the text in quotes: `'*'`",
        ),
        ErrorKind::ExpectedDocumentStart => (
            "this does not belong to the value before it",
            "a document is one map, one list or one text; `---` starts the next document",
        ),
        ErrorKind::BlockEntryInFlowCollection => (
            "a list item behind a `-` cannot stand between brackets",
            "separate the items by commas",
        ),
        ErrorKind::CommentNotSeparated => {
            ("a blank is missing before this comment", "put a blank before the `#`")
        }
        ErrorKind::CommentInterceptedScalar => (
            "a comment interrupts a text that runs over several lines",
            "move the comment, or put the text in quotes",
        ),
        ErrorKind::InvalidBlockScalarHeader => {
            ("only a comment may follow `|` or `>` on its line", "start the text on the next line")
        }
        ErrorKind::InvalidTagTerminator => {
            ("a tag ends with a blank", "put the value in quotes if it is meant as it stands")
        }
        ErrorKind::UndeclaredTagHandle => {
            ("this tag has a handle that is not declared", "a short tag is written `!Name`")
        }
        ErrorKind::PlainScalarStartsWithDashFlowIndicator => {
            ("a text cannot start like this", "put the text in quotes")
        }
        ErrorKind::UnknownQuotedScalarEscape => (
            "YAML has no such escape sequence",
            "write `\\\\` for a backslash, or use single quotes",
        ),
        ErrorKind::RecursionLimitExceeded => {
            return (
                format!("nested deeper than {} levels; the document is not read", super::MAX_DEPTH),
                None,
            );
        }
        kind => return (kind.to_string(), None),
    };
    (message.into(), (!help.is_empty()).then(|| help.into()))
}

/// Whether the error is about a tab.
fn is_tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart
    )
}
