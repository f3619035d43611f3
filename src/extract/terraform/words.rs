//! Assumptions in words.

use crate::model::Assumption;
use crate::resolve::terraform::Evaluator;
use crate::resolve::{Cell, Item, Kind, Literal, Symbol, Value, World};

/// How long a value may be in a line, in characters.
const MAX: usize = 60;

/// What tells a world from the others.
pub(super) fn of_world(evaluator: &Evaluator<'_>, world: &World) -> Vec<Assumption> {
    let picks = world.picks().iter();
    picks
        .map(|(id, cell)| {
            let symbol = evaluator.symbols.get(*id);
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

/// The defaults that stand for values of variables.
pub(super) fn of_default(evaluator: &Evaluator<'_>, name: &str) -> Option<Assumption> {
    let id = evaluator.symbols.find(&format!("var.{name}"))?;
    let symbol = evaluator.symbols.get(id);
    let default = symbol.default.as_ref()?;
    Some(Assumption {
        text: format!("var.{name} = {} (default)", value(default)),
        pin: symbol.pin.clone(),
        origin: Some(default.origin),
    })
}

fn value(value: &Value) -> String {
    match &value.kind {
        Kind::Null => "null".into(),
        Kind::List(items) => {
            let words: Vec<String> = items
                .iter()
                .take(4)
                .map(|item| match item {
                    Item::One(v) => v.known_text().unwrap_or_else(|| "...".into()),
                    Item::Many(..) => "...".into(),
                })
                .collect();
            let more = if items.len() > 4 { ", ..." } else { "" };
            clip(&format!("[{}{more}]", words.join(", ")))
        }
        Kind::Map(map) if map.entries.is_empty() => "{}".into(),
        Kind::Map(_) => "{...}".into(),
        _ => literal(&Literal::Text(value.known_text().unwrap_or_default().into())),
    }
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Null => "null".into(),
        Literal::Bool(b) => b.to_string(),
        Literal::Number(text) | Literal::Text(text) if text.is_empty() => "\"\"".into(),
        Literal::Number(text) | Literal::Text(text) => clip(text),
    }
}

/// A value short enough to stand in a line.
fn clip(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or("");
    if line.len() == text.len() && text.chars().count() <= MAX {
        return text.to_owned();
    }
    let mut out: String = line.chars().take(MAX).collect();
    out.push('…');
    out
}
