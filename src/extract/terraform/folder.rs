//! Folders of modules: the files of one, and where `terraform init` put the others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::source::{Fs, confine, read_text};
use crate::syntax::hcl::{self, is_code, tofu_twin};

/// How long a file of a module, or the list of installed modules, may be, in bytes.
const MAX_FILE: usize = 4 << 20;

/// How many files a module may have.
const MAX_FILES: usize = 2_000;

/// A file of a module.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Code {
    /// Canonical.
    pub(in crate::extract) path: PathBuf,
    pub(in crate::extract) name: String,
    pub(in crate::extract) text: String,
}

/// The files of the module in `dir` that can be read, by name; a file for OpenTofu stands for its twin.
pub(in crate::extract) fn code(fs: &dyn Fs, roots: &[PathBuf], dir: &Path) -> Vec<Code> {
    let entries = fs.list(dir).unwrap_or_default();
    let known: BTreeSet<&PathBuf> = entries.iter().collect();
    let stands = |path: &&PathBuf| tofu_twin(path).is_none_or(|twin| !known.contains(&twin));
    let read = |path: &PathBuf| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let path = is_code(&name).then(|| confine(fs, roots, dir, path))??;
        let text = read_text(fs, &path, MAX_FILE)?;
        Some(Code { path, name, text })
    };
    entries.iter().take(MAX_FILES).filter(stands).filter_map(read).collect()
}

/// The folders of the modules that `terraform init` installed for the root module in `dir`, relative to
/// it, by the names of the calls that lead to them.
pub(in crate::extract) fn installed(
    fs: &dyn Fs,
    roots: &[PathBuf],
    dir: &Path,
) -> BTreeMap<String, String> {
    let path = confine(fs, roots, dir, Path::new(hcl::INSTALLED));
    let text = path.and_then(|path| read_text(fs, &path, MAX_FILE));
    text.map(|text| hcl::installed(&text)).unwrap_or_default()
}
