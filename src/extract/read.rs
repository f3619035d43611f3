//! Which parser reads a file of JSON or YAML.

use super::templated;
use crate::source::{FileId, SourceFile};
use crate::syntax::{Document, json, yaml};

/// Parses a file. Text that starts like JSON is read as JSON, since YAML does not take tabs; where
/// that fails and the name does not promise JSON, it may be YAML in flow style. A template of another
/// language is read around its markers.
pub(super) fn parse(id: FileId, file: &SourceFile) -> Document {
    let is_json = file.path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    let like_json = starts_like_json(&file.text) || is_json && !starts_like_yaml(&file.text);
    let plain = parse_text(id, &file.text, is_json);
    templated::opened(id, &file.text, like_json, plain, |text| parse_text(id, text, is_json))
}

fn parse_text(id: FileId, text: &str, is_json: bool) -> Document {
    if !starts_like_json(text) {
        return yaml::parse_file(id, text);
    }
    let read = json::parse_file(id, text);
    if read.errors.is_empty() || is_json {
        return read;
    }
    let again = yaml::parse_file(id, text);
    if again.errors.is_empty() && !again.roots.is_empty() { again } else { read }
}

/// Whether the text starts with a bracket of JSON, and not with a marker of another language.
fn starts_like_json(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    start.starts_with(['{', '[']) && !["{{", "{%", "{#"].iter().any(|m| start.starts_with(m))
}

/// Whether a line of the text is an entry of YAML.
fn starts_like_yaml(text: &str) -> bool {
    text.lines().any(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()))
}
