//! Markers of another template language inside of the texts of a policy: what stands around them counts,
//! as it does around a parameter, in every form that a policy has.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::sandbox::Sandbox;

/// What a run found: who gets in, and by which rules; that a file has markers is left out.
type Told = (Vec<String>, BTreeSet<String>);

fn told(file: &str, text: &str, markers: usize) -> Told {
    let sandbox = Sandbox::new(&[(file, text)]);
    let args = ["lint", "--format", "json", "--account-id", "123456789012", "."];
    let ran = sandbox.run(&args);
    let report: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {ran:?}"));
    let [api] = report["apis"].as_array().expect("a list").as_slice() else { panic!("{report:#}") };
    let classes = ["anonymous_internet", "any_aws_account", "any_vpc_endpoint", "networks"];
    let exposure = classes.map(|class| api["policy_exposure"][class].to_string()).to_vec();
    let mut rules = BTreeSet::new();
    let mut said = 0;
    for finding in report["findings"].as_array().expect("a list") {
        let rule = finding["rule"].as_str().expect("text");
        match rule {
            "unreadable-template" => said += 1,
            _ => drop(rules.insert(format!("{rule} {}", finding["confidence"]))),
        }
        let assumptions: Vec<&str> = finding["assumptions"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|assumption| assumption.as_str().unwrap_or_else(|| panic!("{finding:#}")))
            .collect();
        let once: BTreeSet<&str> = assumptions.iter().copied().collect();
        assert_eq!(once.len(), assumptions.len(), "{finding:#}");
        assert!(!assumptions.iter().any(|text| text.contains("cannot be read")), "{finding:#}");
    }
    assert_eq!(said, markers, "{text}: {report:#}");
    (exposure, rules)
}

/// A template with one open method and that policy.
fn template(policy: &Value) -> Value {
    json!({
        "Parameters": { "P": { "Type": "String" } },
        "Resources": {
            "Api": {
                "Type": "AWS::ApiGateway::RestApi",
                "Properties": { "EndpointConfiguration": { "Types": ["REGIONAL"] }, "Policy": policy },
            },
            "Get": {
                "Type": "AWS::ApiGateway::Method",
                "Properties": {
                    "RestApiId": { "Ref": "Api" },
                    "ResourceId": { "Fn::GetAtt": ["Api", "RootResourceId"] },
                    "HttpMethod": "GET",
                    "AuthorizationType": "AWS_IAM",
                },
            },
        },
    })
}

/// The texts with `@` in them, each an `Fn::Sub` of the parameter.
fn parameters(value: &Value) -> Value {
    match value {
        Value::String(text) if text.contains('@') => {
            json!({ "Fn::Sub": text.replace('@', "${P}") })
        }
        Value::Array(list) => list.iter().map(parameters).collect(),
        Value::Object(map) => map.iter().map(|(k, v)| (k.clone(), parameters(v))).collect(),
        other => other.clone(),
    }
}

fn statements(list: &[&str]) -> Value {
    let read = |text: &&str| -> Value {
        let mut statement: Value = serde_json::from_str(text).expect("JSON");
        for (name, given) in [("Action", "execute-api:Invoke"), ("Resource", "execute-api:/*")] {
            if statement[name].is_null() {
                statement[name] = given.into();
            }
        }
        statement
    };
    list.iter().map(read).collect()
}

#[test]
fn a_marker_in_a_text_is_judged_like_a_parameter_in_it() {
    const ALLOW: &str = r#"{"Effect": "Allow", "Principal": "*"}"#;
    for list in [
        &[r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::@:root"}}"#][..],
        &[r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::@"}}"#],
        &[
            r#"{"Effect": "Allow", "Principal": {"AWS": ["@:root", "arn:aws:iam::123456789012:root"]}}"#,
        ],
        &[r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/@"}}"#],
        &[r#"{"Effect": "Allow", "Principal": {"AWS": "@"}}"#],
        &[r#"{"Effect": "Allow", "Principal": "*", "Resource": "execute-api:/@/GET/*"}"#],
        &[r#"{"Effect": "@", "Principal": "*"}"#],
        &[r#"{"Effect": "Allow", "Principal": "*",
                "Condition": {"IpAddress": {"aws:SourceIp": ["@/32", "203.0.113.0/24"]}}}"#],
        &[
            ALLOW,
            r#"{"Effect": "Deny", "Principal": "*", "Resource": "execute-api:/@/*",
                "Condition": {"NotIpAddress": {"aws:SourceIp": "@/32"}}}"#,
        ],
        &[r#"{"Effect": "Allow", "Principal": "*",
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-@"}}}"#],
        &[
            ALLOW,
            r#"{"Effect": "Deny", "Principal": "*",
                "Condition": {"StringNotEquals": {"aws:PrincipalAccount": ["@", "111122223333"]}}}"#,
        ],
    ] {
        let statements = statements(list);
        let policy = json!({ "Version": "2012-10-17", "Statement": statements });
        let expected = told("api.json", &template(&parameters(&policy)).to_string(), 0);
        let service = json!({
            "service": "s",
            "provider": {
                "name": "aws",
                "endpointType": "REGIONAL",
                "apiGateway": { "resourcePolicy": statements },
            },
            "functions": { "f": { "events": [
                { "http": { "method": "get", "path": "/", "authorizer": "aws_iam" } },
            ] } },
        });
        for (file, form) in [
            ("api.json", template(&policy)),
            ("api.yaml", template(&policy)),
            ("text.json", template(&policy.to_string().into())),
            ("serverless.yml", service),
        ] {
            let text = form.to_string().replace('@', "{{ p }}");
            assert_eq!(told(file, &text, 1), expected, "{file}: {statements:#}");
        }
        let document = policy.to_string().replace('@', "{{ p }}");
        let (exposure, _) = told("policy.json", &document, 1);
        assert_eq!(exposure[..2], expected.0[..2], "{statements:#}");
    }
}

#[test]
fn a_marker_in_a_file_that_a_service_takes_in_is_one() {
    let statements = "- Effect: Allow\n  Principal: {AWS: 'arn:aws:iam::{{ p }}:root'}\n  \
                      Action: execute-api:Invoke\n  Resource: execute-api:/*\n";
    let service = "service: s\nprovider: {name: aws, apiGateway: {resourcePolicy: \
                   '${file(policy.yml)}'}}\nfunctions: {f: {events: [{http: {method: get, \
                   path: /, authorizer: aws_iam}}]}}\n";
    let sandbox = Sandbox::new(&[("serverless.yml", service), ("policy.yml", statements)]);
    let ran = sandbox.run(&["lint", "--format", "concise", "."]);
    assert!(ran.stdout.contains("policy.yml:2:20: medium[untrusted-account]"), "{ran:?}");
    assert!(ran.stdout.contains("policy.yml:2:34: high[unreadable-template]"), "{ran:?}");
    assert_eq!(ran.stdout.lines().count(), 2, "{ran:?}");
}

#[test]
fn a_marker_of_three_braces_or_behind_a_dollar_is_all_of_a_text() {
    let policy = |principal: &str| {
        let statement = json!({
            "Effect": "Allow", "Principal": { "AWS": principal }, "Action": "*", "Resource": "*",
        });
        template(&json!({ "Version": "2012-10-17", "Statement": [statement] })).to_string()
    };
    for marker in ["{{ p }}", "{{{ p }}}", "${{ env.P }}", "{{ {'a': {'b': 1}}['a'] }}"] {
        assert_eq!(told("api.json", &policy(marker), 1).0[0], "\"possible\"", "{marker}");
    }
}

#[test]
fn a_marker_in_a_key_may_be_any_key() {
    let policy = |key: &str| {
        let condition = json!({ "IpAddress": { key: "203.0.113.0/24" } });
        let statement = json!({
            "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": condition,
        });
        template(&json!({ "Version": "2012-10-17", "Statement": [statement] })).to_string()
    };
    assert_eq!(told("api.json", &policy("aws:SourceIp"), 0).0[0], "\"denied\"");
    assert_eq!(told("api.json", &policy("aws:{{ key }}"), 1).0[0], "\"possible\"");
}
