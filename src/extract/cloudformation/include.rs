//! `AWS::Include`: what a template takes from other files, put where it is taken (AWS CloudFormation
//! user guide, "AWS::Include transform"). A macro runs before anything is evaluated, and before the
//! macros of the whole template; so does this.
//!
//! Only what `package` would upload is read: a file that is named by a plain path. What lies in Amazon
//! S3 is left as it is, with the reason.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::files::{Loader, Why};
use crate::resolve::cloudformation::form;
use crate::source::{FileId, Span};
use crate::syntax::{Kind, Node, Pair, Tag};

/// The function that runs a macro.
pub(super) const TRANSFORM: &str = "Fn::Transform";
const INCLUDE: &str = "AWS::Include";

/// What became of the includes of a template.
#[derive(Debug, Default)]
pub(super) struct Includes {
    /// Where the files that were read are named.
    pub(super) places: BTreeMap<FileId, Span>,
    /// Why others were left as they are, by the places of the argument and of its key.
    pub(super) left: BTreeMap<Span, Why>,
}

/// The template `root` with the included files in it.
pub(super) fn expand(root: &Node, loader: &mut Loader<'_>) -> (Node, Includes) {
    let base = root.span.file;
    let mut walk = Walk { base, loader, memo: BTreeMap::new(), out: Includes::default() };
    let sections = walk.sections(root);
    let expanded = walk.node(&sections);
    (expanded.unwrap_or(sections), walk.out)
}

struct Walk<'w, 'a> {
    /// The file of the template.
    base: FileId,
    loader: &'w mut Loader<'a>,
    /// What became of the children at an address; nodes may share them. Nothing that is asked for is
    /// freed before the walk ends.
    memo: BTreeMap<usize, Option<Node>>,
    out: Includes,
}

impl Walk<'_, '_> {
    /// The template with what its `Transform` section includes: sections beside its own.
    fn sections(&mut self, root: &Node) -> Node {
        let Some(pairs) = root.as_map() else { return root.clone() };
        let mut out = Vec::with_capacity(pairs.len());
        let mut more = Vec::new();
        for pair in pairs.iter() {
            if pair.key.scalar().is_none_or(|key| &*key != "Transform") {
                out.push(pair.clone());
                continue;
            }
            let (items, listed) = (pair.value.one_or_more(), pair.value.as_list().is_some());
            let mut rest = Vec::new();
            for item in items {
                let included = location(item).and_then(|place| self.read(place, item));
                match included.as_ref().and_then(Node::as_map) {
                    Some(entries) => more.extend(entries.iter().cloned()),
                    None => rest.push(item.clone()),
                }
            }
            if rest.len() == items.len() || !rest.is_empty() && listed {
                let kind = if listed { Kind::List(rest.into()) } else { pair.value.kind.clone() };
                let value = Node { span: pair.value.span, kind };
                out.push(Pair { key: pair.key.clone(), value });
            }
        }
        out.extend(more);
        Node { span: root.span, kind: Kind::Map(out.into()) }
    }

    /// What becomes of a node; nothing where it stays as it is. The parsers bound the depth.
    fn node(&mut self, node: &Node) -> Option<Node> {
        let address = match &node.kind {
            Kind::List(items) if !items.is_empty() => items.as_ptr().addr(),
            Kind::Map(pairs) if !pairs.is_empty() => pairs.as_ptr().addr(),
            Kind::Tagged(tag) => Arc::as_ptr(tag).addr(),
            _ => return None,
        };
        if let Some(known) = self.memo.get(&address) {
            return known.clone();
        }
        let made = match &node.kind {
            Kind::List(items) => self.list(items, node.span),
            Kind::Map(pairs) => self.map(pairs, node.span),
            Kind::Tagged(tag) => self.tag(tag, node.span),
            _ => None,
        };
        self.memo.insert(address, made.clone());
        made
    }

    fn list(&mut self, items: &[Node], span: Span) -> Option<Node> {
        let made: Vec<Option<Node>> = items.iter().map(|item| self.node(item)).collect();
        if made.iter().all(Option::is_none) {
            return None;
        }
        let items = made.into_iter().zip(items);
        let items: Vec<Node> = items.map(|(new, old)| new.unwrap_or_else(|| old.clone())).collect();
        Some(Node { span, kind: Kind::List(items.into()) })
    }

    /// A map: what is included stands in it beside the other keys, or is all of it.
    fn map(&mut self, pairs: &[Pair], span: Span) -> Option<Node> {
        let mut out = Vec::with_capacity(pairs.len());
        let mut changed = false;
        for pair in pairs {
            let transform = pair.key.scalar().is_some_and(|key| &*key == TRANSFORM);
            if let Some(place) = location(&pair.value).filter(|_| transform)
                && let Some(included) = self.read(place, &pair.value)
            {
                if pairs.len() == 1 {
                    return Some(included);
                }
                if let Some(entries) = included.as_map() {
                    out.extend(entries.iter().cloned());
                    changed = true;
                    continue;
                }
                let why = "what it includes stands beside other keys and is no map";
                self.out.left.insert(pair.value.span, why);
            }
            if transform && let Some(why) = self.out.left.get(&pair.value.span) {
                self.out.left.insert(pair.key.span, why);
            }
            let value = self.node(&pair.value);
            changed |= value.is_some();
            let value = value.unwrap_or_else(|| pair.value.clone());
            out.push(Pair { key: pair.key.clone(), value });
        }
        changed.then(|| Node { span, kind: Kind::Map(out.into()) })
    }

    fn tag(&mut self, tag: &Tag, span: Span) -> Option<Node> {
        if &*tag.name == "Transform"
            && let Some(place) = location(&tag.value)
            && let Some(included) = self.read(place, &tag.value)
        {
            return Some(included);
        }
        let value = self.node(&tag.value)?;
        let tag = Tag { name: Arc::clone(&tag.name), span: tag.span, value };
        Some(Node { span, kind: Kind::Tagged(Arc::new(tag)) })
    }

    /// The file at `place`, for the transform with the argument `argument`. What it includes itself is
    /// left as it is: AWS takes no include inside an included file.
    fn read(&mut self, place: &Node, argument: &Node) -> Option<Node> {
        let found = match place.as_text() {
            Some(text) => self.loader.load(self.base, &text.text),
            None => Err("what it includes lies in Amazon S3; it is not read"),
        };
        match found {
            Ok(included) => {
                self.out.places.entry(included.span.file).or_insert(place.span);
                form::any(&included, |node| {
                    let inner = node.pair(TRANSFORM).map(|pair| [pair.key.span, pair.value.span]);
                    let why = "an included file cannot include another one";
                    self.out.left.extend(inner.into_iter().flatten().map(|span| (span, why)));
                    false
                });
                Some(included)
            }
            Err(why) => {
                self.out.left.insert(argument.span, why);
                None
            }
        }
    }
}

/// The `Location` of an `AWS::Include`.
pub(super) fn location(argument: &Node) -> Option<&Node> {
    let name = argument.get("Name").and_then(Node::scalar)?;
    if &*name != INCLUDE {
        return None;
    }
    argument.get("Parameters")?.get("Location")
}
