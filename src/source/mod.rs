//! Files, spans and origins: where every piece of text came from.
//!
//! This room owns the bytes. It hands out [`FileId`]s, byte [`Span`]s into those files, line and
//! column numbers, and [`Origin`]s: the small handles through which a value remembers its source
//! token and the steps that brought it to where it is used. What every room does to names and text
//! lives here too: escaping for a terminal, and the nearest name to a misspelt one.
//!
//! It must not know any file format, and it is the only room that touches a disk (through [`Fs`]).

mod db;
mod escape;
mod fs;
mod lines;
mod origin;
mod place;
mod read;
mod suggest;

pub use db::{SourceDb, SourceFile};
pub use escape::escape;
pub use fs::{DiskFs, Fs, MemoryFs, confine, normalize, read_text};
pub use lines::{LineCol, LineIndex};
pub use origin::{Origin, OriginNode, Origins, Step};
pub use place::{SourceRoot, display_path, git_root, relative, shown_in, slashed};
pub use read::{ReadOutcome, any_stretch, read_bounded};
pub use suggest::did_you_mean;

/// A file of this run. Ids are handed out in order of reading and carry no meaning of their own;
/// output is sorted by path, never by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub(crate) u32);

/// A half-open range of bytes `start..end` in one file. Both ends lie on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The span `start..end` of `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The smallest span that covers both; `self` when they lie in different files.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `other` lies within this span.
    pub fn contains(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The byte range, for slicing the file's text.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}
