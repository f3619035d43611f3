//! Findings to bytes: one file a format. `pretty.rs` is the only file that knows the diagnostics
//! library. Everything printed is escaped for where it goes.
//!
//! A format gets a [`Run`], which is plain data, and writes it; it must not decide anything, read
//! any file, or depend on the clock. The same run gives the same bytes.

pub mod concise;
pub mod json;
pub mod pretty;
pub mod witness;

pub use crate::source::escape;

use std::sync::Arc;

use crate::finding::{Confidence, Finding, Severity};
use crate::model::{Api, Reach};
use crate::source::{Origins, SourceDb};

/// What a run found: all that a format may print.
#[derive(Debug, Default)]
pub struct Run {
    /// The files that findings point into.
    pub db: SourceDb,
    /// The findings, in order.
    pub findings: Vec<Finding>,
    /// The APIs, by file and position.
    pub apis: Vec<JudgedApi>,
    /// How much was looked at.
    pub counts: Counts,
}

/// An API and what the decision procedure says of it.
#[derive(Debug, Clone)]
pub struct JudgedApi {
    /// The API.
    pub api: Api,
    /// Who can call it.
    pub reach: Reach,
    /// The arena that its origins belong to.
    pub origins: Arc<Origins>,
}

/// How much a run looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files that discovery came by.
    pub files_discovered: usize,
    /// Files of units that could be read.
    pub files_analyzed: usize,
    /// APIs, custom domains and bare documents.
    pub apis: usize,
    /// Policies.
    pub policies: usize,
    /// Values and forms that could not be resolved.
    pub unresolved: usize,
    /// Findings that were suppressed.
    pub suppressed: usize,
}

/// How to print.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Whether to write terminal colours.
    pub color: bool,
    /// The columns of the screen; 0 where they are not known.
    pub width: usize,
}

impl Run {
    /// How many findings have that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|f| f.severity == severity).count()
    }

    /// One line on the whole run, without a line end: `checked 2 APIs in 5 files: 1 critical, 3 low
    /// (2 possible), 1 value unresolved`.
    pub fn summary(&self) -> String {
        let Counts { apis, files_analyzed, unresolved, suppressed, .. } = self.counts;
        let mut parts: Vec<String> = Severity::ALL
            .into_iter()
            .map(|severity| (severity, self.count(severity)))
            .filter(|(_, count)| *count > 0)
            .map(|(severity, count)| format!("{count} {}", severity.name()))
            .collect();
        if parts.is_empty() {
            parts.push("no findings".into());
        }
        let possible =
            self.findings.iter().filter(|f| f.confidence == Confidence::Possible).count();
        if possible > 0
            && let Some(last) = parts.last_mut()
        {
            last.push_str(&format!(" ({possible} possible)"));
        }
        if unresolved > 0 {
            parts.push(format!("{unresolved} unresolved"));
        }
        if suppressed > 0 {
            parts.push(format!("{suppressed} suppressed"));
        }
        let (apis, files) = (plural(apis, "API"), plural(files_analyzed, "file"));
        format!("checked {apis} in {files}: {}", parts.join(", "))
    }
}

/// `1 file`, `2 files`.
pub fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summary_without_findings() {
        let counts = Counts { apis: 1, files_analyzed: 3, ..Counts::default() };
        let run = Run { counts, ..Run::default() };
        assert_eq!(run.summary(), "checked 1 API in 3 files: no findings");
        let counts = Counts { apis: 2, files_analyzed: 1, unresolved: 4, ..Counts::default() };
        let run = Run { counts, ..Run::default() };
        assert_eq!(run.summary(), "checked 2 APIs in 1 file: no findings, 4 unresolved");
    }
}
