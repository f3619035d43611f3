//! Operators, collections and functions of known values.

use super::{Bench, out};

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (expression, expected) in cases {
        assert_eq!(out(expression), *expected, "{expression}");
    }
}

#[test]
fn operators() {
    check(&[
        ("1 + 2 * 3", "7"),
        ("7 / 2", "3.5"),
        ("6 / 2", "3"),
        ("7 % 4", "3"),
        ("-(2 + 1)", "-3"),
        (r#"!(1 < 2) || "a" == "a""#, "true"),
        (r#"1 == "1""#, "false"),
        ("[1, 2] == [1, 2]", "true"),
        ("{ a = 1 } != { a = 2 }", "true"),
        ("2 >= 2 && 2 <= 1", "false"),
        (r#"true ? "a" : "b""#, r#""a""#),
        ("null == null", "true"),
        ("012345678901", "12345678901"),
        (r#"split(",", "a") == ["a"]"#, "false"),
        (r#"[for x in ["  ${~1}"] : x]"#, r#"["1"]"#),
        (r#"[for k, v in toset(["b", "a"]) : k]"#, r#"["a", "b"]"#),
    ]);
}

#[test]
fn templates() {
    check(&[
        (r#""${1}""#, "1"),
        (r#""a${1 + 1}b${true}""#, r#""a2btrue""#),
        (r#""%{ if true }yes%{ else }no%{ endif }!""#, r#""yes!""#),
        (r#""%{ for i, x in ["a", "b"] }${i}${x};%{ endfor }""#, r#""0a;1b;""#),
        ("<<-EOT\n    a\n      b\n  EOT\n", r#""a\n  b\n""#),
        (r#""$${x} \"q\" \u00e9""#, r#""${x} \"q\" é""#),
    ]);
}

#[test]
fn collections() {
    check(&[
        (r#"concat(["a"], [], ["b", "c"])"#, r#"["a", "b", "c"]"#),
        (r#"merge({ a = 1, b = 2 }, { b = 3 }, null)"#, "{a: 1, b: 3}"),
        (r#"merge([{ a = 1 }, { b = 2 }]...)"#, "{a: 1, b: 2}"),
        (r#"flatten([["a", ["b"]], [], "c"])"#, r#"["a", "b", "c"]"#),
        (r#"compact(["a", "", null, "b"])"#, r#"["a", "b"]"#),
        (r#"distinct(["b", "a", "b"])"#, r#"["b", "a"]"#),
        (r#"toset(["b", "a", "b"])"#, r#"["a", "b"]"#),
        (r#"setunion(["a"], ["b", "a"])"#, r#"["a", "b"]"#),
        (r#"setsubtract(["a", "b"], ["a"])"#, r#"["b"]"#),
        (r#"setintersection(["a", "b"], ["a"])"#, r#"["a"]"#),
        (r#"sort(["b", "a"])"#, r#"["a", "b"]"#),
        (r#"reverse(["b", "a"])"#, r#"["a", "b"]"#),
        (r#"slice(["a", "b", "c"], 1, 3)"#, r#"["b", "c"]"#),
        (r#"element(["a", "b"], 3)"#, r#""b""#),
        (r#"one([])"#, "null"),
        (r#"one(["a"])"#, r#""a""#),
        (r#"length({ a = 1 }) + length(["x", "y"]) + length("äb")"#, "5"),
        (r#"keys({ b = 1, a = 2 })"#, r#"["a", "b"]"#),
        (r#"values({ b = 1, a = 2 })"#, "[2, 1]"),
        (r#"zipmap(["a", "b"], [1, 2])"#, "{a: 1, b: 2}"),
        (r#"lookup({ a = 1 }, "a", 2)"#, "1"),
        (r#"lookup({ a = 1 }, "b", 2)"#, "2"),
        (r#"contains(["a", "b"], "b")"#, "true"),
        ("range(3)", "[0, 1, 2]"),
        ("range(4, 0, -2)", "[4, 2]"),
        ("max(1, 5, 3) + min(2, 4) + sum([1, 2])", "10"),
        ("alltrue([true, true]) && !anytrue([false])", "true"),
        (r#"coalesce(null, "", "x")"#, r#""x""#),
        (r#"coalescelist([], ["x"])"#, r#"["x"]"#),
        (r#"try({ a = 1 }.b, ["x"][3], "y")"#, r#""y""#),
        (r#"can({ a = 1 }.b)"#, "false"),
        (r#"can(jsondecode("{"))"#, "false"),
        (r#"[{ a = 1 }, { a = 2 }][*].a"#, "[1, 2]"),
        (r#"null[*]"#, "[]"),
        (r#"{ a = { b = [1] } }.a["b"][0]"#, "1"),
        (r#"[for k, v in { b = 1, a = 2 } : "${k}${v}" if v > 1]"#, r#"["a2"]"#),
        (r#"{ for x in ["a", "b"] : x => upper(x) }"#, r#"{a: "A", b: "B"}"#),
        (
            r#"{ for x in ["a", "b", "ab"] : substr(x, 0, 1) => x... }"#,
            r#"{a: ["a", "ab"], b: ["b"]}"#,
        ),
        (r#"{ a = 1, "a" = 2, b = 3 }"#, "{a: 2, b: 3}"),
    ]);
}

#[test]
fn texts() {
    check(&[
        (r#"upper("aß")"#, r#""Aß""#),
        (r#"join(", ", ["a", 1, true])"#, r#""a, 1, true""#),
        (r#"split(",", "a,,b")"#, r#"["a", "", "b"]"#),
        (r#"replace("a.b.c", ".", "-")"#, r#""a-b-c""#),
        (r#"replace("${"a"}b", "ab", "x")"#, r#""x""#),
        (r#"format("%s-%d%%%v", "a", 1, true)"#, r#""a-1%true""#),
        (r#"format("%q", "a\"b")"#, r#""\"a\\\"b\"""#),
        (r#"formatlist("arn:%s:root", ["1", "2"])"#, r#"["arn:1:root", "arn:2:root"]"#),
        (r#"trimspace("  a b\n")"#, r#""a b""#),
        (r#"trim("xxaxx", "x")"#, r#""a""#),
        (r#"trimprefix("abab", "ab")"#, r#""ab""#),
        (r#"trimsuffix("a/*", "/*")"#, r#""a""#),
        (r#"chomp("a\n")"#, r#""a""#),
        (r#"substr("hello", -3, 2)"#, r#""ll""#),
        (r#"substr("hello", 10, 2)"#, r#""""#),
        (r#"title("ab cd${"-e"}_f${true}")"#, r#""Ab Cd-E_ftrue""#),
        (r#"startswith("abc", "ab") && endswith("abc", "bc") && strcontains("abc", "b")"#, "true"),
        (r#"tostring(1) == "1" && tonumber("2") == 2 && tobool("true")"#, "true"),
        (r#"basename("a/b.json")"#, r#""b.json""#),
        (r#"dirname("a/b.json")"#, r#""a""#),
    ]);
}

#[test]
fn json() {
    check(&[
        (r#"jsonencode({ a = [1, "x", null] })"#, r#"{a: [1, "x", null]}"#),
        (r#"jsonencode("a\"b")"#, r#""\"a\\\"b\"""#),
        (r#"jsondecode("{\"a\": [1, {\"b\": \"c\"}]}").a[1].b"#, r#""c""#),
        (r#"jsondecode(jsonencode({ a = 1 })).a"#, "1"),
        (r#"replace(jsonencode({ a = ["X/1"] }), "X", "y")"#, r#"{a: ["y/1"]}"#),
        (r#"join("", [jsonencode({ a = 1 })])"#, "{a: 1}"),
        (r#"trimspace(jsonencode({ a = 1 }))"#, "{a: 1}"),
    ]);
}

#[test]
fn addresses() {
    check(&[
        (r#"cidrhost("10.12.112.0/20", 16)"#, r#""10.12.112.16""#),
        (r#"cidrhost("10.12.112.7/20", -1)"#, r#""10.12.127.255""#),
        (r#"cidrhost("fd00:fd12:3456:7890::/72", 34)"#, r#""fd00:fd12:3456:7890::22""#),
        (r#"can(cidrhost("10.0.0.0/24", 256))"#, "false"),
        (r#"cidrnetmask("172.16.0.0/12")"#, r#""255.240.0.0""#),
        (r#"cidrnetmask("0.0.0.0/0")"#, r#""0.0.0.0""#),
        (r#"can(cidrnetmask("fd00::/8"))"#, "false"),
        (r#"cidrsubnet("172.16.0.0/12", 4, 2)"#, r#""172.18.0.0/16""#),
        (r#"cidrsubnet("10.1.2.0/24", 4, 15)"#, r#""10.1.2.240/28""#),
        (
            r#"cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)"#,
            r#""fd00:fd12:3456:7800:a200::/72""#,
        ),
        (r#"can(cidrsubnet("10.0.0.0/30", 4, 0))"#, "false"),
        (r#"can(cidrsubnet("10.0.0.0/24", 2, 4))"#, "false"),
        (
            r#"cidrsubnets("10.1.0.0/16", 4, 4, 8, 4)"#,
            r#"["10.1.0.0/20", "10.1.16.0/20", "10.1.32.0/24", "10.1.48.0/20"]"#,
        ),
        (r#"can(cidrsubnets("10.1.0.0/16", 1, 1, 1))"#, "false"),
        (r#"can(cidrhost("x", 1))"#, "false"),
    ]);
    // Zeros that lead a number do not count, as in Terraform.
    assert_eq!(out(r#"cidrhost("010.0.0.0/8", 1)"#), r#""10.0.0.1""#);
}

#[test]
fn encodings() {
    check(&[
        (r#"base64encode("hi")"#, r#""aGk=""#),
        (r#"base64decode("aGk=")"#, r#""hi""#),
        (r#"can(base64decode("/w=="))"#, "false"),
        (r#"urlencode("a b/ü~")"#, r#""a+b%2F%C3%BC~""#),
        (r#"urldecode("a+b%2Fc")"#, r#""a b/c""#),
        (r#"csvdecode("a,b\n1,\"x,y\"\n")[0].b"#, r#""x,y""#),
        (r#"yamldecode("a: [1, x]\nb:\n- c: yes\n")"#, r#"{a: [1, "x"], b: [{c: true}]}"#),
        (r#"yamldecode("Version: 2012-10-17").Version"#, r#""2012-10-17T00:00:00Z""#),
        (r#"yamldecode(yamlencode({ a = 1 })).a"#, "1"),
        (r#"can(yamldecode("a: ["))"#, "false"),
        (r#"timecmp("2020-01-01T00:00:00Z", "2020-01-01T01:00:00+01:00")"#, "0"),
        (r#"transpose({ a = ["1", "2"], b = ["2"] })"#, r#"{1: ["a"], 2: ["a", "b"]}"#),
    ]);
}

#[test]
fn what_is_not_known_is_one_opaque_symbol_with_its_text() {
    assert_eq!(out(r#"sha256("a")"#), r#"<sha256("a")>"#);
    assert_eq!(out(r#"provider::x::f("a")"#), r#"<provider::x::f("a")>"#);
    assert_eq!(out(r#"regex("\\p{L}", "ä")"#), r#"<regex("\\p{L}", "ä")>"#);
    // Equal expressions are one symbol, blanks aside.
    assert_eq!(out(r#"uuid() == uuid( )"#), "true");
    let long = format!("sha256(\"{}\")", "x".repeat(100));
    let shown = out(&long);
    assert!(shown.chars().count() <= 62 && shown.ends_with("...>"), "{shown}");
}

#[test]
fn what_terraform_refuses_is_a_symbol_and_a_note() {
    let bench = Bench::new("locals {\n  out = { a = 1 }.b\n}\n");
    assert_eq!(bench.out(), "<{ a = 1 }.b>");
    assert_eq!(bench.notes(), ["{ a = 1 }.b: there is no attribute `b`"]);
    let tolerated = Bench::new("locals {\n  out = try({ a = 1 }.b, 2)\n}\n");
    assert_eq!(tolerated.out(), "2");
    assert_eq!(tolerated.notes(), Vec::<String>::new());
}
