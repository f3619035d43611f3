//! What the action says of a repository, and where.

use super::Machine;
use crate::cli::OPEN_POLICY;
use crate::outside::sarif::errors;

#[test]
fn a_clean_tree() {
    let machine = Machine::new_with_release(&[("api.tf", "locals {}\n")]);
    let Some(outcome) = machine.uses(&[]) else { return };
    assert_eq!(outcome.code, 0, "{}", outcome.log);
    assert_eq!(outcome.outputs["exit-code"], "0");
    assert_eq!(outcome.outputs["sarif-file"], "gatelint.sarif");
    assert_eq!(machine.sarif("gatelint.sarif")["runs"][0]["results"].as_array(), Some(&vec![]));
    assert!(outcome.commands().is_empty(), "{}", outcome.log);
    assert!(outcome.log.contains(": no findings"), "{}", outcome.log);
    assert!(outcome.summary.starts_with("## gatelint\n"), "{}", outcome.summary);
}

#[test]
fn one_run_says_a_finding_everywhere() {
    let machine = Machine::new_with_release(&[("infra/policy.json", OPEN_POLICY)]);
    let Some(outcome) = machine.uses(&[]) else { return };
    assert_eq!(outcome.code, 1, "{}", outcome.log);
    assert_eq!(machine.runs(), 1);
    assert_eq!(outcome.outputs["exit-code"], "1");
    // The report for people, the annotations, the summary, and the file for code scanning.
    assert!(outcome.log.contains("wildcard-principal"), "{}", outcome.log);
    assert!(outcome.log.contains("\u{1b}["), "the log has colours: {}", outcome.log);
    let annotations = outcome.annotations("error");
    assert_eq!(annotations.len(), 1, "{}", outcome.log);
    assert!(annotations[0].starts_with("::error file=infra/policy.json,line=4,"));
    assert!(outcome.summary.contains("| `wildcard-principal` |"), "{}", outcome.summary);
    let sarif = machine.sarif("gatelint.sarif");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["ruleId"], "wildcard-principal");
    if let Some(errors) = errors(&machine.sandbox, "repo/gatelint.sarif") {
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn the_github_format_writes_annotations_alone() {
    let machine = Machine::new_with_release(&[("policy.json", OPEN_POLICY)]);
    let with = [("format", "github"), ("sarif-file", ""), ("fail-on", "never")];
    let Some(outcome) = machine.uses(&with) else { return };
    assert_eq!(outcome.code, 0, "{}", outcome.log);
    assert_eq!(outcome.outputs["sarif-file"], "");
    assert!(!machine.sandbox.path().join("repo/gatelint.sarif").exists());
    assert_eq!(outcome.annotations("error").len(), 1);
    assert!(!outcome.log.contains("\u{1b}["), "{}", outcome.log);
    assert!(outcome.summary.contains("wildcard-principal"));
}

#[test]
fn inputs_reach_gatelint() {
    let account = r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
         "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]}"#;
    let machine = Machine::new_with_release(&[
        ("a b/policy.json", account),
        ("-b/policy.json", account),
        ("c/policy.json", OPEN_POLICY),
        ("strict.yaml", "version: 1\nfail-on: low\n"),
    ]);
    let code = |with: &[(&str, &str)]| machine.uses(with).map(|outcome| outcome.code);
    // A path stands on a line, and is never a flag.
    let paths = ("paths", "a b\r\n\n-b/policy.json\n");
    let Some(outcome) = machine.uses(&[paths]) else { return };
    assert_eq!(outcome.code, 1, "{}", outcome.log);
    assert_eq!(outcome.annotations("error").len(), 2, "{}", outcome.log);
    for accounts in ["222222222222", "333333333333,222222222222", "333333333333\n222222222222"] {
        assert_eq!(code(&[paths, ("account-id", accounts)]), Some(0), "{accounts}");
    }
    assert_eq!(code(&[paths, ("fail-on", "critical")]), Some(0));
    assert_eq!(code(&[paths, ("config", "missing.yaml")]), Some(2));
    let of_config = [("paths", "a b"), ("config", "strict.yaml"), ("fail-on", "never")];
    assert_eq!(code(&of_config), Some(0));
    assert_eq!(code(&[("paths", "c"), ("baseline", "missing.json")]), Some(2));
    assert_eq!(code(&[("paths", "-")]), Some(2));
    let repo = machine.sandbox.path().join("repo");
    let mut command = machine.sandbox.command(&["baseline", "create", "c"]);
    assert!(command.current_dir(repo).status().expect("it runs").success());
    assert_eq!(code(&[("paths", "c"), ("baseline", "gatelint-baseline.json")]), Some(0));
    // Accepted findings are no alerts of code scanning.
    assert_eq!(machine.sarif("gatelint.sarif")["runs"][0]["results"].as_array(), Some(&vec![]));
}

#[test]
fn what_went_wrong_is_annotated() {
    let machine = Machine::new_with_release(&[("README.md", "# nothing\n")]);
    let Some(outcome) = machine.uses(&[]) else { return };
    assert_eq!(outcome.code, 3, "{}", outcome.log);
    assert_eq!(outcome.outputs["exit-code"], "3");
    let expected = "::error title=gatelint::no infrastructure code under the given paths";
    assert_eq!(outcome.annotations("error"), [expected]);
    let Some(outcome) = machine.uses(&[("format", "prety")]) else { return };
    assert_eq!(outcome.code, 2, "{}", outcome.log);
    assert_eq!(outcome.outputs["exit-code"], "2");
    assert_eq!(outcome.annotations("error").len(), 1, "{}", outcome.log);
    assert!(outcome.log.contains("did you mean `pretty`?"), "{}", outcome.log);
}

#[test]
fn a_file_that_was_there_is_not_taken_for_the_result() {
    let machine = Machine::new_with_release(&[("policy.json", OPEN_POLICY)]);
    machine.sandbox.write("repo/gatelint.sarif", b"of yesterday");
    let Some(outcome) = machine.uses(&[("fail-on", "none-such")]) else { return };
    assert_eq!(outcome.code, 2, "{}", outcome.log);
    assert_eq!(outcome.outputs["sarif-file"], "");
    assert!(!machine.sandbox.path().join("repo/gatelint.sarif").exists());
}
