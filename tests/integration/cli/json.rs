//! The shape of JSON reports (CONTRACT 4): other programs read them.

use serde_json::Value;

use super::OPEN_POLICY;
use super::sandbox::Sandbox;

const TEMPLATE: &str = "\
Resources:
  Orders:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: orders
      EndpointConfiguration: { Types: [REGIONAL] }
      Policy:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: { AWS: '999999999999' }
            Action: execute-api:Invoke
            Resource: arn:aws:execute-api:eu-west-1:123456789012:*/prod/GET/orders
  OrdersPath:
    Type: AWS::ApiGateway::Resource
    Properties:
      RestApiId: !Ref Orders
      ParentId: !GetAtt Orders.RootResourceId
      PathPart: orders
  GetOrders:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Orders
      ResourceId: !Ref OrdersPath
      HttpMethod: GET
      AuthorizationType: AWS_IAM
";

fn report(sandbox: &Sandbox, args: &[&str]) -> Value {
    let mut all = vec!["lint", "--format", "json"];
    all.extend(args);
    serde_json::from_str(&sandbox.run(&all).stdout).expect("JSON")
}

#[test]
fn a_whole_report() {
    let sandbox = Sandbox::new(&[("infra/api.yaml", TEMPLATE)]);
    let ran = sandbox.run(&["lint", "--format", "json"]);
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let text = ran.stdout.replace(&version, "\"version\": \"...\"");
    insta::assert_snapshot!(text, @r#"
    {
      "schema_version": 1,
      "tool": {
        "name": "gatelint",
        "version": "..."
      },
      "summary": {
        "files_discovered": 1,
        "files_analyzed": 1,
        "apis": 1,
        "policies": 1,
        "unresolved": 0,
        "suppressed": 0,
        "findings": {
          "critical": 0,
          "high": 1,
          "medium": 0,
          "low": 0,
          "info": 0
        }
      },
      "apis": [
        {
          "address": "Orders",
          "kind": "rest-api",
          "framework": "cloudformation",
          "file": "infra/api.yaml",
          "line": 2,
          "endpoint_types": [
            "REGIONAL"
          ],
          "authorization": [
            "AWS_IAM"
          ],
          "policies": [
            {
              "address": "Orders",
              "file": "infra/api.yaml",
              "line": 8,
              "form": "inline"
            }
          ],
          "assumptions": [
            "deployed in account 123456789012, which an ARN in Resource names (--account-id 123456789012)"
          ],
          "exposure": {
            "anonymous_internet": "denied",
            "any_aws_account": "denied",
            "any_vpc_endpoint": "denied",
            "untrusted_accounts": [
              "999999999999"
            ],
            "possible_accounts": [],
            "trusted_accounts": [],
            "organizations": [],
            "networks": [],
            "vpcs": [],
            "vpc_endpoints": [],
            "preflight_only": false
          },
          "policy_exposure": {
            "anonymous_internet": "denied",
            "any_aws_account": "denied",
            "any_vpc_endpoint": "denied",
            "untrusted_accounts": [
              "999999999999"
            ],
            "possible_accounts": [],
            "trusted_accounts": [],
            "organizations": [],
            "networks": [],
            "vpcs": [],
            "vpc_endpoints": [],
            "preflight_only": false
          }
        }
      ],
      "findings": [
        {
          "rule": "untrusted-account",
          "severity": "high",
          "confidence": "proved",
          "message": "untrusted account 999999999999 can call GET /prod/orders",
          "help": "remove the account, or add it to `trust.accounts` with an owner and a reason",
          "api": "Orders",
          "file": "infra/api.yaml",
          "range": {
            "start": {
              "line": 11,
              "column": 31,
              "offset": 261
            },
            "end": {
              "line": 11,
              "column": 45,
              "offset": 275
            }
          },
          "labels": [
            {
              "file": "infra/api.yaml",
              "range": {
                "start": {
                  "line": 11,
                  "column": 31,
                  "offset": 261
                },
                "end": {
                  "line": 11,
                  "column": 45,
                  "offset": 275
                }
              },
              "message": "account 999999999999 is not on the trust list",
              "primary": true
            },
            {
              "file": "infra/api.yaml",
              "range": {
                "start": {
                  "line": 10,
                  "column": 21,
                  "offset": 225
                },
                "end": {
                  "line": 10,
                  "column": 26,
                  "offset": 230
                }
              },
              "message": "this Allow lets it in",
              "primary": false
            },
            {
              "file": "infra/api.yaml",
              "range": {
                "start": {
                  "line": 6,
                  "column": 40,
                  "offset": 130
                },
                "end": {
                  "line": 6,
                  "column": 48,
                  "offset": 138
                }
              },
              "message": "REGIONAL: the internet reaches it",
              "primary": false
            },
            {
              "file": "infra/api.yaml",
              "range": {
                "start": {
                  "line": 26,
                  "column": 26,
                  "offset": 737
                },
                "end": {
                  "line": 26,
                  "column": 33,
                  "offset": 744
                }
              },
              "message": "AWS_IAM: whoever has an AWS account can sign a call",
              "primary": false
            }
          ],
          "witness": {
            "principal": "arn:aws:sts::999999999999:assumed-role/caller/session",
            "source_ip": "8.8.8.8",
            "vpc": null,
            "vpc_endpoint": null,
            "vpc_source_ip": null,
            "method": "GET",
            "stage": "prod",
            "path": "/orders",
            "context": {}
          },
          "assumptions": [
            "the API is arn:aws:execute-api:eu-west-1:123456789012:*"
          ],
          "fingerprint": "c1f9981e3a3de076",
          "suppression": null
        }
      ]
    }
    "#);
    assert_eq!(ran.stderr, "checked 1 API in 1 file: 1 high\n");
}

#[test]
fn an_account_in_a_resource_is_the_owner_unless_one_is_given() {
    let sandbox = Sandbox::new(&[("infra/api.yaml", TEMPLATE)]);
    let assumptions = |args: &[&str]| report(&sandbox, args)["apis"][0]["assumptions"].clone();
    let expected = "deployed in account 123456789012, which an ARN in Resource names \
                    (--account-id 123456789012)";
    assert_eq!(assumptions(&[]), serde_json::json!([expected]));
    assert_eq!(assumptions(&["--account-id", "123456789012"]), serde_json::json!([]));
    // The account of the statement is the deployer's own: nobody else gets in, and the ARN is that
    // of an API in another account.
    let own = report(&sandbox, &["--account-id", "999999999999"]);
    let rules: Vec<_> = own["findings"].as_array().expect("a list").iter().collect();
    assert_eq!(rules.len(), 1, "{own:#}");
    assert_eq!(rules[0]["rule"], "resource-matches-nothing", "{own:#}");
}

#[test]
fn the_trust_list_tells_accounts_apart() {
    let list = "accounts:\n  - { id: '999999999999', expires: 2027-01-31 }\n";
    let sandbox = Sandbox::new(&[("infra/api.yaml", TEMPLATE), ("trusted.yaml", list)]);
    let exposure = |now: &str| {
        let report = report(&sandbox, &["--trust", "trusted.yaml", "--now", now]);
        let exposure = &report["apis"][0]["exposure"];
        (exposure["trusted_accounts"].clone(), exposure["untrusted_accounts"].clone())
    };
    let (account, nobody) = (serde_json::json!(["999999999999"]), serde_json::json!([]));
    assert_eq!(exposure("2027-01-31"), (account.clone(), nobody.clone()));
    assert_eq!(exposure("2027-02-01"), (nobody, account));
}

#[test]
fn possible_findings_fail_a_run_only_when_asked() {
    let template = TEMPLATE.replace("'999999999999'", "!Ref Caller");
    let sandbox = Sandbox::new(&[("api.yaml", &template)]);
    let all = ["lint", "--format", "concise", "--fail-on", "info"];
    let ran = sandbox.run(&all);
    let possible = ran.stdout.contains(": medium[") && ran.stderr.contains("(1 possible)");
    assert!(possible && ran.code == 0, "{ran:?}");
    assert_eq!(sandbox.run(&[&all[..], &["--fail-on-possible"]].concat()).code, 1);
    sandbox.write("gatelint.yaml", b"possible: fail\n");
    assert_eq!(sandbox.run(&["lint"]).code, 1);
}

#[test]
fn a_parameter_is_given_on_the_command_line_or_assumed_in_the_configuration() {
    let template = format!(
        "Parameters:\n  Caller: {{ Type: String }}\n{}",
        TEMPLATE.replace("'999999999999'", "!Ref Caller")
    );
    let sandbox = Sandbox::new(&[("api.yaml", &template)]);
    let accounts =
        |args: &[&str]| report(&sandbox, args)["apis"][0]["exposure"]["untrusted_accounts"].clone();
    let pinned = accounts(&["--param", "Caller=888888888888"]);
    assert_eq!(pinned, serde_json::json!(["888888888888"]));
    sandbox.write("gatelint.yaml", b"assume: { parameters: { Caller: 777777777777 } }\n");
    assert_eq!(accounts(&[]), serde_json::json!(["777777777777"]));
    // A flag wins over the file.
    assert_eq!(accounts(&["--param", "Caller=888888888888"]), pinned);
}

#[test]
fn the_severity_of_a_rule_can_be_set() {
    let sandbox = Sandbox::new(&[
        ("policy.json", OPEN_POLICY),
        ("gatelint.yaml", "rules: { wildcard-principal: { severity: low } }\n"),
    ]);
    let ran = sandbox.run(&["lint", "--format", "concise"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains(": low[wildcard-principal]"), "{}", ran.stdout);
}

#[test]
fn a_form_that_is_not_read_is_possible_in_every_class() {
    let text = "spec:\n  x-amazon-apigateway-policy: {}\n";
    let sandbox = Sandbox::new(&[("api.yaml", text)]);
    let report = report(&sandbox, &[]);
    for class in ["anonymous_internet", "any_aws_account", "any_vpc_endpoint"] {
        assert_eq!(report["apis"][0]["exposure"][class], "possible", "{report:#}");
    }
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(1), "{report:#}");
    assert_eq!(report["findings"][0]["rule"], "unresolved");
}

#[test]
fn nothing_is_an_empty_report() {
    let report = report(&Sandbox::new(&[]), &["--allow-empty"]);
    assert_eq!(report["apis"], serde_json::json!([]));
    assert_eq!(report["findings"], serde_json::json!([]));
    assert_eq!(report["summary"]["files_discovered"], 0);
}

fn of_file(name: &str, text: &str) -> Value {
    report(&Sandbox::new(&[(name, text)]), &[name])
}

#[test]
fn preflight_requests_of_a_document_are_guarded_like_all_others() {
    let guarded = OPEN_POLICY.replace(
        "\"Resource\": \"*\"",
        r#""Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}"#,
    );
    let report = of_file("policy.json", &guarded);
    for exposure in ["exposure", "policy_exposure"] {
        let exposure = &report["apis"][0][exposure];
        assert_eq!(exposure["anonymous_internet"], "denied");
        assert_eq!(exposure["preflight_only"], false, "{report:#}");
    }
}

#[test]
fn a_vpc_endpoint_has_no_endpoint_type_and_no_methods() {
    let report = of_file(
        "template.yaml",
        "Resources:\n  Endpoint:\n    Type: AWS::EC2::VPCEndpoint\n    Properties:\n      \
         ServiceName: com.amazonaws.eu-west-1.execute-api\n      PolicyDocument:\n        \
         Statement: {Effect: Allow, Principal: '*', Action: '*', Resource: '*'}\n",
    );
    let api = &report["apis"][0];
    assert_eq!(api["kind"], "vpc-endpoint", "{report:#}");
    assert_eq!(api["endpoint_types"], serde_json::json!([]));
    assert_eq!(api["assumptions"], serde_json::json!([]));
}
