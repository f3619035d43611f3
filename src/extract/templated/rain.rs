//! Templates of Rain (aws-cloudformation/rain): a file of Rain parses; its directives are functions that
//! nobody but Rain knows.
//!
//! What one stands for matters where it may be an API, a policy, or a part of one. A property of a resource
//! of another type cannot: nothing is said of it.

use crate::resolve::cloudformation::form;
use crate::source::{FileId, Span};
use crate::syntax::{Document, Kind, Node, Pair, SyntaxError};

/// Sections of a template in which nothing declares a resource.
const FAR: [&str; 2] = ["Metadata", "Outputs"];

/// Services whose resources are APIs, or declare, guard or create some.
const NEAR: [&str; 6] = [
    "AWS::ApiGateway",
    "AWS::Serverless",
    "AWS::EC2::VPCEndpoint",
    "AWS::CloudFormation",
    "AWS::Include",
    "Custom::",
];

/// Where the first directive stands that may be a part of an API or its policy.
pub(super) fn near_an_api(document: &Document) -> Option<usize> {
    document.roots.iter().find_map(in_root)
}

/// The document, with what is to be said of its directives.
pub(super) fn said(file: FileId, at: usize, mut plain: Document) -> Document {
    plain.errors.push(SyntaxError {
        span: Span::new(file, at, at + "!Rain::".len()),
        message: "a template of Rain: what its directives stand for is not known".into(),
        help: Some("lint what `rain pkg` writes, or exclude this file in gatelint.yaml".into()),
    });
    plain
}

fn in_root(root: &Node) -> Option<usize> {
    let Some(pairs) = root.as_map().filter(|_| root.get("Resources").is_some()) else {
        return directive(root);
    };
    pairs.iter().find_map(|pair| match pair.key.scalar().as_deref() {
        Some(name) if FAR.contains(&name) => directive(&pair.key),
        Some("Resources") => match pair.value.as_map() {
            Some(resources) => resources.iter().find_map(in_resource),
            None => directive(&pair.value),
        },
        _ => in_pair(pair),
    })
}

fn in_resource(resource: &Pair) -> Option<usize> {
    let kind = resource.value.get("Type").and_then(Node::scalar);
    let far = kind.is_some_and(|kind| {
        kind.starts_with("AWS::") && !NEAR.iter().any(|near| kind.starts_with(near))
    });
    match resource.value.as_map().filter(|_| far) {
        Some(entries) => entries
            .iter()
            .filter(|entry| entry.key.scalar().is_none_or(|name| &*name != "Properties"))
            .find_map(in_pair),
        None => in_pair(resource),
    }
}

fn in_pair(pair: &Pair) -> Option<usize> {
    directive(&pair.key).or_else(|| directive(&pair.value))
}

/// Where the first directive of a node stands.
fn directive(node: &Node) -> Option<usize> {
    let mut found: Option<usize> = None;
    form::any(node, |node| {
        if let Kind::Tagged(tag) = &node.kind
            && tag.name.starts_with("Rain::")
        {
            let at = tag.span.range().start;
            found = Some(found.map_or(at, |known| known.min(at)));
        }
        false
    });
    found
}
