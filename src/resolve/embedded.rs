//! JSON inside text: a policy in a heredoc, a block scalar, a quoted string, a `Fn::Sub`.
//!
//! The text may have holes. What the parser yields is turned into a [`Value`] whose leaves point at
//! their exact tokens in the outer file, through escapes, dedents and the steps the text came by.

use std::ops::Range;
use std::sync::Arc;

use super::value::{Item, Key, Kind, Map, Piece, Rest, Text, Value};
use super::{Class, Symbol, SymbolId, Symbols, value};
use crate::source::{Origin, Origins};
use crate::syntax::SpanMapBuilder;
use crate::syntax::json::{self, Input, Json, JsonKind, JsonPiece};

/// What embedded text was read as.
#[derive(Debug)]
pub struct Embedded {
    /// The value, as much of it as could be read; `None` for blank text.
    pub value: Option<Value>,
    /// What could not be read.
    pub errors: Vec<EmbeddedError>,
}

/// An error in embedded text.
#[derive(Debug)]
pub struct EmbeddedError {
    /// The exact place.
    pub origin: Origin,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

/// Reads `text` as JSON. `whole` is the origin of the text as a value, for what has no better place.
pub fn parse_json(
    text: &Text,
    whole: Origin,
    symbols: &mut Symbols,
    origins: &mut Origins,
) -> Embedded {
    let layout = Layout::new(text);
    let holes: Vec<usize> = layout.holes.iter().map(|(at, ..)| *at).collect();
    let (json, errors) = json::parse(Input { text: &layout.text, holes: &holes });
    let mut reader = Reader { layout: &layout, symbols, origins, whole };
    let value = json.map(|json| reader.value(&json));
    let errors = errors
        .into_iter()
        .map(|e| EmbeddedError {
            origin: reader.origin(&e.range),
            message: e.message,
            help: e.help,
        })
        .collect();
    Embedded { value, errors }
}

/// The known text in one string, and where its pieces and holes stand in it.
struct Layout<'a> {
    text: String,
    pieces: Vec<(Range<usize>, &'a Piece)>,
    holes: Vec<(usize, SymbolId, Origin)>,
}

impl<'a> Layout<'a> {
    fn new(text: &'a value::Text) -> Self {
        let mut out = Self { text: String::new(), pieces: Vec::new(), holes: Vec::new() };
        for piece in &text.0 {
            match piece {
                Piece::Lit { text, .. } => {
                    let start = out.text.len();
                    out.text.push_str(text);
                    if !text.is_empty() {
                        out.pieces.push((start..out.text.len(), piece));
                    }
                }
                Piece::Hole(symbol, origin) => out.holes.push((out.text.len(), *symbol, *origin)),
            }
        }
        out
    }

    /// The index of the piece that holds the byte at `offset`.
    fn piece_at(&self, offset: usize) -> Option<usize> {
        let index = self.pieces.partition_point(|(range, _)| range.end <= offset);
        (index < self.pieces.len()).then_some(index)
    }
}

struct Reader<'a, 'o> {
    layout: &'a Layout<'a>,
    symbols: &'o mut Symbols,
    origins: &'o mut Origins,
    whole: Origin,
}

impl Reader<'_, '_> {
    /// The origin of a range of the joined text: the way of the piece it starts in, narrowed to the
    /// exact token. A token that ends in another piece of the same file reaches to its end there.
    fn origin(&mut self, range: &Range<usize>) -> Origin {
        let Some(first) = self.layout.piece_at(range.start) else { return self.end_origin() };
        let (at, Piece::Lit { map, origin, .. }) = &self.layout.pieces[first] else {
            return self.whole;
        };
        let from = range.start.max(at.start) - at.start;
        let to = range.end.min(at.end).max(range.start.max(at.start)) - at.start;
        let mut span = map.span(from..to);
        if range.end > at.end
            && let Some(last) = self.layout.piece_at(range.end - 1)
            && let (last_at, Piece::Lit { map: last_map, .. }) = &self.layout.pieces[last]
        {
            let end = last_map.span(0..range.end.min(last_at.end).saturating_sub(last_at.start));
            if end.file == span.file && end.end > span.end {
                span = span.to(end);
            }
        }
        self.origins.narrow(*origin, span)
    }

    /// The origin of the end of the text: an error such as an unclosed bracket stands there.
    fn end_origin(&mut self) -> Origin {
        match self.layout.pieces.last() {
            Some((at, Piece::Lit { map, origin, .. })) => {
                let span = map.span(at.len().saturating_sub(1)..at.len());
                self.origins.narrow(*origin, span)
            }
            _ => self.whole,
        }
    }

    fn value(&mut self, json: &Json) -> Value {
        let origin = match json.kind {
            JsonKind::Hole(i) => self.layout.holes.get(i).map_or(self.whole, |h| h.2),
            _ => self.origin(&json.range),
        };
        let kind = match &json.kind {
            JsonKind::Null => Kind::Null,
            JsonKind::Invalid | JsonKind::Run(_) => Kind::Symbol(unreadable(self.symbols, origin)),
            JsonKind::Bool(b) => Kind::Bool(*b),
            JsonKind::Number => {
                Kind::Number(self.layout.text.get(json.range.clone()).unwrap_or("").into())
            }
            JsonKind::String(pieces) => Kind::Text(self.text(pieces)),
            JsonKind::Array(items) => Kind::List(items.iter().map(|i| self.item(i)).collect()),
            JsonKind::Object(members) => Kind::Map(Arc::new(self.map(members))),
            JsonKind::Hole(i) => match self.layout.holes.get(*i) {
                Some((_, symbol, _)) => Kind::Symbol(*symbol),
                None => Kind::Symbol(unreadable(self.symbols, origin)),
            },
        };
        Value { kind, origin }
    }

    /// A hole among the elements may stand for any number of them.
    fn item(&mut self, json: &Json) -> Item {
        match json.kind {
            JsonKind::Hole(i) => match self.layout.holes.get(i) {
                Some((_, symbol, origin)) => Item::Many(*symbol, *origin),
                None => Item::One(self.value(json)),
            },
            JsonKind::Run(_) => {
                let origin = self.origin(&json.range);
                Item::Many(unreadable(self.symbols, origin), origin)
            }
            _ => Item::One(self.value(json)),
        }
    }

    /// Unknown members may bring a key that is there already. Nobody says which of the two counts
    /// (SEMANTICS 1.1), so that they may take the place of any known one.
    fn map(&mut self, members: &[(Json, Json)]) -> Map {
        let mut map = Map::default();
        for (key, value) in members {
            let pieces = match &key.kind {
                JsonKind::String(pieces) => pieces.as_slice(),
                JsonKind::Hole(i) => {
                    map.rest = self.layout.holes.get(*i).map(|h| (h.1, Rest::Over));
                    continue;
                }
                JsonKind::Run(_) => {
                    let origin = self.origin(&key.range);
                    map.rest = Some((unreadable(self.symbols, origin), Rest::Over));
                    continue;
                }
                _ => &[],
            };
            let text = self.text(pieces);
            match text.known() {
                Some(known) => {
                    let origin = self.origin(&key.range);
                    let value = self.value(value);
                    map.entries.push((Key { text: known.into(), origin }, value));
                }
                None => {
                    let hole = text.0.iter().find_map(|piece| match piece {
                        Piece::Hole(symbol, _) => Some(*symbol),
                        Piece::Lit { .. } => None,
                    });
                    map.rest = hole.map(|symbol| (symbol, Rest::Over));
                }
            }
        }
        map
    }

    /// The pieces of a string, cut where the pieces of the outer text are cut.
    fn text(&mut self, pieces: &[JsonPiece]) -> Text {
        let mut out = Vec::new();
        for piece in pieces {
            match piece {
                JsonPiece::Verbatim(range) => self.verbatim(range, &mut out),
                JsonPiece::Escape(range, c) => self.escape(range, *c, &mut out),
                JsonPiece::Hole(i) => {
                    if let Some((_, symbol, origin)) = self.layout.holes.get(*i) {
                        out.push(Piece::Hole(*symbol, *origin));
                    }
                }
            }
        }
        Text(out)
    }

    fn verbatim(&self, range: &Range<usize>, out: &mut Vec<Piece>) {
        let mut start = range.start;
        while start < range.end {
            let Some(index) = self.layout.piece_at(start) else { return };
            let (at, Piece::Lit { map, origin, .. }) = &self.layout.pieces[index] else { return };
            let end = range.end.min(at.end);
            if let Some(text) = self.layout.text.get(start..end) {
                let map = map.cut(start - at.start..end - at.start);
                out.push(Piece::Lit { text: text.into(), map, origin: *origin });
            }
            start = end;
        }
    }

    fn escape(&self, range: &Range<usize>, c: char, out: &mut Vec<Piece>) {
        let Some(index) = self.layout.piece_at(range.start) else { return };
        let (at, Piece::Lit { map, origin, .. }) = &self.layout.pieces[index] else { return };
        let span = map.span(range.start - at.start..range.end.min(at.end) - at.start);
        let mut builder = SpanMapBuilder::new(span.file);
        builder.replaced(c.encode_utf8(&mut [0; 4]), span.range());
        let text = builder.finish(span.range().start);
        out.push(Piece::Lit { text: text.text, map: text.map, origin: *origin });
    }
}

/// What cannot be read is unknown, not absent: a Deny whose condition is unreadable must not read as
/// one without a condition. What stands at two places need not be the same.
pub(super) fn unreadable(symbols: &mut Symbols, origin: Origin) -> SymbolId {
    symbols.intern(&format!("unreadable text at {origin:?}"), || Symbol {
        label: "unreadable text".into(),
        origin,
        class: Class::Opaque,
        default: None,
        allowed: None,
        pin: None,
    })
}
