//! The files of a run, each read once.

use std::any::Any;
use std::collections::BTreeMap;
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
    parsed: OnceLock<Arc<dyn Any + Send + Sync>>,
}

impl SourceFile {
    /// The line index, built at the first call.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// What `parse` makes of the file, made at the first call and kept for whoever reads the file again.
    /// One kind of result is kept.
    pub fn parsed<T: Send + Sync + 'static>(&self, parse: impl Fn() -> T) -> Arc<T> {
        let kept = self.parsed.get_or_init(|| Arc::new(parse()));
        Arc::clone(kept).downcast().unwrap_or_else(|_| Arc::new(parse()))
    }

    /// Line and column of a byte offset.
    pub fn line_col(&self, offset: u32) -> LineCol {
        self.lines().line_col(&self.text, offset as usize)
    }
}

/// All files of a run. Shared between threads; files are only ever added.
#[derive(Debug, Default)]
pub struct SourceDb {
    files: RwLock<Files>,
}

#[derive(Debug, Default)]
struct Files {
    all: Vec<Arc<SourceFile>>,
    by_path: BTreeMap<PathBuf, Vec<FileId>>,
}

impl SourceDb {
    /// An empty database.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and returns its id: that of the same file where several units have added it, so that
    /// what is found in it is found in one place.
    pub fn add(&self, path: &Path, display: String, text: impl Into<Arc<str>>) -> FileId {
        let text = text.into();
        let mut files = self.files.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let known = files.by_path.get(path).into_iter().flatten().copied();
        let is_it = |id: &FileId| {
            let file = &files.all[id.0 as usize];
            file.display == display && file.text == text
        };
        if let Some(id) = known.into_iter().find(is_it) {
            return id;
        }
        let id = FileId(u32::try_from(files.all.len()).unwrap_or(u32::MAX));
        let path = path.to_path_buf();
        files.by_path.entry(path.clone()).or_default().push(id);
        files.all.push(Arc::new(SourceFile {
            path,
            display,
            text,
            lines: OnceLock::new(),
            parsed: OnceLock::new(),
        }));
        id
    }

    /// The file of `id`, an id that this database handed out.
    pub fn file(&self, id: FileId) -> Arc<SourceFile> {
        let files = self.files.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(&files.all[id.0 as usize])
    }

    /// The text under `span`, empty when the span is not one of this file.
    pub fn slice(&self, span: Span) -> String {
        self.file(span.file).text.get(span.range()).unwrap_or("").to_owned()
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.read().unwrap_or_else(std::sync::PoisonError::into_inner).all.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_file_has_one_id() {
        let db = SourceDb::new();
        let add = |path: &str, shown: &str, text: &str| db.add(Path::new(path), shown.into(), text);
        let first = add("/m/a.tf", "a.tf", "x");
        assert_eq!(add("/m/a.tf", "a.tf", "x"), first);
        // Another text, another name: another file.
        assert_ne!(add("/m/a.tf", "a.tf", "y"), first);
        assert_ne!(add("/m/a.tf", "m/a.tf", "x"), first);
        assert_eq!(db.len(), 3);
    }
}
