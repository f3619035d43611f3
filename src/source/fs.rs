//! The only code that touches a disk.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::read::{ReadOutcome, read_bounded};

/// A place to read files from: the disk, or memory (tests, editors).
pub trait Fs: Sync {
    /// The bytes of a file. Errors are those of the platform.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// The same of a file of at most `most` bytes; `None` for a larger one, which is not read as a whole
    /// where the place can tell.
    fn read_at_most(&self, path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
        Ok(Some(self.read(path)?).filter(|bytes| bytes.len() <= most))
    }
    /// Whether `path` is a directory (symbolic links followed).
    fn is_dir(&self, path: &Path) -> bool;
    /// Whether `path` is a file (symbolic links followed).
    fn is_file(&self, path: &Path) -> bool;
    /// The entries of a directory, sorted by name.
    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>>;
    /// The path with symbolic links and `..` resolved. Errors when it does not exist.
    fn canonical(&self, path: &Path) -> io::Result<PathBuf>;
}

/// The disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct DiskFs;

impl Fs for DiskFs {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }
    fn read_at_most(&self, path: &Path, most: usize) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        Ok(match read_bounded(path, most, &mut bytes)? {
            ReadOutcome::Whole => Some(bytes),
            ReadOutcome::Cut => None,
        })
    }
    fn is_dir(&self, path: &Path) -> bool {
        path.is_dir()
    }
    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }
    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let mut out: Vec<_> =
            std::fs::read_dir(path)?.filter_map(Result::ok).map(|e| e.path()).collect();
        out.sort();
        Ok(out)
    }
    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        std::fs::canonicalize(path)
    }
}

/// Files in memory, by normalised path.
#[derive(Debug, Clone, Default)]
pub struct MemoryFs {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl MemoryFs {
    /// An empty file system.
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds a file.
    pub fn add(&mut self, path: impl AsRef<Path>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(normalize(path.as_ref()), bytes.into());
    }
}

impl Fs for MemoryFs {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let found = self.files.get(&normalize(path));
        found.cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
    fn is_dir(&self, path: &Path) -> bool {
        let path = normalize(path);
        !self.files.contains_key(&path) && self.files.keys().any(|p| p.starts_with(&path))
    }
    fn is_file(&self, path: &Path) -> bool {
        self.files.contains_key(&normalize(path))
    }
    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let path = normalize(path);
        let mut out: Vec<PathBuf> = Vec::new();
        for file in self.files.keys().filter_map(|p| p.strip_prefix(&path).ok()) {
            if let Some(first) = file.components().next() {
                let entry = path.join(first);
                if out.last() != Some(&entry) {
                    out.push(entry);
                }
            }
        }
        Ok(out)
    }
    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        let path = normalize(path);
        if self.is_file(&path) || self.is_dir(&path) {
            Ok(path)
        } else {
            Err(io::Error::from(io::ErrorKind::NotFound))
        }
    }
}

/// The path with `.` and `..` taken out, without looking at a disk.
pub fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => match out.components().next_back() {
                Some(Component::Normal(_)) => {
                    out.pop();
                }
                // There is nothing above a root.
                Some(Component::RootDir | Component::Prefix(_)) => {}
                _ => out.push(part),
            },
            _ => out.push(part),
        }
    }
    out
}

/// The text of the file at `real`, a path that [`confine`] gave: UTF-8, and at most `most` bytes of it.
pub fn read_text(fs: &dyn Fs, real: &Path, most: usize) -> Option<String> {
    let bytes = fs.is_file(real).then(|| fs.read_at_most(real, most).ok())??;
    String::from_utf8(bytes?).ok()
}

/// Resolves `target` (absolute, or relative to `base`) to an existing path inside one of the
/// canonical `roots`. `None` when it does not exist or lies outside: what a template names must
/// never make this program read a file that the user did not offer.
pub fn confine(fs: &dyn Fs, roots: &[PathBuf], base: &Path, target: &Path) -> Option<PathBuf> {
    let joined = if target.is_absolute() { target.to_path_buf() } else { base.join(target) };
    let real = fs.canonical(&joined).ok()?;
    roots.iter().any(|root| real.starts_with(root)).then_some(real)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_larger_than_the_bound_is_not_read() {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let size = std::fs::read(&own).expect("a file").len();
        let mut memory = MemoryFs::new();
        memory.add(&own, vec![b'a'; size]);
        for fs in [&DiskFs as &dyn Fs, &memory] {
            assert_eq!(read_text(fs, &own, size).map(|text| text.len()), Some(size));
            assert_eq!(read_text(fs, &own, size - 1), None);
            assert_eq!(fs.read_at_most(&own, size - 1).expect("a file"), None);
        }
        // One that has no end.
        let endless = Path::new("/dev/zero");
        if endless.exists() {
            assert_eq!(DiskFs.read_at_most(endless, 1 << 10).expect("a file"), None);
        }
    }
}
