//! `trust check`: the list against everything that the templates name.

use serde_json::Value;

use super::sandbox::{Ran, Sandbox};

/// An API whose policy lets `principal` call under `condition`.
fn template(api: &str, principal: &str, condition: &str) -> String {
    format!(
        "Resources:
  {api}:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: {api}
      Policy:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {{ AWS: '{principal}' }}
            Action: execute-api:Invoke
            Resource: execute-api:/*
            Condition: {condition}
"
    )
}

const CONFIG: &str = "\
owner: { accounts: ['123456789012'] }
trust:
  accounts:
    - { id: '111122223333', owner: payments, reason: events, expires: 2027-01-31 }
";

fn check(config: &str, templates: &[(&str, &str)], args: &[&str]) -> (Ran, Value) {
    let mut files = vec![(".git/HEAD", ""), ("gatelint.yaml", config)];
    files.extend(templates);
    let sandbox = Sandbox::new(&files);
    let mut all = vec!["trust", "check", "--format", "json"];
    if !args.contains(&"--now") {
        all.extend(["--now", "2026-11-21"]);
    }
    all.extend(args);
    let ran = sandbox.run(&all);
    let json = serde_json::from_str(&ran.stdout).unwrap_or(Value::Null);
    (ran, json)
}

/// `rule severity file:line message`, and `possible` in front of what is not proved.
fn lines(json: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let findings = json["findings"].as_array().expect("findings");
    let line = |f: &Value| {
        let possible = if f["confidence"] == "possible" { "possible " } else { "" };
        format!(
            "{possible}{} {} {}:{} {}",
            text(&f["rule"]),
            text(&f["severity"]),
            text(&f["file"]),
            f["range"]["start"]["line"],
            text(&f["message"]),
        )
    };
    findings.iter().map(line).collect()
}

#[test]
fn a_list_that_is_right_is_quiet() {
    let api = template("Orders", "111122223333", "{}");
    let (ran, json) = check(CONFIG, &[("api.yaml", &api)], &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(lines(&json), [""; 0]);
    assert_eq!(json["schema_version"], 1);
    assert_eq!(json["summary"]["apis"], 1);
}

#[test]
fn an_account_that_the_list_does_not_know_is_placed_everywhere_it_stands() {
    let orders = template("Orders", "arn:aws:iam::999999999999:role/Old", "{}");
    let billing =
        template("Billing", "*", "{ StringEquals: { aws:PrincipalAccount: '999999999999' } }");
    let (ran, json) = check(
        "owner: { accounts: ['123456789012'] }\n",
        &[("a.yaml", &orders), ("b.yaml", &billing)],
        &[],
    );
    assert_eq!(ran.code, 1, "{ran:?}");
    let said = "account 999999999999 is granted access, and not on the trust list";
    assert_eq!(lines(&json), [format!("trust-unknown high a.yaml:10 {said}")]);
    let labels = json["findings"][0]["labels"].as_array().expect("labels");
    let labels: Vec<String> = labels
        .iter()
        .map(|l| format!("{} {} {}", l["file"], l["range"]["start"]["line"], l["message"]))
        .collect();
    assert_eq!(
        labels,
        [
            r#""a.yaml" 10 "`Orders` grants it access""#,
            r#""b.yaml" 13 "`Billing` grants it access""#
        ]
    );
    assert!(ran.stderr.contains("there is no trust list"), "{ran:?}");
}

#[test]
fn what_a_policy_only_denies_is_not_granted_and_what_a_deny_spares_is() {
    let denied = template("Orders", "999999999999", "{}").replace("Effect: Allow", "Effect: Deny");
    assert_eq!(lines(&check(CONFIG, &[("a.yaml", &denied)], &[]).1).len(), 1, "unused only");
    let spared = template(
        "Orders",
        "*",
        "{ StringNotEquals: { aws:PrincipalAccount: ['111122223333', '999999999999'] } }",
    )
    .replace("Effect: Allow", "Effect: Deny");
    let (_, json) = check(CONFIG, &[("a.yaml", &spared)], &[]);
    let lines = lines(&json);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("trust-unknown high a.yaml:13 account 999999999999"), "{lines:?}");
}

#[test]
fn unused_entries_of_every_list() {
    let config = format!(
        "{CONFIG}  organizations: [o-abc123def4, o-zzz123def4]
  vpcs: [vpc-0aaaaaaaaaaaaaaa1]
  vpc-endpoints: [vpce-0aaaaaaaaaaaaaaa1, vpce-0aaaaaaaaaaaaaaa2]
  networks: [203.0.113.0/24, 198.51.100.0/24]
"
    );
    let condition = "{ StringLike: { aws:PrincipalOrgPaths: 'o-abc123def4/r-1/*', \
                     aws:SourceVpce: vpce-0aaaaaaaaaaaaaaa1 }, \
                     IpAddress: { aws:SourceIp: 203.0.113.64/26 } }";
    let api = template("Orders", "111122223333", condition);
    let (ran, json) = check(&config, &[("api.yaml", &api)], &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let unused = |line: u32, what: &str| {
        let said = format!("no policy names {what}, which the list trusts");
        format!("trust-unused low gatelint.yaml:{line} {said}")
    };
    assert_eq!(
        lines(&json),
        [
            unused(5, "organisation o-zzz123def4"),
            unused(6, "VPC vpc-0aaaaaaaaaaaaaaa1"),
            unused(7, "VPC endpoint vpce-0aaaaaaaaaaaaaaa2"),
            unused(8, "network 198.51.100.0/24"),
        ]
    );
    assert_eq!(check(&config, &[("api.yaml", &api)], &["--fail-on", "low"]).0.code, 1);
    let (ran, json) = check(&config, &[("api.yaml", &api)], &["--min-severity", "medium"]);
    assert_eq!((ran.code, lines(&json).len()), (0, 0), "{ran:?}");
}

#[test]
fn unused_is_not_proved_where_something_was_not_seen() {
    let unused = |templates: &[(&str, &str)], args: &[&str]| {
        let (ran, json) = check(CONFIG, templates, args);
        let found = json["findings"].as_array().expect("findings").clone();
        let found = found.into_iter().find(|f| f["rule"] == "trust-unused");
        let found = found.unwrap_or_else(|| panic!("{ran:?}"));
        (found["confidence"].as_str().expect("text").to_owned(), found["assumptions"].to_string())
    };
    let clean = template("Orders", "123456789012", "{}");
    assert_eq!(unused(&[("a.yaml", &clean)], &[]), ("proved".into(), "[]".into()));

    // A part of the tree.
    let (confidence, assumed) = unused(&[("a/a.yaml", &clean), ("b/b.yaml", &clean)], &["a"]);
    assert_eq!(confidence, "possible");
    assert!(assumed.contains("nothing outside the given paths names it"), "{assumed}");

    // A file that cannot be read.
    let broken = "Resources:\n  A:\n    Type: AWS::ApiGateway::RestApi\n  - x: [\n";
    let (confidence, assumed) = unused(&[("a.yaml", &clean), ("b.yaml", broken)], &[]);
    assert_eq!(confidence, "possible");
    assert!(assumed.contains("what stands at b.yaml:"), "{assumed}");

    // A value that nobody gave.
    let value = format!("Parameters:\n  Partner: {{ Type: String }}\n{clean}")
        .replace("'123456789012'", "!Ref Partner");
    let (confidence, assumed) = unused(&[("a.yaml", &value)], &[]);
    assert_eq!(confidence, "possible");
    assert!(assumed.contains("`Partner` does not name it"), "{assumed}");
    assert!(assumed.contains("--param Partner="), "{assumed}");
    let (ran, json) = check(CONFIG, &[("a.yaml", &value)], &[]);
    let lines = lines(&json);
    assert!(lines[0].contains("possible trust-unknown medium a.yaml:12"), "{lines:?}");
    assert_eq!(ran.code, 0);
    let failing = ["--fail-on-possible"];
    assert_eq!(check(CONFIG, &[("a.yaml", &value)], &failing).0.code, 1);

    // A value that cannot hold an account does not matter.
    let other = format!("Parameters:\n  Net: {{ Type: String }}\n{clean}")
        .replace("Condition: {}", "Condition: { IpAddress: { aws:SourceIp: !Ref Net } }");
    assert_eq!(unused(&[("a.yaml", &other)], &[]).0, "proved");
}

#[test]
fn expired_and_expiring_entries() {
    let api = template("Orders", "111122223333", "{}");
    let at = |now: &str, api: &str| {
        let (ran, json) = check(CONFIG, &[("api.yaml", api)], &["--now", now]);
        (ran.code, lines(&json), json)
    };
    assert_eq!(at("2026-12-31", &api).1, [""; 0]);
    let (code, lines, _) = at("2027-01-31", &api);
    let said = "the trust of account 111122223333 ends after 2027-01-31";
    assert_eq!((code, lines), (0, vec![format!("trust-expiring info gatelint.yaml:4 {said}")]));
    let (code, lines, json) = at("2027-02-01", &api);
    let said = "the trust of account 111122223333 ended after 2027-01-31";
    let granted =
        format!("trust-expired high gatelint.yaml:4 {said}, and policies still let it in");
    assert_eq!((code, lines), (1, vec![granted]));
    assert_eq!(json["findings"][0]["labels"][1]["file"], "api.yaml");
    let none = template("Orders", "123456789012", "{}");
    let (code, lines, _) = at("2027-02-01", &none);
    assert_eq!((code, lines), (0, vec![format!("trust-expired low gatelint.yaml:4 {said}")]));
}

#[test]
fn entries_that_stand_twice() {
    let config = "\
owner: { accounts: ['123456789012'] }
trust:
  files: [more.yaml]
  accounts: ['111122223333', '123456789012', { id: '222233334444', apis: [Orders] }]
  networks: [203.0.113.0/25, 203.0.113.0/24]
";
    let more = "- '111122223333'\n- { id: '222233334444', apis: [Billing] }\n\
                - { id: '222233334444', apis: ['Ord*'], expires: 2030-01-01 }\n";
    let net = "{ IpAddress: { aws:SourceIp: 203.0.113.0/24 } }";
    let mut orders = template("Orders", "111122223333", net);
    orders.push_str(&template("Billing", "222233334444", net).replace("Resources:\n", ""));
    let orders = orders.replace("AWS: '111122223333'", "AWS: ['111122223333', '222233334444']");
    let files = [("api.yaml", orders.as_str()), ("more.yaml", more)];
    let (ran, json) = check(config, &files, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        lines(&json),
        [
            "trust-duplicate low gatelint.yaml:4 account 123456789012 is deployed to, and on the \
             trust list as well",
            "trust-duplicate low gatelint.yaml:5 network 203.0.113.0/25 lies within 203.0.113.0/24",
            "trust-duplicate low more.yaml:1 account 111122223333 stands twice on the trust list",
            "trust-duplicate medium more.yaml:3 account 222233334444 stands twice on the trust list",
        ]
    );
    let first = &json["findings"][2]["labels"][1];
    assert_eq!(
        (&first["file"], &first["message"]),
        (&"gatelint.yaml".into(), &"first here".into())
    );
}

#[test]
fn an_entry_is_for_the_apis_that_it_names() {
    let config = CONFIG.replace("reason: events", "reason: events, apis: ['Orders*']");
    let api = template("Billing", "111122223333", "{}");
    let (ran, json) = check(&config, &[("api.yaml", &api)], &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let lines = lines(&json);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].contains("trusted for other APIs"), "{lines:?}");
    assert!(lines[1].starts_with("trust-unused low gatelint.yaml:4"), "{lines:?}");
}

#[test]
fn without_an_owner_an_account_may_be_the_one_deployed_to() {
    let api = template("Orders", "111122223333", "{}");
    let (ran, json) = check("version: 1\n", &[("api.yaml", &api)], &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let help = json["findings"][0]["help"].as_str().expect("text");
    assert!(help.contains("run with --account-id 111122223333"), "{help}");
    let owned = check("version: 1\n", &[("api.yaml", &api)], &["--account-id", "111122223333"]);
    assert_eq!(owned.0.code, 0, "{owned:?}");
}

#[test]
fn exit_codes_and_formats_are_those_of_lint() {
    let api = template("Orders", "999999999999", "{}");
    let sandbox = Sandbox::new(&[("gatelint.yaml", CONFIG), ("api.yaml", &api)]);
    let ran = sandbox.run(&["trust", "check"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stdout.contains("high[trust-unknown]"), "{ran:?}");
    assert!(ran.stdout.contains("api.yaml:10:"), "{ran:?}");
    assert!(ran.stdout.contains("gatelint.yaml:4:"), "{ran:?}");
    assert_eq!(sandbox.run(&["trust", "check", "--fail-on", "never"]).code, 0);
    for format in ["concise", "sarif", "github", "gitlab", "junit", "markdown"] {
        let ran = sandbox.run(&["trust", "check", "--format", format]);
        assert_eq!(ran.code, 1, "{format}: {ran:?}");
        assert!(ran.stdout.contains("trust-unknown"), "{format}: {ran:?}");
    }
    for args in [&["--min-severity", "none"][..], &["--now", "soon"], &["--config", "gone.yaml"]] {
        let ran = sandbox.run(&[&["trust", "check"], args].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    }
    let empty = Sandbox::new(&[("gatelint.yaml", CONFIG)]);
    assert_eq!(empty.run(&["trust", "check"]).code, 3);
    assert_eq!(empty.run(&["trust", "check", "--allow-empty"]).code, 0);
    let page = sandbox.run(&["explain", "trust-unused"]);
    assert!(page.code == 0 && page.stdout.contains("`trust-unused`"), "{page:?}");
}
