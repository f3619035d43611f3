//! JSON, over a file or over decoded text with holes.
//!
//! One recovering parser serves templates (plain files) and embedded policies (text that came out of
//! a heredoc, a block scalar, a `Fn::Sub`, with unknown stretches in it). Duplicate keys are kept.
//!
//! The grammar is RFC 8259. Everything beyond it (comments, trailing commas, single quotes, ...) is
//! one error each, on the token to change, and the rest is still read. Reading is linear in the
//! length of the text, nests [`MAX_DEPTH`] levels at most and never fails.
//!
//! # Holes
//!
//! A hole stands for unknown text, which may be empty. Where it stands decides what it is:
//!
//! * inside the quotes of a string: a [`JsonPiece::Hole`];
//! * alone in value position: a [`JsonKind::Hole`]; next to other bare text (`1${x}`, `${a}${b}`): a
//!   [`JsonKind::Run`];
//! * between the elements of an array: an element of its own, with or without a comma around it;
//! * between the members of an object: a member whose key and value are the same `Hole` or `Run`
//!   (see [`JsonKind::Object`]);
//! * between a key and its end (`"a"${x}`): the value of that member;
//! * outside of the outermost value: an error, since a JSON document holds one value.

mod bare;
mod container;
mod cursor;
mod document;
mod errors;
mod file;
mod object;
#[cfg(test)]
mod properties;
mod slices;
mod string;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use file::{parse_file, parse_slice};
pub use slices::{Member, Slices};

/// How deep arrays and objects may nest. What lies deeper is one error and [`JsonKind::Invalid`].
pub const MAX_DEPTH: usize = 128;

/// What to parse: text, and the offsets at which something unknown stands (of zero width, sorted;
/// several holes may stand at one offset).
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The known text.
    pub text: &'a str,
    /// The offset of each hole; hole `i` is `holes[i]`.
    pub holes: &'a [usize],
}

/// A value; ranges are byte offsets into [`Input::text`].
#[derive(Debug, Clone, PartialEq)]
pub struct Json {
    /// The token, quotes and brackets included. Empty for a hole.
    pub range: Range<usize>,
    /// What it is.
    pub kind: JsonKind,
}

/// The kinds of values.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number: its text is `range`.
    Number,
    /// A string: decoded pieces and holes in order. An empty string has no piece.
    String(Vec<JsonPiece>),
    /// An array.
    Array(Vec<Json>),
    /// An object with its members in source order, duplicates kept.
    ///
    /// A key is a [`JsonKind::String`], or, where holes stand outside of quotes, a
    /// [`JsonKind::Hole`] or [`JsonKind::Run`]: then, if the value is equal to the key, the pair
    /// stands for any number of unknown members (`{ ${members} }`), else for one member whose key is
    /// unknown (`{ ${key}: 1 }`). [`JsonKind::is_unknown_members`] tells the two apart.
    Object(Vec<(Json, Json)>),
    /// A hole in value position.
    Hole(usize),
    /// Bare text with holes in it that is more than one single hole: `1${x}`, `${a}${b}`. Nothing is
    /// known of what it is; its pieces are all that is written there.
    Run(Vec<JsonPiece>),
    /// Something unreadable; an error says what.
    Invalid,
}

impl JsonKind {
    /// Whether the value is not known at all: a hole, or bare text with holes.
    pub fn is_hole(&self) -> bool {
        matches!(self, Self::Hole(_) | Self::Run(_))
    }

    /// Whether a member with this key and `value` stands for unknown members of its object.
    pub fn is_unknown_members(&self, value: &Self) -> bool {
        self.is_hole() && self == value
    }
}

/// A part of a string.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonPiece {
    /// Verbatim text at that range.
    Verbatim(Range<usize>),
    /// An escape sequence at that range, and what it stands for.
    Escape(Range<usize>, char),
    /// Hole `i`.
    Hole(usize),
}

/// An error; the range is in the input's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// Where.
    pub range: Range<usize>,
    /// What, lower case, without a full stop.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

/// Parses `input`: as much of a value as can be read, and every error in order of place (after
/// the hundredth only one more, which says so). `None` for blank text, which is no error here.
pub fn parse(input: Input<'_>) -> (Option<Json>, Vec<JsonError>) {
    let (value, errors, _) = cursor::Parser::new(input).document();
    (value, errors)
}
