//! Microsoft's validator (`sarif-multitool validate`) on what gatelint writes: the JSON schema, and
//! the rules of the standard that a schema cannot say.

use std::path::Path;

use serde_json::Value;

use super::require;
use crate::cli::sandbox::Sandbox;
use crate::cli::sarif::accepted;

/// The errors that the validator finds in the log file `name` of `sandbox`.
pub(crate) fn errors(sandbox: &Sandbox, name: &str) -> Option<Vec<String>> {
    let validator = require("sarif-multitool")?;
    let args = ["validate", name, "--output", "verdict.sarif", "--log", "ForceOverwrite"];
    let output = validator.run(sandbox.path(), &args);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(sandbox.path().join("verdict.sarif").is_file(), "{said}{output:?}");
    let verdict = sandbox.read("verdict.sarif");
    let verdict: Value =
        serde_json::from_str(verdict.trim_start_matches('\u{feff}')).expect("JSON");
    let run = &verdict["runs"][0];
    // It did its work to the end, and on this file.
    assert_eq!(run["invocations"][0]["executionSuccessful"], true, "{said}");
    assert!(!said.contains("skipped"), "{said}");
    let results = run["results"].as_array().map_or(&[][..], Vec::as_slice);
    // A result without a level is a warning.
    let errors = results.iter().filter(|result| result["level"] == "error");
    Some(errors.map(|result| format!("{}: {}", result["ruleId"], result["message"])).collect())
}

#[test]
fn the_example_projects() {
    let sandbox = Sandbox::new(&[]);
    let projects = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/projects");
    let projects = projects.to_str().expect("a path");
    let ran = sandbox.run(&["lint", projects, "--report", "sarif=report.sarif"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let report: Value = serde_json::from_str(&sandbox.read("report.sarif")).expect("JSON");
    let results = report["runs"][0]["results"].as_array().expect("results");
    assert!(results.len() > 3, "{}", results.len());
    assert!(results.iter().any(|result| result.get("relatedLocations").is_some()));
    assert!(results.iter().any(|result| result.get("codeFlows").is_some()));
    if let Some(errors) = errors(&sandbox, "report.sarif") {
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn hostile_names_and_files_that_cannot_be_read() {
    let sandbox = Sandbox::new(&[]);
    for name in ["a b#c?.yaml", "100%/é日.yaml", "[x](1) {0}.yaml", "::error::,x=y.yaml"] {
        // Windows has no such names.
        if !cfg!(windows) || !name.contains([':', '?']) {
            sandbox.write(name, b"# caf\xe9\nType: AWS::ApiGateway::RestApi\n");
        }
    }
    let ran = sandbox.run(&["lint", "--report", "sarif=report.sarif"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let report: Value = serde_json::from_str(&sandbox.read("report.sarif")).expect("JSON");
    let told = &report["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert!(told.as_array().is_some_and(|told| told.len() >= 2), "{told}");
    if let Some(errors) = errors(&sandbox, "report.sarif") {
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn what_was_accepted() {
    let sandbox = accepted();
    let baseline = ["--baseline", "gatelint-baseline.json"];
    for format in ["sarif", "code-scanning"] {
        let report = format!("{format}={format}.sarif");
        let ran = sandbox.run(&["lint", "--report", &report, baseline[0], baseline[1]]);
        assert_eq!(ran.code, 0, "{}", ran.stdout);
        if let Some(errors) = errors(&sandbox, &format!("{format}.sarif")) {
            assert!(errors.is_empty(), "{format}: {errors:#?}");
        }
    }
}

#[test]
fn the_validator_is_no_yes_man() {
    let sandbox = Sandbox::new(&[(
        "bad.sarif",
        r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [
            {"ruleId": "a", "message": {"text": "see [this](3)"}, "locations": [
                {"physicalLocation": {"artifactLocation": {"uri": "a b.tf"},
                                      "region": {"startLine": 3, "endLine": 1}}}]}]}]}"#,
    )]);
    if let Some(errors) = errors(&sandbox, "bad.sarif") {
        assert!(!errors.is_empty());
    }
}
