//! Which parser reads a file of JSON or YAML.

use crate::source::{FileId, SourceFile};
use crate::syntax::{Document, json, yaml};

/// Parses a file. Text that starts like JSON is read as JSON, since YAML does not take tabs; where
/// that fails and the name does not promise JSON, it may be YAML in flow style.
pub(super) fn parse(id: FileId, file: &SourceFile) -> Document {
    let text = &*file.text;
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if !start.starts_with(['{', '[']) {
        return yaml::parse_file(id, text);
    }
    let read = json::parse_file(id, text);
    let is_json = file.path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    if read.errors.is_empty() || is_json {
        return read;
    }
    let again = yaml::parse_file(id, text);
    if again.errors.is_empty() && !again.roots.is_empty() { again } else { read }
}
