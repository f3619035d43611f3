//! The shapes that partial evaluation must get right.

use super::{Case, endpoint, texts, when};
use crate::model::SymbolClass;

/// The endpoint type and the Deny under one condition.
const LOCALDEV: &str = r#"
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Environment:
    Type: String
    Default: production
  VpcEndpointId:
    Type: String
Conditions:
  IsNotLocal: !Not [!Equals [!Ref Environment, localdev]]
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: !Sub orders-${Environment}
      EndpointConfiguration:
        Types:
          - !If [IsNotLocal, PRIVATE, REGIONAL]
      Policy:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: execute-api:Invoke
            Resource: execute-api:/*
          - !If
            - IsNotLocal
            - Effect: Deny
              Principal: "*"
              Action: execute-api:Invoke
              Resource: execute-api:/*
              Condition:
                StringNotEquals:
                  aws:SourceVpce: !Ref VpcEndpointId
            - !Ref AWS::NoValue
"#;

#[test]
fn endpoint_and_deny_under_one_condition_make_two_worlds() {
    let case = Case::new(LOCALDEV);
    let seen: Vec<_> = case
        .api()
        .worlds
        .iter()
        .zip(case.worlds())
        .map(|(world, (when, policy))| (when, world.is_default, endpoint(world), policy))
        .collect();
    assert_eq!(
        seen,
        [
            (
                "Environment is not localdev".into(),
                true,
                "Private".into(),
                "Allow * execute-api:/*; Deny * execute-api:/* if StringNotEquals aws:sourcevpce \
                 ${VpcEndpointId}"
                    .into()
            ),
            (
                "Environment = localdev".into(),
                false,
                "Regional".into(),
                "Allow * execute-api:/*".to_owned()
            ),
        ]
    );
    let pin = &case.api().worlds[1].assumptions[0].pin;
    assert_eq!(pin.as_deref(), Some("--param Environment=..."));
}

#[test]
fn a_given_value_leaves_one_world() {
    let case = Case::with(LOCALDEV, &[("Environment", &["localdev"])]);
    assert_eq!(endpoint(case.world()), "Regional");
    assert_eq!(case.api().name.as_deref(), Some("orders-localdev"));
    let case = Case::with(LOCALDEV, &[("Environment", &["localdev", "production"])]);
    let defaults: Vec<_> =
        case.api().worlds.iter().map(|w| (when(w), w.is_default, endpoint(w))).collect();
    assert_eq!(
        defaults,
        [
            ("Environment = localdev".to_owned(), true, "Regional".to_owned()),
            ("Environment = production".into(), true, "Private".into())
        ]
    );
}

#[test]
fn existence_policy_and_endpoint_under_the_same_parameters() {
    let case = Case::new(
        r#"
Parameters:
  CreateApi: {Type: String, Default: "false", AllowedValues: ["true", "false"]}
  Private: {Type: String, Default: "false", AllowedValues: ["true", "false"]}
Conditions:
  Create: !Equals [!Ref CreateApi, "true"]
  IsPrivate: !And [!Condition Create, !Equals [!Ref Private, "true"]]
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Condition: Create
    Properties:
      EndpointConfiguration: !If [IsPrivate, {Types: [PRIVATE]}, {Types: [EDGE]}]
      Policy: !If
        - IsPrivate
        - Statement: {Effect: Deny, Principal: "*", Action: "*", Resource: "*"}
        - Statement: {Effect: Allow, Principal: "*", Action: "*", Resource: "*"}
"#,
    );
    let seen: Vec<_> = case
        .api()
        .worlds
        .iter()
        .zip(case.worlds())
        .map(|(w, (when, policy))| (when, w.exists, w.is_default, endpoint(w), policy))
        .collect();
    let row = |when: &str, exists, default, endpoint: &str, policy: &str| {
        (when.to_owned(), exists, default, endpoint.to_owned(), policy.to_owned())
    };
    assert_eq!(
        seen,
        [
            row("CreateApi = false", false, true, "absent", "none"),
            row("CreateApi = true, Private = false", true, false, "Edge", "Allow * *"),
            row("CreateApi = true, Private = true", true, false, "Private", "Deny * *"),
        ]
    );
}

#[test]
fn one_parameter_in_allow_and_deny_is_one_symbol() {
    let case = Case::new(
        r#"
Parameters:
  Vpce: {Type: "AWS::EC2::VPCEndpoint::Id"}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      EndpointConfiguration: {Types: [PRIVATE]}
      Policy:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: execute-api:Invoke
            Resource: execute-api:/*
            Condition: {StringEquals: {"aws:SourceVpce": !Ref Vpce}}
          - Effect: Deny
            Principal: "*"
            Action: execute-api:Invoke
            Resource: execute-api:/*
            Condition: {StringNotEquals: {"aws:SourceVpce": !Sub "${Vpce}"}}
"#,
    );
    let symbols: Vec<_> = case
        .policy()
        .known_statements()
        .flat_map(|s| s.known_conditions())
        .flat_map(|c| &c.values)
        .filter_map(|v| v.one()?.symbol())
        .collect();
    assert_eq!(symbols.len(), 2);
    assert_eq!(symbols[0], symbols[1]);
    assert_eq!(symbols[0].class, SymbolClass::Input);
    assert_eq!(case.api().symbols.label(symbols[0]), "Vpce");
}

#[test]
fn no_value_inside_a_list_of_condition_values() {
    let case = Case::new(
        r#"
Parameters:
  OfficeCidr: {Type: String, Default: ""}
Conditions:
  HasOffice: !Not [!Equals [!Ref OfficeCidr, ""]]
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: execute-api:Invoke
            Resource: execute-api:/*
            Condition:
              IpAddress:
                aws:SourceIp:
                  - 203.0.113.0/24
                  - !If [HasOffice, !Ref OfficeCidr, !Ref "AWS::NoValue"]
"#,
    );
    assert_eq!(
        texts(&case.worlds()),
        [
            (
                "OfficeCidr = \"\"",
                "Allow * execute-api:/* if IpAddress aws:sourceip 203.0.113.0/24"
            ),
            (
                "OfficeCidr is not \"\"",
                "Allow * execute-api:/* if IpAddress aws:sourceip 203.0.113.0/24,${OfficeCidr}"
            ),
        ]
    );
}

#[test]
fn a_whole_condition_may_be_no_value() {
    let case = Case::new(
        r#"
Parameters:
  Restrict: {Type: String, Default: "yes please", AllowedValues: ["yes please", "no"]}
Conditions:
  Restricted: !Equals [!Ref Restrict, "yes please"]
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy:
        Statement:
          Effect: Allow
          Principal: "*"
          Action: execute-api:Invoke
          Resource: execute-api:/*
          Condition: !If
            - Restricted
            - IpAddress: {aws:SourceIp: 203.0.113.0/24}
            - !Ref AWS::NoValue
"#,
    );
    assert_eq!(
        texts(&case.worlds()),
        [
            (
                "Restrict = yes please",
                "Allow * execute-api:/* if IpAddress aws:sourceip 203.0.113.0/24"
            ),
            ("Restrict = no", "Allow * execute-api:/*"),
        ]
    );
}

#[test]
fn defaults_used_as_data_are_assumptions() {
    let case = Case::new(
        r#"
Parameters:
  Partner: {Type: String, Default: "111122223333"}
  Unused: {Type: String, Default: x}
  ApiName: {Type: String, Default: orders}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: !Ref ApiName
      Policy:
        Statement:
          Effect: Allow
          Principal: {AWS: !Sub "arn:aws:iam::${Partner}:root"}
          Action: execute-api:Invoke
          Resource: execute-api:/*
"#,
    );
    let assumed: Vec<_> = case.api().assumptions.iter().map(|a| a.text.as_str()).collect();
    assert_eq!(assumed, ["Partner = 111122223333"]);
    assert_eq!(case.api().assumptions[0].pin.as_deref(), Some("--param Partner=..."));
    assert_eq!(case.api().name.as_deref(), Some("orders"));
}

#[test]
fn mappings_keyed_by_environment() {
    let case = Case::new(
        r#"
Parameters:
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Mappings:
  Networks:
    dev: {Cidrs: ["0.0.0.0/0"]}
    prod: {Cidrs: ["203.0.113.0/24", "198.51.100.0/24"]}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy:
        Statement:
          Effect: Allow
          Principal: "*"
          Action: execute-api:Invoke
          Resource: !Sub "execute-api:/${Env}/*"
          Condition: {IpAddress: {"aws:SourceIp": !FindInMap [Networks, !Ref Env, Cidrs]}}
"#,
    );
    assert_eq!(
        texts(&case.worlds()),
        [
            ("Env = dev", "Allow * execute-api:/dev/* if IpAddress aws:sourceip 0.0.0.0/0"),
            (
                "Env = prod",
                "Allow * execute-api:/prod/* if IpAddress aws:sourceip \
                 203.0.113.0/24,198.51.100.0/24"
            ),
        ]
    );
    let values =
        &super::known(&case.api().worlds[0].policy).known_statements().next().expect("one");
    let condition = values.known_conditions().next().expect("one");
    let leaf = condition.values[0].one().expect("one");
    assert_eq!(case.slice(leaf.origin), "\"0.0.0.0/0\"");
    assert_eq!(case.use_site(leaf.origin), "!FindInMap [Networks, !Ref Env, Cidrs]");
}
