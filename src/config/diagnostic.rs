//! What is wrong with a configuration, and how that is printed: plainly, one place at a time.

use std::fmt::Write as _;

use crate::source::{SourceDb, Span, escape};

/// Something wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The token; `None` when a file cannot be read at all.
    pub span: Option<Span>,
    /// What, lower case, without a full stop.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// Another place that matters, and why.
    pub related: Option<(Span, String)>,
}

impl Diagnostic {
    /// A diagnostic at `span`.
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span: Some(span), message: message.into(), help: None, related: None }
    }

    /// A diagnostic without a place.
    pub(super) fn without_place(message: impl Into<String>) -> Self {
        Self { span: None, message: message.into(), help: None, related: None }
    }

    /// The same with a help line.
    #[must_use]
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with another place.
    #[must_use]
    pub(super) fn related(mut self, span: Span, why: impl Into<String>) -> Self {
        self.related = Some((span, why.into()));
        self
    }
}

/// How much of a long source line is shown on each side of the token.
const CONTEXT: usize = 60;

/// All `diagnostics` as text: `path:line:col: error: message`, the source line, a caret line and
/// the help. Sorted by file and place; those without a place come first.
pub fn render(db: &SourceDb, diagnostics: &[Diagnostic]) -> String {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by_key(|d| d.span.map(|span| (db.file(span.file).display.clone(), span.start)));
    let mut out = String::new();
    for diagnostic in sorted {
        // Writing to a string does not fail.
        let _ = one(&mut out, db, diagnostic);
    }
    out
}

fn one(out: &mut String, db: &SourceDb, diagnostic: &Diagnostic) -> std::fmt::Result {
    let Diagnostic { span, message, help, related } = diagnostic;
    let margin = match span {
        None => {
            writeln!(out, "error: {}", escape(message))?;
            0
        }
        Some(span) => {
            writeln!(out, "{}: error: {}", place(db, *span), escape(message))?;
            excerpt(out, db, *span)?
        }
    };
    if let Some((span, why)) = related {
        writeln!(out, "{:margin$} = note: {}: {}", "", place(db, *span), escape(why))?;
    }
    if let Some(help) = help {
        writeln!(out, "{:margin$} = help: {}", "", escape(help))?;
    }
    Ok(())
}

fn place(db: &SourceDb, span: Span) -> String {
    let file = db.file(span.file);
    let at = file.line_col(span.start);
    format!("{}:{}:{}", escape(&file.display), at.line, at.column)
}

/// Writes the line that `span` starts in and carets under the token; returns the width of the
/// margin.
fn excerpt(out: &mut String, db: &SourceDb, span: Span) -> Result<usize, std::fmt::Error> {
    let file = db.file(span.file);
    let line = file.line_col(span.start).line;
    let margin = line.to_string().len();
    let Some(start) = file.lines().start_of(line) else { return Ok(margin) };
    let rest = file.text.get(start..).unwrap_or("");
    let text = rest.lines().next().unwrap_or("");
    let from = (span.start as usize).saturating_sub(start).min(text.len());
    let to = (span.end as usize).saturating_sub(start).clamp(from, text.len());
    let (Some(before), Some(token), Some(after)) =
        (text.get(..from), text.get(from..to), text.get(to..))
    else {
        return Ok(margin);
    };
    let before = escape(before.trim_start_matches('\u{feff}'));
    let (token, after) = (escape(token), escape(after));
    let head: String = last(&before, CONTEXT);
    let body: String = first(&token, CONTEXT);
    let tail: String = first(&after, CONTEXT);
    writeln!(out, "{:margin$} |", "")?;
    writeln!(out, "{line} | {head}{body}{tail}")?;
    let (pad, carets) = (head.chars().count(), body.chars().count().max(1));
    writeln!(out, "{:margin$} | {:pad$}{}", "", "", "^".repeat(carets))?;
    Ok(margin)
}

fn first(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit).chain("...".chars()).collect()
}

fn last(text: &str, limit: usize) -> String {
    let count = text.chars().count();
    if count <= limit {
        return text.to_owned();
    }
    "...".chars().chain(text.chars().skip(count - limit)).collect()
}
