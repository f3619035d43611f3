//! Nodes that stand for what a variable becomes, in the language of CloudFormation: each at the token
//! that it was made of.

use crate::source::Span;
use crate::syntax::{Kind, Node, Pair, SpanMapBuilder, Text};

/// A text, written as the token at `at`.
pub fn text(text: &str, at: Span) -> Node {
    let mut builder = SpanMapBuilder::new(at.file);
    builder.replaced(text, at.range());
    Node { span: at, kind: Kind::Text(builder.finish(at.range().start)) }
}

/// A part of a text that stands in a file.
pub(super) fn part(whole: &Text, range: std::ops::Range<usize>) -> Node {
    let span = whole.map.span(range.clone());
    let slice = whole.text.get(range.clone()).unwrap_or_default();
    let map = if range.start == 0 { whole.map.clone() } else { whole.map.skip(range.start) };
    Node { span, kind: Kind::Text(Text { text: slice.into(), map }) }
}

/// A map.
pub fn map(entries: Vec<(&str, Node)>, at: Span) -> Node {
    let pairs = entries.into_iter().map(|(key, value)| Pair { key: text(key, at), value });
    Node { span: at, kind: Kind::Map(pairs.collect()) }
}

/// A list.
pub fn list(items: Vec<Node>, at: Span) -> Node {
    Node { span: at, kind: Kind::List(items.into()) }
}

/// A function of one argument.
pub fn call(name: &str, argument: Node, at: Span) -> Node {
    map(vec![(name, argument)], at)
}

/// `Ref`.
pub fn reference(name: &str, at: Span) -> Node {
    call("Ref", text(name, at), at)
}

/// The name behind a `Ref`.
pub(super) fn referenced(node: &Node) -> Option<std::sync::Arc<str>> {
    let [pair] = &**node.as_map()? else { return None };
    let is = pair.key.scalar().is_some_and(|key| &*key == "Ref");
    if is { pair.value.scalar() } else { None }
}
