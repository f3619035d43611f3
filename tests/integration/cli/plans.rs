//! Plans of Terraform against the sources that they were made of: what is found must not depend on which of
//! them is judged.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::sandbox::Sandbox;

const ARN: &str = "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3";

/// A module with one API; `GUARD` stands for the second statement.
const SOURCES: &str = r#"locals {
  everything = "${aws_api_gateway_rest_api.orders.execution_arn}/*"
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "pets" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  parent_id   = aws_api_gateway_rest_api.orders.root_resource_id
  path_part   = "pets"
}

resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.orders.id
  resource_id   = aws_api_gateway_resource.pets.id
  http_method   = "GET"
  authorization = "NONE"
}

data "aws_iam_policy_document" "orders" {
  statement {
    effect    = "Allow"
    actions   = ["execute-api:Invoke"]
    resources = [local.everything]
    principals {
      type        = "PRINCIPAL"
      identifiers = ["CALLER"]
    }
  }
GUARD
}

resource "aws_api_gateway_rest_api_policy" "orders" {
  rest_api_id = aws_api_gateway_rest_api.orders.id
  policy      = data.aws_iam_policy_document.orders.json
}
"#;

const GUARD: &str = r#"  statement {
    effect    = "Deny"
    actions   = ["execute-api:Invoke"]
    resources = [local.everything]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "NotIpAddress"
      variable = "aws:SourceIp"
      values   = ["BLOCK"]
    }
  }"#;

/// One policy of the module.
struct Case {
    name: &'static str,
    principal: &'static str,
    caller: &'static str,
    /// The block outside of which everybody is denied.
    block: Option<&'static str>,
}

const CASES: [Case; 5] = [
    Case { name: "open", principal: "*", caller: "*", block: None },
    Case { name: "guarded", principal: "*", caller: "*", block: Some("203.0.113.0/24") },
    Case { name: "too wide", principal: "*", caller: "*", block: Some("0.0.0.0/0") },
    Case { name: "partner", principal: "AWS", caller: "999999999999", block: None },
    Case { name: "own", principal: "AWS", caller: "123456789012", block: None },
];

impl Case {
    fn sources(&self) -> String {
        let guard = self.block.map_or(String::new(), |block| GUARD.replace("BLOCK", block));
        let text = SOURCES.replace("PRINCIPAL", self.principal).replace("CALLER", self.caller);
        text.replace("GUARD", &guard)
    }

    /// The policy document as its values are in a plan; resources that are not known are null.
    fn statements(&self, resource: Value) -> Value {
        let statement = |effect: &str, kind: &str, caller: &str, condition: Value| {
            json!({ "sid": null, "effect": effect, "actions": ["execute-api:Invoke"], "resources": [resource],
                "not_actions": null, "not_resources": null, "not_principals": [], "condition": condition,
                "principals": [{ "type": kind, "identifiers": [caller] }] })
        };
        let mut out = vec![statement("Allow", self.principal, self.caller, json!([]))];
        if let Some(block) = self.block {
            let condition =
                json!([{ "test": "NotIpAddress", "variable": "aws:SourceIp", "values": [block] }]);
            out.push(statement("Deny", "*", "*", condition));
        }
        out.into()
    }

    /// The policy as the provider renders it.
    fn rendered(&self) -> String {
        let resource = format!("{ARN}/*");
        let principal = match self.principal {
            "*" => json!("*"),
            _ => json!({ "AWS": self.caller }),
        };
        let mut statements = vec![json!({ "Effect": "Allow", "Principal": principal,
            "Action": "execute-api:Invoke", "Resource": resource })];
        if let Some(block) = self.block {
            statements.push(json!({ "Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke",
                "Resource": resource, "Condition": { "NotIpAddress": { "aws:SourceIp": block } } }));
        }
        json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
    }

    /// The plan of a first deployment, or of one that changes nothing.
    fn plan(&self, first: bool) -> Value {
        let unknown = |names: &[&str]| -> Value {
            names.iter().map(|name| ((*name).to_owned(), Value::from(true))).collect()
        };
        let api = refers("aws_api_gateway_rest_api.orders.id");
        let statements = self.statements(Value::Null);
        let count = statements.as_array().map_or(0, Vec::len);
        let marks = json!({ "actions": [false], "resources": [true], "principals": [{ "identifiers": [false] }] });
        let blocks = json!({ "resources": { "references": ["local.everything"] } });
        let endpoint = json!([{ "types": ["REGIONAL"] }]);
        // Type, name, what is known at first, what is known once it is deployed, what is not known at
        // first, how it is configured.
        let rows = [
            (
                "aws_api_gateway_rest_api",
                json!({ "name": "orders", "endpoint_configuration": endpoint }),
                json!({ "id": "a1b2c3", "root_resource_id": "r0", "execution_arn": ARN, "policy": self.rendered() }),
                unknown(&["id", "policy", "execution_arn", "root_resource_id"]),
                json!({ "name": { "constant_value": "orders" } }),
            ),
            (
                "aws_api_gateway_resource",
                json!({ "path_part": "pets" }),
                json!({ "id": "r1", "rest_api_id": "a1b2c3", "parent_id": "r0" }),
                unknown(&["id", "rest_api_id", "parent_id"]),
                json!({ "rest_api_id": api, "parent_id": refers("aws_api_gateway_rest_api.orders.root_resource_id") }),
            ),
            (
                "aws_api_gateway_method",
                json!({ "http_method": "GET", "authorization": "NONE" }),
                json!({ "id": "m1", "rest_api_id": "a1b2c3", "resource_id": "r1" }),
                unknown(&["id", "rest_api_id", "resource_id"]),
                json!({ "rest_api_id": api, "resource_id": refers("aws_api_gateway_resource.pets.id") }),
            ),
            (
                "aws_iam_policy_document",
                json!({ "statement": statements, "version": null }),
                json!({ "statement": self.statements(format!("{ARN}/*").into()), "json": self.rendered() }),
                json!({ "id": true, "json": true, "statement": vec![marks; count] }),
                json!({ "statement": vec![blocks; count] }),
            ),
            (
                "aws_api_gateway_rest_api_policy",
                json!({}),
                json!({ "id": "a1b2c3", "rest_api_id": "a1b2c3", "policy": self.rendered() }),
                unknown(&["id", "rest_api_id", "policy"]),
                json!({ "rest_api_id": api, "policy": refers("data.aws_iam_policy_document.orders.json") }),
            ),
        ];
        let (mut planned, mut changes, mut prior, mut configured) =
            (vec![], vec![], vec![], vec![]);
        for (kind, at_first, later, not_known, expressions) in rows {
            let data = kind == "aws_iam_policy_document";
            let name = match kind {
                "aws_api_gateway_resource" => "pets",
                "aws_api_gateway_method" => "get",
                _ => "orders",
            };
            let prefix = if data { "data." } else { "" };
            let head = json!({ "address": format!("{prefix}{kind}.{name}"), "type": kind, "name": name,
                "mode": if data { "data" } else { "managed" } });
            let with = |key: &str, value: Value| {
                let mut out = head.clone();
                out[key] = value;
                out
            };
            let mut values = at_first;
            if !first {
                let known = later.as_object().expect("an object").clone();
                values.as_object_mut().expect("an object").extend(known);
            }
            configured.push(with("expressions", expressions));
            let resource = with("values", values.clone());
            match (data, first) {
                (true, false) => {
                    prior.push(resource);
                    continue;
                }
                (true, true) => {}
                (false, _) => planned.push(resource),
            }
            let action = match (first, data) {
                (true, true) => "read",
                (true, false) => "create",
                (false, _) => "no-op",
            };
            let not_known = if first { not_known } else { json!({}) };
            changes.push(with(
                "change",
                json!({ "actions": [action], "after": values, "after_unknown": not_known }),
            ));
        }
        json!({
            "format_version": "1.2", "terraform_version": "1.9.5",
            "planned_values": { "root_module": { "resources": planned } },
            "resource_changes": changes,
            "prior_state": { "format_version": "1.0", "values": { "root_module": { "resources": prior } } },
            "configuration": { "root_module": { "resources": configured } },
        })
    }
}

fn refers(to: &str) -> Value {
    let (short, _) = to.rsplit_once('.').expect("an attribute");
    json!({ "references": [to, short] })
}

pub(super) fn report(sandbox: &Sandbox, args: &[&str]) -> Value {
    let mut all = vec!["lint", "--format", "json", "--account-id", "123456789012"];
    all.extend(args);
    let ran = sandbox.run(&all);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}"))
}

/// The exposure of the only API, and how often each rule is broken how.
fn verdict(report: &Value) -> (Value, BTreeMap<String, usize>) {
    let apis = report["apis"].as_array().expect("a list");
    assert_eq!(apis.len(), 1, "{report:#}");
    let mut rules = BTreeMap::new();
    for finding in report["findings"].as_array().expect("a list") {
        let text = |key: &str| finding[key].as_str().expect("text").to_owned();
        let said = format!("{} {} {}", text("rule"), text("severity"), text("confidence"));
        *rules.entry(said).or_insert(0) += 1;
    }
    // What a plan cannot say: what would be planned again.
    rules.retain(|said, _| !said.starts_with("policy-not-redeployed"));
    (apis[0]["exposure"].clone(), rules)
}

#[test]
fn a_plan_is_judged_like_its_sources() {
    for case in &CASES {
        let sandbox = Sandbox::new(&[("infra/main.tf", &case.sources())]);
        sandbox.write("deployed.json", case.plan(false).to_string().as_bytes());
        sandbox.write("first.json", case.plan(true).to_string().as_bytes());
        let expected = verdict(&report(&sandbox, &["infra"]));
        let deployed = verdict(&report(&sandbox, &["deployed.json"]));
        assert_eq!(deployed, expected, "{}: deployed", case.name);
        for plan in ["deployed.json", "first.json"] {
            let found = report(&sandbox, &[plan, "--source", "infra"]);
            assert_eq!(verdict(&found), expected, "{}: {plan} with its sources", case.name);
            for finding in found["findings"].as_array().expect("a list") {
                assert_eq!(finding["file"], "infra/main.tf", "{finding:#}");
            }
        }
        // Without the sources nobody knows what `local.everything` is.
        let alone = verdict(&report(&sandbox, &["first.json"]));
        let worst = |exposure: &Value| exposure["anonymous_internet"].clone();
        let expected = match worst(&expected.0).as_str() {
            Some("allowed") => "possible",
            // A guard that is not known guards nothing for certain.
            _ if case.block.is_some() => "possible",
            _ => "denied",
        };
        assert_eq!(worst(&alone.0), expected, "{}: {alone:#?}", case.name);
    }
}

#[test]
fn comments_in_the_sources_count() {
    let case = &CASES[0];
    let ignored = case.sources().replace(
        "  policy      = data",
        "  # gatelint: ignore[wildcard-principal] -- a public shop\n  policy      = data",
    );
    let sandbox = Sandbox::new(&[("infra/main.tf", &ignored)]);
    sandbox.write("deployed.json", case.plan(false).to_string().as_bytes());
    let state = |args: &[&str]| {
        let report = report(&sandbox, args);
        let findings = report["findings"].as_array().expect("a list").clone();
        let of = |rule: &str| findings.iter().find(|f| f["rule"] == rule).cloned();
        of("wildcard-principal").unwrap_or_else(|| panic!("{report:#}"))
    };
    assert!(state(&["deployed.json"])["suppression"].is_null());
    let with = state(&["deployed.json", "--source", "infra"]);
    assert_eq!(with["suppression"]["reason"], "a public shop", "{with:#}");
    assert_eq!(
        (&with["file"], &with["range"]["start"]["line"]),
        (&json!("infra/main.tf"), &json!(41))
    );
    // What the plan says is shown too.
    let labels = with["labels"].as_array().expect("labels");
    assert!(labels.iter().any(|label| label["file"] == "deployed.json"), "{labels:#?}");
}

#[test]
fn a_plan_is_found_and_read_from_standard_input_and_as_utf_16() {
    let plan = CASES[0].plan(false).to_string();
    let sandbox = Sandbox::new(&[]);
    let utf16: Vec<u8> =
        format!("\u{feff}{plan}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    sandbox.write("out/plan.json", &utf16);
    let found = sandbox.run(&["lint", "--format", "concise"]);
    assert!(
        found.stdout.contains("out/plan.json:1:") && found.stdout.contains("[wildcard-principal]"),
        "{found:?}"
    );
    let piped = sandbox.run_with_input(&["lint", "--format", "concise", "-"], &plan);
    assert!(piped.stdout.contains("[wildcard-principal]"), "{piped:?}");
}
