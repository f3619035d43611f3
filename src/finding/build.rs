//! From drafts to findings.

use super::{Confidence, Draft, Finding, Label, Origin, Severity, ValueStep};
use crate::source::{Origins, Span, Step};

/// Turns `draft` into a finding. `fail_possible` leaves a possible finding its full severity;
/// otherwise it is capped at medium.
///
/// The primary label is the token where the value is written (where nobody wrote one: where it is
/// referred to). Each reference on the way to the place of use becomes a secondary label too
/// (CONTRACT 5).
pub fn build(draft: Draft, origins: &Origins, fail_possible: bool) -> Finding {
    let severity = match draft.confidence {
        Confidence::Possible if !fail_possible => draft.severity.min(Severity::Medium),
        _ => draft.severity,
    };
    let fingerprint = fingerprint(&[draft.rule, draft.api.as_deref().unwrap_or(""), &draft.key]);
    let (primary, message) = draft.primary;
    let mut steps = steps(primary, origins);
    let written = origins.span(primary);
    let declared = draft.declared.map(|origin| origins.span(origin));
    let reference = steps.iter().rev().find(|step| step.step == Step::Reference);
    let at_reference = draft.at_reference || declared == Some(written);
    let span = match reference.filter(|_| at_reference) {
        Some(reference) => reference.span,
        None => written,
    };
    let mut labels = Labels(Vec::new());
    match draft.stands_at {
        // The way of the token above is not that of the primary label.
        Some((at, why)) => {
            labels.0.push(Label { span: at, message: why, primary: true });
            labels.add(span, message);
            steps.clear();
        }
        None => labels.0.push(Label { span, message, primary: true }),
    }
    for (origin, message) in draft.secondary {
        let message = with_expansion(origin, message, &steps, origins);
        labels.add(origins.span(origin), message);
    }
    if let Some(declared) = declared.filter(|declared| *declared != span) {
        labels.add(declared, "declared here: its value decides".into());
    }
    for (at, step) in steps.iter().enumerate() {
        labels.step(step, at == 0);
    }
    for (span, message) in draft.elsewhere {
        labels.add(span, message);
    }
    Finding {
        rule: draft.rule,
        severity,
        confidence: draft.confidence,
        title: draft.title,
        help: draft.help,
        api: draft.api,
        labels: labels.0,
        steps,
        witness: draft.witness,
        why_not_denied: draft.why_not_denied,
        assumptions: draft.assumptions,
        fingerprint,
        suppression: None,
        advice: None,
    }
}

/// The way of a value, from its place of use; empty when it is written there.
fn steps(origin: Origin, origins: &Origins) -> Vec<ValueStep> {
    let nodes = origins.steps(origin);
    let mut steps: Vec<ValueStep> =
        nodes.into_iter().map(|node| ValueStep { span: node.at, step: node.step }).collect();
    // The token of a default and the literal in it are one place.
    steps.dedup_by(|next, prev| next.span == prev.span && next.step == Step::Literal);
    if steps.len() < 2 {
        steps.clear();
    }
    steps
}

/// What is said of a token, with what a tool makes of that token, where `shown` does not say it already.
fn with_expansion(
    origin: Origin,
    message: String,
    shown: &[ValueStep],
    origins: &Origins,
) -> String {
    match origins.steps(origin).first().map(|node| node.step) {
        Some(step @ Step::Expansion(what)) if !shown.iter().any(|s| s.step == step) => {
            format!("{message} ({what})")
        }
        _ => message,
    }
}

/// The labels of a finding: no place is labelled twice with the same words.
struct Labels(Vec<Label>);

impl Labels {
    fn add(&mut self, span: Span, message: String) {
        if !self.0.iter().any(|label| label.span == span && label.message == message) {
            self.0.push(Label { span, message, primary: false });
        }
    }

    /// A step has a label unless the place has one already, or is but the name (`default`, that of a
    /// local) in front of the value that is labelled.
    fn step(&mut self, step: &ValueStep, first: bool) {
        let name = matches!(step.step, Step::Default | Step::Local | Step::Element);
        if !name && !self.0.iter().any(|label| label.span == step.span) {
            let message = match (first, step.step) {
                (_, Step::Expansion(what)) => what.to_owned(),
                (_, Step::Planned) => step.step.describe(),
                (true, _) => "used here".to_owned(),
                (false, Step::Reference) => "referred to here".to_owned(),
                (false, step) => step.describe(),
            };
            self.add(step.span, message);
        }
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::source::SourceDb;

    #[test]
    fn steps_become_labels_and_the_written_token_is_primary() {
        let db = SourceDb::new();
        let file = db.add(Path::new("a.tf"), "a.tf".into(), "x".repeat(100));
        let mut origins = Origins::new();
        let literal = origins.literal(Span::new(file, 50, 53));
        let default = origins.add(Span::new(file, 50, 53), Step::Default, Some(literal));
        let variable = origins.add(Span::new(file, 36, 40), Step::Reference, Some(default));
        let local = origins.add(Span::new(file, 30, 35), Step::Local, Some(variable));
        let used = origins.add(Span::new(file, 10, 15), Step::Reference, Some(local));
        let mut draft = Draft::new("a-rule", Severity::High, (used, "why".into()));
        let labels = |finding: &Finding| -> Vec<(u32, String, bool)> {
            let labels = finding.labels.iter();
            labels.map(|l| (l.span.start, l.message.clone(), l.primary)).collect()
        };
        let finding = build(draft.clone(), &origins, false);
        assert_eq!(
            labels(&finding),
            [
                (50, "why".into(), true),
                (10, "used here".into(), false),
                (36, "referred to here".into(), false)
            ]
        );
        let steps: Vec<_> = finding.steps.iter().map(|s| (s.span.start, s.step)).collect();
        let way = [Step::Reference, Step::Local, Step::Reference, Step::Default];
        assert_eq!(steps, [10, 30, 36, 50].into_iter().zip(way).collect::<Vec<_>>());

        draft.declared = Some(literal);
        assert_eq!(
            labels(&build(draft, &origins, false)),
            [
                (36, "why".into(), true),
                (50, "declared here: its value decides".into(), false),
                (10, "used here".into(), false)
            ]
        );
    }

    #[test]
    fn possible_is_capped_unless_it_fails() {
        let db = SourceDb::new();
        let file = db.add(Path::new("a.tf"), "a.tf".into(), "x");
        let mut origins = Origins::new();
        let origin = origins.literal(Span::new(file, 0, 1));
        let mut draft = Draft::new("a-rule", Severity::Critical, (origin, String::new()));
        draft.confidence = Confidence::Possible;
        assert_eq!(build(draft.clone(), &origins, false).severity, Severity::Medium);
        assert_eq!(build(draft.clone(), &origins, true).severity, Severity::Critical);
        draft.severity = Severity::Low;
        assert_eq!(build(draft, &origins, false).severity, Severity::Low);
    }

    #[test]
    fn fingerprints_are_fixed() {
        assert_eq!(fingerprint(&["a", "b"]), fingerprint(&["a", "b"]));
        assert_ne!(fingerprint(&["ab", ""]), fingerprint(&["a", "b"]));
        // Baselines depend on it: this value must never change.
        let print = fingerprint(&["wildcard-principal", "Api", "anonymous|AWS:*"]);
        assert_eq!(print, "1dd7de54d7657104");
    }
}
