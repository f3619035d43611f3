//! From files to settings.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::reader::Reader;
use super::{Diagnostic, Settings, Vocabulary, file, trust};
use crate::source::{FileId, Fs, SourceDb, Span, display_path, git_root, normalize, slashed};
use crate::syntax::{Document, Node, yaml};

/// A configuration is written by hand: a larger file is another kind of file.
const MAX_BYTES: usize = 1 << 20;

/// What loading needs.
pub struct Loader<'a> {
    /// Where to read from.
    pub fs: &'a dyn Fs,
    /// Where the files are kept, for diagnostics and for findings that point at trust entries.
    pub db: &'a SourceDb,
    /// The working directory, absolute.
    pub cwd: &'a Path,
    /// The ids and names that a configuration may use.
    pub vocabulary: Vocabulary<'a>,
}

/// The files to load, all absolute.
#[derive(Debug, Default)]
pub struct Sources {
    /// The configuration.
    pub config: Option<PathBuf>,
    /// Trusted-accounts files besides those that the configuration names.
    pub trust: Vec<PathBuf>,
}

/// The most configurations that build on each other.
const MAX_DEPTH: usize = 8;

/// What was read so far.
#[derive(Default)]
struct Read {
    settings: Settings,
    trust: Vec<file::Named>,
    /// The configurations that are being read: each is named by the one before it.
    open: Vec<PathBuf>,
    /// Those that were read: one that two others build on counts once, at its first place.
    done: BTreeSet<PathBuf>,
}

impl Loader<'_> {
    /// Loads everything.
    ///
    /// # Errors
    /// Every diagnostic of every file, unless there is none.
    pub fn load(&self, sources: &Sources) -> Result<Settings, Vec<Diagnostic>> {
        let mut reader = Reader::default();
        let mut read = Read::default();
        if let Some(path) = &sources.config {
            let own = path.parent().unwrap_or(Path::new(""));
            let in_github = own.file_name().is_some_and(|name| name == ".github");
            let governed = if in_github { own.parent().unwrap_or(own) } else { own };
            self.config(&mut reader, path, None, governed, &mut read);
        }
        let Read { mut settings, trust, .. } = read;
        let named = trust.into_iter().map(|file| (file.path, Some(file.named_at)));
        let given = sources.trust.iter().map(|path| (path.clone(), None));
        let mut seen = BTreeSet::new();
        for (path, named_at) in named.chain(given) {
            if seen.insert(self.real(&path))
                && let Some((id, document)) = self.parse(&mut reader, &path, named_at)
                && let Some(root) = single(&mut reader, id, &document)
            {
                trust::read_file(&mut reader, root, &mut settings);
            }
        }
        if reader.diagnostics.is_empty() { Ok(settings) } else { Err(reader.diagnostics) }
    }

    /// Reads a configuration behind those that it builds on, so that the nearer value wins. What is
    /// left out (`exclude`) is relative to the folder that the nearest one governs.
    fn config(
        &self,
        reader: &mut Reader,
        path: &Path,
        named_at: Option<Span>,
        governed: &Path,
        read: &mut Read,
    ) {
        let real = self.real(path);
        let refuse = |reader: &mut Reader, message: String, help: &str| {
            let diagnostic = match named_at {
                Some(span) => Diagnostic::new(span, message),
                None => Diagnostic::without_place(message),
            };
            reader.error(diagnostic.help(help));
        };
        if read.open.contains(&real) {
            let message = format!("`{}` builds on itself", slashed(path));
            return refuse(reader, message, "remove one `extend` of the circle");
        }
        if read.open.len() >= MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} configurations build on each other");
            return refuse(reader, message, "name the one that matters directly");
        }
        if !read.done.insert(real.clone()) {
            return;
        }
        let Some((id, document)) = self.parse(reader, path, named_at) else { return };
        let Some(root) = single(reader, id, &document) else { return };
        let own = path.parent().unwrap_or(Path::new(""));
        read.open.push(real);
        for base in file::extends(reader, root, own) {
            self.config(reader, &base.path, Some(base.named_at), governed, read);
        }
        read.open.pop();
        let folders = (own, governed);
        let trust = file::read(reader, root, folders, self.vocabulary, &mut read.settings);
        read.trust.extend(trust);
    }

    /// One name for one file.
    fn real(&self, path: &Path) -> PathBuf {
        self.fs.canonical(path).unwrap_or_else(|_| normalize(path))
    }

    /// Reads and parses a file; its syntax errors and duplicate keys become diagnostics.
    fn parse(
        &self,
        reader: &mut Reader,
        path: &Path,
        named_at: Option<Span>,
    ) -> Option<(FileId, Document)> {
        let text = match self.text(path) {
            Ok(text) => text,
            Err(why) => {
                let message = format!("`{}` cannot be read: {why}", slashed(path));
                reader.error(match named_at {
                    Some(span) => Diagnostic::new(span, message),
                    None => Diagnostic::without_place(message),
                });
                return None;
            }
        };
        let git = path.parent().and_then(|dir| git_root(self.fs, dir));
        let display = display_path(git.as_deref(), self.cwd, None, path);
        let id = self.db.add(path, display, text.as_str());
        let document = yaml::parse_file(id, &text);
        for error in &document.errors {
            let diagnostic = Diagnostic::new(error.span, error.message.clone());
            reader.error(Diagnostic { help: error.help.clone(), ..diagnostic });
        }
        for twice in &document.duplicates {
            let message = format!("the key `{}` stands twice", twice.key);
            reader.error(Diagnostic::new(twice.second, message).related(twice.first, "first here"));
        }
        Some((id, document))
    }

    fn text(&self, path: &Path) -> Result<String, String> {
        let bytes = self.fs.read(path).map_err(|error| error.to_string())?;
        if bytes.len() > MAX_BYTES {
            return Err("it is larger than 1 MiB".into());
        }
        String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".into())
    }
}

/// The only document of a file; `None` for an empty file, which says nothing.
fn single<'d>(reader: &mut Reader, file: FileId, document: &'d Document) -> Option<&'d Node> {
    match document.roots.as_slice() {
        [] => None,
        [one] if matches!(one.kind, crate::syntax::Kind::Null) => None,
        [one] => Some(one),
        [one, second, ..] => {
            let at = Span::new(file, second.span.start as usize, second.span.start as usize);
            let message = "a second YAML document in one file";
            reader.error(Diagnostic::new(at, message).help("only one document is read"));
            Some(one)
        }
    }
}
