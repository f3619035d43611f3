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
//! # Errors
//!
//! A syntax error ends its document: what stands before it is kept, and every list and map that was
//! open there ends with an invalid entry, since what would have followed is not known.
//!
//! # Limits
//!
//! Nesting ends at [`MAX_DEPTH`] levels, and aliases expand to [`MAX_EXPANDED`] nodes in all, which
//! bounds merge keys too. Beyond each bound stands [`Kind::Invalid`](super::Kind), and one error says
//! so. What nests deeper than 255 levels is a syntax error of its document.

mod build;
mod decode;
mod errors;
#[cfg(test)]
mod limits;
mod maps;
#[cfg(test)]
mod properties;
mod repair;
mod scalar;
mod tags;
#[cfg(test)]
mod tests;

use granit_parser::{ErrorKind, Event, Options, Parser, options};

use super::Document;
use crate::source::FileId;
use build::Builder;
use repair::{Padded, Repair};

/// How deep lists and maps may nest, aliases followed.
pub const MAX_DEPTH: usize = 128;

/// How many nodes all aliases of a file may stand for, each alias inside another counted again:
/// walking a tree visits at most this many nodes more than the file holds.
pub const MAX_EXPANDED: usize = 250_000;

/// Parses a YAML stream into the common tree: one root for each document, its comments, duplicate
/// keys (not those that a merge key brings) and errors (after the hundredth only one more, which says
/// so). A document with a syntax error keeps what stands before it; the documents behind it are read.
///
/// Short tags stay as [`Kind::Tagged`](super::Kind::Tagged) (`!Sub`); the tags of YAML itself
/// (`!!str`) are resolved. A byte order mark is stepped over; offsets stay those of the file.
pub fn parse_file(file: FileId, text: &str) -> Document {
    let mut source = Padded::new(text);
    loop {
        let (mut document, under_indented) = read(file, &source);
        let Some(at) = under_indented else { return document };
        match source.pad(at) {
            Repair::Padded => {}
            Repair::Unclosed(quote) => {
                errors::blame_quote(&mut document.errors, source.offset(at), quote);
                return document;
            }
            Repair::None => return document,
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
    }
}
