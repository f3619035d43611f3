//! Documents in text, with and without holes.

use super::*;
use crate::resolve::{Class, Symbol};
use crate::source::Span;
use crate::syntax::SpanMap;

const FILE: FileId = FileId(3);

/// Reads `text` in which each `{}` is a hole, and writes what it yields in one line.
fn read(text: &str, dialect: Dialect) -> Result<String, String> {
    let (mut symbols, mut origins) = (Symbols::new(), Origins::new());
    let whole = origins.literal(Span::new(FILE, 0, text.len()));
    let mut pieces = Vec::new();
    let mut at = 0;
    for (index, part) in text.split("{}").enumerate() {
        if index > 0 {
            let label = format!("hole {index}");
            let id = symbols.intern(&label, || Symbol {
                label: label.clone(),
                origin: whole,
                class: Class::Opaque,
                default: None,
                allowed: None,
                pin: None,
            });
            pieces.push(Piece::Hole(id, whole));
            at += 2;
        }
        let map = SpanMap::verbatim(FILE, at);
        pieces.push(Piece::Lit { text: part.into(), map, origin: whole });
        at += part.len();
    }
    let read = parse_yaml(&Text(pieces), whole, dialect, &mut symbols, &mut origins);
    match read.errors.first() {
        Some(error) => Err(error.message.clone()),
        None => {
            Ok(read.value.map_or_else(String::new, |value| show(&value, &symbols, text, &origins)))
        }
    }
}

fn show(value: &Value, symbols: &Symbols, source: &str, origins: &Origins) -> String {
    let label = |id: SymbolId| format!("<{}>", symbols.get(id).label);
    match &value.kind {
        Kind::Null => "null".into(),
        Kind::Bool(b) => b.to_string(),
        Kind::Number(n) => n.to_string(),
        Kind::Symbol(id) => label(*id),
        Kind::Text(text) => {
            let pieces = text.0.iter().map(|piece| match piece {
                Piece::Lit { text, map, .. } => {
                    // Each piece stands where its map says.
                    let written = &source[map.span(0..text.len()).range()];
                    match written == &**text {
                        true => text.to_string(),
                        false => format!("{text}@{written}"),
                    }
                }
                Piece::Hole(id, _) => label(*id),
            });
            format!("{:?}", pieces.collect::<String>())
        }
        Kind::List(items) => {
            let items = items.iter().map(|item| match item {
                Item::One(value) => show(value, symbols, source, origins),
                Item::Many(id, _) => format!("{}*", label(*id)),
            });
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Kind::Map(map) => {
            let mut entries: Vec<String> = Vec::new();
            for (key, value) in &map.entries {
                let written = &source[origins.span(key.origin).range()];
                assert!(written.contains(&*key.text), "{written} is where {} stands", key.text);
                entries.push(format!("{}: {}", key.text, show(value, symbols, source, origins)));
            }
            entries.extend(map.rest.map(|(id, _)| format!("{}..", label(id))));
            format!("{{{}}}", entries.join(", "))
        }
    }
}

#[track_caller]
fn aws(text: &str, expected: &str) {
    assert_eq!(read(text, Dialect::Aws).as_deref(), Ok(expected), "{text}");
}

#[track_caller]
fn terraform(text: &str, expected: &str) {
    assert_eq!(read(text, Dialect::Terraform).as_deref(), Ok(expected), "{text}");
}

#[test]
fn documents_without_holes() {
    aws("a: 1\nb: [x, 'y', \"z\"]\n", r#"{a: 1, b: ["x", "y", "z"]}"#);
    aws("a: |\n  x\n  y\n", r#"{a: "x\ny\n@x\n  y\n"}"#);
    aws("Version: 2012-10-17\n", r#"{Version: "2012-10-17"}"#);
    aws("- a: yes\n  b: ~\n", "[{a: true, b: null}]");
    aws("", "");
}

#[test]
fn holes_in_the_place_of_values_and_in_strings() {
    aws("a: {}\n", "{a: <hole 1>}");
    aws("a: arn:{}:x/{}\n", r#"{a: "arn:<hole 1>:x/<hole 2>"}"#);
    aws("a: \"{}\\tb\"\n", r#"{a: "<hole 1>\tb@\\tb"}"#);
    aws("- a\n- {}\n", r#"["a", <hole 1>*]"#);
    aws("a{}: 1\nb: 2\n", "{b: 2, <unreadable text>..}");
}

#[test]
fn a_hole_that_may_be_lines_cannot_be_read() {
    for text in ["a: 1\n{}\n", "a:\n  b: 1\n  {}\n", "{}"] {
        assert_eq!(
            read(text, Dialect::Aws),
            Err("something unknown may be any number of its lines".into()),
            "{text}"
        );
    }
    assert!(read("a: [\n", Dialect::Aws).is_err());
    assert!(read("a: 1\n---\nb: 1\n", Dialect::Aws).is_err());
    assert!(read("a: \u{f8f0}0\u{f8f1}\n", Dialect::Aws).is_err());
}

#[test]
fn plain_scalars_as_terraform_reads_them() {
    terraform("a: 2012-10-17\n", r#"{a: "2012-10-17T00:00:00Z@2012-10-17"}"#);
    terraform("a: '2012-10-17'\n", r#"{a: "2012-10-17"}"#);
    terraform("a: y\nb: N\nc: off\n", "{a: true, b: false, c: false}");
    terraform("a: 0x1F\nb: 1_000\n", r#"{a: "0x1F", b: 1000}"#);
    terraform("a: 2012-10-17 22:30\n", "{a: <unreadable text>}");
}
