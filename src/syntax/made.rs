//! Nodes that are made and not read: each stands at the token that it was made of.

use super::{Expr, Kind, Node, Pair, Text};
use crate::source::Span;

/// A text, written as the token at `at`.
pub fn text(text: &str, at: Span) -> Node {
    Node { span: at, kind: Kind::Text(Text::made_of(text, at)) }
}

/// A map.
pub fn map<'k>(entries: impl IntoIterator<Item = (&'k str, Node)>, at: Span) -> Node {
    let pairs = entries.into_iter().map(|(key, value)| Pair { key: text(key, at), value });
    Node { span: at, kind: Kind::Map(pairs.collect()) }
}

/// A list.
pub fn list(items: Vec<Node>, at: Span) -> Node {
    Node { span: at, kind: Kind::List(items.into()) }
}

/// A function of HCL and its arguments.
pub fn function(name: &str, args: Vec<Node>, at: Span) -> Node {
    let call = Expr::Call { name: name.into(), name_span: at, args, expand: false };
    Node { span: at, kind: Kind::Expr(call.into()) }
}
