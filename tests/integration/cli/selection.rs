//! `lint FILE`: what is judged when single files are named, as a hook before a commit names them.

use super::sandbox::Sandbox;
use super::{OPEN_POLICY, TEMPLATE};

const MODULE: &str = r#"resource "aws_api_gateway_rest_api" "orders" {
  name   = "orders"
  policy = file("${path.module}/policies/${var.name}.json")
}

variable "name" {
  default = "orders"
}
"#;

/// The API of [`MODULE`], with its policy in a template beside it.
const RENDERED: &str = r#"resource "aws_api_gateway_rest_api" "orders" {
  policy = templatefile("../shared/policy.json.tftpl", { who = "*" })
}
"#;

const RENDERED_POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
  "Principal": "${who}", "Action": "execute-api:Invoke", "Resource": "*"}]}
"#;

/// Files that templates stand beside: nothing is to be said of any of them.
const OTHERS: [(&str, &str); 7] = [
    (".github/workflows/test.yaml", "on: push\njobs: {}\n"),
    ("README.md", "# Orders\n"),
    ("empty.json", ""),
    (
        "bucket.json",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
            "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#,
    ),
    (
        "role.json",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#,
    ),
    (
        "caller.json",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Action": "execute-api:Invoke", "Resource": "*"}]}"#,
    ),
    ("values/prod.tfvars", "name = \"orders\"\n"),
];

/// What is found in `files` of `sandbox`, and with which exit code.
fn lint(sandbox: &Sandbox, files: &[&str]) -> (Vec<String>, i32) {
    let mut args = vec!["lint", "--format", "concise", "--allow-empty", "--force-exclude"];
    args.extend(files);
    let ran = sandbox.run(&args);
    (ran.findings(), ran.code)
}

fn repository() -> Sandbox {
    let files = [
        (".git/HEAD", ""),
        ("infra/main.tf", MODULE),
        ("infra/prod.tfvars", "name = \"orders\"\n"),
        ("infra/policies/orders.json", OPEN_POLICY),
        ("infra/policies/other.json", r#"{"Version": "2012-10-17", "Statement": []}"#),
        ("rendered/main.tf", RENDERED),
        ("shared/policy.json.tftpl", RENDERED_POLICY),
        ("template.yaml", TEMPLATE),
    ];
    Sandbox::new(&[&files[..], &OTHERS].concat())
}

#[test]
fn a_part_of_a_module_selects_the_module() {
    let sandbox = repository();
    let expected = (vec!["infra/policies/orders.json:4:38 wildcard-principal".to_owned()], 1);
    for file in ["infra/main.tf", "infra/prod.tfvars", "infra/policies/orders.json"] {
        assert_eq!(lint(&sandbox, &[file]), expected, "{file}");
    }
    let all = ["infra/main.tf", "README.md", "infra/policies/orders.json"];
    assert_eq!(lint(&sandbox, &all), expected);
}

#[test]
fn a_file_that_a_module_of_another_folder_renders_selects_it() {
    let sandbox = repository();
    let (findings, code) = lint(&sandbox, &["shared/policy.json.tftpl"]);
    assert_eq!((findings.len(), code), (1, 1), "{findings:?}");
    assert!(findings[0].ends_with(" wildcard-principal"), "{findings:?}");
    // The module named by itself reads the same file.
    assert_eq!(lint(&sandbox, &["rendered/main.tf"]), (findings, 1));
}

#[test]
fn a_file_that_no_module_reads_selects_none() {
    let sandbox = repository();
    assert_eq!(lint(&sandbox, &["infra/policies/other.json"]), (Vec::new(), 0));
    sandbox.write("infra/.gitignore", b"*\n");
    // What git does not know is no part of the repository.
    let args = ["lint", "--format", "json", "infra/policies/orders.json"];
    let ran = sandbox.run(&args);
    assert!(ran.stdout.contains(r#""framework": "policy""#), "{}", ran.stdout);
}

#[test]
fn other_files_are_passed_over() {
    let sandbox = repository();
    for (file, _) in OTHERS {
        assert_eq!(lint(&sandbox, &[file]), (Vec::new(), 0), "{file}");
        let quiet = sandbox.run(&["lint", "--allow-empty", "-q", "--format", "concise", file]);
        let said = (quiet.code, quiet.stdout.as_str(), quiet.stderr.as_str());
        assert_eq!(said, (0, "", ""), "{file}");
    }
    // Who names a policy without --allow-empty says that it is one.
    assert_eq!(sandbox.run(&["lint", "caller.json"]).code, 1);
    assert_eq!(sandbox.run(&["lint", "README.md"]).code, 3);
}

#[test]
fn the_whole_tree_has_each_policy_once() {
    let sandbox = repository();
    let (findings, code) = lint(&sandbox, &["."]);
    let open: Vec<&String> = findings.iter().filter(|f| f.contains("wildcard")).collect();
    assert_eq!((open.len(), code), (2, 1), "{findings:?}");
    // Named or found, the verdict is one.
    for file in ["infra/policies/orders.json", "shared/policy.json.tftpl"] {
        let (named, _) = lint(&sandbox, &[file]);
        assert!(named.iter().all(|finding| findings.contains(finding)), "{named:?}");
    }
}

#[test]
fn a_configuration_of_a_folder_counts_where_there_is_something_to_judge() {
    let sandbox = Sandbox::new(&[
        (".git/HEAD", ""),
        ("package.json", "{}"),
        ("other/main.tf", "locals {}\n"),
        ("infra/gatelint.yaml", "version: 1\nfail-on: never\n"),
        ("infra/policy.json", OPEN_POLICY),
        ("second/policy.json", OPEN_POLICY),
    ]);
    let files = ["package.json", "other/main.tf", "infra/policy.json"];
    let (findings, code) = lint(&sandbox, &files);
    assert_eq!((findings.len(), code), (1, 0), "{findings:?}");
    assert_eq!(lint(&sandbox, &["infra/policy.json", "second/policy.json"]).1, 2);
}
