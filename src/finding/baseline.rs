//! The baseline: findings that were there when gatelint came, keyed by what they mean.
//!
//! An entry holds the rule, the resource, its file and the fingerprint of the grant, with the
//! severity that was accepted and how often it stands there: no line, no message, no absolute path.
//! A finding that moves keeps its entry; a grant that changes has another fingerprint, and one that
//! got worse exceeds the severity that was accepted: both are new.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Finding, Severity, Suppression, SuppressionKind};
use crate::source::FileId;

const VERSION: u32 = 1;

/// What makes two findings one over time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    rule: String,
    resource: String,
    file: String,
    fingerprint: String,
}

/// Findings that were accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// How often each finding stands at each severity.
    entries: BTreeMap<Key, BTreeMap<Severity, usize>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rule: String,
    resource: String,
    file: String,
    fingerprint: String,
    severity: String,
    count: usize,
}

impl Baseline {
    /// The baseline that accepts `findings`. `name` gives the path of a file, relative to the folder
    /// of the baseline.
    pub fn of<'f>(
        findings: impl Iterator<Item = &'f Finding>,
        name: &dyn Fn(FileId) -> String,
    ) -> Self {
        let mut out = Self::default();
        for finding in findings {
            let counts = out.entries.entry(key(finding, name)).or_default();
            *counts.entry(finding.severity).or_insert(0) += 1;
        }
        out
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let document: Document =
            serde_json::from_str(text).map_err(|error| format!("it is no baseline: {error}"))?;
        if document.version != VERSION {
            let version = document.version;
            return Err(format!("its version is {version}; this program reads {VERSION}"));
        }
        let mut out = Self::default();
        for entry in document.findings {
            let Entry { rule, resource, file, fingerprint, severity, count } = entry;
            let severity = Severity::parse(&severity)
                .ok_or_else(|| format!("`{severity}` is not a severity"))?;
            let key = Key { rule, resource, file, fingerprint };
            let known = out.entries.entry(key).or_default().entry(severity).or_insert(0);
            *known = known.saturating_add(count);
        }
        Ok(out)
    }

    /// The baseline as JSON, sorted, with a line end.
    pub fn to_json(&self) -> String {
        let findings = self.entries.iter().flat_map(|(key, counts)| {
            counts.iter().rev().map(|(severity, count)| Entry {
                rule: key.rule.clone(),
                resource: key.resource.clone(),
                file: key.file.clone(),
                fingerprint: key.fingerprint.clone(),
                severity: severity.name().to_owned(),
                count: *count,
            })
        });
        let document = Document { version: VERSION, findings: findings.collect() };
        // Plain data of text and numbers: this does not fail.
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        text
    }

    /// How many findings it accepts.
    pub fn len(&self) -> usize {
        self.entries.values().flat_map(BTreeMap::values).sum()
    }

    /// Whether it accepts nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Marks the findings that it accepts, each entry as often as it counts, and gives back what is
    /// left over: what was mended.
    pub fn accept(mut self, findings: &mut [Finding], name: &dyn Fn(FileId) -> String) -> Self {
        for finding in findings.iter_mut().filter(|finding| !finding.is_suppressed()) {
            let key = key(finding, name);
            let Some(counts) = self.entries.get_mut(&key) else { continue };
            // The mildest acceptance that is enough: a worse one may be needed by another.
            let enough = counts.range(finding.severity..).find(|(_, count)| **count > 0);
            let Some(severity) = enough.map(|(severity, _)| *severity) else { continue };
            if let Some(count) = counts.get_mut(&severity) {
                *count -= 1;
            }
            finding.suppression = Some(Suppression {
                kind: SuppressionKind::Baseline,
                reason: "it was there when the baseline was created".into(),
                until: None,
                span: None,
            });
        }
        for counts in self.entries.values_mut() {
            counts.retain(|_, count| *count > 0);
        }
        self.entries.retain(|_, counts| !counts.is_empty());
        self
    }

    /// Keeps the entries whose file satisfies `keep`.
    pub fn retain_files(&mut self, keep: impl Fn(&str) -> bool) {
        self.entries.retain(|key, _| keep(&key.file));
    }

    /// Adds all of another baseline.
    pub fn extend(&mut self, other: Self) {
        for (key, counts) in other.entries {
            let known = self.entries.entry(key).or_default();
            for (severity, count) in counts {
                *known.entry(severity).or_insert(0) += count;
            }
        }
    }
}

fn key(finding: &Finding, name: &dyn Fn(FileId) -> String) -> Key {
    Key {
        rule: finding.rule.to_owned(),
        resource: finding.api.clone().unwrap_or_default(),
        file: finding.labels.first().map_or_else(String::new, |label| name(label.span.file)),
        fingerprint: finding.fingerprint.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::finding::{Confidence, Draft, build};
    use crate::source::{Origins, SourceDb, Span};

    fn finding(start: usize, key: &str, severity: Severity) -> Finding {
        let db = SourceDb::new();
        let file = db.add(Path::new("/a.tf"), "a.tf".into(), "x".repeat(99));
        let mut origins = Origins::new();
        let origin = origins.literal(Span::new(file, start, start + 1));
        let mut draft = Draft::new("a-rule", severity, (origin, String::new()));
        draft.key = key.into();
        draft.confidence = Confidence::Proved;
        build(draft, &origins, false)
    }

    fn name(_: FileId) -> String {
        "a.tf".into()
    }

    fn accepted(baseline: &Baseline, findings: &mut [Finding]) -> Vec<bool> {
        baseline.clone().accept(findings, &name);
        findings.iter().map(Finding::is_suppressed).collect()
    }

    #[test]
    fn a_moved_finding_is_known_and_a_changed_one_is_new() {
        let old = [finding(1, "grant", Severity::High)];
        let baseline = Baseline::of(old.iter(), &name);
        let mut now = [finding(50, "grant", Severity::High), finding(1, "other", Severity::High)];
        assert_eq!(accepted(&baseline, &mut now), [true, false]);
    }

    #[test]
    fn counts_and_severities_limit_what_is_accepted() {
        let old = [finding(1, "grant", Severity::High), finding(2, "grant", Severity::Medium)];
        let baseline = Baseline::of(old.iter(), &name);
        let mut now = [
            finding(1, "grant", Severity::Medium),
            finding(2, "grant", Severity::High),
            finding(3, "grant", Severity::High),
        ];
        assert_eq!(accepted(&baseline, &mut now), [true, true, false]);
        let mut worse = [finding(1, "grant", Severity::Critical)];
        assert_eq!(accepted(&baseline, &mut worse), [false]);
        let mut milder = [finding(1, "grant", Severity::Low)];
        assert_eq!(accepted(&baseline, &mut milder), [true]);
    }

    #[test]
    fn it_reads_what_it_writes_and_says_nothing_of_places() {
        let old = [finding(7, "b", Severity::High), finding(8, "a", Severity::Low)];
        let baseline = Baseline::of(old.iter(), &name);
        let text = baseline.to_json();
        assert_eq!(Baseline::parse(&text), Ok(baseline));
        assert!(!text.contains("line") && !text.contains("offset"), "{text}");
        assert!(Baseline::parse("{}").is_err());
        assert!(Baseline::parse(&text.replace("\"version\": 1", "\"version\": 2")).is_err());
        assert!(Baseline::parse(&text.replace("\"high\"", "\"worst\"")).is_err());
    }

    #[test]
    fn what_is_left_over_was_mended() {
        let old = [finding(1, "a", Severity::High), finding(1, "b", Severity::High)];
        let baseline = Baseline::of(old.iter(), &name);
        let mut now = [finding(9, "a", Severity::High)];
        let left = baseline.accept(&mut now, &name);
        assert_eq!(left, Baseline::of(old[1..].iter(), &name));
    }
}
