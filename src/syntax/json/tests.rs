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
    clean(r#"{ "a"${}: 1 }"#, "{(\"a\"<0>):1}");
    clean(r#"{ "a${}"${}: 1 }"#, "{(\"a<0>\"<1>):1}");
}

#[test]
fn holes_outside() {
    let message = ": text that is not known stands outside of the JSON value";
    wrong("{} ${}", "{}", message);
    wrong("${} {}", "{}", message);
    wrong("${} ${}", "<0>", message);
}

#[test]
fn a_known_hole_is_not_a_known_text() {
    let (text, at) = holes("{ ${}: 1, ${} }");
    let (value, _) = read(&text, &at);
    let Some(Json { kind: JsonKind::Object(members), .. }) = value else { panic!("no object") };
    let unknown: Vec<_> = members.iter().map(|(k, v)| k.kind.is_unknown_members(&v.kind)).collect();
    assert_eq!(unknown, [false, true]);
}

#[test]
fn a_hole_in_an_escape() {
    let message = ": text that is not known stands within an escape sequence";
    wrong(r#"["a\${}"]"#, r"['a\<0>']", &format!("\\{message}"));
    let message = ": `\\u` needs four hexadecimal digits";
    wrong(r#"["a\u00${}"]"#, r"['a\u00<0>']", &format!("\\u{message}"));
}

#[test]
fn commas() {
    wrong(r#"["a" "b", "c"]"#, "['a' 'b' 'c']", "\"b\": a comma is missing before this element");
    wrong("{\"a\": 1\n \"b\": 2}", "{'a':1 'b':2}", "\"b\": a comma is missing before this member");
    wrong("[1, 2,]", "[1 2]", ",: trailing comma");
    wrong("{\"a\": 1,\n}", "{'a':1}", ",: trailing comma");
    wrong("[1,,2]", "[1 2]", ",: an element is missing before this comma");
    wrong("[1,,,,]", "[1]", ",: an element is missing before this comma");
    wrong("[,1]", "[1]", ",: an element is missing before this comma");
    wrong("{,\"a\": 1}", "{'a':1}", ",: a member is missing before this comma");
    wrong("{\"a\": 1 \"b\"}", "{'a':1 'b':?}", "\"b\": a `,` or `}` is missing before this");
}

#[test]
fn brackets() {
    wrong("{\"a\": [1, 2]", "{'a':[1 2]}", "{: this `{` is never closed");
    wrong("{\"a\": [1, {", "{'a':[1 {}]}", "{: this `{` is never closed");
    wrong("{\"a\": [1, 2, \"b\": 3}", "{'a':[1 2] 'b':3}", "[: this `[` is never closed");
    wrong("{\"a\": [\"b\": 3]}", "{'a':['b' 3]}", ":: unexpected `:` in an array");
    wrong("{\"a\": [1, 2}", "{'a':[1 2]}", "[: this `[` is never closed");
    wrong("[{\"a\": 1, {\"b\": 2}]", "[{'a':1} {'b':2}]", "{: this `{` is never closed");
    wrong("{\"a\": 1, {\"b\": 2}}", "{'a':1 ?:{'b':2}}", "{: a key is missing here");
    wrong("[{\"a\": 1]", "[{'a':1}]", "{: this `{` is never closed");
    wrong("[1}", "[1]", "}: `}` cannot close the `[` that is open here");
    wrong("[1]]", "[1]", "]: unexpected text behind the end of the JSON value");
    wrong("}[1]", "[1]", "}: unexpected `}`");
    let (_, errors) = read("{\"a\": [{", &[]);
    let help = "`}]}` is missing at the end of the text";
    assert_eq!(errors[0].help.as_deref(), Some(help));
}

#[test]
fn comments() {
    wrong("// a\n[1]", "[1]", "// a: JSON has no comments");
    wrong("[1, # a\n 2]", "[1 2]", "# a: JSON has no comments");
    wrong("[1 /* ] */, 2]", "[1 2]", "/* ] */: JSON has no comments");
    wrong("[1, 2] /* a", "[1 2]", "/*: this comment is never closed, and JSON has no comments");
}

#[test]
fn strings() {
    wrong("['a', \"b\"]", "['a' 'b']", "'a': this string stands in the wrong quotes");
    wrong(r"['it\'s']", "['it's']", r"'it\'s': this string stands in the wrong quotes");
    wrong("{\"a\": \"b,\n\"c\": 1}", "{'a':'b' 'c':1}", "\"b: this string is never closed");
    wrong("{\"a\": \"b\n}", "{'a':'b'}", "\"b: this string is never closed");
    wrong("[\"a", "['a']", "\"a: this string is never closed");
    wrong("[\"a\tb\"]", "['a\tb']", "\t: a tab stands in this string as it is");
    wrong("[\"a\nb\", 1]", "['a\nb' 1]", "\n: a line break stands in this string as it is");
    wrong("[\"\u{1}\"]", "['\u{1}']", "\u{1}: a control character stands in this string as it is");
    wrong(r#"["\d+"]"#, r"['\d+']", r"\d: JSON has no such escape sequence");
    wrong(r#"["\ud83dx"]"#, "['\u{fffd}x']", r"\ud83d: half of a surrogate pair is no character");
    wrong(r#"["\u12"]"#, r"['\u12']", r"\u: `\u` needs four hexadecimal digits");
    wrong("{\"a\": b c\"}", "{'a':'b c'}", "b c\": the opening quote of this string is missing");
}

#[test]
fn words() {
    wrong("[True, 1]", "[? 1]", "True: this is not a JSON value");
    wrong("[a b c]", "[?]", "a b c: this is not a JSON value");
    wrong("[012345678901]", "[012345678901]", "012345678901: this is not a JSON number");
    wrong("[.5]", "[.5]", ".5: this is not a JSON number");
    wrong("[1.]", "[1.]", "1.: this is not a JSON number");
    wrong("[-]", "[?]", "-: this is not a JSON value");
    wrong("no JSON: at all", "?", "no JSON: this is not a JSON value");
    wrong("[1\u{a0},2]", "[1 2]", "\u{a0}: the character U+00A0 is no blank in JSON");
}

#[test]
fn members() {
    wrong("{a: 1}", "{'a':1}", "a: this key stands without quotes");
    wrong("{\"a\"}", "{'a':?}", "\"a\": a `:` and a value are missing behind this key");
    wrong("{\"a\":}", "{'a':?}", "\"a\": the value of this key is missing");
    wrong("{\"a\": , \"b\": 1}", "{'a':? 'b':1}", "\"a\": the value of this key is missing");
    wrong("{\"a\" \"b\"}", "{'a':'b'}", "\"a\": a `:` is missing behind this key");
    wrong("{\"a\" {}}", "{'a':{}}", "\"a\": a `:` is missing behind this key");
    wrong("{\"a\" = 1}", "{'a':1}", "=: a `:` stands between a key and its value");
    wrong("{\"a\":: 1}", "{'a':1}", ":: a second `:`");
    wrong("{: 1}", "{?:1}", ":: a key is missing here");
    wrong("{a b c}", "{'a b c':?}", "a b c: this is not a member of an object");
}

#[test]
fn depth_is_bounded() {
    let nested = |n: usize| "[".repeat(n) + &"]".repeat(n);
    assert_eq!(read(&nested(MAX_DEPTH), &[]).1, []);
    let (value, errors) = read(&nested(MAX_DEPTH + 1), &[]);
    assert!(value.is_some());
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].range, MAX_DEPTH..MAX_DEPTH + 1);
    let (_, errors) = read(&format!("[{}, 1 2]", nested(100_000)), &[]);
    let messages: Vec<_> = errors.iter().map(|e| e.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "nested deeper than 128 levels; what lies deeper is not read",
            "a comma is missing before this element",
        ]
    );
}

/// Each of these takes minutes if reading is not linear in the length of the text.
#[test]
fn hostile_texts_are_read_in_linear_time() {
    let units = [
        "[",
        "{",
        "]",
        "}",
        ",",
        ":",
        "\"",
        "'",
        "`",
        "\\",
        "\"\n",
        "'\n",
        "'\n\"",
        "/*",
        "//",
        "#",
        "{\"a\" \"b\" ",
        "\"a\" ",
        "a ",
        "a\"",
        "x\"    ",
        "\"\\u",
        "\"\\\n",
        "1 ",
        "{a",
        "[1}",
        "\"a\": ",
        "=",
        "- ",
        "\u{a0}",
        "é",
    ];
    for unit in units {
        for lead in ["", "[", "{", "\"", "'", "{\"a\": "] {
            let text = format!("{lead}{}", unit.repeat(100_000 / unit.len()));
            let (_, errors) = read(&text, &[]);
            assert!(errors.len() <= 101, "{unit}");
        }
    }
}

#[test]
fn many_errors_end_with_a_note() {
    let (_, errors) = read(&format!("[{}]", "'', ".repeat(500)), &[]);
    assert_eq!(errors.len(), 101);
    assert!(errors[100].message.contains("not listed"));
}

mod files {
    use crate::source::FileId;
    use crate::syntax::json::parse_file;
    use crate::syntax::{Document, Kind};

    fn parse(text: &str) -> Document {
        parse_file(FileId(3), text)
    }

    #[test]
    fn duplicate_keys() {
        let document = parse("{\"a\": \"x\\ny\", \"a\": 2, \"\\u0061\": {\"b\": 1, \"b\": 1}}");
        assert_eq!(document.errors, []);
        let root = &document.roots[0];
        assert!(matches!(root.get("a").map(|n| &n.kind), Some(Kind::Map(_))));
        let found: Vec<_> = document
            .duplicates
            .iter()
            .map(|d| (&*d.key, d.first.range(), d.second.range()))
            .collect();
        assert_eq!(found, [("a", 1..4, 14..17), ("a", 1..4, 22..30), ("b", 33..36, 41..44)]);
    }

    #[test]
    fn text_maps_through_escapes() {
        let source = "\u{feff}[\"é\\n\\ud83d\\ude00z\"]";
        let document = parse(source);
        assert_eq!(document.errors, []);
        let text = document.roots[0].as_list().unwrap()[0].as_text().unwrap().clone();
        assert_eq!(&*text.text, "é\n😀z");
        let token = |range| &source[text.map.span(range).range()];
        assert_eq!(token(0..2), "é");
        assert_eq!(token(2..3), "\\n");
        assert_eq!(token(3..7), "\\ud83d\\ude00");
        assert_eq!(token(7..8), "z");
        assert_eq!(token(0..8), "é\\n\\ud83d\\ude00z");
    }

    #[test]
    fn an_empty_file_is_an_error() {
        for text in ["", " \n", "\u{feff}"] {
            let document = parse(text);
            assert!(document.roots.is_empty());
            assert_eq!(document.errors.len(), 1);
        }
    }

    #[test]
    fn comments_are_kept() {
        let document = parse("// a\n{\"b\": 1 /* c */}");
        let found: Vec<_> =
            document.comments.iter().map(|c| (c.span.range(), c.own_line)).collect();
        assert_eq!(found, [(0..4, true), (13..20, false)]);
        assert_eq!(document.errors.len(), 2);
        assert_eq!(document.errors[1].span.range(), 13..20);
    }
}
