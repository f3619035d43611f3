//! Exact places.

use super::Case;
use crate::model::{Leaf, PolicyState, PrincipalElement};

/// The leaves of a policy with the source text that each stands at.
fn places(case: &Case) -> Vec<(String, String)> {
    let PolicyState::Known(policies) = &case.world().policy else { panic!("a policy") };
    let api = case.api();
    let mut out = Vec::new();
    let mut add = |leaf: &Leaf| {
        let span = case.extraction.origins.span(leaf.origin);
        out.push((leaf.display(&api.symbols), case.db.slice(span)));
    };
    for statement in policies.iter().flat_map(|p| p.known_statements()) {
        statement.sid.iter().for_each(&mut add);
        if let PrincipalElement::Principal(p) = &statement.principal {
            p.items.iter().filter_map(|i| i.one()).for_each(|i| add(&i.value));
        }
        statement.action.items.iter().filter_map(|i| i.one()).for_each(&mut add);
        statement.resource.items.iter().filter_map(|i| i.one()).for_each(&mut add);
        for condition in statement.known_conditions() {
            add(&condition.operator_name);
            add(&condition.key_name);
            condition.values.iter().filter_map(|v| v.one()).for_each(&mut add);
        }
    }
    out
}

fn check(text: &str, expected: &[(&str, &str)]) {
    let case = Case::new(text);
    let found = places(&case);
    let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn leaves_of_a_heredoc() {
    let text = "variable \"v\" {}\nresource \"aws_api_gateway_rest_api\" \"a\" {\n  policy = <<-EOT\n    {\"Statement\": {\"Effect\": \"Allow\", \"Sid\": \"Grüße\",\n      \"Principal\": {\"AWS\": \"arn:aws:iam::${var.v}:root\"},\n      \"Action\": \"execute-api:\\u0049nvoke\",\n      \"Condition\": {\"IpAddress\": {\"aws:SourceIp\": [\"203.0.113.0/24\"]}}}}\n  EOT\n}\n";
    let expected = [
        ("Grüße", "\"Grüße\""),
        ("arn:aws:iam::${var.v}:root", "\"arn:aws:iam::${var.v}:root\""),
        ("execute-api:Invoke", "\"execute-api:\\u0049nvoke\""),
        ("IpAddress", "\"IpAddress\""),
        ("aws:SourceIp", "\"aws:SourceIp\""),
        ("203.0.113.0/24", "\"203.0.113.0/24\""),
    ];
    check(text, &expected);
    check(&text.replace('\n', "\r\n"), &expected);
    check(&format!("\u{feff}{text}"), &expected);
}

#[test]
fn leaves_of_a_quoted_string() {
    check(
        "resource \"aws_api_gateway_rest_api\" \"a\" {\n  policy = \"{\\\"Statement\\\": {\\\"Principal\\\": \\\"*\\\", \\\"Resource\\\": \\\"a\\\\/b\\\"}}\"\n}\n",
        &[("*", "\\\"*\\\""), ("a/b", "\\\"a\\\\/b\\\"")],
    );
}

#[test]
fn leaves_of_jsonencode_and_documents() {
    check(
        "resource \"aws_api_gateway_rest_api\" \"a\" {\n  policy = jsonencode({ Statement = { Sid = \"x\", Principal = { AWS = 111122223333 } } })\n}\n",
        &[("x", "\"x\""), ("111122223333", "111122223333")],
    );
    check(
        r#"
locals {
  partner = "111122223333"
}
data "aws_iam_policy_document" "d" {
  statement {
    principals {
      type        = "AWS"
      identifiers = [local.partner]
    }
    actions = ["execute-api:Invoke"]
    condition {
      test     = "StringEquals"
      variable = "aws:SourceVpce"
      values   = [format("vpce-%s", "1")]
    }
  }
}
resource "aws_api_gateway_rest_api" "a" {
  policy = data.aws_iam_policy_document.d.json
}
"#,
        &[
            ("111122223333", "\"111122223333\""),
            ("execute-api:Invoke", "\"execute-api:Invoke\""),
            ("StringEquals", "\"StringEquals\""),
            ("aws:SourceVpce", "\"aws:SourceVpce\""),
            ("vpce-1", "format(\"vpce-%s\", \"1\")"),
        ],
    );
}

#[test]
fn the_steps_lead_from_the_api_to_the_token() {
    let case = Case::new(
        r#"
variable "partner" {
  default = "111122223333"
}
locals {
  policy = { Statement = { Principal = { AWS = var.partner } } }
}
resource "aws_api_gateway_rest_api" "a" {
  policy = jsonencode(local.policy)
}
"#,
    );
    let PolicyState::Known(policies) = &case.world().policy else { panic!("a policy") };
    let statement = policies[0].known_statements().next().expect("a statement");
    let PrincipalElement::Principal(principals) = &statement.principal else { panic!() };
    let leaf = &principals.items[0].one().expect("a principal").value;
    let steps = case.extraction.origins.steps(leaf.origin);
    let steps: Vec<String> =
        steps.iter().map(|n| format!("{:?} {}", n.step, case.db.slice(n.at))).collect();
    assert_eq!(
        steps,
        [
            "Reference local.policy",
            "Local policy",
            "Reference var.partner",
            "Default default",
            "Literal \"111122223333\""
        ]
    );
}

#[test]
fn the_same_leaf_in_two_worlds_has_one_origin() {
    let case = Case::new(
        r#"
variable "private" {}
resource "aws_api_gateway_rest_api" "a" {
  endpoint_configuration {
    types = [var.private ? "PRIVATE" : "EDGE"]
  }
  policy = <<EOT
{"Statement": {"Effect": "Allow", "Principal": "*"}}
EOT
}
"#,
    );
    let origins: Vec<_> = case
        .api()
        .worlds
        .iter()
        .map(|w| match &w.policy {
            PolicyState::Known(p) => p[0].known_statements().next().expect("one").origin,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(origins.len(), 2);
    assert_eq!(origins[0], origins[1]);
    assert_eq!(case.api().sites.len(), 1);
}
