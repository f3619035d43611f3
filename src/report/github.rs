//! Annotations of GitHub Actions: workflow commands, one line a finding.
//!
//! The runner reads every line that a step prints. Nothing from a template may end a line, a
//! property or the list of properties: what could is percent-encoded, as the runner's own toolkit
//! does it ("Workflow commands for GitHub Actions"). GitHub shows the first ten annotations of a
//! level and step only; the step summary (`markdown`) holds them all.

use std::io::{self, Write};

use super::place::Place;
use super::{Run, escape, words};
use crate::finding::{Finding, Severity};
use crate::source::SourceDb;

/// Writes the findings of `run`.
///
/// # Errors
/// Those of `out`.
pub fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    words::worst_first(run.active())
        .into_iter()
        .try_for_each(|finding| writeln!(out, "{}", command(finding, &run.db)))
}

fn command(finding: &Finding, db: &SourceDb) -> String {
    let level = match finding.severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    };
    let place = Place::of(finding.primary().span, db);
    let (start, end) = (place.start, place.end);
    let file = property(&place.file);
    let title = property(&format!("gatelint {} ({})", finding.rule, words::grade(finding)));
    // The runner drops columns, with a warning, from an annotation of several lines.
    let columns = match start.line == end.line {
        true => (format!(",col={}", start.column), format!(",endColumn={}", end.column)),
        false => (String::new(), String::new()),
    };
    let mut text = vec![escape(&finding.title).into_owned()];
    text.extend(words::sentences(finding));
    for label in words::secondary(finding) {
        let place = Place::of(label.span, db).short();
        text.push(format!("{}: {}", escape(&place), escape(&label.message)));
    }
    text.push(format!("gatelint explain {}", finding.rule));
    format!(
        "::{level} file={file},line={}{},endLine={}{},title={title}::{}",
        start.line,
        columns.0,
        end.line,
        columns.1,
        data(&text.join("\n"))
    )
}

/// The message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(&escape(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::hostile;

    fn report(run: &Run) -> String {
        let mut out = Vec::new();
        write(run, &mut out).expect("writes to memory");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn one_line_with_its_place() {
        let text = report(&hostile::plain());
        insta::assert_snapshot!(text, @r"::error file=infra/api.tf,line=3,col=20,endLine=3,endColumn=23,title=gatelint wildcard-principal (critical)::anyone on the internet can call this API%0Aeveryone, callers without credentials included%0Awitness: anonymous, from 8.8.8.8, with aws:referer = s3cret: GET /prod/orders%0Awhy not denied: no Deny matches%0Aassumes: partner = * (set with --var partner=...)%0Ahelp: name the accounts that call%0Ainfra/api.tf:3:5: this Allow has no condition%0Agatelint explain wildcard-principal");
    }

    #[test]
    fn several_lines_have_no_columns() {
        let mut run = hostile::plain();
        run.findings[0].labels[0].span.start = 0;
        let text = report(&run);
        assert!(!text.contains("col=") && !text.contains("endColumn="), "{text}");
        assert!(text.starts_with("::error file=infra/api.tf,line=1,endLine=3,title="), "{text}");
    }

    #[test]
    fn nothing_from_a_template_is_a_command() {
        for run in hostile::runs() {
            let text = report(&run);
            assert_eq!(text.lines().count(), run.findings.len(), "{text}");
            for line in text.lines() {
                assert!(line.starts_with("::error file="), "{line}");
                assert!(!line.contains(|c: char| c.is_control() || c == '\u{202e}'), "{line:?}");
                // The head of a command ends at the second `::`, and has the properties written here.
                let (head, _) = line[2..].split_once("::").expect("a message");
                let names: Vec<&str> = head["error ".len()..]
                    .split(',')
                    .map(|pair| pair.split_once('=').expect("a property").0)
                    .collect();
                assert_eq!(names, ["file", "line", "col", "endLine", "endColumn", "title"]);
            }
        }
    }

    #[test]
    fn the_worst_come_first() {
        let mut run = hostile::plain();
        let low = Finding { severity: Severity::Low, ..run.findings[0].clone() };
        let medium = Finding { severity: Severity::Medium, ..run.findings[0].clone() };
        run.findings.splice(0..0, [low, medium]);
        let text = report(&run);
        let levels: Vec<&str> = text.lines().filter_map(|l| l.split(' ').next()).collect();
        assert_eq!(levels, ["::error", "::warning", "::notice"]);
    }

    #[test]
    fn escapes_are_the_toolkits() {
        assert_eq!(data("100%\r\n::error::x,y"), "100%25%0D%0A::error::x,y");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }
}
