//! The order of findings, and which of them are one.

use std::cmp::Ordering;

use super::{Confidence, Finding};
use crate::source::{FileId, SourceDb, Span};

/// Sorts findings by file, start, severity (the worst first) and rule, and makes one of those that
/// say the same of the same token.
///
/// The same statement is judged once for each world and reading in which it stands; a finding that
/// comes back is one finding. Its proved form wins over its possible one, and a shorter list of
/// assumptions over a longer one.
pub fn order(mut findings: Vec<Finding>, db: &SourceDb) -> Vec<Finding> {
    sort(&mut findings, db);
    let mut out: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        // Those of one token are neighbours, or nearly: looking back stops at another start.
        let start =
            out.iter().rposition(|old| start_of(old) != start_of(&finding)).map_or(0, |at| at + 1);
        match (start..out.len()).find(|at| is_same(&out[*at], &finding)) {
            Some(at) if better(&finding, &out[at]) == Ordering::Greater => out[at] = finding,
            Some(_) => {}
            None => out.push(finding),
        }
    }
    sort(&mut out, db);
    out
}

fn sort(findings: &mut [Finding], db: &SourceDb) {
    findings.sort_by_cached_key(|f| {
        let file = f.primary_span().map(|span| db.file(span.file).display.clone());
        let rest = (f.rule, f.api.clone(), f.primary_span().map(|s| s.end), f.title.clone());
        (file, start_of(f).map(|(_, start)| start), std::cmp::Reverse(f.severity), rest)
    });
}

fn start_of(finding: &Finding) -> Option<(FileId, u32)> {
    finding.primary_span().map(|span| (span.file, span.start))
}

/// Whether two findings mean the same: rule, token, API and meaning. What a shorthand becomes for each
/// path of an API, and what another value beside the token is in each world, is one finding, where it
/// says the same of the same token.
fn is_same(a: &Finding, b: &Finding) -> bool {
    a.rule == b.rule
        && a.primary_span() == b.primary_span()
        && a.api == b.api
        && (a.fingerprint == b.fingerprint || (a.title == b.title && a.labels == b.labels))
}

/// Which of two equal findings says more.
fn better(a: &Finding, b: &Finding) -> Ordering {
    let rank = |f: &Finding| (f.confidence == Confidence::Proved, f.severity);
    rank(a).cmp(&rank(b)).then(b.assumptions.len().cmp(&a.assumptions.len()))
}

impl Finding {
    /// The token of the primary label.
    fn primary_span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::finding::{Label, Severity};
    use crate::model::Assumption;

    fn finding(rule: &'static str, file: FileId, start: usize, severity: Severity) -> Finding {
        Finding {
            rule,
            severity,
            confidence: Confidence::Proved,
            title: "a title".into(),
            help: String::new(),
            api: Some("Api".into()),
            labels: vec![Label {
                span: Span::new(file, start, start + 1),
                message: String::new(),
                primary: true,
            }],
            steps: Vec::new(),
            witness: None,
            why_not_denied: None,
            assumptions: Vec::new(),
            fingerprint: "0".into(),
            suppression: None,
            advice: None,
        }
    }

    #[test]
    fn by_file_start_severity_rule_whatever_the_order_of_reading() {
        let db = SourceDb::new();
        let late = db.add(Path::new("z.tf"), "z.tf".into(), "text");
        let early = db.add(Path::new("a.tf"), "a.tf".into(), "text");
        let all = vec![
            finding("b", late, 0, Severity::Critical),
            finding("b", early, 2, Severity::Critical),
            finding("b", early, 1, Severity::Low),
            finding("a", early, 1, Severity::Low),
            finding("z", early, 1, Severity::High),
        ];
        let mut reversed = all.clone();
        reversed.reverse();
        let got = order(all, &db);
        assert_eq!(got, order(reversed, &db));
        let keys: Vec<_> = got.iter().map(|f| (f.primary().span.start, f.rule)).collect();
        assert_eq!(keys, [(1, "z"), (1, "a"), (1, "b"), (2, "b"), (0, "b")]);
    }

    #[test]
    fn what_several_worlds_say_is_said_once_and_proved_wins() {
        let db = SourceDb::new();
        let file = db.add(Path::new("a.tf"), "a.tf".into(), "text");
        let proved = finding("a", file, 0, Severity::High);
        let possible = Finding {
            confidence: Confidence::Possible,
            severity: Severity::Medium,
            assumptions: vec![Assumption { text: "x".into(), pin: None, origin: None }],
            ..proved.clone()
        };
        let other_api = Finding { api: Some("Other".into()), ..proved.clone() };
        let other_meaning =
            Finding { fingerprint: "1".into(), title: "another".into(), ..proved.clone() };
        // What stands beside the token is another one in each world, and nobody sees it.
        let beside = Finding { fingerprint: "2".into(), ..possible.clone() };
        let all = vec![
            possible.clone(),
            beside,
            other_api.clone(),
            proved.clone(),
            other_meaning.clone(),
        ];
        let got = order(all, &db);
        assert_eq!(got.len(), 3, "{got:#?}");
        assert!(got.contains(&proved) && got.contains(&other_api) && got.contains(&other_meaning));
        assert!(!got.contains(&possible));
    }
}
