//! Modules in the JSON syntax come to what the same modules in the native syntax come to.

use super::{Case, api};

/// Asserts that a module in JSON shows as the native one, and returns what both show.
fn same(native: &str, json: &str) -> String {
    let native = Case::new(native);
    let json = Case::files(&[("main.tf.json", json)]);
    let shown = |case: &Case| case.apis().iter().map(|api| case.show(api)).collect::<String>();
    assert_eq!(shown(&native), shown(&json));
    assert_eq!(native.problems(), json.problems());
    shown(&json)
}

#[test]
fn documents_variables_and_conditions() {
    let shown = same(
        r#"
variable "ips" {
  type    = set(string)
  default = ["203.0.113.0/24", "$${x}"]
}
variable "env" {
  default = "prod"
  validation {
    condition     = contains(["prod", "dev"], var.env)
    error_message = "no"
  }
}
locals {
  types = [var.env == "prod" ? "PRIVATE" : "REGIONAL"]
}
resource "aws_api_gateway_rest_api" "a" {
  name = "orders-${var.env}"
  endpoint_configuration {
    types = local.types
  }
  policy = data.aws_iam_policy_document.d.json
}
data "aws_iam_policy_document" "d" {
  dynamic "statement" {
    for_each = ["GET", "POST"]
    iterator = each_method
    content {
      resources = ["execute-api:/*/${each_method.value}/*"]
      principals {
        type        = "AWS"
        identifiers = ["*"]
      }
      condition {
        test     = "IpAddress"
        variable = "aws:SourceIp"
        values   = var.ips
      }
      condition {
        test     = "StringLike"
        variable = "aws:PrincipalTag/team"
        values   = ["&{aws:username}", "$${aws:userid}"]
      }
    }
  }
}
"#,
        r#"{
  "variable": {
    "ips": {"type": "set(string)", "default": ["203.0.113.0/24", "${x}"]},
    "env": {"default": "prod", "validation": [
      {"condition": "${contains([\"prod\", \"dev\"], var.env)}", "error_message": "no"}]}
  },
  "locals": {"types": ["${var.env == \"prod\" ? \"PRIVATE\" : \"REGIONAL\"}"]},
  "resource": {"aws_api_gateway_rest_api": {"a": {
    "name": "orders-${var.env}",
    "endpoint_configuration": {"types": "${local.types}"},
    "policy": "${data.aws_iam_policy_document.d.json}"
  }}},
  "data": {"aws_iam_policy_document": {"d": {
    "dynamic": [{"statement": [{
      "for_each": ["GET", "POST"],
      "iterator": "each_method",
      "content": {
        "resources": ["execute-api:/*/${each_method.value}/*"],
        "principals": {"type": "AWS", "identifiers": ["*"]},
        "condition": [
          {"test": "IpAddress", "variable": "aws:SourceIp", "values": "${var.ips}"},
          {"test": "StringLike", "variable": "aws:PrincipalTag/team",
           "values": ["&{aws:username}", "$${aws:userid}"]}
        ]
      }
    }]}]
  }}}
}"#,
    );
    assert!(shown.contains("when var.env = prod"), "{shown}");
    assert!(shown.contains("Allow Aws:* on execute-api:/*/GET/*"), "{shown}");
    assert!(shown.contains("aws:SourceIp 203.0.113.0/24|${x}"), "{shown}");
    assert!(shown.contains("${aws:username}|${aws:userid}"), "{shown}");
}

#[test]
fn policies_as_text_and_as_objects() {
    let native = r#"
resource "aws_api_gateway_rest_api" "a" {
  count  = 2
  name   = "orders"
  policy = "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Resource\": \"${local.all}\"}]}"
}
resource "aws_api_gateway_rest_api_policy" "a" {
  for_each    = { b = "x", c = "y" }
  rest_api_id = aws_api_gateway_rest_api.b[each.key].id
  policy      = jsonencode(local.policy[each.value])
}
resource "aws_api_gateway_rest_api" "b" {
  for_each = toset(["b", "c"])
  name     = each.key
}
locals {
  all = "execute-api:/*"
  policy = {
    x = { Statement = [{ Effect = "Deny", Principal = { AWS = "111122223333" }, Resource = local.all }] }
    y = { Statement = { Effect = "Allow", Principal = "*", Resource = [local.all, "x"] } }
  }
}
"#;
    let json = r#"{
  "resource": {
    "aws_api_gateway_rest_api": {
      "a": {"count": 2, "name": "orders", "policy":
        "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Resource\": \"${local.all}\"}]}"},
      "b": {"for_each": "${toset([\"b\", \"c\"])}", "name": "${each.key}"}
    },
    "aws_api_gateway_rest_api_policy": {"a": {
      "for_each": {"b": "x", "c": "y"},
      "rest_api_id": "${aws_api_gateway_rest_api.b[each.key].id}",
      "policy": "${jsonencode(local.policy[each.value])}"
    }}
  },
  "locals": {
    "all": "execute-api:/*",
    "policy": {
      "x": {"Statement": [{"Effect": "Deny", "Principal": {"AWS": "111122223333"}, "Resource": "${local.all}"}]},
      "y": {"Statement": {"Effect": "Allow", "Principal": "*", "Resource": ["${local.all}", "x"]}}
    }
  }
}"#;
    let shown = same(native, json);
    assert_eq!(shown.matches("Allow ").count(), 3, "{shown}");
}

#[test]
fn files_of_both_syntaxes_are_one_module() {
    let json = r#"{"locals": {"policy": "{}"}, "variable": {"types": {}}}"#;
    let over = r#"{"resource": {"aws_api_gateway_rest_api": {"a": {
        "endpoint_configuration": [{"types": "${var.types}"}]}}}}"#;
    let native =
        api("  policy = local.policy\n  endpoint_configuration {\n    types = [\"EDGE\"]\n  }");
    let case = Case::files(&[
        ("main.tf", &native),
        ("locals.tf.json", json),
        ("b_override.tf.json", over),
        ("terraform.tfvars.json", "{\"//\": \"x\", \"types\": [\"PRIVATE\"]}"),
    ]);
    assert_eq!(case.show(case.api()), "when :\n  Private\n");
    assert_eq!(case.problems(), Vec::<String>::new());
}

#[test]
fn an_argument_that_may_be_blocks_is_not_taken_for_a_value() {
    let json = r#"{
  "resource": {
    "aws_api_gateway_rest_api": {"a": {"policy": "${try(aws_x_y.z.s[0].missing, \"{}\")}"}},
    "aws_x_y": {"z": {"s": [{"a": 1}]}}
  }
}"#;
    let case = Case::files(&[("main.tf.json", json)]);
    assert!(case.show(case.api()).contains("unknown policy"), "{}", case.show(case.api()));
}
