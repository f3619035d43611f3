//! Which parser reads a file of JSON or YAML, and the files that such a file names.

use std::path::{Path, PathBuf};

use super::{Inputs, templated};
use crate::source::{FileId, SourceFile, confine, read_text, shown_in};
use crate::syntax::{Document, json, yaml};

/// The file that `base` names `name`, canonical.
///
/// # Errors
/// Why it is not read.
pub(super) fn locate(
    inputs: Inputs<'_>,
    base: &SourceFile,
    name: &str,
) -> Result<PathBuf, &'static str> {
    let folder = base.path.parent().unwrap_or(Path::new(""));
    confine(inputs.fs, inputs.roots, folder, Path::new(name))
        .ok_or("there is no such file in the given folders")
}

/// Takes in the file at `real`, which `base` names `name`: at most `most` bytes of it.
///
/// # Errors
/// Why it is not read.
pub(super) fn take(
    inputs: Inputs<'_>,
    base: &SourceFile,
    name: &str,
    real: &Path,
    most: usize,
) -> Result<FileId, &'static str> {
    let text = read_text(inputs.fs, real, most)
        .ok_or("the file that it names cannot be read, or is too large")?;
    let folder = Path::new(&base.display).parent().unwrap_or(Path::new(""));
    Ok(inputs.db.add(real, shown_in(folder, Path::new(name)), text))
}

/// Parses a file. Text that starts like JSON is read as JSON, since YAML does not take tabs; where
/// that fails and the name does not promise JSON, it may be YAML in flow style. A template of another
/// language is read around its markers.
pub(super) fn parse(id: FileId, file: &SourceFile) -> Document {
    let is_json = file.path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    let like_json = starts_like_json(&file.text) || is_json && !starts_like_yaml(&file.text);
    let plain = parse_text(id, &file.text, is_json);
    templated::opened(id, &file.text, like_json, plain, |text| parse_text(id, text, is_json))
}

/// Whether all that is wrong with a file is that it is a template of another language, which was read
/// around its markers.
pub(super) fn is_templated(document: &Document) -> bool {
    document.errors.iter().all(|error| error.message.starts_with("a template of "))
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
