//! Plans by hand, in the shape that Terraform writes.

mod deployed;
mod first;
mod hostile;
mod redeployed;

use serde_json::{Value, json};

use super::extract;
use crate::extract::terraform::tests::Case;
use crate::extract::testing::extracted;

const API: &str = "aws_api_gateway_rest_api";
const POLICY: &str = "aws_api_gateway_rest_api_policy";
const METHOD: &str = "aws_api_gateway_method";
const RESOURCE: &str = "aws_api_gateway_resource";
const DOCUMENT: &str = "aws_iam_policy_document";

/// A resource in a module: where it is, what is known, what is not, how it is configured.
struct Made {
    module: &'static str,
    mode: &'static str,
    kind: &'static str,
    name: &'static str,
    index: Value,
    values: Value,
    unknown: Value,
    expressions: Value,
    actions: &'static [&'static str],
    /// What it was, where it was something else.
    before: Option<Value>,
}

impl Made {
    fn new(kind: &'static str, name: &'static str, values: Value) -> Self {
        let (index, unknown, expressions) = (Value::Null, json!({}), json!({}));
        let actions = &["create"];
        Self {
            module: "",
            mode: "managed",
            kind,
            name,
            index,
            values,
            unknown,
            expressions,
            actions,
            before: None,
        }
    }

    fn data(name: &'static str, values: Value) -> Self {
        Self { mode: "data", actions: &["read"], ..Self::new(DOCUMENT, name, values) }
    }

    fn unknown(self, unknown: Value) -> Self {
        Self { unknown, ..self }
    }

    fn written(self, expressions: Value) -> Self {
        Self { expressions, ..self }
    }

    fn within(self, module: &'static str) -> Self {
        Self { module, ..self }
    }

    fn index(self, index: Value) -> Self {
        Self { index, ..self }
    }

    fn actions(self, actions: &'static [&'static str]) -> Self {
        Self { actions, ..self }
    }

    fn address(&self) -> String {
        let data = if self.mode == "data" { "data." } else { "" };
        let key = if self.index.is_null() { String::new() } else { format!("[{}]", self.index) };
        let dot = if self.module.is_empty() { "" } else { "." };
        format!("{}{dot}{data}{}.{}{key}", self.module, self.kind, self.name)
    }

    fn head(&self) -> Value {
        let mut out = json!({
            "address": self.address(), "mode": self.mode, "type": self.kind, "name": self.name,
            "provider_name": "registry.terraform.io/hashicorp/aws",
        });
        if !self.index.is_null() {
            out["index"] = self.index.clone();
        }
        out
    }

    fn planned(&self) -> Value {
        let mut out = self.head();
        out["values"] = self.values.clone();
        out["sensitive_values"] = json!({});
        out
    }

    fn change(&self) -> Value {
        let mut out = self.head();
        if !self.module.is_empty() {
            out["module_address"] = self.module.into();
        }
        out["change"] = json!({
            "actions": self.actions, "before": self.before.as_ref().unwrap_or(&self.values), "after": self.values,
            "after_unknown": self.unknown, "before_sensitive": false, "after_sensitive": {},
        });
        out
    }

    fn configured(&self) -> Value {
        json!({
            "address": format!("{}.{}", self.kind, self.name), "mode": self.mode,
            "type": self.kind, "name": self.name, "provider_config_key": "aws",
            "expressions": self.expressions, "schema_version": 0,
        })
    }
}

/// A plan of resources in the root module.
fn plan(made: &[Made]) -> Value {
    let all = |shown: fn(&Made) -> Value| made.iter().map(shown).collect::<Vec<Value>>();
    let is_planned = |m: &&Made| m.mode == "managed" && m.actions != ["delete"];
    let planned: Vec<Value> = made.iter().filter(is_planned).map(Made::planned).collect();
    json!({
        "format_version": "1.2", "terraform_version": "1.9.5",
        "planned_values": { "root_module": { "resources": planned } },
        "resource_changes": all(Made::change),
        "configuration": { "root_module": { "resources": all(Made::configured) } },
        "timestamp": "2026-01-01T00:00:00Z", "applyable": true, "complete": true, "errored": false,
    })
}

fn read(plan: &Value) -> Case {
    read_text(&plan.to_string())
}

fn read_text(text: &str) -> Case {
    let (db, extraction) = extracted(extract, ("/m/plan.json", "plan.json"), text, &[], None);
    Case { db, extraction }
}

/// What `references` holds for a reference of two parts and an attribute.
fn refers(to: &str) -> Value {
    let short = to.rsplit_once('.').map_or(to, |(short, _)| short);
    json!({ "references": [to, short] })
}

fn policy_text(principal: &str, resource: &str) -> String {
    json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": principal, "Action": "execute-api:Invoke", "Resource": resource },
    ]})
    .to_string()
}

/// An API that exists, with everything about it known.
fn deployed(actions: &'static [&'static str]) -> Vec<Made> {
    let arn = "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3";
    let text = policy_text("*", &format!("{arn}/*"));
    vec![
        Made::new(API, "orders", json!({
            "name": "orders", "id": "a1b2c3", "root_resource_id": "r00t", "execution_arn": arn,
            "policy": text, "body": null, "endpoint_configuration": [{ "types": ["REGIONAL"], "vpc_endpoint_ids": null }],
            "tags": { "a": "1" }, "tags_all": { "a": "1", "owner": "payments" },
        }))
        .written(json!({ "name": { "constant_value": "orders" } }))
        .actions(actions),
        Made::new(POLICY, "orders", json!({ "id": "a1b2c3", "rest_api_id": "a1b2c3", "policy": text }))
            .written(json!({ "rest_api_id": refers("aws_api_gateway_rest_api.orders.id"), "policy": {} }))
            .actions(actions),
        Made::new(RESOURCE, "pets", json!({ "id": "r1", "rest_api_id": "a1b2c3", "parent_id": "r00t", "path_part": "pets" }))
            .actions(actions),
        Made::new(METHOD, "get", json!({
            "id": "m", "rest_api_id": "a1b2c3", "resource_id": "r1", "http_method": "GET", "authorization": "AWS_IAM",
            "api_key_required": false,
        }))
        .actions(actions),
    ]
}

/// A first deployment: nothing that AWS chooses is known.
fn first() -> Vec<Made> {
    let arn = "aws_api_gateway_rest_api.orders.execution_arn";
    vec![
        Made::new(API, "orders", json!({ "name": "orders", "body": null, "endpoint_configuration": [{ "types": ["PRIVATE"] }] }))
            .unknown(json!({ "id": true, "policy": true, "execution_arn": true, "root_resource_id": true, "tags_all": true,
                "endpoint_configuration": [{ "types": [false], "ip_address_type": true, "vpc_endpoint_ids": true }] }))
            .written(json!({ "name": { "constant_value": "orders" },
                "endpoint_configuration": [{ "types": { "constant_value": ["PRIVATE"] } }] })),
        Made::new(POLICY, "orders", json!({}))
            .unknown(json!({ "id": true, "rest_api_id": true, "policy": true }))
            .written(json!({
                "rest_api_id": refers("aws_api_gateway_rest_api.orders.id"),
                "policy": refers("data.aws_iam_policy_document.orders.json"),
            })),
        Made::new(RESOURCE, "pets", json!({ "path_part": "pets" }))
            .unknown(json!({ "id": true, "path": true, "rest_api_id": true, "parent_id": true }))
            .written(json!({
                "rest_api_id": refers("aws_api_gateway_rest_api.orders.id"),
                "parent_id": refers("aws_api_gateway_rest_api.orders.root_resource_id"),
            })),
        Made::new(METHOD, "get", json!({ "http_method": "GET", "authorization": "NONE", "api_key_required": false }))
            .unknown(json!({ "id": true, "rest_api_id": true, "resource_id": true }))
            .written(json!({
                "rest_api_id": refers("aws_api_gateway_rest_api.orders.id"),
                "resource_id": refers("aws_api_gateway_resource.pets.id"),
            })),
        Made::data("orders", json!({ "version": null, "statement": [
            { "sid": null, "effect": "Allow", "actions": ["execute-api:Invoke"], "resources": [null], "condition": [],
              "principals": [{ "type": "*", "identifiers": ["*"] }], "not_actions": null },
            { "sid": null, "effect": "Deny", "actions": ["execute-api:Invoke"], "resources": ["execute-api:/*"],
              "principals": [{ "type": "*", "identifiers": ["*"] }],
              "condition": [{ "test": "StringNotEquals", "variable": "aws:SourceVpce", "values": [null] }] },
        ]}))
        .unknown(json!({ "id": true, "json": true, "minified_json": true, "statement": [
            { "actions": [false], "resources": [true], "condition": [], "principals": [{ "identifiers": [false] }] },
            { "actions": [false], "resources": [false], "principals": [{ "identifiers": [false] }],
              "condition": [{ "values": [true] }] },
        ]}))
        .written(json!({ "statement": [
            { "effect": { "constant_value": "Allow" }, "resources": refers(arn) },
            { "condition": [{ "test": { "constant_value": "StringNotEquals" }, "values": refers("aws_vpc_endpoint.api.id") }] },
        ]})),
    ]
}
