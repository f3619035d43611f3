//! Reports for people: the source around each label, the witness, and what to do.
//!
//! This file and its folder are the only ones that know the diagnostics library (miette). It draws
//! the title and the excerpts; the lines below them are written here. Everything that comes from a
//! template passes through [`escape`], and no output is longer than what it says.

mod excerpt;
mod window;

#[cfg(test)]
mod tests;

use std::fmt;
use std::io::{self, Write};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::{Options, Run, escape, witness};
use crate::finding::{Confidence, Finding, Severity};
use crate::source::{SourceDb, Span};
use excerpt::{Excerpts, excerpts};

/// The columns of a report where nothing else is known.
const COLUMNS: usize = 100;

/// Writes the findings of `run` and the summary line.
///
/// # Errors
/// Those of `out`.
pub fn write(run: &Run, options: Options, out: &mut dyn Write) -> io::Result<()> {
    let mut painter = Painter::new(options);
    for finding in run.active() {
        painter.finding(finding, &run.db);
        out.write_all(painter.text.as_bytes())?;
        painter.text.clear();
    }
    writeln!(out, "{}", run.summary())
}

/// Writes into a string, which cannot fail.
struct Painter {
    text: String,
    color: bool,
    columns: usize,
}

impl Painter {
    fn new(options: Options) -> Self {
        // Below 40 columns nothing can be shown; a terminal of 0 columns says it does not know.
        let columns = if options.width == 0 { COLUMNS } else { options.width.clamp(40, 400) };
        Self { text: String::new(), color: options.color, columns }
    }

    fn finding(&mut self, finding: &Finding, db: &SourceDb) {
        let shown = excerpts(finding, db, self.columns);
        let head = head(finding);
        // The head stands before the first line of the title.
        let title = format!("{head} {}", escape(&finding.title));
        let title = wrap(&title, self.columns.saturating_sub(4).max(head.len())).join("\n");
        let report = Report {
            title: title.get(head.len() + 1..).unwrap_or(finding.rule).to_owned(),
            severity: finding.severity,
            excerpts: shown.excerpts,
            labels: shown.labels,
        };
        let drawn = self.handler(head).render_report(&mut self.text, &report);
        if drawn.is_err() {
            // The library refused what it was handed: the place and the title must not be lost.
            let place = place(finding.primary().span, db);
            self.line("at", &format!("{place}: {}", finding.title));
        }
        if let Some(api) = &finding.api {
            self.line("api", api);
        }
        for (place, message) in &shown.notes {
            self.line("note", &format!("{place}: {message}"));
        }
        for (index, step) in finding.steps.iter().enumerate() {
            let name = if index == 0 { "value" } else { "from" };
            self.line(name, &format!("{} {}", place(step.span, db), step.step.describe()));
        }
        if let Some(request) = &finding.witness {
            self.line("witness", &witness::describe(request));
        }
        if let Some(why) = &finding.why_not_denied {
            self.line("why not denied", why);
        }
        for assumption in &finding.assumptions {
            let pin =
                assumption.pin.as_ref().map_or(String::new(), |pin| format!(" (set with {pin})"));
            self.line("assumes", &format!("{}{pin}", assumption.text));
        }
        self.line("help", &format!("{} (gatelint explain {})", finding.help, finding.rule));
        if let Some(advice) = &finding.advice {
            self.line("to suppress", advice);
        }
        self.text.push('\n');
    }

    /// One line below the excerpts: `  = name: text`, wrapped.
    fn line(&mut self, name: &str, text: &str) {
        let head = format!("  = {name}: ");
        let room = self.columns.saturating_sub(head.len()).max(24);
        let text = escape(text.trim());
        for (index, line) in wrap(&text, room).iter().enumerate() {
            match (index, self.color) {
                (0, true) => self.text.push_str(&format!("  = \u{1b}[1m{name}\u{1b}[0m: ")),
                (0, false) => self.text.push_str(&head),
                _ => self.text.extend(std::iter::repeat_n(' ', head.len())),
            }
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    /// The library sets a sign before the title; `head` is that sign.
    fn handler(&self, head: String) -> GraphicalReportHandler {
        let mut theme = match self.color {
            true => GraphicalTheme::unicode(),
            false => GraphicalTheme::unicode_nocolor(),
        };
        theme.characters.error = head.clone();
        theme.characters.warning = head.clone();
        theme.characters.advice = head;
        GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .with_width(self.columns)
            .with_wrap_lines(false)
            .with_context_lines(1)
    }
}

/// `critical[wildcard-principal]:`, `medium[untrusted-account] (possible):`
fn head(finding: &Finding) -> String {
    let possible = match finding.confidence {
        Confidence::Possible => " (possible)",
        Confidence::Proved => "",
    };
    format!("{}[{}]{possible}:", finding.severity.name(), finding.rule)
}

/// `path:line:column` of the start of a span.
fn place(span: Span, db: &SourceDb) -> String {
    let file = db.file(span.file);
    let at = file.line_col(span.start);
    format!("{}:{}:{}", file.display, at.line, at.column)
}

/// `text` in lines of at most `room` characters, broken at blanks where there are any.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let long = word.chars().count();
        if used > 0 && used + 1 + long > room {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += long;
        }
    }
    lines
}

/// A finding as the library sees it.
#[derive(Debug)]
struct Report {
    title: String,
    severity: Severity,
    excerpts: Excerpts,
    labels: Vec<LabeledSpan>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.title)
    }
}

impl std::error::Error for Report {}

impl Diagnostic for Report {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Critical | Severity::High => miette::Severity::Error,
            Severity::Medium | Severity::Low => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpts)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
