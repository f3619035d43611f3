//! Dynamic references: `{{resolve:ssm:/name}}` inside any text, after all functions are done.

use std::ops::Range;

use super::{Unit, string};
use crate::resolve::{Class, Piece};

const OPEN: &str = "{{resolve:";
const CLOSE: &str = "}}";

impl Unit<'_> {
    /// Replaces each dynamic reference by a hole: its value lies outside the template (AWS, "Get
    /// values stored in other services using dynamic references"). A reference may be put together
    /// from several pieces, unknown ones among them.
    pub(super) fn dynamic_references(&mut self, pieces: Vec<Piece>) -> Vec<Piece> {
        // Holes take no room in the joined text.
        let joined: String = pieces
            .iter()
            .filter_map(|p| if let Piece::Lit { text, .. } = p { Some(&**text) } else { None })
            .collect();
        let found = references(&joined);
        if found.is_empty() {
            return pieces;
        }
        let mut out = Vec::new();
        let mut open = found.into_iter().peekable();
        let mut inside = Vec::new();
        let mut at = 0;
        for piece in pieces {
            let Piece::Lit { text, map, origin } = &piece else {
                match open.peek() {
                    Some(range) if range.start < at => inside.push(piece),
                    _ => out.push(piece),
                }
                continue;
            };
            let (mut from, to) = (at, at + text.len());
            while from < to {
                let (end, is_inside, closes) = match open.peek() {
                    Some(range) if range.start <= from => {
                        (range.end.min(to), true, range.end <= to)
                    }
                    Some(range) => (range.start.min(to), false, false),
                    None => (to, false, false),
                };
                let part = string::cut(text, map, from - at, end - at, *origin);
                if is_inside {
                    inside.push(part);
                } else {
                    out.push(part);
                }
                if closes {
                    let reference = std::mem::take(&mut inside);
                    out.push(self.external(&reference));
                    open.next();
                }
                from = end;
            }
            at = to;
        }
        // Every range that was found ends inside the text.
        out.extend(inside);
        out
    }

    /// The hole that a dynamic reference of those pieces, at least one of them literal, leaves.
    fn external(&mut self, reference: &[Piece]) -> Piece {
        let label = string::display_pieces(reference, &self.symbols);
        let key = format!("dynamic:{}", string::key_of(reference));
        let origin = match &reference[0] {
            Piece::Lit { origin, .. } | Piece::Hole(_, origin) => *origin,
        };
        Piece::Hole(self.intern(&key, &label, origin, Class::External), origin)
    }
}

/// The dynamic references of `text`, in order. One that is not closed is text.
fn references(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find(OPEN)) {
        let start = from + start;
        let Some(end) = text.get(start..).and_then(|rest| rest.find(CLOSE)) else { break };
        from = start + end + CLOSE.len();
        out.push(start..from);
    }
    out
}
