//! `can`: one question, one answer, and the exit code that scripts read.

use serde_json::Value;

use super::sandbox::{Ran, Sandbox};
use super::{TEMPLATE, UNREADABLE};

/// An API of which every method and the office's addresses are known.
const GUARDED: &str = "\
Resources:
  Orders:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: orders
      EndpointConfiguration: { Types: [REGIONAL] }
      Policy:
        Version: \"2012-10-17\"
        Statement:
          - Effect: Allow
            Principal: \"*\"
            Action: execute-api:Invoke
            Resource: execute-api:/*
            Condition:
              IpAddress: { \"aws:SourceIp\": 203.0.113.0/24 }
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Orders
      ResourceId: !GetAtt Orders.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
";

fn can(sandbox: &Sandbox, args: &[&str]) -> Ran {
    let mut all = vec!["can"];
    all.extend(args);
    sandbox.run(&all)
}

#[test]
fn the_exit_code_is_the_answer() {
    let sandbox = Sandbox::new(&[("a.yaml", GUARDED)]);
    let code = |args: &[&str]| can(&sandbox, args).code;
    assert_eq!(code(&["anonymous", "GET /prod/", "--ip", "203.0.113.9"]), 0);
    assert_eq!(code(&["anonymous", "GET /prod/", "--ip", "8.8.8.8"]), 1);
    assert_eq!(code(&["anonymous", "get /prod"]), 4);
    assert_eq!(code(&["999999999999", "POST /prod/"]), 1);
}

#[test]
fn the_deciding_statement_is_named_with_its_place() {
    let sandbox = Sandbox::new(&[("a.yaml", GUARDED)]);
    let expected = "\
it depends: anonymous may be able to call GET /prod/ on Orders

  yes: from 203.0.113.0/24
    an Allow applies, and no Deny
    a.yaml:10:21: this Allow applies

  no: from anywhere but 203.0.113.0/24
    no Allow applies
    a.yaml:10:13: this Allow does not apply: 8.8.8.8 lies outside 203.0.113.0/24
";
    assert_eq!(can(&sandbox, &["anonymous", "GET /prod/"]).stdout, expected);
    let answer = can(&sandbox, &["anonymous", "GET /prod/", "--ip", "203.0.113.9"]).stdout;
    assert!(answer.starts_with("yes: anonymous can call GET /prod/ on Orders\n"), "{answer}");
}

#[test]
fn json_has_every_case() {
    let sandbox = Sandbox::new(&[("a.yaml", GUARDED)]);
    let ran = can(&sandbox, &["anonymous", "GET /prod/", "--format", "json"]);
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!((&json["schema_version"], &json["answer"]), (&1.into(), &"depends".into()));
    assert_eq!(json["cases"][0]["access"], "allowed");
    assert_eq!(json["cases"][0]["when"][0], "from 203.0.113.0/24");
    assert_eq!(json["cases"][0]["places"][0]["range"]["start"]["line"], 10);
    assert_eq!(json["cases"][1]["request"]["source_ip"], "8.8.8.8");
}

#[test]
fn one_api_is_asked() {
    let sandbox = Sandbox::new(&[("a.yaml", GUARDED), ("b.yaml", TEMPLATE)]);
    let ran = can(&sandbox, &["anonymous", "GET /prod/"]);
    assert_eq!(ran.code, 2);
    let expected = "error: 2 APIs: choose one with --api, or give its file\n  \
                    Orders (a.yaml)\n  Orders (b.yaml)\n";
    assert_eq!(ran.stderr, expected);
    assert_eq!(can(&sandbox, &["anonymous", "GET /prod/", "a.yaml"]).code, 4);
    let ran = can(&sandbox, &["anonymous", "GET /prod/", "--api", "Order"]);
    assert!(ran.stderr.contains("did you mean `Orders`?"), "{ran:?}");
    let empty = Sandbox::new(&[("main.tf", "locals {}\n")]);
    assert_eq!(can(&empty, &["anonymous", "GET /prod/"]).code, 3);
}

#[test]
fn what_cannot_be_read_is_said() {
    let sandbox = Sandbox::new(&[("a.yaml", GUARDED)]);
    sandbox.write("b.yaml", UNREADABLE);
    let ran = can(&sandbox, &["anonymous", "GET /prod/"]);
    assert!(ran.stderr.starts_with("warning: 1 place could not be read"), "{ran:?}");
}

#[test]
fn a_bad_question_is_refused_with_a_way_out() {
    let sandbox = Sandbox::new(&[("a.yaml", GUARDED)]);
    for (args, said) in [
        (["bob", "GET /prod/"].as_slice(), "`bob` is nobody who could call"),
        (&["arn:aws:iam::1:role/x", "GET /prod/"], "is nobody who could call"),
        (&["anonymous", "GET"], "`GET` is not a request"),
        (&["anonymous", "FETCH /prod/"], "methods are GET, POST"),
        (&["anonymous", "GET prod"], "is not a request"),
        (&["anonymous", "GET /prod/", "--context", "agent"], "is not KEY=VALUE"),
        (&["anonymous", "GET /prod/", "--format", "xml"], "use pretty or json"),
        (&["anonymous", "GET /prod/", "--ip", "8.8.8"], "invalid value '8.8.8'"),
    ] {
        let ran = can(&sandbox, args);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains(said), "{ran:?}");
    }
}

#[test]
fn a_range_of_which_only_the_width_is_known_may_hold_the_address() {
    let template = GUARDED
        .replace("Resources:\n", "Parameters:\n  Office: { Type: String }\nResources:\n")
        .replace("203.0.113.0/24", "!Sub \"${Office}/32\"");
    let sandbox = Sandbox::new(&[("a.yaml", &template)]);
    let code = |args: &[&str]| can(&sandbox, args).code;
    assert_eq!(code(&["anonymous", "GET /prod/", "--ip", "203.0.113.9"]), 4);
    // Nobody is in it whom the deployer did not choose.
    assert_eq!(code(&["anonymous", "GET /prod/"]), 1);
}
