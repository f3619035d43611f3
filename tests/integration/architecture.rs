//! Who may know whom: the table of ARCHITECTURE.md, held against the `use crate::` lines.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The rooms that each room may use, apart from itself.
const EDGES: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("syntax", &["source"]),
    ("config", &["source", "syntax", "model"]),
    ("discovery", &["source", "syntax", "config"]),
    ("resolve", &["source", "syntax", "config"]),
    ("extract", &["source", "syntax", "resolve", "model"]),
    ("model", &["source"]),
    ("analyze", &["model"]),
    ("finding", &["source", "syntax", "config", "model"]),
    ("rules", &["model", "analyze", "config", "finding"]),
    ("report", &["source", "model", "finding", "rules"]),
    (
        "cli",
        &[
            "source",
            "syntax",
            "config",
            "discovery",
            "resolve",
            "extract",
            "model",
            "analyze",
            "finding",
            "rules",
            "report",
        ],
    ),
];

fn rust_files(dir: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(dir)
        .expect("a readable folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The rooms that `text` names behind `crate::`, outside comments and unit tests.
fn rooms_used(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let mut rooms = BTreeSet::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            let name: String =
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            if name.is_empty() {
                // `use crate::{a, b}`: not written here, so that this test stays simple.
                rooms.insert(format!("{{...}} in `{}`", line.trim()));
            } else {
                rooms.insert(name);
            }
        }
    }
    rooms
}

fn sources() -> Vec<(String, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    files
        .into_iter()
        .filter_map(|path| {
            let inside = path.strip_prefix(&src).ok()?.to_path_buf();
            let room = inside.components().next()?.as_os_str().to_str()?.to_owned();
            let text = std::fs::read_to_string(&path).ok()?;
            (inside.components().count() > 1).then_some((room, inside, text))
        })
        .collect()
}

#[test]
fn rooms_know_only_whom_they_may() {
    let edges: BTreeMap<_, _> = EDGES.iter().copied().collect();
    let mut wrong = Vec::new();
    for (room, path, text) in sources() {
        if path.file_stem().is_some_and(|stem| stem == "tests") {
            continue;
        }
        let Some(may) = edges.get(room.as_str()) else {
            wrong.push(format!("{} is in no room of the table", path.display()));
            continue;
        };
        for used in rooms_used(&text) {
            if used != room && !may.contains(&used.as_str()) {
                wrong.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "edges that ARCHITECTURE.md does not have:\n{}", wrong.join("\n"));
}

#[test]
fn crates_stay_in_their_files() {
    let homes: &[(&str, &str)] = &[
        ("clap", "cli/"),
        ("clap_complete", "cli/"),
        ("miette", "report/pretty"),
        ("hcl_edit", "syntax/hcl"),
        ("granit_parser", "syntax/yaml"),
    ];
    let mut wrong = Vec::new();
    for (_, path, text) in sources() {
        let path = path.to_string_lossy().replace('\\', "/");
        for (name, home) in homes {
            let used = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .any(|line| line.contains(&format!("{name}::")));
            if used && !path.starts_with(home) {
                wrong.push(format!("{path} uses {name}, whose home is {home}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn model_takes_only_origins_from_source() {
    for (room, path, text) in sources() {
        if room != "model" {
            continue;
        }
        for line in text.lines().filter(|line| line.contains("crate::source")) {
            let trimmed = line.trim_start();
            let import = trimmed.strip_prefix("pub ").unwrap_or(trimmed);
            assert!(
                trimmed.starts_with("//") || import == "use crate::source::Origin;",
                "{}: `{trimmed}`: the model may know no more of source than Origin",
                path.display()
            );
        }
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    for (_, path, text) in sources() {
        assert!(text.starts_with("//!"), "{} has no module docs", path.display());
    }
}
