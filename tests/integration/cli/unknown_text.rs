//! Texts of policies with parts that nobody gave: nothing of them is taken for a guard.

use serde_json::Value;

use super::sandbox::Sandbox;

/// The exposure to anonymous callers of an API with that policy, its text as it stands in a heredoc.
fn anonymous(policy: &str) -> String {
    let module = format!(
        "variable \"more\" {{}}\nvariable \"other\" {{}}\n\
         resource \"aws_api_gateway_rest_api\" \"a\" {{\n  name   = \"a\"\n  \
         policy = <<-EOT\n{policy}\n  EOT\n}}\n"
    );
    let sandbox = Sandbox::new(&[("main.tf", &module)]);
    let ran = sandbox.run(&["lint", "--format", "json", "--account-id", "123456789012"]);
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let state = json["apis"][0]["policy_exposure"]["anonymous_internet"].as_str();
    let possible = json["findings"].as_array().expect("a list").iter();
    let possible = possible.filter(|f| f["confidence"] == "possible").count();
    let state = state.unwrap_or_else(|| panic!("{ran:?}"));
    assert_eq!(state == "possible", possible > 0, "{policy}: {ran:?}");
    state.to_owned()
}

fn policy(statements: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#)
}

const ALLOW: &str =
    r#"{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}"#;

#[test]
fn unknown_members_take_the_place_of_known_ones() {
    let guarded = ALLOW.replace(
        r#""Resource": "*""#,
        r#""Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#,
    );
    let denied = ALLOW.replace("Allow", "Deny");
    assert_eq!(anonymous(&policy(ALLOW)), "allowed");
    assert_eq!(anonymous(&policy(&guarded)), "denied");
    assert_eq!(anonymous(&policy(&format!("{ALLOW}, {denied}"))), "denied");
    for statements in [
        // The text of all conditions.
        ALLOW.replace(r#""*"}"#, r#""*", "Condition": {${var.more}}}"#),
        // Beside the guard, or beside everything: the same key may come again.
        guarded.replace("}}}", "}, ${var.more}}}"),
        guarded.replace("}}}", "}}, ${var.more}}"),
        // A key that nobody gave.
        guarded.replace("\"IpAddress\"", "\"${var.more}\""),
        // A Deny that may be none, or that may spare.
        format!("{ALLOW}, {}", denied.replace("\"*\"}", "\"*\", ${var.more}}")),
        format!("{ALLOW}, {}", denied.replace("\"*\"}", "\"*\", \"Condition\": {${var.more}}}")),
        denied.replace("\"*\"}", "\"*\", ${var.more}}"),
        "{${var.more}}".to_owned(),
    ] {
        assert_eq!(anonymous(&policy(&statements)), "possible", "{statements}");
    }
    // A second `Statement` may come beside the known one.
    let beside = policy(&guarded).replace("]}", "], ${var.more}}");
    assert_eq!(anonymous(&beside), "possible", "{beside}");
}

#[test]
fn unreadable_texts_at_two_places_are_not_the_same() {
    let when = |text: &str| {
        format!(r#""Resource": "*", "Condition": {{"StringEquals": {{"aws:UserAgent": {text}}}}}"#)
    };
    let allow = ALLOW.replace(r#""Resource": "*""#, &when("${var.more}${var.other}"));
    let deny = ALLOW
        .replace("Allow", "Deny")
        .replace(r#""Resource": "*""#, &when("${var.other}${var.more}"));
    assert_eq!(anonymous(&policy(&format!("{allow}, {deny}"))), "possible");
}
