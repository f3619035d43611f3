//! GitLab code quality: a JSON list, one entry a finding ("Code Quality report format" of the GitLab
//! documentation, a subset of the Code Climate specification).

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::place::Place;
use super::{Run, escape, words};
use crate::finding::{Finding, Severity};
use crate::source::SourceDb;

/// Writes the findings of `run`.
///
/// # Errors
/// Those of `out`.
pub fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let mut seen = BTreeMap::new();
    let entries: Vec<Entry> =
        run.active().map(|finding| entry(finding, &run.db, &mut seen)).collect();
    serde_json::to_writer_pretty(&mut *out, &entries)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Entry {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

fn entry(finding: &Finding, db: &SourceDb, seen: &mut BTreeMap<String, usize>) -> Entry {
    let place = Place::of(finding.primary().span, db);
    let mut description = vec![escape(&finding.title).into_owned()];
    description.extend(words::sentences(finding));
    Entry {
        description: format!("{}.", description.join(". ")),
        check_name: finding.rule,
        fingerprint: fingerprint(finding, &place.file, seen),
        severity: match finding.severity {
            Severity::Critical => "blocker",
            Severity::High => "critical",
            Severity::Medium => "major",
            Severity::Low => "minor",
            Severity::Info => "info",
        },
        location: Location {
            path: escape(&place.file).into_owned(),
            lines: Lines { begin: place.start.line, end: place.end.line },
        },
    }
}

/// GitLab compares reports by fingerprints and keeps one entry of each. A finding's own is that of
/// its meaning, which two files, or two tokens of one file, can share: the path and a running number
/// tell them apart, and no line does.
fn fingerprint(finding: &Finding, file: &str, seen: &mut BTreeMap<String, usize>) -> String {
    let base = format!("{}{:016x}", finding.fingerprint, fnv(file.as_bytes()));
    let count = seen.entry(base.clone()).or_insert(0);
    *count += 1;
    if *count == 1 { base } else { format!("{base}-{count}") }
}

/// FNV-1a, which is the same on every platform and in every version.
fn fnv(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::report::hostile;

    fn report(run: &Run) -> Value {
        let mut out = Vec::new();
        write(run, &mut out).expect("writes to memory");
        serde_json::from_slice(&out).expect("JSON")
    }

    #[test]
    fn the_fields_that_gitlab_reads() {
        insta::assert_snapshot!(format!("{:#}", report(&hostile::plain())), @r#"
        [
          {
            "description": "anyone on the internet can call this API. everyone, callers without credentials included. witness: anonymous, from 8.8.8.8, with aws:referer = s3cret: GET /prod/orders. why not denied: no Deny matches. assumes: partner = * (set with --var partner=...). help: name the accounts that call.",
            "check_name": "wildcard-principal",
            "fingerprint": "0123456789abcdef5f6a90a8f33f0fc2",
            "severity": "blocker",
            "location": {
              "path": "infra/api.tf",
              "lines": {
                "begin": 3,
                "end": 3
              }
            }
          }
        ]
        "#);
    }

    #[test]
    fn fingerprints_are_unique_and_do_not_follow_lines() {
        let mut run = hostile::plain();
        let first = report(&run)[0]["fingerprint"].clone();
        let mut moved = run.findings[0].clone();
        moved.labels[0].span.start += 1;
        run.findings.push(moved.clone());
        let other = run.db.add("b.tf".as_ref(), "b.tf".into(), "line\nline\n");
        moved.labels[0].span = crate::source::Span::new(other, 6, 7);
        run.findings.push(moved);
        let all = report(&run);
        let all = all.as_array().expect("a list");
        let prints: BTreeSet<&str> =
            all.iter().map(|entry| entry["fingerprint"].as_str().expect("a string")).collect();
        assert_eq!(prints.len(), 3, "{prints:?}");
        assert_eq!(all[0]["fingerprint"], first);
        // A line that moved changes nothing.
        run.findings.truncate(1);
        run.findings[0].labels[0].span.start -= 40;
        assert_eq!(report(&run)[0]["fingerprint"], first);
        assert_ne!(report(&run)[0]["location"]["lines"]["begin"], 3);
    }

    #[test]
    fn every_severity_has_one_of_gitlabs() {
        let mut run = hostile::plain();
        let expected = ["blocker", "critical", "major", "minor", "info"];
        for (severity, expected) in Severity::ALL.into_iter().zip(expected) {
            run.findings[0].severity = severity;
            assert_eq!(report(&run)[0]["severity"], expected);
        }
    }

    #[test]
    fn no_control_or_order_mark_survives() {
        for run in hostile::runs() {
            let text = report(&run)[0]["description"].as_str().expect("text").to_owned();
            assert!(!text.contains(|c: char| c.is_control() || c == '\u{202e}'), "{text:?}");
        }
    }

    #[test]
    fn no_findings_are_an_empty_list() {
        assert_eq!(report(&Run::default()), Value::Array(Vec::new()));
    }
}
