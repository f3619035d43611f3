//! Decoded text that knows where each of its bytes was written.
//!
//! A string token and its value differ by quotes, escapes, dedents and folds. A [`SpanMap`] maps
//! ranges of the decoded value back to ranges of the file, so that a finding inside a policy that
//! stands in a heredoc or a quoted string points at the exact token.

use std::ops::Range;
use std::sync::Arc;

use crate::source::{FileId, Span};

/// A decoded string and its map back to the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The value.
    pub text: Arc<str>,
    /// Where its bytes come from.
    pub map: SpanMap,
}

impl Text {
    /// Text that stands verbatim at `start` in `file`.
    pub fn verbatim(text: impl Into<Arc<str>>, file: FileId, start: usize) -> Self {
        Self { text: text.into(), map: SpanMap::verbatim(file, start) }
    }

    /// A part of it.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let map = self.map.cut(range.clone());
        Self { text: self.text.get(range).unwrap_or_default().into(), map }
    }

    /// Text that was made of the token at `at` and is written nowhere: each part of it stands at all of
    /// that token.
    pub fn made_of(text: &str, at: Span) -> Self {
        let mut builder = SpanMapBuilder::new(at.file);
        builder.replaced(text, at.range());
        builder.finish(at.range().start)
    }
}

/// Maps byte ranges of decoded text to spans of a file. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpanMap {
    file: FileId,
    segments: Segments,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segments {
    /// Decoded offset `i` is source offset `start + i`.
    Verbatim(u32),
    /// Sorted by decoded offset, without gaps in the decoded text.
    Pieces(Arc<[Segment]>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Segment {
    decoded: u32,
    decoded_len: u32,
    source: u32,
    source_len: u32,
    /// Byte for byte the same text; otherwise an escape, which is one indivisible token.
    verbatim: bool,
}

impl SpanMap {
    /// The map of text that stands verbatim at `start`.
    pub fn verbatim(file: FileId, start: usize) -> Self {
        Self { file, segments: Segments::Verbatim(u32::try_from(start).unwrap_or(u32::MAX)) }
    }

    /// The file that the text was written in.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// The source span of the decoded `range`. An end inside an escape takes the whole escape; an
    /// empty range maps to the empty span before its first byte.
    pub fn span(&self, range: Range<usize>) -> Span {
        match &self.segments {
            Segments::Verbatim(start) => {
                let start = *start as usize;
                Span::new(self.file, start + range.start, start + range.end)
            }
            Segments::Pieces(pieces) => {
                let start = Self::at(pieces, range.start, false);
                let end = if range.end <= range.start {
                    start
                } else {
                    Self::at(pieces, range.end, true)
                };
                Span::new(self.file, start, end.max(start))
            }
        }
    }

    /// Source offset of a decoded boundary. As an end, the boundary belongs to the byte before it.
    fn at(pieces: &[Segment], offset: usize, end: bool) -> usize {
        let probe = if end { offset.saturating_sub(1) } else { offset };
        let index = pieces.partition_point(|p| p.decoded as usize <= probe);
        let Some(piece) = index.checked_sub(1).and_then(|i| pieces.get(i)) else {
            return pieces.first().map_or(0, |p| p.source as usize);
        };
        let inside = offset - (piece.decoded as usize).min(offset);
        let source = piece.source as usize;
        if inside >= piece.decoded_len as usize {
            return source + piece.source_len as usize;
        }
        if piece.verbatim {
            source + inside
        } else if end && inside > 0 {
            source + piece.source_len as usize
        } else {
            source
        }
    }

    /// The decoded range that is written at the `source` range. An end inside an escape takes the whole
    /// escape; what lies outside of the text is its nearest end.
    pub fn decoded(&self, source: Range<usize>) -> Range<usize> {
        match &self.segments {
            Segments::Verbatim(start) => {
                let start = *start as usize;
                source.start.saturating_sub(start)..source.end.saturating_sub(start)
            }
            Segments::Pieces(pieces) => {
                let start = Self::before(pieces, source.start, false);
                start..Self::before(pieces, source.end, true).max(start)
            }
        }
    }

    /// Decoded offset of a source boundary. As an end, the boundary belongs to the byte before it.
    fn before(pieces: &[Segment], offset: usize, end: bool) -> usize {
        let probe = if end { offset.saturating_sub(1) } else { offset };
        let index = pieces.partition_point(|p| p.source as usize <= probe);
        let Some(piece) = index.checked_sub(1).and_then(|i| pieces.get(i)) else { return 0 };
        let (decoded, inside) = (piece.decoded as usize, offset - piece.source as usize);
        match (piece.verbatim, inside < piece.source_len as usize) {
            (true, true) => decoded + inside,
            (false, true) if !end || inside == 0 => decoded,
            _ => decoded + piece.decoded_len as usize,
        }
    }

    /// The map of a part of the decoded text: offset 0 of the result is the start of `range`. It holds
    /// no more than that part needs.
    #[must_use]
    pub fn cut(&self, range: Range<usize>) -> Self {
        let pieces = match &self.segments {
            Segments::Verbatim(start) => {
                return Self::verbatim(self.file, *start as usize + range.start);
            }
            Segments::Pieces(pieces) => pieces,
        };
        let (from, to) = (to32(range.start), to32(range.end));
        let first = pieces.partition_point(|p| p.decoded + p.decoded_len <= from);
        let behind = pieces.partition_point(|p| p.decoded < to);
        let within = pieces.get(first..behind).unwrap_or_default();
        let part = |p: &Segment| {
            let gone = from.saturating_sub(p.decoded);
            let left_out = (p.decoded + p.decoded_len).saturating_sub(to);
            let decoded_len = p.decoded_len - gone - left_out;
            let (shift, source_len) = match p.verbatim {
                true => (gone, decoded_len),
                false => (0, p.source_len),
            };
            let decoded = p.decoded.saturating_sub(from);
            Segment { decoded, decoded_len, source: p.source + shift, source_len, ..*p }
        };
        let segments = match within {
            [] => Segments::Verbatim(to32(self.span(range.start..range.start).range().start)),
            [one] if one.verbatim => Segments::Verbatim(part(one).source),
            several => Segments::Pieces(several.iter().map(part).collect()),
        };
        Self { file: self.file, segments }
    }
}

/// Builds decoded text and its map side by side.
#[derive(Debug)]
pub struct SpanMapBuilder {
    file: FileId,
    text: String,
    pieces: Vec<Segment>,
}

impl SpanMapBuilder {
    /// Starts an empty text of `file`.
    pub fn new(file: FileId) -> Self {
        Self { file, text: String::new(), pieces: Vec::new() }
    }

    /// Appends `text`, which stands verbatim at `source`.
    pub fn verbatim(&mut self, text: &str, source: usize) {
        if text.is_empty() {
            return;
        }
        let (decoded, len) = (to32(self.text.len()), to32(text.len()));
        self.text.push_str(text);
        if let Some(last) = self.pieces.last_mut()
            && last.verbatim
            && last.source + last.source_len == to32(source)
        {
            last.decoded_len += len;
            last.source_len += len;
            return;
        }
        self.pieces.push(Segment {
            decoded,
            decoded_len: len,
            source: to32(source),
            source_len: len,
            verbatim: true,
        });
    }

    /// Appends `text`, which is written as the `source` range (an escape, a fold).
    pub fn replaced(&mut self, text: &str, source: Range<usize>) {
        if text.is_empty() {
            return;
        }
        let decoded = to32(self.text.len());
        self.text.push_str(text);
        self.pieces.push(Segment {
            decoded,
            decoded_len: to32(text.len()),
            source: to32(source.start),
            source_len: to32(source.len()),
            verbatim: false,
        });
    }

    /// Appends `text`, which is what `map` maps from its offset `at` on.
    pub fn mapped(&mut self, text: &str, map: &SpanMap, at: usize) {
        let pieces = match &map.segments {
            Segments::Verbatim(start) => return self.verbatim(text, *start as usize + at),
            Segments::Pieces(pieces) => pieces,
        };
        let first = pieces.partition_point(|p| (p.decoded + p.decoded_len) as usize <= at);
        for piece in pieces.iter().skip(first) {
            let (start, len) = (piece.decoded as usize, piece.decoded_len as usize);
            if start >= at + text.len() {
                return;
            }
            let from = start.max(at);
            let part = text.get(from - at..(start + len - at).min(text.len())).unwrap_or_default();
            let source = piece.source as usize;
            if piece.verbatim {
                self.verbatim(part, source + from - start);
            } else {
                self.replaced(part, source..source + piece.source_len as usize);
            }
        }
    }

    /// Whether nothing was appended yet.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The finished text; `start` is where an empty text stands.
    pub fn finish(self, start: usize) -> Text {
        let map = match self.pieces.as_slice() {
            [] => SpanMap::verbatim(self.file, start),
            [one] if one.verbatim => SpanMap::verbatim(self.file, one.source as usize),
            _ => SpanMap { file: self.file, segments: Segments::Pieces(self.pieces.into()) },
        };
        Text { text: self.text.into(), map }
    }
}

fn to32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::source::SourceDb;

    #[test]
    fn a_part_is_where_it_is_in_the_whole_and_holds_no_more_than_it_needs() {
        let file = SourceDb::new().add(Path::new("a"), "a".into(), "");
        let mut builder = SpanMapBuilder::new(file);
        for number in 0..20 {
            builder.verbatim("abc", number * 10);
            builder.replaced("\"", number * 10 + 3..number * 10 + 5);
        }
        let whole = builder.finish(0).map;
        for from in 0..80 {
            for to in from + 1..=80 {
                let part = whole.cut(from..to);
                let again = part.cut(0..to - from);
                for (start, end) in [(0, to - from), (0, 1), (to - from - 1, to - from)] {
                    let expected = whole.span(from + start..from + end);
                    assert_eq!(part.span(start..end), expected, "{from}..{to}: {start}..{end}");
                    assert_eq!(again.span(start..end), expected, "{from}..{to}: {start}..{end}");
                }
            }
        }
        assert!(matches!(whole.cut(0..3).segments, Segments::Verbatim(0)));
        assert!(matches!(whole.cut(80..80).segments, Segments::Verbatim(195)));
        let Segments::Pieces(pieces) = whole.cut(2..9).segments else { panic!("several pieces") };
        assert_eq!(pieces.len(), 5);
    }
}
