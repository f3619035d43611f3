//! `callers`: every class of callers on every route.

use serde_json::Value;

use super::sandbox::Sandbox;

/// `GET` open to everyone, `POST` to an account.
const API: &str = "\
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
            Resource: execute-api:/*/GET/*
          - Effect: Allow
            Principal: { AWS: \"111122223333\" }
            Action: execute-api:Invoke
            Resource: execute-api:/*
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

#[test]
fn the_table_has_a_row_for_each_caller_and_route() {
    let sandbox = Sandbox::new(&[("a.yaml", API)]);
    let ran = sandbox.run(&["callers", "--account-id", "123456789012", "a.yaml"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let expected = "\
Orders (a.yaml:2:3)
  caller                          route   verdict  decided by
  anonymous                       GET /   allowed  Allow at a.yaml:10:13
    anonymous, from 8.8.8.8: GET /prod/
  anonymous                       POST /  denied
  any aws account                 GET /   allowed  Allow at a.yaml:10:13
    anonymous, from 8.8.8.8: GET /prod/
  any aws account                 POST /  denied
  untrusted account 111122223333  GET /   allowed  Allow at a.yaml:10:13
    anonymous, from 8.8.8.8: GET /prod/
  untrusted account 111122223333  POST /  allowed  Allow at a.yaml:14:13
    arn:aws:sts::111122223333:assumed-role/caller/session, from 8.8.8.8: POST /prod/
  owner                           GET /   allowed  Allow at a.yaml:10:13
    anonymous, from 8.8.8.8: GET /prod/
  owner                           POST /  allowed
    arn:aws:sts::123456789012:assumed-role/caller/session, from 8.8.8.8: POST /prod/
";
    assert_eq!(ran.stdout, expected);
}

#[test]
fn json_has_the_same_rows() {
    let sandbox = Sandbox::new(&[("a.yaml", API)]);
    let ran = sandbox.run(&["callers", "--format", "json", "--api", "Orders"]);
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let rows = json["apis"][0]["callers"].as_array().expect("rows");
    let row = |caller: &str, method: &str| {
        rows.iter().find(|row| row["caller"] == caller && row["method"] == method).expect("a row")
    };
    assert_eq!(row("anonymous", "POST")["verdict"], "denied");
    let post = row("untrusted-account", "POST");
    assert_eq!((&post["id"], &post["verdict"]), (&"111122223333".into(), &"allowed".into()));
    assert_eq!(post["authorization"], "AWS_IAM");
    assert_eq!(post["statement"]["effect"], "Allow");
    assert_eq!(post["statement"]["range"]["start"]["line"], 14);
    assert_eq!(
        (&post["witness"]["method"], &post["witness"]["path"]),
        (&"POST".into(), &"/".into())
    );
}

#[test]
fn no_api_is_3() {
    let sandbox = Sandbox::new(&[("a.yaml", API)]);
    assert_eq!(sandbox.run(&["callers", "--api", "other"]).code, 3);
    assert_eq!(sandbox.run(&["callers", "--format", "csv"]).code, 2);
}
