//! Tags: those of YAML itself say how a scalar is read, all others stay in the tree.

use std::sync::Arc;

use granit_parser::{Span as GranitSpan, Tag as GranitTag};

use super::build::Builder;
use super::scalar::{self, Plain};
use crate::source::Span;
use crate::syntax::{Kind, Node, Tag};

/// The prefix that `!!` stands for.
const CORE: &str = "tag:yaml.org,2002:";

/// A tag as the tree sees it.
#[derive(Debug, Clone)]
pub(super) enum Named {
    /// A tag of YAML itself: its name (`str`).
    Core(String),
    /// Any other: its name without `!`, and its token.
    Local(Arc<str>, Span),
}

impl Builder<'_> {
    /// The tag of the node at `at`.
    pub(super) fn tag(&self, tag: &GranitTag, at: &GranitSpan) -> Named {
        if let Some(name) = tag.suffix_in_namespace(CORE) {
            return Named::Core(name.into_owned());
        }
        let (handle, suffix) = tag.parts();
        let full = format!("{handle}{suffix}");
        let name = full.strip_prefix('!').unwrap_or(&full);
        if name.is_empty() {
            // The non-specific tag: a scalar is a string (YAML 1.2.2, 6.9.1).
            return Named::Core("str".into());
        }
        let range = at.tag_span().map_or(0..0, |span| self.range(&span));
        Named::Local(name.into(), self.span(&range))
    }

    /// `node` behind its tag.
    pub(super) fn tagged(&self, node: Node, tag: Option<Named>) -> Node {
        let Some(Named::Local(name, span)) = tag else { return node };
        let whole = span.to(node.span);
        Node { span: whole, kind: Kind::Tagged(Arc::new(Tag { name, span, value: node })) }
    }
}

/// What a scalar is: `plain` if it has no quotes, `key` if it stands before a colon.
///
/// Keys are text, however they look. So is what follows a short tag: `!Ref 1` names a resource,
/// `!Sub on` is the text `on`.
pub(super) fn resolve(value: &str, plain: bool, key: bool, tag: Option<&Named>) -> Plain {
    match tag {
        Some(Named::Core(name)) => match name.as_str() {
            "null" => Plain::Null,
            "int" | "float" => Plain::Number,
            "bool" => match scalar::resolve(value) {
                found @ Plain::Bool(_) => found,
                _ => Plain::Text,
            },
            _ => Plain::Text,
        },
        Some(Named::Local(..)) if plain && value.is_empty() => Plain::Null,
        None if plain && !key => scalar::resolve(value),
        _ => Plain::Text,
    }
}
