//! The whole input: one value and nothing else.

use std::ops::Range;

use super::cursor::{Next, Parser};
use super::{Json, JsonError, JsonKind};

impl Parser<'_> {
    /// Reads the whole input: the value, the errors, the comments.
    pub(super) fn document(mut self) -> (Option<Json>, Vec<JsonError>, Vec<Range<usize>>) {
        if self.pos == 0 && self.text.starts_with('\u{feff}') {
            self.pos = '\u{feff}'.len_utf8();
        }
        self.stray_before();
        let mut root = match self.peek() {
            Next::End => None,
            _ => Some(self.value()),
        };
        if let Some(before) = &root
            && before.kind.is_hole()
            && let Next::Byte(_) = self.peek()
        {
            // The unknown text before it may be empty: the known value is the document.
            self.outside(before.range.start);
            root = Some(self.value());
        }
        self.behind(root.as_ref());
        (root, self.errors.finish(), self.comments)
    }

    /// Steps over closing brackets, commas and colons before the value: one error.
    fn stray_before(&mut self) {
        let mut reported = false;
        while let Next::Byte(byte @ (b'}' | b']' | b',' | b':')) = self.peek() {
            if !reported {
                reported = true;
                self.errors.add(
                    self.pos..self.pos + 1,
                    format!("unexpected `{}`", byte as char),
                    "a JSON document starts with its value",
                );
            }
            self.pos += 1;
        }
    }

    fn outside(&mut self, at: usize) {
        self.errors.add(
            at..at,
            "text that is not known stands outside of the JSON value",
            "a JSON document holds exactly one value: move what is interpolated into it",
        );
    }

    /// What stands behind the value: at most one error.
    fn behind(&mut self, root: Option<&Json>) {
        // Of a text that is no JSON at all, the first word has been complained about.
        let readable = root.is_some_and(|json| json.kind != JsonKind::Invalid);
        match self.peek() {
            Next::Hole => self.outside(self.pos),
            Next::Byte(byte) if readable && !self.frayed => {
                let help = match byte {
                    b'}' | b']' => "nothing is open that it could close: remove it",
                    _ => "a JSON document holds exactly one value",
                };
                let range = self.token(self.pos);
                self.errors.add(range, "unexpected text behind the end of the JSON value", help);
            }
            Next::End | Next::Byte(_) => {}
        }
    }
}
