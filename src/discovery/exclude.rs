//! What to leave out.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Compiled `exclude` globs.
///
/// A glob without `/` names a file or folder at any depth below its base; one with a `/` is a path
/// from the base. What lies in an excluded folder is excluded, so `dir`, `dir/` and `dir/**` are one.
#[derive(Debug, Clone, Default)]
pub(super) struct Exclude(Vec<Base>);

/// The globs of one folder.
#[derive(Debug, Clone)]
struct Base {
    folder: PathBuf,
    set: GlobSet,
    /// The globs as they are written, in the order of the set.
    texts: Vec<String>,
}

impl Exclude {
    /// Compiles globs with the folders that they are relative to (absolute, canonical).
    ///
    /// # Errors
    /// What is wrong with a glob.
    pub(super) fn new(globs: &[(PathBuf, String)]) -> Result<Self, String> {
        let mut bases: Vec<(PathBuf, GlobSetBuilder, Vec<String>)> = Vec::new();
        for (base, text) in globs {
            let wrong = |error: globset::Error| format!("`{text}`: {}", error.kind());
            let mut glob = text.trim_start_matches("./");
            while let Some(shorter) = glob.strip_suffix("/**").or_else(|| glob.strip_suffix('/')) {
                glob = shorter;
            }
            if glob.is_empty() {
                glob = "**";
            }
            let anchored = match glob.strip_prefix('/') {
                Some(rest) => rest.to_owned(),
                None if glob.contains('/') => glob.to_owned(),
                None => format!("**/{glob}"),
            };
            let glob =
                GlobBuilder::new(&anchored).literal_separator(true).build().map_err(wrong)?;
            match bases.iter_mut().find(|(known, ..)| known == base) {
                Some((_, set, texts)) => {
                    set.add(glob);
                    texts.push(text.clone());
                }
                None => {
                    let mut set = GlobSetBuilder::new();
                    set.add(glob);
                    bases.push((base.clone(), set, vec![text.clone()]));
                }
            }
        }
        let sets = bases.into_iter().map(|(folder, set, texts)| {
            let set = set.build().map_err(|error| error.to_string())?;
            Ok(Base { folder, set, texts })
        });
        Ok(Self(sets.collect::<Result<_, String>>()?))
    }

    /// The glob that excludes `path` itself, as it is written; the folders above it are not looked at.
    pub(super) fn glob(&self, path: &Path) -> Option<&str> {
        self.0.iter().find_map(|base| {
            let rest = path.strip_prefix(&base.folder).ok()?;
            let known = base.set.matches(rest).into_iter().next();
            known.filter(|_| !rest.as_os_str().is_empty()).map(|at| base.texts[at].as_str())
        })
    }

    /// Whether `path` or a folder above it is excluded.
    pub(super) fn covers(&self, path: &Path) -> bool {
        !self.0.is_empty() && path.ancestors().any(|path| self.glob(path).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(glob: &str, path: &str) -> bool {
        let globs = [(PathBuf::from("/repo"), glob.to_owned())];
        Exclude::new(&globs).expect("a glob").covers(Path::new(path))
    }

    #[test]
    fn names_at_any_depth_and_paths_from_the_base() {
        assert!(covers("vendor", "/repo/a/vendor/b.yaml"));
        assert!(covers("vendor/", "/repo/vendor/b.yaml"));
        assert!(covers("vendor/**", "/repo/vendor/deep/b.yaml"));
        assert!(!covers("infra/vendor", "/repo/a/infra/vendor/b.yaml"));
        assert!(covers("infra/vendor", "/repo/infra/vendor/b.yaml"));
        assert!(covers("/infra", "/repo/infra/b.yaml"));
        assert!(!covers("/infra", "/repo/a/infra/b.yaml"));
        assert!(covers("**/node_modules/**", "/repo/a/node_modules/b/c.json"));
        assert!(covers("*.generated.json", "/repo/a/b.generated.json"));
        assert!(covers("infra/*/test.tf", "/repo/infra/a/test.tf"));
        assert!(!covers("infra/*/test.tf", "/repo/infra/a/b/test.tf"));
    }

    #[test]
    fn nothing_outside_the_base() {
        assert!(!covers("vendor", "/other/vendor/b.yaml"));
        assert!(!covers("**", "/other/b.yaml"));
        assert!(covers("**", "/repo/b.yaml"));
    }

    #[test]
    fn a_broken_glob_says_so() {
        let globs = [(PathBuf::from("/repo"), "a[".to_owned())];
        assert!(Exclude::new(&globs).expect_err("no glob").contains("`a[`"));
    }
}
