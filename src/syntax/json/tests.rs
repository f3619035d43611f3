//! Recovery, holes, duplicate keys and exact ranges.

use super::*;

fn read(text: &str, holes: &[usize]) -> (Option<Json>, Vec<JsonError>) {
    parse(Input { text, holes })
}

/// Splits `text` at each `${}` into known text and holes.
fn holes(text: &str) -> (String, Vec<usize>) {
    let mut known = String::new();
    let mut at = Vec::new();
    for (i, part) in text.split("${}").enumerate() {
        if i > 0 {
            at.push(known.len());
        }
        known.push_str(part);
    }
    (known, at)
}

/// A short rendering of a value: `<0>` is hole 0, `(..)` a run, `?` an invalid value.
fn show(text: &str, json: &Json) -> String {
    fn pieces(text: &str, pieces: &[JsonPiece]) -> String {
        pieces
            .iter()
            .map(|piece| match piece {
                JsonPiece::Verbatim(range) => text[range.clone()].to_owned(),
                JsonPiece::Escape(_, c) => c.to_string(),
                JsonPiece::Hole(i) => format!("<{i}>"),
            })
            .collect()
    }
    match &json.kind {
        JsonKind::Null => "null".into(),
        JsonKind::Bool(value) => value.to_string(),
        JsonKind::Number => text[json.range.clone()].into(),
        JsonKind::String(inner) => format!("'{}'", pieces(text, inner)),
        JsonKind::Array(items) => {
            format!("[{}]", items.iter().map(|i| show(text, i)).collect::<Vec<_>>().join(" "))
        }
        JsonKind::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                if key.kind.is_unknown_members(&value.kind) {
                    return format!("..{}", show(text, key));
                }
                format!("{}:{}", show(text, key), show(text, value))
            });
            format!("{{{}}}", members.collect::<Vec<_>>().join(" "))
        }
        JsonKind::Hole(i) => format!("<{i}>"),
        JsonKind::Run(inner) => format!("({})", pieces(text, inner)),
        JsonKind::Invalid => "?".into(),
    }
}

/// Renders the value and each error as `token: message`.
fn outcome(text: &str) -> (String, Vec<String>) {
    let (text, at) = holes(text);
    let (value, errors) = read(&text, &at);
    let errors =
        errors.iter().map(|e| format!("{}: {}", &text[e.range.clone()], e.message)).collect();
    (value.map_or_else(|| "none".into(), |value| show(&text, &value)), errors)
}

#[track_caller]
fn clean(text: &str, expected: &str) {
    assert_eq!(outcome(text), (expected.to_owned(), Vec::new()), "{text}");
}

#[track_caller]
fn wrong(text: &str, expected: &str, error: &str) {
    assert_eq!(outcome(text), (expected.to_owned(), vec![error.to_owned()]), "{text}");
}

#[test]
fn values() {
    clean(r#"{"a": [1, true, null, "x\n"]}"#, "{'a':[1 true null 'x\n']}");
    clean(" [] ", "[]");
    clean("{}", "{}");
    clean("-0.5e+10", "-0.5e+10");
    clean("\u{feff}{}", "{}");
    clean("123456789012345678901234567890.5", "123456789012345678901234567890.5");
    clean(r#""\ud83d\ude00 é \u00e9 \/""#, "'😀 é é /'");
    clean("", "none");
    clean(" \n\t", "none");
    clean("\u{feff}", "none");
}

#[test]
fn holes_in_strings() {
    clean(r#"{"a": "arn:${}:x${}"}"#, "{'a':'arn:<0>:x<1>'}");
    clean(r#"["${}"]"#, "['<0>']");
    clean(r#"["${}${}"]"#, "['<0><1>']");
    clean(r#"{"${}": 1, "b${}c": 2}"#, "{'<0>':1 'b<1>c':2}");
}

#[test]
fn holes_in_value_position() {
    clean("${}", "<0>");
    clean(" ${} ", "<0>");
    clean("${}${}", "(<0><1>)");
    clean(r#"{"v": ${}}"#, "{'v':<0>}");
    clean("[${}, ${}]", "[<0> <1>]");
    clean("[1${}, ${}2, a${}b]", "[(1<0>) (<1>2) (a<2>b)]");
    clean(r#"{"v": tr${}}"#, "{'v':(tr<0>)}");
}

#[test]
fn holes_between_elements() {
    clean(r#"[ "a" ${} ]"#, "['a' <0>]");
    clean(r#"["a"${}]"#, "['a' <0>]");
    clean(r#"["a", ${} ]"#, "['a' <0>]");
    clean(r#"[ ${} "a" ]"#, "[<0> 'a']");
    clean(r#"[${} "a" ${} "b", ${}]"#, "[<0> 'a' <1> 'b' <2>]");
    clean("[{}${}{}]", "[{} <0> {}]");
}

#[test]
fn holes_between_members() {
    clean("{ ${} }", "{..<0>}");
    clean("{${}${}}", "{..(<0><1>)}");
    clean(r#"{"a": "x", ${} }"#, "{'a':'x' ..<0>}");
    clean(r#"{"a": "x" ${} "b": {} ${} }"#, "{'a':'x' ..<0> 'b':{} ..<1>}");
    clean("{ ${}: 1 }", "{<0>:1}");
    clean("{ ${} : ${} }", "{<0>:<1>}");
    clean("{ a${}: 1 }", "{(a<0>):1}");
    clean(r#"{ "a"${} }"#, "{'a':<0>}");
    clean(r#"{ "a" ${}, "b": 1 }"#, "{'a':<0> 'b':1}");
    clean(r#"{ "a"${}: 1 }"#, "{<0>:1}");
}

#[test]
fn holes_outside() {
    let message = ": text that is not known stands outside of the JSON value";
    wrong("{} ${}", "{}", message);
    wrong("${} {}", "{}", message);
}

#[test]
fn commas() {
    wrong(r#"["a" "b", "c"]"#, "['a' 'b' 'c']", "\"b\": a comma is missing before this element");
    wrong("{\"a\": 1\n \"b\": 2}", "{'a':1 'b':2}", "\"b\": a comma is missing before this member");
    wrong("[1, 2,]", "[1 2]", ",: trailing comma");
    wrong("{\"a\": 1,\n}", "{'a':1}", ",: trailing comma");
    wrong("[1,,2]", "[1 2]", ",: an element is missing before this comma");
    wrong("[,1]", "[1]", ",: an element is missing before this comma");
    wrong("{,\"a\": 1}", "{'a':1}", ",: a member is missing before this comma");
}

#[test]
fn brackets() {
    wrong("{\"a\": [1, 2]", "{'a':[1 2]}", "{: this `{` is never closed");
}

#[test]
fn files() {
    use crate::source::FileId;
    let text = "{\"a\": \"x\\ny\", \"a\": 2}";
    let document = parse_file(FileId(3), text);
    assert!(document.errors.is_empty());
    let root = &document.roots[0];
    assert_eq!(&*root.get("a").unwrap().scalar().unwrap(), "2");
    assert_eq!(document.duplicates.len(), 1);
    assert_eq!(document.duplicates[0].first.range(), 1..4);
    assert_eq!(document.duplicates[0].second.range(), 14..17);
}
