//! Override files, and blocks that declare nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{describe, explore_out, show};
use crate::resolve::terraform::{Evaluator, Files, Given, Module, Sort};
use crate::source::{MemoryFs, SourceDb};
use crate::syntax::{Block, hcl};

/// Runs `work` with an evaluator of a module and what overrides it.
fn overridden<T>(base: &str, over: &str, work: impl FnOnce(&mut Evaluator<'_>) -> T) -> T {
    let db = SourceDb::new();
    let blocks = |name: &str, text: &str| -> Vec<Arc<Block>> {
        let id = db.add(Path::new(name), name.into(), text);
        let document = hcl::parse_file(id, text);
        assert_eq!(document.errors, Vec::new(), "the module is well-formed");
        document.body.expect("a body").blocks.into_iter().map(Arc::new).collect()
    };
    let (base, over) = (blocks("/m/main.tf", base), blocks("/m/override.tf", over));
    let module = Module::new("/m".into(), String::new(), base, &over);
    let (fs, roots) = (MemoryFs::new(), [PathBuf::from("/m")]);
    let files = Files { db: &db, fs: &fs, roots: &roots };
    work(&mut Evaluator::new(module, files, Given::default()))
}

/// `local.out` in each world.
fn out(base: &str, over: &str) -> Vec<String> {
    overridden(base, over, |evaluator| {
        let worlds = explore_out(evaluator).worlds;
        let each = worlds.iter().map(|(world, value)| {
            format!("{} => {}", describe(evaluator, world), show(evaluator, value))
        });
        each.collect()
    })
}

#[test]
fn arguments_of_every_kind_of_block_are_replaced() {
    let variable = "variable \"x\" {\n  default = 1\n}\nlocals {\n  out = var.x\n}\n";
    assert_eq!(out(variable, "variable \"x\" {\n  default = 2\n}\n"), [" => 2"]);
    assert_eq!(out(variable, "variable \"x\" {\n  type = string\n}\n"), [r#" => "1""#]);
    let local = "locals {\n  a = 1\n  out = [local.a, local.b]\n  b = 1\n}\n";
    assert_eq!(out(local, "locals {\n  b = 2\n}\n"), [" => [1, 2]"]);
    let data = "data \"local_file\" \"x\" {\n  filename = \"none\"\n}\nlocals {\n  out = data.local_file.x.filename\n}\n";
    let over = "data \"local_file\" \"x\" {\n  filename = \"other\"\n}\n";
    assert_eq!(out(data, over), [r#" => "other""#]);
    let count =
        "resource \"aws_x\" \"x\" {\n  count = 0\n}\nlocals {\n  out = length(aws_x.x)\n}\n";
    assert_eq!(out(count, "resource \"aws_x\" \"x\" {\n  count = 2\n}\n"), [" => 2"]);
}

#[test]
fn validations_of_an_override_do_not_count_and_those_of_the_base_do() {
    let validation = |value: &str| {
        format!(
            "variable \"x\" {{\n  validation {{\n    condition = var.x == \"{value}\"\n    error_message = \"no\"\n  }}\n}}\n"
        )
    };
    let asked = "locals {\n  out = var.x == \"a\" ? 1 : 2\n}\n";
    let base = format!("{}{asked}", validation("a"));
    assert_eq!(out(&base, &validation("b")), [" => 1"]);
    let open = format!("variable \"x\" {{}}\n{asked}");
    assert_eq!(out(&open, &validation("a")).len(), 2);
}

#[test]
fn providers_are_told_apart_by_their_alias() {
    let base = "provider \"aws\" {\n  region = \"a\"\n}\nprovider \"aws\" {\n  alias = \"x\"\n  region = \"b\"\n}\n";
    let over = "provider \"aws\" {\n  alias = \"x\"\n  region = \"c\"\n}\n";
    overridden(base, over, |evaluator| {
        let module = evaluator.module();
        let regions = module.others.iter().map(|block| {
            let text = |name| block.body.attribute(name).and_then(|a| a.value.scalar());
            (text("alias"), text("region"))
        });
        let regions: Vec<_> = regions.collect();
        assert_eq!(regions, [(None, Some("a".into())), (Some("x".into()), Some("c".into()))]);
    });
}

#[test]
fn the_life_cycle_is_merged_and_other_blocks_are_replaced() {
    let base = "resource \"aws_x\" \"x\" {\n  tag {\n    n = 1\n  }\n  tag {\n    n = 2\n  }\n  lifecycle {\n    ignore_changes = [a]\n    prevent_destroy = true\n  }\n}\n";
    let over = "resource \"aws_x\" \"x\" {\n  dynamic \"tag\" {\n    for_each = []\n    content {}\n  }\n  lifecycle {\n    prevent_destroy = false\n  }\n}\n";
    overridden(base, over, |evaluator| {
        let module = evaluator.module();
        let resource = module.resource(Sort::Managed, "aws_x", "x").expect("the resource");
        let kinds: Vec<&str> = resource.block.body.blocks.iter().map(|b| &*b.kind).collect();
        assert_eq!(kinds, ["lifecycle", "dynamic"]);
        let life = resource.block.body.blocks("lifecycle").next().expect("a block");
        let names: Vec<&str> = life.body.attributes.iter().map(|a| &*a.name).collect();
        assert_eq!(names, ["ignore_changes", "prevent_destroy"]);
        let kept = life.body.attribute("prevent_destroy").and_then(|a| a.value.scalar());
        assert_eq!(kept.as_deref(), Some("false"));
    });
}

#[test]
fn blocks_that_declare_nothing_change_nothing() {
    let plain =
        "resource \"aws_x\" \"x\" {\n  name = \"n\"\n}\nlocals {\n  out = aws_x.x.name\n}\n";
    let more = "moved {\n  from = aws_x.old\n  to = aws_x.x\n}\nremoved {\n  from = aws_x.x\n  lifecycle {\n    destroy = false\n  }\n}\nimport {\n  to = aws_x.x\n  id = \"i\"\n}\ncheck \"c\" {\n  assert {\n    condition = aws_x.x.name == \"m\"\n    error_message = \"no\"\n  }\n}\n";
    assert_eq!(out(&format!("{plain}{more}"), ""), [r#" => "n""#]);
    assert_eq!(out(plain, more), [r#" => "n""#]);
}
