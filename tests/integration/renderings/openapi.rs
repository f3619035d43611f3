//! OpenAPI documents.

use serde_json::{Value, json};

use super::auth;

/// The extension by which a scheme says what it is, and the scheme; nothing where a method has none.
fn scheme(example: &Value) -> Option<Value> {
    let kind = match auth(example) {
        "CUSTOM" => "token",
        "COGNITO_USER_POOLS" => "cognito_user_pools",
        _ => return None,
    };
    Some(json!({
        "type": "apiKey", "name": "Authorization", "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": { "type": kind },
    }))
}

/// The one method.
fn paths(example: &Value) -> Value {
    let mut get = json!({ "x-amazon-apigateway-integration": { "type": "mock" } });
    match (auth(example), scheme(example)) {
        (_, Some(_)) => get["security"] = json!([{ "own": [] }]),
        ("AWS_IAM", None) => get["x-amazon-apigateway-auth"] = json!({ "type": "AWS_IAM" }),
        _ => {}
    }
    json!({ "/pets": { "get": get } })
}

/// A document of version 3.0 with the method, and without a policy.
pub(super) fn three(example: &Value) -> Value {
    let mut document = json!({
        "openapi": "3.0.1",
        "info": { "title": "api", "version": "1" },
        "paths": paths(example),
    });
    if let Some(scheme) = scheme(example) {
        document["components"]["securitySchemes"]["own"] = scheme;
    }
    document
}

/// The same of version 2.0.
pub(super) fn two(example: &Value) -> Value {
    let mut document = json!({
        "swagger": "2.0",
        "info": { "title": "api", "version": "1" },
        "paths": paths(example),
    });
    if let Some(scheme) = scheme(example) {
        document["securityDefinitions"]["own"] = scheme;
    }
    document
}

/// The document with the policy.
fn guarded(mut document: Value, example: &Value) -> Value {
    if !example["policy"].is_null() {
        document["x-amazon-apigateway-policy"] = example["policy"].clone();
    }
    document
}

/// The document of an API whose type a template says.
pub(super) fn of_a_body(example: &Value) -> Value {
    guarded(three(example), example)
}

/// The document of an API that nothing else describes: a private one names its endpoints.
pub(super) fn alone(version: fn(&Value) -> Value, example: &Value) -> Value {
    let mut document = guarded(version(example), example);
    if example["endpoint"] == "PRIVATE" {
        let endpoints = json!({ "vpcEndpointIds": ["vpce-0aaaaaaaaaaaaaaa1"] });
        document["x-amazon-apigateway-endpoint-configuration"] = endpoints;
    }
    document
}
