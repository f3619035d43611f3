//! `fileset`: the names of the files under a folder that match a pattern
//! (<https://developer.hashicorp.com/terraform/language/functions/fileset>).

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::argument::{Known, Miss, of_list, text};
use super::evaluator::Evaluator;
use super::function::Call;
use crate::resolve::Value;
use crate::source::confine;

/// How many entries of folders are looked at.
const MAX_ENTRIES: usize = 5_000;
/// How deep folders are entered.
const MAX_DEPTH: usize = 20;

impl Evaluator<'_> {
    pub(super) fn fileset(&mut self, call: Call<'_>, args: &[Value]) -> Known<Value> {
        let [folder, pattern] = args else {
            return Err(Miss::Refused("the number of arguments is wrong"));
        };
        let (folder_text, pattern) = (text(folder)?, text(pattern)?);
        let mut glob = GlobBuilder::new(&pattern);
        glob.literal_separator(true).backslash_escape(true);
        let matcher = glob.build().map_err(|_| Miss::Open)?.compile_matcher();
        let base = self.module_dir().to_path_buf();
        // What two folders hold together is in neither.
        if !self.module.beside.is_empty() && Path::new(&folder_text).is_relative() {
            return Err(Miss::Open);
        }
        let root = confine(self.files.fs, self.files.roots, &base, Path::new(&folder_text));
        let root = root.ok_or(Miss::Open)?;
        let mut found = Vec::new();
        let mut left = MAX_ENTRIES;
        self.walk_folder(&root, &root, &matcher, (0, &mut left), &mut found)?;
        found.sort();
        let origin = self.at_call(call);
        let items = found.iter().map(|name| self.made_text(call, folder, name)).collect();
        Ok(of_list(items, origin))
    }

    fn walk_folder(
        &mut self,
        root: &Path,
        folder: &Path,
        matcher: &GlobMatcher,
        (depth, left): (usize, &mut usize),
        out: &mut Vec<String>,
    ) -> Known<()> {
        if depth > MAX_DEPTH {
            return Err(Miss::Open);
        }
        let entries: Vec<PathBuf> = self.files.fs.list(folder).map_err(|_| Miss::Open)?;
        if *left < entries.len() || !self.spend(entries.len()) {
            return Err(Miss::Open);
        }
        *left -= entries.len();
        for entry in entries {
            let Ok(name) = entry.strip_prefix(root) else { continue };
            if self.files.fs.is_file(&entry) {
                let name = name.to_string_lossy().replace('\\', "/");
                if matcher.is_match(&name) {
                    out.push(name);
                }
                continue;
            }
            // A link may lead out of the folders that may be read.
            let inside = confine(self.files.fs, self.files.roots, folder, &entry);
            if inside.is_some_and(|real| real == entry) {
                self.walk_folder(root, &entry, matcher, (depth + 1, left), out)?;
            }
        }
        Ok(())
    }
}
