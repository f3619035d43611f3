//! What a JSON or YAML file is, told by its content.

use super::keys::top_keys;
use super::prefilter::may_serve_http;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A CloudFormation or SAM template.
    Template,
    /// A policy document alone.
    Document,
    /// An OpenAPI document alone.
    OpenApi,
    /// What the AWS CLI prints of REST APIs.
    Dump,
    /// What `terraform show -json` prints.
    Plan,
    /// A service of the Serverless Framework.
    Serverless,
    /// The configuration of an application of AWS Chalice.
    Chalice,
    /// A part of a Terraform module (standard input without a name, JSON of another name).
    Terraform,
    /// A form that holds APIs or policies and is not read yet, by its name.
    NotReadYet(&'static str),
    /// What Terraform writes for itself, by its name: nothing can be read from it.
    Unreadable(&'static str),
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
        return openapi(text, facts);
    }
    if has("version") && has("tree") && text.contains("\"tree-0.") {
        return Class::Nothing("the construct tree of AWS CDK: the templates beside it are read");
    }
    if has("format_version") && (has("planned_values") || has("resource_changes") || has("values"))
    {
        return match facts.policy || facts.named {
            true => Class::Plan,
            false => Class::Nothing("a Terraform plan without an API that can have a policy"),
        };
    }
    if let Some(what) = of_terraform(&keys) {
        return if facts.policy { Class::Unreadable(what) } else { Class::Nothing(what) };
    }
    if has("service") && has("provider") {
        let api =
            facts.policy || text.contains("resourcePolicy") || may_serve_http(text.as_bytes());
        return match api || facts.named {
            true => Class::Serverless,
            false => Class::Nothing("a serverless.yml without a REST API"),
        };
    }
    if has("stages") && text.contains("api_gateway_policy_file")
        || has("app_name") && has("version") && text.contains("api_gateway_")
    {
        return Class::Chalice;
    }
    if has("Statement") {
        return document(text, facts);
    }
    if is_dump(&keys, text, facts) {
        return Class::Dump;
    }
    if has("Items") && text.contains("\"ApiId\"") && text.contains("\"ProtocolType\"") {
        return Class::Nothing("HTTP and WebSocket APIs have no resource policy");
    }
    if has("x-amazon-apigateway-policy") {
        return Class::OpenApi;
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
        && text.contains("execute-api:")
        && ["Effect", "Principal"].iter().all(|key| has_key(text, key))
    {
        return Class::NotReadYet("policy inside a file of unknown form");
    }
    if keys.is_empty() && is_hcl(text) {
        return Class::Terraform;
    }
    Class::Nothing("no known form")
}

/// Whether `name` is a key somewhere in the text, in JSON, YAML or a language like them, as it is or
/// within a string: a colon or an equals sign stands behind it.
fn has_key(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let behind = text.get(at + name.len()..).unwrap_or("");
        behind.trim_start_matches(['"', '\'', '\\', ' ']).starts_with([':', '='])
    })
}

/// What Terraform writes besides what `terraform show -json` prints: a state as it stores it, and the
/// lines that `terraform plan -json` prints.
fn of_terraform(keys: &[&str]) -> Option<&'static str> {
    let all = |names: &[&str]| names.iter().all(|name| keys.contains(name));
    if all(&["terraform_version", "serial", "lineage"]) {
        return Some("a state file, which Terraform alone reads");
    }
    all(&["@level", "@message", "@module"])
        .then_some("a log of `terraform plan -json`, without values")
}

/// A template has resources, or says that it is one. `Resources` alone is a word that other files
/// have too: then a resource type must stand somewhere.
fn is_template(keys: &[&str], text: &str) -> bool {
    keys.contains(&"AWSTemplateFormatVersion")
        || ((keys.contains(&"Resources") || keys.contains(&"Transform")) && text.contains("AWS::"))
}

/// An OpenAPI document is one of Amazon API Gateway when it has extensions of it. Without a policy, the
/// one that counts may be attached wherever the document is imported: it is judged when it is named.
fn openapi(text: &str, facts: Facts) -> Class {
    if text.contains("x-amazon-apigateway-policy") {
        return Class::OpenApi;
    }
    match (text.contains("x-amazon-apigateway-"), facts.named) {
        (true, true) => Class::OpenApi,
        (true, false) => Class::Nothing("an OpenAPI document without a policy"),
        (false, _) => Class::Nothing("an OpenAPI document without anything of API Gateway"),
    }
}

/// Whether the file is what `aws apigateway get-rest-api` or `get-rest-apis` prints, or what `--query`
/// makes of it.
fn is_dump(keys: &[&str], text: &str, facts: Facts) -> bool {
    let has = |key: &str| keys.contains(&key);
    // The keys of what stands in a list are not those of the top.
    let list = has("items") || (keys.is_empty() && is_list(text));
    let in_list = |key: &str| text.contains(key);
    let one = has("id") && (has("policy") || has("endpointConfiguration") && has("name"));
    let several = list && in_list("endpointConfiguration") && in_list("apiKeySource");
    let policy = list && in_list("policy") && in_list("execute-api") && in_list("id");
    let speaks = facts.named || text.contains("execute-api");
    speaks && (one || several || policy && !in_list("Resources"))
}

/// Whether the text is a list of JSON or YAML.
fn is_list(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with('[') || text.starts_with("- ")
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
    fn services_and_applications() {
        assert_eq!(class("service: a\nprovider:\n  name: aws\n"), Class::Serverless);
        let quiet = Facts { policy: false, named: false };
        let none = classify("service: a\nprovider:\n  name: aws\n", quiet);
        assert!(matches!(none, Class::Nothing(_)));
        let event =
            "service: a\nprovider: {name: aws}\nfunctions:\n  f:\n    events:\n    - http: GET /\n";
        assert_eq!(classify(event, quiet), Class::Serverless);
        let old = "service: a\nprovider:\n  resourcePolicy: []\n";
        assert_eq!(classify(old, quiet), Class::Serverless);
        let chalice = r#"{"version": "2.0", "app_name": "a", "stages": {"dev": {"api_gateway_policy_file": "p"}}}"#;
        assert_eq!(classify(chalice, quiet), Class::Chalice);
        assert!(matches!(class("{\"version\": 1, \"stages\": {}}"), Class::Nothing(_)));
    }

    #[test]
    fn openapi_documents_of_api_gateway() {
        let policy = "openapi: 3.0.1\nx-amazon-apigateway-policy:\n  Version: x\n";
        assert_eq!(class(policy), Class::OpenApi);
        assert_eq!(class("x-amazon-apigateway-policy:\n  Version: x\n"), Class::OpenApi);
        assert!(matches!(class("openapi: 3.0.1\npaths: {}\n"), Class::Nothing(_)));
        let integration = "swagger: '2.0'\nx-amazon-apigateway-request-validators: {}\n";
        assert!(matches!(class(integration), Class::Nothing(_)));
        let named = Facts { policy: false, named: true };
        assert_eq!(classify(integration, named), Class::OpenApi);
        assert!(matches!(classify("openapi: 3.0.1\npaths: {}\n", named), Class::Nothing(_)));
    }

    #[test]
    fn answers_of_the_command_line_interface() {
        let one = r#"{"id": "a1", "name": "n", "policy": "{\\\"execute-api:Invoke\\\"}"}"#;
        assert_eq!(class(one), Class::Dump);
        let several = r#"{"items": [{"id": "a1", "policy": "{\\\"execute-api:Invoke\\\"}"}]}"#;
        assert_eq!(class(several), Class::Dump);
        assert_eq!(class(r#"[{"id": "a1", "policy": "execute-api:Invoke"}]"#), Class::Dump);
        let yaml = "items:\n- id: a1\n  policy: '{\\\"Action\\\":\\\"execute-api:Invoke\\\"}'\n";
        assert_eq!(class(yaml), Class::Dump);
        let quiet = r#"{"id": "a1", "name": "n", "endpointConfiguration": {"types": ["EDGE"]}}"#;
        assert!(matches!(class(quiet), Class::Nothing(_)));
        assert_eq!(classify(quiet, Facts { policy: false, named: true }), Class::Dump);
        let http = r#"{"Items": [{"ApiId": "a", "ProtocolType": "HTTP"}]}"#;
        let named = classify(http, Facts { policy: false, named: true });
        assert_eq!(named, Class::Nothing("HTTP and WebSocket APIs have no resource policy"));
    }

    #[test]
    fn plans_and_states() {
        let plan = r#"{"format_version": "1.2", "resource_changes": []}"#;
        assert_eq!(class(plan), Class::Plan);
        let state = r#"{"format_version": "1.0", "terraform_version": "1.9.0", "values": {}}"#;
        assert_eq!(class(state), Class::Plan);
        let quiet = Facts { policy: false, named: false };
        assert!(matches!(classify(plan, quiet), Class::Nothing(_)));
        assert_eq!(classify(plan, Facts { policy: false, named: true }), Class::Plan);
        assert!(matches!(class(r#"{"values": {}, "terraform_version": "1"}"#), Class::Nothing(_)));
    }

    #[test]
    fn what_terraform_writes_for_itself() {
        let state = r#"{"version": 4, "terraform_version": "1.9.5", "serial": 1, "lineage": "x"}"#;
        let line = r#"{"@level":"info","@message":"Terraform 1.9.5","@module":"terraform.ui"}"#;
        let log = format!("{line}\n{line}\n");
        let quiet = Facts { policy: false, named: true };
        for text in [state, &*log] {
            assert!(matches!(class(text), Class::Unreadable(_)), "{text}");
            assert!(matches!(classify(text, quiet), Class::Nothing(_)), "{text}");
        }
    }

    #[test]
    fn forms_that_are_not_read_yet() {
        let form = |text: &str| match class(text) {
            Class::NotReadYet(form) => form,
            other => panic!("{text}: {other:?}"),
        };
        let odd =
            "spec:\n  policy:\n    Effect: Allow\n    Principal: '*'\n    Action: execute-api:*\n";
        assert_eq!(form(odd), "policy inside a file of unknown form");
        let text = r#"{"policy": "{\"Effect\": \"Allow\", \"NotPrincipal\" : {}, \"Action\": \"execute-api:*\"}"}"#;
        assert_eq!(form(text), "policy inside a file of unknown form");
        // Names of actions are no policy.
        let names = r#"["ssm:DescribeEffectiveInstanceAssociations", "kendra:PutPrincipalMapping", "execute-api:Invoke"]"#;
        assert!(matches!(class(names), Class::Nothing(_)));
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
