//! Findings to bytes: one file a format. `pretty/` is the only place that knows the diagnostics
//! library. Everything printed is escaped for where it goes.
//!
//! A format gets a [`Run`], which is plain data, and writes it; it must not decide anything, read
//! any file, or depend on the clock. The same run gives the same bytes.

pub mod answer;
pub mod callers;
pub mod concise;
pub mod github;
pub mod gitlab;
pub mod inventory;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod pretty;
pub mod sarif;
pub mod witness;

mod place;
mod words;

#[cfg(test)]
mod hostile;

pub use crate::source::escape;

use std::io::{self, Write};
use std::sync::Arc;

use crate::finding::{Confidence, Finding, Severity};
use crate::model::{Api, ApiKind, Problem, Reach};
use crate::source::{Origins, SourceDb};

/// What a run found: all that a format may print.
#[derive(Debug, Default)]
pub struct Run {
    /// The files that findings point into.
    pub db: SourceDb,
    /// The findings, in order, those that are suppressed too.
    pub findings: Vec<Finding>,
    /// The APIs, by file and position.
    pub apis: Vec<JudgedApi>,
    /// What is wrong with the units apart from what their policies say.
    pub problems: Vec<FoundProblem>,
    /// How much was looked at.
    pub counts: Counts,
    /// Which findings fail the run.
    pub threshold: Threshold,
    /// What was not looked at, or not followed, apart from what findings say.
    pub notices: Vec<Notice>,
    /// Whether something in gatelint broke down: the findings may not be all.
    pub broke: bool,
}

/// Which findings fail a run (CONTRACT 3). The exit code and every format ask this, so that they
/// cannot disagree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Threshold {
    /// From which severity on; `None`: never.
    pub least: Option<Severity>,
    /// Whether possible findings count.
    pub possible: bool,
}

impl Threshold {
    /// Whether `finding` fails the run.
    pub fn fails(self, finding: &Finding) -> bool {
        self.least.is_some_and(|least| finding.severity >= least)
            && (finding.confidence == Confidence::Proved || self.possible)
    }
}

/// Something that was not looked at, or not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Whether it should worry anybody.
    pub level: NoticeLevel,
    /// The file, as it is printed.
    pub file: Option<String>,
    /// What, and why.
    pub message: String,
}

/// How much a [`Notice`] matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeLevel {
    /// Nothing was there to look at.
    Note,
    /// Something may have been missed.
    Warning,
}

/// A format of reports.
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// Writes a run in it. Errors are those of the writer.
    pub write: fn(&Run, Options, &mut dyn Write) -> io::Result<()>,
    /// Whether the report ends with the summary line.
    pub has_summary: bool,
}

/// Every format. A new one is one new file here, and its line.
pub static FORMATS: &[Format] = &[
    Format { name: "pretty", write: pretty::write, has_summary: true },
    Format { name: "concise", write: |run, _, out| concise::write(run, out), has_summary: false },
    Format { name: "json", write: |run, _, out| json::write(run, out), has_summary: false },
    Format { name: "sarif", write: |run, _, out| sarif::write(run, out), has_summary: false },
    Format {
        name: "code-scanning",
        write: |run, _, out| sarif::code_scanning::write(run, out),
        has_summary: false,
    },
    Format { name: "github", write: |run, _, out| github::write(run, out), has_summary: false },
    Format { name: "gitlab", write: |run, _, out| gitlab::write(run, out), has_summary: false },
    Format { name: "junit", write: |run, _, out| junit::write(run, out), has_summary: false },
    Format { name: "markdown", write: |run, _, out| markdown::write(run, out), has_summary: true },
];

/// The format of that name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
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

/// A problem of a unit.
#[derive(Debug, Clone)]
pub struct FoundProblem {
    /// The problem.
    pub problem: Problem,
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
    /// Findings that the baseline accepts.
    pub baselined: usize,
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
    /// The findings that count: those that nobody accepted.
    pub fn active(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| !finding.is_suppressed())
    }

    /// How many findings that count have that severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.active().filter(|f| f.severity == severity).count()
    }

    /// One line on the whole run, without a line end: `checked 2 APIs in 5 files: 1 critical, 3 low
    /// (2 possible), 1 value unresolved`. Custom domains and VPC endpoints are no APIs.
    pub fn summary(&self) -> String {
        let Counts { apis, files_analyzed, unresolved, suppressed, baselined, .. } = self.counts;
        let mut parts: Vec<String> = Severity::ALL
            .into_iter()
            .map(|severity| (severity, self.count(severity)))
            .filter(|(_, count)| *count > 0)
            .map(|(severity, count)| format!("{count} {}", severity.name()))
            .collect();
        if parts.is_empty() {
            parts.push("no findings".into());
        }
        let possible = self.active().filter(|f| f.confidence == Confidence::Possible).count();
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
        if baselined > 0 {
            parts.push(format!("{baselined} in the baseline"));
        }
        let mut checked = String::new();
        let mut others = 0;
        for (kind, noun) in
            [(ApiKind::DomainName, "custom domain"), (ApiKind::VpcEndpoint, "VPC endpoint")]
        {
            let count = self.apis.iter().filter(|judged| judged.api.kind == kind).count();
            if count > 0 {
                checked.push_str(&format!(", {}", plural(count, noun)));
            }
            others += count;
        }
        let (apis, files) =
            (plural(apis.saturating_sub(others), "API"), plural(files_analyzed, "file"));
        format!("checked {apis}{checked} in {files}: {}", parts.join(", "))
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
