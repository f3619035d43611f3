//! YAML inside text: an OpenAPI document in a heredoc or a template file, the argument of
//! `yamldecode`.
//!
//! The text may have holes. Each is parsed as a word of its own, so that one in the place of a value
//! or inside a string is a symbol there; where a hole is a whole line or a part of the structure, the
//! text cannot be read. Every leaf points at its token in the outer file.

use std::ops::Range;
use std::sync::Arc;

use super::embedded::{Embedded, EmbeddedError, unreadable};
use super::value::{Item, Key, Kind, Map, Piece, Rest, Text, Value};
use super::{SymbolId, Symbols};
use crate::source::{FileId, Origin, Origins};
use crate::syntax::{self, Node, Pair, SpanMapBuilder, yaml};

/// What stands before and after the number of a hole. Nobody writes these characters.
const MARKS: (char, char) = ('\u{f8f0}', '\u{f8f1}');

/// Whose reading of plain scalars counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// That of AWS: a date stays the text that it is.
    Aws,
    /// That of Terraform's `yamldecode` (zclconf/go-cty-yaml, `resolve.go`): a date becomes a time
    /// stamp, `y` and `n` are Booleans, a hexadecimal number is text.
    Terraform,
}

/// Reads `text` as one YAML document. `whole` is the origin of the text as a value, for what has no
/// better place.
pub fn parse_yaml(
    text: &Text,
    whole: Origin,
    dialect: Dialect,
    symbols: &mut Symbols,
    origins: &mut Origins,
) -> Embedded {
    let file = text.0.iter().find_map(|piece| match piece {
        Piece::Lit { map, .. } => Some(map.file()),
        Piece::Hole(..) => None,
    });
    let file = file.unwrap_or_else(|| origins.span(whole).file);
    let mut reader = Reader { layout: Layout::new(text), dialect, symbols, origins, whole };
    let refused = reader.layout.refused;
    let error =
        |origin, message: &str| EmbeddedError { origin, message: message.to_owned(), help: None };
    if let Some(why) = refused {
        return Embedded { value: None, errors: vec![error(whole, why)] };
    }
    let document = yaml::parse_file(file, &reader.layout.text);
    let mut errors: Vec<EmbeddedError> = Vec::new();
    for found in &document.errors {
        let origin = reader.origin(&found.span.range());
        let message = found.message.clone();
        errors.push(EmbeddedError { origin, message, help: found.help.clone() });
    }
    if let Some(second) = document.roots.get(1) {
        let origin = reader.origin(&second.span.range());
        errors.push(error(origin, "there is more than one YAML document"));
    }
    let value = document.roots.first().map(|root| reader.value(root, file));
    Embedded { value, errors }
}

/// What a stretch of the text is.
enum Part<'a> {
    Piece(&'a Piece),
    Hole(SymbolId, Origin),
}

/// The text with words in the place of its holes, and where its parts stand in it.
struct Layout<'a> {
    text: String,
    parts: Vec<(Range<usize>, Part<'a>)>,
    /// Why it cannot be read.
    refused: Option<&'static str>,
}

impl<'a> Layout<'a> {
    fn new(text: &'a Text) -> Self {
        let mut out = Self { text: String::new(), parts: Vec::new(), refused: None };
        for (index, piece) in text.0.iter().enumerate() {
            let start = out.text.len();
            let part = match piece {
                Piece::Lit { text, .. } => {
                    if text.contains([MARKS.0, MARKS.1]) {
                        out.refused = Some("the text has characters of the private use area");
                    }
                    out.text.push_str(text);
                    Part::Piece(piece)
                }
                Piece::Hole(symbol, origin) => {
                    let line = out.text.rsplit('\n').next().unwrap_or_default();
                    if line.trim().is_empty() {
                        out.refused = Some("something unknown may be any number of its lines");
                    }
                    out.text.push_str(&format!("{}{index}{}", MARKS.0, MARKS.1));
                    Part::Hole(*symbol, *origin)
                }
            };
            if out.text.len() > start {
                out.parts.push((start..out.text.len(), part));
            }
        }
        out
    }

    /// The part that holds the byte at `offset`.
    fn part_at(&self, offset: usize) -> Option<&(Range<usize>, Part<'a>)> {
        let index = self.parts.partition_point(|(range, _)| range.end <= offset);
        self.parts.get(index)
    }
}

struct Reader<'a, 'o> {
    layout: Layout<'a>,
    dialect: Dialect,
    symbols: &'o mut Symbols,
    origins: &'o mut Origins,
    whole: Origin,
}

impl Reader<'_, '_> {
    /// The origin of a range of the text: the way of the part it starts in, narrowed to the token.
    fn origin(&mut self, range: &Range<usize>) -> Origin {
        match self.layout.part_at(range.start) {
            Some((at, Part::Piece(Piece::Lit { map, origin, .. }))) => {
                let end = range.end.clamp(range.start, at.end);
                let span = map.span(range.start - at.start..end - at.start);
                self.origins.narrow(*origin, span)
            }
            Some((_, Part::Hole(_, origin))) => *origin,
            _ => self.whole,
        }
    }

    fn value(&mut self, node: &Node, file: FileId) -> Value {
        let origin = self.origin(&node.span.range());
        let kind = match &node.kind {
            syntax::Kind::Null => Kind::Null,
            syntax::Kind::Bool(b) => Kind::Bool(*b),
            syntax::Kind::Number(n) => self.number(n, origin, file),
            syntax::Kind::Text(text) => return self.scalar(text, node, origin),
            syntax::Kind::List(items) => {
                Kind::List(items.iter().map(|item| self.item(item, file)).collect())
            }
            syntax::Kind::Map(pairs) => Kind::Map(Arc::new(self.map(pairs, file))),
            syntax::Kind::Tagged(_) | syntax::Kind::Expr(_) | syntax::Kind::Invalid => {
                Kind::Symbol(unreadable(self.symbols, origin))
            }
        };
        Value { kind, origin }
    }

    fn number(&mut self, text: &Arc<str>, origin: Origin, file: FileId) -> Kind {
        if self.dialect == Dialect::Aws {
            return Kind::Number(Arc::clone(text));
        }
        let plain = text.replace('_', "");
        let sign = plain.trim_start_matches(['-', '+']);
        if sign.starts_with("0b") {
            return Kind::Symbol(unreadable(self.symbols, origin));
        }
        if sign.starts_with("0x") || sign.starts_with("0o") {
            let span = self.origins.span(origin);
            let text = syntax::Text::made_of(text, crate::source::Span { file, ..span });
            return Kind::Text(Text(vec![Piece::Lit { text: text.text, map: text.map, origin }]));
        }
        Kind::Number(plain.into())
    }

    /// A hole that is all of an element may stand for any number of them: `- ${join("\n- ", list)}`.
    fn item(&mut self, node: &Node, file: FileId) -> Item {
        let value = self.value(node, file);
        match value.kind {
            Kind::Symbol(id) if matches!(node.kind, syntax::Kind::Text(_)) => {
                Item::Many(id, value.origin)
            }
            _ => Item::One(value),
        }
    }

    fn map(&mut self, pairs: &[Pair], file: FileId) -> Map {
        let mut map = Map::default();
        for pair in pairs {
            let key = self.value(&pair.key, file);
            let value = self.value(&pair.value, file);
            match key.known_text() {
                Some(text) => {
                    map.entries.push((Key { text: text.into(), origin: key.origin }, value));
                }
                None => {
                    let id = match &key.kind {
                        Kind::Symbol(id) => *id,
                        _ => unreadable(self.symbols, key.origin),
                    };
                    map.rest = Some((id, Rest::Over));
                }
            }
        }
        map
    }

    fn scalar(&mut self, text: &syntax::Text, node: &Node, origin: Origin) -> Value {
        let token = self.layout.text.get(node.span.range()).unwrap_or_default();
        let is_plain = token == &*text.text;
        if is_plain && self.dialect == Dialect::Terraform {
            match token {
                "y" | "Y" => return Value::new(Kind::Bool(true), origin),
                "n" | "N" => return Value::new(Kind::Bool(false), origin),
                _ if is_date_like(token) => {
                    let made = day(token).map(|day| {
                        syntax::Text::made_of(
                            &format!("{day}T00:00:00Z"),
                            self.origins.span(origin),
                        )
                    });
                    let kind = match made {
                        Some(syntax::Text { text, map }) => {
                            Kind::Text(Text(vec![Piece::Lit { text, map, origin }]))
                        }
                        None => Kind::Symbol(unreadable(self.symbols, origin)),
                    };
                    return Value::new(kind, origin);
                }
                _ => {}
            }
        }
        let pieces = self.pieces(text);
        match pieces.as_slice() {
            [Piece::Hole(id, at)] => Value::new(Kind::Symbol(*id), *at),
            _ => Value::new(Kind::Text(Text(pieces)), origin),
        }
    }

    /// The pieces of a string, cut where the parts of the outer text are cut.
    fn pieces(&self, text: &syntax::Text) -> Vec<Piece> {
        let mut out = Vec::new();
        let mut run: Option<(Origin, SpanMapBuilder, usize)> = None;
        let mut inside = false;
        for (at, c) in text.text.char_indices() {
            let written = text.map.span(at..at + c.len_utf8()).range();
            if c == MARKS.0 {
                inside = true;
                out.extend(run.take().map(finished));
                if let Some((_, Part::Hole(id, origin))) = self.layout.part_at(written.start) {
                    out.push(Piece::Hole(*id, *origin));
                }
            }
            if inside {
                inside = c != MARKS.1;
                continue;
            }
            let Some((range, Part::Piece(Piece::Lit { map, origin, .. }))) =
                self.layout.part_at(written.start)
            else {
                continue;
            };
            let end = written.end.clamp(written.start, range.end);
            let outer = map.span(written.start - range.start..end - range.start);
            let same = run.as_ref().is_some_and(|(o, ..)| o == origin);
            if !same {
                out.extend(run.take().map(finished));
            }
            let start = outer.range().start;
            let (_, builder, _) =
                run.get_or_insert_with(|| (*origin, SpanMapBuilder::new(outer.file), start));
            let mut buffer = [0; 4];
            let c = &*c.encode_utf8(&mut buffer);
            let verbatim = self.layout.text.get(written.start..end) == Some(c);
            if verbatim && outer.range().len() == c.len() {
                builder.verbatim(c, start);
            } else {
                builder.replaced(c, outer.range());
            }
        }
        out.extend(run.take().map(finished));
        out
    }
}

fn finished((origin, builder, start): (Origin, SpanMapBuilder, usize)) -> Piece {
    let text = builder.finish(start);
    Piece::Lit { text: text.text, map: text.map, origin }
}

/// Whether a plain scalar begins as a time stamp does.
fn is_date_like(text: &str) -> bool {
    let (year, rest) = text.split_at_checked(4).unwrap_or((text, ""));
    year.len() == 4
        && year.bytes().all(|b| b.is_ascii_digit())
        && rest.starts_with('-')
        && rest.len() > 1
        && rest.bytes().all(|b| b.is_ascii_digit() || b"-:.TtZz+ ".contains(&b))
}

/// A date of the form `2012-10-17`, its month and day in two digits.
fn day(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return None };
    let number = |part: &str| (part.len() <= 2).then(|| part.parse::<u8>().ok()).flatten();
    let (month, day) = (number(month)?, number(day)?);
    let is_date = (1..=12).contains(&month) && (1..=28).contains(&day);
    is_date.then(|| format!("{year}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests;
