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

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gatelint::rules::RULES;
use serde_json::Value;

use crate::renderings::{RENDERINGS, Rendering};
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

/// What each worked example of the semantics reports, by the file `<id>.json`. Examples that are not
/// listed report nothing.
const EXAMPLES: &[(&str, &str)] = &[
    ("W01", "public-api-no-policy medium"),
    ("W03", "private-api-no-policy medium"),
    ("W04", "wildcard-principal critical"),
    ("W05", "wildcard-principal critical"),
    ("W06", "wildcard-principal high"),
    ("W08", "iam-principal-without-iam-auth high"),
    ("W11", "allow-guard-with-lambda-authorizer medium"),
    ("W14", "cidr-everything critical"),
    ("W15", "cidr-too-broad critical"),
    ("W16", "private-cidr-in-sourceip high"),
    ("W17", "malformed-cidr high"),
    ("W18", "private-cidr-in-sourceip high"),
    ("W19", "denylist-still-public critical"),
    ("W20", "private-api-any-vpce high"),
    ("W23", "vpc-key-on-public-api high"),
    ("W24", "vpc-key-on-public-api high"),
    ("W25", "ifexists-vacuous critical"),
    ("W26", "negated-allow-missing-key critical"),
    ("W27", "forallvalues-vacuous critical"),
    ("W29", "iam-key-without-iam-auth high"),
    ("W30", "wildcard-in-sensitive-key high"),
    ("W31", "wildcard-in-sensitive-key high"),
    ("W32", "wildcard-without-like high"),
    ("W33", "vpc-id-kind-mismatch high"),
    ("W34", "wildcard-in-sensitive-key high"),
    ("W35", "allow-notprincipal critical"),
    ("W36", "deny-principal-bypass critical"),
    ("W37", "denylist-still-public high"),
    ("W38", "notprincipal-deny medium"),
    ("W39", "wildcard-principal critical"),
    ("W40", "resource-matches-nothing high"),
    ("W41", "resource-wildcard-spill low"),
    ("W41", "wildcard-principal critical"),
    ("W43", "spoofable-condition critical"),
    ("W44", "tautological-condition critical"),
    ("W45", "dead-statement high"),
    ("W46", "no-allow-lockout high"),
    ("W48", "null-true-allow critical"),
    ("W49", "negated-allow high"),
    ("W50", "deny-multi-key-is-or medium"),
    ("W52", "allow-guard-same-account info"),
    ("W53", "dead-statement high"),
    ("W54", "wildcard-principal critical"),
    ("W55", "or-not-and medium"),
    ("W56", "not-element-allow critical"),
];

/// What the worked examples report in one rendering, and what each API exposes.
fn examples(rendering: &Rendering) -> (Vec<(String, String)>, BTreeMap<String, Value>) {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples").join(rendering.name);
    let _ = std::fs::remove_dir_all(&dir);
    let examples: Value =
        serde_json::from_str(include_str!("../../testdata/semantics/cases.json")).expect("JSON");
    for example in examples["cases"].as_array().expect("a list") {
        let id = example["id"].as_str().expect("an id");
        std::fs::create_dir_all(dir.join(id)).expect("a folder");
        let file = dir.join(id).join(format!("{id}.{}", rendering.extension));
        std::fs::write(file, (rendering.text)(example)).expect("a file");
    }
    let config = root().join("testdata/rules/gatelint.yaml").display().to_string();
    let args: Vec<String> =
        ["--config".to_owned(), config].into_iter().chain(of_examples("")).collect();
    let report = lint(&dir, &args);
    let id = |file: &str| file.split('.').next().unwrap_or_default().to_owned();
    let mut found: Vec<(String, String)> = report
        .findings
        .iter()
        .map(|f| {
            let possible = if f.possible { " possible" } else { "" };
            (id(&f.file), format!("{} {}{possible}", f.rule, f.severity))
        })
        .collect();
    found.sort();
    let exposures = report.exposures.iter().map(|(file, exposure)| (id(file), exposure.clone()));
    (found, exposures.collect())
}

#[test]
fn the_worked_examples() {
    let expected: Vec<(String, String)> =
        EXAMPLES.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let mut exposed: Option<BTreeMap<String, Value>> = None;
    for rendering in RENDERINGS {
        let (found, exposures) = examples(rendering);
        assert_eq!(found, expected, "{}", rendering.name);
        assert_eq!(exposures.len(), 56, "{}", rendering.name);
        match &exposed {
            Some(first) => assert_eq!(&exposures, first, "{}", rendering.name),
            None => exposed = Some(exposures),
        }
    }
}
