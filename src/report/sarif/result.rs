//! Findings as results.

use std::collections::BTreeMap;

use super::location::location;
use super::object::{
    CodeFlow, Location, LogicalLocation, Message, ResultProperties, SarifResult, Suppression,
    ThreadFlow, ThreadFlowLocation,
};
use super::{rule, text};
use crate::finding::{self, Finding, SuppressionKind, ValueStep};
use crate::report::{json, words};
use crate::source::SourceDb;

/// The name of the fingerprint. GitHub computes its own under another name, and warns of a tool that
/// takes that one.
const FINGERPRINT: &str = "gatelint/v1";

fn suppression(by: &finding::Suppression) -> Suppression {
    let kind = match by.kind {
        SuppressionKind::Comment | SuppressionKind::Metadata => "inSource",
        SuppressionKind::Configuration | SuppressionKind::Baseline => "external",
    };
    Suppression { kind, justification: by.reason.clone() }
}

/// A finding in SARIF's words.
pub(super) fn result(finding: &Finding, db: &SourceDb) -> SarifResult {
    let mut primary = location(finding.primary().span, db);
    let logical =
        |api: &String| LogicalLocation { fully_qualified_name: api.clone(), kind: "resource" };
    primary.logical_locations = finding.api.iter().map(logical).collect();
    let related = words::secondary(finding).zip(1..).map(|(label, id)| Location {
        id: Some(id),
        message: Some(Message::plain(&label.message)),
        ..location(label.span, db)
    });
    SarifResult {
        rule_id: finding.rule,
        rule_index: rule::index(finding.rule),
        level: rule::level(finding.severity),
        message: message(finding),
        locations: vec![primary],
        related_locations: related.collect(),
        code_flows: code_flow(&finding.steps, db).into_iter().collect(),
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, finding.fingerprint.clone())]),
        suppressions: finding.suppression.iter().map(suppression).collect(),
        properties: ResultProperties {
            severity: finding.severity.name(),
            security_severity: rule::security_severity(finding.severity),
            confidence: finding.confidence.name(),
            api: finding.api.clone(),
            help: finding.help.clone(),
            witness: finding.witness.as_ref().map(json::witness),
            assumptions: json::assumptions(&finding.assumptions),
        },
    }
}

/// The title as the first sentence, which is all that lists of alerts show, then one line for each
/// thing that is to be said, then links to the related locations: GitHub shows a related location
/// only where the message links to it.
fn message(finding: &Finding) -> Message {
    let mut lines = vec![text::sentence(&finding.title)];
    lines.extend(words::sentences(finding).iter().map(|sentence| text::sentence(sentence)));
    let links: Vec<String> = words::secondary(finding)
        .zip(1..)
        .filter(|(label, _)| !label.message.trim().is_empty())
        .map(|(label, id)| text::link(&label.message, id))
        .collect();
    if !links.is_empty() {
        lines.push(format!("See also: {}.", links.join(", ")));
    }
    Message::made(lines.join("\n"))
}

/// The way of the value, from where it is written to where it is used: the order in which it
/// travels, and the reverse of how a person asks for it.
fn code_flow(steps: &[ValueStep], db: &SourceDb) -> Option<CodeFlow> {
    if steps.is_empty() {
        return None;
    }
    let flow = steps.iter().enumerate().rev().map(|(at, step)| {
        let words = if at == 0 { "used here".to_owned() } else { step.step.describe() };
        let message = Some(Message::plain(&words));
        ThreadFlowLocation { location: Location { message, ..location(step.span, db) } }
    });
    Some(CodeFlow { thread_flows: vec![ThreadFlow { locations: flow.collect() }] })
}
