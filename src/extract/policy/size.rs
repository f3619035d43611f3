//! How long a policy is: AWS takes 8,192 characters at most (API Gateway quotas, "API Gateway resource
//! policy size").
//!
//! What is not known counts nothing, so that a length is never more than what is deployed.

use crate::resolve::{Item, Kind, Piece, Value};

/// How deep a policy is looked through; nothing that AWS takes nests deeper.
const MAX_DEPTH: usize = 32;

/// The characters of `value` as JSON without a blank between its tokens.
pub(super) fn compact(value: &Value) -> usize {
    json(value, 0)
}

/// The characters of a policy that is a text.
pub(super) fn written(value: &Value) -> Option<usize> {
    let Kind::Text(text) = &value.kind else { return None };
    let pieces = text.0.iter().map(|piece| match piece {
        Piece::Lit { text, .. } => text.chars().count(),
        Piece::Hole(..) => 0,
    });
    Some(pieces.sum())
}

fn json(value: &Value, depth: usize) -> usize {
    if depth > MAX_DEPTH {
        return 0;
    }
    // Brackets, and a comma between each two.
    let around = |lengths: Vec<usize>| {
        let commas = lengths.len().saturating_sub(1);
        2 + commas + lengths.into_iter().sum::<usize>()
    };
    match &value.kind {
        Kind::Null | Kind::Symbol(_) => 0,
        Kind::Bool(b) => b.to_string().len(),
        Kind::Number(n) => n.len(),
        Kind::Text(text) => {
            let pieces = text.0.iter().map(|piece| match piece {
                Piece::Lit { text, .. } => escaped(text),
                Piece::Hole(..) => 0,
            });
            2 + pieces.sum::<usize>()
        }
        Kind::List(items) => {
            let items = items.iter().filter_map(|item| match item {
                Item::One(value) if matches!(value.kind, Kind::Null) => None,
                Item::One(value) => Some(json(value, depth + 1)),
                Item::Many(..) => None,
            });
            around(items.collect())
        }
        Kind::Map(map) => {
            let entries = map.entries.iter().filter(|(_, v)| !matches!(v.kind, Kind::Null));
            around(entries.map(|(k, v)| escaped(&k.text) + 3 + json(v, depth + 1)).collect())
        }
    }
}

/// The characters of a text inside a JSON string.
fn escaped(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '"' | '\\' | '\n' | '\r' | '\t' => 2,
            c if c < ' ' => 6,
            _ => 1,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::embedded::parse_json;
    use crate::resolve::value::Text;
    use crate::resolve::{Class, Symbol, Symbols};
    use crate::source::{Origins, SourceDb, Span};

    fn read(before: &str, after: &str) -> (usize, Option<usize>) {
        let db = SourceDb::new();
        let file = db.add("a".as_ref(), "a".into(), format!("{before}{after}"));
        let (mut origins, mut symbols) = (Origins::new(), Symbols::new());
        let whole = origins.literal(Span::new(file, 0, 0));
        let lit = |text: &str| Piece::Lit {
            text: text.into(),
            map: crate::syntax::SpanMap::verbatim(file, 0),
            origin: whole,
        };
        let hole = symbols.intern("hole", || Symbol {
            label: "hole".into(),
            origin: whole,
            class: Class::Input,
            default: None,
            allowed: None,
            pin: None,
        });
        let text = match after {
            "" => Text(vec![lit(before)]),
            after => Text(vec![lit(before), Piece::Hole(hole, whole), lit(after)]),
        };
        let read = parse_json(&text, whole, &mut symbols, &mut origins);
        assert!(read.errors.is_empty(), "{:?}", read.errors);
        let text = Value::new(Kind::Text(text), whole);
        (compact(&read.value.expect("a value")), written(&text))
    }

    #[test]
    fn counts_what_compact_json_has() {
        for text in [
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow"},{"Sid":"a\"b\\c\n"}]}"#,
            r#"{"a":[],"b":{},"c":[1,true,"é"]}"#,
        ] {
            assert_eq!(read(text, ""), (text.chars().count(), Some(text.chars().count())));
        }
        assert_eq!(read("{ \"a\" : [ 1 , 2 ] }\n", ""), (11, Some(20)));
    }

    #[test]
    fn what_is_not_known_counts_nothing() {
        assert_eq!(read("{\"a\":\"x", "y\"}"), ("{'a':'xy'}".len(), Some(10)));
        assert_eq!(read("{\"a\":", "}"), ("{'a':}".len(), Some(6)));
    }
}
