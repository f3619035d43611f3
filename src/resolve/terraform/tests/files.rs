//! `file`, `templatefile` and what they may not reach.

use super::Bench;

#[test]
fn files_inside_the_roots_are_read() {
    let bench = Bench::new("locals {\n  out = jsondecode(file(\"${path.module}/p/a.json\"))\n}\n")
        .file("/m/p/a.json", "\u{feff}{\"Effect\": \"Allow\"}");
    assert_eq!(bench.out(), r#"{Effect: "Allow"}"#);
    assert_eq!(
        bench.steps("Allow"),
        ["Include file(\"${path.module}/p/a.json\")", "Literal \"Allow\""]
    );
}

#[test]
fn files_outside_the_roots_are_named_and_never_read() {
    for path in ["../secret", "/etc/passwd", "p/../../secret"] {
        let bench = Bench::new(&format!("locals {{\n  out = file(\"{path}\")\n}}\n"))
            .file("/secret", "x")
            .file("/etc/passwd", "x");
        assert_eq!(bench.out(), format!("<file(\"{path}\")>"));
        assert_eq!(bench.notes(), [format!("file(\"{path}\"): outside the given roots")]);
    }
    let missing = Bench::new("locals {\n  out = try(file(\"none.json\"), \"x\")\n}\n");
    assert_eq!(missing.out(), r#""x""#);
}

#[test]
fn template_files_see_their_variables_only() {
    let bench = Bench::new(
        "variable \"v\" {}\nlocals {\n  out = templatefile(\"a.tpl\", { x = \"1\", l = [\"a\", \"b\"], v = var.v })\n}\n",
    )
    .file("/m/a.tpl", "${x} %{ for i in l }${i},%{ endfor } ${v} ${upper(x)}");
    assert_eq!(bench.out(), r#""1 a,b, <var.v> 1""#);
    let hidden = Bench::new("locals {\n  y = 1\n  out = templatefile(\"a.tpl\", {})\n}\n")
        .file("/m/a.tpl", "${local.y}");
    assert_eq!(hidden.out(), "<local.y>");
    let more = Bench::new("variable \"m\" {}\nlocals {\n  out = templatefile(\"a.tpl\", merge(var.m, { x = \"1\" }))\n}\n")
        .file("/m/a.tpl", "${x}-${y}");
    assert_eq!(more.out(), r#""1-<var.m.y>""#);
}

#[test]
fn a_tree_in_a_template_stays_a_tree() {
    let bench = Bench::new(
        "variable \"m\" {}\nlocals {\n  out = jsondecode(templatefile(\"a.tpl\", { c = jsonencode(merge({ a = 1 }, var.m)), l = [\"x\"] }))\n}\n",
    )
    .file("/m/a.tpl", "{\"Condition\": ${c}, \"Resource\": ${jsonencode(l)}}");
    assert_eq!(bench.out(), r#"{Condition: {a: 1, Over <var.m>}, Resource: ["x"]}"#);
}

#[test]
fn the_old_template_provider_renders_too() {
    let bench = Bench::new(
        "data \"template_file\" \"t\" {\n  template = file(\"a.tpl\")\n  vars = { x = \"1\" }\n}\nlocals {\n  out = data.template_file.t.rendered\n}\n",
    )
    .file("/m/a.tpl", "<${x}>");
    assert_eq!(bench.out(), r#""<1>""#);
}

#[test]
fn broken_templates_are_unknown() {
    let bench =
        Bench::new("locals {\n  out = templatefile(\"a.tpl\", {})\n}\n").file("/m/a.tpl", "${");
    assert_eq!(bench.out(), "<templatefile(\"a.tpl\", {})>");
    assert_eq!(bench.notes().len(), 1);
}

#[test]
fn sets_of_files_are_those_inside_the_roots() {
    let set = |arguments: &str| {
        Bench::new(&format!("locals {{\n  out = fileset({arguments})\n}}\n"))
            .file("/m/p/a.json", "{}")
            .file("/m/p/q/b.json", "{}")
            .file("/m/p/c.txt", "")
            .file("/secret/d.json", "{}")
            .out()
    };
    assert_eq!(set(r#""p", "*.json""#), r#"["a.json"]"#);
    assert_eq!(set(r#""p", "**/*.json""#), r#"["a.json", "q/b.json"]"#);
    assert_eq!(set(r#"path.module, "p/*.{json,txt}""#), r#"["p/a.json", "p/c.txt"]"#);
    assert_eq!(set(r#""../secret", "*.json""#), r#"<fileset("../secret", "*.json")>"#);
    let encoded = Bench::new("locals {\n  out = filebase64(\"a.txt\")\n}\n").file("/m/a.txt", "hi");
    assert_eq!(encoded.out(), r#""aGk=""#);
}
