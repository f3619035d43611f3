//! `extend`, severities and APIs that are open on purpose.

use super::sandbox::{Ran, Sandbox};

/// An API with two open methods, or with one of them behind IAM.
fn template(health: &str, orders: &str) -> String {
    let method = |name: &str, path: &str, auth: &str| {
        format!(
            "  {name}Resource:
    Type: AWS::ApiGateway::Resource
    Properties:
      RestApiId: !Ref Status
      ParentId: !GetAtt Status.RootResourceId
      PathPart: {path}
  {name}Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Status
      ResourceId: !Ref {name}Resource
      HttpMethod: GET
      AuthorizationType: {auth}
"
        )
    };
    format!(
        "Resources:
  Status:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: status-page
      EndpointConfiguration: {{ Types: [REGIONAL] }}
      Policy:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: '*'
            Action: execute-api:Invoke
            Resource: execute-api:/*
{}{}",
        method("Health", "health", health),
        method("Orders", "orders", orders),
    )
}

fn lint(template: &str, config: &str) -> Ran {
    let sandbox = Sandbox::new(&[("api.yaml", template), ("gatelint.yaml", config)]);
    sandbox.run(&["lint", "--format", "concise"])
}

fn public(routes: &str) -> String {
    format!("public-apis:\n  - {{ api: 'status-*', routes: [{routes}], reason: status page }}\n")
}

#[test]
fn named_routes_of_a_public_api_are_accepted_and_nothing_else() {
    let open = template("NONE", "NONE");
    assert_eq!(lint(&open, "").findings().len(), 1);
    let both = lint(&open, &public("GET /health, GET /orders"));
    assert_eq!((both.code, both.findings().len()), (0, 0), "{both:?}");
    assert_eq!(lint(&open, &public("ANY /health, ANY /orders")).code, 0);
    let one = lint(&open, &public("GET /health"));
    assert_eq!(one.code, 1, "{one:?}");
    assert!(one.stdout.contains("GET /") && one.stdout.contains("/orders"), "{one:?}");
    for routes in ["POST /health, GET /orders", "GET /health/, GET /orders", "GET /Health"] {
        assert_eq!(lint(&open, &public(routes)).code, 1, "{routes}");
    }
    let other = public("GET /health, GET /orders").replace("status-*", "other-*");
    assert_eq!(lint(&open, &other).code, 1);
}

#[test]
fn a_method_that_is_not_known_is_not_accepted() {
    let hidden = template("NONE", "NONE").replace("PathPart: orders", "PathPart: !ImportValue x");
    let ran = lint(&hidden, &public("GET /health, GET /orders"));
    assert_eq!(ran.code, 1, "{ran:?}");
}

#[test]
fn what_stands_behind_the_rest_is_still_reported() {
    let ran = lint(&template("NONE", "AWS_IAM"), &public("GET /health"));
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stdout.contains("high[wildcard-principal]"), "{ran:?}");
}

#[test]
fn severities_and_extended_configurations() {
    let sandbox = Sandbox::new(&[
        ("repo/.git/HEAD", ""),
        ("repo/api.yaml", &template("NONE", "NONE")),
        ("repo/gatelint.yaml", "extend: [../security/base.yaml]\n"),
        ("security/base.yaml", "rules: { wildcard-principal: { severity: low } }\n"),
    ]);
    let ran = sandbox.run(&["lint", "repo", "--format", "concise"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("low[wildcard-principal]"), "{ran:?}");
    let nearer =
        "extend: [../security/base.yaml]\nrules: { wildcard-principal: { severity: high } }\n";
    sandbox.write("repo/gatelint.yaml", nearer.as_bytes());
    assert_eq!(sandbox.run(&["lint", "repo"]).code, 1);
    sandbox.write("security/base.yaml", b"extend: [../repo/gatelint.yaml]\n");
    let ran = sandbox.run(&["lint", "repo"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("builds on itself"), "{ran:?}");
}

/// A repository whose configuration `nearer` builds on one with a locked rule.
fn under_a_lock(nearer: &str) -> Ran {
    let base = "rules: { wildcard-principal: { severity: low, locked: true } }\n";
    let sandbox = Sandbox::new(&[
        ("repo/.git/HEAD", ""),
        ("repo/api.yaml", &template("NONE", "NONE")),
        ("repo/gatelint.yaml", &format!("extend: [../security/base.yaml]\n{nearer}")),
        ("security/base.yaml", base),
    ]);
    sandbox.run(&["lint", "repo", "--format", "concise"])
}

#[test]
fn no_nearer_configuration_lifts_a_lock() {
    for (rule, at) in [
        ("{ locked: false }", "gatelint.yaml:2:40"),
        ("{ severity: critical }", "gatelint.yaml:2:42"),
        ("{ locked: false, severity: info }", "gatelint.yaml:2:40"),
    ] {
        let ran = under_a_lock(&format!("rules: {{ wildcard-principal: {rule} }}\n"));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{rule}: {ran:?}");
        let said = "error: `wildcard-principal` is locked by a configuration";
        assert!(ran.stderr.contains(&format!("{at}: {said}")), "{rule}: {ran:?}");
        assert!(ran.stderr.contains("base.yaml:1:10: locked here"), "{rule}: {ran:?}");
    }
    // What says the same changes nothing.
    for rule in ["{ locked: true }", "{ severity: low }", "{ severity: low, locked: true }"] {
        let ran = under_a_lock(&format!("rules: {{ wildcard-principal: {rule} }}\n"));
        assert!(ran.code == 0 && ran.stdout.contains("low[wildcard-principal]"), "{ran:?}");
    }
    // A lock of one's own can be taken away again.
    let own = "rules: { missing-condition: { locked: true } }\n";
    assert_eq!(under_a_lock(own).code, 0);
}

#[test]
fn what_is_wrong_with_extend_is_said_at_its_place() {
    let run = |config: &str| {
        let sandbox = Sandbox::new(&[
            ("repo/.git/HEAD", ""),
            ("repo/api.yaml", &template("AWS_IAM", "AWS_IAM")),
            ("repo/gatelint.yaml", config),
            ("repo/base/keep", ""),
        ]);
        let ran = sandbox.run(&["lint", "repo"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{config}: {ran:?}");
        ran.stderr
    };
    let said = run("extend: [base.yaml]\n");
    assert!(
        said.contains("gatelint.yaml:1:10: error: `") && said.contains("cannot be read"),
        "{said}"
    );
    let said = run("extend: [base]\n");
    assert!(said.contains("gatelint.yaml:1:10: error: `"), "{said}");
    assert!(run("extend: [./gatelint.yaml]\n").contains("builds on itself"));
    assert!(run("extends: [base.yaml]\n").contains("did you mean `extend`?"));
}
