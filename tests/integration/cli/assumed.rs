//! What an answer takes for granted is written beside it.

use serde_json::Value;

use super::sandbox::Sandbox;

fn lint(file: &str, text: &str, args: &[&str]) -> Value {
    let sandbox = Sandbox::new(&[(file, text)]);
    let ran = sandbox.run(&[&["lint", "--format", "json"], args].concat());
    serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {ran:?}"))
}

fn document(resource: &str, condition: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": "*",
  "Action": "execute-api:Invoke", "Resource": {resource}, "Condition": {condition}}}]}}"#
    )
}

#[test]
fn a_document_for_ipv6_callers_is_open_where_the_address_type_is_dualstack() {
    let when = |range: &str| {
        let condition = format!(r#"{{"IpAddress": {{"aws:SourceIp": "{range}"}}}}"#);
        lint("policy.json", &document("\"*\"", &condition), &[])
    };
    let json = when("::/0");
    assert_eq!(json["apis"][0]["policy_exposure"]["anonymous_internet"], "possible", "{json:#}");
    let finding = &json["findings"][0];
    assert_eq!(finding["confidence"], "possible");
    let assumed = finding["assumptions"].to_string();
    assert!(assumed.contains("address type dualstack"), "{assumed}");
    let json = when("0.0.0.0/0");
    assert_eq!(json["apis"][0]["policy_exposure"]["anonymous_internet"], "allowed");
    let json = when("2001:4860:4860::/48");
    assert_eq!(json["apis"][0]["policy_exposure"]["anonymous_internet"], "denied");
}

#[test]
fn an_api_that_is_none_of_the_named_ones_is_an_assumption() {
    let policy = |deny: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [
  {{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}},
  {{"Effect": "Allow", "Principal": {{"AWS": "123456789012"}}, "Action": "execute-api:Invoke",
    "Resource": "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/*"}},
  {{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke",
    "Resource": "arn:aws:execute-api:eu-west-1:123456789012:{deny}/*"}}]}}"#
        )
    };
    let assumed = |deny: &str| {
        let json = lint("policy.json", &policy(deny), &["--account-id", "123456789012"]);
        let found = json["findings"].as_array().expect("a list").clone();
        let found = found.into_iter().find(|f| f["rule"] != "unresolved").expect("a finding");
        found["assumptions"].to_string()
    };
    let said = "the API is none of those that the policy's ARNs name";
    // Under the named identity everybody is denied.
    assert!(assumed("a1b2c3d4e5").contains(said));
    // Open under either.
    assert!(!assumed("zzzzzzzzzz").contains(said));
}

#[test]
fn parameters_in_an_arn_and_in_place_of_values_are_assumptions() {
    let template = "\
Parameters:
  Where: { Type: String }
  Ranges: { Type: CommaDelimitedList }
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: api
      Policy:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: '*'
            Action: execute-api:Invoke
            Resource: !Sub 'arn:aws:execute-api:${Where}:${AWS::AccountId}:*/*'
            Condition: { IpAddress: { aws:SourceIp: !Ref Ranges } }
";
    let json = lint("api.yaml", template, &[]);
    let assumed = json["apis"][0]["assumptions"].to_string();
    assert!(assumed.contains("Where is the region that the API is deployed in"), "{assumed}");
    assert!(assumed.contains("Ranges holds at least one value"), "{assumed}");
    assert!(!assumed.contains("AWS::AccountId is"), "{assumed}");
    let given = ["--param", "Where=eu-west-1", "--param", "Ranges=203.0.113.0/24"];
    let assumed = lint("api.yaml", template, &given)["apis"][0]["assumptions"].to_string();
    assert!(!assumed.contains("Where") && !assumed.contains("Ranges"), "{assumed}");
}

#[test]
fn a_list_from_a_secret_is_assumed_to_hold_something() {
    let text = "\
data \"aws_secretsmanager_secret_version\" \"s\" {
  secret_id = \"s\"
}
data \"aws_iam_policy_document\" \"p\" {
  statement {
    actions   = [\"execute-api:Invoke\"]
    resources = [\"*\"]
    principals {
      type        = \"*\"
      identifiers = [\"*\"]
    }
    condition {
      test     = \"StringEquals\"
      variable = \"aws:SourceVpce\"
      values   = jsondecode(data.aws_secretsmanager_secret_version.s.secret_string)[\"k\"]
    }
  }
}
resource \"aws_api_gateway_rest_api\" \"a\" {
  policy = data.aws_iam_policy_document.p.json
  endpoint_configuration {
    types = [\"PRIVATE\"]
  }
}
";
    let assumed = lint("main.tf", text, &[])["apis"][0]["assumptions"].to_string();
    assert!(assumed.contains("holds at least one value"), "{assumed}");
}

#[test]
fn security_at_the_root_of_a_definition_is_said_to_protect_nothing() {
    let text = "openapi: 3.0.1\ninfo: {title: a, version: '1'}\nsecurity: [{key: []}]\n\
                components: {securitySchemes: {key: {type: apiKey, name: Authorization, in: header, \
                x-amazon-apigateway-authtype: awsSigv4}}}\n\
                x-amazon-apigateway-policy:\n  Version: '2012-10-17'\n  Statement:\n  - {Effect: Allow, Principal: '*', \
                Action: 'execute-api:Invoke', Resource: '*'}\npaths: {/pets: {get: {}}}\n";
    let said = "`security` at the root does not count: the import of a REST API ignores it";
    let sandbox = Sandbox::new(&[("api.yaml", text)]);
    for command in ["lint", "inventory"] {
        let shown = sandbox.run(&[command, "."]).stdout;
        let shown: Vec<&str> = shown.split_whitespace().filter(|word| *word != "│").collect();
        let shown = shown.join(" ");
        for words in said.split(": ") {
            assert!(shown.contains(words), "{command}: {shown}");
        }
    }
    // A method that says so itself is protected.
    let own = text.replace("get: {}", "get: {security: [{key: []}]}");
    let sandbox = Sandbox::new(&[("api.yaml", &own)]);
    for command in ["lint", "inventory"] {
        assert!(!sandbox.run(&[command, "."]).stdout.contains("at the root"), "{command}");
    }
}
