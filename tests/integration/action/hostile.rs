//! Inputs and repositories that try to be more than data.

use std::path::Path;

use super::{Machine, Outcome, VERSION};
use crate::cli::OPEN_POLICY;

/// Each would leave a file `pwned`, or a command or an output of its own, if any of it were read as
/// anything but a value.
const STRINGS: &[&str] = &[
    "$(touch pwned)",
    "`touch pwned`",
    "\"; touch pwned; \"",
    "'; touch pwned; '",
    "x\ntouch pwned\n",
    "x && touch pwned",
    "${IFS}>pwned",
    "::set-output name=exit-code::pwned",
    "x\n::error::pwned\n##[error]pwned\n",
    "x\nexit-code=pwned\nprogram=pwned",
    "--output=pwned",
    "--report=json=pwned",
    "*",
];

/// Nothing was taken for more than a value.
fn harmless(machine: &Machine, outcome: &Outcome, what: &str) {
    let log = &outcome.log;
    for file in files(machine.sandbox.path()) {
        assert!(!file.ends_with("/pwned"), "{what:?} left a file\n{log}");
    }
    for command in outcome.commands() {
        let own = command.starts_with("::error title=gatelint::")
            || command.starts_with("::error file=policy.json,")
            || command == "::group::Annotations"
            || command == "::endgroup::";
        assert!(own && !command.contains("pwned"), "{what:?}: {command}");
    }
    let names: Vec<&str> = outcome.outputs.keys().map(String::as_str).collect();
    assert_eq!(names, ["exit-code", "sarif-file"]);
    let code = outcome.outputs["exit-code"].as_str();
    assert!(code.is_empty() || code == outcome.code.to_string(), "{what:?}: {code}");
}

/// All files below `folder`.
fn files(folder: &Path) -> Vec<String> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            out.extend(files(&path));
        }
        out.push(path.display().to_string());
    }
    out
}

#[test]
fn inputs_of_the_run_are_data() {
    let machine = Machine::new_with_release(&[("policy.json", OPEN_POLICY)]);
    for string in STRINGS {
        for names in [
            &["paths"][..],
            &["sarif-file"],
            &["config", "fail-on", "format", "baseline", "account-id"],
        ] {
            let with: Vec<(&str, &str)> = names.iter().map(|name| (*name, *string)).collect();
            let Some(outcome) = machine.uses(&with) else { return };
            harmless(&machine, &outcome, string);
            // It is no path, no severity and so on; but it may be the name of a file.
            let refused = outcome.code == 2;
            let name = outcome.outputs["sarif-file"].as_str();
            let named = outcome.code == 1 && name == *string;
            assert!(if names == ["sarif-file"] { named } else { refused }, "{}", outcome.log);
        }
    }
}

#[test]
fn inputs_of_the_installation_are_data() {
    let machine = Machine::new_with_release(&[("policy.json", OPEN_POLICY)]);
    for string in STRINGS {
        for name in ["version", "checksum"] {
            let Some(outcome) = machine.uses(&[(name, string)]) else { return };
            harmless(&machine, &outcome, string);
            assert_eq!((outcome.code, machine.runs()), (2, 0), "{string:?}: {}", outcome.log);
        }
    }
    // A version is part of an URL and of a path.
    for version in ["../1.0.0", "1.0.0/../2.0.0", "1.0.0?x", "1.0", "latest", "1.0.0 ", "-1.0.0"] {
        let Some(outcome) = machine.uses(&[("version", version)]) else { return };
        assert_eq!((outcome.code, machine.runs()), (2, 0), "{version}: {}", outcome.log);
    }
    let Some(outcome) = machine.uses(&[("version", VERSION)]) else { return };
    assert_eq!((outcome.code, machine.runs()), (1, 1), "{}", outcome.log);
}

#[test]
fn a_repository_gives_the_runner_no_commands() {
    let template = "\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy:
        Version: \"2012-10-17\"
        Statement:
          # ::error::pwned
          - Principal: \"*\" # ##[error]pwned
            Effect: Allow
            # ##[add-mask]Allow
            Action: execute-api:Invoke
            Resource: \"*\"
";
    let machine = Machine::new_with_release(&[("##[error]pwned,a=b::c.yaml", template)]);
    let Some(outcome) = machine.uses(&[]) else { return };
    assert_eq!(outcome.code, 1, "{}", outcome.log);
    // The log shows the lines, and the file in the annotation is escaped.
    assert!(outcome.log.contains("##[add-mask]Allow"), "{}", outcome.log);
    let annotations = outcome.annotations("error");
    let others = outcome.commands().into_iter().filter(|command| !annotations.contains(command));
    assert_eq!(others.collect::<Vec<_>>(), ["::group::Annotations", "::endgroup::"]);
    for annotation in annotations {
        let file = "::error file=##[error]pwned%2Ca=b%3A%3Ac.yaml,line=";
        assert!(annotation.starts_with(file), "{annotation}");
    }
}

#[test]
fn a_link_in_the_repository_is_not_written_through() {
    let machine = Machine::new_with_release(&[("policy.json", OPEN_POLICY)]);
    machine.sandbox.write("secret", b"keep me");
    let link = machine.sandbox.path().join("repo/gatelint.sarif");
    std::os::unix::fs::symlink("../secret", &link).expect("a link");
    let Some(outcome) = machine.uses(&[]) else { return };
    assert_eq!(outcome.code, 1, "{}", outcome.log);
    assert_eq!(machine.sandbox.read("secret"), "keep me");
    assert!(machine.sarif("gatelint.sarif")["runs"].is_array());
}
