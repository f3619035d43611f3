//! Line and column numbers.

/// A position as people and programs count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineCol {
    /// The line, from 1. Lines end at `\n` (a `\r` before it belongs to the line).
    pub line: usize,
    /// The column, from 1, in Unicode scalar values.
    pub column: usize,
}

/// In which distance, in bytes, characters are counted beforehand. A plan of Terraform is one line.
const STEP: usize = 1 << 14;

/// The start offsets of the lines of one text.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// How many characters begin before each multiple of [`STEP`].
    chars: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text` in one pass.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(
            memchr::memchr_iter(b'\n', text.as_bytes())
                .map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX)),
        );
        let mut chars = Vec::with_capacity(text.len() / STEP + 1);
        let mut before = 0_usize;
        for piece in text.as_bytes().chunks(STEP) {
            chars.push(u32::try_from(before).unwrap_or(u32::MAX));
            before += beginning_in(piece);
        }
        chars.push(u32::try_from(before).unwrap_or(u32::MAX));
        Self { starts, chars }
    }

    /// The position of byte `offset` of `text`, the text this index was built from. A byte order
    /// mark at the start of a file is not counted as a column.
    pub fn line_col(&self, text: &str, offset: usize) -> LineCol {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|&start| start as usize <= offset).max(1);
        let start = self.starts[line - 1] as usize;
        let mark = usize::from(start == 0 && offset > 0 && text.starts_with('\u{feff}'));
        let before = self.chars_before(text, offset) - self.chars_before(text, start);
        LineCol { line, column: before - mark + 1 }
    }

    /// How many characters begin before byte `offset`.
    fn chars_before(&self, text: &str, offset: usize) -> usize {
        let from = offset / STEP * STEP;
        let counted = self.chars.get(offset / STEP).map_or(0, |chars| *chars as usize);
        counted + beginning_in(text.as_bytes().get(from..offset).unwrap_or_default())
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

/// How many characters begin in these bytes of a text.
fn beginning_in(bytes: &[u8]) -> usize {
    // As many as a byte can count: sums of bytes are made many at a time.
    let begin = |piece: &[u8]| piece.iter().map(|byte| u8::from(*byte & 0xc0 != 0x80)).sum::<u8>();
    bytes.chunks(usize::from(u8::MAX)).map(|piece| usize::from(begin(piece))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_long_lines() {
        let text = format!("\u{feff}a\n{}\n", "é€x".repeat(STEP));
        let index = LineIndex::new(&text);
        let start = "\u{feff}a\n".len();
        for (at, (offset, _)) in text.char_indices().skip(3).enumerate().step_by(997) {
            let expected = LineCol { line: 2, column: at + 1 };
            assert_eq!(index.line_col(&text, offset), expected, "{offset}");
            assert!(offset >= start);
        }
        assert_eq!(index.line_col(&text, 3), LineCol { line: 1, column: 1 });
        assert_eq!(index.line_col(&text, 0), LineCol { line: 1, column: 1 });
        assert_eq!(index.line_col(&text, text.len()), LineCol { line: 3, column: 1 });
        let exact = "x".repeat(STEP);
        let end = LineCol { line: 1, column: STEP + 1 };
        assert_eq!(LineIndex::new(&exact).line_col(&exact, STEP), end);
    }
}
