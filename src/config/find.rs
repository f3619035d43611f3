//! Finding the configuration file.

use std::path::{Path, PathBuf};

use super::Diagnostic;
use crate::source::{Fs, git_root, slashed};

/// The names of a configuration file, relative to the folder that it governs.
pub const FILE_NAMES: [&str; 3] = ["gatelint.yaml", ".gatelint.yaml", ".github/gatelint.yaml"];

/// Names that are one letter away, and would be passed over in silence.
const WRONG_NAMES: [&str; 3] = ["gatelint.yml", ".gatelint.yml", ".github/gatelint.yml"];

/// The configuration that governs `dir` (absolute): the first one found from there upwards, up to
/// the root of the repository. Outside a repository the search ends at `cwd` when `dir` lies below,
/// else at `dir` itself: a file that anybody could have put into a shared folder above must not
/// decide who is trusted.
///
/// # Errors
/// Two configurations for one folder, or one with the ending `.yml`.
pub fn find(fs: &dyn Fs, cwd: &Path, dir: &Path) -> Result<Option<PathBuf>, Diagnostic> {
    let end = match git_root(fs, dir) {
        Some(root) => root,
        None if dir.starts_with(cwd) => cwd.to_path_buf(),
        None => dir.to_path_buf(),
    };
    for folder in dir.ancestors() {
        let files = |names: [&str; 3]| {
            let paths = names.into_iter().map(|name| folder.join(name));
            paths.filter(|path| fs.is_file(path)).collect::<Vec<_>>()
        };
        if let [wrong, ..] = files(WRONG_NAMES).as_slice() {
            let message = format!("`{}` would not be read", slashed(wrong));
            return Err(Diagnostic::without_place(message).help("its name must end in .yaml"));
        }
        match files(FILE_NAMES).as_slice() {
            [] => {}
            [one] => return Ok(Some(one.clone())),
            [one, two, ..] => {
                let message =
                    format!("`{}` and `{}` both configure one folder", slashed(one), slashed(two));
                let help = "keep one of them, or choose with --config";
                return Err(Diagnostic::without_place(message).help(help));
            }
        }
        if folder == end {
            break;
        }
    }
    Ok(None)
}
