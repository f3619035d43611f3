//! A JSON file as the common tree.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::cursor::Parser;
use super::{Input, Json, JsonKind, JsonPiece};
use crate::source::{FileId, Span};
use crate::syntax::{
    Comment, Document, Duplicate, Kind, Node, Pair, SpanMapBuilder, SyntaxError, Text,
};

/// Parses a JSON file into the common tree: at most one root, the duplicate keys, the errors, and
/// the comments that should not be there. A byte order mark is stepped over; offsets stay those of
/// the file.
pub fn parse_file(file: FileId, text: &str) -> Document {
    let document = lower(file, text, Parser::new(Input { text, holes: &[] }));
    if document.roots.is_empty() && document.errors.is_empty() {
        let message = "the file is empty: a JSON document holds exactly one value".into();
        let span = Span::new(file, text.len(), text.len());
        let errors = vec![SyntaxError { span, message, help: None }];
        return Document { errors, ..document };
    }
    document
}

/// Parses the one value that stands at `range` of a file, as [`parse_file`] does; offsets are those of
/// the file, of which nothing else is looked at.
pub fn parse_slice(file: FileId, text: &str, range: Range<usize>) -> Document {
    let text = text.get(..range.end).unwrap_or("");
    lower(file, text, Parser::from(text, range.start))
}

fn lower(file: FileId, text: &str, parser: Parser<'_>) -> Document {
    let (value, errors, comments) = parser.document();
    let mut lower = Lower { file, text, duplicates: Vec::new() };
    let mut document = Document {
        roots: value.iter().map(|json| lower.node(json)).collect(),
        comments: comments.into_iter().map(|range| comment(file, text, range)).collect(),
        ..Document::default()
    };
    document.duplicates = lower.duplicates;
    document.duplicates.sort_by_key(|duplicate| duplicate.second);
    document.errors = errors
        .into_iter()
        .map(|error| SyntaxError {
            span: Span::new(file, error.range.start, error.range.end),
            message: error.message,
            help: error.help,
        })
        .collect();
    document
}

fn comment(file: FileId, text: &str, range: Range<usize>) -> Comment {
    let before = text.get(..range.start).unwrap_or("");
    let line = before.rsplit(['\n', '\r']).next().unwrap_or("");
    let own_line = line.chars().all(|c| c == ' ' || c == '\t' || c == '\u{feff}');
    Comment { span: Span::new(file, range.start, range.end), own_line }
}

struct Lower<'a> {
    file: FileId,
    text: &'a str,
    duplicates: Vec<Duplicate>,
}

impl Lower<'_> {
    fn node(&mut self, json: &Json) -> Node {
        let kind = match &json.kind {
            JsonKind::Null => Kind::Null,
            JsonKind::Bool(value) => Kind::Bool(*value),
            JsonKind::Number => Kind::Number(self.slice(&json.range).into()),
            JsonKind::String(pieces) => Kind::Text(self.string(json.range.start + 1, pieces)),
            JsonKind::Array(items) => {
                Kind::List(items.iter().map(|item| self.node(item)).collect())
            }
            JsonKind::Object(members) => self.object(members),
            // A file has no holes.
            JsonKind::Hole(_) | JsonKind::Run(_) | JsonKind::Invalid => Kind::Invalid,
        };
        Node { span: self.span(&json.range), kind }
    }

    fn object(&mut self, members: &[(Json, Json)]) -> Kind {
        let pairs: Arc<[Pair]> = members
            .iter()
            .map(|(key, value)| Pair { key: self.node(key), value: self.node(value) })
            .collect();
        let mut seen = BTreeMap::new();
        for pair in pairs.iter() {
            let Some(key) = pair.key.scalar() else { continue };
            let second = pair.key.span;
            if let Some(&first) = seen.get(&key) {
                self.duplicates.push(Duplicate { key, first, second });
            } else {
                seen.insert(key, second);
            }
        }
        Kind::Map(pairs)
    }

    fn string(&self, start: usize, pieces: &[JsonPiece]) -> Text {
        if let [JsonPiece::Verbatim(range)] = pieces {
            return Text::verbatim(self.slice(range), self.file, range.start);
        }
        let mut builder = SpanMapBuilder::new(self.file);
        for piece in pieces {
            match piece {
                JsonPiece::Verbatim(range) => builder.verbatim(self.slice(range), range.start),
                JsonPiece::Escape(range, stands_for) => {
                    builder.replaced(stands_for.encode_utf8(&mut [0; 4]), range.clone());
                }
                JsonPiece::Hole(_) => {}
            }
        }
        builder.finish(start)
    }

    fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or("")
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }
}
