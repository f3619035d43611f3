//! What a JSON or YAML file is, told by its content.

use super::keys::top_keys;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A CloudFormation or SAM template.
    Template,
    /// A policy document alone.
    Document,
    /// A part of a Terraform module (standard input without a name, JSON of another name).
    Terraform,
    /// A form that holds APIs or policies and is not read yet, by its name.
    NotReadYet(&'static str),
    /// Nothing to analyse, and why.
    Nothing(&'static str),
}

/// What is known of a file besides its text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// It mentions an API that can have a policy, or a policy.
    pub(super) policy: bool,
    /// It was named on the command line.
    pub(super) named: bool,
}

/// Tells what the file is.
pub(super) fn classify(text: &str, facts: Facts) -> Class {
    let keys = top_keys(text);
    let has = |key: &str| keys.contains(&key);
    if is_template(&keys, text) {
        return Class::Template;
    }
    if has("openapi") || has("swagger") {
        return match text.contains("x-amazon-apigateway-policy") {
            true => Class::NotReadYet("OpenAPI document with x-amazon-apigateway-policy"),
            false => Class::Nothing("an OpenAPI document without a policy"),
        };
    }
    if has("format_version") && (has("planned_values") || has("resource_changes") || has("values"))
    {
        return match facts.policy {
            true => Class::NotReadYet("Terraform plan"),
            false => Class::Nothing("a Terraform plan without an API that can have a policy"),
        };
    }
    if has("service") && has("provider") {
        let policy = facts.policy || text.contains("resourcePolicy");
        return match policy {
            true => Class::NotReadYet("serverless.yml"),
            false => Class::Nothing("a serverless.yml without a policy"),
        };
    }
    if has("Statement") {
        return document(text, facts);
    }
    if has("policy") && has("id") && text.contains("execute-api") {
        return Class::NotReadYet("aws apigateway get-rest-api output");
    }
    if text.contains("x-amazon-apigateway-policy") {
        return Class::NotReadYet("document with x-amazon-apigateway-policy");
    }
    if facts.named
        && facts.policy
        && ["resource", "data", "module", "locals"].iter().any(|kind| has(kind))
    {
        return Class::Terraform;
    }
    // Parts of a policy that admit somebody to an API, inside something else.
    if facts.policy
        && ["execute-api:", "Effect", "Principal"].iter().all(|part| text.contains(part))
    {
        return Class::NotReadYet("policy inside a file of unknown form");
    }
    if keys.is_empty() && is_hcl(text) {
        return Class::Terraform;
    }
    Class::Nothing("no known form")
}

/// A template has resources, or says that it is one. `Resources` alone is a word that other files
/// have too: then a resource type must stand somewhere.
fn is_template(keys: &[&str], text: &str) -> bool {
    keys.contains(&"AWSTemplateFormatVersion")
        || ((keys.contains(&"Resources") || keys.contains(&"Transform")) && text.contains("AWS::"))
}

/// A document without any principal is the policy of an identity or a role, not of a resource:
/// resource policies must have one. A document that the user names is judged all the same.
fn document(text: &str, facts: Facts) -> Class {
    if facts.named {
        return Class::Document;
    }
    if !facts.policy {
        return Class::Nothing("a policy document that does not mention execute-api");
    }
    match text.contains("Principal") {
        true => Class::Document,
        false => Class::Nothing("an identity policy: no statement has a principal"),
    }
}

/// Whether a line starts a top-level block of Terraform.
fn is_hcl(text: &str) -> bool {
    const BLOCKS: [&str; 7] =
        ["resource", "data", "variable", "locals", "module", "provider", "terraform"];
    text.lines().any(|line| {
        let word = line.split([' ', '\t', '{', '"']).next().unwrap_or("");
        BLOCKS.contains(&word) && line.trim_end().ends_with('{')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(text: &str) -> Class {
        classify(text, Facts { policy: true, named: false })
    }

    #[test]
    fn templates() {
        assert_eq!(
            class("Resources:\n  A:\n    Type: AWS::ApiGateway::RestApi\n"),
            Class::Template
        );
        assert_eq!(class("{\"Resources\": {\"A\": {\"Type\": \"AWS::X\"}}}"), Class::Template);
        assert_eq!(class("AWSTemplateFormatVersion: 2010-09-09\nResourcse:\n"), Class::Template);
        let sam = "Transform: AWS::Serverless-2016-10-31\nGlobals: {}\n";
        assert_eq!(class(sam), Class::Template);
        assert!(matches!(class("Resources: [cpu, memory]\n"), Class::Nothing(_)));
    }

    #[test]
    fn documents_and_identity_policies() {
        let resource = r#"{"Statement": [{"Principal": "*", "Action": "execute-api:Invoke"}]}"#;
        assert_eq!(class(resource), Class::Document);
        let identity = r#"{"Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke"}]}"#;
        assert!(matches!(class(identity), Class::Nothing(_)));
        let named = Facts { policy: true, named: true };
        assert_eq!(classify(identity, named), Class::Document);
        let bucket = Facts { policy: false, named: false };
        let text = r#"{"Statement": [{"Principal": "*", "Action": "s3:GetObject"}]}"#;
        assert!(matches!(classify(text, bucket), Class::Nothing(_)));
    }

    #[test]
    fn forms_that_are_not_read_yet() {
        let form = |text: &str| match class(text) {
            Class::NotReadYet(form) => form,
            other => panic!("{text}: {other:?}"),
        };
        let openapi = "openapi: 3.0.1\nx-amazon-apigateway-policy:\n  Version: x\n";
        assert_eq!(form(openapi), "OpenAPI document with x-amazon-apigateway-policy");
        let serverless = "service: a\nprovider:\n  name: aws\n";
        assert_eq!(form(serverless), "serverless.yml");
        let plan = r#"{"format_version": "1.2", "resource_changes": []}"#;
        assert_eq!(form(plan), "Terraform plan");
        let dump = r#"{"id": "a1", "name": "n", "policy": "{\\\"execute-api:Invoke\\\"}"}"#;
        assert_eq!(form(dump), "aws apigateway get-rest-api output");
        let odd =
            "spec:\n  policy:\n    Effect: Allow\n    Principal: '*'\n    Action: execute-api:*\n";
        assert_eq!(form(odd), "policy inside a file of unknown form");
        assert!(matches!(class("openapi: 3.0.1\npaths: {}\n"), Class::Nothing(_)));
    }

    #[test]
    fn terraform_without_a_name() {
        let json = "{\"locals\": {}, \"resource\": {\"aws_api_gateway_rest_api\": {}}}";
        assert_eq!(classify(json, Facts { policy: true, named: true }), Class::Terraform);
        assert!(matches!(class(json), Class::Nothing(_)));
        assert_eq!(class("resource \"a\" \"b\" {\n  c = 1\n}\n"), Class::Terraform);
        assert!(matches!(class("just words\n"), Class::Nothing(_)));
    }
}
