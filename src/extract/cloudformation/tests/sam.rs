//! AWS SAM: what it makes of a template, and what is said where it refuses one.

use super::{Case, endpoint, known, texts};
use crate::model::{Entry, Form, Framework, PolicyState};

const TRANSFORM: &str = "Transform: AWS::Serverless-2016-10-31\n";

#[test]
fn an_api_without_a_policy_has_none() {
    let case = Case::new(&format!(
        "{TRANSFORM}Resources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: prod\n      \
         EndpointConfiguration: {{Type: REGIONAL}}\n      DefinitionBody: {{openapi: 3.0.1, paths: {{}}}}\n"
    ));
    let api = case.api();
    assert_eq!(api.framework, Framework::Sam);
    assert!(matches!(case.world().policy, PolicyState::None));
    assert_eq!(endpoint(case.world()), "Regional");
    assert!(!case.world().routes.complete);
    assert!(case.problems().is_empty());
}

#[test]
fn a_policy_without_a_path_makes_no_statement() {
    let case = Case::new(&format!(
        "{TRANSFORM}Resources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: prod\n      \
         EndpointConfiguration: PRIVATE\n      Auth:\n        ResourcePolicy:\n          IpRangeWhitelist: [203.0.113.0/24]\n"
    ));
    assert_eq!(texts(&case.worlds()), [("", "none")]);
    assert!(case.problems().is_empty());
    assert_eq!(case.api().sites[0].form, Form::SamResourcePolicy);
    assert_eq!(endpoint(case.world()), "Private");
}

#[test]
fn globals_and_events_count() {
    let case = Case::new(&format!(
        r#"{TRANSFORM}
Globals:
  Api:
    EndpointConfiguration: {{Type: PRIVATE}}
    Auth: {{ResourcePolicy: {{AwsAccountWhitelist: ["111122223333"]}}}}
Resources:
  Api: {{Type: "AWS::Serverless::Api", Properties: {{StageName: x}}}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Get: {{Type: Api, Properties: {{Path: /, Method: get}}}}
        Timer: {{Type: Schedule}}
"#
    ));
    let seen: Vec<_> = case
        .apis()
        .iter()
        .map(|api| {
            (
                api.address.clone(),
                case.describe(api, &api.worlds[0].policy),
                endpoint(&api.worlds[0]),
            )
        })
        .collect();
    let policy = "Allow 111122223333 execute-api:/Prod/GET/".to_owned();
    assert_eq!(
        seen,
        [
            // Without a path there is nothing to make a statement for.
            ("Api".to_owned(), "none".to_owned(), "Private".to_owned()),
            ("ServerlessRestApi".to_owned(), policy, "Private".to_owned())
        ]
    );
    assert_eq!(case.slice(case.apis()[1].origin), "Get");
}

#[test]
fn events_belong_to_the_api_they_name() {
    let case = Case::new(&format!(
        r#"{TRANSFORM}
Resources:
  A: {{Type: "AWS::Serverless::Api", Properties: {{StageName: x}}}}
  B: {{Type: "AWS::Serverless::Api", Properties: {{StageName: x}}}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Get:
          Type: Api
          Properties: {{Path: /, Method: get, RestApiId: !Ref B, Auth: {{ResourcePolicy: {{IpRangeBlacklist: [203.0.113.9]}}}}}}
"#
    ));
    let seen: Vec<_> =
        case.apis().iter().map(|api| case.describe(api, &api.worlds[0].policy)).collect();
    let b = "Allow * execute-api:/x/GET/; \
             Deny * execute-api:/x/GET/ if IpAddress aws:sourceip 203.0.113.9";
    assert_eq!(seen, ["none", b]);
    let Entry::One(deny) = &known(&case.apis()[1].worlds[0].policy).statements[1] else {
        panic!("a statement")
    };
    let Some(Entry::One(address)) = deny.known_conditions().next().map(|c| &c.values[0]) else {
        panic!("an address")
    };
    assert_eq!(case.slice(address.origin), "203.0.113.9");
    assert_eq!(case.use_site(address.origin), "IpRangeBlacklist");
    assert_eq!(case.slice(deny.origin), "IpRangeBlacklist");
    assert_eq!(case.use_site(deny.origin), "ResourcePolicy");
}

#[test]
fn definitions_elsewhere_may_hold_a_policy() {
    let with = |property: &str| {
        let case = Case::new(&format!(
            "{TRANSFORM}Resources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: prod\n      {property}\n"
        ));
        let seen = case.worlds();
        assert_eq!(case.problems().len(), 1, "{property}");
        seen[0].1.clone()
    };
    assert_eq!(with("DefinitionUri: openapi.yaml"), "unknown DefinitionUri");
    assert_eq!(
        with("DefinitionBody: {'Fn::Transform': {Name: AWS::Include}}"),
        "unknown OpenAPI body"
    );
    let include = "DefinitionBody: {'Fn::Transform': {Name: AWS::Include}}";
    assert_eq!(
        with(&format!("{include}\n      Auth: {{ResourcePolicy: {{IpRangeWhitelist: [x]}}}}")),
        "unknown SAM ResourcePolicy"
    );
}

#[test]
fn the_policy_of_a_definition_body_is_read() {
    let case = Case::new(&format!(
        "{TRANSFORM}Resources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n      \
         StageName: prod\n      DefinitionBody:\n        x-amazon-apigateway-policy:\n          \
         Statement: {{Effect: Allow, Principal: '*', Action: '*', Resource: '*'}}\n"
    ));
    assert_eq!(case.worlds()[0].1, "Allow * *");
    assert!(case.problems().is_empty());
}

#[test]
fn the_implicit_api_may_have_no_policy() {
    let case = Case::new(&format!(
        "{TRANSFORM}Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events:\n        \
         Get: {{Type: Api, Properties: {{Path: /, Method: get}}}}\n"
    ));
    assert_eq!(case.api().address, "ServerlessRestApi");
    assert!(matches!(case.world().policy, PolicyState::None));
    assert_eq!(endpoint(case.world()), "absent");
}
