//! Which gatelint the action runs.

use std::collections::BTreeMap;

use super::{Machine, Outcome, TARGET, VERSION, archive, program, release, wrapper};

/// Stands in for cargo: writes down where and how it was called, and installs the gatelint under test.
const CARGO: &str = r#"#!/bin/sh
pwd >"$HOME/cargo"
printf '%s\n' "$@" >>"$HOME/cargo"
while [ "$#" -gt 0 ]; do
  [ "$1" != --root ] || root="$2"
  shift
done
mkdir -p "$root/bin"
install -m 755 "$HOME/../gatelint" "$root/bin/gatelint"
"#;

const CLEAN: &[(&str, &str)] = &[("api.tf", "locals {}\n")];

/// Lets the machine have a cargo.
fn with_cargo(machine: Machine) -> Machine {
    program(&machine.sandbox, "gatelint", &wrapper());
    program(&machine.sandbox, "bin/cargo", CARGO);
    machine
}

/// How cargo was called; `None` where it was not.
fn cargo(machine: &Machine) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(machine.sandbox.path().join("temp/cargo")).ok()?;
    Some(text.lines().map(str::to_owned).collect())
}

/// The action refused to install anything.
fn refused(machine: &Machine, outcome: &Outcome, why: &str) {
    assert_eq!(outcome.code, 2, "{}", outcome.log);
    assert_eq!((machine.runs(), cargo(machine)), (0, None));
    assert_eq!(outcome.outputs["exit-code"], "");
    let errors = outcome.annotations("error");
    assert!(errors.len() == 1 && errors[0].contains(why), "{}", outcome.log);
}

#[test]
fn without_a_release_the_source_is_built() {
    let machine = with_cargo(Machine::without_release(CLEAN));
    let Some(outcome) = machine.uses(&[]) else { return };
    assert_eq!(outcome.code, 0, "{}", outcome.log);
    let archive = archive(VERSION);
    let (_, archive) = archive.split_once('/').expect("a folder");
    let notice = format!(
        "::notice title=gatelint::no release {VERSION} with {archive}: gatelint {VERSION} is built from source"
    );
    assert_eq!(outcome.commands(), [notice]);
    let called = cargo(&machine).expect("cargo was called");
    let home = machine.sandbox.path().join("temp/gatelint");
    let home = home.to_str().expect("a path");
    let target = format!("{home}/target");
    // In the action's own folder: the configuration of the linted repository is none of cargo's.
    let expected = [
        env!("CARGO_MANIFEST_DIR"),
        "install",
        "--locked",
        "--path",
        ".",
        "--root",
        home,
        "--target-dir",
        &target,
    ];
    assert_eq!(called, expected);
    assert_eq!(machine.runs(), 1);
}

#[test]
fn the_source_is_built_on_demand_and_for_other_machines() {
    let machine = with_cargo(Machine::new_with_release(CLEAN));
    let Some(outcome) = machine.uses(&[("version", "source")]) else { return };
    assert_eq!((outcome.code, cargo(&machine).is_some()), (0, true), "{}", outcome.log);

    let mut machine = with_cargo(Machine::new_with_release(CLEAN));
    machine.arch = "ARM";
    let Some(outcome) = machine.uses(&[]) else { return };
    assert_eq!((outcome.code, cargo(&machine).is_some()), (0, true), "{}", outcome.log);
    assert_eq!(outcome.annotations("notice").len(), 1, "{}", outcome.log);
}

#[test]
fn a_release_is_preferred_to_a_build() {
    for version in ["", VERSION, &format!("v{VERSION}")] {
        let machine = with_cargo(Machine::new_with_release(CLEAN));
        let Some(outcome) = machine.uses(&[("version", version)]) else { return };
        assert_eq!(outcome.code, 0, "{}", outcome.log);
        assert_eq!((machine.runs(), cargo(&machine)), (1, None));
        assert!(outcome.log.contains(&format!("gatelint {VERSION}\n")), "{}", outcome.log);
    }
}

#[test]
fn a_release_that_does_not_exist_is_not_replaced_by_another() {
    let machine = with_cargo(Machine::new_with_release(CLEAN));
    let Some(outcome) = machine.uses(&[("version", "99.0.0-rc.1")]) else { return };
    refused(&machine, &outcome, "no release 99.0.0-rc.1 with gatelint-99.0.0-rc.1-");
    let sum = "0".repeat(64);
    let machine = with_cargo(Machine::without_release(CLEAN));
    let Some(outcome) = machine.uses(&[("checksum", &sum)]) else { return };
    refused(&machine, &outcome, "no archive with that checksum");
}

#[test]
fn an_archive_that_is_not_what_it_should_be_is_not_run() {
    let good = release(VERSION);
    let name = archive(VERSION);
    let sum = format!("{name}.sha256");
    let zeros = format!("{}  {name}\n", "0".repeat(64)).into_bytes();
    let mut damaged = good[&name].clone();
    *damaged.last_mut().expect("a byte") ^= 1;
    let cases: [(&str, Vec<u8>, &str); 4] = [
        (&name, damaged, "is not what its checksum says"),
        (&sum, zeros, "is not what its checksum says"),
        (&sum, b"<html>\n".to_vec(), "is no SHA-256"),
        (&sum, Vec::new(), "is no SHA-256"),
    ];
    for (file, content, why) in cases {
        let mut files = good.clone();
        files.insert(file.to_owned(), content);
        let machine = with_cargo(Machine::new(CLEAN, files));
        let Some(outcome) = machine.uses(&[]) else { return };
        refused(&machine, &outcome, why);
    }
    let alone = BTreeMap::from([(name.clone(), good[&name].clone())]);
    let machine = with_cargo(Machine::new(CLEAN, alone));
    let Some(outcome) = machine.uses(&[]) else { return };
    refused(&machine, &outcome, "has no checksum beside it");
}

#[test]
fn a_checksum_of_the_workflow_counts_more_than_that_of_the_release() {
    let good = release(VERSION);
    let name = archive(VERSION);
    let published = String::from_utf8(good[&format!("{name}.sha256")].clone()).expect("text");
    assert!(published.trim_end().ends_with(&format!("gatelint-{VERSION}-{TARGET}.tar.gz")));
    let published = published.split(' ').next().expect("a sum").to_owned();
    // An attacker who can exchange the archive can exchange the file beside it too.
    let alone = BTreeMap::from([(name.clone(), good[&name].clone())]);
    let machine = Machine::new(CLEAN, alone);
    for sum in [published.clone(), format!("sha256:{published}")] {
        let Some(outcome) = machine.uses(&[("checksum", &sum)]) else { return };
        assert_eq!(outcome.code, 0, "{}", outcome.log);
    }
    let machine = with_cargo(Machine::new(CLEAN, good));
    let Some(outcome) = machine.uses(&[("checksum", &"0".repeat(64))]) else { return };
    refused(&machine, &outcome, "is not what its checksum says");
}
