//! Suppression (CONTRACT 7): which findings are accepted, by whom, and which suppressions are wrong.
//!
//! Nothing is dropped here: a suppressed finding stays in the run and says who suppressed it. This
//! room says what is wrong with a suppression as a [`Flaw`]; the rules make findings of that.

mod grammar;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Label};
use crate::config::Ignore;
use crate::model::glob_match;
use crate::source::{FileId, SourceDb, Span};
use crate::syntax::{Remark, RemarkKind};
use grammar::Parsed;

/// The rules about suppressions, which no suppression suppresses.
pub const OWN: [&str; 3] = ["bad-suppression", "expired-suppression", "unused-suppression"];

/// Why a finding does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// Where that is said.
    pub kind: SuppressionKind,
    /// Why.
    pub reason: String,
    /// The last day on which it counts.
    pub until: Option<String>,
    /// The comment or entry; `None` for a baseline.
    pub span: Option<Span>,
}

/// Where a suppression stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SuppressionKind {
    /// A comment in a template.
    Comment,
    /// `Metadata` of a template.
    Metadata,
    /// `ignore` in the configuration.
    Configuration,
    /// The baseline.
    Baseline,
}

impl SuppressionKind {
    /// Its name, lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Metadata => "metadata",
            Self::Configuration => "configuration",
            Self::Baseline => "baseline",
        }
    }
}

/// A suppression that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The comment or entry.
    pub span: Span,
    /// What is wrong.
    pub kind: FlawKind,
}

/// What can be wrong with a suppression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlawKind {
    /// It cannot count.
    Bad {
        /// What is wrong.
        what: String,
        /// What to do.
        help: String,
    },
    /// Its last day is over.
    Expired {
        /// The rules it was for.
        rules: Vec<String>,
        /// Its last day.
        until: String,
    },
    /// Nothing is found that it would suppress.
    Unused {
        /// The rules that find nothing there.
        rules: Vec<String>,
    },
}

/// What suppresses, besides what stands in the templates.
#[derive(Debug, Clone, Copy)]
pub struct Suppressing<'a> {
    /// The ids of all rules.
    pub known: &'a [&'a str],
    /// The rules that were run.
    pub active: &'a BTreeSet<&'static str>,
    /// The rules that nothing in a template suppresses.
    pub locked: &'a BTreeSet<String>,
    /// `ignore` of the configuration.
    pub ignores: &'a [Ignore],
    /// The time of the run.
    pub now: i64,
    /// Whether suppressions count; where they do not, they are still looked at.
    pub counts: bool,
    /// Whether the run saw all that the configuration governs, so that an entry of it that suppresses
    /// nothing is unused.
    pub whole: bool,
}

/// Marks the findings that are suppressed, and says which suppressions are wrong. A unit may be read
/// several times: the same comment of one file is one.
pub fn suppress(
    findings: &mut [Finding],
    remarks: &[Remark],
    with: Suppressing<'_>,
    db: &SourceDb,
) -> Vec<Flaw> {
    let files = Files::default();
    let mut flaws = Vec::new();
    let mut inline = inline(remarks, with, &files, db, &mut flaws);
    let mut used: Vec<BTreeSet<String>> = vec![BTreeSet::new(); with.ignores.len()];
    for finding in findings.iter_mut().filter(|finding| !OWN.contains(&finding.rule)) {
        let by_comment = inline.find(finding, &files, db);
        let by_entry = configured(finding, with, &mut used, db);
        if with.counts {
            finding.suppression = by_comment.or(by_entry);
        }
    }
    for one in inline.list {
        let idle: Vec<String> = one
            .parsed
            .rules
            .iter()
            .filter(|rule| !one.used.contains(*rule) && with.active.contains(rule.as_str()))
            .cloned()
            .collect();
        if !idle.is_empty() {
            flaws.push(Flaw { span: one.span, kind: FlawKind::Unused { rules: idle } });
        }
    }
    for (entry, used) in with.ignores.iter().zip(used) {
        let rules = vec![entry.rule.clone()];
        let expired = entry.expires.as_ref().filter(|(_, end)| with.now >= *end);
        let kind = match expired {
            Some((day, _)) if with.whole || !used.is_empty() => {
                FlawKind::Expired { rules, until: day.clone() }
            }
            None if with.whole && used.is_empty() && with.active.contains(entry.rule.as_str()) => {
                FlawKind::Unused { rules }
            }
            _ => continue,
        };
        flaws.push(Flaw { span: entry.span, kind });
    }
    flaws
}

/// The first id of each file: one that several units read has several.
#[derive(Default)]
struct Files(std::cell::RefCell<Known>);

#[derive(Default)]
struct Known {
    by_path: BTreeMap<std::path::PathBuf, FileId>,
    first: BTreeMap<FileId, FileId>,
}

impl Files {
    fn first(&self, id: FileId, db: &SourceDb) -> FileId {
        let mut known = self.0.borrow_mut();
        if let Some(first) = known.first.get(&id) {
            return *first;
        }
        let path = db.file(id).path.clone();
        let first = *known.by_path.entry(path).or_insert(id);
        known.first.insert(id, first);
        first
    }

    fn span(&self, span: Span, db: &SourceDb) -> Span {
        Span { file: self.first(span.file, db), ..span }
    }
}

/// A suppression of a template.
struct Inline {
    parsed: Parsed,
    kind: SuppressionKind,
    span: Span,
    covers: Option<Span>,
    /// The line of a comment that stands behind something.
    line: Option<Span>,
    api: Option<std::sync::Arc<str>>,
    used: BTreeSet<String>,
}

/// All of them, by file.
struct Inlines {
    list: Vec<Inline>,
    by_file: BTreeMap<FileId, Vec<usize>>,
}

/// Reads the remarks; what cannot count becomes a flaw.
fn inline(
    remarks: &[Remark],
    with: Suppressing<'_>,
    files: &Files,
    db: &SourceDb,
    flaws: &mut Vec<Flaw>,
) -> Inlines {
    let mut seen = BTreeSet::new();
    let mut out = Inlines { list: Vec::new(), by_file: BTreeMap::new() };
    for remark in remarks {
        let span = files.span(remark.span, db);
        let api = remark.api.clone();
        if !seen.insert((span, api.clone())) {
            continue;
        }
        let (read, kind) = match &remark.kind {
            RemarkKind::Comment { text, .. } => match grammar::comment(text, with.known) {
                Some(read) => (read, SuppressionKind::Comment),
                None => continue,
            },
            RemarkKind::Entry(node) => {
                (grammar::entry(node, with.known), SuppressionKind::Metadata)
            }
        };
        let mut bad = |what: String, help: String| {
            flaws.push(Flaw { span, kind: FlawKind::Bad { what, help } });
        };
        let parsed = match read {
            Ok(parsed) => parsed,
            Err((what, help)) => {
                bad(what, help);
                continue;
            }
        };
        if let Some(locked) = parsed.rules.iter().find(|rule| with.locked.contains(*rule)) {
            bad(
                format!("the configuration locks `{locked}`"),
                "mend what it finds, or ask for an entry in the configuration's `ignore`".into(),
            );
            continue;
        }
        if let Some((day, end)) = &parsed.until
            && with.now >= *end
        {
            let kind = FlawKind::Expired { rules: parsed.rules.clone(), until: day.clone() };
            flaws.push(Flaw { span, kind });
            continue;
        }
        let behind = matches!(remark.kind, RemarkKind::Comment { own_line: false, .. });
        let line = if behind { line_of(span, db) } else { None };
        let covers = remark.covers.map(|covers| files.span(covers, db));
        out.by_file.entry(span.file).or_default().push(out.list.len());
        out.list.push(Inline { parsed, kind, span, covers, line, api, used: BTreeSet::new() });
    }
    out
}

/// The line that `span` starts in, without its end.
fn line_of(span: Span, db: &SourceDb) -> Option<Span> {
    let file = db.file(span.file);
    let at = file.line_col(span.start).line;
    let start = file.lines().start_of(at)?;
    let end = file.lines().start_of(at + 1).map_or(file.text.len(), |next| next.saturating_sub(1));
    Some(Span::new(span.file, start, end))
}

impl Inlines {
    /// Notes every suppression that stands at a finding; the first of them is given back.
    fn find(&mut self, finding: &Finding, files: &Files, db: &SourceDb) -> Option<Suppression> {
        let mut found = None;
        let labels: Vec<Span> = finding.labels.iter().map(|l| files.span(l.span, db)).collect();
        let in_files: BTreeSet<FileId> = labels.iter().map(|label| label.file).collect();
        for at in in_files.iter().filter_map(|file| self.by_file.get(file)).flatten() {
            let Some(one) = self.list.get_mut(*at) else { continue };
            if !one.parsed.rules.iter().any(|rule| rule == finding.rule)
                || !(labels.iter().any(|label| one.stands_at(*label))
                    || (one.api.is_some() && one.api.as_deref() == finding.api.as_deref()))
            {
                continue;
            }
            one.used.insert(finding.rule.to_owned());
            found.get_or_insert_with(|| Suppression {
                kind: one.kind,
                reason: one.parsed.reason.clone(),
                until: one.parsed.until.as_ref().map(|(day, _)| day.clone()),
                span: Some(one.span),
            });
        }
        found
    }
}

impl Inline {
    fn stands_at(&self, label: Span) -> bool {
        let on_line = self.line.is_some_and(|line| {
            line.file == label.file && label.start <= line.end && label.end >= line.start
                // A label that ends where the line begins covers the line before only.
                && (label.end > line.start || label.start == line.start)
        });
        on_line || self.covers.is_some_and(|covers| covers.contains(label))
    }
}

/// The entry of the configuration that suppresses a finding; every one that is about it is noted.
fn configured(
    finding: &Finding,
    with: Suppressing<'_>,
    used: &mut [BTreeSet<String>],
    db: &SourceDb,
) -> Option<Suppression> {
    let mut found = None;
    for (entry, used) in with.ignores.iter().zip(used) {
        if entry.rule != finding.rule {
            continue;
        }
        let about = match &finding.api {
            Some(api) => glob_match(&entry.resource, api),
            None => finding
                .labels
                .iter()
                .any(|Label { span, .. }| glob_match(&entry.resource, &db.file(span.file).display)),
        };
        if !about {
            continue;
        }
        used.insert(finding.rule.to_owned());
        if entry.expires.as_ref().is_some_and(|(_, end)| with.now >= *end) {
            continue;
        }
        found.get_or_insert_with(|| Suppression {
            kind: SuppressionKind::Configuration,
            reason: entry.reason.clone(),
            until: entry.expires.as_ref().map(|(day, _)| day.clone()),
            span: Some(entry.span),
        });
    }
    found
}
