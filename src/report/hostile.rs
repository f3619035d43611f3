//! Runs to test formats with: a plain one, and ones in which everything that can come from a
//! template attacks the format.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Counts, Run, Threshold};
use crate::finding::{Confidence, Finding, Label, Severity, ValueStep};
use crate::model::{AbsentOr, Assumption, Caller, Network, Request, Value};
use crate::source::{SourceDb, Span, Step};

/// Strings that mean something to one format or another.
pub(super) const STRINGS: &[&str] = &[
    "::set-output name=a::b",
    "\n::error::injected\r\n::stop-commands::x",
    "##[error]injected",
    "]]>",
    "</failure></testcase>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a\"b'c&d;&lt;",
    "| cell | `code` |",
    "\n\n# heading\n\n* item",
    "[text](https://example.com) ![image](x) <https://example.com> https://example.com",
    "@somebody org/repo#1 someone@example.com www.example.com",
    "{0} {1} {{2}} [link](1)",
    "\u{1b}[31mred\u{1b}[0m \u{9b}31m \u{7}",
    "\u{202e}txt.exe\u{2066} \u{200b}\u{feff}",
    "\0 \u{fffe} \u{ffff} \u{10ffff}",
    "back\\slash \\| \\` \\",
    "```\nfence\n```",
    "100% %0A::error::x %25",
    "a,b=c:d;e",
    "../../etc/passwd",
];

/// The source of the plain run.
const TEXT: &str = "data \"aws_iam_policy_document\" \"api\" {\n  statement {\n    identifiers = [\"*\"]\n  }\n}\nlocals { all = \"*\" }\n";

/// One critical finding with everything that a finding can have.
pub(super) fn plain() -> Run {
    run("infra/api.tf", |text| text.to_owned())
}

/// One run for each hostile string, which stands wherever text of a template can stand.
pub(super) fn runs() -> impl Iterator<Item = Run> {
    STRINGS.iter().map(|string| {
        // Standing alone, and in the middle of words.
        let file = format!("{string}/infra/{string}.tf");
        run(&file, |text| format!("{string}{text}{string}"))
    })
}

fn run(file: &str, mark: impl Fn(&str) -> String) -> Run {
    let db = SourceDb::new();
    let file = db.add(Path::new(file), file.to_owned(), TEXT);
    let token = TEXT.find("\"*\"").unwrap_or(0);
    let used = TEXT.find("identifiers").unwrap_or(0);
    let written = TEXT.rfind("\"*\"").unwrap_or(0);
    let at = |start: usize, len: usize| Span::new(file, start, start + len);
    let label = |span, message: &str, primary| Label { span, message: mark(message), primary };
    let context = BTreeMap::from([(
        mark("aws:referer"),
        AbsentOr::Present(vec![Value::fresh(mark("s3cret").as_str())]),
    )]);
    let finding = Finding {
        rule: "wildcard-principal",
        severity: Severity::Critical,
        confidence: Confidence::Proved,
        title: mark("anyone on the internet can call this API"),
        help: mark("name the accounts that call"),
        api: Some(mark("aws_api_gateway_rest_api.orders")),
        labels: vec![
            label(at(token, 3), "everyone, callers without credentials included", true),
            label(at(used, 11), "this Allow has no condition", false),
        ],
        steps: vec![
            ValueStep { span: at(used, 11), step: Step::Reference },
            ValueStep { span: at(written, 3), step: Step::Local },
        ],
        witness: Some(Request {
            caller: Caller::Anonymous,
            network: Network::internet([8, 8, 8, 8]),
            method: "GET".into(),
            stage: mark("prod"),
            path: mark("/orders"),
            context,
            now: 0,
        }),
        why_not_denied: Some(mark("no Deny matches")),
        assumptions: vec![Assumption {
            text: mark("partner = *"),
            pin: Some(mark("--var partner=...")),
            origin: None,
        }],
        fingerprint: "0123456789abcdef".into(),
        suppression: None,
        advice: None,
    };
    Run {
        db,
        findings: vec![finding],
        counts: Counts { apis: 1, files_analyzed: 2, ..Counts::default() },
        threshold: Threshold { least: Some(Severity::High), possible: false },
        ..Run::default()
    }
}
