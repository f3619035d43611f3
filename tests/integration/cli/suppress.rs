//! Suppression, as users meet it (CONTRACT 7).

use super::sandbox::{Ran, Sandbox};

/// A template whose `Principal` line ends with `behind`, with `above` on a line before the
/// statement.
fn template(above: &str, behind: &str) -> String {
    format!(
        "\
Resources:
  Status:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: status
      Policy:
        Version: '2012-10-17'
        Statement:
{above}          - Effect: Allow
            Principal: '*'{behind}
            Action: execute-api:Invoke
            Resource: execute-api:/*
"
    )
}

const WHY: &str = "-- public status page";

fn lint(text: &str, args: &[&str]) -> Ran {
    lint_file("api.yaml", text, args)
}

fn lint_file(name: &str, text: &str, args: &[&str]) -> Ran {
    let mut all = vec!["lint", "--now", "2026-11-21"];
    if !args.contains(&"--format") {
        all.extend(["--format", "concise"]);
    }
    all.extend(args);
    Sandbox::new(&[(name, text)]).run(&all)
}

#[test]
fn a_comment_behind_or_above_suppresses() {
    let open = lint(&template("", ""), &[]);
    assert_eq!(open.code, 1, "{open:?}");
    assert_eq!(open.findings(), ["api.yaml:10:24 wildcard-principal"]);
    let comment = format!("# gatelint: ignore[wildcard-principal] {WHY}");
    for text in [
        template("", &format!("  {comment}")),
        template(&format!("          {comment}\n"), ""),
        template(&format!("          {comment}\n          # and another comment\n"), ""),
        template("", "").replace("  Status:\n", &format!("  {comment}\n  Status:\n")),
        template("", "").replace("      Policy:\n", &format!("      {comment}\n      Policy:\n")),
    ] {
        let ran = lint(&text, &[]);
        assert_eq!((ran.code, ran.findings().len()), (0, 0), "{text}\n{ran:?}");
        assert!(ran.stderr.contains("no findings, 1 suppressed"), "{ran:?}");
        let ran = lint(&text, &["--no-ignores"]);
        assert_eq!((ran.code, ran.findings().len()), (1, 1), "{ran:?}");
    }
}

#[test]
fn a_suppressed_finding_says_by_whom_in_json() {
    let comment = "  # gatelint: ignore[wildcard-principal] until 2027-01-31 -- why not";
    let sandbox = Sandbox::new(&[("api.yaml", &template("", comment))]);
    let ran = sandbox.run(&["lint", "--format", "json", "--now", "2027-01-31"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(json["summary"]["suppressed"], 1);
    assert_eq!(json["summary"]["findings"]["critical"], 0);
    let by = &json["findings"][0]["suppression"];
    assert_eq!(by["kind"], "comment");
    assert_eq!(by["reason"], "why not");
    assert_eq!(by["until"], "2027-01-31");
    assert_eq!((by["file"].as_str(), by["line"].as_u64()), (Some("api.yaml"), Some(10)));
}

#[test]
fn a_comment_elsewhere_or_of_another_rule_does_not() {
    for (text, idle) in [
        (
            template("", "").replace(
                "Name: status",
                &format!("Name: status  # gatelint: ignore[wildcard-principal] {WHY}"),
            ),
            "5:",
        ),
        (template("", &format!("  # gatelint: ignore[missing-condition] {WHY}")), "10:"),
        (format!("# gatelint: ignore[wildcard-principal] {WHY}\n{}", template("", "")), "1:"),
        (
            template(&format!("          # gatelint: ignore[wildcard-principal] {WHY}\n\n"), ""),
            "9:",
        ),
    ] {
        let ran = lint(&text, &[]);
        assert_eq!(ran.code, 1, "{text}");
        let found = ran.findings();
        assert!(found.iter().any(|f| f.ends_with(" wildcard-principal")), "{found:?}");
        let unused = found.iter().find(|f| f.ends_with(" unused-suppression"));
        let unused = unused.unwrap_or_else(|| panic!("{text}\n{found:?}"));
        assert!(unused.starts_with(&format!("api.yaml:{idle}")), "{unused}");
    }
}

#[test]
fn bad_and_expired_ones_are_findings_and_count_for_nothing() {
    for (behind, rule, said) in [
        ("  # gatelint: ignore[wildcard-principal]", "bad-suppression", "gives no reason"),
        ("  # gatelint: ignore[wildcard-princpal] -- x", "bad-suppression", "no rule"),
        ("  # gatelint: ignore -- x", "bad-suppression", "names no rule"),
        (
            "  # gatelint: ignore[wildcard-principal] until 2026-11-20 -- x",
            "expired-suppression",
            "expired on 2026-11-20",
        ),
    ] {
        let ran = lint(&template("", behind), &[]);
        assert_eq!(ran.code, 1, "{behind}");
        assert_eq!(ran.findings().len(), 2, "{behind} {ran:?}");
        assert!(ran.stdout.contains(&format!("medium[{rule}]")), "{ran:?}");
        assert!(ran.stdout.contains(said), "{ran:?}");
    }
    let last_day = "  # gatelint: ignore[wildcard-principal] until 2026-11-21 -- x";
    assert_eq!(lint(&template("", last_day), &[]).code, 0);
    let pretty = lint(
        &template("", "  # gatelint: ignore[wildcard-princpal] -- x"),
        &["--format", "pretty"],
    );
    assert!(pretty.stdout.contains("did you mean `wildcard-principal`?"), "{pretty:?}");
}

#[test]
fn only_rules_that_ran_can_be_unused() {
    let text = template("", &format!("  # gatelint: ignore[missing-condition] {WHY}"));
    let ran = lint(&text, &["--ignore", "missing-condition"]);
    assert_eq!(ran.findings(), ["api.yaml:10:24 wildcard-principal"]);
}

#[test]
fn a_text_of_several_lines_takes_its_comment_at_its_head() {
    let policy = r#"{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": "*",
             "Action": "execute-api:Invoke", "Resource": "*"}]}"#;
    let text = |above: &str, behind: &str| {
        format!(
            "Resources:\n  Status:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n{above}      \
             Policy: |{behind}\n          {policy}\n"
        )
    };
    let comment = format!("# gatelint: ignore[wildcard-principal] {WHY}");
    let open = lint(&text("", ""), &["--format", "pretty"]);
    assert_eq!(open.code, 1, "{open:?}");
    let advice =
        "to suppress: # gatelint: ignore[wildcard-principal] -- <reason>, alone above line 5";
    assert!(open.stdout.contains(advice), "{}", open.stdout);
    assert_eq!(lint(&text(&format!("      {comment}\n"), ""), &[]).code, 0);
    assert_eq!(lint(&text("", &format!(" {comment}")), &[]).code, 0);
}

#[test]
fn hcl_takes_all_its_comments() {
    let text = |above: &str, behind: &str| {
        format!(
            "\
resource \"aws_api_gateway_rest_api\" \"status\" {{
  name   = \"status\"
  policy = data.aws_iam_policy_document.status.json
}}

data \"aws_iam_policy_document\" \"status\" {{
{above}  statement {{
    actions   = [\"execute-api:Invoke\"]
    resources = [\"execute-api:/*\"]
    principals {{
      type        = \"*\"
      identifiers = [\"*\"]{behind}
    }}
  }}
}}
"
        )
    };
    let open = lint_file("main.tf", &text("", ""), &[]);
    assert_eq!(open.code, 1, "{open:?}");
    let said = format!("gatelint: ignore[wildcard-principal] {WHY}");
    for text in [
        text("", &format!(" # {said}")),
        text("", &format!(" // {said}")),
        text("", &format!(" /* {said} */")),
        text(&format!("  # {said}\n"), ""),
        text(&format!("  /*\n    {said}\n  */\n"), ""),
        text("", "").replace("data \"aws", &format!("// {said}\ndata \"aws")),
        // Where the value is used.
        text("", "").replace("json\n}", &format!("json # {said}\n}}")),
    ] {
        let ran = lint_file("main.tf", &text, &[]);
        assert_eq!(ran.code, 0, "{text}\n{ran:?}");
        assert!(ran.stderr.contains("1 suppressed"), "{ran:?}");
    }
}

#[test]
fn json_has_metadata() {
    let text = |template: &str, resource: &str| {
        format!(
            r#"{{ "AWSTemplateFormatVersion": "2010-09-09", {template} "Resources": {{
  "Status": {{
    "Type": "AWS::ApiGateway::RestApi", {resource}
    "Properties": {{ "Policy": {{ "Version": "2012-10-17", "Statement": [
      {{ "Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*" }}
    ] }} }} }} }} }}
"#
        )
    };
    let entry = |fields: &str| {
        format!(r#""Metadata": {{ "gatelint": {{ "ignore": [ {{ {fields} }} ] }} }},"#)
    };
    let good = entry(r#""rule": "wildcard-principal", "reason": "public status page""#);
    let open = lint_file("t.json", &text("", ""), &["--format", "pretty"]);
    assert_eq!(open.code, 1);
    let advice = r#""Metadata": {"gatelint": {"ignore": [{"rule": "wildcard-principal", "reason":"#;
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&open.stdout).contains(advice), "{}", open.stdout);
    for text in [text("", &good), text(&good, "")] {
        let ran = lint_file("t.json", &text, &["--format", "json"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stdout.contains(r#""kind": "metadata""#), "{ran:?}");
    }
    for (fields, said) in [
        (r#""rule": "wildcard-principal""#, "gives no reason"),
        (r#""rule": "none-such", "reason": "x""#, "no rule `none-such`"),
        (r#""rules": "wildcard-principal", "reason": "x""#, "`rules` is none of its keys"),
        (r#""rule": "wildcard-principal", "reason": "x", "until": "soon""#, "`soon` is not a date"),
    ] {
        let ran = lint_file("t.json", &text("", &entry(fields)), &[]);
        assert_eq!(ran.code, 1);
        assert!(ran.stdout.contains("medium[bad-suppression]"), "{ran:?}");
        assert!(ran.stdout.contains(said), "{said} {ran:?}");
    }
}

#[test]
fn terraform_in_json_has_its_comment_key() {
    // What stands in the API, the document, the statement and the principals.
    let text = |notes: [&str; 4]| {
        let [api, document, statement, principals] = notes;
        format!(
            r#"{{ "resource": {{ "aws_api_gateway_rest_api": {{ "status": {{ {api}
  "name": "status",
  "policy": "${{data.aws_iam_policy_document.status.json}}" }} }} }},
"data": {{ "aws_iam_policy_document": {{ "status": {{ {document}
  "statement": [
    {{ {statement}
      "effect": "Allow", "actions": ["execute-api:Invoke"],
      "resources": ["execute-api:/*"],
      "principals": {{ {principals} "type": "*", "identifiers": ["*"] }} }}
  ] }} }} }} }}
"#
        )
    };
    let note = |said: &str| format!("\"//\": {said},");
    let good = note(&format!("\"gatelint: ignore[wildcard-principal] {WHY}\""));
    let list = note(&format!("[\"x\", \" gatelint: ignore[wildcard-principal] {WHY}\"]"));
    let plain = text(["", "", "", ""]);
    let open = lint_file("main.tf.json", &plain, &["--format", "pretty"]);
    assert_eq!(open.code, 1, "{open:?}");
    let words = open.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = "to suppress: \"//\": \"gatelint: ignore[wildcard-principal] -- <reason>\" in the object \
                at main.tf.json:6:5";
    assert!(words.contains(said), "{}", open.stdout);
    // What is advised, where it is advised.
    let advised = note("\"gatelint: ignore[wildcard-principal] -- <reason>\"");
    for text in [
        text(["", "", &advised, ""]),
        text([&good, "", "", ""]),
        text(["", &good, "", ""]),
        text(["", &list, "", ""]),
        text(["", "", "", &good]),
        text([&note("{\"metadata\": {\"path\": \"x\"}}"), "", &good, ""]),
    ] {
        let ran = lint_file("main.tf.json", &text, &["--format", "json"]);
        assert_eq!(ran.code, 0, "{text}\n{ran:?}");
        assert!(ran.stdout.contains(r#""kind": "comment""#), "{ran:?}");
        let ran = lint_file("main.tf.json", &text, &["--no-ignores"]);
        assert_eq!((ran.code, ran.findings().len()), (1, 1), "{ran:?}");
    }
    for (said, rule) in [
        ("\"gatelint: ignore[wildcard-principal]\"", "bad-suppression"),
        ("\"gatelint: ignore[none-such] -- x\"", "bad-suppression"),
        ("[\"gatelint: ignore[wildcard-principal] until 2020-01-31 -- x\"]", "expired-suppression"),
        ("\"gatelint: ignore[missing-condition] -- x\"", "unused-suppression"),
    ] {
        let ran = lint_file("main.tf.json", &text(["", "", &note(said), ""]), &[]);
        assert_eq!(ran.code, 1, "{said} {ran:?}");
        assert!(ran.stdout.contains(&format!("[{rule}]")), "{said} {ran:?}");
        assert!(ran.stdout.contains("[wildcard-principal]"), "{said} {ran:?}");
    }
    // At the root it stands for no block.
    let root = plain.replacen('{', &format!("{{ {good}"), 1);
    let ran = lint_file("main.tf.json", &root, &[]);
    assert_eq!(
        ran.findings(),
        ["main.tf.json:1:9 unused-suppression", "main.tf.json:9:53 wildcard-principal"]
    );
}

#[test]
fn a_locked_rule_is_suppressed_by_the_configuration_alone() {
    let comment = format!("  # gatelint: ignore[wildcard-principal] {WHY}");
    let locked = "rules: { wildcard-principal: { locked: true } }\n";
    let text = template("", &comment);
    let sandbox = Sandbox::new(&[("api.yaml", &text), ("gatelint.yaml", locked)]);
    let ran = sandbox.run(&["lint", "--format", "concise"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.findings().len(), 2, "{ran:?}");
    assert!(ran.stdout.contains("the configuration locks `wildcard-principal`"), "{ran:?}");
    let entry = "ignore:\n  - { rule: wildcard-principal, resource: Sta*, reason: public, expires: 2027-06-30 }\n";
    sandbox.write("gatelint.yaml", format!("{locked}{entry}").as_bytes());
    let ran = sandbox.run(&["lint", "--format", "concise", "--now", "2027-06-30"]);
    assert_eq!((ran.code, ran.findings().len()), (0, 1), "{ran:?}");
    let ran = sandbox.run(&["lint", "--format", "concise", "--now", "2027-07-01"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("expired-suppression"), "{ran:?}");
}

#[test]
fn entries_of_the_configuration_are_checked() {
    let entry = |fields: &str| format!("ignore:\n  - {{ {fields} }}\n");
    for (fields, said) in [
        ("resource: x, reason: y", "without `rule`"),
        ("rule: wildcard-principal, reason: y", "without `resource`"),
        ("rule: wildcard-principal, resource: x", "without `reason`"),
        ("rule: wildcard-principle, resource: x, reason: y", "did you mean `wildcard-principal`?"),
        ("rule: wildcard-principal, resource: x, reason: y, expires: soon", "`soon` is not a date"),
        ("rule: wildcard-principal, resource: x, reason: y, until: x", "unknown key `until`"),
    ] {
        let sandbox = Sandbox::new(&[("api.yaml", ""), ("gatelint.yaml", &entry(fields))]);
        let ran = sandbox.run(&["lint"]);
        assert_eq!(ran.code, 2, "{fields}");
        assert!(ran.stderr.contains(said), "{fields} {}", ran.stderr);
    }
    // What nothing is found for is unused, where the run saw everything.
    let unused = entry("rule: wildcard-principal, resource: Other, reason: y");
    let text = template("", "");
    let sandbox = Sandbox::new(&[("a/api.yaml", &text), ("gatelint.yaml", &unused)]);
    let ran = sandbox.run(&["lint", "--format", "concise"]);
    assert!(ran.findings().iter().any(|f| f == "gatelint.yaml:2:5 unused-suppression"), "{ran:?}");
    let ran = sandbox.run(&["lint", "--format", "concise", "a", "--config", "gatelint.yaml"]);
    assert_eq!(ran.findings().len(), 1, "{ran:?}");
}

#[test]
fn a_finding_in_the_trust_list_is_suppressed_where_the_grant_is() {
    let list = "version: 1\nowner: {accounts: ['123456789012']}\ntrust:\n  accounts:\n    \
                - {id: '444455556666', expires: 2026-06-30}\n";
    let grant = |comment: &str| {
        let text = template("", "");
        text.replace("Principal: '*'", &format!("Principal: {{AWS: '444455556666'}}{comment}"))
    };
    let run = |text: &str, format: &str| {
        let files = [("gatelint.yaml", list), ("api.yaml", text)];
        let args = ["lint", "--now", "2026-11-21", "--format", format];
        Sandbox::new(&files).run(&args)
    };
    let both = ["api.yaml:10:30 untrusted-account", "gatelint.yaml:5:7 trusted-account-expired"];
    assert_eq!(run(&grant(""), "concise").findings(), both);
    let rule = "trusted-account-expired";
    let advice =
        format!("# gatelint: ignore[{rule}] -- <reason>, at the end of line 10 of api.yaml");
    let shown = run(&grant(""), "pretty").stdout;
    assert!(shown.split_whitespace().collect::<Vec<_>>().join(" ").contains(&advice), "{shown}");
    let comment = format!("  # gatelint: ignore[{rule}] {WHY}");
    assert_eq!(run(&grant(&comment), "concise").findings(), both[..1]);
}
