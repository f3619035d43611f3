//! What decides a possible finding is named where people read it: at the variable, and in the help with
//! its flag, once.

use serde_json::Value;

use super::sandbox::Sandbox;

/// The findings of a module, as JSON.
fn findings(module: &str) -> Vec<Value> {
    let sandbox = Sandbox::new(&[("main.tf", module)]);
    let ran = sandbox.run(&["lint", "--format", "json", "--account-id", "123456789012"]);
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    json["findings"].as_array().expect("a list").clone()
}

fn finding(module: &str, rule: &str) -> Value {
    let all = findings(module);
    let found: Vec<&Value> = all.iter().filter(|finding| finding["rule"] == rule).collect();
    let [one] = found.as_slice() else { panic!("one {rule}, not {all:#?}") };
    (*one).clone()
}

fn labels(finding: &Value) -> Vec<&str> {
    let labels = finding["labels"].as_array().expect("labels").iter();
    labels.filter_map(|label| label["message"].as_str()).collect()
}

const CASE: &str = r#"variable "private" {
  type    = bool
  default = true
}
resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
}
resource "aws_api_gateway_rest_api_policy" "orders" {
  count       = var.private ? 1 : 0
  rest_api_id = aws_api_gateway_rest_api.orders.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*"
      Condition = { IpAddress = { "aws:SourceIp" = "203.0.113.0/24" } }
    }]
  })
}
"#;

#[test]
fn the_case_of_a_variable() {
    let found = finding(CASE, "public-api-no-policy");
    assert_eq!(found["confidence"], "possible");
    assert!(labels(&found).contains(&"it is so when `var.private = false`"), "{found:#}");
    let help = found["help"].as_str().expect("help");
    assert!(
        help.starts_with("to settle it, run with `--var private=...`; to close it, "),
        "{help}"
    );
}

#[test]
fn one_flag_is_named_once() {
    let module = r#"variable "policy" {
  type    = string
  default = null
}
resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
}
resource "aws_api_gateway_rest_api_policy" "orders" {
  count       = var.policy == null ? 0 : 1
  rest_api_id = aws_api_gateway_rest_api.orders.id
  policy      = var.policy
}
"#;
    let found = finding(module, "wildcard-principal");
    let help = found["help"].as_str().expect("help");
    assert_eq!(help.matches("--var policy=...").count(), 1, "{help}");
    assert!(labels(&found).contains(&"declared here: its value decides"), "{found:#}");
}

#[test]
fn every_variable_that_chooses_a_body() {
    let module = r#"variable "stage" {}
variable "region" {}
variable "suffix" {
  default = "json"
}
locals {
  name = "${var.stage}-${terraform.workspace}"
}
resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  body = templatefile("policies/${local.name}-${var.region}.${var.suffix}", {})
}
"#;
    let found = finding(module, "wildcard-principal");
    assert_eq!(found["confidence"], "possible");
    let help = found["help"].as_str().expect("help");
    let flags =
        "run with `--var region=...`, `--var stage=...` and `--var terraform.workspace=...`;";
    assert!(help.contains(flags), "{help}");
}

#[test]
fn every_variable_that_chooses_a_rendered_body() {
    let module = r#"variable "stage" {}
variable "region" {}
data "template_file" "body" {
  template = file("policies/${var.stage}-${var.region}.json")
  vars     = { name = "orders" }
}
resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  body = data.template_file.body.rendered
}
"#;
    let found = finding(module, "wildcard-principal");
    let help = found["help"].as_str().expect("help");
    assert!(help.contains("run with `--var region=...` and `--var stage=...`;"), "{help}");
}

#[test]
fn a_type_that_no_endpoint_has() {
    let module = r#"resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  endpoint_configuration { types = [""] }
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*" }]
  })
}
"#;
    let found = finding(module, "wildcard-principal");
    assert!(labels(&found).contains(&"no endpoint type has this name"), "{found:#}");
}

#[test]
fn documents_that_are_merged_in_are_steps_of_the_policy() {
    let module = r#"resource "aws_api_gateway_rest_api" "orders" {
  name   = "orders"
  policy = data.aws_iam_policy_document.orders.json
}
data "aws_iam_policy_document" "orders" {
  source_policy_documents   = [local.base]
  override_policy_documents = [data.aws_iam_policy_document.guard.json]
}
data "aws_iam_policy_document" "guard" {
  source_policy_documents = [file("more.json")]
  statement {
    effect    = "Deny"
    actions   = ["execute-api:Invoke"]
    resources = ["execute-api:/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
locals {
  base = jsonencode({ Version = "2012-10-17", Statement = [] })
}
"#;
    let sandbox = Sandbox::new(&[("main.tf", module), ("more.json", "{\"Statement\": []}")]);
    let ran = sandbox.run(&["inventory", "--format", "json"]);
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let policies = json["apis"][0]["policies"].as_array().expect("policies");
    let [policy] = policies.as_slice() else { panic!("one policy: {ran:?}") };
    let steps = policy["steps"].as_array().expect("steps").iter();
    let steps: Vec<String> = steps
        .map(|step| {
            format!(
                "{} {}:{}",
                step["step"].as_str().unwrap(),
                step["file"].as_str().unwrap(),
                step["line"]
            )
        })
        .collect();
    for expected in [
        "reference main.tf:3",
        "merged in, reference main.tf:6",
        "merged in, reference main.tf:7",
        "merged in, written here main.tf:9",
        "merged in, written here more.json:1",
    ] {
        assert!(steps.iter().any(|step| step == expected), "{expected}: {steps:#?}");
    }
}
