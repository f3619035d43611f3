//! `ignore`: what is not reported, by rule and resource.

use super::reader::Reader;
use super::{Vocabulary, trust};
use crate::source::Span;
use crate::syntax::Node;

/// An entry of `ignore`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignore {
    /// The rule's id.
    pub rule: String,
    /// A glob over the API's address; for a finding of no API, over the path of its file.
    pub resource: String,
    /// Why.
    pub reason: String,
    /// The last day that counts, and the first second (since 1970 UTC) behind it.
    pub expires: Option<(String, i64)>,
    /// The entry.
    pub span: Span,
}

/// Reads the list.
pub(super) fn read(reader: &mut Reader, node: &Node, vocabulary: Vocabulary<'_>) -> Vec<Ignore> {
    const WHAT: &str = "an entry of `ignore`";
    let mut out = Vec::new();
    for item in reader.list(node, "ignore") {
        let fields = reader.map(item, WHAT, &["rule", "resource", "reason", "expires"]);
        let example = "rule: wildcard-principal";
        let rule = reader.required(item, &fields, ("rule", WHAT), example);
        let rule = rule.filter(|rule| {
            let known = vocabulary.rules.contains(&&*rule.text);
            if !known {
                reader.unknown("rule", rule, WHAT, vocabulary.rules);
            }
            known
        });
        let example = "resource: aws_api_gateway_rest_api.status";
        let resource = reader.required(item, &fields, ("resource", WHAT), example);
        let reason = reader.required(item, &fields, ("reason", WHAT), "reason: why this is right");
        let expires = match fields.get("expires") {
            None => None,
            Some(node) => match (trust::expiry(reader, node), node.scalar()) {
                (Some(end), Some(day)) => Some((day.to_string(), end)),
                // Reported: without its end the entry would count for ever.
                _ => continue,
            },
        };
        if let (Some(rule), Some(resource), Some(reason)) = (rule, resource, reason) {
            out.push(Ignore {
                rule: rule.text.to_string(),
                resource: resource.text.to_string(),
                reason: reason.text.to_string(),
                expires,
                span: item.span,
            });
        }
    }
    out
}
