//! SARIF for GitHub's code scanning.
//!
//! Code scanning reads a part of the standard ("SARIF support for code scanning"), to which
//! suppressions do not belong: a finding that was accepted would be an open alert. It shows the 5,000
//! worst results of a run, 100 locations and 1,000 steps of a code flow of each, and refuses files
//! that are far above these limits ("SARIF results exceed limits"). So this holds the findings that
//! count, within the limits; how many had to be left out is notified.

use std::borrow::Cow;
use std::io::{self, Write};

use super::object::{Message, Notification};
use super::{notifications, put, result};
use crate::finding::Finding;
use crate::report::{Run, plural, words};

/// What code scanning shows.
struct Limits {
    /// Results of a run.
    results: usize,
    /// Locations of a result, the primary one included.
    locations: usize,
    /// Locations of a code flow.
    steps: usize,
}

const LIMITS: Limits = Limits { results: 5_000, locations: 100, steps: 1_000 };

/// Writes `run` as one log file and a line end.
///
/// # Errors
/// Those of `out`.
pub fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    write_within(run, &LIMITS, out)
}

fn write_within(run: &Run, limits: &Limits, out: &mut dyn Write) -> io::Result<()> {
    let mut findings: Vec<&Finding> = run.active().collect();
    let mut notifications = notifications(run);
    let over = findings.len().saturating_sub(limits.results);
    if over > 0 {
        findings = words::worst_first(findings.into_iter());
        findings.truncate(limits.results);
        let left = plural(over, "finding");
        notifications.push(Notification {
            level: "warning",
            message: Message::plain(&format!(
                "{left} of the least severity left out: code scanning shows {}",
                limits.results
            )),
            locations: Vec::new(),
            associated_rule: None,
        });
    }
    let results =
        findings.into_iter().map(|finding| result::result(&cut(finding, limits), &run.db));
    put(run, results.collect(), notifications, out)
}

/// `finding` with the labels and steps that are shown. The first label is the primary one.
fn cut<'a>(finding: &'a Finding, limits: &Limits) -> Cow<'a, Finding> {
    if finding.labels.len() <= limits.locations && finding.steps.len() <= limits.steps {
        return Cow::Borrowed(finding);
    }
    let mut finding = finding.clone();
    finding.labels.truncate(limits.locations);
    finding.steps.truncate(limits.steps);
    Cow::Owned(finding)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::finding::{Severity, Suppression, SuppressionKind};
    use crate::report::hostile;

    fn report(run: &Run, limits: &Limits) -> Value {
        let mut out = Vec::new();
        write_within(run, limits, &mut out).expect("writes to memory");
        serde_json::from_slice(&out).expect("JSON")
    }

    fn notified(log: &Value) -> &Value {
        &log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    }

    #[test]
    fn what_was_accepted_is_no_alert() {
        let mut run = hostile::plain();
        let mut accepted = run.findings[0].clone();
        accepted.suppression = Some(Suppression {
            kind: SuppressionKind::Comment,
            reason: "a public page".into(),
            until: None,
            span: None,
        });
        accepted.fingerprint = "accepted".into();
        run.findings.push(accepted);
        let mut all = Vec::new();
        super::super::write(&run, &mut all).expect("writes to memory");
        let all: Value = serde_json::from_slice(&all).expect("JSON");
        assert_eq!(all["runs"][0]["results"].as_array().map(Vec::len), Some(2));
        let log = report(&run, &LIMITS);
        let results = log["runs"][0]["results"].as_array().expect("results");
        assert_eq!(results.len(), 1);
        // All else is the same.
        assert_eq!(results[0], all["runs"][0]["results"][0]);
        assert_eq!(log["runs"][0]["tool"], all["runs"][0]["tool"]);
        assert!(notified(&log).is_null());
    }

    #[test]
    fn the_worst_stay_within_the_limits() {
        let mut run = hostile::plain();
        let worst = run.findings[0].clone();
        let low = Finding { severity: Severity::Low, ..worst.clone() };
        run.findings = vec![low.clone(), worst.clone(), low, worst];
        let log = report(&run, &Limits { results: 3, ..LIMITS });
        let results = log["runs"][0]["results"].as_array().expect("results");
        let severity = |result: &Value| result["properties"]["severity"].clone();
        let severities: Vec<Value> = results.iter().map(severity).collect();
        assert_eq!(severities, ["critical", "critical", "low"]);
        let told = &notified(&log)[0]["message"]["text"];
        assert_eq!(told, "1 finding of the least severity left out: code scanning shows 3.");
    }

    #[test]
    fn labels_and_steps_are_cut_and_no_link_leads_nowhere() {
        let mut run = hostile::plain();
        let label = run.findings[0].labels[1].clone();
        let step = run.findings[0].steps[0];
        run.findings[0].labels.extend(vec![label; 5]);
        run.findings[0].steps.extend(vec![step; 5]);
        let log = report(&run, &Limits { locations: 3, steps: 4, ..LIMITS });
        let result = &log["runs"][0]["results"][0];
        assert_eq!(result["relatedLocations"].as_array().map(Vec::len), Some(2));
        let flow = &result["codeFlows"][0]["threadFlows"][0]["locations"];
        assert_eq!(flow.as_array().map(Vec::len), Some(4));
        let text = result["message"]["text"].as_str().expect("text");
        assert!(text.contains("](2)") && !text.contains("](3)"), "{text}");
    }
}
