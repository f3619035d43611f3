//! Terraform modules in JSON.

use serde_json::{Value, json};

use super::auth;

/// The same as a Terraform module in JSON, without a policy.
fn module(example: &Value) -> Value {
    json!({
        "resource": {
            "aws_api_gateway_rest_api": {
                "api": { "name": "api", "endpoint_configuration": { "types": [example["endpoint"]] } },
            },
            "aws_api_gateway_resource": {
                "pets": {
                    "rest_api_id": "${aws_api_gateway_rest_api.api.id}",
                    "parent_id": "${aws_api_gateway_rest_api.api.root_resource_id}",
                    "path_part": "pets",
                },
            },
            "aws_api_gateway_method": {
                "get_pets": {
                    "rest_api_id": "${aws_api_gateway_rest_api.api.id}",
                    "resource_id": "${aws_api_gateway_resource.pets.id}",
                    "http_method": "GET",
                    "authorization": auth(example),
                },
            },
        },
    })
}

/// A text in which nothing is a template.
fn plain(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// The policy as the API's argument: a text.
pub(super) fn argument(example: &Value) -> Value {
    let mut module = module(example);
    if !example["policy"].is_null() {
        let text = plain(&example["policy"].to_string());
        module["resource"]["aws_api_gateway_rest_api"]["api"]["policy"] = text.into();
    }
    module
}

/// The policy as a resource of its own: a call of `jsonencode`.
pub(super) fn attached(example: &Value) -> Value {
    let mut module = module(example);
    if !example["policy"].is_null() {
        let call = format!("${{jsonencode({})}}", plain(&example["policy"].to_string()));
        module["resource"]["aws_api_gateway_rest_api_policy"]["api"] = json!({
            "rest_api_id": "${aws_api_gateway_rest_api.api.id}",
            "policy": call,
        });
    }
    module
}

/// The plan of the module: what AWS chooses is not known yet, and the configuration says what it will be.
pub(super) fn planned(example: &Value) -> Value {
    let api = "aws_api_gateway_rest_api.api.id";
    let mut all = vec![
        (
            "aws_api_gateway_rest_api",
            "api",
            json!({ "name": "api", "endpoint_configuration": [{ "types": [example["endpoint"]] }] }),
            json!({}),
        ),
        (
            "aws_api_gateway_resource",
            "pets",
            json!({ "path_part": "pets" }),
            json!({ "rest_api_id": api, "parent_id": "aws_api_gateway_rest_api.api.root_resource_id" }),
        ),
        (
            "aws_api_gateway_method",
            "get_pets",
            json!({ "http_method": "GET", "authorization": auth(example) }),
            json!({ "rest_api_id": api, "resource_id": "aws_api_gateway_resource.pets.id" }),
        ),
    ];
    if !example["policy"].is_null() {
        let values = json!({ "policy": example["policy"].to_string() });
        all.push(("aws_api_gateway_rest_api_policy", "api", values, json!({ "rest_api_id": api })));
    }
    let head = |kind: &str, name: &str| json!({ "address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name });
    let (mut resources, mut changes, mut configured) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, name, values, refers) in all {
        let mut resource = head(kind, name);
        resource["values"] = values.clone();
        resources.push(resource);
        let mut unknown = json!({ "id": true });
        let mut block = head(kind, name);
        for (argument, to) in refers.as_object().expect("an object") {
            let to = to.as_str().expect("a reference");
            let (short, _) = to.rsplit_once('.').expect("an attribute");
            unknown[argument] = true.into();
            block["expressions"][argument] = json!({ "references": [to, short] });
        }
        configured.push(block);
        let mut change = head(kind, name);
        change["change"] = json!({ "actions": ["create"], "before": null, "after": values, "after_unknown": unknown });
        changes.push(change);
    }
    json!({
        "format_version": "1.2", "terraform_version": "1.9.5",
        "planned_values": { "root_module": { "resources": resources } },
        "resource_changes": changes,
        "configuration": { "root_module": { "resources": configured } },
    })
}
