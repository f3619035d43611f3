//! Services of the Serverless Framework.

use super::extract;
use crate::extract::Extraction;
use crate::extract::testing::extracted;
use crate::model::{Api, EndpointType, EndpointTypes, Framework, PolicyState, ProblemKind};
use crate::source::SourceDb;

fn read(text: &str) -> (SourceDb, Extraction) {
    let files = [
        (
            "/s/policy.yml",
            "- {Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: '*'}\n",
        ),
        ("/s/functions.yml", "more: {events: [{http: {method: put, path: more}}]}\n"),
    ];
    extracted(extract, ("/s/serverless.yml", "s/serverless.yml"), text, &files, Some("/s"))
}

/// A service with that under `provider` and that event of a function.
fn service(provider: &str, event: &str) -> String {
    format!(
        "service: orders\nprovider:\n  name: aws\n{provider}\nfunctions:\n  get:\n    events:\n    - {event}\n"
    )
}

fn api(text: &str) -> Api {
    let (_, out) = read(text);
    let [api] = out.inventory.apis.as_slice() else { panic!("{text}\n{:?}", out.inventory) };
    api.clone()
}

fn routes(event: &str) -> Vec<String> {
    let api = api(&service("", event));
    let routes = &api.worlds[0].routes;
    let mut out: Vec<String> = routes
        .declared
        .iter()
        .map(|route| {
            let (verb, path) = (route.method.as_deref(), route.path.as_deref());
            let auth = route.auth.name().unwrap_or("?");
            format!("{} {} {auth}", verb.unwrap_or("?"), path.unwrap_or("?"))
        })
        .collect();
    if !routes.complete {
        out.push("...".into());
    }
    out
}

const POLICY: &str = "  apiGateway:
    resourcePolicy:
    - {Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}";

#[test]
fn the_api_of_a_service() {
    let text = service(
        &format!("  endpointType: private\n  tags: {{owner: team}}\n{POLICY}"),
        "http: GET orders",
    );
    let (db, out) = read(&text);
    let [api] = out.inventory.apis.as_slice() else { panic!("{:?}", out.inventory) };
    assert_eq!((api.address.as_str(), api.framework), ("ApiGatewayRestApi", Framework::Serverless));
    assert_eq!(db.slice(out.origins.span(api.origin)), "resourcePolicy");
    assert_eq!(api.tags[0].value, "team");
    let world = &api.worlds[0];
    let EndpointTypes::Known(EndpointType::Private, Some(at)) = world.endpoint else {
        panic!("private")
    };
    assert_eq!(db.slice(out.origins.span(at)), "private");
    let PolicyState::Known(readings) = &world.policy else { panic!("known") };
    let statement = readings[0].known_statements().next().expect("a statement");
    let everyone = &statement.everyone().expect("everyone").value;
    assert_eq!(db.slice(out.origins.span(everyone.origin)), "'*'");
    assert!(out.inventory.problems.is_empty(), "{:?}", out.inventory.problems);
}

#[test]
fn the_places_of_a_policy() {
    let policy = |provider: &str| {
        let api = api(&service(provider, "http: GET /"));
        let world = api.worlds[0].clone();
        (world.policy, world.endpoint)
    };
    assert!(matches!(policy("  stage: x"), (PolicyState::None, EndpointTypes::Absent)));
    assert!(matches!(policy("  resourcePolicy: []").0, PolicyState::Known(_)));
    assert!(matches!(policy("  resourcePolicy: ''").0, PolicyState::None));
    assert!(matches!(policy("  resourcePolicy: ${file(policy.yml)}").0, PolicyState::Known(_)));
    assert!(matches!(policy("  resourcePolicy: ${ssm:/policy}").0, PolicyState::Known(_)));
    let unknown = policy("  endpointType: ${opt:type}").1;
    assert!(matches!(unknown, EndpointTypes::Unknown(..)));
}

#[test]
fn methods_and_their_authorisation() {
    assert_eq!(routes("http: GET orders/{id}"), ["GET /orders/{id} NONE"]);
    assert_eq!(routes("http: '* /'"), ["ANY / NONE"]);
    let with = |rest: &str| routes(&format!("http: {{method: post, path: /a/, {rest}}}"));
    assert_eq!(with("private: true"), ["POST /a NONE"]);
    assert_eq!(with("cors: true"), ["POST /a NONE", "OPTIONS /a NONE"]);
    for (authorizer, auth) in [
        ("aws_iam", "AWS_IAM"),
        ("{type: AWS_IAM}", "AWS_IAM"),
        ("check", "CUSTOM"),
        ("{name: check, resultTtlInSeconds: 0}", "CUSTOM"),
        ("'arn:aws:lambda:eu-west-1:123456789012:function:check'", "CUSTOM"),
        ("{type: TOKEN, authorizerId: x}", "CUSTOM"),
        ("'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/x'", "COGNITO_USER_POOLS"),
        ("{type: COGNITO_USER_POOLS, authorizerId: {Ref: Pool}}", "COGNITO_USER_POOLS"),
        (
            "{name: pool, arn: 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/x'}",
            "COGNITO_USER_POOLS",
        ),
        ("null", "NONE"),
    ] {
        assert_eq!(
            with(&format!("authorizer: {authorizer}")),
            [format!("POST /a {auth}")],
            "{authorizer}"
        );
    }
    assert_eq!(with("authorizer: '${ssm:/x}'"), ["POST /a ?"]);
    assert_eq!(routes("http: {method: post, path: '${ssm:/x}'}"), ["POST ? NONE"]);
}

#[test]
fn what_may_add_methods_leaves_them_open() {
    let text = service(POLICY, "http: GET a");
    assert!(api(&text).worlds[0].routes.complete);
    for more in ["stepFunctions: {stateMachines: {}}\n", "custom: {apiGatewayServiceProxies: []}\n"]
    {
        assert!(!api(&format!("{text}{more}")).worlds[0].routes.complete, "{more}");
    }
    let files =
        text.replace("  get:\n    events:\n    - http: GET a\n", "  - ${file(functions.yml)}\n");
    assert_eq!(api(&files).worlds[0].routes.declared[0].path.as_deref(), Some("/more"));
    let unknown = files.replace("functions.yml", "functions.js");
    assert!(!api(&unknown).worlds[0].routes.complete);
}

#[test]
fn policies_that_do_not_count_are_said() {
    let kinds = |text: &str| {
        let (_, out) = read(text);
        let kinds = out.inventory.problems.iter().map(|p| format!("{:?}", p.kind));
        (out.inventory.apis.len(), kinds.collect::<Vec<_>>())
    };
    let (apis, said) = kinds(&service(POLICY, "httpApi: GET /"));
    assert!(apis == 0 && said.len() == 1 && said[0].starts_with("OnHttpApi"), "{said:?}");
    let external = POLICY.replace("    resource", "    restApiId: abc\n    resource");
    let (apis, said) = kinds(&service(&external, "http: GET /"));
    assert!(apis == 0 && said.len() == 1 && said[0].starts_with("Unresolved"), "{said:?}");
    let whole = "  resourcePolicy:\n    Version: '2012-10-17'\n    Statement: {Effect: Allow, Principal: '*', Action: 'execute-api:*', Resource: '*'}";
    let (apis, said) = kinds(&service(whole, "http: GET /"));
    assert!(apis == 1 && said.len() == 1 && said[0].starts_with("Unreadable"), "{said:?}");
    assert_eq!(kinds("service: a\nprovider: {name: google}\nfunctions: {}\n"), (0, Vec::new()));
    assert_eq!(
        kinds("service: a\nprovider: aws\nfunctions: {f: {events: [{sqs: x}]}}\n"),
        (0, Vec::new())
    );
}

#[test]
fn resources_are_merged() {
    let own = "resources:
  Resources:
    ApiGatewayRestApi:
      Type: AWS::ApiGateway::RestApi
      Properties:
        Policy: {Statement: {Effect: Deny, Principal: '*', Action: 'execute-api:*', Resource: '*'}}
    Other:
      Type: AWS::ApiGateway::RestApi
      Properties: {Name: 'other-${sls:stage}'}
  Outputs: {}
";
    let (_, out) = read(&format!("{}{own}", service(POLICY, "http: GET /")));
    let names: Vec<_> =
        out.inventory.apis.iter().map(|api| (api.address.as_str(), api.name.as_deref())).collect();
    assert_eq!(names, [("ApiGatewayRestApi", Some("orders")), ("Other", Some("other-dev"))]);
    let PolicyState::Known(readings) = &out.inventory.apis[0].worlds[0].policy else {
        panic!("known")
    };
    assert_eq!(readings.len(), 2);
    let list = format!(
        "{}resources:\n- {{Resources: {{A: {{Type: 'AWS::ApiGateway::RestApi'}}}}}}\n- {{Resources: {{B: {{Type: 'AWS::ApiGateway::RestApi'}}}}}}\n",
        service("", "http: GET /")
    );
    assert_eq!(read(&list).1.inventory.apis.len(), 3);
}

#[test]
fn hostile_services_end() {
    for text in [
        "service: ${self:service}\nprovider: ${self:provider}\n",
        "service: a\nprovider: {name: aws, resourcePolicy: '${self:provider.resourcePolicy}'}\nfunctions: {f: {events: [{http: GET /}]}}\n",
        "service: a\nprovider: {name: aws}\nfunctions: [[[1]]]\nresources: [1, [2], {Resources: 3}]\n",
        "[1]\n",
        "",
        "service: a\nprovider: [\n",
    ] {
        let (_, out) = read(text);
        let internal = |kind: &ProblemKind| matches!(kind, ProblemKind::Internal { .. });
        assert!(!out.inventory.problems.iter().any(|p| internal(&p.kind)));
    }
    let events = "    - http: GET /a\n".repeat(20_000);
    let text =
        format!("service: a\nprovider: {{name: aws}}\nfunctions:\n  f:\n    events:\n{events}");
    assert_eq!(read(&text).1.inventory.apis.len(), 1);
}
