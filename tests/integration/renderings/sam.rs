//! Templates of AWS SAM.

use serde_json::{Value, json};

use super::openapi;

/// An API without a definition.
fn api(example: &Value) -> Value {
    json!({
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Api": {
                "Type": "AWS::Serverless::Api",
                "Properties": {
                    "StageName": "prod",
                    "EndpointConfiguration": { "Type": example["endpoint"] },
                },
            },
        },
    })
}

/// The policy in the definition.
pub(super) fn definition_body(example: &Value) -> Value {
    let mut template = api(example);
    let properties = &mut template["Resources"]["Api"]["Properties"];
    properties["DefinitionBody"] = openapi::of_a_body(example);
    template
}

/// The definition in a local file, before `package` uploads it.
pub(super) fn definition_uri(example: &Value) -> Value {
    let mut template = api(example);
    template["Resources"]["Api"]["Properties"]["DefinitionUri"] = "definition.json".into();
    template
}

/// The statements as those of a `ResourcePolicy`.
pub(super) fn custom_statements(example: &Value) -> Value {
    let mut template = api(example);
    let properties = &mut template["Resources"]["Api"]["Properties"];
    properties["DefinitionBody"] = openapi::three(example);
    if !example["policy"].is_null() {
        let statements = example["policy"]["Statement"].clone();
        properties["Auth"]["ResourcePolicy"]["CustomStatements"] = statements;
    }
    template
}
