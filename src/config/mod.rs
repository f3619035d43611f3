//! `gatelint.yaml` and trusted-accounts files: raw with spans, then validated settings.
//!
//! All diagnostics are found at once. This room must not know any command-line library, and must not
//! read templates. It does not know the rules either: their ids and the names of the severities are
//! handed in as a [`Vocabulary`].
//!
//! | key | meaning |
//! |---|---|
//! | `version` | `1` |
//! | `extend` | configurations that this one builds on, relative to this file; of two values for one key the nearer one wins, and of two in one list the later; the lists of `trust` are joined |
//! | `exclude` | globs of what to leave out, relative to the folder of the configuration file (the one above, for `.github/gatelint.yaml`) |
//! | `fail-on` | the severity from which on a run fails, or `never` |
//! | `possible` | `warn` or `fail`: whether possible findings keep their full severity and fail a run |
//! | `owner` | `accounts` and `region` deployed to |
//! | `trust` | `files`, `accounts`, `organizations`, `vpcs`, `vpc-endpoints`, `networks` |
//! | `public-apis` | `api` (glob), `routes`, `reason`, `owner`: what is open on purpose |
//! | `rules` | by id: `severity`, `locked` (no comment suppresses it, and no configuration that builds on this one changes either) |
//! | `assume` | `parameters` and `variables`: one value, or a list of values that are all judged |
//! | `ignore` | `rule`, `resource` (glob), `reason`, `expires`: what is not reported |
//!
//! A trusted-accounts file holds the keys of `trust` but `files`, or the list of accounts alone.

mod date;
mod diagnostic;
mod file;
mod find;
mod ignore;
mod load;
mod parameters;
mod public;
mod reader;
mod trust;

pub use date::{day_end, day_start};
pub use diagnostic::{Diagnostic, render};
pub use find::{FILE_NAMES, find};
pub use ignore::Ignore;
pub use load::{Loader, Sources};
pub use parameters::parameter_file;
pub use public::PublicApi;
pub use trust::{List, Listed};

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::model::{AccountId, Trust};
use crate::source::{SourceRoot, Span};

/// What a run is set to do.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Whom the deployer trusts; the owner accounts too.
    pub trust: Trust,
    /// The span of each entry of the list of trusted accounts, by `TrustedAccount::entry`.
    pub trust_spans: Vec<Span>,
    /// The owner accounts as they are written.
    pub owner_spans: Vec<(AccountId, Span)>,
    /// The entries of the other lists of trust.
    pub trust_lists: Vec<Listed>,
    /// The region deployed to, when it is known.
    pub region: Option<String>,
    /// Files and folders to leave out: globs with the folder they are relative to.
    pub exclude: Vec<(PathBuf, String)>,
    /// Values for parameters (`--param`), by name; several values are all judged.
    pub parameters: BTreeMap<String, Vec<String>>,
    /// Values for variables (`--var`), by name; several values are all judged.
    pub variables: BTreeMap<String, Vec<String>>,
    /// Variables files (`--var-file`).
    pub var_files: Vec<PathBuf>,
    /// The sources that plans were made of (`--source`).
    pub source: Option<SourceRoot>,
    /// The name of the severity from which on a run fails, or `never`.
    pub fail_on: Option<String>,
    /// Whether possible findings keep their full severity and fail a run.
    pub fail_possible: bool,
    /// The name of the severity that all findings of a rule get, by its id.
    pub severities: BTreeMap<String, String>,
    /// The rules that no comment in a template suppresses.
    pub locked: BTreeSet<String>,
    /// Where each of them is locked: no nearer configuration changes what is said of it.
    pub locked_at: BTreeMap<String, Span>,
    /// What is not reported.
    pub ignores: Vec<Ignore>,
    /// What is open on purpose.
    pub public_apis: Vec<PublicApi>,
}

/// The words that a configuration may use and that this room does not know of itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Vocabulary<'a> {
    /// The ids of the rules.
    pub rules: &'a [&'a str],
    /// The names of the severities.
    pub severities: &'a [&'a str],
}

#[cfg(test)]
mod tests;
