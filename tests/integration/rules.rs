//! Every rule on its cases: `testdata/rules/<rule>/<case>/`.
//!
//! A case is a folder with one or more files. What is expected of it stands in comments at the end
//! of the line on which the primary label begins:
//!
//! ```text
//! Principal: "*" # expect: wildcard-principal critical at "*"
//! ```
//!
//! After the rule come, each optional, the severity, `possible`, and `at` with the exact text under
//! the label. Several expectations of one line are separated by `;`. For JSON, and for text inside
//! strings, they stand in `expect.json` beside the files. Nothing else may be found: a case without
//! expectations must be quiet. Further arguments stand in `args`, one a line.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gatelint::rules::RULES;
use serde_json::Value;

use crate::support::lint::{Found, lint};

const SEVERITIES: [&str; 5] = ["critical", "high", "medium", "low", "info"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    let read = std::fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display()));
    let mut out: Vec<PathBuf> = read.map(|entry| entry.expect("an entry").path()).collect();
    out.sort();
    out
}

fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

/// What a case expects.
#[derive(Debug)]
struct Expected {
    file: String,
    line: u64,
    rule: String,
    severity: Option<String>,
    possible: Option<bool>,
    token: Option<String>,
}

impl Expected {
    /// `wildcard-principal critical possible at "*"`
    fn parse(text: &str, file: &str, line: u64) -> Self {
        let (words, token) = match text.split_once(" at ") {
            Some((words, token)) => (words, Some(token.trim().to_owned())),
            None => (text, None),
        };
        let mut words = words.split_whitespace();
        let rule = words.next().unwrap_or_else(|| panic!("{file}:{line}: no rule")).to_owned();
        assert!(gatelint::rules::find(&rule).is_some(), "{file}:{line}: no rule `{rule}`");
        let mut out = Self {
            file: file.to_owned(),
            line,
            rule,
            severity: None,
            possible: Some(false),
            token,
        };
        for word in words {
            match word {
                "possible" => out.possible = Some(true),
                severity if SEVERITIES.contains(&severity) => out.severity = Some(word.to_owned()),
                other => panic!("{file}:{line}: what is `{other}`?"),
            }
        }
        out
    }

    fn is(&self, found: &Found) -> bool {
        self.file == found.file
            && self.line == found.line
            && self.rule == found.rule
            && self.severity.as_ref().is_none_or(|severity| *severity == found.severity)
            && self.possible.is_none_or(|possible| possible == found.possible)
            && self.token.as_ref().is_none_or(|token| *token == found.token)
    }
}

/// What the files of a case expect.
fn expectations(case: &Path) -> Vec<Expected> {
    let mut out = Vec::new();
    for path in entries(case) {
        let file = name(&path);
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        if file == "expect.json" {
            let json: Value = serde_json::from_str(&text).expect("JSON");
            for entry in json.as_array().expect("a list") {
                let of = entry["file"].as_str().expect("a file");
                let line = entry["line"].as_u64().expect("a line");
                out.push(Expected::parse(entry["expect"].as_str().expect("a text"), of, line));
            }
            continue;
        }
        for (index, line) in text.lines().enumerate() {
            if let Some((_, comment)) = line.split_once("# expect:") {
                let parts = comment.split(';');
                out.extend(parts.map(|part| Expected::parse(part, &file, index as u64 + 1)));
            }
        }
    }
    out
}

/// The rules about what cases and pages are written with: addresses of examples, dates to come. They are
/// left out of runs that are `about` another rule.
pub(crate) fn of_examples(about: &str) -> impl Iterator<Item = String> {
    let rules = ["documentation-cidr", "time-window"].into_iter();
    rules.filter(move |rule| *rule != about).map(|rule| format!("--ignore={rule}"))
}

#[test]
fn every_case() {
    let mut wrong = Vec::new();
    for rule in entries(&root().join("testdata/rules")).iter().filter(|path| path.is_dir()) {
        let mut fired = BTreeSet::new();
        let mut quiet = false;
        for case in entries(rule).iter().filter(|path| path.is_dir()) {
            let label = format!("{}/{}", name(rule), name(case));
            let args = std::fs::read_to_string(case.join("args")).unwrap_or_default();
            let mut args: Vec<String> = args.lines().map(str::to_owned).collect();
            args.extend(of_examples(&name(rule)));
            let mut expected = expectations(case);
            quiet |= expected.is_empty();
            fired.extend(expected.iter().map(|e| e.rule.clone()));
            let report = lint(case, &args);
            for found in &report.findings {
                match expected.iter().position(|e| e.is(found)) {
                    Some(at) => drop(expected.remove(at)),
                    None => wrong.push(format!(
                        "{label}: not expected: {}:{}: {} {}{} at {} ({})",
                        found.file,
                        found.line,
                        found.rule,
                        found.severity,
                        if found.possible { " possible" } else { "" },
                        found.token,
                        found.message,
                    )),
                }
            }
            wrong.extend(expected.iter().map(|e| format!("{label}: not found: {e:?}")));
            if !matches!(report.exit, Some(0 | 1)) {
                wrong.push(format!("{label}: exit {:?}: {}", report.exit, report.stderr));
            }
        }
        if !fired.contains(&name(rule)) {
            wrong.push(format!("{}: no case in which it fires", name(rule)));
        }
        if !quiet {
            wrong.push(format!("{}: no case in which nothing is found", name(rule)));
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn rules_files_pages_and_cases_are_the_same_set() {
    let stems = |dir: &str, suffix: &str| -> BTreeSet<String> {
        entries(&root().join(dir))
            .iter()
            .filter(|path| if suffix.is_empty() { path.is_dir() } else { path.is_file() })
            .filter_map(|path| name(path).strip_suffix(suffix).map(str::to_owned))
            .collect()
    };
    let listed: BTreeSet<String> = RULES.iter().map(|rule| rule.meta.id.to_owned()).collect();
    let mut files: BTreeSet<String> =
        stems("src/rules", ".rs").iter().map(|stem| stem.replace('_', "-")).collect();
    for not_a_rule in ["mod", "tests"] {
        assert!(files.remove(not_a_rule));
    }
    assert_eq!(files, listed, "src/rules and RULES");
    assert_eq!(stems("docs/rules", ".md"), listed, "docs/rules and RULES");
    assert_eq!(stems("testdata/rules", ""), listed, "testdata/rules and RULES");
}

#[test]
fn the_data_of_the_rules_is_good() {
    for rule in RULES {
        let meta = rule.meta;
        let kebab = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        assert!(meta.id.bytes().all(kebab), "{}", meta.id);
        assert!(meta.summary.chars().count() <= 100 && !meta.summary.ends_with('.'), "{}", meta.id);
        assert!(meta.summary.starts_with(|c: char| c.is_lowercase()), "{}", meta.id);
        assert!(meta.doc.starts_with(&format!("# {}\n", meta.id)), "{}", meta.id);
    }
}
