//! Configurations of frameworks that make a template of them.

use serde_json::{Value, json};

use super::{alone, auth};

/// A service of the Serverless Framework.
pub(super) fn serverless(example: &Value) -> Value {
    let mut http = json!({ "method": "get", "path": "pets" });
    match auth(example) {
        "NONE" => {}
        "AWS_IAM" => http["authorizer"] = "aws_iam".into(),
        "CUSTOM" => http["authorizer"] = "own".into(),
        "COGNITO_USER_POOLS" => {
            let pool = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a";
            http["authorizer"] = json!({ "arn": pool });
        }
        other => panic!("{other}"),
    }
    let mut service = json!({
        "service": "pets",
        "provider": { "name": "aws", "endpointType": example["endpoint"] },
        "functions": { "pets": { "handler": "pets.get", "events": [{ "http": http }] } },
    });
    if let Some(policy) = alone::policy(example) {
        service["provider"]["apiGateway"]["resourcePolicy"] = policy["Statement"].clone();
    }
    service
}

/// An application of AWS Chalice: its methods are in Python.
pub(super) fn chalice(example: &Value) -> Vec<(&'static str, String)> {
    let mut config = json!({
        "version": "2.0",
        "app_name": "pets",
        "api_gateway_endpoint_type": example["endpoint"],
        "stages": { "dev": { "api_gateway_stage": "api" } },
    });
    let mut files = Vec::new();
    if let Some(policy) = alone::policy(example) {
        config["api_gateway_policy_file"] = "policy.json".into();
        files.push((".chalice/policy.json", policy.to_string()));
    }
    files.push((".chalice/config.json", config.to_string()));
    files
}
