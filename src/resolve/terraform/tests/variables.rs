//! Variables: where their values come from, and in which order.

use super::{Bench, worlds};

const X: &str =
    "variable \"x\" {\n  type = string\n  default = \"d\"\n}\nlocals {\n  out = var.x\n}\n";

#[test]
fn values_win_in_terraforms_order() {
    assert_eq!(Bench::new(X).out(), r#""d""#);
    assert_eq!(Bench::new(X).tfvars("x = \"first\"\n").out(), r#""first""#);
    let both = Bench::new(X).tfvars("x = \"first\"\n").tfvars("x = \"second\"\n");
    assert_eq!(both.out(), r#""second""#);
    assert_eq!(Bench::new(X).tfvars("x = \"f\"\n").flag("x", &["flag"]).out(), r#""flag""#);
}

#[test]
fn several_values_are_all_judged() {
    let bench = Bench::new(X).flag("x", &["a", "b"]);
    let expected = [(r#"var.x = "a""#, r#""a""#), (r#"var.x = "b""#, r#""b""#)];
    let mut found = bench.worlds();
    found.sort();
    let found: Vec<(&str, &str)> =
        found.iter().map(|(w, v)| (w.trim_end_matches(", (other)"), v.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_variable_without_value_is_a_symbol_that_names_its_flag() {
    let bench = Bench::new("variable \"x\" {}\nlocals {\n  out = \"a-${var.x}\"\n}\n");
    assert_eq!(bench.out(), r#""a-<var.x>""#);
    bench.run(|e| {
        super::explore_out(e);
        let id = e.symbols.find("var.x").expect("the symbol");
        assert_eq!(e.symbols.get(id).pin.as_deref(), Some("--var x=..."));
    });
}

#[test]
fn types_convert() {
    let text = |kind: &str, default: &str| {
        format!(
            "variable \"x\" {{\n  type = {kind}\n  default = {default}\n}}\nlocals {{\n  out = var.x\n}}\n"
        )
    };
    for (kind, default, expected) in [
        ("bool", r#""true""#, "true"),
        ("string", "5", r#""5""#),
        ("number", r#""5""#, "5"),
        ("list(string)", "[1]", r#"["1"]"#),
        ("map(number)", r#"{ a = "1" }"#, "{a: 1}"),
        (
            "object({ a = string, b = optional(string), c = optional(number, 3) })",
            r#"{ a = "x" }"#,
            r#"{a: "x", b: null, c: 3}"#,
        ),
    ] {
        assert_eq!(Bench::new(&text(kind, default)).out(), expected, "{kind}");
    }
    let list = text("list(string)", "[]");
    assert_eq!(Bench::new(&list).flag("x", &["[\"a\", \"b\"]"]).out(), r#"["a", "b"]"#);
    let flag = Bench::new(&text("bool", "false")).flag("x", &["true"]);
    assert_eq!(flag.out(), "true");
}

#[test]
fn a_default_is_data_and_a_branch_on_it_judges_the_other_values_too() {
    assert_eq!(
        worlds(
            r#"
            variable "env" { default = "dev" }
            locals { out = "${var.env == "prod" ? "p" : "d"}-${var.env}" }
            "#
        ),
        [r#"var.env != "prod" => "d-dev""#, r#"var.env = "prod", (other) => "p-prod""#,]
    );
}

#[test]
fn a_default_that_the_world_contradicts_is_no_value() {
    // Where the condition came out otherwise than under the default, the default is not the value.
    assert_eq!(
        worlds(
            r#"
            variable "ips" {
              type    = list(string)
              default = []
            }
            locals { out = length(var.ips) > 0 ? var.ips : ["none"] }
            "#
        ),
        [
            r#"length(var.ips) > 0 = false => ["none"]"#,
            "length(var.ips) > 0 = true, (other) => <var.ips>",
        ]
    );
    assert_eq!(
        worlds(
            r#"
            variable "x" { default = null }
            locals { out = var.x != null ? var.x : "fallback" }
            "#
        ),
        [r#"var.x = null => "fallback""#, "var.x != null, (other) => <var.x>"]
    );
    assert_eq!(
        worlds(
            r#"
            variable "x" { default = "abc" }
            locals { out = can(regex("^z", var.x)) ? "z" : "${var.x}" }
            "#
        )
        .len(),
        2
    );
}

#[test]
fn an_empty_collection_is_empty_of_its_type() {
    assert_eq!(
        worlds(
            r#"
            variable "ips" { type = list(string) }
            locals { out = length(var.ips) == 0 ? concat(["a"], var.ips) : var.ips }
            "#
        ),
        [r#"length(var.ips) > 0 = true => <var.ips>"#, r#"length(var.ips) > 0 = false => ["a"]"#,]
    );
}

#[test]
fn attributes_of_object_variables_correlate() {
    assert_eq!(
        worlds(
            r#"
            variable "s" { default = { create = false, name = "n" } }
            locals { out = "${var.s.create ? "yes" : "no"} ${var.s.create} ${var.s.name}" }
            "#
        ),
        [
            r#"var.s.create = false => "no false n""#,
            r#"var.s.create = true, (other) => "yes true <var.s.name>""#,
        ]
    );
}

#[test]
fn a_validation_bounds_the_values() {
    assert_eq!(
        worlds(
            r#"
            variable "env" {
              validation {
                condition     = contains(["dev", "prod"], var.env)
                error_message = "no"
              }
            }
            locals { out = var.env == "prod" ? 1 : var.env == "dev" ? 2 : 3 }
            "#
        ),
        [r#"var.env = "prod" => 1"#, r#"var.env != "prod" => 2"#]
    );
}

#[test]
fn the_workspace_is_an_input() {
    let text = r#"locals { out = terraform.workspace == "prod" ? 1 : 2 }"#;
    assert_eq!(worlds(text).len(), 2);
    assert_eq!(Bench::new(text).flag("terraform.workspace", &["prod"]).out(), "1");
}
