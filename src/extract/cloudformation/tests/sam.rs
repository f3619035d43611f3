//! AWS SAM: what it makes of a template, and what is said where it refuses one.

use super::{Case, endpoint, known, texts};
use crate::model::{AuthType, Entry, Form, Framework, PolicyState, ProblemKind};

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
    let body = "DefinitionBody: {'Fn::GetAtt': [Other, Body]}";
    assert_eq!(
        with(&format!("{body}\n      Auth: {{ResourcePolicy: {{IpRangeWhitelist: [x]}}}}")),
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

#[test]
fn a_stage_that_nobody_names_is_one_and_the_same() {
    let case = Case::new(&format!(
        r#"{TRANSFORM}Parameters: {{Stage: {{Type: String}}}}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: !Ref Stage
      Auth:
        ResourcePolicy:
          AwsAccountWhitelist: ['111122223333']
          CustomStatements:
            - {{Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', Resource: !Sub 'execute-api:/${{Stage}}/GET/admin'}}
            - {{Effect: Deny, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/test/*'}}
  Get:
    Type: AWS::Serverless::Function
    Properties:
      Events: {{Get: {{Type: Api, Properties: {{RestApiId: !Ref Api, Path: /, Method: get}}}}}}
"#
    ));
    let policy = "Allow 111122223333 execute-api:/the-stage/GET/; \
                  Deny * execute-api:/the-stage/GET/admin; Deny * execute-api:/test/*";
    assert_eq!(texts(&case.worlds()), [("", policy)]);
}

const WITH_POLICY: &str = r#"
swagger: '2.0'
paths: {/a: {get: {security: [{Sig: []}]}}}
securityDefinitions: {Sig: {type: apiKey, x-amazon-apigateway-authtype: awsSigv4}}
x-amazon-apigateway-policy:
  Version: '2012-10-17'
  Statement: [{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}]
"#;

#[test]
fn a_definition_in_a_file_is_read_inside_the_roots() {
    let template = |uri: &str| {
        format!(
            "{TRANSFORM}Resources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties: {{StageName: prod, DefinitionUri: {uri}}}\n"
        )
    };
    let files = [
        ("/app/api/openapi.yaml", WITH_POLICY),
        ("/app/open.json", r#"{"swagger": "2.0", "paths": {}}"#),
        ("/app/broken.json", "{"),
        ("/secret.yaml", WITH_POLICY),
    ];
    let case = Case::beside(&template("./api/openapi.yaml"), &files);
    assert_eq!(texts(&case.worlds()), [("", "Allow * execute-api:/*")]);
    let Entry::One(allow) = &known(&case.world().policy).statements[0] else { panic!("one") };
    let at = case.out.origins.span(allow.origin);
    assert_eq!(case.db.file(at.file).display, "app/api/openapi.yaml");
    let route = &case.world().routes.declared[0];
    assert_eq!((route.path.as_deref(), route.auth), (Some("/a"), AuthType::AwsIam));
    assert!(case.world().routes.complete);
    assert_eq!(case.out.included, [std::path::PathBuf::from("/app/api/openapi.yaml")].into());

    let case = Case::beside(&template("open.json"), &files);
    assert_eq!(texts(&case.worlds()), [("", "none")]);
    for (uri, why) in [
        ("../secret.yaml", "no such file in the given folders"),
        ("/secret.yaml", "no such file in the given folders"),
        ("missing.yaml", "no such file in the given folders"),
        ("broken.json", "no single document"),
        ("s3://bucket/openapi.yaml", "in Amazon S3"),
        ("{Bucket: b, Key: k}", "in Amazon S3"),
    ] {
        let case = Case::beside(&template(uri), &files);
        assert_eq!(texts(&case.worlds()), [("", "unknown DefinitionUri")], "{uri}");
        let ProblemKind::Unresolved { why: said, .. } = &case.api().unresolved[0].kind else {
            panic!("{uri}")
        };
        assert!(said.contains(why), "{uri}: {said}");
        assert!(!case.world().routes.complete, "{uri}");
    }
    // SAM adds nothing to a file: it refuses the policy beside one.
    let with_auth = template("open.json").replace(
        "StageName: prod",
        "StageName: prod, Auth: {ResourcePolicy: {IpRangeWhitelist: [203.0.113.0/24]}}",
    );
    let case = Case::beside(&with_auth, &files);
    assert_eq!(texts(&case.worlds()), [("", "unknown SAM ResourcePolicy")]);
}

#[test]
fn private_domains_have_policies_and_others_have_none() {
    let template = |kind: &str| {
        format!(
            "{TRANSFORM}Parameters: {{Kind: {{Type: String, Default: PRIVATE}}}}\nResources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: prod\n      \
             Domain: {{DomainName: a.example.com, CertificateArn: x{kind}, Policy: {{Statement: {{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}}}}}}\n"
        )
    };
    for kind in [", EndpointConfiguration: PRIVATE", ", EndpointConfiguration: !Ref Kind"] {
        let case = Case::new(&template(kind));
        let [api, domain] = case.apis() else { panic!("an API and a domain: {kind}") };
        assert!(matches!(api.worlds[0].policy, PolicyState::None));
        assert_eq!((&*domain.address, domain.framework), ("Api.Domain", Framework::Sam));
        assert_eq!(case.describe(domain, &domain.worlds[0].policy), "Allow * execute-api:/*");
        assert!(case.problems().is_empty());
    }
    for kind in ["", ", EndpointConfiguration: REGIONAL"] {
        let case = Case::new(&template(kind));
        assert_eq!(case.apis().len(), 1);
        assert_eq!(texts(&case.problems()), [("unresolved: Domain.Policy", "Policy")]);
    }
}

/// A template whose functions are resolved before AWS SAM looks, or after it.
fn conditional(transform: &str, policy: &str) -> Case {
    Case::new(&format!(
        r#"Transform: [{transform}]
Parameters:
  Env: {{Type: String, Default: dev}}
  Vpc: {{Type: String}}
Conditions:
  Dev: !Equals [!Ref Env, dev]
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth: {{ResourcePolicy: {policy}}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        E: {{Type: Api, Properties: {{Path: /a, Method: get, RestApiId: !Ref Api}}}}
"#
    ))
}

#[test]
fn language_extensions_resolve_functions_before_sam_looks() {
    const BEFORE: &str = "AWS::LanguageExtensions, AWS::Serverless-2016-10-31";
    const AFTER: &str = "AWS::Serverless-2016-10-31, AWS::LanguageExtensions";
    let list = "{AwsAccountWhitelist: ['111122223333']}";
    let only = "Allow 111122223333 execute-api:/prod/GET/a";
    for (policy, dev, other) in [
        (format!("!If [Dev, {list}, !Ref AWS::NoValue]"), only, "none"),
        (format!("!If [Dev, !Ref AWS::NoValue, {list}]"), "none", only),
        (
            "{AwsAccountWhitelist: !If [Dev, ['111122223333'], !Ref AWS::NoValue]}".to_owned(),
            only,
            "none",
        ),
        (
            "{CustomStatements: !If [Dev, !Ref AWS::NoValue, [{Effect: Allow, Principal: '111122223333', Action: execute-api:Invoke, Resource: 'execute-api:/prod/GET/a'}]]}".to_owned(),
            "none",
            only,
        ),
        (
            "{SourceVpcWhitelist: [!If [Dev, vpc-0aaaaaaaaaaaaaaa1, x]]}".to_owned(),
            "Allow * execute-api:/prod/GET/a; Deny * execute-api:/prod/GET/a \
             if StringNotEquals aws:sourcevpc vpc-0aaaaaaaaaaaaaaa1",
            "none",
        ),
    ] {
        let case = conditional(BEFORE, &policy);
        let worlds = case.worlds();
        let seen: Vec<&str> = texts(&worlds).iter().map(|(_, policy)| *policy).collect();
        assert_eq!(seen, [dev, other], "{policy}");
    }
    let policy = format!("!If [Dev, {list}, !Ref AWS::NoValue]");
    let case = conditional(AFTER, &policy);
    assert_eq!(texts(&case.worlds()), [("", "none")]);
}

#[test]
fn an_id_that_is_not_known_names_its_parameter() {
    let list = |list: &str| conditional("AWS::Serverless-2016-10-31", list);
    let kept = |key: &str, ids: &str| {
        format!(
            "Allow * execute-api:/prod/GET/a; \
             Deny * execute-api:/prod/GET/a if StringNotEquals {key} {ids}"
        )
    };
    for (ids, shown) in [("[!Ref Vpc]", "${Vpc}"), ("[!Ref Vpc, !Ref Vpc]", "${Vpc},${Vpc}")] {
        let case = list(&format!("{{SourceVpcWhitelist: {ids}}}"));
        let expected = [
            ("the start of Vpc = vpc-", kept("aws:sourcevpc", shown)),
            ("the start of Vpc = vpce-", kept("aws:sourcevpce", shown)),
            ("the start of Vpc = something else", "none".to_owned()),
        ];
        let worlds = case.worlds();
        let expected: Vec<(&str, &str)> = expected.iter().map(|(a, b)| (*a, &**b)).collect();
        assert_eq!(texts(&worlds), expected, "{ids}");
        let pins: Vec<_> = case.api().worlds.iter().map(|w| w.assumptions[0].pin.clone()).collect();
        assert_eq!(pins, vec![Some("--param Vpc=...".to_owned()); 3]);
        let default: Vec<bool> = case.api().worlds.iter().map(|world| world.is_default).collect();
        assert_eq!(default, [true, false, false]);
        assert!(case.problems().is_empty());
    }
    // With an id that is kept, nothing is left out.
    let known = list("{SourceVpcWhitelist: [vpce-0a1b2c3d4e5f60718, !Ref Vpc]}");
    let worlds = known.worlds();
    assert_eq!(worlds[2].1, kept("aws:sourcevpce", "vpce-0a1b2c3d4e5f60718"));
}

#[test]
fn the_type_of_a_parameter_tells_what_it_is_the_id_of() {
    let template = |kind: &str, endpoint: &str| {
        Case::new(&format!(
            "{TRANSFORM}Parameters: {{Vpc: {{Type: '{kind}'}}}}\nResources:\n  Api:\n    Type: AWS::Serverless::Api\n    \
             Properties:\n      StageName: prod\n      EndpointConfiguration: {endpoint}\n      \
             Auth: {{ResourcePolicy: {{SourceVpcWhitelist: [!Ref Vpc]}}}}\n      \
             DefinitionBody: {{openapi: 3.0.1, paths: {{/a: {{get: {{}}}}}}}}\n"
        ))
    };
    assert_eq!(template("AWS::EC2::VPC::Id", "REGIONAL").worlds().len(), 1);
    // A private API without a policy lets nobody in: that the id may be dropped does not matter.
    let private = template("String", "PRIVATE").worlds();
    assert_eq!(private.len(), 2);
    assert!(private.iter().all(|(_, policy)| policy.contains("Deny")), "{private:?}");
}

#[test]
fn the_policy_of_an_event_that_names_no_api_of_the_template_is_named() {
    let template = |id: &str| {
        Case::new(&format!(
            "{TRANSFORM}Parameters: {{Shared: {{Type: String}}}}\nResources:\n  \
             Own: {{Type: 'AWS::Serverless::Api', Properties: {{StageName: x}}}}\n  \
             Rest: {{Type: 'AWS::ApiGateway::RestApi'}}\n  F:\n    Type: AWS::Serverless::Function\n    \
             Properties:\n      Events:\n        Get:\n          Type: Api\n          Properties: {{Path: /a, Method: get{id}, \
             Auth: {{ResourcePolicy: {{IpRangeWhitelist: [198.51.100.0/24]}}}}}}\n"
        ))
    };
    for id in ["", ", RestApiId: !Ref Own", ", RestApiId: Own", ", RestApiId: {Ref: Own}"] {
        assert_eq!(texts(&template(id).problems()), [], "{id}");
    }
    for id in [
        "!Ref Shared",
        "!Ref Rest",
        "missing",
        "!Sub '${Own}'",
        "!GetAtt Own.RestApiId",
        "!FindInMap [M, a, b]",
        "!Join ['', [O, wn]]",
        "!Select [0, [Own]]",
        "!ImportValue shared",
    ] {
        let case = template(&format!(", RestApiId: {id}"));
        let said = [("unresolved: SAM ResourcePolicy", "ResourcePolicy")];
        assert_eq!(texts(&case.problems()), said, "{id}");
    }
}

#[test]
fn the_implicit_api_exists_where_one_of_its_events_does() {
    let function = |id: &str, condition: &str| {
        format!(
            "  {id}:\n    Type: AWS::Serverless::Function\n{condition}    Properties:\n      Events:\n        \
             E: {{Type: Api, Properties: {{Path: /{id}, Method: get}}}}\n"
        )
    };
    let template = |functions: &[String]| {
        Case::new(&format!(
            "{TRANSFORM}Conditions:\n  Never: !Equals [a, b]\n  Always: !Equals [a, a]\nResources:\n{}",
            functions.concat()
        ))
    };
    let never = function("A", "    Condition: Never\n");
    for (functions, exists) in [
        (vec![never.clone()], false),
        (vec![never.clone(), function("B", "    Condition: Always\n")], true),
        (vec![never, function("B", "")], true),
    ] {
        let case = template(&functions);
        let worlds = &case.api().worlds;
        assert_eq!(worlds.iter().any(|world| world.exists), exists, "{functions:?}");
    }
}
