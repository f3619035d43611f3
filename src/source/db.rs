//! The files of a run, each read once.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, RwLock};

use super::{FileId, LineCol, LineIndex, Span};

/// One file: its path and text.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as it was found, usable to read the file again.
    pub path: PathBuf,
    /// The path as it is printed: `/` separators, relative as CONTRACT 4 says.
    pub display: String,
    /// The decoded text. A leading byte order mark is kept, so offsets are offsets of the file.
    pub text: Arc<str>,
    lines: OnceLock<LineIndex>,
}

impl SourceFile {
    /// The line index, built at the first call.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Line and column of a byte offset.
    pub fn line_col(&self, offset: u32) -> LineCol {
        self.lines().line_col(&self.text, offset as usize)
    }
}

/// All files of a run. Shared between threads; files are only ever added.
#[derive(Debug, Default)]
pub struct SourceDb {
    files: RwLock<Vec<Arc<SourceFile>>>,
}

impl SourceDb {
    /// An empty database.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and returns its id.
    pub fn add(&self, path: &Path, display: String, text: impl Into<Arc<str>>) -> FileId {
        let file = Arc::new(SourceFile {
            path: path.to_path_buf(),
            display,
            text: text.into(),
            lines: OnceLock::new(),
        });
        let mut files = self.files.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        files.push(file);
        FileId(u32::try_from(files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The file of `id`, an id that this database handed out.
    pub fn file(&self, id: FileId) -> Arc<SourceFile> {
        let files = self.files.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(&files[id.0 as usize])
    }

    /// The text under `span`, empty when the span is not one of this file.
    pub fn slice(&self, span: Span) -> String {
        self.file(span.file).text.get(span.range()).unwrap_or("").to_owned()
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.read().unwrap_or_else(std::sync::PoisonError::into_inner).len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
