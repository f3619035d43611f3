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

/// `local.out` in the worlds of a module whose variable `x` has those validations.
fn validated(kind: &str, conditions: &[&str], out: &str) -> Vec<String> {
    let blocks: String = conditions
        .iter()
        .map(|c| {
            format!("  validation {{\n    condition = {c}\n    error_message = \"no\"\n  }}\n")
        })
        .collect();
    worlds(&format!(
        "variable \"x\" {{\n  type = {kind}\n{blocks}}}\nlocals {{\n  out = {out}\n}}\n"
    ))
}

/// The values that `x` is told to have, one a world.
fn values(conditions: &[&str]) -> Vec<String> {
    let found = validated("string", conditions, "lookup({ a = 1, b = 2, c = 3 }, var.x, 0)");
    found.into_iter().map(|world| world.split(" => ").last().unwrap_or_default().into()).collect()
}

#[test]
fn conditions_that_name_the_values() {
    let any = ["1", "2", "3", "0"];
    for (conditions, expected) in [
        (&["contains([\"a\", \"b\"], var.x)"][..], &["1", "2"][..]),
        (&["contains(toset([\"a\", \"b\"]), var.x)"], &["1", "2"]),
        (&["var.x == \"a\" || \"b\" == var.x"], &["1", "2"]),
        (&["var.x == \"a\" || (var.x != \"b\" && contains([\"b\", \"c\"], var.x))"], &["1", "3"]),
        (&["!(var.x != \"a\" && var.x != \"b\")"], &["1", "2"]),
        (&["can(regex(\"^(a|b)$\", var.x))"], &["1", "2"]),
        (&["length(regexall(\"^(?:a|b)$\", var.x)) > 0"], &["1", "2"]),
        (&["var.x == \"a\" ? true : var.x == \"c\""], &["1", "3"]),
        (&["contains([\"a\", \"b\"], var.x)", "contains([\"b\", \"c\"], var.x)"], &["2"]),
        (&["alltrue([var.x != \"a\", contains([\"a\", \"b\"], var.x)])"], &["2"]),
        (&["anytrue([var.x == \"a\", var.x == \"c\"])"], &["1", "3"]),
        (&["!alltrue([var.x != \"a\", var.x != \"c\"])"], &["1", "3"]),
        (&["try(contains([\"a\"], var.x), false)"], &["1"]),
        // What is not known bounds nothing, and what no value meets is a mistake.
        (&["try(contains([\"a\"], var.x), true)"], &any),
        (&["anytrue([var.x == \"a\", local.b])"], &any),
        (&["contains([\"a\", local.b], var.x)"], &any),
        (&["can(regex(\"^a|b$\", var.x))"], &any),
        (&["can(regex(\"(?i)^(a|b)$\", var.x))"], &any),
        (&["!can(regex(\"^(a|b)$\", var.x))"], &any),
        (&["var.x == \"a\" || length(var.x) > 3"], &any),
        (&["contains([\"a\"], lower(var.x))"], &any),
        (&["contains([\"a\"], var.y)"], &any),
        (&["var.x == \"a\"", "var.x == \"b\""], &any),
    ] {
        assert_eq!(values(conditions), expected, "{conditions:?}");
    }
}

#[test]
fn conditions_that_leave_values_out() {
    let decided = |conditions: &[&str], test: &str| {
        let found = validated("string", conditions, &format!("{test} ? \"yes\" : \"no\""));
        found.len() == 1 && found[0].ends_with("\"no\"")
    };
    for (condition, test) in [
        ("var.x != \"a\"", "var.x == \"a\""),
        ("!contains([\"a\", \"b\"], var.x)", "var.x == \"b\""),
        ("!(var.x == \"a\" || var.x == \"b\")", "var.x == \"b\""),
        ("var.x != null", "var.x == null"),
        ("length(var.x) > 0", "var.x == \"\""),
        ("0 < length(var.x)", "var.x == \"\""),
        ("length(var.x) >= 3", "var.x == \"\""),
        ("length(var.x) != 0", "length(var.x) == 0"),
        ("trimspace(var.x) != \"\"", "var.x == null"),
        ("can(cidrhost(var.x, 0))", "var.x == \"\""),
        ("startswith(var.x, \"vpce-\")", "var.x == \"none\""),
        ("endswith(var.x, \"-dev\")", "var.x == \"prod\""),
        ("can(regex(\"^vpce-[0-9a-f]+$\", var.x))", "var.x == \"none\""),
        ("var.x == \"c\" || (var.x != \"a\" && var.x != \"b\")", "var.x == \"a\""),
        ("length(var.x) == 3", "var.x == \"\""),
        ("length(var.x) > 5 && substr(var.x, 0, 5) == \"vpce-\"", "var.x == \"none\""),
        ("try(cidrhost(var.x, 0), null) != null", "var.x == \"\""),
    ] {
        assert!(decided(&[condition], test), "{condition}: {test}");
        assert!(!decided(&["local.unknown"], test), "{test} is open without a condition");
    }
    for (condition, test) in [
        ("var.x != \"a\" || local.unknown", "var.x == \"a\""),
        ("length(var.x) >= 0", "var.x == \"\""),
        ("var.x == null || startswith(var.x, \"vpce-\")", "var.x == \"none\""),
        ("!startswith(var.x, \"vpce-\")", "var.x == \"none\""),
        ("var.x == null || var.x != \"\"", "var.x == null"),
        ("length(var.x) == 0", "var.x == \"\""),
        ("substr(var.x, 1, 4) == \"vpce\"", "var.x == \"none\""),
        ("try(cidrhost(var.x, 0), \"\") != null", "var.x == \"\""),
    ] {
        assert!(!decided(&[condition], test), "{condition}: {test}");
    }
}

#[test]
fn conditions_on_elements_and_ends() {
    let types = "alltrue([for t in var.x : contains([\"EDGE\", \"REGIONAL\"], t)])";
    let found = validated("list(string)", &[types], "var.x[0] == \"PRIVATE\" ? \"yes\" : \"no\"");
    assert_eq!(found, [" => \"no\""]);
    let filtered = "alltrue([for t in var.x : contains([\"EDGE\"], t) if t != \"PRIVATE\"])";
    let found =
        validated("list(string)", &[filtered], "var.x[0] == \"PRIVATE\" ? \"yes\" : \"no\"");
    assert_eq!(found.len(), 2, "{found:?}");
    let list = validated("list(string)", &["length(var.x) > 0"], "length(var.x) > 0 ? 1 : 0");
    assert_eq!(list, [" => 1"]);
    for (condition, expected) in [
        ("startswith(var.x, \"vpce-\")", "\"vpce-<var.x>\""),
        ("endswith(var.x, \"/32\")", "\"<var.x>/32\""),
        (
            "can(regex(\"^arn:aws:iam::111122223333:role/[a-z]+$\", var.x))",
            "\"arn:aws:iam::111122223333:role/<var.x>\"",
        ),
        // The two could be one text that overlaps.
        ("startswith(var.x, \"arn:\") && endswith(var.x, \":root\")", "\"arn:<var.x>\""),
        // This could be a document, whose syntax is not to be guessed.
        ("startswith(var.x, \"{\")", "<var.x>"),
        ("startswith(var.x, \"a\") || startswith(var.x, \"b\")", "<var.x>"),
    ] {
        let found = validated("string", &[condition], "var.x");
        assert_eq!(found, [format!(" => {expected}")], "{condition}");
    }
}

/// Whether conditions on a list `x` of strings say that it has no `PRIVATE`.
fn never_private(condition: &str) -> bool {
    let out = "contains(var.x, \"PRIVATE\") ? \"yes\" : \"no\"";
    let found = validated("list(string)", &[condition], out);
    let first = "var.x[0] == \"PRIVATE\" ? \"yes\" : \"no\"";
    let element = validated("list(string)", &[condition], first);
    assert_eq!(found.len() == 1, element.len() == 1, "{condition}");
    found == [" => \"no\""]
}

#[test]
fn conditions_on_all_elements() {
    for condition in [
        "alltrue([for t in var.x : t != \"PRIVATE\"])",
        "alltrue([for i, t in var.x : contains([\"EDGE\"], t)])",
        "alltrue([for t in toset(var.x) : contains([\"EDGE\"], t) if t != \"REGIONAL\"])",
        "!anytrue([for t in var.x : t == \"PRIVATE\"])",
        "!contains(var.x, \"PRIVATE\")",
        "!contains(var.x, \"PRIVATE\") && length(var.x) > 0",
        "length(setsubtract(var.x, [\"EDGE\", \"REGIONAL\"])) == 0",
        "length(setsubtract(toset(var.x), toset([\"EDGE\"]))) == 0",
        "length([for t in var.x : t if t == \"PRIVATE\"]) == 0",
        "length([for t in var.x : 1 if !contains([\"EDGE\"], t)]) == 0",
        "length([for t in var.x : t if contains([\"EDGE\"], t)]) == length(var.x)",
        "alltrue([for t in var.x : startswith(t, \"E\")])",
    ] {
        assert!(never_private(condition), "{condition}");
    }
    for condition in [
        "anytrue([for t in var.x : t != \"PRIVATE\"])",
        "!alltrue([for t in var.x : t == \"PRIVATE\"])",
        "alltrue([for t in var.x : contains([\"EDGE\"], t) if t != \"PRIVATE\"])",
        "alltrue([for t in var.y : contains([\"EDGE\"], t)])",
        "contains(var.x, \"EDGE\")",
        "!contains(var.x, \"PRIVATE\") || length(var.x) == 1",
        "length(setsubtract([\"EDGE\"], var.x)) == 0",
        "length(setsubtract(var.x, [\"EDGE\"])) == 1",
        "length([for t in var.x : t if t == \"PRIVATE\"]) != 0",
        "length([for t in var.x : t if t != \"PRIVATE\"]) == length(distinct(var.x))",
        "length([for t in toset(var.x) : t if t != \"PRIVATE\"]) == length(var.x)",
    ] {
        assert!(!never_private(condition), "{condition}");
    }
}

#[test]
fn conditions_on_attributes() {
    let kinds = |condition: &str| {
        let kind = "object({ kind = string, list = list(string) })";
        let out = "lookup({ a = 1, b = 2 }, var.x.kind, 0)";
        validated(kind, &[condition], out).len()
    };
    assert_eq!(kinds("contains([\"a\"], var.x.kind)"), 1);
    assert_eq!(kinds("var.x == null || contains([\"a\"], var.x.kind)"), 1);
    assert_eq!(kinds("contains([\"a\"], var.x.kind) || var.x.list == null"), 3);
    assert_eq!(kinds("contains([\"a\"], var.x.other)"), 3);
    let list = validated(
        "list(object({ kind = string }))",
        &["alltrue([for o in var.x : contains([\"a\"], o.kind)])"],
        "[for o in var.x : o.kind == \"b\"][0]",
    );
    assert_eq!(list.len(), 1, "{list:?}");
    let nested = validated(
        "object({ list = list(string) })",
        &["alltrue([for t in var.x.list : t != \"b\"])"],
        "var.x.list[0] == \"b\"",
    );
    assert_eq!(nested, [" => false"]);
}

#[test]
fn a_type_says_what_a_value_can_be() {
    let of = |kind: &str, more: &str, out: &str| {
        worlds(&format!(
            "variable \"x\" {{\n  type = {kind}\n{more}}}\nlocals {{\n  out = {out}\n}}\n"
        ))
    };
    let both = ["var.x = true => 1", "var.x = false => 2"];
    assert_eq!(of("bool", "", "var.x ? 1 : 2"), both);
    assert_eq!(of("bool", "", "var.x == true ? 1 : var.x == false ? 2 : 3"), both);
    assert_eq!(of("bool", "", "lookup({ true = 1, false = 2 }, var.x, 3)"), both);
    assert_eq!(of("string", "", "lookup({ true = 1, false = 2 }, var.x, 3)").len(), 3);
    let default = "  default = false\n";
    let chosen = of("bool", default, "lookup({ true = 1, false = 2 }, var.x, 3)");
    assert_eq!(chosen, ["var.x = false => 2", "var.x = true, (other) => 1"]);
    let strict = "  nullable = false\n";
    assert_eq!(of("string", strict, "var.x == null ? 1 : 2"), [" => 2"]);
    assert_eq!(of("string", "", "var.x == null ? 1 : 2").len(), 2);
    assert_eq!(
        of("set(string)", "  default = [\"b\", \"a\", \"b\"]\n", "var.x"),
        [r#" => ["a", "b"]"#]
    );
    let object = "  default = { a = 1, b = 2 }\n";
    assert_eq!(of("object({ a = string })", object, "jsonencode(var.x)"), [r#" => {a: "1"}"#]);
    let null = Bench::new(
        "variable \"x\" {\n  nullable = false\n  default = 1\n}\nlocals {\n  out = var.x\n}\n",
    );
    assert_eq!(null.tfvars("x = null\n").out(), "1");
}
