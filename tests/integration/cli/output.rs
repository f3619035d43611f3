//! Where output goes, and how.

use std::io::Read;

use super::sandbox::Sandbox;
use super::{OPEN_POLICY, UNREADABLE};

#[test]
fn a_report_goes_to_a_file() {
    let sandbox = Sandbox::new(&[("policy.json", OPEN_POLICY)]);
    sandbox.write("a.yaml", UNREADABLE);
    let ran = sandbox.run(&["lint", "--format", "json", "--output", "report.json"]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.stdout, "");
    let report: serde_json::Value =
        serde_json::from_str(&sandbox.read("report.json")).expect("JSON");
    assert_eq!(report["schema_version"], 1);
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let sandbox = Sandbox::new(&[("a.json", OPEN_POLICY), ("b/c.json", OPEN_POLICY)]);
    sandbox.write("d.yaml", UNREADABLE);
    for format in ["pretty", "concise", "json"] {
        let once = sandbox.run(&["lint", "--format", format]);
        for _ in 0..3 {
            assert_eq!(sandbox.run(&["lint", "--format", format]).stdout, once.stdout);
        }
    }
}

#[test]
fn colours_only_where_they_are_wanted() {
    let sandbox = Sandbox::new(&[("policy.json", OPEN_POLICY)]);
    let escapes = |args: &[&str], env: &[(&str, &str)]| {
        let mut all = vec!["lint"];
        all.extend(args);
        sandbox.run_with_env(&all, env).stdout.contains('\u{1b}')
    };
    // Standard output is a pipe here.
    assert!(!escapes(&[], &[]));
    assert!(escapes(&["--color", "always"], &[]));
    assert!(escapes(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(escapes(&[], &[("GATELINT_COLOR", "always")]));
    assert!(!escapes(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!escapes(&[], &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
    assert!(escapes(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!escapes(&["--format", "concise", "--color", "always"], &[]));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let files: Vec<(String, &str)> =
        (0..200).map(|n| (format!("policy-{n:03}.json"), OPEN_POLICY)).collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let sandbox = Sandbox::new(&files);
    sandbox.write("z.yaml", UNREADABLE);
    let mut child = sandbox.command(&["lint", "--format", "json"]).spawn().expect("it starts");
    let mut first = [0; 16];
    let mut stdout = child.stdout.take().expect("its standard output");
    stdout.read_exact(&mut first).expect("it writes");
    drop(stdout);
    let output = child.wait_with_output().expect("it ends");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(!stderr.to_lowercase().contains("broken pipe"), "{stderr}");
    assert!(!stderr.contains("bug"), "{stderr}");
}

#[test]
fn statistics_count_by_rule() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("a.yaml", UNREADABLE);
    sandbox.write("b.yaml", UNREADABLE);
    let ran = sandbox.run(&["lint", "--statistics", "--format", "concise"]);
    let expected = "checked 0 APIs in 0 files: 2 high\n    2  high      unreadable-template\n";
    assert_eq!(ran.stderr, expected);
}

#[test]
fn what_a_terminal_would_obey_is_written_out() {
    let sandbox = Sandbox::new(&[]);
    let name = "a\u{1b}[31m.yaml";
    sandbox.write(name, UNREADABLE);
    for format in ["pretty", "concise"] {
        let ran = sandbox.run(&["lint", "--format", format, "-v"]);
        assert!(!ran.stdout.contains('\u{1b}'), "{:?}", ran.stdout);
        assert!(!ran.stderr.contains('\u{1b}'), "{:?}", ran.stderr);
        assert!(ran.stdout.contains("a\\u{1b}[31m.yaml"), "{}", ran.stdout);
    }
}
