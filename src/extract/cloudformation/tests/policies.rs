//! The forms in which a policy is written.

use super::{Case, known, texts};
use crate::model::{ApiKind, AwsPrincipal, Form, Framework, PolicyState, SymbolClass, Version};

fn rest_api(policy: &str) -> String {
    format!(
        "Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Name: orders\n{policy}"
    )
}

#[test]
fn inline_objects() {
    let case = Case::new(&rest_api(
        "      Policy:\n        Version: 2012-10-17\n        Statement:\n        - Sid: A\n          \
         Effect: Allow\n          Principal:\n            AWS: [111122223333, 012345678901]\n          \
         Action: execute-api:Invoke\n          Resource: execute-api:/*\n",
    ));
    let api = case.api();
    assert_eq!((api.kind, api.framework), (ApiKind::RestApi, Framework::CloudFormation));
    assert_eq!((api.address.as_str(), api.name.as_deref()), ("Api", Some("orders")));
    assert_eq!(case.slice(api.origin), "Api");
    assert_eq!(api.sites.len(), 1);
    assert_eq!((api.sites[0].form, api.sites[0].address.as_str()), (Form::Inline, "Api"));
    let policy = case.policy();
    assert!(matches!(&policy.version, Version::V2012(at) if case.slice(*at) == "2012-10-17"));
    assert_eq!(texts(&case.worlds()), [("", "Allow 111122223333,012345678901 execute-api:/*")]);
    assert!(case.problems().is_empty(), "{:?}", case.problems());
}

#[test]
fn cdk_writes_joins() {
    let case = Case::new(
        r#"{
  "Resources": {
    "Api0C7E1E2A": {
      "Type": "AWS::ApiGateway::RestApi",
      "Properties": {
        "Name": "Api",
        "Policy": {
          "Statement": [
            {
              "Action": "execute-api:Invoke",
              "Effect": "Allow",
              "Principal": {
                "AWS": { "Fn::Join": ["", ["arn:", { "Ref": "AWS::Partition" }, ":iam::111122223333:root"]] }
              },
              "Resource": { "Fn::Join": ["", ["execute-api:/", "*"]] }
            },
            {
              "Action": "execute-api:Invoke",
              "Effect": "Allow",
              "Principal": {
                "AWS": { "Fn::Join": ["", ["arn:", { "Ref": "AWS::Partition" }, ":iam::", { "Ref": "AWS::AccountId" }, ":root"]] }
              },
              "Resource": "execute-api:/*"
            }
          ],
          "Version": "2012-10-17"
        }
      },
      "Metadata": { "aws:cdk:path": "Stack/Api/Resource" }
    }
  }
}"#,
    );
    assert_eq!(
        texts(&case.worlds()),
        [(
            "",
            "Allow arn:${AWS::Partition}:iam::111122223333:root execute-api:/*; \
             Allow arn:${AWS::Partition}:iam::${AWS::AccountId}:root execute-api:/*"
        )]
    );
    let principals: Vec<_> = case
        .policy()
        .known_statements()
        .filter_map(|s| match &s.principal {
            crate::model::PrincipalElement::Principal(p) => p.items[0].one()?.aws(),
            _ => None,
        })
        .collect();
    assert!(matches!(&principals[0], AwsPrincipal::Account(a) if a.as_str() == "111122223333"));
    assert_eq!(principals[1], AwsPrincipal::Owner);
}

#[test]
fn json_strings_map_back_to_their_exact_places() {
    let case = Case::new(
        r#"{"Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {
  "Policy": "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"execute-api:Invoke\", \"Resource\": \"execute-api:/*\"}]}"
}}}}"#,
    );
    assert_eq!(case.api().sites[0].form, Form::JsonString);
    let policy = case.policy();
    let statement = policy.known_statements().next().expect("a statement");
    assert_eq!(case.slice(statement.origin), case.slice(statement.origin).trim());
    let everyone = statement.everyone().expect("everyone");
    assert_eq!(case.slice(everyone.value.origin), r#"\"*\""#);
    assert_eq!(texts(&case.worlds()), [("", "Allow * execute-api:/*")]);
}

#[test]
fn block_scalars_and_sub_hold_json() {
    let policy = r#"      Policy: !Sub |
        {
          "Version": "2012-10-17",
          "Statement": [
            {
              "Effect": "Allow",
              "Principal": {"AWS": "arn:${AWS::Partition}:iam::${Partner}:root"},
              "Action": "execute-api:Invoke",
              "Resource": "execute-api:/${!stage}/*"
            }
          ]
        }
"#;
    let text = format!(
        "{}Parameters:\n  Partner: {{Type: String, Default: '111122223333'}}\n",
        rest_api(policy)
    );
    let case = Case::new(&text);
    assert_eq!(case.api().sites[0].form, Form::JsonString);
    assert_eq!(
        texts(&case.worlds()),
        [("", "Allow arn:${AWS::Partition}:iam::111122223333:root execute-api:/${stage}/*")]
    );
    let statement = case.policy().known_statements().next().expect("a statement");
    let crate::model::PrincipalElement::Principal(p) = &statement.principal else {
        panic!("a principal")
    };
    let leaf = &p.items[0].one().expect("an item").value;
    // The id is written as the parameter's default.
    assert_eq!(case.slice(leaf.origin), "'111122223333'");
}

#[test]
fn folded_and_quoted_yaml_strings_hold_json() {
    for policy in [
        "      Policy: >\n        {\"Statement\": {\"Effect\": \"Allow\", \"Principal\": \"*\",\n        \"Action\": \"*\", \"Resource\": \"*\"}}\n",
        "      Policy: '{\"Statement\": {\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"*\", \"Resource\": \"*\"}}'\n",
        "      Policy: \"{\\\"Statement\\\": {\\\"Effect\\\": \\\"Allow\\\", \\\"Principal\\\": \\\"*\\\", \\\"Action\\\": \\\"*\\\", \\\"Resource\\\": \\\"*\\\"}}\"\n",
        "      Policy:\n        Fn::ToJsonString:\n          Statement: {Effect: Allow, Principal: '*', Action: '*', Resource: '*'}\n",
    ] {
        let case = Case::new(&rest_api(policy));
        assert_eq!(texts(&case.worlds()), [("", "Allow * *")], "{policy}");
        let statement = case.policy().known_statements().next().expect("a statement");
        let token = case.slice(statement.everyone().expect("everyone").value.origin);
        assert!(["\"*\"", "\\\"*\\\"", "'*'"].contains(&token.as_str()), "{token}");
    }
}

#[test]
fn no_policy_in_many_ways() {
    for policy in ["", "      Policy: ''\n", "      Policy: !Ref AWS::NoValue\n", "      Policy:\n"]
    {
        let case = Case::new(&rest_api(policy));
        assert!(matches!(case.world().policy, PolicyState::None), "{policy}");
        assert!(case.api().sites.is_empty(), "{policy}");
    }
}

#[test]
fn unknown_policies_name_their_source() {
    let text =
        format!("Parameters: {{Doc: {{Type: String}}}}\n{}", rest_api("      Policy: !Ref Doc\n"));
    let case = Case::new(&text);
    let PolicyState::Unknown(symbol, origin) = &case.world().policy else { panic!("unknown") };
    assert_eq!(symbol.class, SymbolClass::Input);
    assert_eq!(case.use_site(*origin), "!Ref Doc");
    assert_eq!(case.api().sites[0].form, Form::Variable);
    assert!(case.problems().is_empty());
}

#[test]
fn a_policy_in_a_default_is_read() {
    let text = format!(
        "Parameters:\n  Doc:\n    Type: String\n    Default: '{}'\n{}",
        r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}"#,
        rest_api("      Policy: !Ref Doc\n")
    );
    let case = Case::new(&text);
    assert_eq!(texts(&case.worlds()), [("", "Allow * *")]);
    let statement = case.policy().known_statements().next().expect("a statement");
    let leaf = &statement.everyone().expect("everyone").value;
    assert_eq!(case.slice(leaf.origin), "\"*\"");
    assert_eq!(case.use_site(leaf.origin), "!Ref Doc");
}

#[test]
fn broken_json_is_reported_where_it_breaks_and_the_rest_is_judged() {
    let policy = r#"      Policy: |
        {
          "Statement": [
            {"Effect": "Allow" "Principal": "*", "Action": "*", "Resource": "*"}
          ]
        }
"#;
    let case = Case::new(&rest_api(policy));
    let problems = case.problems();
    assert!(!problems.is_empty());
    assert!(problems.iter().all(|(what, _)| what.starts_with("unreadable:")), "{problems:?}");
    let policy = known(&case.world().policy);
    assert!(policy.known_statements().next().is_some_and(|s| s.everyone().is_some()));
}

#[test]
fn keys_that_stand_twice_are_both_judged() {
    let case = Case::new(&rest_api(
        "      Policy:\n        Statement:\n          Effect: Allow\n          Principal: '*'\n          \
         Principal: {AWS: 111122223333}\n          Action: '*'\n          Resource: '*'\n",
    ));
    assert_eq!(texts(&case.worlds()), [("", "Allow 111122223333 * | Allow * *")]);
    assert_eq!(texts(&case.problems()), [("duplicate: Principal", "Principal")]);
}

#[test]
fn two_policies_of_one_api_are_both_judged() {
    let allow = |principal: &str| {
        format!(
            "      Policy: {{Statement: {{Effect: Allow, Principal: '{principal}', Action: '*', Resource: '*'}}}}\n"
        )
    };
    let text = rest_api(&format!("{}{}", allow("*"), allow("x")));
    let case = Case::new(&text);
    assert_eq!(texts(&case.worlds()), [("", "Allow * * | Allow x *")]);
    assert_eq!(texts(&case.problems()), [("duplicate: Policy", "Policy")]);
}

#[test]
fn two_resources_of_one_name_are_both_judged() {
    let one = |principal: &str| {
        format!(
            "  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      \
             Policy: {{Statement: {{Effect: Allow, Principal: '{principal}', Action: '*', Resource: '*'}}}}\n"
        )
    };
    let case = Case::new(&format!("Resources:\n{}{}", one("*"), one("x")));
    let seen: Vec<_> =
        case.apis().iter().map(|api| case.describe(api, &api.worlds[0].policy)).collect();
    assert_eq!(seen, ["Allow * *", "Allow x *"]);
    assert_eq!(texts(&case.problems()), [("duplicate: Api", "Api")]);
}

#[test]
fn duplicates_elsewhere_are_not_our_business() {
    let case = Case::new(
        "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties: {A: 1, A: 2}\n  \
         Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Body: {paths: {a: 1, a: 2}}\n",
    );
    assert!(case.problems().is_empty(), "{:?}", case.problems());
}

#[test]
fn private_custom_domains() {
    let case = Case::new(
        r#"
Resources:
  Endpoint: {Type: "AWS::EC2::VPCEndpoint"}
  Domain:
    Type: AWS::ApiGateway::DomainNameV2
    Properties:
      DomainName: private.example.com
      EndpointConfiguration: {Types: [PRIVATE]}
      Policy:
        Statement:
          - {Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: execute-api:/*}
          - Effect: Deny
            Principal: "*"
            Action: execute-api:Invoke
            Resource: execute-api:/*
            Condition: {StringNotEquals: {aws:SourceVpce: !Ref Endpoint}}
"#,
    );
    let api = case.api();
    assert_eq!((api.kind, api.name.as_deref()), (ApiKind::DomainName, Some("private.example.com")));
    assert_eq!(super::endpoint(case.world()), "Private");
    let deny = case.policy().known_statements().nth(1).expect("a Deny");
    let condition = deny.known_conditions().next().expect("a condition");
    let symbol = condition.values[0].one().and_then(|l| l.symbol()).expect("a symbol");
    assert_eq!(symbol.class, SymbolClass::OwnVpcEndpoint);
}

#[test]
fn transforms_hide_policies() {
    let inside =
        rest_api("      Policy: {'Fn::Transform': {Name: 'AWS::Include', Parameters: {}}}\n");
    let case = Case::new(&inside);
    assert!(matches!(case.world().policy, PolicyState::Unknown(..)));
    assert_eq!(case.problems().len(), 1);
    let beside = rest_api("      Fn::Transform: {Name: 'AWS::Include', Parameters: {}}\n");
    let case = Case::new(&beside);
    assert_eq!(texts(&case.worlds()), [("", "unknown Fn::Transform")]);
    let macros = format!("Transform: [MyMacro]\n{}", rest_api(""));
    assert_eq!(
        texts(&Case::new(&macros).problems()),
        [("unresolved: transform MyMacro", "[MyMacro]")]
    );
}

#[test]
fn anchors_are_followed() {
    let case = Case::new(
        r#"
x-policy: &open
  Version: "2012-10-17"
  Statement: [{Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: execute-api:/*}]
Resources:
  A:
    Type: AWS::ApiGateway::RestApi
    Properties: {Policy: *open}
  B:
    Type: AWS::ApiGateway::RestApi
    Properties: {Policy: *open}
"#,
    );
    let seen: Vec<_> =
        case.apis().iter().map(|api| case.describe(api, &api.worlds[0].policy)).collect();
    assert_eq!(seen, ["Allow * execute-api:/*", "Allow * execute-api:/*"]);
}

#[test]
fn an_own_arn_is_this_api() {
    let case = Case::new(&rest_api(
        "      Policy:\n        Statement:\n          Effect: Allow\n          Principal: '*'\n          Action: '*'\n          \
         Resource: !Sub 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*'\n",
    ));
    let statement = case.policy().known_statements().next().expect("a statement");
    let leaf = statement.resource.items[0].one().expect("a leaf");
    let classes: Vec<_> = leaf.symbols().map(|s| s.class).collect();
    assert_eq!(classes, [SymbolClass::Region, SymbolClass::OwnerAccount, SymbolClass::ThisApiId]);
}
