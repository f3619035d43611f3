//! The rules: one file each.
//!
//! A *cause* explains an exposure that the engine found; each exposure goes to the claiming cause of
//! the highest rank, exactly one. A *defect* reports on its own what is wrong but opens nothing. One
//! hole, one finding. A rule never reads text: it sees the model and the exposures, and writes drafts.

use crate::finding::Severity;

/// The plain data of a rule.
#[derive(Debug, Clone, Copy)]
pub struct Meta {
    /// Its id: kebab-case, names the flaw, never changes.
    pub id: &'static str,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// Its severity where no exposure sets it; for causes, the worst it can have.
    pub severity: Severity,
    /// Its page, in Markdown.
    pub doc: &'static str,
}
