//! Nodes that are made and not read, in the language of CloudFormation: each at the token that it was made
//! of.

use std::sync::Arc;

use crate::source::Span;
use crate::syntax::Node;
pub use crate::syntax::made::{list, map, text};

/// A function of one argument.
pub fn call(name: &str, argument: Node, at: Span) -> Node {
    map([(name, argument)], at)
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
