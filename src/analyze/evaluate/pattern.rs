//! Wildcard matching: `*` is any run of characters, `?` exactly one.
//!
//! Both matchers keep only the last star to come back to, so that a match costs at most the product
//! of both lengths, and give up as `Unknown` after [`BUDGET`] steps. They know nothing of policies.

use crate::model::Tri;

/// How many steps one match may take: far more than a policy of 8192 characters needs for an ARN of
/// 1600 bytes (AWS's limits) unless both are made to be slow.
const BUDGET: usize = 1 << 18;

/// Whether `text` matches `pattern`. With `fold`, ASCII letter case does not count.
pub(in crate::analyze) fn glob(pattern: &str, text: &str, fold: bool) -> Tri {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let same = |a: u8, b: u8| a == b || (fold && a.eq_ignore_ascii_case(&b));
    // Most patterns of a policy are about other paths, and end otherwise.
    if let (Some(&end), Some(&last)) = (pattern.last(), text.last())
        && !matches!(end, b'*' | b'?')
        && !same(end, last)
    {
        return Tri::False;
    }
    let (mut p, mut t) = (0, 0);
    // Behind the last star in the pattern, and where its run ends in the text.
    let mut star: Option<(usize, usize)> = None;
    for _ in 0..BUDGET {
        match (pattern.get(p), text.get(t)) {
            (Some(b'*'), _) => {
                p += 1;
                if p == pattern.len() {
                    return Tri::True;
                }
                star = Some((p, t));
            }
            (Some(b'?'), Some(&byte)) => {
                p += 1;
                t += width(byte);
            }
            (Some(&a), Some(&b)) if same(a, b) => {
                p += 1;
                t += 1;
            }
            (None, None) => return Tri::True,
            // The text is at its end: a longer run only leaves less of it.
            (_, None) => return Tri::False,
            (_, Some(_)) => {
                let Some((behind, end)) = star.as_mut() else { return Tri::False };
                let Some(&byte) = text.get(*end) else { return Tri::False };
                *end += width(byte);
                (p, t) = (*behind, *end);
            }
        }
    }
    Tri::Unknown
}

/// The length of the character that begins with `byte`.
fn width(byte: u8) -> usize {
    match byte {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    }
}

/// One element of a pattern that is not plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// This character.
    Char(char),
    /// One character.
    One(Span),
    /// Any run of characters.
    Run(Span),
}

/// What a wildcard may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    /// Anything.
    Any,
    /// Anything but a colon: a wildcard in one of the first five fields of an ARN.
    Field,
}

impl Span {
    fn covers(self, c: char) -> bool {
        self == Self::Any || c != ':'
    }
}

/// Whether `text` matches `tokens`.
///
/// Coming back to the last run alone is exact as long as no `Field` run follows an `Any` run, and
/// `Field` runs are parted by literal colons.
pub(super) fn matches(tokens: &[Token], text: &str) -> Tri {
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize, Span)> = None;
    for _ in 0..BUDGET {
        match (tokens.get(p), text.get(t)) {
            (Some(Token::Run(span)), _) => {
                p += 1;
                star = Some((p, t, *span));
            }
            (Some(Token::One(span)), Some(&c)) if span.covers(c) => {
                p += 1;
                t += 1;
            }
            (Some(Token::Char(a)), Some(&b)) if *a == b => {
                p += 1;
                t += 1;
            }
            (None, None) => return Tri::True,
            (_, None) => return Tri::False,
            (_, Some(_)) => {
                let Some((behind, end, span)) = star.as_mut() else { return Tri::False };
                match text.get(*end) {
                    Some(&c) if span.covers(c) => *end += 1,
                    _ => return Tri::False,
                }
                (p, t) = (*behind, *end);
            }
        }
    }
    Tri::Unknown
}
