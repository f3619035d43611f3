//! Policies where AWS takes none.

use super::*;

const POLICY: &str =
    "{Statement: {Effect: Allow, Principal: '*', Action: execute-api:Invoke, Resource: '*'}}";

#[track_caller]
fn one(resources: &str, expected: (&str, &str)) {
    let case = Case::new(&format!("Resources:\n{resources}"));
    assert_eq!(texts(&case.problems()), [expected], "{resources}");
    assert!(case.apis().is_empty());
}

#[test]
fn a_property_is_refused() {
    let api = |protocol: &str, property: &str| {
        format!(
            "  Api:\n    Type: AWS::ApiGatewayV2::Api\n    Properties:\n      \
             ProtocolType: {protocol}\n      {property}: {POLICY}\n"
        )
    };
    one(&api("HTTP", "Policy"), ("refused on HTTP API: Policy", "Policy"));
    one(
        &api("WEBSOCKET", "ResourcePolicy"),
        ("refused on WebSocket API: ResourcePolicy", "ResourcePolicy"),
    );
    let empty = Case::new(&format!("Resources:\n{}", api("HTTP", "Policy").replace(POLICY, "''")));
    assert!(empty.problems().is_empty());
}

#[test]
fn an_extension_is_ignored() {
    let with = |kind: &str, body: &str| {
        format!("  Api:\n    Type: {kind}\n    Properties:\n      {body}\n")
    };
    let ignored = ("ignored on HTTP API: x-amazon-apigateway-policy", "x-amazon-apigateway-policy");
    let map = format!("Body: {{openapi: 3.0.1, x-amazon-apigateway-policy: {POLICY}}}");
    one(&with("AWS::ApiGatewayV2::Api", &map), ignored);
    let sam = format!("DefinitionBody: {{x-amazon-apigateway-policy: {POLICY}}}");
    one(&with("AWS::Serverless::HttpApi", &sam), ignored);
    let yaml = "Body: |\n        openapi: 3.0.1\n        x-amazon-apigateway-policy: {}\n";
    one(&with("AWS::ApiGatewayV2::Api", yaml), ignored);
    let json = "Body: '{\"x-amazon-apigateway-policy\": {\"Statement\": []}}'";
    let quoted =
        ("ignored on HTTP API: x-amazon-apigateway-policy", "\"x-amazon-apigateway-policy\"");
    one(&with("AWS::ApiGatewayV2::Api", json), quoted);
    let comment = "Body: \"# no x-amazon-apigateway-policy here\\nopenapi: 3.0.1\"";
    let quiet = Case::new(&format!("Resources:\n{}", with("AWS::ApiGatewayV2::Api", comment)));
    assert!(quiet.problems().is_empty());
}

#[test]
fn sam_has_no_resource_policy_for_http_apis() {
    let auth = "Auth: {ResourcePolicy: {IpRangeWhitelist: [203.0.113.0/24]}}";
    let refused = ("refused on HTTP API: ResourcePolicy", "ResourcePolicy");
    one(&format!("  Api: {{Type: 'AWS::Serverless::HttpApi', Properties: {{{auth}}}}}\n"), refused);
    let event = |kind: &str| {
        format!(
            "  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events:\n        \
             Get: {{Type: {kind}, Properties: {{Path: /, Method: get, {auth}}}}}\n"
        )
    };
    one(&event("HttpApi"), refused);
    let bucket = "Resources: {B: {Type: 'AWS::S3::Bucket'}}";
    let globals = format!("Globals: {{HttpApi: {{{auth}}}}}\n{bucket}\n");
    assert_eq!(texts(&Case::new(&globals).problems()), [refused]);
    let rest = Case::new(&format!("Resources:\n{}", event("Api")));
    assert!(rest.problems().iter().all(|(problem, _)| problem.contains("SAM ResourcePolicy")));
}
