//! Files that resources write, where an expression reads them.

use std::time::{Duration, Instant};

use super::Bench;

const DIR: &str = r#"
    variable "id" {}
    resource "template_dir" "x" {
      source_dir      = "${path.module}/src"
      destination_dir = "${path.module}/out"
      vars            = { id = var.id, port = 443 }
    }
"#;

fn reading(expression: &str) -> Bench {
    Bench::new(&format!("{DIR}\nlocals {{\n  out = {expression}\n}}\n"))
}

const TEMPLATE: &str = "{\"Id\": \"${id}-${port}\"}";

#[test]
fn what_a_template_dir_renders_is_read() {
    for path in [
        "${path.module}/out/a.json",
        "./src/../out/a.json",
        "${template_dir.x.destination_dir}/a.json",
        "${path.cwd}/out//a.json",
    ] {
        let bench = reading(&format!("jsondecode(file(\"{path}\"))"));
        let bench = bench.file("/m/src/a.json", TEMPLATE);
        assert_eq!(bench.out(), r#"{Id: "<var.id>-443"}"#, "{path}");
    }
    let bench = reading("file(\"out/sub/b.txt\")").file("/m/src/sub/b.txt", "b ${upper(id)}");
    assert_eq!(bench.flag("id", &["x"]).out(), r#""b X""#);
    let bench = reading("jsondecode(file(\"out/a.json\"))");
    let bench = bench.file("/m/src/a.json", "{\"Effect\": \"Allow\"}");
    let steps = ["Include file(\"out/a.json\")", "Literal \"Allow\""];
    assert_eq!(bench.steps("Allow"), steps);
}

#[test]
fn a_copy_of_an_earlier_run_is_a_case_of_its_own() {
    let read = || reading("file(\"out/a.json\")").file("/m/src/a.json", "new ${id}");
    let copied = || read().file("/m/out/a.json", "new 1");
    assert_eq!(copied().flag("id", &["1"]).out(), r#""new 1""#);
    let worlds: Vec<String> =
        copied().worlds().into_iter().map(|(world, value)| format!("{world} => {value}")).collect();
    assert_eq!(
        worlds,
        [
            r#"template_dir.x is up to date = true => "new <var.id>""#,
            r#"template_dir.x is up to date = false, (other) => "new 1""#,
        ]
    );
    // What the folder of templates does not have is there until something is rendered.
    let left = reading("file(\"out/b.json\")").file("/m/out/b.json", "left");
    assert_eq!(left.out(), r#""left""#);
    let missing = reading("try(file(\"out/b.json\"), \"none\")");
    assert_eq!(missing.out(), r#""none""#);
    let exists = |path: &str| {
        let bench = reading(&format!("fileexists(\"{path}\") ? 1 : 2"));
        bench.file("/m/src/a.json", "").worlds().len()
    };
    assert_eq!([exists("out/a.json"), exists("src/a.json")], [2, 1]);
    let listed = reading("fileset(\"out\", \"*\")").file("/m/out/old.json", "");
    assert_eq!(listed.out(), "<fileset(\"out\", \"*\")>");
}

#[test]
fn folders_whose_names_are_not_known_are_the_same_where_they_are_named_the_same() {
    let module = |path: &str| {
        Bench::new(&format!(
            r#"
            variable "dir" {{}}
            resource "template_dir" "x" {{
              source_dir      = "src"
              destination_dir = "${{var.dir}}/out"
            }}
            locals {{
              out = file("{path}")
            }}
            "#
        ))
        .file("/m/src/a.json", "a")
        .out()
    };
    assert_eq!(module("${template_dir.x.destination_dir}/a.json"), r#""a""#);
    assert_eq!(module("${var.dir}/out/a.json"), r#""a""#);
    assert_eq!(
        module("${var.dir}/../out/a.json"),
        r#"<file("${var.dir}/../out/a.json")>"#,
        "what lies above is not known"
    );
}

#[test]
fn a_folder_that_is_not_written_is_not_read_from_templates() {
    let module = |meta: &str, destination: &str| {
        Bench::new(&format!(
            r#"
            variable "on" {{}}
            resource "template_dir" "x" {{
              {meta}
              source_dir      = "src"
              destination_dir = "{destination}"
            }}
            locals {{
              out = file("out/a.json")
            }}
            "#
        ))
        .file("/m/src/a.json", "new")
        .file("/m/out/a.json", "old")
        .worlds()
        .into_iter()
        .map(|(_, value)| value)
        .collect::<Vec<String>>()
    };
    assert_eq!(module("count = 0", "out"), [r#""old""#]);
    assert_eq!(module("", "elsewhere"), [r#""old""#]);
    assert_eq!(module("count = var.on ? 1 : 0", "elsewhere"), [r#""old""#]);
    assert_eq!(module("for_each = toset([\"out\", \"b\"])", "${each.key}").len(), 2);
    assert_eq!(module("for_each = toset([\"a\", \"b\"])", "${each.key}"), [r#""old""#]);
}

#[test]
fn other_writers_of_files_count_too() {
    let bench = Bench::new(
        r#"
        resource "local_file" "x" {
          filename = "${path.module}/x.json"
          content  = jsonencode({ a = 1 })
        }
        locals {
          out = [jsondecode(file(local_file.x.filename)), jsondecode(file("x.json"))]
        }
        "#,
    );
    assert_eq!(bench.out(), "[{a: 1}, {a: 1}]");
    let both = Bench::new(
        r#"
        resource "local_file" "x" {
          filename = "out/a.json"
          content  = "a"
        }
        resource "template_dir" "x" {
          source_dir      = "src"
          destination_dir = "out"
        }
        locals {
          out = file("out/a.json")
        }
        "#,
    );
    assert_eq!(both.file("/m/src/a.json", "b").out(), r#"<file("out/a.json")>"#);
}

#[test]
fn templates_outside_the_roots_are_named_and_never_read() {
    let bench = Bench::new(
        "resource \"template_dir\" \"x\" {\n  source_dir = \"../secret\"\n  destination_dir = \"out\"\n}\nlocals {\n  out = file(\"out/a\")\n}\n",
    )
    .file("/secret/a", "x");
    assert_eq!(bench.out(), "<file(\"out/a\")>");
    assert_eq!(bench.notes(), ["file(\"out/a\"): outside the given roots"]);
}

#[test]
fn variables_of_the_template_provider_are_strings() {
    let bench = Bench::new(
        r#"
        data "template_file" "t" {
          template = file("t.tpl")
          vars     = { on = true, name = "x", n = 1 }
        }
        data "template_file" "old" {
          filename = "a.tpl"
          vars {
            x = "1"
          }
        }
        data "template_file" "gone" {
          template = file("gone.tpl")
        }
        data "template_cloudinit_config" "c" {
          part {
            content = "x"
          }
        }
        locals {
          out = [
            data.template_file.t.rendered, data.template_file.old.rendered,
            data.template_file.gone.rendered, data.template_cloudinit_config.c.rendered,
          ]
        }
        "#,
    )
    .file("/m/t.tpl", "${on == \"true\" ? upper(name) : \"no\"}${n == \"1\" ? \"\" : \"!\"}")
    .file("/m/a.tpl", "<${x}>");
    assert_eq!(
        bench.out(),
        "[\"X\", \"<1>\", <data.template_file.gone.rendered>, \
         <data.template_cloudinit_config.c.rendered>]"
    );
    assert_eq!(bench.notes(), ["file(\"gone.tpl\"): there is no such file"]);
}

#[test]
fn what_is_rendered_from_itself_ends() {
    let start = Instant::now();
    let itself =
        reading("file(\"out/a\")").file("/m/src/a", "${file(\"out/a\")}${file(\"out/a\")}");
    assert_eq!(itself.notes(), ["file(\"out/a\"): it refers to itself"; 2]);
    let round = reading("file(\"out/a\")")
        .file("/m/src/a", "${file(\"out/b\")}${templatefile(\"src/a\", {})}")
        .file("/m/src/b", "${file(\"out/a\")}${templatefile(\"src/b\", {})}");
    round.worlds();
    let named = Bench::new(
        "resource \"template_dir\" \"x\" {\n  source_dir = file(\"out/a\")\n  destination_dir = file(\"out/a\")\n}\nlocals {\n  out = file(\"out/a\")\n}\n",
    );
    named.file("/m/out/a", "out").worlds();
    let mut chain = String::new();
    for i in 0..300 {
        chain += &format!(
            "resource \"template_dir\" \"d{i}\" {{\n  source_dir = \"{i}\"\n  destination_dir = \"{}\"\n  vars = {{ x = file(\"{i}/a\") }}\n}}\n",
            i + 1
        );
    }
    chain += "locals {\n  out = file(\"300/a\")\n}\n";
    Bench::new(&chain).file("/m/0/a", "${x}").worlds();
    let mut bench = Bench::new(&chain);
    for i in 0..301 {
        bench = bench.file(&format!("/m/{i}/a"), "${x}");
    }
    bench.notes();
    assert!(start.elapsed() < Duration::from_secs(20), "took {:?}", start.elapsed());
}
