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
pub(super) fn plain(text: &str) -> String {
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
