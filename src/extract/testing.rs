//! Extraction of one file for tests, beside files in memory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Extraction, Inputs};
use crate::source::{FileId, MemoryFs, SourceDb};

/// What `extract` makes of `text` in the file at `path`, shown as `display`, beside `files`. Files may be
/// read from `root` alone.
pub(super) fn extracted(
    extract: fn(FileId, Inputs<'_>) -> Extraction,
    (path, display): (&str, &str),
    text: &str,
    files: &[(&str, &str)],
    root: Option<&str>,
) -> (SourceDb, Extraction) {
    let mut fs = MemoryFs::new();
    for (path, text) in files {
        fs.add(path, text.as_bytes());
    }
    let db = SourceDb::new();
    let file = db.add(Path::new(path), display.into(), text);
    let roots: Vec<PathBuf> = root.map(PathBuf::from).into_iter().collect();
    let none = BTreeMap::new();
    let inputs = Inputs {
        db: &db,
        fs: &fs,
        roots: &roots,
        parameters: &none,
        variables: &none,
        var_files: &[],
        source: None,
    };
    let out = extract(file, inputs);
    (db, out)
}
