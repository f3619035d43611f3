//! The examples as articles print them (`testdata/projects/articles`): what each report says.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The findings of one example: `line:column rule severity`, in the order of the report.
fn findings(path: &str) -> Vec<String> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/projects");
    let output = Command::new(env!("CARGO_BIN_EXE_gatelint"))
        .args(["lint", "--format", "json", "--fail-on", "never", "--now", "2026-11-22"])
        .args(["--config", "gatelint.yaml"])
        .arg(format!("articles/{path}"))
        .current_dir(dir)
        .env_clear()
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("a JSON report");
    report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| {
            let start = &finding["range"]["start"];
            let text = |key: &str| finding[key].as_str().expect("text").to_owned();
            format!("{}:{} {} {}", start["line"], start["column"], text("rule"), text("severity"))
        })
        .collect()
}

#[test]
fn a_missing_comma_hides_nothing() {
    assert_eq!(
        findings("missing-comma.json"),
        [
            "15:16 untrusted-account high",
            "16:9 duplicate-key high",
            "16:9 unreadable-template high"
        ]
    );
}

#[test]
fn tabs_are_named() {
    assert_eq!(findings("tab-indented.yaml"), ["3:1 unreadable-template high"]);
}

#[test]
fn both_values_of_a_key_that_stands_twice_are_judged() {
    assert_eq!(
        findings("duplicate-key.yaml"),
        ["12:20 untrusted-account high", "13:15 duplicate-key high"]
    );
}

#[test]
fn terraform_with_an_attribute_set_twice_and_a_bare_execution_arn() {
    assert_eq!(
        findings("terraform"),
        ["13:7 duplicate-key high", "17:18 resource-matches-nothing high"]
    );
}

#[test]
fn an_array_is_no_principal() {
    assert_eq!(
        findings("principal-array.json"),
        ["6:21 invalid-principal high", "8:19 resource-matches-nothing high"]
    );
}

#[test]
fn a_blank_in_a_range_is_shown_with_its_quotes() {
    let found = findings("blank-in-cidr.json");
    assert!(found.contains(&"17:53 malformed-cidr high".to_owned()), "{found:?}");
}

#[test]
fn a_private_range_is_found_in_a_grant_to_the_own_account() {
    assert_eq!(findings("private-range.json"), ["9:53 private-cidr-in-sourceip medium"]);
}

#[test]
fn the_open_half_of_a_policy_by_method_is_found() {
    assert_eq!(
        findings("per-method.json"),
        ["6:20 wildcard-principal critical", "22:53 documentation-cidr medium"]
    );
}
