//! Hostile modules: every one ends, in bounded time, with something unknown and a note.

use std::fmt::Write;
use std::time::{Duration, Instant};

use super::Bench;

#[track_caller]
fn ends(text: &str) -> Bench {
    let bench = Bench::new(text);
    let start = Instant::now();
    bench.notes();
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
    bench
}

#[test]
fn references_that_go_round() {
    let bench = ends("locals {\n  a = local.b\n  b = local.a\n  out = local.a\n}\n");
    assert_eq!(bench.notes(), ["local.a: it refers to itself"]);
    ends(
        "resource \"aws_x\" \"a\" {\n  name = aws_x.b.name\n}\nresource \"aws_x\" \"b\" {\n  name = aws_x.a.name\n}\nlocals {\n  out = aws_x.a.name\n}\n",
    );
    ends("resource \"aws_x\" \"a\" {\n  for_each = aws_x.a\n}\nlocals {\n  out = aws_x.a\n}\n");
    ends(
        "resource \"aws_x\" \"a\" {\n  count = length(aws_x.a)\n}\nlocals {\n  out = aws_x.a[*].id\n}\n",
    );
    ends(
        "data \"aws_iam_policy_document\" \"a\" {\n  source_policy_documents = [data.aws_iam_policy_document.a.json]\n}\nlocals {\n  out = data.aws_iam_policy_document.a.json\n}\n",
    );
    ends(
        "variable \"a\" {\n  default = \"x\"\n}\nresource \"aws_x\" \"a\" {\n  name = \"${aws_x.b.name}${aws_x.b.name}\"\n}\nresource \"aws_x\" \"b\" {\n  name = \"${aws_x.a.name}${aws_x.a.name}\"\n}\nlocals {\n  out = aws_x.a.name\n}\n",
    );
}

#[test]
fn long_chains() {
    let mut text = String::from("locals {\n  a0 = \"x\"\n");
    for i in 1..5000 {
        let _ = writeln!(text, "  a{i} = local.a{}", i - 1);
    }
    text.push_str("  out = local.a4999\n}\n");
    ends(&text);
    // From the short end: each step is shallow, the value grows deep.
    let mut text = String::from("locals {\n  a0 = []\n");
    for i in 1..3000 {
        let _ = writeln!(text, "  a{i} = [local.a{}]", i - 1);
    }
    let all: Vec<String> = (0..3000).map(|i| format!("local.a{i}")).collect();
    let _ = writeln!(text, "  out = [{}]\n}}", all.join(", "));
    ends(&text);
}

#[test]
fn long_chains_of_everything_that_nests() {
    let chain = |link: &dyn Fn(usize) -> String, out: &str| {
        let links: String = (1..300).map(link).collect();
        ends(&format!("{links}\nlocals {{\n  out = {out}\n}}\n"));
    };
    let document = |i: usize| {
        format!(
            "data \"aws_iam_policy_document\" \"d{i}\" {{\n  source_policy_documents = [data.aws_iam_policy_document.d{}.json]\n  statement {{\n    dynamic \"condition\" {{\n      for_each = [1]\n      content {{\n        values = [data.aws_iam_policy_document.d{}.json]\n      }}\n    }}\n  }}\n}}\n",
            i - 1,
            i - 1
        )
    };
    chain(&document, "data.aws_iam_policy_document.d299.json");
    let each = |i: usize| {
        format!(
            "resource \"aws_x\" \"r{i}\" {{\n  for_each = aws_x.r{}\n  name = each.value.name\n}}\n",
            i - 1
        )
    };
    chain(&each, "[for r in aws_x.r299 : r.name]");
    let count = |i: usize| {
        format!("resource \"aws_x\" \"r{i}\" {{\n  count = length(aws_x.r{})\n}}\n", i - 1)
    };
    chain(&count, "aws_x.r299[*].id");
    let condition = |i: usize| {
        format!(
            "locals {{\n  c{i} = !try(contains([for x in [local.c{0}] : x && true || false], true) ? local.c{0} : lookup({{ a = local.c{0} }}, \"a\", 1), false)\n}}\n",
            i - 1
        )
    };
    chain(&condition, "local.c299");
    let template = |i: usize| {
        format!(
            "data \"template_file\" \"t{i}\" {{\n  template = \"$${{x}}\"\n  vars = {{ x = format(\"%s\", jsonencode(data.template_file.t{}.rendered)) }}\n}}\n",
            i - 1
        )
    };
    chain(&template, "data.template_file.t299.rendered");
}

#[test]
fn values_that_double() {
    let mut text = String::from("locals {\n  l0 = [\"x\"]\n  t0 = \"xxxxxxxxxxxxxxxx\"\n");
    for i in 1..60 {
        let _ = writeln!(text, "  l{i} = [local.l{0}, local.l{0}]", i - 1);
        let _ = writeln!(text, "  t{i} = \"${{local.t{0}}}${{local.t{0}}}\"", i - 1);
    }
    text.push_str("  out = [local.l59, local.t59]\n}\n");
    let bench = ends(&text);
    assert!(!bench.notes().is_empty());
    let mut replace = String::from("locals {\n  r0 = \"aaaaaaaaaaaaaaaa\"\n");
    for i in 1..40 {
        let _ = writeln!(replace, "  r{i} = replace(local.r{0}, \"a\", local.r{0})", i - 1);
    }
    replace.push_str("  out = local.r39\n}\n");
    ends(&replace);
    let mut join = String::from("locals {\n  r0 = \"aaaaaaaaaaaaaaaa\"\n");
    for i in 1..40 {
        let _ = writeln!(join, "  r{i} = join(local.r{0}, [local.r{0}, local.r{0}])", i - 1);
    }
    join.push_str("  out = local.r39\n}\n");
    ends(&join);
}

#[test]
fn wide_loops_and_ranges() {
    ends("locals {\n  out = range(1000000000)\n}\n");
    ends(
        "locals {\n  r = range(1000)\n  out = [for a in local.r : [for b in local.r : [for c in local.r : a]]]\n}\n",
    );
    ends(
        "locals {\n  r = range(1000)\n  out = \"%{ for a in local.r }%{ for b in local.r }%{ for c in local.r }x%{ endfor }%{ endfor }%{ endfor }\"\n}\n",
    );
    let bench = ends(
        "resource \"aws_x\" \"a\" {\n  count = 100000000\n}\nlocals {\n  out = aws_x.a[*].id\n}\n",
    );
    assert_eq!(bench.notes(), ["100000000: there are too many instances"]);
    ends(
        "locals {\n  out = { for i in range(900) : \"k${i}\" => { for j in range(900) : \"k${j}\" => i } }\n}\n",
    );
}

#[test]
fn many_questions_reach_the_bound_on_worlds() {
    let mut text = String::new();
    let mut sum = Vec::new();
    for i in 0..40 {
        let _ = writeln!(text, "variable \"v{i}\" {{}}");
        sum.push(format!("\"${{var.v{i} ? 1 : 0}}\""));
    }
    let _ = writeln!(text, "locals {{\n  out = [{}]\n}}", sum.join(", "));
    Bench::new(&text).run(|e| {
        let explored = super::explore_out(e);
        assert!(explored.bounded);
        assert!(explored.worlds.len() <= 64);
    });
}

#[test]
fn template_files_that_include_themselves() {
    let bench = Bench::new("locals {\n  out = templatefile(\"a.tpl\", {})\n}\n")
        .file("/m/a.tpl", "${templatefile(\"a.tpl\", {})}${templatefile(\"a.tpl\", {})}");
    let start = Instant::now();
    bench.worlds();
    assert!(start.elapsed() < Duration::from_secs(20));
}
