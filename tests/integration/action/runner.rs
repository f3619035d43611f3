//! A runner: performs the steps of a composite action as GitHub's does ("Metadata syntax for GitHub
//! Actions", "Workflow commands for GitHub Actions").
//!
//! It knows what the action of this repository uses, and refuses everything else.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::outside::require;
use crate::support::yaml;

/// The repository that the action is used from.
pub(super) const REPOSITORY: &str = "example/gatelint";

/// A machine, and the workflow step that uses the action.
pub(super) struct Runner<'a> {
    /// The folder of the repository that is linted.
    pub(super) workspace: &'a Path,
    /// The runner's own folder.
    pub(super) temp: &'a Path,
    /// Where programs are looked for before the tester's `PATH`.
    pub(super) bin: PathBuf,
    /// What stands for `https://github.com`.
    pub(super) server: String,
    /// `X64`, of Linux.
    pub(super) arch: &'static str,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Outcome {
    /// The exit code of the step that failed, else 0.
    pub(super) code: i32,
    /// The lines of the log.
    pub(super) log: String,
    /// The outputs of the action.
    pub(super) outputs: BTreeMap<String, String>,
    /// The summary of the steps.
    pub(super) summary: String,
}

/// The contexts that an expression can name.
struct Contexts {
    inputs: BTreeMap<String, String>,
    github: BTreeMap<String, String>,
    /// The outputs of the steps that ran.
    steps: BTreeMap<String, BTreeMap<String, String>>,
}

impl Runner<'_> {
    /// Uses the action with those inputs; `None` where a program that it needs is not installed.
    ///
    /// # Panics
    /// When the action, or what its steps write for the runner, is wrong.
    pub(super) fn uses(&self, with: &[(&str, &str)]) -> Option<Outcome> {
        for program in ["bash", "curl", "tar"] {
            require(program)?;
        }
        let action = definition();
        let mut contexts = Contexts {
            inputs: inputs(&action, with),
            github: BTreeMap::from([
                ("server_url".into(), self.server.clone()),
                ("action_repository".into(), REPOSITORY.into()),
                ("repository".into(), "somebody/infrastructure".into()),
            ]),
            steps: BTreeMap::new(),
        };
        let mut outcome = Outcome {
            code: 0,
            log: String::new(),
            outputs: BTreeMap::new(),
            summary: String::new(),
        };
        assert_eq!(action["runs"]["using"], "composite");
        for step in action["runs"]["steps"].as_array().expect("steps") {
            let id = step["id"].as_str().expect("an id").to_owned();
            let outputs = self.step(step, &contexts, &mut outcome);
            contexts.steps.insert(id, outputs);
            if outcome.code != 0 {
                break;
            }
        }
        for (name, output) in action["outputs"].as_object().expect("outputs") {
            let value = contexts.evaluate(output["value"].as_str().expect("a value"));
            outcome.outputs.insert(name.clone(), value);
        }
        Some(outcome)
    }

    /// Runs a step; what it writes to its output file.
    fn step(
        &self,
        step: &Value,
        contexts: &Contexts,
        outcome: &mut Outcome,
    ) -> BTreeMap<String, String> {
        let known = ["name", "id", "shell", "run", "env"];
        let fields = step.as_object().expect("a step");
        assert!(fields.keys().all(|key| known.contains(&key.as_str())), "{fields:?}");
        assert_eq!(step["shell"], "bash");
        let run = step["run"].as_str().expect("a command");
        assert!(!run.contains("${{"), "shell text holds an expression: {run}");
        let file = |name: &str| {
            let path = self.temp.join(name);
            std::fs::write(&path, "").expect("a file");
            path
        };
        let script = file("script.sh");
        std::fs::write(&script, run).expect("a file");
        let (output, env, path) = (file("output"), file("env"), file("path"));
        let (state, summary, log) = (file("state"), file("summary"), file("log"));
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(&script);
        command.env_clear();
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let places = [self.bin.clone()].into_iter().chain(std::env::split_paths(&inherited));
        command.env("PATH", std::env::join_paths(places).expect("folders"));
        command.env("HOME", self.temp).env("CI", "true").env("GITHUB_ACTIONS", "true");
        command.env("RUNNER_OS", "Linux").env("RUNNER_ARCH", self.arch);
        command.env("RUNNER_TEMP", self.temp).env("GITHUB_WORKSPACE", self.workspace);
        command.env("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR"));
        command.env("GITHUB_OUTPUT", &output).env("GITHUB_ENV", &env).env("GITHUB_PATH", &path);
        command.env("GITHUB_STATE", &state).env("GITHUB_STEP_SUMMARY", &summary);
        for (name, value) in step["env"].as_object().expect("variables") {
            command.env(name, contexts.evaluate(value.as_str().expect("text")));
        }
        // Both streams go to the log, in the order in which they are written.
        let both = File::create(&log).expect("a file");
        command.stdout(both.try_clone().expect("its twin")).stderr(both).stdin(Stdio::null());
        let status = command.current_dir(self.workspace).status().expect("bash runs");
        outcome.code = status.code().expect("an exit code");
        outcome.log.push_str(&read(&log));
        outcome.summary.push_str(&read(&summary));
        for file in [env, path, state] {
            assert_eq!(read(&file), "", "{}", file.display());
        }
        variables(&read(&output))
    }
}

/// The action of this repository.
pub(super) fn definition() -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml");
    yaml::parse(&read(&file))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file")
}

/// The defaults, and what the workflow gives.
fn inputs(action: &Value, with: &[(&str, &str)]) -> BTreeMap<String, String> {
    let declared = action["inputs"].as_object().expect("inputs");
    let default = |input: &Value| input["default"].as_str().expect("a default").to_owned();
    let mut inputs: BTreeMap<String, String> =
        declared.iter().map(|(name, input)| (name.clone(), default(input))).collect();
    for (name, value) in with {
        assert!(inputs.insert((*name).into(), (*value).into()).is_some(), "no input {name}");
    }
    inputs
}

impl Contexts {
    /// `text` with its expressions replaced.
    fn evaluate(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, expression)) = rest.split_once("${{") {
            let (expression, after) = expression.split_once("}}").expect("an end");
            // The first operand that is not empty.
            let values: Vec<String> =
                expression.split("||").map(|operand| self.value(operand.trim())).collect();
            let value = values.into_iter().find(|value| !value.is_empty());
            out.push_str(before);
            out.push_str(&value.unwrap_or_default());
            rest = after;
        }
        out + rest
    }

    fn value(&self, name: &str) -> String {
        let parts: Vec<&str> = name.split('.').collect();
        let found = match parts[..] {
            ["inputs", name] => self.inputs.get(name).cloned(),
            ["github", name] => self.github.get(name).cloned(),
            ["steps", id, "outputs", name] => {
                // A step that did not run has no outputs.
                let outputs = self.steps.get(id);
                Some(outputs.and_then(|outputs| outputs.get(name)).cloned().unwrap_or_default())
            }
            _ => None,
        };
        found.unwrap_or_else(|| panic!("no `{name}`"))
    }
}

/// A file of `name=value` and `name<<delimiter`.
fn variables(text: &str) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let plain = line.split_once('=');
        let (name, value) = match line.split_once("<<") {
            Some((name, delimiter)) if plain.is_none_or(|(other, _)| other.len() > name.len()) => {
                assert!(delimiter.len() >= 32, "the delimiter can be guessed: {line}");
                let value: Vec<&str> =
                    lines.by_ref().take_while(|line| *line != delimiter).collect();
                (name, value.join("\n"))
            }
            _ => plain.map(|(name, value)| (name, value.to_owned())).expect("a variable"),
        };
        out.insert(name.to_owned(), value);
    }
    out
}

impl Outcome {
    /// The commands that the runner finds in the log: `::name ...::...` at the start of a line and
    /// `##[name ...]...` anywhere in it, but none between `::stop-commands::token` and `::token::`.
    pub(super) fn commands(&self) -> Vec<String> {
        let mut stopped: Option<&str> = None;
        let mut out = Vec::new();
        for line in self.log.lines() {
            let start = line.trim_start();
            if let Some(token) = stopped {
                if start == format!("::{token}::") {
                    stopped = None;
                }
                continue;
            }
            if let Some(token) = start.strip_prefix("::stop-commands::") {
                assert!(token.len() >= 32, "the token can be guessed: {line}");
                stopped = Some(token);
            } else if start.starts_with("::") || line.contains("##[") {
                out.push(line.to_owned());
            }
        }
        assert!(stopped.is_none(), "commands stay stopped:\n{}", self.log);
        out
    }

    /// The annotations in the log, by level.
    pub(super) fn annotations(&self, level: &str) -> Vec<String> {
        let head = format!("::{level} ");
        self.commands().into_iter().filter(|line| line.starts_with(&head)).collect()
    }
}

#[test]
fn files_of_variables_are_read_as_the_runner_reads_them() {
    let delimiter = "0123456789abcdef0123456789abcdef";
    let read = variables(&format!("a=1<<2\nb<<{delimiter}\nx=y\n\nz\n{delimiter}\nc=\n"));
    let expected = [("a", "1<<2"), ("b", "x=y\n\nz"), ("c", "")];
    assert_eq!(read, expected.map(|(name, value)| (name.into(), value.into())).into());
}

#[test]
fn commands_are_found_where_the_runner_finds_them() {
    let token = "0123456789abcdef0123456789abcdef";
    let log = format!(
        "x ::error::a\n  ::error::b\nx ##[error]c\n::stop-commands::{token}\n##[error]d\n::error::e\n::{token}::\n::notice::f\n"
    );
    let outcome = Outcome { code: 0, log, outputs: BTreeMap::new(), summary: String::new() };
    assert_eq!(outcome.commands(), ["  ::error::b", "x ##[error]c", "::notice::f"]);
}
