//! Texts of a policy: symbols and policy variables replaced, then compared with a text of the
//! request.
//!
//! A symbol that stands for a field of the API's identity, and a policy variable whose key has one
//! value, are text that means itself. Any other unknown is a hole: in a place that takes patterns it
//! may read as any run of characters; in a place that takes plain values it is one fixed value that
//! no fresh identifier is equal to (SEMANTICS 3.9).

use std::borrow::Cow;

use crate::model::{ConditionKey, Fresh, Leaf, Part, SymbolClass, Tri};

use super::context::{Datum, Lookup, lookup};
use super::pattern::{self, Span, Token};
use super::scope::{Scope, Variables};

/// How a text of a policy is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Character by character.
    Equal,
    /// Character by character, letter case aside.
    EqualFold,
    /// With wildcards that cross everything.
    Like,
    /// As an ARN: six fields, matched one by one with wildcards.
    Arn,
}

/// Whether a place takes policy variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expand {
    /// It does, in version 2012-10-17.
    Variables,
    /// `${...}` is literal text there.
    Nothing,
}

/// A text of a policy, ready to be compared.
#[derive(Debug)]
pub(super) enum Reading<'a> {
    /// Known text without a variable: the common case, and free of cost.
    Literal(&'a str),
    /// Anything else.
    Pieces(Vec<Piece<'a>>),
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text of the policy, in which wildcards count.
    Text(&'a str),
    /// A field of the API's identity.
    Exact(&'a str),
    /// The value of a variable, or an escape.
    Value(Cow<'a, str>),
    /// A variable of a key that is not in the request: the whole text matches nothing.
    Missing,
    /// An unknown fixed value.
    Symbol(SymbolClass),
    /// A variable that may have any value or none.
    Unknown,
}

impl Piece<'_> {
    /// Whether it comes from `${...}`.
    pub(super) fn is_variable(&self) -> bool {
        matches!(self, Self::Value(_) | Self::Missing | Self::Unknown)
    }

    /// Whether its text is not known.
    pub(super) fn is_hole(&self) -> bool {
        matches!(self, Self::Symbol(_) | Self::Unknown)
    }
}

/// Reads a leaf.
pub(super) fn read<'a>(leaf: &'a Leaf, expand: Expand, scope: &'a Scope<'_>) -> Reading<'a> {
    let variables = match expand {
        Expand::Variables => scope.variables,
        Expand::Nothing => Variables::Literal,
    };
    if let Some(text) = leaf.text()
        && (variables == Variables::Literal || !text.contains("${"))
    {
        return Reading::Literal(text);
    }
    let mut pieces = Vec::with_capacity(leaf.parts.len());
    for part in &leaf.parts {
        match part {
            Part::Lit(text) if variables == Variables::Literal => pieces.push(Piece::Text(text)),
            Part::Lit(text) => push_text(text, variables, scope, &mut pieces),
            Part::Sym(symbol) => pieces.push(match scope.exact(symbol.class) {
                Some(text) => Piece::Exact(text),
                None => Piece::Symbol(symbol.class),
            }),
        }
    }
    Reading::Pieces(pieces)
}

/// Cuts a literal at its variables (IAM user guide, "IAM policy elements: Variables and tags").
/// `${` without an end is literal text.
fn push_text<'a>(
    mut text: &'a str,
    variables: Variables,
    scope: &'a Scope<'_>,
    pieces: &mut Vec<Piece<'a>>,
) {
    while let Some((before, rest)) = text.split_once("${") {
        let Some((inside, behind)) = rest.split_once('}') else { break };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(match variables {
            Variables::Expanded => variable(inside, scope),
            Variables::Either | Variables::Literal => Piece::Unknown,
        });
        text = behind;
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
}

/// The piece for `${inside}`: an escape, a key, or a key with a default in single quotes.
fn variable<'a>(inside: &'a str, scope: &'a Scope<'_>) -> Piece<'a> {
    if matches!(inside, "*" | "?" | "$") {
        return Piece::Value(inside.into());
    }
    let (name, default) = match inside.split_once(',') {
        Some((name, default)) => (name, Some(default.trim())),
        None => (inside, None),
    };
    let default = match default {
        None => None,
        Some(quoted) => match quoted.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
            Some(text) => Some(text),
            None => return Piece::Unknown,
        },
    };
    match lookup(&ConditionKey::parse(name.trim()), scope) {
        Lookup::Absent => default.map_or(Piece::Missing, |text| Piece::Value(text.into())),
        Lookup::Present(data) => match data.single() {
            Some(datum) => Piece::Value(datum.text()),
            // A key with several values is no variable.
            None => Piece::Missing,
        },
        Lookup::Maybe(_) | Lookup::Any | Lookup::Unknown => Piece::Unknown,
    }
}

/// Whether `datum` is what the policy's text says.
pub(super) fn compare(reading: &Reading<'_>, mode: Mode, datum: Datum<'_>) -> Tri {
    let text = datum.text();
    match reading {
        Reading::Literal(literal) => compare_literal(literal, mode, &text, datum.fresh()),
        Reading::Pieces(pieces) => compare_pieces(pieces, mode, &text, datum.fresh()),
    }
}

fn compare_literal(literal: &str, mode: Mode, text: &str, fresh: Fresh) -> Tri {
    // A fresh identifier is no literal of the policy, whatever its digits.
    let named = Tri::from(fresh == Fresh::No);
    match mode {
        Mode::Equal => named.and((literal == text).into()),
        Mode::EqualFold => named.and(equal_fold(literal, text).into()),
        Mode::Like => pattern::glob(literal, text, false),
        Mode::Arn => arn(literal, text),
    }
}

pub(in crate::analyze) fn equal_fold(a: &str, b: &str) -> bool {
    let fold = |text: &'_ str| text.chars().flat_map(char::to_lowercase).collect::<String>();
    if a.is_ascii() && b.is_ascii() { a.eq_ignore_ascii_case(b) } else { fold(a) == fold(b) }
}

/// Whether `text` is an ARN that matches the ARN pattern. A pattern that is no ARN is refused by AWS
/// (Access Analyzer, "type mismatch"), unless it is a lone `*`.
pub(in crate::analyze) fn arn(pattern: &str, text: &str) -> Tri {
    if pattern == "*" {
        return Tri::True;
    }
    let Some(fields) = crate::model::split_arn(pattern) else { return Tri::Unknown };
    let Some(values) = crate::model::split_arn(text) else { return Tri::False };
    fields.iter().zip(values).fold(Tri::True, |out, (field, value)| {
        if out.is_false() { out } else { out.and(pattern::glob(field, value, false)) }
    })
}

fn compare_pieces(pieces: &[Piece<'_>], mode: Mode, text: &str, fresh: Fresh) -> Tri {
    if pieces.contains(&Piece::Missing) {
        return Tri::False;
    }
    let mut holes = false;
    for piece in pieces.iter().filter(|piece| piece.is_hole()) {
        holes = true;
        let Piece::Symbol(class) = piece else { continue };
        let plain = matches!(mode, Mode::Equal | Mode::EqualFold);
        if fresh == Fresh::Yes && (plain || class.is_own()) {
            return Tri::False;
        }
    }
    if mode == Mode::Arn && !holes && colons(pieces) < 5 {
        return if pieces == [Piece::Text("*")] { Tri::True } else { Tri::Unknown };
    }
    let matched = match mode {
        Mode::EqualFold => {
            let lower: String = text.chars().flat_map(char::to_lowercase).collect();
            pattern::matches(&tokens(pieces, mode), &lower)
        }
        _ => pattern::matches(&tokens(pieces, mode), text),
    };
    if holes { matched.and(Tri::Unknown) } else { matched }
}

/// How many colons part the fields that are known.
pub(super) fn colons(pieces: &[Piece<'_>]) -> usize {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) | Piece::Exact(text) => text.matches(':').count(),
            Piece::Value(text) => text.matches(':').count(),
            Piece::Missing | Piece::Symbol(_) | Piece::Unknown => 0,
        })
        .sum()
}

/// The tokens of a text in its widest reading: a hole is any run.
///
/// Behind a hole nobody knows which field of an ARN one is in, so that wildcards cross colons there.
/// That is wider than AWS's reading, and only ever tells `False` from `Unknown`.
pub(super) fn tokens(pieces: &[Piece<'_>], mode: Mode) -> Vec<Token> {
    let mut out = Vec::new();
    let mut fields = if mode == Mode::Arn { 0 } else { 5 };
    let wildcards = matches!(mode, Mode::Like | Mode::Arn);
    for piece in pieces {
        let (text, pattern): (&str, bool) = match piece {
            Piece::Text(text) => (text, wildcards),
            Piece::Exact(text) => (text, false),
            Piece::Value(text) => (text, false),
            Piece::Missing | Piece::Symbol(_) | Piece::Unknown => {
                fields = 5;
                out.push(Token::Run(Span::Any));
                continue;
            }
        };
        for c in text.chars() {
            let span = if fields < 5 { Span::Field } else { Span::Any };
            match c {
                '*' if pattern => out.push(Token::Run(span)),
                '?' if pattern => out.push(Token::One(span)),
                _ if mode == Mode::EqualFold => {
                    out.extend(c.to_lowercase().map(Token::Char));
                }
                _ => {
                    fields += usize::from(c == ':');
                    out.push(Token::Char(c));
                }
            }
        }
    }
    out
}
