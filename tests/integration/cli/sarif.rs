//! SARIF of whole runs: what a viewer needs to show a finding, and to know it again.

use std::collections::BTreeSet;

use serde_json::Value;

use super::OPEN_POLICY;
use super::sandbox::Sandbox;

/// A template whose policy lets everybody call, with a comment behind the principal.
fn template(comment: &str) -> String {
    format!(
        "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy:
        Version: \"2012-10-17\"
        Statement:
          - Effect: Allow
            Principal: \"*\" {comment}
            Action: execute-api:Invoke
            Resource: \"*\"
"
    )
}

/// A repository in which every finding is accepted: one by a comment, one by the configuration, one
/// by the baseline.
pub(crate) fn accepted() -> Sandbox {
    let sandbox = Sandbox::new(&[("old.json", OPEN_POLICY)]);
    let ran = sandbox.run(&["baseline", "create"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let comment = "# gatelint: ignore[wildcard-principal] -- a [public](1) page, {0}";
    sandbox.write("api.yaml", template(comment).as_bytes());
    sandbox.write("status.json", OPEN_POLICY.as_bytes());
    let entry = "{rule: wildcard-principal, resource: status.json, reason: it is public}";
    let configuration = format!("version: 1\nignore:\n  - {entry}\n");
    sandbox.write("gatelint.yaml", configuration.as_bytes());
    sandbox
}

/// The log file and the JSON report of one run with those arguments.
fn reports(sandbox: &Sandbox, args: &[&str]) -> (Value, Value) {
    let mut all = vec!["lint", "--quiet", "--report", "sarif=a.sarif", "--report", "json=a.json"];
    all.extend(args);
    let ran = sandbox.run(&all);
    assert!(ran.code < 2, "{}", ran.stderr);
    let read = |name| serde_json::from_str(&sandbox.read(name)).expect("JSON");
    (read("a.sarif"), read("a.json"))
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().expect("results")
}

#[test]
fn every_label_and_step_of_a_finding_is_a_location() {
    let projects = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/projects");
    let (log, report) = reports(&Sandbox::new(&[]), &[projects]);
    assert_eq!(log["runs"][0]["columnKind"], "unicodeCodePoints");
    let findings = report["findings"].as_array().expect("findings");
    assert_eq!(results(&log).len(), findings.len());
    let region = |range: &Value| {
        let at = |end: &str, of: &str| range[end][of].clone();
        let (line, column) = (at("start", "line"), at("start", "column"));
        [line, column, at("end", "line"), at("end", "column")]
    };
    let location = |location: &Value| {
        let region = &location["physicalLocation"]["region"];
        ["startLine", "startColumn", "endLine", "endColumn"].map(|of| region[of].clone())
    };
    let (mut related, mut flows) = (0, 0);
    for (result, finding) in results(&log).iter().zip(findings) {
        assert_eq!(result["ruleId"], finding["rule"]);
        assert_eq!(location(&result["locations"][0]), region(&finding["range"]));
        let labels = finding["labels"].as_array().expect("labels").iter();
        let others: Vec<_> =
            labels.filter(|label| label["primary"] == false).map(|l| region(&l["range"])).collect();
        let found = result["relatedLocations"].as_array().map_or(&[][..], Vec::as_slice);
        assert_eq!(found.iter().map(location).collect::<Vec<_>>(), others, "{result:#}");
        related += others.len();
        // A viewer shows a related location where the message links to it.
        let text = result["message"]["text"].as_str().expect("text");
        for id in 1..=found.len() {
            assert!(text.contains(&format!("]({id})")), "{text}");
        }
        flows += usize::from(result.get("codeFlows").is_some());
    }
    assert!(related > 5 && flows > 1, "{related} {flows}");
}

#[test]
fn a_fingerprint_is_of_the_meaning() {
    let sandbox = Sandbox::new(&[("api.yaml", &template(""))]);
    let prints = |log: &Value| -> BTreeSet<String> {
        results(log).iter().map(|result| result["partialFingerprints"].to_string()).collect()
    };
    let lines = |log: &Value| -> Vec<Value> {
        let region = |r: &Value| r["locations"][0]["physicalLocation"]["region"].clone();
        results(log).iter().map(|result| region(result)["startLine"].clone()).collect()
    };
    let (before, _) = reports(&sandbox, &[]);
    sandbox.write("api.yaml", format!("# moved\n\n{}", template("# and reworded")).as_bytes());
    let (moved, _) = reports(&sandbox, &[]);
    assert_ne!(lines(&before), lines(&moved));
    assert_eq!(prints(&before), prints(&moved));
    let other = template("").replace("\"*\" \n", "{AWS: \"222222222222\"}\n");
    sandbox.write("api.yaml", other.as_bytes());
    let (changed, _) = reports(&sandbox, &[]);
    assert!(!results(&changed).is_empty());
    assert!(prints(&before).is_disjoint(&prints(&changed)));
}

#[test]
fn what_was_accepted_is_suppressed() {
    let (log, _) = reports(&accepted(), &["--baseline", "gatelint-baseline.json"]);
    let suppressions: Vec<(String, String)> = results(&log)
        .iter()
        .map(|result| {
            let location = &result["locations"][0]["physicalLocation"]["artifactLocation"];
            let text = |value: &Value| value.as_str().expect("text").to_owned();
            assert!(!text(&result["suppressions"][0]["justification"]).is_empty());
            (text(&location["uri"]), text(&result["suppressions"][0]["kind"]))
        })
        .collect();
    let expected =
        [("api.yaml", "inSource"), ("old.json", "external"), ("status.json", "external")];
    assert_eq!(suppressions, expected.map(|(file, kind)| (file.to_owned(), kind.to_owned())));
}
