//! Policies outside of templates: documents, and what the AWS CLI prints.

use serde_json::{Value, json};

/// The policy; an API without one has no such document.
pub(super) fn policy(example: &Value) -> Option<&Value> {
    Some(&example["policy"]).filter(|policy| !policy.is_null())
}

/// What `aws apigateway get-rest-api` prints.
pub(super) fn answer(example: &Value) -> Value {
    let mut api = json!({
        "id": "a1b2c3d4e5",
        "name": "api",
        "createdDate": "2026-11-21T00:00:00+00:00",
        "apiKeySource": "HEADER",
        "endpointConfiguration": { "types": [example["endpoint"]] },
        "disableExecuteApiEndpoint": false,
        "rootResourceId": "f6g7h8i9j0",
    });
    if let Some(policy) = policy(example) {
        // The service escapes the text before it becomes one of JSON.
        let escaped = Value::from(policy.to_string()).to_string().replace('/', "\\/");
        api["policy"] = escaped.trim_matches('"').into();
    }
    api
}

/// What `aws apigateway get-rest-apis` prints.
pub(super) fn answers(example: &Value) -> Value {
    json!({ "items": [answer(example)] })
}
