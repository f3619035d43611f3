//! Several reports of one run, and that no format changes what a run comes to.

use super::sandbox::Sandbox;
use super::{OPEN_POLICY, TEMPLATE, UNREADABLE};

const FORMATS: &[&str] = &[
    "pretty",
    "concise",
    "json",
    "sarif",
    "code-scanning",
    "github",
    "gitlab",
    "junit",
    "markdown",
];

#[test]
fn one_run_writes_many_reports() {
    let sandbox = Sandbox::new(&[("policy.json", OPEN_POLICY)]);
    sandbox.write("a.yaml", UNREADABLE);
    let files: Vec<String> =
        FORMATS.iter().map(|format| format!("{format}={format}.out")).collect();
    let mut args = vec!["lint", "--format", "concise"];
    for file in &files {
        args.extend(["--report", file]);
    }
    let ran = sandbox.run(&args);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(ran.stdout, sandbox.read("concise.out"));
    for format in FORMATS {
        let alone = Sandbox::new(&[("policy.json", OPEN_POLICY)]);
        alone.write("a.yaml", UNREADABLE);
        let one = alone.run(&["lint", "--format", format]);
        assert_eq!(sandbox.read(&format!("{format}.out")), one.stdout, "{format}");
    }
}

#[test]
fn exit_codes_do_not_depend_on_the_format() {
    let clean = Sandbox::new(&[("a.tf", "locals {}\n")]);
    let broken = Sandbox::new(&[]);
    broken.write("a.yaml", UNREADABLE);
    let medium = Sandbox::new(&[("api.yaml", TEMPLATE)]);
    let empty = Sandbox::new(&[]);
    for format in FORMATS {
        let code = |sandbox: &Sandbox, args: &[&str]| {
            let mut all = vec!["lint", "--format", format];
            all.extend(args);
            let code = sandbox.run(&all).code;
            let report = format!("{format}=report.out");
            let mut all = vec!["lint", "--quiet", "--report", &report];
            all.extend(args);
            assert_eq!(sandbox.run(&all).code, code, "{format}");
            code
        };
        assert_eq!(code(&clean, &[]), 0, "{format}");
        assert_eq!(code(&broken, &[]), 1, "{format}");
        assert_eq!(code(&broken, &["--fail-on", "critical"]), 0, "{format}");
        assert_eq!(code(&broken, &["--fail-on", "never"]), 0, "{format}");
        assert_eq!(code(&medium, &["--fail-on", "low"]), 1, "{format}");
        assert_eq!(code(&empty, &[]), 3, "{format}");
        assert_eq!(code(&empty, &["--allow-empty"]), 0, "{format}");
    }
}

#[test]
fn one_report_may_go_to_standard_output() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("a.yaml", UNREADABLE);
    // It takes the place of the report that nobody asked for.
    let alone = sandbox.run(&["lint", "--report", "github=-"]);
    assert!(alone.stdout.starts_with("::error file=a.yaml,"), "{}", alone.stdout);
    assert_eq!(alone.stdout.lines().count(), 1);
    let beside = sandbox.run(&["lint", "--output", "pretty.out", "--report", "gitlab=-"]);
    assert!(beside.stdout.starts_with("[\n"), "{}", beside.stdout);
    assert!(sandbox.read("pretty.out").contains("high[unreadable-template]:"));
    let dash = sandbox.run(&["lint", "--format", "concise", "--output", "-"]);
    assert_eq!(dash.findings(), ["a.yaml:1:1 unreadable-template"]);
}

#[test]
fn two_reports_to_one_place_are_refused() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("a.yaml", UNREADABLE);
    for (args, place) in [
        (&["--format", "json", "--report", "github=-"][..], "standard output"),
        (&["--report", "json=-", "--report", "github=-"], "standard output"),
        (&["--report", "json=a.out", "--report", "sarif=./b/../a.out"], "a.out"),
        (&["--output", "a.out", "--report", "sarif=a.out"], "a.out"),
    ] {
        let mut all = vec!["lint"];
        all.extend(args);
        let ran = sandbox.run(&all);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}");
        assert!(ran.stderr.starts_with("error: two reports go to "), "{}", ran.stderr);
        assert!(ran.stderr.lines().next().is_some_and(|line| line.ends_with(place)));
        assert!(!sandbox.path().join("a.out").exists());
    }
}

#[test]
fn what_is_no_report_is_refused() {
    let sandbox = Sandbox::new(&[("a.tf", "locals {}\n")]);
    let stderr = |report: &str| {
        let ran = sandbox.run(&["lint", "--report", report]);
        assert_eq!(ran.code, 2, "{report}");
        ran.stderr
    };
    assert!(stderr("serif=a").contains("did you mean `sarif`?"), "{}", stderr("serif=a"));
    assert!(stderr("sarif").contains("expected FORMAT=FILE"));
    assert!(stderr("sarif=").contains("expected FORMAT=FILE"));
}

#[test]
fn the_others_are_written_when_one_cannot_be() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("a.yaml", UNREADABLE);
    let args = ["lint", "--report", "json=no/such/folder", "--report", "sarif=a.sarif"];
    let ran = sandbox.run(&args);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("cannot be written"), "{}", ran.stderr);
    assert!(ran.stdout.contains("unreadable-template"));
    assert!(sandbox.read("a.sarif").contains("unreadable-template"));
}

#[test]
fn the_step_summary_is_added_to() {
    let sandbox = Sandbox::new(&[("summary.md", "# Earlier step\n")]);
    sandbox.write("a.yaml", UNREADABLE);
    let summary = sandbox.path().join("summary.md");
    let env = [("GITHUB_STEP_SUMMARY", summary.to_str().expect("a path"))];
    for args in [&["lint"][..], &["lint", "--format", "json", "--report", "markdown=a.md"]] {
        sandbox.run_with_env(args, &env);
        assert_eq!(sandbox.read("summary.md"), "# Earlier step\n", "{args:?}");
    }
    let ran = sandbox.run_with_env(&["lint", "--format", "github"], &env);
    assert_eq!(ran.code, 1);
    let expected = format!("# Earlier step\n{}", sandbox.read("a.md"));
    assert_eq!(sandbox.read("summary.md"), expected);
    sandbox.run_with_env(&["lint", "--report", "github=github.out"], &env);
    assert!(sandbox.read("summary.md").len() > expected.len());
    // It changes no exit code.
    let ran = sandbox.run_with_env(
        &["lint", "--format", "github"],
        &[("GITHUB_STEP_SUMMARY", "no/such/folder/summary.md")],
    );
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("warning: the step summary cannot be written"), "{}", ran.stderr);
}

#[test]
fn a_name_that_attacks_a_format_is_only_a_name() {
    let sandbox = Sandbox::new(&[]);
    let name = "x,title=::error::y\n::error::z%0A]]><script>\u{1b}\u{202e}|`.yaml";
    sandbox.write(name, UNREADABLE);
    for format in FORMATS {
        let ran = sandbox.run(&["lint", "--format", format, "-v"]);
        assert_eq!(ran.code, 1, "{format}");
        for text in [&ran.stdout, &ran.stderr] {
            assert!(!text.contains(['\u{1b}', '\u{202e}']) || *format == "json", "{text:?}");
            assert!(!text.lines().any(|line| line.starts_with("::error::")), "{text}");
        }
    }
}

#[test]
fn an_api_without_findings_is_a_test_that_passes() {
    let sandbox = Sandbox::new(&[("b/api.yaml", TEMPLATE), ("c/api.yaml", TEMPLATE)]);
    sandbox.write("a.yaml", UNREADABLE);
    let ran = sandbox.run(&["lint", "--format", "junit", "--ignore", "public-api-no-policy"]);
    let tests: Vec<&str> =
        ran.stdout.lines().map(str::trim).filter(|line| line.starts_with("<test")).collect();
    let passed = |file: &str| {
        format!(r#"<testcase classname="Orders" name="resource policy" file="{file}" line="2"/>"#)
    };
    assert_eq!(tests.len(), 7, "{tests:#?}");
    assert!(tests[0].ends_with(r#"tests="3" failures="1" errors="0" skipped="0">"#), "{tests:#?}");
    assert_eq!(tests[4], passed("b/api.yaml"));
    assert_eq!(tests[6], passed("c/api.yaml"));
    // Two APIs of one name: each finding goes to the one that it is about.
    let ran = sandbox.run(&["lint", "--format", "junit", "--select", "public-api-no-policy"]);
    for file in ["b/api.yaml", "c/api.yaml"] {
        let suite =
            format!(r#"<testsuite name="{file}" tests="1" failures="0" errors="0" skipped="1">"#);
        assert!(ran.stdout.contains(&suite), "{}", ran.stdout);
    }
}
