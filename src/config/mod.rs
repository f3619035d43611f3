//! `gatelint.yaml` and trusted-accounts files: raw with spans, then validated settings.
//!
//! All diagnostics are found at once. This room must not know any command-line library, and must not
//! read templates.

use crate::model::Trust;
use crate::source::Span;

/// What a run is set to do.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Whom the deployer trusts; the owner accounts too.
    pub trust: Trust,
    /// The span of each entry of the list of trusted accounts, by `TrustedAccount::entry`.
    pub trust_spans: Vec<Span>,
    /// The region deployed to, when it is known.
    pub region: Option<String>,
    /// Files and folders to leave out: globs with the folder they are relative to.
    pub exclude: Vec<(std::path::PathBuf, String)>,
    /// Values for parameters (`--param`), by name; several values are all judged.
    pub parameters: std::collections::BTreeMap<String, Vec<String>>,
    /// Values for variables (`--var`), by name; several values are all judged.
    pub variables: std::collections::BTreeMap<String, Vec<String>>,
    /// Variables files (`--var-file`).
    pub var_files: Vec<std::path::PathBuf>,
}
