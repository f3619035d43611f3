//! `explain` and `rules`.

use super::exit::Exit;
use super::terminal::{report, say};
use crate::rules::{RULES, metas};
use crate::source::{did_you_mean, escape};

/// Prints the page of a rule.
pub(super) fn explain(id: &str) -> Exit {
    let Some(meta) = metas().find(|meta| meta.id == id) else {
        say(&format!("error: {}", unknown(id, metas().map(|meta| meta.id))));
        return Exit::Usage;
    };
    finish(report(None, |out| writeln!(out, "{}", meta.doc.trim_end())))
}

/// Prints one line a rule: id, severity, summary.
pub(super) fn list() -> Exit {
    let width = metas().map(|meta| meta.id.len()).max().unwrap_or(0);
    finish(report(None, |out| {
        for meta in metas() {
            let severity = meta.severity.name();
            writeln!(out, "{:width$}  {severity:8}  {}", meta.id, meta.summary)?;
        }
        Ok(())
    }))
}

/// What to say of a rule that is none of `lint`.
pub(super) fn unknown_rule(id: &str) -> String {
    unknown(id, RULES.iter().map(|rule| rule.meta.id))
}

fn unknown(id: &str, known: impl Iterator<Item = &'static str>) -> String {
    let id = escape(id);
    match did_you_mean(&id, known) {
        Some(near) => format!("unknown rule `{id}`: did you mean `{near}`?"),
        None => format!("unknown rule `{id}`: `gatelint rules` lists them"),
    }
}

/// The exit of a command that only prints.
pub(super) fn finish(done: Result<(), String>) -> Exit {
    match done {
        Ok(()) => Exit::Clean,
        Err(error) => {
            say(&format!("error: {}", escape(&error)));
            Exit::Usage
        }
    }
}
