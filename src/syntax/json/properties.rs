//! The JSON parser against two others, and against texts that nobody would write.

use jsonc_parser::ast::{ObjectPropName, Value as Jsonc};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::source::FileId;
use crate::syntax::{Kind, Node};

/// Any JSON value.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|n| Value::from(f64::from(n) / 8.0)),
        any::<String>().prop_map(Value::from),
        "[a-z*:/${}\"\\\\\n\té😀]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-c\"é]{0,2}", inner, 0..5).prop_map(Value::from_iter),
        ]
    })
}

/// `value` as text, with `\u` escapes or line breaks where `style` says so.
fn write(value: &Value, style: u8) -> String {
    let text = if style & 1 == 0 {
        serde_json::to_string(value).unwrap()
    } else {
        serde_json::to_string_pretty(value).unwrap()
    };
    if style & 2 == 0 {
        return text;
    }
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            let units = c.encode_utf16(&mut [0; 2]).to_vec();
            out.extend(units.iter().map(|unit| format!("\\u{unit:04X}")));
        }
    }
    out
}

/// One to three changes of a text, by characters that matter.
fn mutated() -> impl Strategy<Value = String> {
    let change =
        (any::<prop::sample::Index>(), 0..3usize, "[\\[\\]{},:\"'`\\\\/*#\n\tu0e.a é\u{1}-]");
    (value(), any::<u8>(), prop::collection::vec(change, 1..4)).prop_map(
        |(value, style, changes)| {
            let mut chars: Vec<char> = write(&value, style).chars().collect();
            for (place, kind, new) in changes {
                let at = place.index(chars.len() + 1);
                if kind > 0 && at < chars.len() {
                    chars.remove(at);
                }
                if kind < 2 {
                    chars.splice(at..at, new.chars());
                }
            }
            chars.into_iter().collect()
        },
    )
}

fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn decoded(text: &str, pieces: &[JsonPiece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            JsonPiece::Verbatim(range) => text[range.clone()].to_owned(),
            JsonPiece::Escape(_, c) => c.to_string(),
            JsonPiece::Hole(_) => String::new(),
        })
        .collect()
}

/// Our tree as the other library's value: the last of several equal keys counts.
fn as_serde(text: &str, json: &Json) -> Value {
    match &json.kind {
        JsonKind::Null => Value::Null,
        JsonKind::Bool(value) => Value::from(*value),
        JsonKind::Number => serde_json::from_str(&text[json.range.clone()]).unwrap(),
        JsonKind::String(pieces) => Value::from(decoded(text, pieces)),
        JsonKind::Array(items) => items.iter().map(|item| as_serde(text, item)).collect(),
        JsonKind::Object(members) => members
            .iter()
            .map(|(key, value)| {
                let JsonKind::String(key) = &key.kind else { panic!("a key is a string") };
                (decoded(text, key), as_serde(text, value))
            })
            .collect(),
        other => panic!("{other:?} in a text without errors"),
    }
}

/// Asserts that both trees have the same shape, texts and ranges.
fn same(text: &str, ours: &Json, theirs: &Jsonc<'_>) {
    let range = theirs.range();
    assert_eq!(ours.range, range.start..range.end, "{text:?}");
    match (&ours.kind, theirs) {
        (JsonKind::Null, Jsonc::NullKeyword(_)) => {}
        (JsonKind::Bool(a), Jsonc::BooleanLit(b)) => assert_eq!(*a, b.value),
        (JsonKind::Number, Jsonc::NumberLit(b)) => assert_eq!(&text[ours.range.clone()], b.value),
        (JsonKind::String(a), Jsonc::StringLit(b)) => assert_eq!(decoded(text, a), b.value),
        (JsonKind::Array(a), Jsonc::Array(b)) => {
            assert_eq!(a.len(), b.elements.len());
            a.iter().zip(&b.elements).for_each(|(a, b)| same(text, a, b));
        }
        (JsonKind::Object(a), Jsonc::Object(b)) => {
            assert_eq!(a.len(), b.properties.len());
            for ((key, value), b) in a.iter().zip(&b.properties) {
                let ObjectPropName::String(name) = &b.name else { panic!("{text:?}") };
                same(text, key, &Jsonc::StringLit(name.clone()));
                same(text, value, &b.value);
            }
        }
        (a, b) => panic!("{a:?} and {b:?} in {text:?}"),
    }
}

/// Every hole in the tree, in order; unknown members once.
fn holes_of(json: &Json, out: &mut Vec<usize>) {
    let pieces = |pieces: &[JsonPiece], out: &mut Vec<usize>| {
        out.extend(pieces.iter().filter_map(|piece| match piece {
            JsonPiece::Hole(i) => Some(*i),
            _ => None,
        }));
    };
    match &json.kind {
        JsonKind::Hole(i) => out.push(*i),
        JsonKind::String(inner) | JsonKind::Run(inner) => pieces(inner, out),
        JsonKind::Array(items) => items.iter().for_each(|item| holes_of(item, out)),
        JsonKind::Object(members) => {
            for (key, value) in members {
                holes_of(key, out);
                if !key.kind.is_unknown_members(&value.kind) {
                    holes_of(value, out);
                }
            }
        }
        _ => {}
    }
}

/// Asserts that every range lies on character boundaries and inside its parent's.
fn ranges_hold(text: &str, json: &Json, within: &Range<usize>) {
    let inside = |range: &Range<usize>, within: &Range<usize>| {
        assert!(text.get(range.clone()).is_some(), "{range:?} of {text:?}");
        assert!(within.start <= range.start && range.end <= within.end, "{range:?} of {text:?}");
    };
    inside(&json.range, within);
    match &json.kind {
        JsonKind::String(pieces) | JsonKind::Run(pieces) => {
            for piece in pieces {
                if let JsonPiece::Verbatim(range) | JsonPiece::Escape(range, _) = piece {
                    inside(range, &json.range);
                }
            }
        }
        JsonKind::Array(items) => items.iter().for_each(|i| ranges_hold(text, i, &json.range)),
        JsonKind::Object(members) => {
            for (key, value) in members {
                ranges_hold(text, key, &json.range);
                ranges_hold(text, value, &json.range);
            }
        }
        _ => {}
    }
}

/// Asserts that each character of each string maps to itself or to its escape.
fn maps_hold(source: &str, node: &Node) {
    assert!(source.get(node.span.range()).is_some());
    match &node.kind {
        Kind::Text(text) => {
            for (at, c) in text.text.char_indices() {
                let token = &source[text.map.span(at..at + c.len_utf8()).range()];
                assert!(token == c.to_string() || token.starts_with('\\'), "{c:?} from {token:?}");
            }
        }
        Kind::List(items) => items.iter().for_each(|item| maps_hold(source, item)),
        Kind::Map(pairs) => {
            for pair in pairs.iter() {
                maps_hold(source, &pair.key);
                maps_hold(source, &pair.value);
            }
        }
        _ => {}
    }
}

/// `value` as a template: whatever `choices` picks is replaced by a hole.
fn riddled(
    value: &Value,
    choices: &mut impl Iterator<Item = u8>,
    text: &mut String,
    at: &mut Vec<usize>,
) {
    if choices.next().unwrap_or(0) % 6 == 1 {
        at.push(text.len());
        return;
    }
    let hole = |choices: &mut dyn Iterator<Item = u8>| choices.next().unwrap_or(0) % 4 == 1;
    let string =
        |s: &str, choices: &mut dyn Iterator<Item = u8>, text: &mut String, at: &mut Vec<usize>| {
            text.push('"');
            for c in s.chars() {
                if hole(choices) {
                    at.push(text.len());
                }
                let quoted = serde_json::to_string(&c.to_string()).unwrap();
                text.push_str(&quoted[1..quoted.len() - 1]);
            }
            text.push('"');
        };
    match value {
        Value::String(s) => string(s, choices, text, at),
        Value::Array(items) => {
            text.push('[');
            let mut comma = false;
            for item in items {
                if hole(choices) {
                    at.push(text.len());
                    text.push(' ');
                } else if comma {
                    text.push(',');
                }
                riddled(item, choices, text, at);
                comma = true;
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            let mut comma = false;
            for (key, item) in members {
                if hole(choices) {
                    text.push(' ');
                    at.push(text.len());
                    text.push_str(" \n");
                } else if comma {
                    text.push(',');
                }
                string(key, choices, text, at);
                text.push(':');
                riddled(item, choices, text, at);
                comma = true;
            }
            text.push('}');
        }
        other => text.push_str(&other.to_string()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn valid_json_is_read_as_by_serde(value in value(), style in any::<u8>()) {
        let text = write(&value, style);
        let (json, errors) = parse(Input { text: &text, holes: &[] });
        prop_assert_eq!(&errors, &[]);
        prop_assert_eq!(as_serde(&text, &json.unwrap()), value);
    }

    #[test]
    fn accepts_what_the_others_accept(text in mutated()) {
        let (json, errors) = parse(Input { text: &text, holes: &[] });
        let accepted = errors.is_empty() && json.is_some();
        match serde_json::from_str::<Value>(&text) {
            Ok(value) => {
                prop_assert!(accepted, "{text:?}: {errors:?}");
                prop_assert_eq!(as_serde(&text, json.as_ref().unwrap()), value);
            }
            // Numbers keep their text here, however large.
            Err(error) if error.to_string().starts_with("number out of range") => {}
            Err(error) => prop_assert!(!accepted, "{text:?}: {error}"),
        }
        let collect = CollectOptions::default();
        let theirs = parse_to_ast(&text, &collect, &strict()).ok().and_then(|found| found.value);
        // It takes control characters in strings as they are.
        let control = errors.iter().any(|e| e.message.ends_with("stands in this string as it is"));
        if !control {
            prop_assert_eq!(accepted, theirs.is_some(), "{:?}: {:?}", &text, &errors);
        }
        if accepted && let Some(theirs) = theirs {
            same(&text, &json.unwrap(), &theirs);
        }
    }

    #[test]
    fn any_text_with_any_holes_is_read(
        text in prop_oneof![mutated(), any::<String>()],
        holes in prop::collection::vec(0..80usize, 0..6),
    ) {
        let (json, errors) = parse(Input { text: &text, holes: &holes });
        for error in &errors {
            prop_assert!(text.get(error.range.clone()).is_some(), "{error:?}");
        }
        let mut found = Vec::new();
        if let Some(json) = &json {
            ranges_hold(&text, json, &(0..text.len()));
            holes_of(json, &mut found);
        }
        if errors.is_empty() {
            prop_assert_eq!(found, (0..holes.len()).collect::<Vec<_>>(), "{:?} {:?}", text, holes);
        }
        let document = parse_file(FileId(0), &text);
        document.roots.iter().for_each(|root| maps_hold(&text, root));
    }

    #[test]
    fn holes_in_valid_json_are_no_errors(value in value(), choices in prop::collection::vec(any::<u8>(), 0..64)) {
        let (mut text, mut at) = (String::new(), Vec::new());
        riddled(&value, &mut choices.into_iter(), &mut text, &mut at);
        let (json, errors) = parse(Input { text: &text, holes: &at });
        prop_assert_eq!(&errors, &[], "{:?} {:?}", &text, &at);
        let mut found = Vec::new();
        if let Some(json) = &json {
            holes_of(json, &mut found);
        }
        prop_assert_eq!(found, (0..at.len()).collect::<Vec<_>>());
    }
}
