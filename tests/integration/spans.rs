//! Spans: every label of every finding, over all of `testdata`, in several renderings.
//!
//! The renderings change bytes and not meaning: CRLF line ends, a byte order mark, a comment with
//! multi-byte characters in front, escapes in the strings of `.tf.json` files. In each of them every
//! label must lie on character boundaries of its file, line and column must agree with a naive
//! recount, the primary token must be the one that the finding names, and the findings must be those
//! of the plain rendering.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rendering {
    Plain,
    Crlf,
    ByteOrderMark,
    MultiByte,
    Escapes,
}

/// Writes every `r` in a string of a JSON text as an escape.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    let (mut quoted, mut escape) = (false, false);
    for c in text.chars() {
        match c {
            'r' if quoted && !escape => out.push_str("\\u0072"),
            _ => out.push(c),
        }
        quoted ^= c == '"' && !escape;
        escape = quoted && c == '\\' && !escape;
    }
    out
}

impl Rendering {
    fn apply(self, path: &Path, bytes: Vec<u8>) -> Vec<u8> {
        let Ok(text) = String::from_utf8(bytes.clone()) else { return bytes };
        let json = path.extension().is_some_and(|e| e == "json");
        let name = path.to_string_lossy();
        match self {
            Self::Plain => bytes,
            Self::Crlf => text.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes(),
            Self::ByteOrderMark if text.starts_with('\u{feff}') => bytes,
            Self::ByteOrderMark => format!("\u{feff}{text}").into_bytes(),
            // JSON has no comments: leading blanks shift its bytes instead.
            Self::MultiByte if json => format!("  \n\n{text}").into_bytes(),
            Self::MultiByte if text.starts_with('\u{feff}') => bytes,
            Self::Escapes if name.ends_with(".tf.json") => escaped(&text).into_bytes(),
            Self::Escapes => bytes,
            Self::MultiByte => format!("# größe 日本語 🚪 é\n{text}").into_bytes(),
        }
    }
}

/// Copies `from` to `to`, each file in that rendering.
fn copy(from: &Path, to: &Path, rendering: Rendering) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target, rendering);
        } else {
            let bytes = std::fs::read(&path).expect("a readable file");
            std::fs::write(target, rendering.apply(&path, bytes)).expect("a written file");
        }
    }
}

/// Lints `dir` and returns the report.
fn lint(dir: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_gatelint"))
        .args(["lint", "--format", "json", "--fail-on", "never", "--now", "2026-11-22", "."])
        .current_dir(dir)
        .env_clear()
        .output()
        .expect("the program runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {error}", dir.display());
    serde_json::from_slice(&output.stdout).expect("a JSON report")
}

/// Line and column of a byte offset, counted one character at a time.
fn recount(text: &str, offset: usize) -> (u64, u64) {
    let (mut line, mut column) = (1, 1);
    for (at, c) in text.char_indices() {
        if at >= offset {
            break;
        }
        if c == '\n' {
            (line, column) = (line + 1, 1);
        } else if !(at == 0 && c == '\u{feff}') {
            column += 1;
        }
    }
    (line, column)
}

/// The text of a token without its quotes, escapes of JSON and HCL strings undone.
fn decoded(token: &str) -> String {
    let token = token.trim();
    let inner = token.trim_start_matches('\\').trim_matches(|c| c == '"' || c == '\'');
    inner.trim_end_matches('\\').replace("\\\"", "\"").replace("\\/", "/")
}

/// What the primary token of a finding must be, by its rule.
fn check_token(finding: &Value, token: &str, place: &str) {
    let title = finding["message"].as_str().expect("a message");
    let value = decoded(token);
    match finding["rule"].as_str().expect("a rule") {
        // A possible one points at the value that decides. `["*"]` and `1111*` are everyone too.
        "wildcard-principal" | "private-api-any-vpce" if finding["confidence"] == "proved" => {
            assert!(value.contains('*'), "{place}: `{token}` is no wildcard");
        }
        "untrusted-account" => {
            let account: String = title
                .split(|c: char| !c.is_ascii_digit())
                .find(|part| part.len() == 12)
                .unwrap_or("")
                .to_owned();
            assert!(value.contains(&account), "{place}: `{token}` is not account {account}");
        }
        "duplicate-key" => {
            assert!(title.contains(&value), "{place}: `{title}` does not name `{token}`");
            assert!(!value.is_empty(), "{place}: an empty token");
        }
        "malformed-cidr" => {
            assert!(value.contains(['.', ':']), "{place}: `{token}` is no address");
        }
        _ => {}
    }
}

/// Checks every label of `report`, and returns what the findings are, free of places.
fn check(report: &Value, dir: &Path) -> BTreeMap<String, usize> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut meanings = BTreeMap::new();
    for finding in report["findings"].as_array().expect("findings") {
        let labels = finding["labels"].as_array().expect("labels");
        let primary: Vec<_> = labels.iter().filter(|l| l["primary"] == true).collect();
        assert_eq!(primary.len(), 1, "one primary label: {finding}");
        assert_eq!(primary[0]["range"], finding["range"], "{finding}");
        for label in labels {
            let name = label["file"].as_str().expect("a file");
            let text = files.entry(name.to_owned()).or_insert_with(|| {
                let bytes = std::fs::read(dir.join(name)).expect("the file of a label");
                String::from_utf8_lossy(&bytes).into_owned()
            });
            let (start, end) = (&label["range"]["start"], &label["range"]["end"]);
            let offset = |at: &Value| at["offset"].as_u64().expect("an offset") as usize;
            let place = format!("{name}:{}:{}", start["line"], start["column"]);
            let token = text
                .get(offset(start)..offset(end))
                .unwrap_or_else(|| panic!("{place}: not on character boundaries: {finding}"));
            for at in [start, end] {
                let (line, column) = recount(text, offset(at));
                assert_eq!(at["line"].as_u64(), Some(line), "{place}: {finding}");
                assert_eq!(at["column"].as_u64(), Some(column), "{place}: {finding}");
            }
            if label["primary"] == true {
                check_token(finding, token, &place);
            }
        }
        let key = format!(
            "{} {} {} {} {}",
            finding["rule"],
            finding["severity"],
            finding["confidence"],
            finding["message"],
            finding["fingerprint"]
        );
        *meanings.entry(key).or_default() += 1;
    }
    meanings
}

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

fn render(folder: &str, rendering: Rendering) -> BTreeMap<String, usize> {
    let target =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("spans-{folder}-{rendering:?}"));
    let _ = std::fs::remove_dir_all(&target);
    copy(&testdata().join(folder), &target, rendering);
    // A repository of its own, so that paths are relative to it.
    std::fs::create_dir_all(target.join(".git")).expect("a folder");
    check(&lint(&target), &target)
}

fn all_renderings_agree(folder: &str) {
    let plain = render(folder, Rendering::Plain);
    assert!(!plain.is_empty(), "testdata/{folder} has findings");
    for rendering in [Rendering::Crlf, Rendering::ByteOrderMark, Rendering::MultiByte] {
        assert_eq!(render(folder, rendering), plain, "{folder} as {rendering:?}");
    }
}

#[test]
fn projects() {
    all_renderings_agree("projects");
}

/// The cases in Terraform's JSON alone: nothing else has these escapes.
#[test]
fn escapes_in_json() {
    let folders = |dir: &Path| {
        let entries = std::fs::read_dir(dir).expect("a readable folder");
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir())
    };
    let mut found = 0;
    for rule in folders(&testdata().join("rules")) {
        for case in folders(&rule).filter(|case| case.ends_with("terraform-json")) {
            let case = case.strip_prefix(testdata()).expect("a case").display().to_string();
            let plain = render(&case, Rendering::Plain);
            assert_eq!(render(&case, Rendering::Escapes), plain, "{case}");
            found += plain.len();
        }
    }
    assert!(found >= 5, "{found} findings");
}

#[test]
fn rule_cases() {
    all_renderings_agree("rules");
}
