//! What a template takes from other files: `AWS::Include` and `BodyS3Location`.

use super::*;
use crate::model::AuthType;
use crate::source::Step;

const STATEMENT: &str = "Statement: [{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', \
                         Resource: {'Fn::Sub': 'execute-api:/${Stage}/*'}}]";

fn include(location: &str) -> String {
    format!("{{'Fn::Transform': {{Name: 'AWS::Include', Parameters: {{Location: {location}}}}}}}")
}

fn files() -> Vec<(&'static str, String)> {
    vec![
        ("/app/policy.yaml", STATEMENT.to_owned()),
        ("/app/policy.json", r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}"#.into()),
        (
            "/app/api.yaml",
            format!(
                "openapi: 3.0.1\npaths:\n  /a:\n    get: {{security: [{{Sig: []}}]}}\ncomponents:\n  securitySchemes:\n    Sig: {{type: apiKey, x-amazon-apigateway-authtype: awsSigv4}}\nx-amazon-apigateway-policy:\n  {STATEMENT}\n"
            ),
        ),
        ("/app/props.yaml", format!("Policy: {{{STATEMENT}}}\n")),
        (
            "/app/resources.yaml",
            format!("Api:\n  Type: AWS::ApiGateway::RestApi\n  Properties:\n    Policy: {{{STATEMENT}}}\n"),
        ),
        ("/app/sections.yaml", format!("Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Policy: {{{STATEMENT}}}\n")),
        ("/app/statements.yaml", "[{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: '*'}]".into()),
        ("/app/again.yaml", include("policy.yaml")),
        ("/app/broken.yaml", "a: [".into()),
        ("/secret.yaml", STATEMENT.to_owned()),
    ]
}

fn case(text: &str) -> Case {
    let files = files();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, &**text)).collect();
    let head = "Parameters: {Stage: {Type: String, Default: prod}}\n";
    Case::beside(&format!("{head}{text}"), &files)
}

fn rest_api(properties: &str) -> String {
    format!(
        "Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties: {properties}\n"
    )
}

const ALLOW: &str = "Allow * execute-api:/prod/*";

#[test]
fn an_include_is_read_wherever_aws_takes_one() {
    let sam = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Api:\n    Type: AWS::Serverless::Api\n    Properties: {StageName: prod, DefinitionBody: ";
    for text in [
        rest_api(&format!("{{Policy: {}}}", include("policy.yaml"))),
        rest_api(&format!("{{Policy: {}}}", include("./policy.yaml"))),
        rest_api(&format!("{{Body: {}}}", include("api.yaml"))),
        rest_api(&format!("{{Name: a, {}", &include("props.yaml")[1..])),
        rest_api(&include("props.yaml")),
        rest_api("!Transform {Name: 'AWS::Include', Parameters: {Location: props.yaml}}"),
        rest_api("{BodyS3Location: ./api.yaml}"),
        format!("Resources: {}\n", include("resources.yaml")),
        "Transform: {Name: 'AWS::Include', Parameters: {Location: sections.yaml}}\nResources: {Other: {Type: 'AWS::SNS::Topic'}}\n".into(),
        "Transform: [{Name: 'AWS::Include', Parameters: {Location: sections.yaml}}]\nResources: {Other: {Type: 'AWS::SNS::Topic'}}\n".into(),
        format!("{sam}{}}}\n", include("api.yaml")),
        format!("{sam}{{swagger: '2.0', {}}}}}\n", &include("api.yaml")[1..include("api.yaml").len() - 1]),
    ] {
        let case = case(&text);
        assert_eq!(texts(&case.worlds()), [("", ALLOW)], "{text}");
        assert_eq!(case.problems(), [], "{text}");
        assert_eq!(case.out.included.len(), 1, "{text}");
    }
}

#[test]
fn methods_of_an_included_body_are_read() {
    for property in
        ["BodyS3Location: api.yaml".to_owned(), format!("Body: {}", include("api.yaml"))]
    {
        let case = case(&rest_api(&format!("{{{property}}}")));
        let routes = &case.world().routes;
        assert!(routes.complete, "{property}");
        let [route] = routes.declared.as_slice() else { panic!("{property}") };
        assert_eq!((route.path.as_deref(), route.auth), (Some("/a"), AuthType::AwsIam));
    }
}

#[test]
fn what_is_included_stands_in_its_file_and_says_how_it_came() {
    let case = case(&rest_api(&format!("{{Policy: {}}}", include("policy.yaml"))));
    let Entry::One(allow) = &known(&case.world().policy).statements[0] else { panic!("one") };
    let steps = case.out.origins.steps(allow.origin);
    let shown: Vec<_> =
        steps.iter().map(|s| (s.step, case.db.file(s.at.file).display.clone())).collect();
    assert_eq!(
        shown,
        [
            (Step::Include, "app/template.yaml".to_owned()),
            (Step::Literal, "app/policy.yaml".to_owned())
        ]
    );
}

#[test]
fn lists_are_included_whole() {
    let policy = format!("{{Policy: {{Statement: {}}}}}", include("statements.yaml"));
    assert_eq!(texts(&case(&rest_api(&policy)).worlds()), [("", "Allow * *")]);
    // Beside other keys a list has no place.
    let beside = format!("{{Policy: {{Version: '2012-10-17', {}", &include("statements.yaml")[1..]);
    let case = case(&rest_api(&format!("{beside}}}")));
    assert_eq!(texts(&case.worlds()), [("", "..Fn::Transform | ..Fn::Transform")]);
}

#[test]
fn what_cannot_be_included_is_unknown_and_says_why() {
    for (location, why) in [
        ("'s3://bucket/policy.yaml'", "it lies in Amazon S3; it is not read"),
        ("!Sub 's3://${Bucket}/policy.yaml'", "what it includes lies in Amazon S3; it is not read"),
        ("../secret.yaml", "there is no such file in the given folders"),
        ("missing.yaml", "there is no such file in the given folders"),
        ("broken.yaml", "the file that it names is no single document in JSON or YAML"),
        ("again.yaml", "an included file cannot include another one"),
    ] {
        for property in ["Policy", "Body"] {
            let text = rest_api(&format!("{{{property}: {}}}", include(location)));
            let case = case(&text);
            let worlds = case.worlds();
            assert!(worlds.iter().all(|(_, p)| p.starts_with("unknown")), "{text}: {worlds:?}");
            let said: Vec<&str> = case
                .api()
                .unresolved
                .iter()
                .filter_map(|p| match &p.kind {
                    ProblemKind::Unresolved { what, why, .. } if what == "Fn::Transform" => {
                        Some(&**why)
                    }
                    _ => None,
                })
                .collect();
            assert_eq!(said, [why], "{text}");
        }
    }
}

#[test]
fn shared_nodes_are_walked_once() {
    let mut text = String::from("Metadata:\n  a0: &a0 {x: 1}\n");
    for i in 1..40 {
        text.push_str(&format!("  a{i}: &a{i} [*a{}, *a{}]\n", i - 1, i - 1));
    }
    let case =
        case(&format!("{text}{}", rest_api(&format!("{{Policy: {}}}", include("policy.yaml")))));
    assert!(case.apis().len() <= 1);
}

/// An API of AWS SAM whose definition a macro writes.
fn sam(kind: &str, auth: &str, body: &str) -> Case {
    case(&format!(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Api:\n    Type: AWS::Serverless::Api\n    \
         Properties:\n      StageName: live\n      EndpointConfiguration: {{Type: {kind}}}\n      \
         Auth: {auth}\n      DefinitionBody: {body}\n"
    ))
}

#[test]
fn sam_adds_its_statements_to_a_definition_that_is_not_here() {
    let allow =
        "{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}";
    let custom = format!("{{ResourcePolicy: {{CustomStatements: [{allow}]}}}}");
    let ranges = "{ResourcePolicy: {IpRangeWhitelist: [203.0.113.0/24]}}";
    let unknown = "..OpenAPI body";
    for (auth, body, policy) in [
        (&*custom, include("missing.yaml"), format!("{unknown}; Allow * execute-api:/*")),
        (&*custom, "!Transform {Name: Own}".into(), format!("{unknown}; Allow * execute-api:/*")),
        (
            &*custom,
            format!("{{openapi: 3.0.1, {}", &include("missing.yaml")[1..]),
            format!("{unknown}; Allow * execute-api:/*"),
        ),
        // What writes the paths writes no policy.
        (
            &*custom,
            format!("{{openapi: 3.0.1, paths: {}}}", include("missing.yaml")),
            "Allow * execute-api:/*".into(),
        ),
        (
            ranges,
            include("missing.yaml"),
            format!(
                "{unknown}; Allow * execute-api:/live/*; \
                 Deny * execute-api:/live/* if NotIpAddress aws:sourceip 203.0.113.0/24"
            ),
        ),
    ] {
        let case = sam("REGIONAL", auth, &body);
        assert_eq!(texts(&case.worlds()), [("", &*policy)], "{body}");
        assert!(!case.world().routes.complete, "{body}");
        let form = case.api().sites.iter().map(|site| site.form).collect::<Vec<_>>();
        assert_eq!(form, [crate::model::Form::SamResourcePolicy], "{body}");
    }
    // The file that is not there is named where it is written.
    let case = sam("REGIONAL", &custom, &include("missing.yaml"));
    assert_eq!(texts(&case.problems()), [("unresolved: Fn::Transform", "missing.yaml")]);
}

#[test]
fn an_event_that_overrides_is_added_to_a_definition_that_is_not_here() {
    let case = case(&format!(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Api:\n    Type: AWS::Serverless::Api\n    \
         Properties: {{StageName: live, DefinitionBody: {}}}\n  F:\n    Type: AWS::Serverless::Function\n    \
         Properties:\n      Events:\n        Get: {{Type: Api, Properties: {{Path: /a, Method: get, RestApiId: !Ref Api, \
         Auth: {{OverrideApiAuth: true, ResourcePolicy: {{AwsAccountWhitelist: ['111122223333']}}}}}}}}\n",
        include("missing.yaml")
    ));
    let policy = "..OpenAPI body; Allow 111122223333 execute-api:/live/*/a";
    assert_eq!(texts(&case.worlds()), [("", policy)]);
}
