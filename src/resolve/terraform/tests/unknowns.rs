//! Known rests of unknown values.

use super::worlds;
use crate::resolve::{Item, Kind};

fn one(expression: &str) -> String {
    let text = format!(
        "variable \"l\" {{}}\nvariable \"m\" {{}}\nvariable \"n\" {{}}\nvariable \"s\" {{ type = string }}\nlocals {{\n  out = {expression}\n}}\n"
    );
    let found = worlds(&text);
    assert_eq!(found.len(), 1, "{expression}: {found:?}");
    found[0].trim_start_matches(" => ").to_owned()
}

#[test]
fn unknown_stretches_of_lists_stay() {
    for (expression, expected) in [
        (r#"concat(var.l, ["x"])"#, r#"[<var.l>*, "x"]"#),
        (r#"flatten([var.l, ["x"], var.s])"#, r#"[<var.l>*, "x", <var.s>]"#),
        (r#"toset(var.l)"#, "<var.l>"),
        (r#"setunion(var.l, ["x"], var.l)"#, r#"[<var.l>*, "x"]"#),
        (r#"compact([var.s, ""])"#, "[<var.s>]"),
        (r#"var.l[*].id"#, "[<var.l[*].id>*]"),
        (r#"[for x in var.l : x]"#, "[<var.l[*]>*]"),
        (r#"[for x in concat(["a"], var.l) : upper(x)]"#, r#"["A", <upper(var.l[*])>*]"#),
        (r#"formatlist("arn:%s", var.l)"#, "[<formatlist(var.l)>*]"),
        (r#"formatlist("%s:%s", "a", concat(["b"], var.l))"#, r#"["a:b", <formatlist(var.l)>*]"#),
        (r#"formatlist("arn:${var.s}:%s", ["a"])"#, r#"["arn:<var.s>:a"]"#),
        (r#"split(",", "a,${var.s},b")"#, r#"["a", <split(var.s)>*, "b"]"#),
        (r#"join(",", concat(["a"], var.l))"#, r#""a,<join(var.l)>""#),
        (r#"concat(["a"], var.l)[0]"#, r#""a""#),
        (r#"element(concat(["a"], var.l), 0)"#, r#""a""#),
        (r#"keys(merge({ a = 1 }, var.m))"#, r#"["a", <keys(var.m)>*]"#),
    ] {
        assert_eq!(one(expression), expected, "{expression}");
    }
}

#[test]
fn a_map_knows_what_something_unknown_may_overwrite() {
    for (expression, expected) in [
        ("merge(var.m, { a = 1 })", "{a: 1, Under <var.m>}"),
        ("merge({ a = 1 }, var.m)", "{a: 1, Over <var.m>}"),
        ("merge({ a = 1 }, var.m, { a = 2 })", "{a: 2, Under <var.m>}"),
        ("merge({ a = 1 }, var.m, { b = 2 })", "{a: 1, b: 2, Over <var.m>}"),
        ("merge(merge({ a = 1 }, var.m), { b = 2 })", "{a: 1, b: 2, Over <var.m>}"),
        ("merge(var.m, { a = 1 }).a", "1"),
        ("merge({ a = 1 }, var.m).a", "<var.m.a>"),
        ("merge(var.m, { a = 1 }).b", "<var.m.b>"),
        (r#"{ (var.s) = 1, b = 2 }"#, "{b: 2, Over <var.s>}"),
    ] {
        assert_eq!(one(expression), expected, "{expression}");
    }
    let two = one("merge(var.m, { a = 1 }, var.n)");
    assert!(two.starts_with("{a: 1, Over <merge("), "{two}");
}

#[test]
fn objects_made_of_unknown_elements_are_judged_as_one_of_them() {
    let found = worlds(
        r#"
        variable "arns" {}
        locals { out = [for a in var.arns : { Principal = a, Effect = "Allow" }] }
        "#,
    );
    assert_eq!(
        found,
        [
            r#"length(var.arns) > 0 = true => [{Principal: <var.arns[*]>, Effect: "Allow"}]"#,
            "length(var.arns) > 0 = false => []",
        ]
    );
}

#[test]
fn derived_symbols_are_interned() {
    assert_eq!(one("var.m.a.b == var.m.a.b"), "true");
    assert_eq!(one(r#"var.m["a"] == var.m.a"#), "true");
    assert_eq!(one("var.l[0] == var.l[0]"), "true");
    assert_eq!(one("jsondecode(var.s).Statement"), "<jsondecode(var.s).Statement>");
}

/// What each element of the only unknown stretch of `local.out` is like.
fn element(declared: &str, expression: &str) -> Option<String> {
    let bench = super::Bench::new(&format!("{declared}\nlocals {{\n  out = {expression}\n}}\n"));
    bench.run(|evaluator| {
        let explored = super::explore_out(evaluator);
        let (_, value) = explored.worlds.last().expect("a world");
        let id = match &value.kind {
            Kind::Symbol(id) => *id,
            Kind::List(items) => {
                let unknown = |item: &Item| match item {
                    Item::Many(id, _) => Some(*id),
                    Item::One(_) => None,
                };
                items.iter().find_map(unknown).expect("an unknown stretch")
            }
            other => panic!("{other:?}"),
        };
        let element = evaluator.symbols.element(id).cloned();
        element.map(|element| super::show(evaluator, &element))
    })
}

#[test]
fn elements_of_an_unknown_stretch_are_known_in_part() {
    let lists = "variable \"l\" {\n  type = list(string)\n}\nvariable \"s\" {\n  type = string\n}";
    for (expression, expected) in [
        ("[for x in var.l : \"${x}/32\"]", Some(r#""<var.l[*]>/32""#)),
        ("toset([for x in var.l : \"${x}/32\"])", Some(r#""<var.l[*]>/32""#)),
        ("concat([\"a\"], [for x in var.l : \"${x.ip}/32\"])", Some(r#""<var.l[*].ip>/32""#)),
        ("[for x in var.l : \"${x}/32\" if var.s != \"\"]", Some(r#""<var.l[*]>/32""#)),
        ("formatlist(\"%s/32\", var.l)", Some(r#""<var.l[*]>/32""#)),
        ("formatlist(\"%s/32\", concat([\"a\"], var.l))", Some(r#""<var.l[*]>/32""#)),
        ("formatlist(\"%s/%s\", var.s, var.l)", Some(r#""<var.s>/<var.l[*]>""#)),
        ("formatlist(\"%s/%s\", [\"a\", \"b\"], concat([\"1\"], var.l))", None),
        // What is known as a whole may be there any number of times, and syntax is no name.
        ("[for x in var.l : \"a\"]", None),
        ("[for x in var.l : x]", None),
        ("[for x in var.l : \"{${x}}\"]", None),
        ("[for x in var.l : \"${x}*\"]", None),
        ("var.l", None),
    ] {
        assert_eq!(element(lists, expression).as_deref(), expected, "{expression}");
    }
    let named = |condition: &str| {
        format!(
            "variable \"l\" {{\n  type = list(string)\n  validation {{\n    condition = {condition}\n    error_message = \"no\"\n  }}\n}}"
        )
    };
    let all = named("alltrue([for x in var.l : endswith(x, \"/32\")])");
    let expected = Some("\"<var.l[*]>/32\"".to_owned());
    for expression in ["var.l", "concat([\"a\"], var.l)", "[for x in var.l : x]"] {
        assert_eq!(element(&all, expression), expected, "{expression}");
    }
    let some = named("anytrue([for x in var.l : endswith(x, \"/32\")])");
    assert_eq!(element(&some, "var.l"), None);
}
