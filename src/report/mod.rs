//! Findings to bytes: one file a format. `pretty.rs` is the only file that knows the diagnostics
//! library. Everything printed is escaped for where it goes.

use crate::finding::{Finding, Severity};
use crate::source::SourceDb;

/// What a run found: all that a format may print.
#[derive(Debug, Default)]
pub struct Run {
    /// The files that findings point into.
    pub db: SourceDb,
    /// The findings, in order.
    pub findings: Vec<Finding>,
    /// How much was looked at.
    pub counts: Counts,
}

/// How much a run looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Files that discovery came by.
    pub files_discovered: usize,
    /// Files that were parsed.
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

impl Run {
    /// How many findings have that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|f| f.severity == severity).count()
    }
}
