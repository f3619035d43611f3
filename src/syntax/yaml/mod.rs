//! YAML, through `granit-parser`: the only folder that knows that crate.
//!
//! The crate reads events; this folder builds the common tree from them: it shares aliased nodes,
//! merges `<<` keys, resolves plain scalars as CloudFormation reads them ([`scalar`]), and maps the
//! text of every scalar back to the source ([`decode`]). Templates that libyaml reads and YAML 1.2
//! forbids are mended first ([`repair`]).
//!
//! # Spans
//!
//! A scalar's span is its token, quotes included; that of a block scalar is its content from the
//! first character of its first line to the end of its last line (the header `|-` and the
//! indentation before the first line are outside). An empty value has an empty span behind the colon
//! or dash. A block collection ends with its last child; a flow collection has its brackets. A
//! tagged node starts with its tag. An alias is a clone of its node, so its span and those inside it
//! are where the node is written.
//!
//! # Limits
//!
//! Nesting ends at [`MAX_DEPTH`] levels, aliases expand to [`MAX_EXPANDED`] nodes in all, merge keys
//! to as many entries; beyond each bound stands one error and [`Kind::Invalid`](super::Kind).

mod build;
mod decode;
mod errors;
mod repair;
mod scalar;
#[cfg(test)]
mod tests;

use granit_parser::{ErrorKind, Event, Options, Parser, options};

use super::Document;
use crate::source::FileId;
use build::Builder;
use repair::Padded;

/// How deep lists and maps may nest, aliases followed.
pub const MAX_DEPTH: usize = 128;

/// How many nodes all aliases of a file may stand for, each alias inside another counted again:
/// walking a tree visits at most this many nodes more than the file holds.
pub const MAX_EXPANDED: usize = 250_000;

/// Parses a YAML stream into the common tree: one root for each document, its comments, duplicate
/// keys (not those that a merge key brings) and errors. A document with a syntax error keeps what
/// stands before it; the documents behind it are read.
///
/// Short tags stay as [`Kind::Tagged`](super::Kind::Tagged) (`!Sub`); the tags of YAML itself
/// (`!!str`) are resolved. A byte order mark is stepped over; offsets stay those of the file.
pub fn parse_file(file: FileId, text: &str) -> Document {
    let mut source = Padded::new(text);
    loop {
        let (document, under_indented) = read(file, &source);
        match under_indented {
            Some(at) if source.pad(at) => {}
            _ => return document,
        }
    }
}

/// Reads once. Also the offset in the padded text of the first quoted line that is not indented
/// enough.
fn read(file: FileId, source: &Padded<'_>) -> (Document, Option<usize>) {
    let mut builder = Builder::new(file, source);
    let mut under_indented = None;
    let mut parser = Parser::new_from_str_with_options(source.text(), granit_options());
    while let Some(next) = parser.next_event() {
        match next {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => builder.event(event, &span),
            Err(error) => {
                if *error.kind() == ErrorKind::InvalidQuotedScalarIndent {
                    under_indented = under_indented.or(error.marker().byte_offset());
                }
                builder.syntax_error(&error);
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
        }
    }
    (builder.finish(), under_indented)
}

/// The limits and leniencies of every parse.
fn granit_options() -> Options {
    options! {
        // An unknown alias is an error of its node, not of the file.
        emit_unresolved_aliases: true,
        // By default the 97th comment line between a key and its nested block is an error.
        max_buffered_comment_events: usize::MAX,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    }
}
