//! Notes to the program: comments and entries that ask for something, with what they stand at.

use std::sync::Arc;

use super::Node;
use crate::source::Span;

/// What an author asks of the program, and where.
#[derive(Debug, Clone)]
pub struct Remark {
    /// The comment or entry.
    pub span: Span,
    /// What it stands at: what begins on the line below a comment that stands alone, the text that
    /// begins on the line of another, or the resource that an entry belongs to.
    pub covers: Option<Span>,
    /// The address of the API that an entry belongs to.
    pub api: Option<Arc<str>>,
    /// What it is.
    pub kind: RemarkKind,
}

/// The two forms of a remark.
#[derive(Debug, Clone)]
pub enum RemarkKind {
    /// A comment, without its marker and the blanks around it.
    Comment {
        /// What it says.
        text: String,
        /// Nothing but blanks stands before it on its line.
        own_line: bool,
    },
    /// An entry of a list that belongs to a resource or to the whole file.
    Entry(Node),
}
