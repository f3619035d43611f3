//! The exact text that would suppress a finding (CONTRACT 5), and where it goes.

use super::{Finding, OWN};
use crate::source::{SourceDb, Span};

/// What a finding's file can hold.
#[derive(Debug, Clone, Copy)]
pub struct Room<'a> {
    /// The first label that stands in a template: comments of a configuration are not read.
    pub at: Span,
    /// Texts of several lines, in which no comment can stand.
    pub texts: &'a [Span],
    /// What comments of Terraform's JSON syntax can speak of, and the object that holds them.
    pub bodies: &'a [(Span, Span)],
    /// Whether the API is a resource of a CloudFormation template, which has `Metadata`.
    pub metadata: bool,
    /// Whether the configuration locks the rule.
    pub locked: bool,
}

/// What would suppress `finding`: the comment, the `"//"` key, the `Metadata` of its resource, or the
/// entry of the configuration. `None` where nothing may.
pub fn advice(finding: &Finding, room: Room<'_>, db: &SourceDb) -> Option<String> {
    let rule = finding.rule;
    if OWN.contains(&rule) || room.locked {
        return None;
    }
    let span = room.at;
    let file = db.file(span.file);
    let json = file.text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
    let unread = rule == "unreadable-template" || file.text.is_empty();
    if json || unread {
        if let (Some(api), true, false) = (&finding.api, room.metadata, unread) {
            return Some(format!(
                "\"Metadata\": {{\"gatelint\": {{\"ignore\": [{{\"rule\": \"{rule}\", \"reason\": \
                 \"...\"}}]}}}} on {api}"
            ));
        }
        let around = room.bodies.iter().filter(|(body, _)| body.contains(span));
        if let (Some((_, object)), false) = (around.max_by_key(|(body, _)| body.start), unread) {
            let at = file.line_col(object.start);
            return Some(format!(
                "\"//\": \"gatelint: ignore[{rule}] -- <reason>\" in the object at {}:{}:{}",
                file.display, at.line, at.column
            ));
        }
        let resource = finding.api.as_deref().filter(|_| !unread).unwrap_or(&file.display);
        return Some(format!(
            "ignore: [{{rule: {rule}, resource: \"{resource}\", reason: ...}}] in gatelint.yaml"
        ));
    }
    let inside = room.texts.iter().filter(|text| text.contains(span)).min_by_key(|text| text.start);
    let (place, at) = match inside {
        Some(text) => ("alone above line", text.start),
        None => ("at the end of line", span.start),
    };
    let line = file.line_col(at).line;
    let name = &file.display;
    Some(format!("# gatelint: ignore[{rule}] -- <reason>, {place} {line} of {name}"))
}
