//! Nodes that are made and not read, in the language of CloudFormation: each at the token that it was made
//! of.

use std::sync::Arc;

use crate::source::Span;
use crate::syntax::{Kind, Node, Pair, Text};

/// A text, written as the token at `at`.
pub fn text(text: &str, at: Span) -> Node {
    Node { span: at, kind: Kind::Text(Text::made_of(text, at)) }
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
pub fn referenced(node: &Node) -> Option<Arc<str>> {
    let [pair] = &**node.as_map()? else { return None };
    let is = pair.key.scalar().is_some_and(|key| &*key == "Ref");
    if is { pair.value.scalar() } else { None }
}
