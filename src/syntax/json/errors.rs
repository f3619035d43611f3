//! The errors of one parse: bounded in number, each one on a token.

use std::ops::Range;

use super::JsonError;

/// How many errors are listed one by one.
const LISTED: usize = 100;

/// Collects errors.
#[derive(Debug, Default)]
pub(super) struct Errors {
    list: Vec<JsonError>,
}

impl Errors {
    /// Whether further errors are not listed: nothing need be worked out for them.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() > LISTED
    }

    /// How many errors are listed.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Adds an error.
    pub(super) fn add(&mut self, range: Range<usize>, message: impl Into<String>, help: &str) {
        let help = (!help.is_empty()).then(|| help.to_owned());
        if self.list.len() < LISTED {
            self.list.push(JsonError { range, message: message.into(), help });
        } else if self.list.len() == LISTED {
            let message = format!("more than {LISTED} errors; the later ones are not listed");
            self.list.push(JsonError { range, message, help: None });
        }
    }

    /// All errors, in order of their place.
    pub(super) fn finish(mut self) -> Vec<JsonError> {
        let listed = self.list.len().min(LISTED);
        if let Some(list) = self.list.get_mut(..listed) {
            list.sort_by_key(|error| error.range.start);
        }
        self.list
    }
}
