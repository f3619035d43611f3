//! The pages of the rules: their headings, and their examples, which are run.
//!
//! A fenced block is tagged with its language and what is expected: ```` ```yaml,fires ```` must have
//! a finding of the page's rule, ```` ```hcl,quiet ```` must have none at all. They run with account
//! 123456789012 as the one deployed to and 111122223333 on the trust list, or, after a block
//! ```` ```yaml,config ````, with that configuration; addresses of examples and dates to come are
//! reported on their own pages only.

use std::path::{Path, PathBuf};

use gatelint::rules::RULES;

use crate::rules::of_examples;
use crate::support::lint::{Report, lint};

const HEADINGS: [&str; 6] = [
    "What it does",
    "Why it matters",
    "Example (fires)",
    "Example (quiet)",
    "How to fix",
    "References",
];

/// A fenced block.
struct Block {
    /// `yaml,fires`
    tag: String,
    text: String,
    /// The line of its fence, from 1.
    line: usize,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut out = Vec::new();
    let mut open: Option<Block> = None;
    for (index, line) in page.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(tag)) => {
                open = Some(Block { tag: tag.to_owned(), text: String::new(), line: index + 1 });
            }
            (Some(_), Some(_)) => out.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a fence is not closed");
    out
}

/// Lints `text` as the only file of a folder of its own, with the configuration of the page or else
/// that of the rule cases.
fn lint_text(rule: &str, folder: &str, name: &str, text: &str, config: Option<&str>) -> Report {
    let dir: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("docs").join(folder);
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).expect("a folder");
    std::fs::write(dir.join(name), text).expect("a file");
    let config = match config {
        Some(text) => {
            let file = dir.join("gatelint.yaml");
            std::fs::write(&file, text).expect("a configuration");
            file
        }
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/rules/gatelint.yaml"),
    };
    let mut args = vec!["--config".to_owned(), config.display().to_string()];
    args.extend(of_examples(rule));
    lint(&dir, &args)
}

#[test]
fn pages_have_the_fixed_headings() {
    for rule in RULES {
        let page = rule.meta.doc;
        let found: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(found, HEADINGS, "{}", rule.meta.id);
        assert!(page.ends_with('\n') && !page.contains("\n\n\n"), "{}", rule.meta.id);
    }
}

#[test]
fn examples_do_what_the_page_says() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let id = rule.meta.id;
        let (mut fires, mut quiet) = (0, 0);
        let mut config: Option<String> = None;
        for block in blocks(rule.meta.doc) {
            let Some((language, expected)) = block.tag.split_once(',') else { continue };
            if expected == "config" {
                config = Some(block.text);
                continue;
            }
            let name = match language {
                "yaml" => "template.yaml",
                "json" => "template.json",
                "hcl" => "main.tf",
                other => panic!("{id}: line {}: no language `{other}`", block.line),
            };
            let folder = format!("{id}-{}", block.line);
            let report = lint_text(id, &folder, name, &block.text, config.as_deref());
            let rules: Vec<&str> = report.findings.iter().map(|f| f.rule.as_str()).collect();
            let good = match expected {
                "fires" => {
                    fires += 1;
                    rules.contains(&id)
                }
                "quiet" => {
                    quiet += 1;
                    rules.is_empty() && report.exit == Some(0)
                }
                other => panic!("{id}: line {}: what is `{other}`?", block.line),
            };
            if !good {
                let line = block.line;
                let stderr = report.stderr.trim();
                wrong.push(format!("docs/rules/{id}.md:{line}: {expected}: {rules:?} {stderr}"));
            }
        }
        if fires == 0 || quiet == 0 {
            wrong.push(format!("docs/rules/{id}.md: an example is missing"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
