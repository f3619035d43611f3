//! OpenAPI documents: methods, schemes, and documents in files of their own.

use super::alone::extract;
use crate::extract::Extraction;
use crate::extract::testing::extracted;
use crate::model::{
    Api, EndpointType, EndpointTypes, Framework, IpAddressType, PolicyState, ProblemKind,
};
use crate::source::SourceDb;

fn read(name: &str, text: &str) -> (SourceDb, Extraction) {
    extracted(extract, (name, name), text, &[], None)
}

fn api(text: &str) -> Api {
    let (_, out) = read("api.yaml", text);
    let [api] = out.inventory.apis.as_slice() else { panic!("{:?}", out.inventory) };
    api.clone()
}

/// The methods of a document with those `paths` and schemes, as `VERB path AUTH`.
fn methods(paths: &str) -> Vec<String> {
    let text = format!(
        "openapi: 3.0.1
components:
  securitySchemes:
    sigv4: {{type: apiKey, x-amazon-apigateway-authtype: awsSigv4}}
    key: {{type: apiKey, name: x-api-key, in: header}}
    token: {{type: apiKey, x-amazon-apigateway-authorizer: {{type: token}}}}
    request: {{type: apiKey, x-amazon-apigateway-authorizer: {{type: REQUEST}}}}
    pool: {{type: apiKey, x-amazon-apigateway-authorizer: {{type: cognito_user_pools}}}}
    oauth: {{type: oauth2}}
    odd: !Ref Elsewhere
paths:
{paths}
"
    );
    listed(&api(&text))
}

fn listed(api: &Api) -> Vec<String> {
    let routes = &api.worlds[0].routes;
    let mut out: Vec<String> = routes
        .declared
        .iter()
        .map(|route| {
            let auth = route.auth.name().unwrap_or("?");
            let path = route.path.as_deref().unwrap_or("?");
            format!("{} {path} {auth}", route.method.as_deref().unwrap_or("?"))
        })
        .collect();
    if !routes.complete {
        out.push("...".into());
    }
    out
}

#[test]
fn each_kind_of_scheme() {
    let with = |security: &str| methods(&format!("  /a: {{get: {{security: {security}}}}}"));
    assert_eq!(with("[{sigv4: []}]"), ["GET /a AWS_IAM"]);
    assert_eq!(with("[{key: []}]"), ["GET /a NONE"]);
    assert_eq!(with("[{token: []}]"), ["GET /a CUSTOM"]);
    assert_eq!(with("[{request: []}]"), ["GET /a CUSTOM"]);
    assert_eq!(with("[{pool: [read]}]"), ["GET /a COGNITO_USER_POOLS"]);
    assert_eq!(with("[{sigv4: [], key: []}]"), ["GET /a AWS_IAM"]);
    assert_eq!(with("[]"), ["GET /a NONE"]);
    assert_eq!(with("[{}]"), ["GET /a NONE"]);
    for unknown in [
        "[{oauth: []}]",
        "[{odd: []}]",
        "[{nobody: []}]",
        "[{sigv4: []}, {token: []}]",
        "!Ref Security",
    ] {
        assert_eq!(with(unknown), ["GET /a ?"], "{unknown}");
    }
}

#[test]
fn the_extension_of_an_operation() {
    let with = |operation: &str| methods(&format!("  /a: {{get: {{{operation}}}}}"));
    assert_eq!(with("x-amazon-apigateway-auth: {type: AWS_IAM}"), ["GET /a AWS_IAM"]);
    assert_eq!(with("x-amazon-apigateway-auth: {type: aws_iam}"), ["GET /a AWS_IAM"]);
    assert_eq!(with("x-amazon-apigateway-auth: {type: none}"), ["GET /a NONE"]);
    assert_eq!(with("x-amazon-apigateway-auth: null"), ["GET /a NONE"]);
    let both = "security: [{sigv4: []}], x-amazon-apigateway-auth: {type: AWS_IAM}";
    assert_eq!(with(both), ["GET /a AWS_IAM"]);
    let against = "security: [{sigv4: []}], x-amazon-apigateway-auth: {type: NONE}";
    assert_eq!(with(against), ["GET /a ?"]);
    assert_eq!(with("x-amazon-apigateway-auth: {type: SOME}"), ["GET /a ?"]);
}

#[test]
fn paths_and_verbs() {
    let paths = "  /: {get: {}}
  /a/: {x-amazon-apigateway-any-method: {}, parameters: [], summary: s}
  /b/{id}: {DELETE: {}, trace: {}}
  x-extension: {get: {}}
  /c: {patch: null}";
    assert_eq!(methods(paths), ["GET / NONE", "ANY /a NONE", "DELETE /b/{id} NONE"]);
    assert_eq!(methods("  /a: {$ref: other.yaml, get: {}}"), ["GET /a NONE", "..."]);
    assert_eq!(methods("  /a: {get: {}}\n  /a: {put: {}}"), ["GET /a NONE", "PUT /a NONE", "..."]);
    assert_eq!(methods("  {}"), ["..."]);
}

#[test]
fn security_at_the_root_is_ignored_and_that_is_said() {
    let text = "swagger: '2.0'
security: [{sigv4: []}]
securityDefinitions: {sigv4: {x-amazon-apigateway-authtype: awsSigv4}}
paths: {/a: {get: {}, put: {security: [{sigv4: []}]}}}
";
    let one = api(text);
    assert_eq!(listed(&one), ["GET /a NONE", "PUT /a AWS_IAM"]);
    let said = |api: &Api| api.assumptions.iter().any(|a| a.text.contains("at the root"));
    assert!(said(&one));
    assert!(!said(&api(&text.replace("get: {}, ", ""))));
    assert!(!said(&api(&text.replace("security: [{sigv4: []}]\nsec", "sec"))));
}

const POLICY: &str = "x-amazon-apigateway-policy:
  Version: '2012-10-17'
  Statement:
  - {Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}
";

#[test]
fn a_document_alone_is_an_api() {
    let text =
        format!("openapi: 3.0.1\ninfo: {{title: orders}}\npaths: {{/a: {{get: {{}}}}}}\n{POLICY}");
    let (db, out) = read("api.yaml", &text);
    let [api] = out.inventory.apis.as_slice() else { panic!("{:?}", out.inventory) };
    assert_eq!(api.address, "x-amazon-apigateway-policy");
    assert_eq!((api.framework, api.name.as_deref()), (Framework::OpenApi, Some("orders")));
    assert_eq!(db.slice(out.origins.span(api.origin)), "x-amazon-apigateway-policy");
    let PolicyState::Known(readings) = &api.worlds[0].policy else { panic!("known") };
    let statement = readings[0].known_statements().next().expect("a statement");
    let everyone = &statement.everyone().expect("everyone").value;
    assert_eq!(db.slice(out.origins.span(everyone.origin)), "'*'");
    assert_eq!(api.worlds[0].endpoint, EndpointTypes::Document);
    assert!(out.inventory.problems.is_empty());
}

#[test]
fn vpc_endpoints_say_that_it_is_private() {
    let with = |ids: &str| {
        let key = "x-amazon-apigateway-endpoint-configuration";
        let text = format!("openapi: 3.0.1\n{key}: {{vpcEndpointIds: {ids}}}\n{POLICY}");
        let world = api(&text).worlds[0].clone();
        (world.endpoint, world.ip)
    };
    let (endpoint, ip) = with("[vpce-0123456789abcdef0]");
    assert!(matches!(endpoint, EndpointTypes::Known(EndpointType::Private, Some(_))));
    assert_eq!(ip, IpAddressType::Dualstack);
    assert_eq!(with("[]").0, EndpointTypes::Document);
    assert!(matches!(with("!Ref Ids").0, EndpointTypes::Unknown(..)));
    assert!(matches!(with("'${ids}'").0, EndpointTypes::Unknown(..)));
    assert!(matches!(with("['${id}']").0, EndpointTypes::Known(EndpointType::Private, _)));
}

#[test]
fn placeholders_and_functions_are_unknown_by_their_names() {
    let of = |value: &str| {
        let text = format!("openapi: 3.0.1\n{}", POLICY.replace("'*'", value));
        let api = api(&text);
        let labels: Vec<String> = api.symbols.0.iter().map(|info| info.label.clone()).collect();
        (api, labels)
    };
    for (value, label) in [
        ("'arn:aws:iam::${account}:root'", "${account}"),
        ("'${stageVariables.partner}'", "${stageVariables.partner}"),
        ("'${AWS::AccountId}'", "AWS::AccountId"),
        ("!Ref Partner", "Partner"),
        ("!ImportValue partner", "Fn::ImportValue partner"),
    ] {
        let (api, labels) = of(value);
        assert!(labels.iter().any(|known| known == label), "{value}: {labels:?}");
        let PolicyState::Known(readings) = &api.worlds[0].policy else { panic!("{value}") };
        let statement = readings[0].known_statements().next().expect("a statement");
        assert!(statement.everyone().is_none(), "{value}");
    }
    let (_, labels) = of("'arn:aws:iam::111122223333:user/${aws:username}'");
    assert!(labels.is_empty(), "{labels:?}");
}

#[test]
fn a_policy_of_an_http_api_is_ignored() {
    let http = [
        "x-amazon-apigateway-cors: {allowOrigins: ['*']}",
        "components: {securitySchemes: {j: {x-amazon-apigateway-authorizer: {type: jwt}}}}",
    ];
    for sign in http {
        let (db, out) = read("api.yaml", &format!("openapi: 3.0.1\n{sign}\n{POLICY}"));
        assert!(out.inventory.apis.is_empty());
        let [problem] = out.inventory.problems.as_slice() else { panic!("one problem") };
        assert!(matches!(problem.kind, ProblemKind::OnHttpApi { refused: false, .. }));
        assert_eq!(db.slice(out.origins.span(problem.origin)), "x-amazon-apigateway-policy");
        let (_, out) = read("api.yaml", &format!("openapi: 3.0.1\n{sign}\n"));
        assert!(out.inventory.apis.is_empty() && out.inventory.problems.is_empty());
    }
}

#[test]
fn a_policy_that_stands_twice_has_both_readings() {
    let (_, out) = read("api.yaml", &format!("openapi: 3.0.1\n{POLICY}{POLICY}"));
    let PolicyState::Known(readings) = &out.inventory.apis[0].worlds[0].policy else {
        panic!("known")
    };
    assert_eq!(readings.len(), 2);
}

#[test]
fn hostile_documents_end() {
    let deep =
        format!("{{\"openapi\": \"3\", \"paths\": {}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let (_, out) = read("deep.json", &deep);
    assert!(!out.inventory.problems.is_empty());
    let wide: String = (0..30_000).map(|i| format!("  /p{i}: {{get: {{}}}}\n")).collect();
    let api = api(&format!("openapi: 3.0.1\npaths:\n{wide}{POLICY}"));
    assert!(matches!(api.worlds[0].policy, PolicyState::Known(_)));
    assert!(!api.worlds[0].routes.complete || api.worlds[0].routes.declared.len() == 30_000);
    for odd in ["openapi: 3.0.1\npaths: 7\n", "[openapi]\n", "openapi\n", "", "openapi: {a: [}\n"] {
        let (_, out) = read("odd.yaml", odd);
        assert!(out.inventory.apis.len() + out.inventory.problems.len() > 0, "{odd}");
    }
}
