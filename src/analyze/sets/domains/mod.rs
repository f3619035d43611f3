//! The texts that a key can hold at all, so that a witness is always a value that can occur
//! (SEMANTICS 2.4, 2.5).
//!
//! Every set of values is cut with its key's domain before anybody asks whether it is empty. A domain
//! is as wide as AWS's own words allow: a literal of the right prefix and the wrong length is a named
//! constant still. What is usual within a domain only decides how a witness looks.

mod ids;
mod principals;
mod requests;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::budget::{Budget, TooBig};
use super::glob::{Builder, Chars, Glob, TextSet};

pub use ids::{account, organization, organization_path, paths_of, vpc, vpc_endpoint};
pub use principals::{named, of_account, of_user, principal, session};
pub use requests::{header, method, path, path_of, stage, tail, tail_of};

const DIGIT: Chars = Chars::ascii("0123456789");
const HEX: Chars = Chars::ascii("0123456789abcdef");
const LOWER: Chars = Chars::ascii("abcdefghijklmnopqrstuvwxyz0123456789");
const ALNUM: Chars = Chars::ascii("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
/// Visible ASCII.
const GRAPHIC: Chars = Chars::ascii(
    "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~",
);

/// The texts that a key can hold. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Domain {
    /// All of them.
    every: Glob,
    /// Those that look as usual, best first.
    usual: Arc<[Glob]>,
    /// Those of them that a witness shows where they fit, best first.
    hints: Arc<[String]>,
}

impl Domain {
    /// A domain of its own: all texts, and those of them that look as usual.
    pub fn new(every: Glob, usual: Glob) -> Self {
        Self { every, usual: [usual].into(), hints: [].into() }
    }

    /// The same domain, in which a witness shows `hints` first, those that are in it.
    #[must_use]
    pub fn preferring<T: Into<String>>(self, hints: impl IntoIterator<Item = T>) -> Self {
        let first = hints.into_iter().map(Into::into).filter(|hint| self.contains(hint));
        let hints = first.chain(self.hints.iter().cloned()).collect();
        Self { hints, ..self }
    }

    /// All texts of the domain.
    pub fn set(&self) -> TextSet {
        self.every.clone().into()
    }

    /// All texts of the domain.
    pub fn glob(&self) -> &Glob {
        &self.every
    }

    /// Whether the key can hold `text`.
    pub fn contains(&self, text: &str) -> bool {
        self.every.contains(text)
    }

    /// Whether the key can hold no text of `set`.
    ///
    /// # Errors
    /// [`TooBig`]: that is not known.
    pub fn is_empty(&self, set: &TextSet, budget: &Budget) -> Result<bool, TooBig> {
        self.set().intersect(set).is_empty(budget)
    }

    /// The simplest text of `set` that the key can hold; `None` when there is none.
    ///
    /// # Errors
    /// [`TooBig`]: that is not known.
    pub fn witness(&self, set: &TextSet, budget: &Budget) -> Result<Option<String>, TooBig> {
        if let Some(hint) = self.hints.iter().find(|hint| set.contains(hint)) {
            return Ok(Some(hint.clone()));
        }
        let set = self.set().intersect(set);
        for usual in self.usual.iter() {
            let within = set.intersect(&usual.clone().into());
            if let Some(text) = within.witness::<&str>(&[], budget)? {
                return Ok(Some(text));
            }
        }
        set.witness::<&str>(&[], budget)
    }

    /// The first so many of the domain's own simplest texts that are not in `taken`: ids for
    /// outsiders.
    pub fn fresh<'a>(&'a self, taken: &'a TextSet) -> impl Iterator<Item = &'a str> {
        let free = |hint: &&String| !taken.contains(hint);
        self.hints.iter().filter(free).map(String::as_str)
    }
}

fn build(with: impl FnOnce(Builder) -> Builder) -> Glob {
    with(Builder::default()).build()
}
