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

    /// All errors.
    pub(super) fn finish(self) -> Vec<JsonError> {
        self.list
    }
}
