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
        let map = if range.start == 0 { self.map.clone() } else { self.map.skip(range.start) };
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

    /// The map of the decoded sub-range that starts at `from`: offset 0 of the result is `from`.
    #[must_use]
    pub fn skip(&self, from: usize) -> Self {
        match &self.segments {
            Segments::Verbatim(start) => Self::verbatim(self.file, *start as usize + from),
            Segments::Pieces(pieces) => {
                let from32 = u32::try_from(from).unwrap_or(u32::MAX);
                let cut = pieces
                    .iter()
                    .filter(|p| p.decoded + p.decoded_len > from32)
                    .map(|p| {
                        if p.decoded >= from32 {
                            return Segment { decoded: p.decoded - from32, ..*p };
                        }
                        let gone = from32 - p.decoded;
                        let shift = if p.verbatim { gone } else { 0 };
                        Segment {
                            decoded: 0,
                            decoded_len: p.decoded_len - gone,
                            source: p.source + shift,
                            source_len: p.source_len - shift,
                            verbatim: p.verbatim,
                        }
                    })
                    .collect::<Vec<_>>();
                Self { file: self.file, segments: Segments::Pieces(cut.into()) }
            }
        }
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
