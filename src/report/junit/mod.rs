//! JUnit XML: a test suite a file, and in it a test case for each finding, or one that passes for
//! an API without findings.
//!
//! A finding that fails the run is a failure; any other is a skipped test case, so that a run that
//! ends with 0 has no red test.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::place::Place;
use super::{JudgedApi, Run, escape, words};
use crate::finding::Finding;
use crate::source::{SourceDb, Span};

/// Writes `run`.
///
/// # Errors
/// Those of `out`.
pub fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(render(run).as_bytes())
}

/// A test case.
struct Case {
    /// The API, or the file for what belongs to none.
    class: String,
    name: String,
    line: usize,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    Skipped(String),
    Failed { kind: &'static str, message: String, text: String },
}

fn render(run: &Run) -> String {
    let suites = suites(run);
    let all = || suites.values().flatten();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string does not fail.
    let _ = writeln!(out, "<testsuites name=\"gatelint\" {}>", counts(all()));
    for (file, cases) in &suites {
        let _ = writeln!(out, "  <testsuite name=\"{}\" {}>", xml(file), counts(cases.iter()));
        for case in cases {
            write_case(&mut out, file, case);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn write_case(out: &mut String, file: &str, case: &Case) {
    let (class, name) = (xml(&case.class), xml(&case.name));
    let (file, line) = (xml(file), case.line);
    let _ = write!(
        out,
        "    <testcase classname=\"{class}\" name=\"{name}\" file=\"{file}\" line=\"{line}\""
    );
    let _ = match &case.outcome {
        Outcome::Passed => writeln!(out, "/>"),
        Outcome::Skipped(message) => {
            writeln!(out, ">\n      <skipped message=\"{}\"/>\n    </testcase>", xml(message))
        }
        Outcome::Failed { kind, message, text } => {
            let text: Vec<String> = text.lines().map(xml).collect();
            writeln!(
                out,
                ">\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>",
                xml(kind),
                xml(message),
                text.join("\n")
            )
        }
    };
}

fn counts<'a>(cases: impl Iterator<Item = &'a Case>) -> String {
    let (mut tests, mut failures, mut skipped) = (0, 0, 0);
    for case in cases {
        tests += 1;
        match case.outcome {
            Outcome::Passed => {}
            Outcome::Skipped(_) => skipped += 1,
            Outcome::Failed { .. } => failures += 1,
        }
    }
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"")
}

/// The cases by file: those of APIs in the file that declares them, the others where they are.
fn suites(run: &Run) -> BTreeMap<String, Vec<Case>> {
    let mut of_api: Vec<Vec<&Finding>> = vec![Vec::new(); run.apis.len()];
    let mut suites: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for finding in run.active() {
        match owner(finding, run).and_then(|at| of_api.get_mut(at)) {
            Some(findings) => findings.push(finding),
            None => {
                let place = Place::of(finding.primary().span, &run.db);
                let case = case(finding, &place.file, place.start.line, run);
                suites.entry(place.file).or_default().push(case);
            }
        }
    }
    for (judged, findings) in run.apis.iter().zip(&of_api) {
        let address = &judged.api.address;
        let place = Place::of(judged.origins.span(judged.api.origin), &run.db);
        let suite = suites.entry(place.file).or_default();
        if findings.is_empty() {
            suite.push(Case {
                class: address.clone(),
                name: "resource policy".into(),
                line: place.start.line,
                outcome: Outcome::Passed,
            });
        }
        suite.extend(findings.iter().map(|finding| case(finding, address, place.start.line, run)));
    }
    suites
}

/// The API that a finding belongs to. An address is unique in its unit only: of several APIs that
/// have it, the one whose declaration or policy stands in a file of the finding, then the one whose
/// folder does.
fn owner(finding: &Finding, run: &Run) -> Option<usize> {
    let address = finding.api.as_ref()?;
    let named = run.apis.iter().enumerate().filter(|(_, judged)| judged.api.address == *address);
    let near = named.map(|(at, judged)| (nearness(finding, judged, &run.db), at));
    near.max_by_key(|(near, at)| (*near, std::cmp::Reverse(*at))).map(|(_, at)| at)
}

fn nearness(finding: &Finding, judged: &JudgedApi, db: &SourceDb) -> u8 {
    let sites = judged.api.sites.iter().map(|site| site.origin);
    let origins = sites.chain([judged.api.origin]).map(|origin| judged.origins.span(origin));
    let spans: Vec<Span> = origins.collect();
    let any = |test: &dyn Fn(Span, Span) -> bool| {
        finding.labels.iter().any(|label| spans.iter().any(|span| test(label.span, *span)))
    };
    let folder = |span: Span| db.file(span.file).path.parent().map(std::path::Path::to_path_buf);
    if any(&|a, b| a.file == b.file) { 2 } else { u8::from(any(&|a, b| folder(a) == folder(b))) }
}

fn case(finding: &Finding, class: &str, line: usize, run: &Run) -> Case {
    let place = Place::of(finding.primary().span, &run.db).short();
    let grade = words::grade(finding);
    let outcome = if run.threshold.fails(finding) {
        let mut lines = vec![format!("{}: {grade}[{}]", escape(&place), finding.rule)];
        lines.extend(words::sentences(finding));
        for label in words::secondary(finding) {
            let place = Place::of(label.span, &run.db).short();
            lines.push(format!("{}: {}", escape(&place), escape(&label.message)));
        }
        Outcome::Failed {
            kind: finding.rule,
            message: finding.title.clone(),
            text: lines.join("\n"),
        }
    } else {
        Outcome::Skipped(format!("{place}: {grade}: {}", finding.title))
    };
    let name = format!("{}: {}", finding.rule, finding.title);
    Case { class: class.to_owned(), name, line, outcome }
}

/// `text` for XML, as an attribute or as text. What XML 1.0 has no character for, and what a
/// terminal would obey, is written out (`escape`).
fn xml(text: &str) -> String {
    let text = escape(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
