//! `${file(./name.yml):address}`: files inside the given roots, in YAML, JSON, or as they are.

use std::path::{Path, PathBuf};

use super::Variables;
use super::lookup::{Known, MAX_CHOICES, Pattern};
use super::variable::Source;
use crate::resolve::cloudformation::build::reference;
use crate::source::{FileId, SourceFile, Span, confine, read_text, shown_in};
use crate::syntax::{Document, Kind, Node, Text};

/// The largest file that is read.
const MAX_BYTES: usize = 1 << 20;
/// How many files are read.
const MAX_FILES: usize = 64;

/// Endings of programs, whose values nobody knows.
const PROGRAMS: [&str; 4] = ["js", "cjs", "mjs", "ts"];

/// Where the file of the service stands.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The folder, which paths start from.
    pub dir: &'a Path,
    /// The same as it is printed.
    pub display: &'a str,
    /// The canonical folders that files may be read from.
    pub roots: &'a [PathBuf],
    /// What reads a file of YAML or JSON.
    pub parse: fn(FileId, &SourceFile) -> Document,
}

impl Variables<'_> {
    /// The value in a file.
    pub(super) fn of_file(
        &mut self,
        path: &str,
        address: &str,
        rest: &[Source<'_>],
        at: Span,
    ) -> Option<Node> {
        match self.known(path.trim().trim_matches(['\'', '"']), at) {
            Known::Whole(path) => self.in_file(&path, address, at),
            Known::Pattern(pattern) => {
                let choices = self.names(&pattern.before, &pattern.after);
                self.chosen(&choices, &pattern, rest, at, |this, value| {
                    this.in_file(
                        &format!("{}{value}{}", pattern.before, pattern.after),
                        address,
                        at,
                    )
                })
            }
            Known::Nothing => None,
        }
    }

    fn in_file(&mut self, path: &str, address: &str, at: Span) -> Option<Node> {
        let root = self.load(path)?;
        let scope = format!("file({path}):");
        if !address.is_empty() {
            return self.at_address(&root, &scope, address, &[], at);
        }
        if !self.open.insert(scope.clone()) {
            return None;
        }
        let node = self.resolve(&root);
        self.open.remove(&scope);
        Some(node)
    }

    /// The content of a file; `None` where it is not there, lies outside, or is a program.
    fn load(&mut self, path: &str) -> Option<Node> {
        let target = Path::new(path);
        let ending = target.extension()?.to_string_lossy().to_ascii_lowercase();
        if PROGRAMS.contains(&&*ending) {
            return None;
        }
        let real = confine(self.fs, self.place.roots, self.place.dir, target)?;
        if let Some(known) = self.loaded.get(&real) {
            return known.clone();
        }
        if self.loaded.len() >= MAX_FILES {
            self.exhausted = true;
            return None;
        }
        let text = read_text(self.fs, &real, MAX_BYTES);
        let node = text.and_then(|text| {
            let shown = shown_in(Path::new(self.place.display), target);
            let id = self.db.add(&real, shown, text.as_str());
            if !matches!(&*ending, "json" | "yml" | "yaml") {
                let span = Span::new(id, 0, text.len());
                let text = Text::verbatim(text.as_str(), id, 0);
                return Some(Node { span, kind: Kind::Text(text) });
            }
            let mut document = (self.place.parse)(id, &self.db.file(id));
            self.errors.append(&mut document.errors);
            document.roots.into_iter().next()
        });
        self.included.insert(real.clone());
        self.loaded.insert(real, node.clone());
        node
    }

    /// What stands for all of a file that is not there. Of an entry of such a file whoever deploys gives
    /// the value.
    pub(super) fn not_there(&mut self, path: &str, at: Span) -> Option<Node> {
        let path = match self.known(path.trim().trim_matches(['\'', '"']), at) {
            Known::Whole(path) => path,
            Known::Pattern(Pattern { before, name, after }) => {
                let (_, default) = self.declared.parameters.get(&name)?;
                format!("{before}{}{after}", default.as_ref()?.scalar()?)
            }
            Known::Nothing => return None,
        };
        let target = Path::new(&path);
        let ending = target.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let there = confine(self.fs, self.place.roots, self.place.dir, target).is_some();
        let known = !there && !PROGRAMS.contains(&&*ending);
        known.then(|| reference(&format!("{path} (there is no such file)"), at))
    }

    /// What the unknown part of a path may be, by the files that are there.
    fn names(&self, before: &str, after: &str) -> Vec<String> {
        let (folder, head) = match before.rsplit_once('/') {
            Some((folder, head)) => (folder, head),
            None => (".", before),
        };
        if after.contains('/') {
            return Vec::new();
        }
        let dir = confine(self.fs, self.place.roots, self.place.dir, Path::new(folder));
        let listed = dir.and_then(|dir| self.fs.list(&dir).ok()).unwrap_or_default();
        let names = listed.iter().filter_map(|path| path.file_name()?.to_str());
        names
            .filter_map(|name| {
                let middle = name.strip_prefix(head)?.strip_suffix(after)?;
                (!middle.is_empty()).then(|| middle.to_owned())
            })
            .take(MAX_CHOICES + 1)
            .collect()
    }
}
