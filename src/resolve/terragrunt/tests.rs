//! Units in memory, and what they pass.

use super::*;
use crate::source::{MemoryFs, SourceDb};

/// A file system of these files, and the unit at `path` in it.
fn read_in<T>(files: &[(&str, &str)], path: &str, then: impl FnOnce(Unit, Files<'_>) -> T) -> T {
    let mut fs = MemoryFs::new();
    for (name, text) in files {
        fs.add(name, *text);
    }
    let (db, roots) = (SourceDb::new(), [PathBuf::from("/r")]);
    let text = files.iter().find(|(name, _)| *name == path).map_or("", |(_, text)| text);
    let file = db.add(Path::new(path), path.trim_start_matches("/r/").to_owned(), text);
    let files = Files { db: &db, fs: &fs, roots: &roots };
    then(read(file, files), files)
}

/// What the unit at `path` passes: each argument and what is known of its value, else its label in `<>`.
fn passed(files: &[(&str, &str)], path: &str) -> Vec<String> {
    read_in(files, path, |unit, files| {
        let Some(call) = unit.module.calls.first().cloned() else { return Vec::new() };
        let mut evaluator = Evaluator::new(unit.module, files, Given::default());
        let (world, scope) = (World::default().freeze(), Scope::module());
        let mut out = Vec::new();
        for attribute in &call.body.attributes {
            evaluator.begin();
            let value = evaluator.eval(&attribute.value, Env::data(&scope, &world));
            let value = value.expect("no branch");
            out.push(format!("{}={}", attribute.name, shown(&value, &evaluator)));
        }
        out
    })
}

fn shown(value: &crate::resolve::Value, evaluator: &Evaluator<'_>) -> String {
    use crate::resolve::{Item, Kind};
    match &value.kind {
        Kind::Symbol(id) => format!("<{}>", evaluator.symbols.get(*id).label),
        Kind::List(items) => {
            let one = |item: &Item| match item {
                Item::One(value) => shown(value, evaluator),
                Item::Many(id, _) => format!("<{}>...", evaluator.symbols.get(*id).label),
            };
            format!("[{}]", items.iter().map(one).collect::<Vec<_>>().join(" "))
        }
        Kind::Map(map) => {
            let one = |(key, value): &(crate::resolve::Key, crate::resolve::Value)| {
                format!("{}:{}", key.text, shown(value, evaluator))
            };
            let mut parts: Vec<String> = map.entries.iter().map(one).collect();
            parts.extend(
                map.rest.map(|(id, _)| format!("<{}>...", evaluator.symbols.get(id).label)),
            );
            format!("{{{}}}", parts.join(" "))
        }
        _ => value.known_text().unwrap_or_else(|| format!("{:?}", value.kind)),
    }
}

const UNIT_FILE: &str = "/r/live/prod/api/terragrunt.hcl";

#[test]
fn a_unit_calls_its_source_with_its_inputs() {
    let unit = "terraform {\n  source = \"../../../modules//api\"\n}\n\
                inputs = {\n  name = \"orders\"\n  \"list\" = [1, \"b\"]\n}\n";
    let files = [(UNIT_FILE, unit), ("/r/modules/api/main.tf", "")];
    assert_eq!(
        passed(&files, UNIT_FILE),
        ["source=../../../modules/api", "name=orders", "list=[1 b]"]
    );
    // What is not there is said as it is written.
    let remote = "terraform {\n  source = \"git::https://example.com/m.git//api?ref=v1\"\n}\n";
    let found = passed(&[(UNIT_FILE, remote)], UNIT_FILE);
    assert_eq!(found, ["source=git::https://example.com/m.git//api?ref=v1"]);
    // One that it has in one case only is its source.
    let choice =
        "terraform {\n  source = get_env(\"E\") == \"x\" ? null : \"../../../modules//api\"\n}\n";
    let found = passed(&[(UNIT_FILE, choice), ("/r/modules/api/main.tf", "")], UNIT_FILE);
    assert_eq!(found, ["source=../../../modules/api"]);
    // Without a source, it is the module beside the unit, if there is one.
    let bare = "inputs = { name = \"x\" }\n";
    assert_eq!(passed(&[(UNIT_FILE, bare)], UNIT_FILE), Vec::<String>::new());
    let beside = [(UNIT_FILE, bare), ("/r/live/prod/api/main.tf", "")];
    assert_eq!(passed(&beside, UNIT_FILE), ["source=./", "name=x"]);
}

#[test]
fn functions_say_where_files_are() {
    let unit = "include \"root\" {\n  path = find_in_parent_folders(\"root.hcl\")\n}\n\
        terraform {\n  source = \"${get_repo_root()}/modules//api\"\n}\n\
        inputs = {\n\
          a = get_terragrunt_dir()\n\
          b = path_relative_to_include()\n\
          c = path_relative_from_include(\"root\")\n\
          d = get_parent_terragrunt_dir()\n\
          e = find_in_parent_folders(\"none.hcl\", \"fallback\")\n\
          f = find_in_parent_folders(\"none.hcl\")\n\
          g = get_path_from_repo_root()\n\
          h = get_path_to_repo_root()\n\
          i = basename(get_original_terragrunt_dir())\n\
          j = split(\"/\", path_relative_to_include())[0]\n\
          k = run_cmd(\"x\")\n\
        }\n";
    let root =
        "inputs = {\n  inner = path_relative_to_include()\n  own = get_terragrunt_dir()\n}\n";
    let files = [
        (UNIT_FILE, unit),
        ("/r/live/root.hcl", root),
        ("/r/modules/api/main.tf", ""),
        ("/r/.git/HEAD", ""),
    ];
    assert_eq!(
        passed(&files, UNIT_FILE),
        [
            "source=../../../modules/api",
            "inner=prod/api",
            "own=/r/live/prod/api",
            "a=/r/live/prod/api",
            "b=prod/api",
            "c=../..",
            "d=/r/live",
            "e=fallback",
            "f=<find_in_parent_folders(\"none.hcl\")>",
            "g=live/prod/api",
            "h=../../..",
            "i=api",
            "j=prod",
            "k=<run_cmd(\"x\")>",
        ]
    );
}

#[test]
fn other_files_are_read_where_they_stand() {
    let unit = "locals {\n\
          late = local.env.locals.name\n\
          env  = read_terragrunt_config(local.path)\n\
          path = find_in_parent_folders(\"env.hcl\")\n\
          none = read_terragrunt_config(\"none.hcl\", { locals = { name = \"other\" } })\n\
          gone = read_terragrunt_config(\"none.hcl\")\n\
        }\n\
        inputs = merge(local.env.inputs, {\n\
          name = local.late\n\
          none = local.none.locals.name\n\
          gone = local.gone.locals.name\n\
          kind = local.env.locals.kind\n\
          file = local.env.locals.file\n\
          dep  = local.env.dependency.x.outputs.y\n\
        })\n";
    let env = "locals {\n  name = local.base\n  base = \"prod\"\n  kind = get_terragrunt_dir()\n\
               file = file(\"note.txt\")\n}\n\
               inputs = {\n  name = \"below\"\n  also = local.base\n}\n";
    let files = [
        (UNIT_FILE, unit),
        ("/r/live/prod/env.hcl", env),
        ("/r/live/prod/note.txt", "noted"),
        ("/r/live/prod/api/main.tf", ""),
    ];
    assert_eq!(
        passed(&files, UNIT_FILE),
        [
            "source=./".to_owned(),
            "inputs={also:prod name:prod none:other gone:<read_terragrunt_config(\"none.hcl\").locals.name> \
             kind:/r/live/prod file:noted dep:<env.hcl.dependency.x.outputs.y>}"
                .to_owned(),
        ]
    );
}

#[test]
fn a_file_that_reads_itself_is_not_known() {
    let unit = "locals {\n  me = read_terragrunt_config(\"terragrunt.hcl\")\n}\n\
                inputs = { x = local.me.locals.me, y = 1 }\n";
    let found = passed(&[(UNIT_FILE, unit), ("/r/live/prod/api/a.tf", "")], UNIT_FILE);
    assert!(found[1].starts_with("x="), "{found:?}");
    assert_eq!(found[2], "y=1");
}

#[test]
fn what_runs_first_is_the_same_symbol_everywhere() {
    let unit = "dependency \"vpc\" {\n  config_path = \"../vpc\"\n  mock_outputs = { id = \"mock\" }\n}\n\
        feature \"open\" {\n  default = false\n}\n\
        inputs = {\n\
          a = dependency.vpc.outputs.id\n\
          b = try(dependency.vpc.outputs.id, \"other\")\n\
          c = dependency.vpc.outputs[\"id\"]\n\
          d = get_env(\"STAGE\", \"dev\")\n\
          e = get_env(\"TOKEN\")\n\
          f = feature.open.value\n\
          g = values.name\n\
          h = get_aws_account_id()\n\
        }\n";
    let found = passed(&[(UNIT_FILE, unit), ("/r/live/prod/api/a.tf", "")], UNIT_FILE);
    assert_eq!(
        found[1..],
        [
            "a=<dependency.vpc.outputs.id>",
            "b=<dependency.vpc.outputs.id>",
            "c=<dependency.vpc.outputs.id>",
            "d=dev",
            "e=<var.env.TOKEN>",
            "f=false",
            "g=<values.name>",
            "h=<data.aws_caller_identity.account_id>",
        ]
    );
}

#[test]
fn includes_are_merged_as_they_say() {
    let unit = |strategy: &str| {
        format!(
            "include \"a\" {{\n  path = \"../a.hcl\"\n  expose = true\n  merge_strategy = \"{strategy}\"\n}}\n\
             include \"b\" {{\n  path = \"../b.hcl\"\n}}\n\
             inputs = {{\n  mine = include.a.locals.x\n  list = [\"unit\"]\n}}\n"
        )
    };
    let a = "locals {\n  x = \"of a\"\n}\nterraform {\n  source = \"./one\"\n}\n\
             inputs = {\n  only_a = 1\n  both = \"a\"\n  list = [\"a\"]\n}\n";
    let b = "terraform {\n  source = \"./two\"\n}\ninputs = {\n  both = \"b\"\n}\n";
    let found = |strategy: &str| {
        let unit = unit(strategy);
        let files =
            [(UNIT_FILE, unit.as_str()), ("/r/live/prod/a.hcl", a), ("/r/live/prod/b.hcl", b)];
        passed(&files, UNIT_FILE)
    };
    let shallow = ["source=./two", "only_a=1", "both=b", "mine=of a", "list=[unit]"];
    assert_eq!(found("shallow"), shallow);
    assert_eq!(found("no_merge"), ["source=./two", "both=b", "mine=of a", "list=[unit]"]);
    let deep = ["source=./two", "only_a=1", "both=b", "mine=of a", "list=<inputs.list>"];
    assert_eq!(found("deep"), deep);
    // What is not in the given folders may pass anything.
    let outside = "include {\n  path = \"/etc/root.hcl\"\n}\ninputs = { a = 1 }\n";
    let found = passed(&[(UNIT_FILE, outside), ("/r/live/prod/api/a.tf", "")], UNIT_FILE);
    assert_eq!(found, ["source=./", "inputs={a:1 <the inputs of what is included>...}"]);
}

#[test]
fn variables_files_are_above_inputs() {
    let unit = "terraform {\n  source = \"../../../modules/api\"\n\
        extra_arguments \"vars\" {\n\
          commands = get_terraform_commands_that_need_vars()\n\
          required_var_files = [\"${get_terragrunt_dir()}/../common.tfvars\"]\n\
          optional_var_files = [\"none.tfvars\"]\n\
        }\n}\n\
        inputs = {\n  a = 1\n  b = 1\n  c = 1\n  d = 1\n}\n";
    let files = [
        (UNIT_FILE, unit),
        ("/r/modules/api/main.tf", ""),
        ("/r/modules/api/terraform.tfvars", "b = 2\nc = 2\n"),
        ("/r/live/prod/api/x.auto.tfvars.json", "{\"c\": 3, \"d\": 3}"),
        ("/r/live/prod/common.tfvars", "d = 4\n"),
    ];
    assert_eq!(passed(&files, UNIT_FILE)[1..], ["a=1", "b=2", "c=3", "d=4"]);
    // What cannot be told may set any of them.
    for arguments in [
        "required_var_files = [\"none.tfvars\"]",
        "required_var_files = local.files",
        "arguments = [\"-var\", \"a=2\"]",
        "env_vars = { TF_VAR_a = 2 }",
    ] {
        let unit = format!(
            "terraform {{\n  source = \"../../../modules/api\"\n  extra_arguments \"x\" {{\n    \
             {arguments}\n  }}\n}}\ninputs = {{ a = 1 }}\n"
        );
        let files = [(UNIT_FILE, unit.as_str()), ("/r/modules/api/main.tf", "")];
        let found = passed(&files, UNIT_FILE);
        assert!(found[1].starts_with("inputs=<"), "{arguments}: {found:?}");
    }
    let harmless = unit.replace("required_var_files", "arguments = [\"-lock-timeout=20m\"] #");
    let files = [(UNIT_FILE, harmless.as_str()), ("/r/modules/api/main.tf", "")];
    assert_eq!(passed(&files, UNIT_FILE)[1..], ["a=1", "b=1", "c=1", "d=1"]);
}

#[test]
fn a_chain_of_files_ends() {
    let link = |next: usize| {
        format!("locals {{\n  next = read_terragrunt_config(\"{next}.hcl\")\n  x = {next}\n}}\n")
    };
    let links: Vec<(String, String)> =
        (0..100).map(|i| (format!("/r/live/prod/api/{i}.hcl"), link(i + 1))).collect();
    let unit = format!("{}inputs = {{ x = local.next.locals.x }}\n", link(0));
    let mut files = vec![(UNIT_FILE, unit.as_str()), ("/r/live/prod/api/a.tf", "")];
    files.extend(links.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let read = read_in(&files, UNIT_FILE, |unit, _| unit.documents.len());
    assert!(read <= MAX_DEPTH + 2, "{read}");
    assert_eq!(passed(&files, UNIT_FILE)[1..], ["x=1"]);
}
