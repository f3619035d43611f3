//! Templates of CloudFormation.

use serde_json::{Value, json};

use super::auth;

/// A template with an API of that endpoint type, one method and no policy.
fn bare(example: &Value) -> Value {
    json!({
        "Resources": {
            "Api": {
                "Type": "AWS::ApiGateway::RestApi",
                "Properties": {
                    "Name": "api",
                    "EndpointConfiguration": { "Types": [example["endpoint"]] },
                },
            },
            "Pets": {
                "Type": "AWS::ApiGateway::Resource",
                "Properties": {
                    "RestApiId": { "Ref": "Api" },
                    "ParentId": { "Fn::GetAtt": ["Api", "RootResourceId"] },
                    "PathPart": "pets",
                },
            },
            "GetPets": {
                "Type": "AWS::ApiGateway::Method",
                "Properties": {
                    "RestApiId": { "Ref": "Api" },
                    "ResourceId": { "Ref": "Pets" },
                    "HttpMethod": "GET",
                    "AuthorizationType": auth(example),
                },
            },
        },
    })
}

/// The policy as a property, as `form` writes it.
pub(super) fn property(example: &Value, form: fn(&Value) -> Value) -> Value {
    let mut template = bare(example);
    if !example["policy"].is_null() {
        template["Resources"]["Api"]["Properties"]["Policy"] = form(&example["policy"]);
    }
    template
}

/// The policy in the body of the API.
pub(super) fn body(example: &Value) -> Value {
    let mut template = bare(example);
    let mut body = json!({ "openapi": "3.0.1", "info": { "title": "api" }, "paths": {} });
    if !example["policy"].is_null() {
        body["x-amazon-apigateway-policy"] = example["policy"].clone();
    }
    template["Resources"]["Api"]["Properties"]["Body"] = body;
    template
}

/// The API alone: methods may be declared elsewhere.
pub(super) fn without_methods(example: &Value) -> Value {
    let mut template = property(example, Value::clone);
    let resources = template["Resources"].as_object_mut().expect("resources");
    resources.retain(|_, resource| resource["Type"] == "AWS::ApiGateway::RestApi");
    template
}

/// The API alone, with the body `body` that holds its methods and its policy.
fn defined(example: &Value, property: &str, body: Value) -> Value {
    let mut template = without_methods(&json!({ "endpoint": example["endpoint"], "auth": "NONE" }));
    template["Resources"]["Api"]["Properties"][property] = body;
    template
}

/// The definition in a local file, before `package` uploads it.
pub(super) fn location(example: &Value) -> Value {
    defined(example, "BodyS3Location", "definition.json".into())
}

/// The same, included.
pub(super) fn include(example: &Value) -> Value {
    let parameters = json!({ "Location": "definition.json" });
    let include = json!({ "Name": "AWS::Include", "Parameters": parameters });
    defined(example, "Body", json!({ "Fn::Transform": include }))
}

/// A stack that another one creates, and is told the endpoint type and the authorisation by it.
pub(super) fn nested(example: &Value) -> (Value, Value) {
    let mut inner = property(example, Value::clone);
    inner["Parameters"] = json!({ "Endpoint": { "Type": "String" }, "Auth": { "Type": "String" } });
    let resources = &mut inner["Resources"];
    let types = json!({ "Types": [{ "Ref": "Endpoint" }] });
    resources["Api"]["Properties"]["EndpointConfiguration"] = types;
    resources["GetPets"]["Properties"]["AuthorizationType"] = json!({ "Ref": "Auth" });
    let parameters = json!({ "Endpoint": example["endpoint"], "Auth": auth(example) });
    let properties = json!({ "TemplateURL": "inner.json", "Parameters": parameters });
    let stack = json!({ "Type": "AWS::CloudFormation::Stack", "Properties": properties });
    (json!({ "Resources": { "Inner": stack } }), inner)
}

/// What the AWS CDK writes: the paths of constructs, and the partition in the ARNs of principals.
pub(super) fn synthesised(example: &Value) -> Value {
    let mut template = property(example, Value::clone);
    for (id, resource) in template["Resources"].as_object_mut().expect("resources") {
        resource["Metadata"] = json!({ "aws:cdk:path": format!("App/{id}/Resource") });
    }
    let statements = template.pointer_mut("/Resources/Api/Properties/Policy/Statement");
    for statement in statements.and_then(Value::as_array_mut).into_iter().flatten() {
        for element in ["Principal", "NotPrincipal"] {
            if let Some(principals) = statement.get_mut(element).and_then(|p| p.get_mut("AWS")) {
                in_partition(principals);
            }
        }
    }
    template
}

/// Joins the ARNs in `principals` of what is known of them and the partition.
fn in_partition(principals: &mut Value) {
    match principals {
        Value::Array(list) => list.iter_mut().for_each(in_partition),
        Value::String(text) => {
            if let Some(rest) = text.strip_prefix("arn:aws:") {
                let parts = json!(["arn:", { "Ref": "AWS::Partition" }, format!(":{rest}")]);
                *principals = json!({ "Fn::Join": ["", parts] });
            }
        }
        _ => {}
    }
}
