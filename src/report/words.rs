//! A finding in words, for the formats that have no room for its parts.

use super::{escape, witness};
use crate::finding::{Confidence, Finding, Label};

/// What a finding says besides its title and its secondary labels, one sentence each, without full
/// stops: why, the witness, why no Deny helps, what it takes for granted, what to do. No sentence
/// has a line end or a control character.
pub(super) fn sentences(finding: &Finding) -> Vec<String> {
    let mut out = Vec::new();
    let mut add = |head: &str, text: &str| {
        let text = text.trim().trim_end_matches('.');
        if !text.is_empty() {
            out.push(format!("{head}{}", escape(text)));
        }
    };
    let why = &finding.primary().message;
    if !finding.title.contains(why.trim()) {
        add("", why);
    }
    if let Some(request) = &finding.witness {
        add("witness: ", &witness::describe(request));
    }
    if let Some(why) = &finding.why_not_denied {
        add("why not denied: ", why);
    }
    for assumption in &finding.assumptions {
        let pin = assumption.pin.as_ref().map_or(String::new(), |pin| format!(" (set with {pin})"));
        add("assumes: ", &format!("{}{pin}", assumption.text));
    }
    add("help: ", &finding.help);
    out
}

/// The findings by severity, and in their own order among those of one.
pub(super) fn worst_first<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<&'a Finding> {
    let mut out: Vec<&Finding> = findings.collect();
    out.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    out
}

/// `critical`, or `medium, possible`.
pub(super) fn grade(finding: &Finding) -> String {
    match finding.confidence {
        Confidence::Proved => finding.severity.name().to_owned(),
        Confidence::Possible => format!("{}, possible", finding.severity.name()),
    }
}

/// The labels besides the primary one.
pub(super) fn secondary(finding: &Finding) -> impl Iterator<Item = &Label> {
    finding.labels.iter().filter(|label| !label.primary)
}
