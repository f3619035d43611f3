//! Known rests of unknown values.

use super::worlds;

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
