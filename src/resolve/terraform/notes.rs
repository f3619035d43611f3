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
    /// An oddity, by its index.
    Oddity(usize),
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
    /// The flags that would change it.
    pub pin: Option<String>,
}

/// Something that the provider makes of a policy document without a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oddity {
    /// What.
    pub kind: OddityKind,
    /// Where.
    pub origin: Origin,
    /// The other place that it comes from.
    pub other: Option<Origin>,
}

/// The kinds of oddities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OddityKind {
    /// A statement without `effect`.
    EffectByDefault,
    /// A second `condition` block of one `test` and `variable`.
    Merged {
        /// The `test`.
        operator: String,
        /// The `variable`.
        key: String,
        /// The statement's effect is Deny.
        deny: bool,
    },
    /// A statement that replaces another of its `sid`, and lacks something that the other had.
    Replaced {
        /// The `sid`.
        sid: String,
        /// The other one was a Deny.
        deny: bool,
        /// The keys of conditions that it had.
        keys: Vec<String>,
    },
}
