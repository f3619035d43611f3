//! Assumptions in words: what tells a world from the others, and values short enough for a line.

use crate::model::Assumption;
use crate::resolve::{Cell, Literal, Symbol, Symbols, World};

/// How long a value may be in a line, in characters.
const MAX: usize = 60;

/// What tells a world from the others.
pub(super) fn of_world(symbols: &Symbols, world: &World) -> Vec<Assumption> {
    let picks = world.picks().iter();
    picks
        .map(|(id, cell)| {
            let symbol = symbols.get(*id);
            let pin = symbol.pin.clone();
            Assumption { text: pick(symbol, cell), pin, origin: Some(symbol.origin) }
        })
        .collect()
}

fn pick(symbol: &Symbol, cell: &Cell) -> String {
    let label = &symbol.label;
    let left = |not: &[Literal]| -> Option<Literal> {
        let mut left = symbol.allowed.as_ref()?.iter().filter(|a| !not.contains(a));
        left.next().filter(|_| left.next().is_none()).cloned()
    };
    match cell {
        Cell::Is(is) => format!("{label} = {}", literal(is)),
        Cell::NotIn(not) => match (left(not), not.as_slice()) {
            (Some(last), _) => format!("{label} = {}", literal(&last)),
            (None, [one]) => format!("{label} is not {}", literal(one)),
            (None, several) => {
                let several: Vec<String> = several.iter().map(literal).collect();
                format!("{label} is none of {}", several.join(", "))
            }
        },
    }
}

/// A constant.
pub(super) fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Null => "null".into(),
        Literal::Bool(b) => b.to_string(),
        Literal::Number(text) | Literal::Text(text) if text.is_empty() => "\"\"".into(),
        Literal::Number(text) | Literal::Text(text) => clip(text),
    }
}

/// A text short enough to stand in a line: the head of its first line that is not blank, where it is
/// longer.
pub(super) fn clip(text: &str) -> String {
    if !text.contains('\n') && text.chars().count() <= MAX {
        return text.to_owned();
    }
    let line = text.trim().lines().next().unwrap_or("");
    let mut out: String = line.chars().take(MAX).collect();
    out.push('…');
    out
}
