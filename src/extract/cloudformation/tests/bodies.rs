//! Policies in OpenAPI bodies.

use super::*;
use crate::model::Form;

const ALLOW: &str = "{Effect: Allow, Principal: '*', Action: execute-api:Invoke, Resource: '*'}";

fn rest_api(properties: &str) -> String {
    format!(
        "Parameters:\n  Open: {{Type: String, AllowedValues: ['yes', 'no'], Default: 'no'}}\n\
         Conditions:\n  IsOpen: !Equals [!Ref Open, 'yes']\n\
         Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n{properties}"
    )
}

fn policies(properties: &str) -> Vec<String> {
    Case::new(&rest_api(properties)).worlds().into_iter().map(|(_, policy)| policy).collect()
}

#[test]
fn the_policy_of_a_body_is_read_at_its_place() {
    let case = Case::new(&rest_api(&format!(
        "      Body:\n        openapi: 3.0.1\n        paths: {{}}\n        \
         x-amazon-apigateway-policy:\n          Statement: {ALLOW}\n"
    )));
    assert_eq!(texts(&case.worlds()), [("", "Allow * *")]);
    assert!(case.problems().is_empty());
    let [site] = case.api().sites.as_slice() else { panic!("one place") };
    assert_eq!((site.form, &*site.address), (Form::OpenApiExtension, "Api"));
    assert!(case.slice(site.origin).starts_with("Statement: {Effect"));
    let statement = case.policy().known_statements().next().expect("a statement");
    let everyone = statement.everyone().expect("everyone");
    assert_eq!(case.slice(everyone.value.origin), "'*'");
    // What else the body declares is not read.
    assert!(!case.world().routes.complete);
}

#[test]
fn a_body_without_one_has_none() {
    for body in ["{openapi: 3.0.1, paths: {}}", "!Ref AWS::NoValue", "''", "'openapi: 3.0.1'"] {
        let case = Case::new(&rest_api(&format!("      Body: {body}\n")));
        assert_eq!(texts(&case.worlds()), [("", "none")], "{body}");
        assert!(case.problems().is_empty(), "{body}");
    }
    // A transform inside a path brings nothing to the top level.
    let inner = "      Body: {paths: {/a: {'Fn::Transform': {Name: 'AWS::Include'}}}}\n";
    assert_eq!(policies(inner), ["none"]);
    // Neither does a policy that stands anywhere else.
    assert_eq!(policies("      Body: {info: {x-amazon-apigateway-policy: {}}}\n"), ["none"]);
}

#[test]
fn text_in_json_is_read_and_other_text_is_named() {
    let json = r#"      Body: '{"x-amazon-apigateway-policy": {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}}'
"#;
    let case = Case::new(&rest_api(json));
    assert_eq!(texts(&case.worlds()), [("", "Deny * *")]);
    let statement = case.policy().known_statements().next().expect("a statement");
    let everyone = statement.everyone().expect("everyone");
    assert_eq!(case.slice(everyone.value.origin), "\"*\"");
    let yaml = "      Body: |\n        openapi: 3.0.1\n        x-amazon-apigateway-policy: {}\n";
    let case = Case::new(&rest_api(yaml));
    assert_eq!(texts(&case.worlds()), [("", "unknown OpenAPI body")]);
    assert_eq!(case.problems().len(), 1);
}

#[test]
fn what_is_not_known_may_hold_a_policy() {
    for body in [
        "{'Fn::Transform': {Name: 'AWS::Include', Parameters: {Location: s3://b/k}}}",
        "!ImportValue x",
        "{openapi: 3.0.1, 'Fn::Transform': {Name: 'AWS::Include'}}",
    ] {
        let case = Case::new(&rest_api(&format!("      Body: {body}\n")));
        assert_eq!(texts(&case.worlds()), [("", "unknown OpenAPI body")], "{body}");
        assert_eq!(case.problems().len(), 1, "{body}");
    }
    let beside = format!(
        "      Body:\n        Fn::Transform: {{Name: 'AWS::Include'}}\n        \
         x-amazon-apigateway-policy: {{Statement: {ALLOW}}}\n"
    );
    assert_eq!(policies(&beside), ["Allow * * | ..OpenAPI body"]);
    let located = rest_api("      BodyS3Location: {Bucket: b, Key: k}\n");
    assert_eq!(texts(&Case::new(&located).worlds()), [("", "unknown BodyS3Location")]);
}

#[test]
fn branches_of_a_body_are_worlds() {
    let body = format!(
        "      Body: !If [IsOpen, {{x-amazon-apigateway-policy: {{Statement: {ALLOW}}}}}, {{}}]\n"
    );
    assert_eq!(policies(&body), ["none", "Allow * *"]);
    let entry = format!(
        "      Body:\n        x-amazon-apigateway-policy: !If [IsOpen, {{Statement: {ALLOW}}}, !Ref AWS::NoValue]\n"
    );
    assert_eq!(policies(&entry), ["none", "Allow * *"]);
}

#[test]
fn beside_the_property_both_are_judged() {
    let deny = "{Effect: Deny, Principal: '*', Action: '*', Resource: '*'}";
    let both = format!(
        "      Policy: {{Statement: {deny}}}\n      \
         Body: {{x-amazon-apigateway-policy: {{Statement: {ALLOW}}}}}\n"
    );
    let case = Case::new(&rest_api(&both));
    assert_eq!(texts(&case.worlds()), [("", "Deny * * | Allow * *")]);
    assert_eq!(texts(&case.problems()), [("several: Body", "x-amazon-apigateway-policy")]);
    assert_eq!(case.api().sites.len(), 2);
    let hidden = format!("      Policy: {{Statement: {ALLOW}}}\n      Body: !ImportValue x\n");
    assert_eq!(policies(&hidden), ["Allow * * | ..OpenAPI body"]);
}

#[test]
fn a_policy_that_stands_twice_in_a_body_is_two_readings() {
    let twice = format!(
        "      Body:\n        x-amazon-apigateway-policy: {{Statement: {ALLOW}}}\n        \
         x-amazon-apigateway-policy: {{Statement: []}}\n"
    );
    let case = Case::new(&rest_api(&twice));
    assert_eq!(texts(&case.worlds()), [("", "Allow * * | ")]);
    let seen = case.problems();
    assert_eq!(
        texts(&seen),
        [("duplicate: x-amazon-apigateway-policy", "x-amazon-apigateway-policy")]
    );
}
