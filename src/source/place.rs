//! Where a file stands: its repository, and the path it is printed under.

use std::path::{Component, Path, PathBuf};

use super::{Fs, normalize};

/// The nearest folder at or above `dir` that holds a `.git` folder or file: the root of the
/// repository (or work tree) that `dir` belongs to.
pub fn git_root(fs: &dyn Fs, dir: &Path) -> Option<PathBuf> {
    dir.ancestors()
        .find(|folder| {
            let git = folder.join(".git");
            fs.is_dir(&git) || fs.is_file(&git)
        })
        .map(Path::to_path_buf)
}

/// The path that `file` is printed under (CONTRACT 4): relative to the root of its repository; else
/// to `cwd`, when it lies below; else to `argument`, the folder that it was found under (both
/// absolute). What is left over (a file named alone) is printed as its whole path. The separator is
/// `/` everywhere.
pub fn display_path(
    git: Option<&Path>,
    cwd: &Path,
    argument: Option<&Path>,
    file: &Path,
) -> String {
    let relative = [git, Some(cwd), argument]
        .into_iter()
        .flatten()
        .find_map(|base| file.strip_prefix(base).ok())
        .filter(|rest| !rest.as_os_str().is_empty())
        .unwrap_or(file);
    slashed(relative)
}

/// The folder of the sources that a plan was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRoot {
    /// The folder, canonical.
    pub dir: PathBuf,
    /// The path that it is printed under; empty where its files are printed by their names.
    pub display: String,
}

/// How a file is shown that is named `name` in a file of the folder that is shown as `folder`.
pub fn shown_in(folder: &Path, name: &Path) -> String {
    normalize(&folder.join(name)).to_string_lossy().replace('\\', "/")
}

/// The path from the folder `from` to `to`, both canonical.
pub fn relative(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let mut out: PathBuf = from.components().skip(shared).map(|_| "..").collect();
    out.extend(to.components().skip(shared));
    out
}

/// `path` with `/` between its parts. Bytes that are not UTF-8 become the replacement character.
pub fn slashed(path: &Path) -> String {
    let mut out = String::new();
    for part in path.components() {
        match part {
            Component::RootDir => out.push('/'),
            part => {
                if !out.is_empty() && !out.ends_with('/') {
                    out.push('/');
                }
                out.push_str(&part.as_os_str().to_string_lossy());
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::MemoryFs;
    use super::*;

    #[test]
    fn repository_then_working_directory_then_argument() {
        let shown = |git: Option<&str>, cwd: &str, argument: Option<&str>| {
            let file = Path::new("/w/repo/infra/api.tf");
            display_path(git.map(Path::new), Path::new(cwd), argument.map(Path::new), file)
        };
        assert_eq!(shown(Some("/w/repo"), "/w/repo/infra", None), "infra/api.tf");
        assert_eq!(shown(None, "/w/repo/infra", Some("/w")), "api.tf");
        assert_eq!(shown(None, "/home", Some("/w/repo")), "infra/api.tf");
        assert_eq!(shown(None, "/home", None), "/w/repo/infra/api.tf");
    }

    #[test]
    fn ways_between_folders() {
        let way = |from: &str, to: &str| slashed(&relative(Path::new(from), Path::new(to)));
        assert_eq!(way("/r/live/prod", "/r/modules/api"), "../../modules/api");
        assert_eq!(way("/r", "/r/a/b.tf"), "a/b.tf");
        assert_eq!(way("/r/a", "/r/a"), "");
        assert_eq!(way("/r/ab", "/r/a"), "../a");
    }

    #[test]
    fn the_nearest_git_entry_is_the_root() {
        let mut fs = MemoryFs::new();
        fs.add("/w/.git/HEAD", "");
        fs.add("/w/sub/.git", "gitdir: ../.git/modules/sub");
        fs.add("/w/sub/deep/a.tf", "");
        assert_eq!(git_root(&fs, Path::new("/w/sub/deep")), Some("/w/sub".into()));
        assert_eq!(git_root(&fs, Path::new("/w/other")), Some("/w".into()));
        assert_eq!(git_root(&fs, Path::new("/elsewhere")), None);
    }
}
