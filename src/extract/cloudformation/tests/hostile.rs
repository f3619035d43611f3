//! Templates that want to hang, overflow or exhaust.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::Case;
use crate::model::PolicyState;
use crate::resolve::world::MAX_WORLDS;

#[test]
fn too_many_worlds_are_bounded() {
    let mut text = "Parameters:\n".to_owned();
    for i in 0..12 {
        let _ = writeln!(text, "  P{i}: {{Type: String, Default: a}}");
    }
    text.push_str("Conditions:\n");
    for i in 0..12 {
        let _ = writeln!(text, "  C{i}: !Equals [!Ref P{i}, a]");
    }
    text.push_str(
        "Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Policy:\n        Statement:\n",
    );
    for i in 0..12 {
        let _ = writeln!(
            text,
            "        - !If [C{i}, {{Effect: Allow, Principal: '*', Action: '*', Resource: '{i}'}}, !Ref 'AWS::NoValue']"
        );
    }
    let case = Case::new(&text);
    let api = case.api();
    assert!(api.bounded);
    assert!(api.worlds.len() <= MAX_WORLDS);
    assert!(api.worlds.iter().any(|w| w.is_default));
    // What was left open is an unknown stretch, never nothing.
    let open = case.worlds().iter().filter(|(_, policy)| policy.contains("..Fn::If")).count();
    assert!(open > 0);
}

#[test]
fn deep_files_are_bounded() {
    for (open, close) in [("[", "]"), ("{\"a\": ", "}")] {
        let text = format!(
            "{{\"Resources\": {{\"Api\": {{\"Type\": \"AWS::ApiGateway::RestApi\", \"Properties\": {{\"Policy\": {}1{}}}}}}}}}",
            open.repeat(10_000),
            close.repeat(10_000)
        );
        let case = Case::new(&text);
        assert!(case.apis().len() <= 1);
        assert!(!case.problems().is_empty() || case.api().bounded);
    }
}

#[test]
fn deep_calls_are_bounded() {
    let depth = 100;
    let text = format!(
        "{{\"Resources\": {{\"Api\": {{\"Type\": \"AWS::ApiGateway::RestApi\", \"Properties\": {{\"Policy\": {}1{}}}}}}}}}",
        "{\"Fn::Select\": [0, [".repeat(depth / 3),
        "]]}".repeat(depth / 3)
    );
    let case = Case::new(&text);
    assert!(!matches!(case.world().policy, PolicyState::None));
}

#[test]
fn aliases_that_multiply_are_bounded() {
    let mut text =
        "A0: &a0 {Effect: Allow, Principal: '*', Action: '*', Resource: '*'}\n".to_owned();
    for i in 1..12 {
        let last = i - 1;
        let _ = writeln!(text, "A{i}: &a{i} [*a{last}, *a{last}, *a{last}, *a{last}]");
    }
    text.push_str(
        "Resources:\n  Api: {Type: 'AWS::ApiGateway::RestApi', Properties: {Policy: {Statement: *a11}}}\n",
    );
    let start = Instant::now();
    let case = Case::new(&text);
    assert_eq!(case.apis().len(), 1);
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn many_apis_and_methods_end() {
    let mut text = "Resources:\n".to_owned();
    for i in 0..300 {
        let _ = writeln!(text, "  A{i}: {{Type: 'AWS::ApiGateway::RestApi', Properties: {{}}}}");
        let _ = writeln!(
            text,
            "  M{i}: {{Type: 'AWS::ApiGateway::Method', Properties: {{RestApiId: !Ref A{i}, ResourceId: !GetAtt A{i}.RootResourceId, HttpMethod: GET, AuthorizationType: NONE}}}}"
        );
    }
    let case = Case::new(&text);
    assert_eq!(case.apis().len(), 300);
    assert!(case.apis().iter().all(|api| api.worlds[0].routes.complete));
}

#[test]
fn a_long_chain_of_resources_has_no_path() {
    let mut text = "Resources:\n  Api: {Type: 'AWS::ApiGateway::RestApi'}\n".to_owned();
    for i in 0..2000 {
        let next = i + 1;
        let _ = writeln!(
            text,
            "  R{i}: {{Type: 'AWS::ApiGateway::Resource', Properties: {{ParentId: !Ref R{next}, PathPart: a}}}}"
        );
    }
    text.push_str(
        "  M: {Type: 'AWS::ApiGateway::Method', Properties: {RestApiId: !Ref Api, ResourceId: !Ref R0, HttpMethod: GET, AuthorizationType: NONE}}\n",
    );
    let case = Case::new(&text);
    assert_eq!(case.world().routes.declared[0].path, None);
}

#[test]
fn noise_is_survived() {
    for text in [
        "",
        "\u{feff}",
        "{",
        "[]",
        "Resources",
        "Resources: {}",
        "Resources:\n  Api: {Type: 'AWS::ApiGateway::RestApi', Properties: 7}\n",
        "Resources:\n  Api: {Type: 'AWS::ApiGateway::RestApi', Properties: [a], Condition: [b]}\n",
        "Resources:\n  Api: {Type: 'AWS::ApiGateway::RestApi', Properties: !Foo {}}\n",
        "Resources:\n  Api: {Type: 'AWS::ApiGateway::RestApi', Properties: {Policy: [1], EndpointConfiguration: 3}}\n",
        "Resources:\n  Api: {Type: 'AWS::ApiGateway::RestApi', Properties: {Policy: 7, Body: 8, Name: {}}}\n",
        "Resources:\n  Api: {Type: 'AWS::Serverless::Api', Properties: {Auth: x, EndpointConfiguration: [x]}}\n",
        "Resources:\n  F: {Type: 'AWS::Serverless::Function', Properties: {Events: [x]}}\n",
        "Resources:\n  M: {Type: 'AWS::ApiGateway::Method', Properties: {RestApiId: !Ref M}}\n",
        "Resources: {'Fn::Transform': {Name: x}}\n",
    ] {
        let case = Case::new(text);
        for api in case.apis() {
            assert!(!api.worlds.is_empty(), "{text}");
        }
    }
}

#[test]
fn shared_definitions_are_bounded() {
    let start = Instant::now();
    let mut item = String::new();
    let mut paths = String::new();
    for i in 0..3_000 {
        let _ = write!(item, "k{i}: x, ");
        let _ = writeln!(paths, "          /p{i}: *item");
    }
    let mut branch = "&b0 {get: {}}".to_owned();
    for i in 1..40 {
        branch = format!("&b{i} !If [C, {branch}, *b{}]", i - 1);
    }
    for (kind, body, auth) in [
        (
            "AWS::Serverless::Api",
            "DefinitionBody",
            "Auth: {ResourcePolicy: {IpRangeWhitelist: [x]}}",
        ),
        ("AWS::ApiGateway::RestApi", "Body", "Name: x"),
    ] {
        let text = format!(
            "Parameters: {{P: {{Type: String, Default: a}}}}\nConditions: {{C: !Equals [!Ref P, a]}}\nResources:\n  Api:\n    Type: {kind}\n    Properties:\n      {auth}\n      StageName: prod\n      {body}:\n        swagger: '2.0'\n        paths:\n          /if: {branch}\n          /first: &item {{{item}get: {{}}}}\n{paths}"
        );
        let case = Case::new(&text);
        for world in &case.api().worlds {
            let unknown = matches!(world.policy, PolicyState::Unknown(..));
            assert!(unknown || kind == "AWS::ApiGateway::RestApi", "{kind}");
        }
    }
    let text = format!(
        "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Events:\n{}",
        (0..5_000).fold(String::new(), |mut out, i| {
            let _ = writeln!(
                out,
                "        E{i}: {{Type: Api, Properties: {{Path: /p{i}, Method: get}}}}"
            );
            out
        })
    );
    let case = Case::new(&text);
    assert!(!case.world().routes.complete);
    assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
}
