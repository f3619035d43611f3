//! From drafts to findings.

use super::{Confidence, Draft, Finding, Label, Severity, ValueStep};
use crate::source::{Origins, Step};

/// Turns `draft` into a finding. `fail_possible` leaves a possible finding its full severity;
/// otherwise it is capped at medium.
pub fn build(draft: Draft, origins: &Origins, fail_possible: bool) -> Finding {
    let severity = match draft.confidence {
        Confidence::Possible if !fail_possible => draft.severity.min(Severity::Medium),
        _ => draft.severity,
    };
    let label = |(origin, message), primary| Label { span: origins.span(origin), message, primary };
    let mut steps: Vec<ValueStep> = origins
        .steps(draft.primary.0)
        .into_iter()
        .map(|node| ValueStep { span: node.at, step: node.step })
        .collect();
    if steps.len() < 2 {
        steps.clear();
    }
    steps.dedup_by(|next, prev| next.span == prev.span && next.step == Step::Literal);
    let fingerprint = fingerprint(&[draft.rule, draft.api.as_deref().unwrap_or(""), &draft.key]);
    let mut labels = vec![label(draft.primary, true)];
    for entry in draft.secondary {
        let next = label(entry, false);
        if !labels.iter().any(|l| l.span == next.span && l.message == next.message) {
            labels.push(next);
        }
    }
    Finding {
        rule: draft.rule,
        severity,
        confidence: draft.confidence,
        title: draft.title,
        help: draft.help,
        api: draft.api,
        labels,
        steps,
        witness: draft.witness,
        why_not_denied: draft.why_not_denied,
        assumptions: draft.assumptions,
        fingerprint,
    }
}

/// FNV-1a over the parts, with a separator that no part holds: stable over versions and platforms.
fn fingerprint(parts: &[&str]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash ^= u64::from(byte);
            hash = hash.wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}
