//! The README: its workflows use the action as it is, and its report is what the program prints.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::yaml;

fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(path).expect("a file")
}

/// The workflows in fenced blocks, each with a name for messages.
pub(crate) fn workflows() -> Vec<(String, String)> {
    let readme = text("README.md");
    let blocks = readme.split("\n```").skip(1).step_by(2);
    let yaml = blocks.filter_map(|block| block.strip_prefix("yaml\n"));
    let workflows = yaml.filter(|block| block.lines().any(|line| line == "jobs:"));
    workflows
        .enumerate()
        .map(|(at, text)| (format!("README workflow {}", at + 1), text.to_owned() + "\n"))
        .collect()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().map_or_else(BTreeSet::new, |map| map.keys().map(String::as_str).collect())
}

#[test]
fn workflows_use_the_action_as_it_is() {
    let action = yaml::parse(&text("action.yml"));
    let (inputs, outputs) = (keys(&action["inputs"]), keys(&action["outputs"]));
    let mut used = 0;
    for (name, text) in workflows() {
        let workflow = yaml::parse(&text);
        for job in workflow["jobs"].as_object().expect("jobs").values() {
            for step in job["steps"].as_array().expect("steps") {
                let Some(uses) = step["uses"].as_str() else { continue };
                if !uses.contains("/gatelint@") {
                    continue;
                }
                used += 1;
                let version = format!("@v{}", env!("CARGO_PKG_VERSION"));
                assert!(uses.ends_with(&version), "{name}: {uses}");
                assert!(keys(&step["with"]).is_subset(&inputs), "{name}: {step}");
                let id = step["id"].as_str().expect("an id");
                let read = format!("steps.{id}.outputs.");
                for output in text.split(&read).skip(1) {
                    let end = output.find(|c: char| !c.is_ascii_lowercase() && c != '-');
                    let output = &output[..end.unwrap_or(output.len())];
                    assert!(outputs.contains(output), "{name}: no output {output}");
                }
            }
        }
    }
    assert!(used > 0);
}

#[test]
fn every_input_and_output_of_the_action_is_described() {
    let action = yaml::parse(&text("action.yml"));
    let readme = text("README.md");
    let (_, section) = readme.split_once("\n## In GitHub Actions\n").expect("a section");
    let section = section.split("\n## ").next().expect("its text");
    for name in keys(&action["inputs"]).union(&keys(&action["outputs"])) {
        assert!(section.contains(&format!("| `{name}` |")), "{name}");
    }
}

#[test]
fn the_report_is_what_the_program_prints() {
    let readme = text("README.md");
    let (_, block) = readme.split_once("```text\n$ gatelint lint ").expect("a report");
    let (report, _) = block.split_once("\n```").expect("an end");
    let (arguments, report) = report.split_once('\n').expect("a command line");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatelint"));
    command.arg("lint").args(arguments.split(' ')).current_dir(env!("CARGO_MANIFEST_DIR"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GATELINT_")) {
        command.env_remove(name);
    }
    let printed = command.output().expect("the program runs").stdout;
    assert_eq!(String::from_utf8_lossy(&printed).trim_end(), report);
}
