//! `explain` and `rules`.

use super::exit::Exit;
use super::terminal::{report, say};
use crate::rules::{self, RULES};
use crate::source::{did_you_mean, escape};

/// Prints the page of a rule.
pub(super) fn explain(id: &str) -> Exit {
    let Some(rule) = rules::find(id) else {
        say(&format!("error: {}", unknown_rule(id)));
        return Exit::Usage;
    };
    finish(report(None, |out| writeln!(out, "{}", rule.meta.doc.trim_end())))
}

/// Prints one line a rule: id, severity, summary.
pub(super) fn list() -> Exit {
    let width = RULES.iter().map(|rule| rule.meta.id.len()).max().unwrap_or(0);
    finish(report(None, |out| {
        for rule in RULES {
            let severity = rule.meta.severity.name();
            writeln!(out, "{:width$}  {severity:8}  {}", rule.meta.id, rule.meta.summary)?;
        }
        Ok(())
    }))
}

/// What to say of a rule that is none.
pub(super) fn unknown_rule(id: &str) -> String {
    let id = escape(id);
    match did_you_mean(&id, RULES.iter().map(|rule| rule.meta.id)) {
        Some(near) => format!("unknown rule `{id}`: did you mean `{near}`?"),
        None => format!("unknown rule `{id}`: `gatelint rules` lists them"),
    }
}

fn finish(done: Result<(), String>) -> Exit {
    match done {
        Ok(()) => Exit::Clean,
        Err(error) => {
            say(&format!("error: {}", escape(&error)));
            Exit::Usage
        }
    }
}
