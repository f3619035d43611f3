//! One API with one policy, in every form in which its endpoint type and its methods can be said, too.
//! What is found must not depend on the form.

use serde_json::{Value, json};

/// A form.
pub(crate) struct Rendering {
    pub(crate) name: &'static str,
    pub(crate) extension: &'static str,
    /// Writes a worked example.
    pub(crate) text: fn(&Value) -> String,
}

/// Every form.
pub(crate) const RENDERINGS: &[Rendering] = &[
    Rendering {
        name: "CloudFormation JSON",
        extension: "json",
        text: |example| property(example, Value::clone).to_string(),
    },
    Rendering {
        name: "CloudFormation YAML",
        extension: "yaml",
        text: |example| {
            let mut out = String::new();
            yaml(&property(example, Value::clone), 0, &mut out);
            out
        },
    },
    Rendering {
        name: "JSON in a string",
        extension: "json",
        text: |example| property(example, |policy| policy.to_string().into()).to_string(),
    },
    Rendering { name: "Body", extension: "json", text: |example| body(example).to_string() },
    Rendering {
        name: "DefinitionBody",
        extension: "json",
        text: |example| definition(example).to_string(),
    },
    Rendering {
        name: "CustomStatements",
        extension: "json",
        text: |example| custom(example).to_string(),
    },
    Rendering {
        name: "Terraform text",
        extension: "tf.json",
        text: |example| argument(example).to_string(),
    },
    Rendering {
        name: "Terraform jsonencode",
        extension: "tf.json",
        text: |example| attached(example).to_string(),
    },
    Rendering {
        name: "Terraform plan",
        extension: "json",
        text: |example| planned(example).to_string(),
    },
];

/// What CloudFormation and Terraform call the authorisation of the example's method.
fn auth(example: &Value) -> &str {
    match example["auth"].as_str().expect("an authorisation") {
        "COGNITO" => "COGNITO_USER_POOLS",
        auth => auth,
    }
}

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
fn property(example: &Value, form: fn(&Value) -> Value) -> Value {
    let mut template = bare(example);
    if !example["policy"].is_null() {
        template["Resources"]["Api"]["Properties"]["Policy"] = form(&example["policy"]);
    }
    template
}

/// The policy in the body of the API.
fn body(example: &Value) -> Value {
    let mut template = bare(example);
    let mut body = json!({ "openapi": "3.0.1", "info": { "title": "api" }, "paths": {} });
    if !example["policy"].is_null() {
        body["x-amazon-apigateway-policy"] = example["policy"].clone();
    }
    template["Resources"]["Api"]["Properties"]["Body"] = body;
    template
}

/// An API of AWS SAM with an OpenAPI definition of its method.
fn sam(example: &Value) -> Value {
    let mut definition = json!({
        "openapi": "3.0.1",
        "info": { "title": "api", "version": "1" },
        "paths": { "/pets": { "get": {} } },
    });
    let method = &mut definition["paths"]["/pets"]["get"];
    match auth(example) {
        "NONE" => {}
        "AWS_IAM" => method["x-amazon-apigateway-auth"] = json!({ "type": "AWS_IAM" }),
        other => {
            method["security"] = json!([{ "own": [] }]);
            let kind = if other == "CUSTOM" { "token" } else { "cognito_user_pools" };
            definition["components"]["securitySchemes"]["own"] = json!({
                "type": "apiKey", "name": "Authorization", "in": "header",
                "x-amazon-apigateway-authtype": "custom",
                "x-amazon-apigateway-authorizer": { "type": kind },
            });
        }
    }
    json!({
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Api": {
                "Type": "AWS::Serverless::Api",
                "Properties": {
                    "StageName": "prod",
                    "EndpointConfiguration": { "Type": example["endpoint"] },
                    "DefinitionBody": definition,
                },
            },
        },
    })
}

/// The policy in the definition of an API of AWS SAM.
fn definition(example: &Value) -> Value {
    let mut template = sam(example);
    if !example["policy"].is_null() {
        let body = &mut template["Resources"]["Api"]["Properties"]["DefinitionBody"];
        body["x-amazon-apigateway-policy"] = example["policy"].clone();
    }
    template
}

/// Its statements as those of a `ResourcePolicy`.
fn custom(example: &Value) -> Value {
    let mut template = sam(example);
    if !example["policy"].is_null() {
        let auth = &mut template["Resources"]["Api"]["Properties"]["Auth"];
        auth["ResourcePolicy"]["CustomStatements"] = example["policy"]["Statement"].clone();
    }
    template
}

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
fn argument(example: &Value) -> Value {
    let mut module = module(example);
    if !example["policy"].is_null() {
        let text = plain(&example["policy"].to_string());
        module["resource"]["aws_api_gateway_rest_api"]["api"]["policy"] = text.into();
    }
    module
}

/// The policy as a resource of its own: a call of `jsonencode`.
fn attached(example: &Value) -> Value {
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
fn planned(example: &Value) -> Value {
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

/// A value as YAML in block style.
fn yaml(value: &Value, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                let key = Value::from(key.as_str());
                out.push_str(&format!("\n{pad}{key}:"));
                yaml(value, indent + 2, out);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            for value in list {
                out.push_str(&format!("\n{pad}-"));
                yaml(value, indent + 2, out);
            }
        }
        scalar => out.push_str(&format!(" {scalar}")),
    }
}
