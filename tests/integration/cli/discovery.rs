//! What is looked at, from the outside.

use super::sandbox::{Ran, Sandbox};
use super::{OPEN_POLICY, TEMPLATE, UNREADABLE};

/// Runs `lint --format concise` and returns the files that have findings.
fn reported(ran: &Ran) -> Vec<String> {
    let mut files: Vec<String> =
        ran.findings().iter().filter_map(|line| Some(line.split_once(':')?.0.to_owned())).collect();
    files.dedup();
    files
}

fn lint(sandbox: &Sandbox, args: &[&str]) -> Vec<String> {
    let mut all = vec!["lint", "--format", "concise"];
    all.extend(args);
    reported(&sandbox.run(&all))
}

#[test]
fn gitignore_exclude_and_named_files() {
    let sandbox = Sandbox::new(&[
        (".git/HEAD", ""),
        (".gitignore", "generated/\n"),
        ("generated/a.json", OPEN_POLICY),
        ("vendor/b.json", OPEN_POLICY),
        ("c.json", OPEN_POLICY),
        ("node_modules/d.json", OPEN_POLICY),
    ]);
    assert_eq!(lint(&sandbox, &[]), ["c.json", "vendor/b.json"]);
    assert_eq!(lint(&sandbox, &["--exclude", "vendor"]), ["c.json"]);
    assert_eq!(lint(&sandbox, &["--exclude", "vendor/**", "--exclude", "*.json"]), [""; 0]);
    let all = ["c.json", "generated/a.json", "vendor/b.json"];
    assert_eq!(lint(&sandbox, &["--no-gitignore"]), all);
    assert_eq!(lint(&sandbox, &["generated/a.json"]), ["generated/a.json"]);
    assert_eq!(lint(&sandbox, &["vendor/b.json", "--exclude", "vendor"]), ["vendor/b.json"]);
    let forced = ["lint", "vendor/b.json", "--exclude", "vendor", "--force-exclude"];
    assert_eq!(sandbox.run(&forced).code, 3);
    let verbose = sandbox.run(&["lint", "-v"]);
    assert!(verbose.stderr.contains("hidden by .gitignore: 1 file\n"), "{}", verbose.stderr);
}

#[test]
fn what_mentions_a_policy_and_is_no_template_is_named() {
    let identity = r#"{"Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke"}]}"#;
    let sandbox = Sandbox::new(&[("identity.json", identity)]);
    let ran = sandbox.run(&["lint", "-v"]);
    let expected = "identity.json: skipped: an identity policy: no statement has a principal\n";
    assert!(ran.stderr.contains(expected), "{}", ran.stderr);
}

#[test]
fn what_became_of_every_file_is_said() {
    let sandbox = Sandbox::new(&[
        (".git/HEAD", ""),
        (".gitignore", "generated/\n"),
        ("a.json", OPEN_POLICY),
        ("b.yaml", TEMPLATE),
        ("c.json", "{}"),
        ("generated/d.json", OPEN_POLICY),
        ("node_modules/e.json", OPEN_POLICY),
        ("old/f.json", OPEN_POLICY),
        ("one/main.tf", "resource \"aws_api_gateway_rest_api\" \"a\" {}\n"),
        ("one/prod.tfvars", "a = 1\n"),
        ("two/main.tf", "locals {}\n"),
        ("words.txt", "AWS::ApiGateway::RestApi\n"),
    ]);
    sandbox.write("g.yaml", UNREADABLE);
    let expected = "\
a.json: read as a policy document
b.yaml: read as a CloudFormation template
c.json: skipped: it does not mention API Gateway
g.yaml: cannot be read: not UTF-8 text (byte 0xe9 at offset 5)
generated/d.json: skipped: hidden by .gitignore
node_modules: skipped: a folder of copies of other code, which is looked at only where it is given
old: skipped: excluded by `old`
one/main.tf: read as a part of its Terraform module
one/prod.tfvars: skipped: variables that are read only with --var-file
two/main.tf: skipped: no file of its module mentions API Gateway
";
    for command in ["lint", "callers", "inventory"] {
        let ran = sandbox.run(&[command, "-v", "--exclude", "old"]);
        assert!(ran.stderr.contains(expected), "{command}: {}", ran.stderr);
        let quiet = sandbox.run(&[command, "--exclude", "old"]);
        assert!(!quiet.stderr.contains("skipped:"), "{command}: {}", quiet.stderr);
    }
}

#[test]
fn a_part_of_a_module_selects_the_module_and_nothing_else() {
    let sandbox = Sandbox::new(&[
        ("a/api.tf", "resource \"aws_api_gateway_rest_api\" \"a\" {}\n"),
        ("a/main.tf", "locals {}\n"),
        ("b/main.tf", "locals {}\n"),
    ]);
    sandbox.write("a/broken.tf", UNREADABLE);
    sandbox.write("b/broken.tf", UNREADABLE);
    let files = lint(&sandbox, &["a/main.tf"]);
    assert!(files.contains(&"a/broken.tf".to_owned()), "{files:?}");
    assert!(files.iter().all(|file| file.starts_with("a/")), "{files:?}");
}

#[test]
fn a_list_named_resources_is_no_template() {
    let list = r#"{"Resources": ["AWS::ApiGateway::RestApi", "AWS::S3::Bucket"]}"#;
    let sandbox = Sandbox::new(&[("types.json", list)]);
    let ran = sandbox.run(&["lint", "--format", "concise", "types.json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
}

#[test]
fn standard_input() {
    let sandbox = Sandbox::new(&[]);
    let run = |args: &[&str], input: &str| {
        let mut all = vec!["lint", "--format", "concise", "-"];
        all.extend(args);
        sandbox.run_with_input(&all, input)
    };
    assert_eq!(reported(&run(&[], OPEN_POLICY)), ["<stdin>"]);
    let named = run(&["--stdin-filename", "policies/orders.json"], OPEN_POLICY);
    assert_eq!(reported(&named), ["policies/orders.json"]);
    assert_eq!(run(&[], "").code, 3);
    assert_eq!(run(&[], "words\n").code, 3);
}

#[test]
fn paths_are_printed_from_the_root_of_the_repository() {
    let sandbox = Sandbox::new(&[("repo/.git/HEAD", ""), ("repo/infra/a.json", OPEN_POLICY)]);
    assert_eq!(lint(&sandbox, &["repo/infra"]), ["infra/a.json"]);
    assert_eq!(lint(&sandbox, &["repo/infra/a.json"]), ["infra/a.json"]);
}

#[cfg(unix)]
#[test]
fn link_loops_end_and_nothing_outside_is_read() {
    use std::os::unix::fs::symlink;
    let outside = Sandbox::new(&[("secret.json", OPEN_POLICY)]);
    let sandbox = Sandbox::new(&[("in/a.json", OPEN_POLICY)]);
    let link = |to: &std::path::Path, name: &str| {
        symlink(to, sandbox.path().join("in").join(name)).expect("a link");
    };
    link(sandbox.path(), "up");
    link(std::path::Path::new("self"), "self");
    link(outside.path(), "elsewhere");
    link(&outside.path().join("secret.json"), "secret.json");
    assert_eq!(lint(&sandbox, &["in"]), ["in/a.json"]);
}

/// An OpenAPI document with an open policy.
const OPENAPI: &str = r#"{
  "openapi": "3.0.1", "paths": {"/a": {"get": {}}},
  "x-amazon-apigateway-policy": {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}]}
}
"#;

#[test]
fn an_openapi_document_is_judged_once() {
    let alone = Sandbox::new(&[("openapi.json", OPENAPI)]);
    assert_eq!(lint(&alone, &[]), ["openapi.json"]);
    assert_eq!(lint(&alone, &["openapi.json"]), ["openapi.json"]);
    let template = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Api:\n    \
                    Type: AWS::Serverless::Api\n    \
                    Properties: {StageName: prod, DefinitionUri: ../openapi.json}\n";
    let module = "resource \"aws_api_gateway_rest_api\" \"a\" {\n  name = \"a\"\n  \
                  body = file(\"${path.module}/../openapi.json\")\n}\n";
    for (name, text) in [("infra/template.yaml", template), ("infra/main.tf", module)] {
        let sandbox = Sandbox::new(&[(".git/HEAD", ""), ("openapi.json", OPENAPI), (name, text)]);
        let ran = sandbox.run(&["lint", "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let addresses: Vec<&str> = json["apis"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|api| api["address"].as_str())
            .collect();
        assert_eq!(addresses.len(), 1, "{name}: {addresses:?}");
        assert_ne!(addresses[0], "x-amazon-apigateway-policy", "{name}");
        assert_eq!(json["findings"][0]["file"], "openapi.json", "{name}");
    }
}

#[test]
fn an_openapi_document_without_a_policy_is_judged_when_it_is_named() {
    let text = "openapi: 3.0.1\npaths:\n  /a:\n    get: {x-amazon-apigateway-integration: {}}\n";
    let sandbox = Sandbox::new(&[("a.yaml", text), ("b.yaml", "openapi: 3.0.1\npaths: {}\n")]);
    let apis = |args: &[&str]| {
        let mut all = vec!["lint", "--format", "json"];
        all.extend(args);
        let ran = sandbox.run(&all);
        let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
        json["summary"]["apis"].clone()
    };
    assert_eq!(apis(&[]), 0);
    assert_eq!(apis(&["a.yaml"]), 1);
    assert_eq!(apis(&["b.yaml"]), 0);
}
