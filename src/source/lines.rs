//! Line and column numbers.

/// A position as people and programs count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineCol {
    /// The line, from 1. Lines end at `\n` (a `\r` before it belongs to the line).
    pub line: usize,
    /// The column, from 1, in Unicode scalar values.
    pub column: usize,
}

/// The start offsets of the lines of one text.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text` in one pass.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(
            memchr::memchr_iter(b'\n', text.as_bytes())
                .map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX)),
        );
        Self { starts }
    }

    /// The position of byte `offset` of `text`, the text this index was built from. A byte order
    /// mark at the start of a file is not counted as a column.
    pub fn line_col(&self, text: &str, offset: usize) -> LineCol {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|&start| start as usize <= offset).max(1);
        let start = self.starts[line - 1] as usize;
        let before = text.get(start..offset).unwrap_or("");
        let before = if start == 0 { before.trim_start_matches('\u{feff}') } else { before };
        LineCol { line, column: before.chars().count() + 1 }
    }

    /// The offset of the first byte of `line` (from 1).
    pub fn start_of(&self, line: usize) -> Option<usize> {
        self.starts.get(line.checked_sub(1)?).map(|&start| start as usize)
    }

    /// The offset of the first byte of the line behind the one that holds `offset`.
    pub fn start_of_line_behind(&self, offset: u32) -> Option<u32> {
        self.starts.get(self.starts.partition_point(|&start| start <= offset)).copied()
    }

    /// How many lines there are.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }
}
