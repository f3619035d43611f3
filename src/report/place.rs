//! Where a span stands, as reports print it.

use crate::source::{LineCol, SourceDb, Span};

/// A span as file, lines and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The path of the file with `/`, as it is printed; not escaped.
    pub(super) file: String,
    /// The first character.
    pub(super) start: LineCol,
    /// The position behind the last character.
    pub(super) end: LineCol,
}

impl Place {
    /// The place of `span`, one of a file of `db`.
    pub(super) fn of(span: Span, db: &SourceDb) -> Self {
        let file = db.file(span.file);
        let (start, end) = (file.line_col(span.start), file.line_col(span.end));
        Self { file: file.display.clone(), start, end }
    }

    /// `path:line:column`, not escaped.
    pub(super) fn short(&self) -> String {
        format!("{}:{}:{}", self.file, self.start.line, self.start.column)
    }
}
