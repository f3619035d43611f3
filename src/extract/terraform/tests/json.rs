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
      actions   = ["execute-api:Invoke"]
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
        "actions": ["execute-api:Invoke"],
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
    assert!(shown.contains("aws:SourceIp ${x}|203.0.113.0/24"), "{shown}");
    assert!(shown.contains("${aws:username}|${aws:userid}"), "{shown}");
}

#[test]
fn policies_as_text_and_as_objects() {
    let native = r#"
resource "aws_api_gateway_rest_api" "a" {
  count  = 2
  name   = "orders"
  policy = "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"*\", \"Resource\": \"${local.all}\"}]}"
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
    x = { Statement = [{ Effect = "Deny", Principal = { AWS = "111122223333" }, Action = "*", Resource = local.all }] }
    y = { Statement = { Effect = "Allow", Principal = "*", Action = "*", Resource = [local.all, "x"] } }
  }
}
"#;
    let json = r#"{
  "resource": {
    "aws_api_gateway_rest_api": {
      "a": {"count": 2, "name": "orders", "policy":
        "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"*\", \"Resource\": \"${local.all}\"}]}"},
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
      "x": {"Statement": [{"Effect": "Deny", "Principal": {"AWS": "111122223333"}, "Action": "*", "Resource": "${local.all}"}]},
      "y": {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": ["${local.all}", "x"]}}
    }
  }
}"#;
    let shown = same(native, json);
    assert_eq!(shown.matches("Allow ").count(), 3, "{shown}");
}

#[test]
fn arguments_of_the_language_itself_and_nulls() {
    let shown = same(
        r#"
resource "aws_api_gateway_rest_api" "a" {
  provider   = aws.west
  depends_on = [aws_iam_role.r]
  name       = "orders"
  policy     = null
  lifecycle {
    ignore_changes = [policy]
  }
}
resource "aws_api_gateway_rest_api_policy" "a" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  policy      = data.aws_iam_policy_document.d.json
}
data "aws_iam_policy_document" "d" {
  version = null
  statement {
    sid       = null
    actions   = ["execute-api:Invoke"]
    resources = ["${aws_api_gateway_rest_api.a.execution_arn}/*", "arn:aws:execute-api:*:*:*/\"\n"]
    principals {
      type        = "AWS"
      identifiers = [111122223333]
    }
  }
}
"#,
        r#"[{"//": {"metadata": {"version": "0.20"}}, "data": [{"aws_iam_policy_document": {"d": [{
  "//": "x", "version": null, "dynamic": null,
  "statement": [[{
    "sid": null,
    "actions": ["execute-api:Invoke"],
    "resources": ["${aws_api_gateway_rest_api.a.execution_arn}/*", "arn:aws:execute-api:*:*:*/\u0022\n"],
    "principals": {"//": ["x"], "type": "AWS", "identifiers": [111122223333]}, "condition": []
  }]]
}]}}]},
{"resource": {
  "aws_api_gateway_rest_api": {"a": {
    "provider": "aws.west", "depends_on": ["aws_iam_role.r"], "name": "orders", "policy": null,
    "lifecycle": {"ignore_changes": ["policy"]}, "endpoint_configuration": null
  }},
  "aws_api_gateway_rest_api_policy": {"a": {
    "rest_api_id": "${aws_api_gateway_rest_api.a.id}",
    "policy": "${data.aws_iam_policy_document.d.json}"
  }}
}}]"#,
    );
    assert!(shown.contains("111122223333"), "{shown}");
}

#[test]
fn overrides_in_json_override_both_syntaxes() {
    let types = |kind: &str| format!(r#""endpoint_configuration": {{"types": ["{kind}"]}}"#);
    let json = |members: &str| {
        format!(r#"{{"resource": {{"aws_api_gateway_rest_api": {{"a": {{{members}}}}}}}}}"#)
    };
    let native = api("  endpoint_configuration {\n    types = [\"EDGE\"]\n  }");
    let over = json(&types("PRIVATE"));
    let base = json(&format!(r#""name": "orders", {}"#, types("EDGE")));
    for (name, text) in [("main.tf", &native), ("main.tf.json", &base)] {
        for file in ["override.tf.json", "z_override.tf.json"] {
            let case = Case::files(&[(name, text), (file, &over)]);
            assert_eq!(case.show(case.api()), "when :\n  Private\n  no policy\n", "{name} {file}");
        }
    }
    // A file of another name overrides nothing: two resources of one address.
    assert_eq!(Case::files(&[("main.tf.json", &base), ("over.tf.json", &over)]).apis().len(), 2);
    let native_over = native.replace("EDGE", "PRIVATE");
    let case = Case::files(&[("main.tf.json", &base), ("override.tf", &native_over)]);
    assert_eq!(case.show(case.api()), "when :\n  Private\n  no policy\n");
}

#[test]
fn files_of_both_syntaxes_are_one_module() {
    let json = r#"{"locals": {"policy": ""}, "variable": {"types": {}}}"#;
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
    assert_eq!(case.show(case.api()), "when :\n  Private\n  no policy\n");
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
