//! Units of Terragrunt: what each passes to a module is judged for itself.

use serde_json::Value;

use super::sandbox::Sandbox;

const MODULE: &str = r#"variable "trusted" {
  type    = list(string)
  default = ["*"]
}

variable "private" {
  type    = bool
  default = false
}

resource "aws_api_gateway_rest_api" "this" {
  name = "orders"

  endpoint_configuration {
    types = [var.private ? "PRIVATE" : "REGIONAL"]
  }
}

resource "aws_api_gateway_rest_api_policy" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = var.trusted }
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/*"
    }]
  })
}
"#;

const ROOT: &str = r#"locals {
  account = read_terragrunt_config(find_in_parent_folders("account.hcl"))
}

inputs = {
  trusted = [local.account.locals.id]
}
"#;

const UNIT: &str = r#"include "root" {
  path = find_in_parent_folders("root.hcl")
}

terraform {
  source = "${dirname(find_in_parent_folders("root.hcl"))}/../modules//api"
}
"#;

/// A repository of one module and three units, each with another account.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new(&[
        ("modules/api/main.tf", MODULE),
        ("modules/vpc/main.tf", "resource \"aws_vpc\" \"this\" {}\n"),
        ("live/root.hcl", ROOT),
        ("live/dev/account.hcl", "locals {\n  id = \"*\"\n}\n"),
        ("live/dev/api/terragrunt.hcl", UNIT),
        ("live/prod/account.hcl", "locals {\n  id = \"111122223333\"\n}\n"),
        ("live/prod/api/terragrunt.hcl", UNIT),
        ("live/stage/account.hcl", "locals {\n  id = get_aws_account_id()\n}\n"),
        ("live/stage/api/terragrunt.hcl", UNIT),
        ("live/stage/vpc/terragrunt.hcl", &UNIT.replace("//api", "//vpc")),
    ]);
    std::fs::create_dir(sandbox.path().join(".git")).expect("a folder");
    sandbox
}

fn report(sandbox: &Sandbox, args: &[&str]) -> Value {
    let ran = sandbox.run(&[&["lint", "--format", "json"], args].concat());
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

fn findings(report: &Value) -> Vec<String> {
    let list = report["findings"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    list.map(|f| {
        let line = &f["range"]["start"]["line"];
        format!("{} {} {}:{line}", text(&f["rule"]), text(&f["api"]), text(&f["file"]))
    })
    .collect()
}

#[test]
fn each_unit_is_an_api_with_its_own_findings() {
    let report = report(&repository(), &["."]);
    assert_eq!(
        findings(&report),
        [
            "wildcard-principal module.live/dev/api.aws_api_gateway_rest_api.this \
             live/dev/account.hcl:2",
            "untrusted-account module.live/prod/api.aws_api_gateway_rest_api.this \
             live/prod/account.hcl:2",
        ],
        "{report:#}"
    );
    assert_eq!(report["summary"]["apis"], 3);
}

#[test]
fn a_unit_that_is_named_is_judged_alone() {
    let sandbox = repository();
    let found = findings(&report(&sandbox, &["live/prod/api/terragrunt.hcl"]));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("untrusted-account module.live/prod/api."), "{found:?}");
    let ran = sandbox.run(&["lint", "live/stage/api/terragrunt.hcl"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_folder_of_units_is_judged_with_the_modules_of_its_repository() {
    let found = findings(&report(&repository(), &["live/dev"]));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("wildcard-principal module.live/dev/api."), "{found:?}");
}

#[test]
fn inputs_that_nobody_knows_are_possible_and_named() {
    let sandbox = repository();
    let unit = format!(
        "{UNIT}\ndependency \"net\" {{\n  config_path = \"../net\"\n}}\n\n\
         inputs = merge(dependency.net.outputs.all, {{\n  private = get_env(\"PRIVATE\") == \"yes\"\n}})\n"
    );
    sandbox.write("live/prod/api/terragrunt.hcl", unit.as_bytes());
    let report = report(&sandbox, &["live/prod/api/terragrunt.hcl"]);
    let findings = report["findings"].as_array().expect("a list");
    assert!(!findings.is_empty(), "{report:#}");
    for finding in findings {
        assert_eq!(finding["confidence"], "possible", "{report:#}");
    }
    assert!(report.to_string().contains("dependency.net.outputs.all"), "{report:#}");
    assert_eq!(report["apis"][0]["exposure"]["anonymous_internet"], "possible", "{report:#}");
}

#[test]
fn a_module_elsewhere_that_is_handed_a_policy_is_named() {
    let unit = "terraform {\n  source = \"git::https://example.com/api-gateway.git?ref=v1\"\n}\n\n\
        inputs = {\n  policy = jsonencode({ Statement = [{ Effect = \"Allow\", Principal = \"*\", \
        Action = \"execute-api:Invoke\", Resource = \"*\" }] })\n}\n";
    let sandbox = Sandbox::new(&[("live/api/terragrunt.hcl", unit)]);
    let report = report(&sandbox, &["."]);
    assert_eq!(
        findings(&report),
        ["unresolved module.live/api live/api/terragrunt.hcl:1"],
        "{report:#}"
    );
    assert_eq!(report["apis"][0]["exposure"]["anonymous_internet"], "possible");
}

#[test]
fn a_policy_in_a_file_is_seen_where_it_is_handed_on() {
    let unit = "terraform {\n  source = \"git::https://example.com/api-gateway.git?ref=v1\"\n}\n\n\
        inputs = {\n  document = file(\"${get_terragrunt_dir()}/access.tpl\")\n}\n";
    let policy = "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \
        \"Action\": \"execute-api:Invoke\", \"Resource\": \"*\"}]}";
    let sandbox = Sandbox::new(&[("api/terragrunt.hcl", unit), ("api/access.tpl", policy)]);
    let found = findings(&report(&sandbox, &["."]));
    assert_eq!(found, ["unresolved module.api api/terragrunt.hcl:1"]);
}

#[test]
fn a_module_at_the_root_is_shown_by_its_name() {
    let unit = "terraform {\n  source = \"../..//\"\n}\n";
    let sandbox = Sandbox::new(&[("main.tf", MODULE), ("live/a/terragrunt.hcl", unit)]);
    let found = findings(&report(&sandbox, &["."]));
    let api = "module.live/a.aws_api_gateway_rest_api.this";
    assert_eq!(found, [format!("wildcard-principal {api} main.tf:3")]);
}

#[test]
fn what_is_put_beside_the_module_is_a_part_of_it() {
    let open = "resource \"aws_api_gateway_method\" \"x\" {\n  rest_api_id   = \
                aws_api_gateway_rest_api.this.id\n  resource_id   = \
                aws_api_gateway_rest_api.this.root_resource_id\n  http_method   = \"GET\"\n  \
                authorization = \"NONE\"\n}\n";
    let routes = |report: &Value| report["apis"][0]["authorization"].clone();
    let name = "live/stage/api/terragrunt.hcl";
    let sandbox = repository();
    assert_eq!(routes(&report(&sandbox, &[name])), Value::Array(Vec::new()));
    // A file of the unit.
    sandbox.write("live/stage/api/extra.tf", open.as_bytes());
    assert_eq!(routes(&report(&sandbox, &[name])), serde_json::json!(["NONE"]));
    std::fs::remove_file(sandbox.path().join("live/stage/api/extra.tf")).expect("a file");
    // A file that Terragrunt writes.
    let unit = format!(
        "{UNIT}\ngenerate \"extra\" {{\n  path      = \"extra.tf\"\n  if_exists = \"overwrite\"\n  \
         contents  = <<-EOT\n{open}EOT\n}}\n"
    );
    sandbox.write(name, unit.as_bytes());
    assert_eq!(routes(&report(&sandbox, &[name])), serde_json::json!(["NONE"]));
    // One that nobody knows.
    sandbox.write(name, unit.replace("\"NONE\"", "\"${run_cmd(\"x\")}\"").as_bytes());
    let found = findings(&report(&sandbox, &[name]));
    assert_eq!(found, ["unresolved  live/stage/api/terragrunt.hcl:9"]);
}

#[test]
fn files_of_the_module_are_read_beside_those_of_the_unit() {
    let module = MODULE.replace("jsonencode({", "file(\"policy.json\")\n  other = jsonencode({");
    let policy = "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \
        \"Action\": \"execute-api:Invoke\", \"Resource\": \"*\"}]}";
    let sandbox = repository();
    sandbox.write("modules/api/main.tf", module.as_bytes());
    sandbox.write("modules/api/policy.json", policy.as_bytes());
    let found = findings(&report(&sandbox, &["live/stage/api/terragrunt.hcl"]));
    let api = "module.live/stage/api.aws_api_gateway_rest_api.this";
    let expected = format!("wildcard-principal {api} modules/api/policy.json:1");
    assert!(found.contains(&expected), "{found:?}");
}

#[test]
fn a_unit_of_which_the_module_is_not_known_is_named_and_so_are_the_inputs_of_what_it_may_call() {
    let unknown = UNIT.replace("../modules//api", "../${get_env(\"MODULES\")}//api");
    let json = r#"{"terraform": {"source": "../../../modules/api"}, "inputs": {"trusted": ["*"]}}"#;
    for (name, text) in [("terragrunt.hcl", unknown.as_str()), ("terragrunt.hcl.json", json)] {
        let sandbox = Sandbox::new(&[
            ("modules/api/main.tf", &MODULE.replace("[\"*\"]", "[]")),
            ("live/root.hcl", "inputs = { trusted = [\"*\"] }\n"),
            (&format!("live/a/b/{name}"), text),
        ]);
        let report = report(&sandbox, &["."]);
        let found = findings(&report);
        assert!(
            found.contains(&format!("unresolved  live/a/b/{name}:1"))
                || found.contains(&format!("unresolved  live/a/b/{name}:5")),
            "{found:?}"
        );
        assert_eq!(report["apis"][0]["exposure"]["anonymous_internet"], "possible", "{report:#}");
    }
}

#[test]
fn units_of_other_modules_are_not_read() {
    let ran = repository().run(&["lint", "-v", "."]);
    let said = |what: &str| ran.stderr.lines().any(|line| line == what);
    assert!(said("live/dev/api/terragrunt.hcl: read as a unit of Terragrunt"), "{ran:?}");
    let why = "skipped: no module that it may call mentions API Gateway";
    assert!(said(&format!("live/stage/vpc/terragrunt.hcl: {why}")), "{ran:?}");
}
