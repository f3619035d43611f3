//! Help, the rules and their pages.

use super::sandbox::Sandbox;

#[test]
fn short_help_fits_a_screen() {
    let sandbox = Sandbox::new(&[]);
    for args in [
        &["-h"][..],
        &["lint", "-h"],
        &["inventory", "-h"],
        &["explain", "-h"],
        &["rules", "-h"],
        &["trust", "check", "-h"],
    ] {
        let ran = sandbox.run(args);
        assert_eq!(ran.code, 0);
        assert!(ran.stdout.lines().count() <= 40, "{}", ran.stdout);
        assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ran.stdout);
    }
}

#[test]
fn long_help_says_what_the_exit_codes_mean() {
    let help = Sandbox::new(&[]).run(&["lint", "--help"]).stdout;
    for word in ["GATELINT_FAIL_ON", "  101  a bug", "  3    no infrastructure code"] {
        assert!(help.contains(word), "{help}");
    }
}

#[test]
fn every_flag_of_lint_has_a_twin() {
    let sandbox = Sandbox::new(&[("a.tf", "locals {}\n")]);
    let help = sandbox.run(&["lint", "-h"]).stdout;
    let flags: Vec<&str> = help
        .lines()
        .filter_map(|line| line.split_once("--")?.1.split([' ', ',']).next())
        .filter(|flag| line_starts_a_flag(&help, flag) && *flag != "help")
        .collect();
    assert!(flags.len() > 20, "{flags:?}");
    // A value that every flag refuses, or a switch that only shows in a refused combination.
    for flag in flags {
        let name = format!("GATELINT_{}", flag.to_uppercase().replace('-', "_"));
        let (value, args): (&str, &[&str]) = match flag {
            "output" => ("no/such/folder", &["lint"]),
            "exclude" => ("a[", &["lint"]),
            "report" => ("json", &["lint"]),
            "min-severity" | "fail-on" | "format" | "color" | "select" | "ignore" | "now" => {
                ("none-such", &["lint"])
            }
            "account-id" | "baseline" | "param" | "param-file" | "var" | "var-file" | "config"
            | "source" | "trust" => ("none-such", &["lint"]),
            "no-config" => ("1", &["lint", "--config", "x"]),
            "quiet" => ("1", &["lint", "--verbose"]),
            "verbose" => ("1", &["lint", "--quiet"]),
            // Switches that refuse nothing: they are tried elsewhere.
            "fail-on-possible" | "force-exclude" | "no-gitignore" | "allow-empty"
            | "statistics" | "stdin-filename" | "no-ignores" => continue,
            other => panic!("--{other} is not in this test"),
        };
        let ran = sandbox.run_with_env(args, &[(&name, value)]);
        assert_eq!(ran.code, 2, "{name}: {ran:?}");
    }
}

fn line_starts_a_flag(help: &str, flag: &str) -> bool {
    let long = format!("--{flag}");
    help.lines().any(|line| {
        let line = line.trim_start();
        line.starts_with(&long) || (line.starts_with('-') && line.contains(&format!(", {long}")))
    })
}

#[test]
fn rules_are_listed_and_each_has_a_page() {
    let sandbox = Sandbox::new(&[]);
    let list = sandbox.run(&["rules"]);
    assert_eq!(list.code, 0);
    assert!(list.stdout.lines().count() >= 13, "{}", list.stdout);
    for line in list.stdout.lines() {
        let id = line.split_whitespace().next().expect("an id");
        let page = sandbox.run(&["explain", id]);
        assert_eq!(page.code, 0, "{id}");
        assert!(page.stdout.contains(id), "{}", page.stdout);
    }
    let unknown = sandbox.run(&["explain", "wildcard-principle"]);
    assert_eq!(unknown.code, 2);
    assert_eq!(
        unknown.stderr,
        "error: unknown rule `wildcard-principle`: did you mean `wildcard-principal`?\n"
    );
}

#[test]
fn the_version_is_printed() {
    let ran = Sandbox::new(&[]).run(&["--version"]);
    assert_eq!(ran.stdout, format!("gatelint {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(ran.code, 0);
}

#[test]
fn completions_name_commands_flags_and_rules() {
    let sandbox = Sandbox::new(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = sandbox.run(&["completions", shell]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{shell}");
        for word in ["gatelint", "baseline", "fail-on", "completions"] {
            assert!(ran.stdout.contains(word), "{shell}: {word}");
        }
        // clap_complete completes values in these shells only.
        if ["bash", "zsh", "fish"].contains(&shell) {
            for word in ["wildcard-principal", "sarif", "critical"] {
                assert!(ran.stdout.contains(word), "{shell}: {word}");
            }
        }
    }
    let unknown = sandbox.run(&["completions", "cmd"]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (2, ""));
}
