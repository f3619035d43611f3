//! `Action` and `NotAction` (SEMANTICS 1.3).

use crate::model::{ActionElement, Leaf, Part, Tri};

use super::any;
use super::pattern;
use super::text::{self, Mode, Piece};

/// The action of every request to an API.
const INVOKE: &str = "execute-api:Invoke";

/// Whether the element matches `execute-api:Invoke`. A missing element is refused by AWS; an empty
/// `Action` matches nothing.
pub(super) fn applies(element: &ActionElement) -> Tri {
    if element.items.is_empty() {
        return match element.origin {
            Some(_) if !element.negated => Tri::False,
            _ => Tri::Unknown,
        };
    }
    let listed = any(&element.items, covers_invoke);
    if element.negated { !listed } else { listed }
}

fn covers_invoke(leaf: &Leaf) -> Tri {
    if let Some(text) = leaf.text() {
        return pattern::glob(text, INVOKE, true);
    }
    let lower: Vec<String> = leaf
        .parts
        .iter()
        .map(|part| match part {
            Part::Lit(text) => text.to_ascii_lowercase(),
            Part::Sym(_) => String::new(),
        })
        .collect();
    let pieces: Vec<Piece<'_>> = leaf
        .parts
        .iter()
        .zip(&lower)
        .map(|(part, text)| match part {
            Part::Lit(_) => Piece::Text(text),
            Part::Sym(_) => Piece::Unknown,
        })
        .collect();
    let invoke = INVOKE.to_ascii_lowercase();
    pattern::matches(&text::tokens(&pieces, Mode::Like), &invoke).and(Tri::Unknown)
}
