//! Conditions on unknown values: worlds and their correlation.

use super::worlds;

#[test]
fn equal_conditions_correlate_and_negations_too() {
    assert_eq!(
        worlds(
            r#"
            variable "a" {}
            locals { out = "${var.a == "x" ? 1 : 2}${var.a != "x" ? 3 : 4}${!(var.a == "x")}" }
            "#
        ),
        [r#"var.a = "x" => "14false""#, r#"var.a != "x" => "23true""#]
    );
    // An expression that cannot be decided is a symbol of its own.
    assert_eq!(
        worlds(
            r#"
            variable "a" {}
            locals { out = "${can(regex("^x", var.a)) ? 1 : 2}${can(regex("^x",  var.a)) ? 3 : 4}" }
            "#
        ),
        [r#"can(regex("^x", var.a)) = true => "13""#, r#"can(regex("^x", var.a)) = false => "24""#,]
    );
    assert_eq!(
        worlds(
            r#"
            variable "a" {}
            variable "b" {}
            locals { out = "${var.a == var.b ? 1 : 2}${var.b != var.a ? 3 : 4}" }
            "#
        ),
        [r#"var.a == var.b = true => "14""#, r#"var.a == var.b = false => "23""#]
    );
}

#[test]
fn conditions_correlate_through_locals_and_short_cuts() {
    assert_eq!(
        worlds(
            r#"
            variable "create" { default = false }
            variable "private" { default = false }
            locals {
              on  = var.create && var.private
              out = "${local.on ? 1 : 0}${var.create ? 1 : 0}"
            }
            "#
        ),
        [
            r#"var.create = false => "00""#,
            r#"var.create = true, var.private = false, (other) => "01""#,
            r#"var.create = true, var.private = true, (other) => "11""#,
        ]
    );
}

#[test]
fn a_key_that_is_not_known_is_tried_as_each_key() {
    assert_eq!(
        worlds(
            r#"
            variable "env" { default = "dev" }
            locals {
              ids = { dev = 1, prod = 2 }
              out = "${local.ids[var.env]}${var.env}"
            }
            "#
        ),
        [r#"var.env = "dev" => "1dev""#, r#"var.env = "prod", (other) => "2prod""#]
    );
    assert_eq!(
        worlds(
            r#"
            variable "env" {}
            locals { out = lookup({ dev = 1 }, var.env, 9) }
            "#
        ),
        [r#"var.env = "dev" => 1"#, r#"var.env != "dev" => 9"#]
    );
    assert_eq!(
        worlds(
            r#"
            variable "env" {}
            locals { out = try({ dev = 1 }[var.env], 9) }
            "#
        ),
        [r#"var.env = "dev" => 1"#, r#"var.env != "dev" => 9"#]
    );
}

#[test]
fn comparisons_of_unknown_numbers_are_cases() {
    for (condition, label) in [
        ("var.n > 16", "var.n > 16"),
        ("var.n <= 16", "var.n <= 16"),
        ("3 < var.m[0]", "3 < var.m[0]"),
        ("true && var.n >= var.m[0]", "var.n >= var.m[0]"),
        ("length(var.m) > 1", "length(var.m) > 1"),
    ] {
        let text = format!(
            "variable \"n\" {{}}\nvariable \"m\" {{}}\nlocals {{\n  c = {condition}\n  \
             out = concat([\"a\"], {condition} ? [] : [\"b\"], local.c ? [\"c\"] : [])\n}}\n"
        );
        let expected = [
            format!(r#"{label} = true => ["a", "c"]"#),
            format!(r#"{label} = false => ["a", "b"]"#),
        ];
        assert_eq!(worlds(&text), expected, "{condition}");
    }
    // A text that is converted to a Boolean, too.
    assert_eq!(
        worlds(
            r#"
            variable "n" {}
            locals { out = concat(["a"], "${var.n}${var.n}" ? [] : ["b"]) }
            "#
        ),
        [r#""${var.n}${var.n}" = true => ["a"]"#, r#""${var.n}${var.n}" = false => ["a", "b"]"#]
    );
}

#[test]
fn a_comparison_of_numbers_holds_as_under_the_default_first() {
    assert_eq!(
        worlds(
            r#"
            variable "n" { default = 2 }
            variable "b" {}
            locals { out = var.b && var.n > 3 ? [] : ["b${var.n}"] }
            "#
        ),
        [
            r#"var.b = true, var.n > 3 = false => ["b2"]"#,
            r#"var.b = true, var.n > 3 = true, (other) => []"#,
            r#"var.b = false => ["b2"]"#,
        ]
    );
}

#[test]
fn what_decides_itself_asks_for_nothing() {
    for (expression, expected) in [
        (r#"aws_vpc.x.id != null && aws_vpc.x.id != """#, "true"),
        (r#""a-${var.a}" == "b-1""#, "false"),
        (r#""a-${var.a}" == null"#, "false"),
        (r#"length(concat(var.l, ["x"])) > 0"#, "true"),
        (r#"concat(var.l, ["x"]) == []"#, "false"),
        (r#"var.a == var.a"#, "true"),
        (r#"true || var.b"#, "true"),
    ] {
        let text = format!(
            "variable \"a\" {{}}\nvariable \"b\" {{}}\nvariable \"l\" {{}}\nresource \"aws_vpc\" \"x\" {{}}\nlocals {{\n  out = {expression} ? \"true\" : \"false\"\n}}\n"
        );
        assert_eq!(worlds(&text), [format!(" => \"{expected}\"")], "{expression}");
    }
}

#[test]
fn the_same_emptiness_is_asked_once() {
    assert_eq!(
        worlds(
            r#"
            variable "l" {}
            locals { out = "${length(var.l) > 0}${length(var.l) == 0}${var.l != []}${0 < length(var.l)}" }
            "#
        ),
        [
            r#"length(var.l) > 0 = true => "truefalsetruetrue""#,
            r#"length(var.l) > 0 = false => "falsetruefalsefalse""#,
        ]
    );
}

#[test]
fn membership_splits_by_constant() {
    assert_eq!(
        worlds(
            r#"
            variable "env" { default = "dev" }
            locals { out = contains(["prod", "stage"], var.env) ? "${var.env}" : "other" }
            "#
        ),
        [
            r#"var.env != "prod" | "stage" => "other""#,
            r#"var.env = "stage", (other) => "stage""#,
            r#"var.env = "prod", (other) => "prod""#,
        ]
    );
}

#[test]
fn a_blank_default_makes_coalesce_a_branch() {
    assert_eq!(
        worlds(
            r#"
            variable "p" { default = "" }
            locals { out = coalesce(var.p, "own") }
            "#
        ),
        [r#"var.p = "" => "own""#, r#"var.p != "", (other) => <var.p>"#]
    );
}

#[test]
fn conditionals_in_templates() {
    assert_eq!(
        worlds(
            r#"
            variable "c" {}
            locals { out = "${var.c ? "a" : "b"}-x%{ if var.c }!%{ endif }" }
            "#
        ),
        [r#"var.c = true => "a-x!""#, r#"var.c = false => "b-x""#]
    );
}
