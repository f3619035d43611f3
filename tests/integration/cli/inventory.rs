//! `inventory`: every API and policy, and what is not known of them.

use serde_json::{Value, json};

use super::sandbox::Sandbox;

/// An API with a policy in a body, methods of three kinds and a parameter without a value.
const TEMPLATE: &str = "\
Parameters:
  Network: { Type: String }
Resources:
  Orders:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: orders
      EndpointConfiguration: { Types: [REGIONAL] }
      Tags:
        - { Key: Team, Value: payments }
        - { Key: stage, Value: prod }
      Policy:
        Version: \"2012-10-17\"
        Statement:
          Effect: Allow
          Principal: \"*\"
          Action: execute-api:Invoke
          Resource: execute-api:/*
          Condition: { IpAddress: { \"aws:SourceIp\": !Ref Network } }
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Orders
      ResourceId: !GetAtt Orders.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Orders
      ResourceId: !GetAtt Orders.RootResourceId
      HttpMethod: POST
      AuthorizationType: AWS_IAM
";

/// A module whose policy comes through a local, and an HTTP API that can have none.
const MODULE: &str = r#"locals {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Principal = "*", Action = "execute-api:Invoke", Resource = "*" }]
  })
}
resource "aws_api_gateway_rest_api" "status" {
  name   = "status"
  policy = local.policy
  tags   = { owner = var.owner }
}
resource "aws_apigatewayv2_api" "http" {
  name          = "http"
  protocol_type = "HTTP"
  body = jsonencode({
    openapi = "3.0.1"
    "x-amazon-apigateway-policy" = { Version = "2012-10-17", Statement = [] }
  })
}
variable "owner" {}
"#;

fn sandbox() -> Sandbox {
    Sandbox::new(&[("a.yaml", TEMPLATE), ("infra/main.tf", MODULE)])
}

#[test]
fn the_table_says_what_is_known_and_what_is_not() {
    let ran = sandbox().run(&["inventory"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    let expected = "  api                              endpoint  methods            policy
  Orders                           REGIONAL  1 AWS_IAM, 1 NONE  inline
    rest-api, cloudformation at a.yaml:4:3
    named orders
    policy at a.yaml:13:9
    tagged Team=payments
    unknown Network at a.yaml:2:3: no value is given
      give it with --param Network=...
  aws_api_gateway_rest_api.status  EDGE      not declared       jsonencode
    rest-api, terraform at infra/main.tf:7:37
    named status
    policy at infra/main.tf:2:23
    through reference at infra/main.tf:9:12
    through local value at infra/main.tf:2:3
    through result of jsonencode at infra/main.tf:2:12
    tagged owner={var.owner}
  aws_apigatewayv2_api.http        -         -                  ignored
    http-api at infra/main.tf:17:5
    policy of x-amazon-apigateway-policy at infra/main.tf:17:5, which AWS ignores

3 APIs with 3 policies in 2 files, 1 value not known
";
    assert_eq!(ran.stdout, expected);
}

#[test]
fn a_value_that_is_given_is_not_unknown() {
    let ran = sandbox().run(&["inventory", "--param", "Network=203.0.113.0/24", "a.yaml"]);
    assert!(ran.stdout.ends_with("1 API with 1 policy in 1 file, 0 values not known\n"), "{ran:?}");
}

#[test]
fn the_table_is_as_wide_as_the_screen() {
    for width in ["80", "120"] {
        for args in [&["inventory"][..], &["inventory", "--color", "never"]] {
            let ran = sandbox().run_with_env(args, &[("COLUMNS", width)]);
            let most: usize = width.parse().expect("a number");
            assert!(ran.stdout.lines().all(|line| line.chars().count() <= most), "{}", ran.stdout);
            assert!(!ran.stdout.contains('\u{1b}'), "{}", ran.stdout);
        }
    }
    let narrow = sandbox().run_with_env(&["inventory"], &[("COLUMNS", "60")]).stdout;
    assert!(narrow.lines().all(|line| line.chars().count() <= 60), "{narrow}");
    assert!(
        narrow
            .contains("\n  aws_apigatewayv2_  -         -                  ignored\n  api.http\n")
    );
}

#[test]
fn json_has_all_of_it() {
    let ran = sandbox().run(&["inventory", "--format", "json"]);
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(
        json["summary"],
        json!({"files_discovered": 2, "files_analyzed": 2, "apis": 3, "policies": 3, "unknown": 1})
    );
    let orders = &json["apis"][0];
    assert_eq!(orders["policy"], "known");
    assert_eq!(orders["owners"], json!(["Team=payments"]));
    assert_eq!(orders["tags"][1], json!({"key": "stage", "value": "prod"}));
    assert_eq!(
        orders["methods"],
        json!({"complete": true, "routes": [
            {"method": "GET", "path": "/", "authorization": "NONE"},
            {"method": "POST", "path": "/", "authorization": "AWS_IAM"},
        ]})
    );
    assert_eq!(
        orders["unknown"],
        json!([{"what": "Network", "why": "no value is given", "pin": "--param Network=...",
                "file": "a.yaml", "line": 2, "column": 3, "api": "Orders"}])
    );
    let steps = json["apis"][1]["policies"][0]["steps"].as_array().expect("steps");
    let steps: Vec<&str> = steps.iter().filter_map(|step| step["step"].as_str()).collect();
    assert_eq!(steps, ["reference", "local value", "result of jsonencode", "written here"]);
    let http = &json["apis"][2];
    assert_eq!((&http["kind"], &http["framework"]), (&json!("http-api"), &Value::Null));
    assert_eq!(http["policies"][0]["in_force"], false);
}

#[test]
fn csv_has_a_line_for_each_policy_and_no_formula() {
    let hostile = TEMPLATE.replace("Name: orders", "Name: \"=HYPERLINK(1)\"");
    let sandbox = Sandbox::new(&[("a.yaml", &hostile)]);
    let ran = sandbox.run(&["inventory", "--format", "csv", "--output", "list.csv"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
    let csv = sandbox.read("list.csv");
    let expected = "Orders,\"'=HYPERLINK(1)\",rest-api,cloudformation,a.yaml,4,3,REGIONAL,\"1 AWS_IAM, \
                    1 NONE\",known,Orders,inline,a.yaml,13,9,,Team=payments,\"Network: no value is \
                    given (--param Network=...)\"";
    assert_eq!(csv.lines().nth(1), Some(expected));
    assert_eq!(csv.lines().count(), 2);
}

#[test]
fn what_is_not_read_is_listed() {
    let identity = r#"{"Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke"}]}"#;
    let sandbox = Sandbox::new(&[("identity.json", identity)]);
    sandbox.write("broken.yaml", super::UNREADABLE);
    let ran = sandbox.run(&["inventory", "--format", "json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(json["unknown"][0]["file"], "broken.yaml");
    assert_eq!(json["unknown"][0]["why"], "not UTF-8 text (byte 0xe9 at offset 5)");
    assert_eq!(
        json["skipped"],
        json!([{"file": "identity.json",
                "reason": "skipped: an identity policy: no statement has a principal"}])
    );
}

#[test]
fn exit_codes() {
    let sandbox = sandbox();
    assert_eq!(sandbox.run(&["inventory", "--format", "xml"]).code, 2);
    assert_eq!(sandbox.run(&["inventory", "none-such"]).code, 2);
    let empty = Sandbox::new(&[("words.txt", "words\n")]);
    assert_eq!(empty.run(&["inventory"]).code, 3);
    assert_eq!(empty.run(&["inventory", "--allow-empty"]).code, 0);
}
