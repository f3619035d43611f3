//! Exit codes (CONTRACT 3): the same in every format.

use super::sandbox::Sandbox;
use super::{OPEN_POLICY, TEMPLATE, UNREADABLE};

const FORMATS: [&str; 3] = ["pretty", "concise", "json"];

#[test]
fn findings_at_or_above_the_limit_are_1_in_every_format() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("a.yaml", UNREADABLE);
    for format in FORMATS {
        let ran = sandbox.run(&["lint", "--format", format]);
        assert_eq!(ran.code, 1, "{ran:?}");
        for (limit, code) in [("critical", 0), ("high", 1), ("info", 1), ("never", 0)] {
            let ran = sandbox.run(&["lint", "--format", format, "--fail-on", limit]);
            assert_eq!(ran.code, code, "{limit}: {ran:?}");
        }
    }
}

#[test]
fn infrastructure_without_findings_is_0() {
    let sandbox = Sandbox::new(&[("main.tf", "locals {}\n")]);
    for format in FORMATS {
        assert_eq!(sandbox.run(&["lint", "--format", format]).code, 0);
    }
    let ran = sandbox.run(&["lint", "--format", "concise"]);
    assert_eq!(ran.stdout, "");
    assert_eq!(ran.stderr, "checked 0 APIs in 0 files: no findings\n");
    assert_eq!(sandbox.run(&["lint", "--format", "concise", "-q"]).stderr, "");
}

#[test]
fn a_plan_or_state_without_an_api_is_0() {
    let plan = r#"{"format_version":"1.2","terraform_version":"1.9.5","planned_values":{"root_module":{"resources":[
        {"address":"aws_sqs_queue.q","mode":"managed","type":"aws_sqs_queue","name":"q","values":{}}]}}}"#;
    let state =
        r#"{"format_version":"1.0","terraform_version":"1.9.5","values":{"root_module":{}}}"#;
    for (text, files) in [(plan, 1), (state, 1), (r#"{"format_version":"1.0"}"#, 0)] {
        let sandbox = Sandbox::new(&[("plan.json", text)]);
        for format in FORMATS {
            let ran = sandbox.run(&["lint", "--format", format, "plan.json"]);
            assert_eq!(ran.code, 0, "{ran:?}");
        }
        let ran = sandbox.run(&["lint", "--format", "concise", "plan.json"]);
        let files = if files == 1 { "1 file" } else { "0 files" };
        assert_eq!(ran.stderr, format!("checked 0 APIs in {files}: no findings\n"));
        let piped = sandbox.run_with_input(&["lint", "-"], text);
        assert_eq!(piped.code, 0, "{piped:?}");
        assert_eq!(sandbox.run(&["lint"]).code, 0, "found, and not named: {text}");
    }
}

#[test]
fn what_terraform_writes_for_itself_is_1_and_says_what_to_lint() {
    let line = "{\"@level\":\"info\",\"@message\":\"aws_api_gateway_rest_api.a\",\"@module\":\"terraform.ui\"}\n";
    let state = "{\"version\":4,\"terraform_version\":\"1.9.5\",\"serial\":1,\"lineage\":\"a\",\"resources\":[{\"type\":\"aws_api_gateway_rest_api\"}]}";
    let file = b"PK\x03\x04\x14\x00\x08\x00\x08\x00tfplan\xe9\x00\xff";
    for (bytes, help) in [
        (&file[..], "lint what `terraform show -json FILE` prints"),
        (state.as_bytes(), "lint what `terraform show -json` prints"),
        (line.repeat(3).as_bytes(), "plan with `-out FILE`"),
    ] {
        let sandbox = Sandbox::new(&[]);
        sandbox.write("out.tfplan", bytes);
        let ran = sandbox.run(&["lint", "out.tfplan"]);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.stdout.contains(help), "{}", ran.stdout);
        assert_eq!(sandbox.run(&["lint"]).code, 3, "nobody named it");
    }
    // One without an API is nothing to look at.
    let other = state.replace("aws_api_gateway_rest_api", "aws_sqs_queue");
    let sandbox = Sandbox::new(&[("a.tfstate", &*other)]);
    assert_eq!(sandbox.run(&["lint", "a.tfstate"]).code, 3);
}

#[test]
fn no_infrastructure_code_is_3_unless_that_is_allowed() {
    let sandbox = Sandbox::new(&[("README.md", TEMPLATE), ("package.json", "{}")]);
    for format in FORMATS {
        let ran = sandbox.run(&["lint", "--format", format]);
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(ran.stderr.contains("no template, OpenAPI document or policy found under `.`\n"));
        let ran = sandbox.run(&["lint", "--format", format, "--allow-empty"]);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    // It is an error, so -q says it; with --allow-empty it is none.
    assert_ne!(sandbox.run(&["lint", "-q"]).stderr, "");
    assert_eq!(sandbox.run(&["lint", "-q", "--allow-empty"]).stderr, "");
}

#[test]
fn what_hides_everything_is_named() {
    let sandbox = Sandbox::new(&[
        (".git/HEAD", ""),
        (".gitignore", "build/\n"),
        ("build/a.yaml", TEMPLATE),
        ("vendor/b.yaml", TEMPLATE),
    ]);
    let ran = sandbox.run(&["lint", "--exclude", "vendor"]);
    assert_eq!(ran.code, 3);
    let expected = "no template, OpenAPI document or policy found under `.` \
                    (1 path excluded, 1 file hidden by .gitignore)\n";
    assert!(ran.stderr.ends_with(expected), "{}", ran.stderr);
}

#[test]
fn bad_usage_is_2() {
    let sandbox = Sandbox::new(&[("a.yaml", TEMPLATE)]);
    let cases: [(&[&str], &str); 14] = [
        (&[], "Usage: gatelint <COMMAND>"),
        (&["lnt"], "unrecognized subcommand 'lnt'"),
        (&["lint", "--formt", "json"], "unexpected argument '--formt'"),
        (&["lint", "--format", "serif"], "invalid value 'serif'"),
        (&["lint", "nowhere"], "error: `nowhere` cannot be read: "),
        (
            &["lint", "--fail-on", "hihg"],
            "--fail-on: unknown severity `hihg`: did you mean `high`?",
        ),
        (&["lint", "--min-severity", "never"], "--min-severity: unknown severity `never`"),
        (&["lint", "--select", "wildcard"], "unknown rule `wildcard`"),
        (&["lint", "--account-id", "12345678901"], "`12345678901` is not an account id"),
        (&["lint", "--param", "Env"], "--param: `Env` is not NAME=VALUE"),
        (&["lint", "--now", "2027-02-30"], "--now: `2027-02-30` is not a date (YYYY-MM-DD)"),
        (&["lint", "--param-file", "prod.json"], "--param-file: `prod.json`: no file of text"),
        (&["lint", "--var-file", "prod.tfvars"], "--var-file: `prod.tfvars` is not a file"),
        (&["lint", "--source", "infra"], "--source: `infra` is not a folder"),
    ];
    for (args, message) in cases {
        let ran = sandbox.run(args);
        assert_eq!(ran.code, 2, "{args:?}: {ran:?}");
        assert!(ran.stderr.contains(message), "{args:?}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{args:?}");
    }
}

#[test]
fn all_that_is_wrong_with_the_flags_is_said_at_once() {
    let sandbox = Sandbox::new(&[]);
    let args = ["lint", "--fail-on", "x", "--now", "y", "--var", "z", "--ignore", "unresolvd"];
    let ran = sandbox.run(&args);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.stderr.lines().count(), 4, "{}", ran.stderr);
    assert!(ran.stderr.contains("did you mean `unresolved`?"));
}

#[test]
fn a_glob_that_is_none_is_2() {
    let sandbox = Sandbox::new(&[("a.yaml", TEMPLATE)]);
    let ran = sandbox.run(&["lint", "--exclude", "a["]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.starts_with("error: not a glob: `a[`"), "{}", ran.stderr);
}

#[test]
fn a_report_that_cannot_be_written_is_2() {
    let sandbox = Sandbox::new(&[("a.yaml", TEMPLATE)]);
    let ran = sandbox.run(&["lint", "--output", "no/such/folder"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("cannot be written"), "{}", ran.stderr);
}

#[test]
fn flags_have_twins_in_the_environment_and_win_over_them() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("a.yaml", UNREADABLE);
    let env = [("GATELINT_FAIL_ON", "never"), ("GATELINT_FORMAT", "concise")];
    assert_eq!(sandbox.run_with_env(&["lint"], &env).code, 0);
    assert_eq!(sandbox.run_with_env(&["lint", "--fail-on", "high"], &env).code, 1);
    let empty = Sandbox::new(&[]);
    assert_eq!(empty.run_with_env(&["lint"], &[("GATELINT_ALLOW_EMPTY", "1")]).code, 0);
    assert_eq!(empty.run_with_env(&["lint"], &[("GATELINT_ALLOW_EMPTY", "false")]).code, 3);
}

#[test]
fn rules_are_selected_and_left_out() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("a.yaml", UNREADABLE);
    assert_eq!(sandbox.run(&["lint", "--ignore", "unreadable-template"]).code, 0);
    assert_eq!(sandbox.run(&["lint", "--select", "unreadable-template"]).code, 1);
    assert_eq!(sandbox.run(&["lint", "--select", "wildcard-principal,unresolved"]).code, 0);
    assert_eq!(sandbox.run(&["lint", "--min-severity", "critical"]).code, 0);
}
#[test]
fn a_policy_for_everybody_fails_a_run() {
    let sandbox = Sandbox::new(&[("policy.json", OPEN_POLICY)]);
    let ran = sandbox.run(&["lint", "--format", "concise"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.findings(), ["policy.json:4:38 wildcard-principal"]);
    assert!(ran.stdout.contains(": critical["), "{}", ran.stdout);
}
