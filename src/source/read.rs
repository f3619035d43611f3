//! Reading files in bounded memory.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What a bounded read came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadOutcome {
    /// The buffer holds the whole file.
    Whole,
    /// The file is larger than the bound; the buffer holds its first bytes.
    Cut,
}

/// Reads a file of the disk into `buffer`, which is cleared first, but no more than `bound` bytes.
///
/// # Errors
/// Those of the platform.
pub fn read_bounded(path: &Path, bound: usize, buffer: &mut Vec<u8>) -> io::Result<ReadOutcome> {
    buffer.clear();
    let file = File::open(path)?;
    // One byte more than the size is known to be, so that the end is met without a second growth.
    let size = file.metadata().map_or(0, |meta| meta.len());
    let expected = usize::try_from(size).unwrap_or(bound).min(bound);
    buffer.reserve(expected.saturating_add(1));
    let limit = u64::try_from(bound).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(buffer)?;
    if buffer.len() > bound {
        buffer.truncate(bound);
        return Ok(ReadOutcome::Cut);
    }
    Ok(ReadOutcome::Whole)
}

/// Whether `found` holds for any stretch of a file of the disk, read in pieces of `piece` bytes that
/// overlap by `overlap`: a text of at most that length is in one of them as a whole. No more than
/// `bound` bytes are read.
///
/// # Errors
/// Those of the platform.
pub fn any_stretch(
    path: &Path,
    piece: usize,
    overlap: usize,
    bound: u64,
    mut found: impl FnMut(&[u8]) -> bool,
) -> io::Result<bool> {
    let mut file = File::open(path)?.take(bound);
    let mut buffer = Vec::with_capacity(piece + overlap);
    loop {
        let kept = buffer.len();
        let limit = u64::try_from(piece).unwrap_or(u64::MAX);
        let read = file.by_ref().take(limit).read_to_end(&mut buffer)?;
        if read == 0 {
            return Ok(false);
        }
        if found(&buffer) {
            return Ok(true);
        }
        let keep = overlap.min(kept + read);
        buffer.drain(..buffer.len() - keep);
    }
}
