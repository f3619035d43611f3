//! Exit codes (CONTRACT 3), the same in every output format.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// Nothing at or above `--fail-on`; `can`: allowed.
    Clean,
    /// Findings at or above it; `can`: denied.
    Findings,
    /// Bad usage or configuration.
    Usage,
    /// No infrastructure code under the given paths.
    Nothing,
    /// `can` only: it depends.
    Depends,
    /// A bug in gatelint.
    Bug,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Nothing => 3,
            Exit::Depends => 4,
            Exit::Bug => 101,
        })
    }
}
