//! Terraform's JSON syntax: bodies, blocks and expressions from objects, with exact positions.

use super::*;

fn parse(text: &str) -> Document {
    parse_json_file(FILE, text)
}

fn tree(text: &str) -> String {
    let document = parse(text);
    assert!(document.errors.is_empty(), "{text}\n{:?}", messages(&document.errors));
    show_body(body(&document))
}

/// The value of `x` in the `locals` of a file without errors.
fn local(value: &str) -> (String, Node) {
    let text = format!("{{\"locals\": {{\"x\": {value}}}}}");
    let document = parse(&text);
    assert!(document.errors.is_empty(), "{text}\n{:?}", messages(&document.errors));
    let locals = body(&document).blocks.first().expect("the block");
    let node = locals.body.attribute("x").expect("the local").value.clone();
    (text, node)
}

#[test]
fn labels_are_keys_and_arrays_are_several() {
    let expected = r#"resource "a" "b" {c=1}"#;
    for text in [
        r#"{"resource": {"a": {"b": {"c": 1}}}}"#,
        r#"{"resource": {"a": {"b": [{"c": 1}]}}}"#,
        r#"{"resource": [{"a": [{"b": [{"c": 1}]}]}]}"#,
        r#"[{"resource": {"a": {"b": {"c": 1}}}}]"#,
        "\u{feff}{\"resource\": {\"a\": {\"b\": {\"c\": 1}}}, \"data\": null}",
    ] {
        assert_eq!(tree(text), expected, "{text}");
    }
    assert_eq!(
        tree(r#"{"data": {"a": {"b": {}, "c": {}}}, "data": {"a": {"d": {}}}}"#),
        r#"data "a" "b" {}; data "a" "c" {}; data "a" "d" {}"#
    );
    assert_eq!(
        tree(r#"{"module": {"m": {"a": {"b": 1}}}, "locals": [{"x": 1}, {"y": {"z": 2}}]}"#),
        r#"module "m" {a={"b": 1}}; locals {x=1}; locals {y={"z": 2}}"#
    );
}

#[test]
fn what_only_a_schema_tells_apart_is_both() {
    let text =
        r#"{"resource": {"a": {"b": {"s": {"c": 1}, "t": [{"d": 2}, {"d": 3}], "u": [4]}}}}"#;
    let document = parse(text);
    let inner = &body(&document).blocks[0].body;
    let values = |name: &str| show(&inner.attribute(name).expect("an argument").value);
    assert_eq!(values("s"), r#"{"c": 1}"#);
    assert_eq!(values("t"), r#"[{"d": 2} {"d": 3}]"#);
    assert_eq!(values("u"), "[4]");
    let blocks: Vec<String> =
        inner.blocks.iter().map(|b| format!("{} {{{}}}", b.kind, show_body(&b.body))).collect();
    assert_eq!(blocks, ["s {c=1}", "t {d=2}", "t {d=3}"]);
    let headers: Vec<&str> = inner.blocks.iter().map(|b| at(text, b.header)).collect();
    assert_eq!(headers, ["\"s\"", "{", "{"]);
    let spans: Vec<&str> = inner.blocks.iter().map(|b| at(text, b.span)).collect();
    assert_eq!(spans, [r#""s": {"c": 1}"#, r#"{"d": 2}"#, r#"{"d": 3}"#]);
}

#[test]
fn a_body_may_be_an_array_of_objects() {
    let text = r#"{"resource": {"a": {"b": {"s": [[{"c": 1}, {"d": 2}], {"e": 3}], "t": [[{"f": 4}]],
        "u": [[1], [{"g": 5}, "x", null]], "v": [[[{"h": 6}]]]}}}}"#;
    let document = parse(text);
    assert_eq!(messages(&document.errors), Vec::<&str>::new());
    let inner = &body(&document).blocks[0].body;
    let blocks: Vec<String> =
        inner.blocks.iter().map(|b| format!("{} {{{}}}", b.kind, show_body(&b.body))).collect();
    assert_eq!(blocks, ["s {c=1; d=2}", "s {e=3}", "t {f=4}", "u {g=5}"]);
    let objects: Vec<&str> =
        inner.blocks.iter().filter_map(|b| Some(at(text, b.body.object?))).collect();
    assert_eq!(objects, [r#"{"c": 1}"#, r#"{"e": 3}"#, r#"{"f": 4}"#, r#"{"g": 5}"#]);
}

#[test]
fn what_may_be_a_value_is_not_refused() {
    for value in [
        r#"{"dynamic": [{"a": {}}, "x"], "provisioner": {"//": "x", "y": "z"}}"#,
        r#"[{"dynamic": {"//": {}}}, 1]"#,
        r#"{"${var.a}": 1, "s${var.b}": {}}"#,
        r#"{"s": null, "t": [null]}"#,
    ] {
        let text = format!("{{\"resource\": {{\"a\": {{\"b\": {{\"tags\": {value}}}}}}}}}");
        assert_eq!(messages(&parse(&text).errors), Vec::<&str>::new(), "{text}");
    }
    // The name of an argument is no template.
    let text = r#"{"resource": {"a": {"b": {"${var.a}": "${var.b}"}}}}"#;
    assert_eq!(tree(text), r#"resource "a" "b" {${var.a}=var.b}"#);
}

#[test]
fn dynamic_blocks_have_a_label() {
    let text = r#"{"data": {"a": {"b": {"dynamic": {"s": {"for_each": "${var.x}", "iterator": "i",
        "content": {"c": "${i.value}"}}}}}}}"#;
    let document = parse(text);
    let made = &body(&document).blocks[0].body.blocks[0];
    assert_eq!((&*made.kind, &*made.labels[0].text), ("dynamic", "s"));
    assert_eq!(show(&made.body.attribute("for_each").expect("it").value), "var.x");
    assert_eq!(show_body(&made.body.blocks[0].body), "c=i.value");
}

#[test]
fn strings_are_templates() {
    for (json, expected) in [
        (r#""plain""#, r#""plain""#),
        (r#""${var.x}""#, "var.x"),
        (r#""${ jsonencode({ \"a\" = [1] }) }""#, r#"jsonencode({"a": [1]})"#),
        (r#""a${var.x}""#, r#"t("a" var.x)"#),
        (r#""%{ if var.a }x%{ endif }""#, r#"t(if(var.a | "x" | ))"#),
        (r#""$${a} %%{b} $$ 100%""#, r#""${a} %{b} $$ 100%""#),
        (r#""\u0024{var.x}""#, "var.x"),
        (r#"{"${var.k}": "${var.v}", "//": "${"}"#, r#"{var.k: var.v, "//": "${"}"#),
        (r#"[1, true, null, "${var.x}"]"#, "[1 true null var.x]"),
    ] {
        let (text, node) = local(json);
        assert_eq!(show(&node), expected, "{text}");
    }
}

#[test]
fn positions_go_through_the_escapes_of_both_languages() {
    let (text, node) = local(r#""\u0041\n\"$${b}\" ${ format(\"\\\"c\\\"\", var.d) }""#);
    let Kind::Expr(expr) = &node.kind else { panic!("{node:?}") };
    let Expr::Template(parts) = &**expr else { panic!("{expr:?}") };
    let [TemplatePart::Text(lit), TemplatePart::Interpolation(call)] = parts.as_slice() else {
        panic!("{parts:?}")
    };
    assert_eq!(&*lit.text, "A\n\"${b}\" ");
    let place = |from: usize, to: usize| at(&text, lit.map.span(from..to));
    assert_eq!(place(0, 1), "\\u0041");
    assert_eq!(place(1, 2), "\\n");
    assert_eq!(place(2, 3), "\\\"");
    assert_eq!(place(3, 5), "$${");
    assert_eq!(place(5, 7), "b}");
    assert_eq!(at(&text, call.span), r#"format(\"\\\"c\\\"\", var.d)"#);
    let Kind::Expr(expr) = &call.kind else { panic!("{call:?}") };
    let Expr::Call { args, .. } = &**expr else { panic!("{expr:?}") };
    assert_eq!(show(&args[0]), r#""\"c\"""#);
    assert_eq!(at(&text, args[0].span), r#"\"\\\"c\\\"\""#);
    let inner = args[0].as_text().expect("a text");
    assert_eq!(at(&text, inner.map.span(1..2)), "c");
    assert_eq!(at(&text, args[1].span), "var.d");
}

#[test]
fn arguments_of_variables_are_literal() {
    let text = r#"{"variable": {"v": {"type": "map(string)", "default": {"a": "${b}"},
        "description": "${", "validation": {"condition": "${contains([\"x\"], var.v)}"}}},
        "terraform": {"backend": {"s3": {"key": "${"}}}}"#;
    let document = parse(text);
    assert_eq!(messages(&document.errors), Vec::<&str>::new());
    let [variable, terraform] = body(&document).blocks.as_slice() else { panic!("two blocks") };
    let value = |name: &str| &variable.body.attribute(name).expect("an argument").value;
    assert_eq!(show(value("type")), "map(string)");
    assert_eq!(at(text, value("type").span), "map(string)");
    assert_eq!(show(value("default")), r#"{"a": "${b}"}"#);
    assert_eq!(show(value("description")), r#""${""#);
    let validation = variable.body.blocks("validation").next().expect("the block");
    assert_eq!(show_body(&validation.body), r#"condition=contains(["x"] var.v)"#);
    assert!(terraform.body.blocks.is_empty());
}

#[test]
fn comments_belong_to_their_body() {
    let text = r#"{"//": "root", "//": {"a": "${"}, "resource": {"a": {"b": {"//": ["x", "y"],
        "s": {"//": "in s"}, "//": "again ${"}}}}"#;
    let document = parse(text);
    assert_eq!(messages(&document.errors), Vec::<&str>::new());
    assert_eq!(document.duplicates, []);
    let root = body(&document);
    assert_eq!(all(&root.notes), r#""root" {"a": "${"}"#);
    let block = &root.blocks[0].body;
    assert_eq!(all(&block.notes), r#"["x" "y"] "again ${""#);
    assert_eq!(all(&block.blocks[0].body.notes), r#""in s""#);
    assert!(block.attribute("//").is_none());
    let label = parse(r#"{"resource": {"//": "x", "a": {"b": {}}}}"#);
    assert_eq!(messages(&label.errors), ["Terraform takes this `//` for the label of a block"]);
    assert_eq!(show_body(body(&label)), r#"resource "a" "b" {}"#);
}

#[test]
fn arguments_stand_once_and_blocks_as_often_as_they_like() {
    for (text, keys) in [
        (r#"{"resource": {"a": {"b": {"s": {}, "s": {}}}, "a": {"c": {}}}}"#, vec![]),
        (r#"{"resource": {"a": {"b": {"p": "x", "p": "y"}}}}"#, vec!["p"]),
        (r#"{"resource": {"a": {"b": {"p": "x", "p": {}}}}}"#, vec!["p"]),
        (r#"{"resource": {"a": {"b": {"s": {"p": 1, "p": 2}}}}}"#, vec!["p"]),
        (r#"{"locals": {"x": {"a": {}, "a": {}}, "x": {}}}"#, vec!["a", "x"]),
        (r#"{"locals": {"x": "${ { a = 1, a = 2 } }"}}"#, vec!["a"]),
        (r#"{"variable": {"v": {"default": {"a": {}, "a": {}}}}}"#, vec!["a"]),
    ] {
        let document = parse(text);
        let found: Vec<&str> = document.duplicates.iter().map(|d| &*d.key).collect();
        assert_eq!(found, keys, "{text}");
    }
}

#[test]
fn what_is_broken_hides_nothing_beside_it() {
    for (text, said, rest) in [
        (r#"{"resource": {"a": "x", "b": {"c": {}}}}"#, "an object is", r#"resource "b" "c" {}"#),
        (r#"{"locals": "x", "data": {"b": {"c": {}}}}"#, "an object is", r#"data "b" "c" {}"#),
        (r#"["x", {"locals": {"y": 1}}]"#, "an object is", "locals {y=1}"),
        (r#"{"locals": {"x": "${", "y": 1}}"#, "`${` is not closed", "locals {x=invalid; y=1}"),
        (r#"{"locals": {"x": 1 "y": 2}}"#, "a comma is missing", "locals {x=1; y=2}"),
    ] {
        let document = parse(text);
        let messages = messages(&document.errors);
        let said = said.replace("an object is", "a JSON object is expected here");
        assert!(messages.iter().any(|m| m.contains(&said)), "{text}: {messages:?}");
        assert_eq!(show_body(body(&document)), rest, "{text}");
    }
    assert_eq!(messages(&parse("").errors).len(), 1);
}

/// Nothing is timed: without the bounds this would run for minutes.
#[test]
fn hostile_files_cost_little() {
    let deep = format!("{}1{}", "{\"a\":[".repeat(2000), "]}".repeat(2000));
    let many_errors = vec!["\"${\""; 20_000].join(",");
    let nested = format!("{{\"s\": {}{{}}{}", "{\"s\":".repeat(120), "}".repeat(121));
    for value in [
        deep,
        format!("[{many_errors}]"),
        nested,
        format!("\"{}\"", "\\u0024{".repeat(10_000)),
        format!("\"{}\"", "\\\"${a}".repeat(5_000)),
    ] {
        for text in [
            format!("{{\"locals\": {{\"x\": {value}}}}}"),
            format!("{{\"resource\": {{\"a\": {{\"b\": {{\"x\": {value}}}}}}}}}"),
            format!("{{\"resource\": {value}}}"),
        ] {
            let document = parse(&text);
            assert!(document.errors.len() <= 2 * 201, "{} errors", document.errors.len());
        }
    }
}

#[test]
fn all_strings_of_a_file_are_paid_from_one_account() {
    let keys: String = (0..200).map(|n| format!("a{n}=1,")).collect();
    let string = format!("\"${{ {{ {keys} }} }}\"");
    let text = format!("{{\"locals\": {{\"x\": [{}]}}}}", vec![string; 8].join(","));
    let refused = |units: u64| {
        let document = super::super::json::parse_within(FILE, &text, work::Work::of(units));
        let errors = document.errors.iter();
        errors.filter(|error| error.message.contains("too many object keys")).count()
    };
    let counts: Vec<usize> = (0..40).map(|power| refused(1 << power)).collect();
    assert_eq!((counts.first(), counts.last()), (Some(&8), Some(&0)));
    // Were it one account a string, an account would be enough for all of them or for none.
    assert!(counts.contains(&7), "{counts:?}");
}
