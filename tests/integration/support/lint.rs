//! Runs the program on a folder and reads its JSON.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// What the program said of a folder.
#[derive(Debug)]
pub(crate) struct Report {
    /// The exit code.
    pub(crate) exit: Option<i32>,
    /// The findings that nobody suppressed, in order.
    pub(crate) findings: Vec<Found>,
    /// What each API exposes, with the path of its file and its address.
    pub(crate) exposures: Vec<(String, Value)>,
    /// Standard error.
    pub(crate) stderr: String,
}

/// A finding, as JSON tells it.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) rule: String,
    pub(crate) severity: String,
    pub(crate) possible: bool,
    pub(crate) file: String,
    /// The same with its folders.
    pub(crate) path: String,
    /// The address of the API.
    pub(crate) api: Option<String>,
    pub(crate) line: u64,
    /// The text under the primary label.
    pub(crate) token: String,
    pub(crate) message: String,
}

/// Lints the working directory `dir`, at a fixed date.
pub(crate) fn lint(dir: &Path, args: &[String]) -> Report {
    lint_these(dir, &["."], args)
}

/// Lints `paths` below the working directory `dir`, at a fixed date.
pub(crate) fn lint_these(dir: &Path, paths: &[&str], args: &[String]) -> Report {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatelint"));
    command
        .args(["lint", "--format", "json", "--now", "2026-11-21", "--no-gitignore"])
        .args(paths)
        .args(args)
        .current_dir(dir);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GATELINT_")) {
        command.env_remove(name);
    }
    let output = command.output().expect("the program runs");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{}: no JSON ({error}); standard error:\n{stderr}", dir.display())
    });
    let list = json["findings"].as_array().expect("a list of findings");
    let counts = list.iter().filter(|finding| finding["suppression"].is_null());
    let findings = counts.map(|finding| found(dir, finding)).collect();
    let apis = json["apis"].as_array().expect("a list of APIs").iter();
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let exposures = apis.map(|api| {
        let at = format!("{}: {}", text(&api["file"]), text(&api["address"]));
        (at, api["exposure"].clone())
    });
    Report { exit: output.status.code(), findings, exposures: exposures.collect(), stderr }
}

fn found(dir: &Path, json: &Value) -> Found {
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let file = text(&json["file"]);
    let range = &json["range"];
    let offset = |end: &str| range[end]["offset"].as_u64().expect("an offset") as usize;
    // Files are named from the root of the repository, cases are not.
    let name = Path::new(&file).file_name().expect("a file").to_string_lossy().into_owned();
    let source = std::fs::read_to_string(dir.join(&name)).unwrap_or_default();
    let token = source.get(offset("start")..offset("end")).unwrap_or("(not a range)").to_owned();
    Found {
        rule: text(&json["rule"]),
        severity: text(&json["severity"]),
        possible: json["confidence"] == "possible",
        file: name,
        path: file,
        api: json["api"].as_str().map(str::to_owned),
        line: range["start"]["line"].as_u64().expect("a line"),
        token,
        message: text(&json["message"]),
    }
}
