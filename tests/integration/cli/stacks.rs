//! Templates that belong together: nested stacks, included files, parameter files.

use serde_json::Value;

use super::sandbox::Sandbox;

const CHILD: &str = "\
Parameters:
  Range: {Type: String, Default: 0.0.0.0/0}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy:
        Statement:
          Effect: Allow
          Principal: '*'
          Action: execute-api:Invoke
          Resource: execute-api:/*
          Condition: {IpAddress: {aws:SourceIp: !Ref Range}}
";

fn outer(url: &str, range: &str) -> String {
    format!(
        "Resources:\n  Inner:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      \
         TemplateURL: {url}\n      Parameters: {{Range: {range}}}\n"
    )
}

fn lint(sandbox: &Sandbox, args: &[&str]) -> Value {
    let ran = sandbox.run(&[&["lint", "--format", "json"], args].concat());
    serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {ran:?}"))
}

fn apis(report: &Value) -> Vec<(&str, &str)> {
    let apis = report["apis"].as_array().expect("a list").iter();
    apis.map(|api| (api["address"].as_str().expect("text"), api["file"].as_str().expect("text")))
        .collect()
}

fn rules(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("a list").iter();
    findings.map(|finding| finding["rule"].as_str().expect("text")).collect()
}

#[test]
fn a_template_that_another_one_nests_is_judged_once_with_what_it_is_passed() {
    let outer = outer("child.yaml", "198.51.100.0/24");
    let sandbox = Sandbox::new(&[("outer.yaml", &outer), ("child.yaml", CHILD)]);
    let all = lint(&sandbox, &["."]);
    assert_eq!(apis(&all), [("Inner/Api", "child.yaml")]);
    assert!(!rules(&all).contains(&"cidr-everything"), "{all:#}");
    assert_eq!(apis(&lint(&sandbox, &["outer.yaml"])), [("Inner/Api", "child.yaml")]);
    // Alone it is judged with its defaults.
    let alone = lint(&sandbox, &["child.yaml"]);
    assert_eq!(apis(&alone), [("Api", "child.yaml")]);
    assert!(rules(&alone).contains(&"cidr-everything"), "{alone:#}");
}

#[test]
fn a_template_that_nests_no_api_is_not_reported() {
    let queue = "Resources: {Queue: {Type: 'AWS::SQS::Queue'}}\n";
    let outer = outer("queue.yaml", "x");
    let sandbox =
        Sandbox::new(&[("outer.yaml", &outer), ("queue.yaml", queue), ("child.yaml", CHILD)]);
    let all = lint(&sandbox, &["."]);
    assert_eq!(apis(&all), [("Api", "child.yaml")]);
    assert_eq!(all["summary"]["files_analyzed"], 1, "{all:#}");
}

#[test]
fn a_stack_that_cannot_be_read_is_said_however_its_template_was_given() {
    let s3 = outer("https://s3.amazonaws.com/bucket/child.yaml", "x");
    let sandbox = Sandbox::new(&[("outer.yaml", &s3)]);
    let [folder, named] = [".", "outer.yaml"].map(|path| lint(&sandbox, &[path]));
    assert_eq!(rules(&folder), ["unresolved"]);
    assert_eq!(folder["findings"], named["findings"]);
    assert_eq!(folder["summary"], named["summary"]);
}

#[test]
fn a_file_with_markers_that_a_template_includes_is_judged_as_it_is_alone() {
    let body = "openapi: 3.0.1\npaths:\n  /a: {get: {x-amazon-apigateway-integration: {type: mock}}}\n\
                x-amazon-apigateway-policy:\n  Version: '2012-10-17'\n  Statement:\n    - Effect: Allow\n      Principal: '{{ who }}'\n      \
                Action: execute-api:Invoke\n      Resource: execute-api:/*\n";
    let template = |property: &str| {
        format!(
            "Resources:\n  Orders:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      {property}\n"
        )
    };
    let include =
        "Body: {'Fn::Transform': {Name: AWS::Include, Parameters: {Location: body.yaml}}}";
    for property in [include, "BodyS3Location: body.yaml"] {
        let outer = template(property);
        let sandbox = Sandbox::new(&[("outer.yaml", &outer), ("body.yaml", body)]);
        for path in [".", "outer.yaml"] {
            let report = lint(&sandbox, &[path]);
            assert_eq!(rules(&report), ["wildcard-principal", "unreadable-template"], "{path}");
            let files = report["findings"].as_array().expect("a list").iter();
            assert!(files.into_iter().all(|finding| finding["file"] == "body.yaml"), "{report:#}");
        }
    }
    // One that cannot be read at all is said too, and what it holds is not known.
    let broken = template(include);
    let sandbox =
        Sandbox::new(&[("outer.yaml", &broken), ("body.yaml", "x-amazon-apigateway-policy: [\n")]);
    let report = lint(&sandbox, &["."]);
    let mut found = rules(&report).into_iter().map(str::to_owned).collect::<Vec<_>>();
    found.sort();
    assert_eq!(found, ["unreadable-template", "unresolved"]);
}

#[test]
fn templates_that_nest_each_other_are_all_judged() {
    let api = "  Own: {Type: 'AWS::ApiGateway::RestApi'}\n";
    let a = format!("{}{api}", outer("b.yaml", "x"));
    let b = format!("{}{api}", outer("a.yaml", "x"));
    let sandbox = Sandbox::new(&[("a.yaml", &a), ("b.yaml", &b)]);
    let all = lint(&sandbox, &["."]);
    let found = apis(&all);
    assert!(found.contains(&("Own", "a.yaml")) && found.contains(&("Own", "b.yaml")), "{found:?}");
}

#[test]
fn parameters_come_from_files_and_single_ones_count_over_them() {
    let list = r#"[{"ParameterKey": "Range", "ParameterValue": "198.51.100.0/24"}]"#;
    let map = r#"{"Parameters": {"Range": "198.51.100.0/24"}}"#;
    let files = [("child.yaml", CHILD), ("list.json", list), ("map.json", map), ("no.json", "{")];
    let sandbox = Sandbox::new(&files);
    let open = |args: &[&str]| {
        let report = lint(&sandbox, &[&["child.yaml"], args].concat());
        rules(&report).contains(&"cidr-everything")
    };
    assert!(open(&[]));
    assert!(!open(&["--param-file", "list.json"]));
    assert!(!open(&["--param-file", "map.json"]));
    assert!(open(&["--param-file", "map.json", "--param", "Range=0.0.0.0/0"]));
    let ran = sandbox.run(&["lint", "child.yaml", "--param-file", "no.json"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--param-file: `no.json`: "), "{}", ran.stderr);
}

#[test]
fn a_definition_that_a_template_includes_is_no_api_of_its_own() {
    let api = "openapi: 3.0.1\npaths: {}\nx-amazon-apigateway-policy:\n  Statement:\n    \
               {Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*'}\n";
    let template = "Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      \
                    Body: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: api.yaml}}}\n";
    let sandbox = Sandbox::new(&[("template.yaml", template), ("api.yaml", api)]);
    let all = lint(&sandbox, &["."]);
    assert_eq!(apis(&all), [("Api", "template.yaml")]);
    let findings = all["findings"].as_array().expect("a list");
    assert!(findings.iter().all(|finding| finding["file"] == "api.yaml"), "{all:#}");
    assert!(rules(&all).contains(&"wildcard-principal"), "{all:#}");
}
