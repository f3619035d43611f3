//! The configuration, as users meet it.

use super::TEMPLATE;
use super::sandbox::Sandbox;

#[test]
fn an_unknown_key_is_2_with_a_did_you_mean() {
    let sandbox = Sandbox::new(&[("a.yaml", TEMPLATE), ("gatelint.yaml", "fail_on: high\n")]);
    let ran = sandbox.run(&["lint"]);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.stdout, "");
    let expected = "\
gatelint.yaml:1:1: error: unknown key `fail_on` in the configuration
  |
1 | fail_on: high
  | ^^^^^^^
  = help: did you mean `fail-on`?
1 error in the configuration: nothing was checked
";
    assert_eq!(ran.stderr, expected);
}

#[test]
fn all_errors_of_all_files_at_once() {
    let sandbox = Sandbox::new(&[
        ("a.yaml", TEMPLATE),
        (
            "gatelint.yaml",
            "exlude: []\nowner: { accounts: [12345678901] }\ntrust:\n  files: [list.yaml]\n  networks: [10.0.0.0/33]\n",
        ),
        ("list.yaml", "accounts:\n  - { id: '111122223333', expires: 31.12.2027 }\n"),
        ("more.yaml", "organizations: [o-x]\n"),
    ]);
    let ran = sandbox.run(&["lint", "--trust", "more.yaml"]);
    assert_eq!(ran.code, 2);
    for error in [
        "gatelint.yaml:1:1: error: unknown key `exlude`",
        "gatelint.yaml:2:21: error: `12345678901` is not an account id",
        "gatelint.yaml:5:14: error: `10.0.0.0/33` is not a network",
        "list.yaml:2:36: error: `31.12.2027` is not a date",
        "more.yaml:1:17: error: `o-x` is not an organisation id",
        "5 errors in the configuration: nothing was checked",
    ] {
        assert!(ran.stderr.contains(error), "{error}\n{}", ran.stderr);
    }
}

#[test]
fn the_configuration_is_found_given_or_refused() {
    let sandbox = Sandbox::new(&[
        (".git/HEAD", ""),
        (".github/gatelint.yaml", "exclude: [infra/skipped]\n"),
        ("infra/a.yaml", TEMPLATE),
        ("infra/skipped/main.tf", "locals {}\n"),
        ("other.yaml", "broken\n"),
    ]);
    let ran = sandbox.run(&["lint", "infra", "-v"]);
    assert!(ran.stderr.contains(".github/gatelint.yaml\n"), "{}", ran.stderr);
    assert!(ran.stderr.contains("excluded: 1 path\n"), "{}", ran.stderr);
    let ran = sandbox.run(&["lint", "infra", "-v", "--no-config"]);
    assert!(ran.stderr.starts_with("configuration: none\n"), "{}", ran.stderr);
    assert_eq!(sandbox.run(&["lint", "infra", "--config", "other.yaml"]).code, 2);
    let ran = sandbox.run(&["lint", "infra", "--config", "missing.yaml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("missing.yaml` cannot be read"), "{}", ran.stderr);
}

#[test]
fn paths_with_different_configurations_need_a_choice() {
    let sandbox =
        Sandbox::new(&[("a/gatelint.yaml", ""), ("a/x.yaml", TEMPLATE), ("b/y.yaml", TEMPLATE)]);
    let ran = sandbox.run(&["lint", "a", "b"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("different configurations"), "{}", ran.stderr);
    assert!(ran.stderr.contains("\n  b: none\n"), "{}", ran.stderr);
    assert_ne!(sandbox.run(&["lint", "a", "b", "--config", "a/gatelint.yaml"]).code, 2);
    assert_ne!(sandbox.run(&["lint", "a", "b", "--no-config"]).code, 2);
}

#[test]
fn an_expired_entry_is_no_error() {
    let list = "accounts:\n  - { id: '111122223333', expires: 2020-01-01 }\n";
    let sandbox = Sandbox::new(&[("main.tf", "locals {}\n"), ("trusted.yaml", list)]);
    assert_eq!(sandbox.run(&["lint", "--trust", "trusted.yaml"]).code, 0);
}
