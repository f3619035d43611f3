//! What others say of the action and of the workflows of this repository: the schemas that editors
//! use (`action-validator`), a linter of their security (`zizmor`) and one of shell scripts
//! (`shellcheck`).

use std::path::{Path, PathBuf};
use std::process::Output;

use super::require;
use crate::cli::sandbox::Sandbox;
use crate::readme;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The files in `folder` of this repository with one of those endings.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(Path::new(ROOT).join(folder)).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let is = |path: &PathBuf| {
        let name = path.display().to_string();
        endings.iter().any(|ending| name.ends_with(ending))
    };
    paths.filter(is).collect()
}

fn workflows() -> Vec<PathBuf> {
    let workflows = files(".github/workflows", &[".yml", ".yaml"]);
    assert!(workflows.len() >= 2, "{workflows:?}");
    workflows
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// What `action-validator` says of a file `name` with that text; nothing when all is well.
fn complaint(name: &str, text: &str) -> Option<String> {
    let validator = require("action-validator")?;
    let sandbox = Sandbox::new(&[(name, text)]);
    let output = validator.run(sandbox.path(), &[name]);
    Some(if output.status.success() { String::new() } else { said(&output) + "refused" })
}

#[test]
fn the_action_and_the_workflows_follow_their_schemas() {
    let action = std::fs::read_to_string(Path::new(ROOT).join("action.yml")).expect("a file");
    let Some(complaints) = complaint("action.yml", &action) else { return };
    assert_eq!(complaints, "");
    for file in workflows() {
        let text = std::fs::read_to_string(&file).expect("a file");
        // The schema is older than this permission.
        let line = |line: &&str| !line.trim_start().starts_with("attestations: write");
        let text: Vec<&str> = text.lines().filter(line).collect();
        let complaints = complaint(".github/workflows/a.yml", &text.join("\n"));
        assert_eq!(complaints.as_deref(), Some(""), "{}", file.display());
    }
    for (name, text) in readme::workflows() {
        let complaints = complaint(".github/workflows/a.yml", &text);
        assert_eq!(complaints.as_deref(), Some(""), "{name}");
    }
    // It does refuse what is wrong.
    let broken = action.replace("using: composite", "using: composit");
    assert_ne!(complaint("action.yml", &broken).as_deref(), Some(""));
}

#[test]
fn the_action_and_the_workflows_are_safe() {
    let Some(zizmor) = require("zizmor") else { return };
    let mut inputs = workflows();
    inputs.push(Path::new(ROOT).join("action.yml"));
    let inputs: Vec<&str> = inputs.iter().map(|path| path.to_str().expect("a path")).collect();
    let mut args = vec!["--offline", "--no-progress", "--persona", "pedantic", "--"];
    args.extend(&inputs);
    let output = zizmor.run(Path::new(ROOT), &args);
    assert!(output.status.success(), "{}", said(&output));
    // It does find what is wrong.
    let unsafe_one = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.head_commit.message }}\n";
    let sandbox = Sandbox::new(&[(".github/workflows/a.yml", unsafe_one)]);
    let output = zizmor.run(sandbox.path(), &["--offline", "--no-progress", "."]);
    assert!(said(&output).contains("template-injection"), "{}", said(&output));
}

#[test]
fn the_scripts_are_clean() {
    let Some(shellcheck) = require("shellcheck") else { return };
    let mut scripts = files(".github/action", &[".sh"]);
    scripts.extend(files(".github/release", &[".sh"]));
    scripts.extend(files(".ci", &[""]));
    assert!(scripts.len() >= 5, "{scripts:?}");
    let scripts: Vec<&str> = scripts.iter().map(|path| path.to_str().expect("a path")).collect();
    let output = shellcheck.run(Path::new(ROOT), &scripts);
    assert!(output.status.success(), "{}", said(&output));
}
