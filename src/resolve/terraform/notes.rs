//! What happened on the way to a value, for people and for `extract`.

use std::sync::Arc;

use crate::source::{Origin, Span};

/// Something an evaluation rested on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Used {
    /// The default of that variable, as data.
    Default(Arc<str>),
    /// A note, by its index.
    Note(usize),
    /// A policy document, local or argument, all of which counts.
    Read(Span),
    /// A block of which only some arguments count.
    Block(Span),
}

/// Why something could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where.
    pub origin: Origin,
    /// What: the expression, shortened.
    pub what: String,
    /// Why.
    pub why: String,
    /// Whether a bound on work was reached.
    pub bound: bool,
}
