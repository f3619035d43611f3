//! Languages of texts: what globs, and every combination of globs, admit.
//!
//! A [`Glob`] is a small automaton without cycles but for runs, so its positions are its states. A
//! [`TextSet`] is a formula over globs: `union`, `intersect` and `complement` cost nothing, and the
//! questions walk the product of the globs that occur, state by state as far as needed, with the
//! alphabet cut into the classes that the states at hand tell apart ([`search`]). Of long lists of
//! exceptions only those take part that turn out to matter ([`refine`]).
//!
//! Texts are sequences of Unicode characters, as in the concrete evaluator. This module must not
//! know what the texts mean.

mod chars;
mod ends;
mod letters;
mod pattern;
mod refine;
mod search;
mod text_set;

#[cfg(test)]
mod tests;

pub use chars::Chars;
pub use pattern::{Builder, Glob};
pub use text_set::TextSet;
