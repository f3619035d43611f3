//! The worked examples of the semantics, one API with one policy each, in every form in which an API
//! can be written. What is found must not depend on the form.
//!
//! Some forms cannot say everything: no policy document says what its API is like. Each says so here
//! ([`Silent`]), with the reason. Nothing is left out for that: forms that are silent of the same must
//! find the same, and never less than the others.

mod alone;
mod cloudformation;
mod forms;
mod hcl;
mod openapi;
mod outside;
mod planned;
mod sam;
mod terraform;
mod worked;

use serde_json::Value;

/// A form.
struct Rendering {
    name: &'static str,
    silent: Silent,
    /// The files of a worked example, in a folder of their own.
    files: fn(&Value) -> Vec<(&'static str, String)>,
}

/// What a form cannot say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Silent {
    /// It says everything.
    Nothing,
    /// A definition is imported into an API of any type but the private one, which names its endpoints.
    PublicTypes,
    /// It says nothing of methods: they are in a program, or another command prints them.
    Methods,
    /// It is a policy alone, of an API that is not there.
    Api,
}

/// Every form.
const RENDERINGS: &[Rendering] = &[
    Rendering {
        name: "CloudFormation JSON",
        silent: Silent::Nothing,
        files: |example| json("api.json", &cloudformation::property(example, Value::clone)),
    },
    Rendering {
        name: "CloudFormation YAML",
        silent: Silent::Nothing,
        files: |example| yaml("api.yaml", &cloudformation::property(example, Value::clone)),
    },
    Rendering {
        name: "JSON in a string",
        silent: Silent::Nothing,
        files: |example| json("api.json", &cloudformation::property(example, text)),
    },
    Rendering {
        name: "Body",
        silent: Silent::Nothing,
        files: |example| json("api.json", &cloudformation::body(example)),
    },
    Rendering {
        name: "BodyS3Location",
        silent: Silent::Nothing,
        files: |example| both(&cloudformation::location(example), &openapi::of_a_body(example)),
    },
    Rendering {
        name: "AWS::Include",
        silent: Silent::Nothing,
        files: |example| both(&cloudformation::include(example), &openapi::of_a_body(example)),
    },
    Rendering {
        name: "nested stack",
        silent: Silent::Nothing,
        files: |example| {
            let (outer, inner) = cloudformation::nested(example);
            vec![("outer.json", outer.to_string()), ("inner.json", inner.to_string())]
        },
    },
    Rendering {
        name: "AWS CDK",
        silent: Silent::Nothing,
        files: |example| json("cdk.out/App.template.json", &cloudformation::synthesised(example)),
    },
    Rendering {
        name: "SAM DefinitionBody",
        silent: Silent::Nothing,
        files: |example| json("api.json", &sam::definition_body(example)),
    },
    Rendering {
        name: "SAM DefinitionUri",
        silent: Silent::Nothing,
        files: |example| both(&sam::definition_uri(example), &openapi::of_a_body(example)),
    },
    Rendering {
        name: "SAM CustomStatements",
        silent: Silent::Nothing,
        files: |example| json("api.json", &sam::custom_statements(example)),
    },
    Rendering {
        name: "Terraform text",
        silent: Silent::Nothing,
        files: |example| json("api.tf.json", &terraform::argument(example)),
    },
    Rendering {
        name: "Terraform jsonencode",
        silent: Silent::Nothing,
        files: |example| json("api.tf.json", &terraform::attached(example)),
    },
    Rendering {
        name: "serverless.yml",
        silent: Silent::Nothing,
        files: |example| yaml("serverless.yml", &outside::serverless(example)),
    },
    Rendering {
        name: "OpenAPI 3.0 JSON",
        silent: Silent::PublicTypes,
        files: |example| json("api.json", &openapi::alone(openapi::three, example)),
    },
    Rendering {
        name: "OpenAPI 3.0 YAML",
        silent: Silent::PublicTypes,
        files: |example| yaml("api.yaml", &openapi::alone(openapi::three, example)),
    },
    Rendering {
        name: "OpenAPI 2.0 JSON",
        silent: Silent::PublicTypes,
        files: |example| json("api.json", &openapi::alone(openapi::two, example)),
    },
    Rendering {
        name: "OpenAPI 2.0 YAML",
        silent: Silent::PublicTypes,
        files: |example| yaml("api.yaml", &openapi::alone(openapi::two, example)),
    },
    Rendering {
        name: "CloudFormation without methods",
        silent: Silent::Methods,
        files: |example| json("api.json", &cloudformation::without_methods(example)),
    },
    Rendering {
        name: "get-rest-api",
        silent: Silent::Methods,
        files: |example| json("api.json", &alone::answer(example)),
    },
    Rendering {
        name: "get-rest-apis",
        silent: Silent::Methods,
        files: |example| json("api.json", &alone::answers(example)),
    },
    Rendering {
        name: "AWS Chalice",
        silent: Silent::Methods,
        files: |example| outside::chalice(example),
    },
    Rendering {
        name: "policy JSON",
        silent: Silent::Api,
        files: |example| alone::policy(example).map_or_else(Vec::new, |p| json("policy.json", p)),
    },
    Rendering {
        name: "policy YAML",
        silent: Silent::Api,
        files: |example| alone::policy(example).map_or_else(Vec::new, |p| yaml("policy.yaml", p)),
    },
];

/// A file in JSON.
fn json(name: &'static str, value: &Value) -> Vec<(&'static str, String)> {
    vec![(name, value.to_string())]
}

/// A template, and a definition in a file beside it.
fn both(template: &Value, definition: &Value) -> Vec<(&'static str, String)> {
    vec![("api.json", template.to_string()), ("definition.json", definition.to_string())]
}

/// A file in YAML.
fn yaml(name: &'static str, value: &Value) -> Vec<(&'static str, String)> {
    let mut out = String::new();
    block(value, 0, &mut out);
    vec![(name, out)]
}

/// A value as JSON in a string.
fn text(value: &Value) -> Value {
    value.to_string().into()
}

/// What CloudFormation and Terraform call the authorisation of the example's method.
fn auth(example: &Value) -> &str {
    match example["auth"].as_str().expect("an authorisation") {
        "COGNITO" => "COGNITO_USER_POOLS",
        auth => auth,
    }
}

/// A value as YAML in block style.
fn block(value: &Value, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                let key = Value::from(key.as_str());
                out.push_str(&format!("\n{pad}{key}:"));
                block(value, indent + 2, out);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            for value in list {
                out.push_str(&format!("\n{pad}-"));
                block(value, indent + 2, out);
            }
        }
        scalar => out.push_str(&format!(" {scalar}")),
    }
}
