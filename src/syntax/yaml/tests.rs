//! YAML: values, spans, errors and limits.

use super::*;
use crate::syntax::{Kind, Node, Text};

pub(super) fn parse(text: &str) -> Document {
    parse_file(FileId(7), text)
}

pub(super) fn show(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "null".into(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(text) => text.to_string(),
        Kind::Text(text) => format!("'{}'", text.text),
        Kind::List(items) => {
            format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" "))
        }
        Kind::Map(pairs) => {
            let pairs = pairs.iter().map(|p| format!("{}:{}", show(&p.key), show(&p.value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(" "))
        }
        Kind::Tagged(tag) => format!("!{} {}", tag.name, show(&tag.value)),
        Kind::Expr(_) => "expr".into(),
        Kind::Invalid => "?".into(),
    }
}

fn outcome(text: &str) -> (String, Vec<String>) {
    let document = parse(text);
    let roots: Vec<_> = document.roots.iter().map(show).collect();
    let errors =
        document.errors.iter().map(|e| format!("{}: {}", &text[e.span.range()], e.message));
    (roots.join(" --- "), errors.collect())
}

#[track_caller]
fn clean(text: &str, expected: &str) {
    assert_eq!(outcome(text), (expected.to_owned(), Vec::new()), "{text}");
}

#[track_caller]
fn wrong(text: &str, expected: &str, error: &str) {
    assert_eq!(outcome(text), (expected.to_owned(), vec![error.to_owned()]), "{text}");
}

/// The node under `path` (keys and indices).
#[track_caller]
fn at(document: &Document, path: &[&str]) -> Node {
    let mut node = document.roots[0].clone();
    for step in path {
        node = match &node.kind {
            Kind::List(items) => items[step.parse::<usize>().unwrap()].clone(),
            Kind::Tagged(tag) => tag.value.clone(),
            _ => node.get(step).unwrap_or_else(|| panic!("no {step}")).clone(),
        };
    }
    node
}

#[track_caller]
fn text_at(document: &Document, path: &[&str]) -> Text {
    at(document, path).as_text().expect("a text").clone()
}

/// The source of the first occurrence of `part` in the decoded text.
#[track_caller]
fn token<'a>(source: &'a str, text: &Text, part: &str) -> &'a str {
    let start = text.text.find(part).expect("the part");
    &source[text.map.span(start..start + part.len()).range()]
}

#[test]
fn collections() {
    clean("a: 1\nb: [x, !Ref y]\n", "{'a':1 'b':['x' !Ref 'y']}");
    clean("- a\n- - b\n  - c\n-\n- {}\n", "['a' ['b' 'c'] null {}]");
    clean("[a: b, {c: }, d]", "[{'a':'b'} {'c':null} 'd']");
    clean("? [x, y]\n: z\n", "{['x' 'y']:'z'}");
    clean("", "");
    clean("# only a comment\n", "");
    clean("a: 1\n---\n- b\n...\n---\nc", "{'a':1} --- ['b'] --- 'c'");
}

#[test]
fn plain_scalars_are_read_as_yaml_1_1() {
    for text in ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"] {
        clean(text, "true");
    }
    for text in ["false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"] {
        clean(text, "false");
    }
    for text in ["null", "Null", "NULL", "~", "--- "] {
        clean(text, "null");
    }
    let numbers = [
        "0",
        "-1",
        "+1",
        "1.5",
        ".5",
        "1.",
        "1e3",
        "1.5E-7",
        "0x1F",
        "0o17",
        "0b11",
        "1_000",
        "012345678901",
        "099999999999",
    ];
    for text in numbers {
        clean(text, text);
    }
    let texts = [
        "y",
        "n",
        "tRue",
        "nULL",
        "2012-10-17",
        "2012-10-17T00:00:00Z",
        "1.2.3",
        "22:30",
        "1.2.3.4",
        "10.0.0.0/8",
        "-",
        "+",
        ".",
        "..",
        "e3",
        "0x",
        "0xg",
        "1e",
        "_1",
        "-_1",
        ".inf",
        ".nan",
        "o-1",
        "=",
        "<<",
        "1,000",
        "--1",
        "½",
    ];
    for text in texts.into_iter().filter(|text| *text != "-") {
        clean(text, &format!("'{text}'"));
    }
}

#[test]
fn an_empty_value_is_null_and_a_tilde_too() {
    let source = "a:\nb: ~\nc: ''\nd: !Ref\ne: !Ref ''\n";
    clean(source, "{'a':null 'b':null 'c':'' 'd':!Ref null 'e':!Ref ''}");
    let document = parse(source);
    assert_eq!(at(&document, &["a"]).span.range(), 2..2);
    assert_eq!(at(&document, &["b"]).span.range(), 6..7);
    assert_eq!(at(&document, &["c"]).span.range(), 11..13);
}

#[test]
fn quoted_and_block_scalars_are_text() {
    clean("['1', \"true\", 'null']", "['1' 'true' 'null']");
    clean("a: |\n  1\n", "{'a':'1\n'}");
}

#[test]
fn keys_are_text() {
    clean("yes: 1\n2: 3\n~: 4\n012: 5\n", "{'yes':1 '2':3 '~':4 '012':5}");
}

#[test]
fn tags() {
    clean("!Sub x", "!Sub 'x'");
    clean("!Sub 1", "!Sub '1'");
    clean("!Equals [1, true]", "!Equals [1 true]");
    clean("!Fn::Sub x", "!Fn::Sub 'x'");
    clean("!<!Ref> x", "!Ref 'x'");
    clean("%TAG !e! tag:example.com,2000:\n---\n!e!x y", "!tag:example.com,2000:x 'y'");
    clean("[!!str 1, !!int '1', !!bool 'yes', !!null x, !!float 1]", "['1' 1 true null 1]");
    clean("!<tag:yaml.org,2002:str> 1", "'1'");
    clean("[! 1, !!map {a: 1}, !!seq [1], !!set {b}]", "['1' {'a':1} [1] {'b':null}]");
    let source = "a: !If\n  - b\n  - !Ref c\n";
    let document = parse(source);
    let Kind::Tagged(tag) = at(&document, &["a"]).kind else { panic!("no tag") };
    assert_eq!(&source[tag.span.range()], "!If");
    assert_eq!(&source[at(&document, &["a"]).span.range()], "!If\n  - b\n  - !Ref c");
    assert_eq!(&source[tag.value.span.range()], "- b\n  - !Ref c");
}

#[test]
fn spans_of_collections() {
    let source = "a:\n- 1\n- b: [2,\n   3]\n  c: x # y\n\nd: { e: 4 }\n";
    let document = parse(source);
    let token = |path: &[&str]| &source[at(&document, path).span.range()];
    assert_eq!(token(&[]), source.trim_end());
    assert_eq!(token(&["a"]), "- 1\n- b: [2,\n   3]\n  c: x");
    assert_eq!(token(&["a", "1"]), "b: [2,\n   3]\n  c: x");
    assert_eq!(token(&["a", "1", "b"]), "[2,\n   3]");
    assert_eq!(token(&["d"]), "{ e: 4 }");
}

#[test]
fn quoted_scalars_map_back() {
    let source =
        "a: 'it''s\n  folded\n\n  here'\nb: \"é\\n\\u00e9 \\\n   \\x41\\ud83d\\ude00 \\\"q\\\"\"\n";
    let document = parse(source);
    assert_eq!(document.errors, []);
    let a = text_at(&document, &["a"]);
    assert_eq!(&*a.text, "it's folded\nhere");
    assert_eq!(token(source, &a, "'"), "''");
    assert_eq!(token(source, &a, "folded"), "folded");
    assert_eq!(token(source, &a, "s folded"), "s\n  folded");
    assert_eq!(token(source, &a, "here"), "here");
    let b = text_at(&document, &["b"]);
    assert_eq!(&*b.text, "é\né A😀 \"q\"");
    assert_eq!(token(source, &b, "\n"), "\\n");
    assert_eq!(token(source, &b, "A"), "\\x41");
    assert_eq!(token(source, &b, "😀"), "\\ud83d\\ude00");
    assert_eq!(token(source, &b, "\"q\""), "\\\"q\\\"");
    assert_eq!(&source[at(&document, &["a"]).span.range()], "'it''s\n  folded\n\n  here'");
}

#[test]
fn plain_scalars_fold() {
    let source = "a: one\n  two\n\n\n  three\n";
    let document = parse(source);
    let a = text_at(&document, &["a"]);
    assert_eq!(&*a.text, "one two\n\nthree");
    assert_eq!(token(source, &a, "two"), "two");
    assert_eq!(token(source, &a, "three"), "three");
}

#[test]
fn literal_blocks_map_back() {
    let source =
        "a: |\n\n  {\n    \"é\": 1\n\n  }\n\nb: |-\n   x\n    y\nc: |+\n  z\n\n\nd: |2\n    i\n";
    let document = parse(source);
    assert_eq!(document.errors, []);
    let a = text_at(&document, &["a"]);
    assert_eq!(&*a.text, "\n{\n  \"é\": 1\n\n}\n");
    assert_eq!(token(source, &a, "\"é\": 1"), "\"é\": 1");
    assert_eq!(token(source, &a, "}"), "}");
    assert_eq!(a.map.span(0..1).range(), 5..6);
    assert_eq!(&source[at(&document, &["a"]).span.range()], "{\n    \"é\": 1\n\n  }");
    assert_eq!(&*text_at(&document, &["b"]).text, "x\n y");
    assert_eq!(&*text_at(&document, &["c"]).text, "z\n\n\n");
    assert_eq!(&*text_at(&document, &["d"]).text, "  i\n");
}

#[test]
fn folded_blocks_map_back() {
    let source = "a: >\n  one\n  two\n\n  three\n    more\n  four\n\nb: >-\n  x\n  y\n";
    let document = parse(source);
    let a = text_at(&document, &["a"]);
    assert_eq!(&*a.text, "one two\nthree\n  more\nfour\n");
    for word in ["one", "two", "three", "more", "four"] {
        assert_eq!(token(source, &a, word), word);
    }
    assert_eq!(token(source, &a, "one two"), "one\n  two");
    assert_eq!(&*text_at(&document, &["b"]).text, "x y");
}

#[test]
fn block_scalars_without_content() {
    clean("a: |\nb: >\n\nc: |+\n\nd: |-\n  \n", "{'a':'' 'b':'' 'c':'\n' 'd':''}");
    clean("|+\n\n\n", "'\n\n'");
    clean("- |+\n   ", "['']");
    clean("- |+\r\n\r\n- 1\r\n", "['\n' 1]");
    clean("|1-", "''");
    clean("a: |\n  \u{85}\n", "{'a':'\u{85}\n'}");
    clean("a: |\n  \t\n", "{'a':'\t\n'}");
    clean("? |\n  a\n  b\n: 1\n? |", "{'a\nb\n':1 '':null}");
    let source = "a: |\n\nb: 1\n";
    assert_eq!(at(&parse(source), &["a"]).span.range(), 4..4);
}

#[test]
fn a_block_scalar_that_ends_with_the_file_gets_no_line_break() {
    for source in ["a: |\n  x", "a: >\n  x", "a: |+\n  x", "a: |-\n  x"] {
        clean(source, "{'a':'x'}");
    }
    clean("a: |\n  x\n", "{'a':'x\n'}");
    clean("a: |\n  x\n  ", "{'a':'x\n'}");
}

#[test]
fn line_endings_marks_and_wide_characters() {
    let source = "\u{feff}# é\r\na: \"1\r\n  2\"\r\nb: |\r\n  x😀\r\n  y\r\nc: 'z'\r\n";
    let document = parse(source);
    assert_eq!(document.errors, []);
    assert_eq!(document.comments[0].span.range(), 3..7);
    assert!(document.comments[0].own_line);
    assert_eq!(&*text_at(&document, &["a"]).text, "1 2");
    let b = text_at(&document, &["b"]);
    assert_eq!(&*b.text, "x😀\ny\n");
    assert_eq!(token(source, &b, "😀"), "😀");
    assert_eq!(token(source, &b, "y"), "y");
    assert_eq!(token(source, &b, "\n"), "\r\n");
    assert_eq!(&source[at(&document, &["b"]).span.range()], "x😀\r\n  y");
    assert_eq!(&source[at(&document, &["c"]).span.range()], "'z'");
}

#[test]
fn comments_are_collected() {
    let source = "# one\na: 1 # two\n  # three\nb:\n  # four\n  c: '# no'\n";
    let found: Vec<_> = parse(source)
        .comments
        .iter()
        .map(|c| (source[c.span.range()].to_owned(), c.own_line))
        .collect();
    let expected = [("# one", true), ("# two", false), ("# three", true), ("# four", true)];
    assert_eq!(found, expected.map(|(text, own)| (text.to_owned(), own)));
}

#[test]
fn duplicate_keys_are_kept_and_listed() {
    let source = "a: 1\n'a': 2\nb: {1: x, '1': y}\n";
    clean(source, "{'a':1 'a':2 'b':{'1':'x' '1':'y'}}");
    let document = parse(source);
    let found: Vec<_> =
        document.duplicates.iter().map(|d| (&*d.key, d.first.range(), d.second.range())).collect();
    assert_eq!(found, [("a", 0..1, 5..8), ("1", 16..17, 22..25)]);
    assert_eq!(show(document.roots[0].get("a").unwrap()), "2");
}

#[test]
fn aliases_share_their_node() {
    let source = "a: &x [1]\nb: *x\nc: &y !Ref z\nd: *y\ne: &x 2\nf: *x\n";
    clean(source, "{'a':[1] 'b':[1] 'c':!Ref 'z' 'd':!Ref 'z' 'e':2 'f':2}");
    let document = parse(source);
    let (a, b) = (at(&document, &["a"]), at(&document, &["b"]));
    assert!(std::ptr::eq(&**a.as_list().unwrap(), &**b.as_list().unwrap()));
    assert_eq!(a.span, b.span);
}

#[test]
fn an_alias_that_leads_nowhere() {
    wrong("a: *x\nb: 1\n", "{'a':? 'b':1}", "*x: no anchor `&x` stands before this alias");
    wrong(
        "a: &x {b: [*x]}\nc: 1\n",
        "{'a':{'b':[?]} 'c':1}",
        "*x: this alias stands inside the node that it names",
    );
    wrong(
        "a: &x 1\n---\nb: *x\n",
        "{'a':1} --- {'b':?}",
        "*x: no anchor `&x` stands before this alias",
    );
}

#[test]
fn merge_keys() {
    clean("a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}\n", "{'a':{'b':1 'c':2} 'd':{'c':2 'b':3}}");
    clean(
        "- &x {a: 1, b: 1}\n- &y {b: 2, c: 2}\n- {<<: [*x, *y], d: 3}\n",
        "[{'a':1 'b':1} {'b':2 'c':2} {'a':1 'b':1 'c':2 'd':3}]",
    );
    clean("{'<<': {a: 1}}", "{'<<':{'a':1}}");
    clean("<<: {a: 1}\nb: 2\n", "{'a':1 'b':2}");
    let document = parse("a: &x {b: 1}\nd: {b: 2, <<: *x}\n");
    assert_eq!(document.duplicates, []);
    wrong("<<: 1\na: 2\n", "{'<<':1 'a':2}", "1: a merge key `<<` takes a map or a list of maps");
    wrong("<<: *x\na: 2\n", "{'<<':? 'a':2}", "*x: no anchor `&x` stands before this alias");
}

#[test]
fn tabs() {
    let message = "\t: a tab is used for indentation";
    wrong("a:\n\tb: 1\n", "{'a':? ?:?}", message);
    wrong("a:\n  b: 1\n\tc: 2\n", "{'a':{'b':? ?:?} ?:?}", message);
    wrong("a: {\n\t\"b\": 1\n}\n", "{'a':{?:?} ?:?}", message);
    wrong("a: \"x\n\ty\"\n", "{'a':? ?:?}", message);
    clean("a:\t1\n", "{'a':1}");
    let help = parse("a:\n\tb: 1\n").errors[0].help.clone();
    assert!(help.unwrap().contains("spaces"));
}

#[test]
fn a_syntax_error_keeps_what_stands_before_it_and_the_next_documents() {
    let source = "a: 1\nb:\n  - x\n  - [y\n---\nc: 2\n";
    wrong(source, "{'a':1 'b':['x' ?] ?:?} --- {'c':2}", "[: this `[` is never closed");
    wrong("a: 'x\n", "{'a':? ?:?}", "': this string is never closed");
    wrong("a: @x\n", "{'a':? ?:?}", "@: `@` cannot start a value");
}

#[test]
fn syntax_errors_say_what_to_do() {
    for (source, message) in [
        ("a: b: c\n", "a key is not allowed here"),
        ("a: [1}\n", "this `}` does not close the `[` before it"),
        ("a: [1 2: 3\n", "`[` is never closed"),
        ("a: {b: 1 'c': 2}\n", "missing before this"),
        ("a: ['b' 'c']\n", "behind the end of a string"),
        ("Action: *\n", "needs the name of an anchor"),
        ("a: {{- b }}\n", "cannot stand between brackets"),
        ("a: 'b' # c\nd: |e\n", "on its line"),
        ("a\nb: 1\n", "a key is not allowed here"),
        ("[a]\nb\n", "does not belong to the value before it"),
        ("a: 'b'#c\n", "a blank is missing before this comment"),
        ("a: [b]#c\n", "a blank is missing before this comment"),
        ("a: ]\n", "nothing is open that this bracket could close"),
        ("- a\nb: 1\n", "a list item is expected here"),
        ("a: 1\n- b\n", "expected here"),
        ("a: 1\nb\n", "a `:` is missing behind this key"),
        ("a:\n    b: 1\n  c: 2\n", "expected here"),
        ("a: \"\\q\"\n", "no such escape sequence"),
        ("a: \u{1}\n", "U+0001"),
    ] {
        let errors = parse(source).errors;
        assert_eq!(errors.len(), 1, "{source}");
        assert!(errors[0].message.contains(message), "{source}: {}", errors[0].message);
        assert!(errors[0].help.is_some(), "{source}");
    }
}

#[test]
fn under_indented_quoted_strings_are_mended() {
    let source = "a:\n  - b: !Sub '{\n      \"é\": 1,\n\n    \"y\": \"it''s\"\n    }'\n    c: \"p\n\n  q\\\n  r\"\n    d: 1\ne: 'x\ny'\n";
    let document = parse(source);
    assert_eq!(document.errors, []);
    let b = text_at(&document, &["a", "0", "b", ""]);
    assert_eq!(&*b.text, "{ \"é\": 1,\n\"y\": \"it's\" }");
    for part in ["\"é\": 1", "\"y\"", "}"] {
        assert_eq!(token(source, &b, part), part);
    }
    assert_eq!(&*text_at(&document, &["a", "0", "c"]).text, "p\nqr");
    assert_eq!(show(&at(&document, &["a", "0", "d"])), "1");
    assert_eq!(&*text_at(&document, &["e"]).text, "x y");
    assert_eq!(&source[at(&document, &["e"]).span.range()], "'x\ny'");
}

#[test]
fn an_unquoted_star_is_pointed_at() {
    let source = "Statement:\n  - Action: *\n    Effect: Allow\n";
    let errors = parse(source).errors;
    assert_eq!(errors[0].span.range(), 23..24);
    assert_eq!(errors[0].help.as_deref(), Some("put the text in quotes: `'*'`"));
    let errors = parse("a: {{- b }}\n").errors;
    assert!(errors[0].help.as_deref().unwrap().contains("template engine"));
}

#[test]
fn what_a_syntax_error_hides_stands_at_the_error() {
    let source = "a: 1\nb:\n\tc: 2\n";
    let document = parse(source);
    assert_eq!(document.errors[0].span.range(), 8..9);
    let hidden = at(&document, &["b"]);
    assert!(matches!(hidden.kind, Kind::Invalid));
    assert!(hidden.span.range().start > 8, "{:?}", hidden.span);
    // Brackets that stand behind the place of the error keep their order.
    let document = parse("k: [? ");
    assert!(document.roots[0].span.contains(at(&document, &["k"]).span));
}
