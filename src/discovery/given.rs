//! The paths of a request, sorted out: folders to walk, files to take as they are, and where files may be
//! read from. It must not look into a file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::exclude::Exclude;
use super::{Error, Request};
use crate::source::{git_root, slashed};

/// What was given, sorted out.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// The folders, canonical.
    pub(super) roots: Vec<PathBuf>,
    /// The folders that templates may read files from, canonical.
    pub(super) offered: Vec<PathBuf>,
    /// The files, canonical.
    pub(super) files: BTreeSet<PathBuf>,
    /// How paths below a folder are printed where neither a repository nor the working directory
    /// says: behind this prefix.
    pub(super) prefixes: BTreeMap<PathBuf, PathBuf>,
    /// How many of them `exclude` left out.
    pub(super) excluded: usize,
}

impl Given {
    /// Sorts out the paths of `request`.
    ///
    /// # Errors
    /// A path that does not exist or cannot be read.
    pub(super) fn new(request: &Request<'_>, exclude: &Exclude) -> Result<Self, Error> {
        let mut given = Self::default();
        let mut offered = BTreeSet::new();
        for path in request.paths {
            let real = request.fs.canonical(&request.cwd.join(path));
            let real = real.map_err(|source| Error::Path { path: slashed(path), source })?;
            if request.force_exclude && exclude.covers(&real) {
                given.excluded += 1;
            } else if request.fs.is_dir(&real) {
                given.prefixes.insert(real.clone(), PathBuf::new());
                offered.insert(real);
            } else {
                let dir = real.parent().unwrap_or(&real).to_path_buf();
                let prefix = path.parent().unwrap_or(Path::new("")).to_path_buf();
                given.prefixes.entry(dir).or_insert(prefix);
                given.files.insert(real);
            }
        }
        given.roots = offered.iter().cloned().collect();
        // A file or folder is judged as it is when all of its repository is looked at: modules and
        // policies lie beside the folder that uses them.
        let home = |dir: &Path| git_root(request.fs, dir).unwrap_or_else(|| dir.to_path_buf());
        offered.extend(given.roots.iter().map(|dir| home(dir)));
        offered.extend(given.files.iter().filter_map(|file| file.parent()).map(home));
        if let Some(name) = request.stdin.as_ref().and_then(|stdin| stdin.name.as_ref())
            && let Some(dir) = request.cwd.join(name).parent()
            && let Ok(dir) = request.fs.canonical(dir)
        {
            offered.insert(home(&dir));
        }
        given.offered = offered.into_iter().collect();
        Ok(given)
    }
}
