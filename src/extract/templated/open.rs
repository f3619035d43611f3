//! What of a tree is not known, for a marker stands in it.

use std::ops::Range;
use std::sync::Arc;

use super::holes::Holes;
use crate::resolve::cloudformation::build::{list, map, reference, text};
use crate::source::Span;
use crate::syntax::{Kind, Node, Pair, Tag};

/// Keys of what decides who can call an API, in any case of their letters.
const POLICIES: [&str; 3] = ["policy", "resourcepolicy", "x-amazon-apigateway-policy"];

/// The name of what a marker puts into a map: that of a function, of which nothing is known.
const FUNCTION: &str = "Fn::Marker";

/// Opens a tree at its markers.
pub(super) struct Opener<'a> {
    /// The text that was read, without its markers.
    pub(super) text: &'a str,
    /// What the markers inside of a scalar make of it.
    pub(super) holes: Holes<'a>,
    /// The stretches that may be there or not.
    pub(super) stretches: &'a [Range<usize>],
    /// Where something may be put in.
    pub(super) inserts: &'a [usize],
    /// Whether lists and maps end where their line ends: YAML.
    pub(super) lines: bool,
    /// The tree is a template: its statements are not all of policies of an API.
    pub(super) is_template: bool,
    /// A policy is not known as a whole.
    pub(super) touched: bool,
}

/// Where in a document a node stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The root of a template.
    Template,
    /// Its resources.
    Resources,
    /// Anywhere else; in a policy or not.
    Inside(bool),
}

impl Opener<'_> {
    /// The tree with what is not known in it.
    pub(super) fn root(&mut self, root: &Node) -> Node {
        let is_template =
            ["Resources", "AWSTemplateFormatVersion"].iter().any(|k| root.get(k).is_some());
        self.is_template = is_template;
        let is_policy = root.get("Statement").is_some();
        let place = if is_template { Place::Template } else { Place::Inside(is_policy) };
        self.node(root, place, root.span)
    }

    /// The node, the value of the entry or item `around`.
    fn node(&mut self, node: &Node, place: Place, around: Span) -> Node {
        let kind = match &node.kind {
            Kind::List(items) => Kind::List(self.list(node, items, place, around).into()),
            Kind::Map(pairs) => Kind::Map(self.map(node, pairs, place, around).into()),
            Kind::Tagged(tag) => {
                let value = self.node(&tag.value, place, around);
                Kind::Tagged(Arc::new(Tag { name: Arc::clone(&tag.name), span: tag.span, value }))
            }
            Kind::Null => Kind::Null,
            _ if self.is_doubtful(around, node.span) => {
                self.touched |= place == Place::Inside(true);
                self.holes.doubtful(node.span)
            }
            kind => match self.holes.of(node) {
                Some(opened) => {
                    self.touched |= place == Place::Inside(true);
                    opened
                }
                None => kind.clone(),
            },
        };
        Node { span: node.span, kind }
    }

    fn list(&mut self, node: &Node, items: &[Node], place: Place, around: Span) -> Vec<Node> {
        let mut out = Vec::new();
        for item in items {
            match self.is_doubtful(around, item.span) {
                true => out.push(self.invalid(item.span, place)),
                false => out.push(self.node(item, place, item.span)),
            }
        }
        let spans: Vec<Span> = items.iter().map(|item| item.span).collect();
        out.extend(self.inserted(node.span, &spans).map(|at| self.invalid(at, place)));
        out
    }

    fn map(&mut self, node: &Node, pairs: &[Pair], place: Place, around: Span) -> Vec<Pair> {
        let mut out: Vec<Pair> = Vec::new();
        let spans: Vec<Span> = pairs.iter().map(whole).collect();
        let mut others = self.inserted(node.span, &spans);
        // A file with statements alone is put into a policy by another one.
        let place = match place {
            Place::Inside(policy) => {
                Place::Inside(policy || !self.is_template && is_statement(node))
            }
            place => place,
        };
        for (pair, span) in pairs.iter().zip(&spans) {
            let name = pair.key.scalar();
            let known = name.as_deref().unwrap_or_default();
            let doubtful = self.is_doubtful(around, *span);
            let below = match place {
                Place::Template if known == "Resources" => Place::Resources,
                Place::Template | Place::Resources => Place::Inside(false),
                Place::Inside(policy) => Place::Inside(policy || is_policy(known)),
            };
            // A resource that may be there is judged as one that is there.
            if doubtful && matches!(place, Place::Inside(_)) {
                let value = self.invalid(pair.value.span, below);
                // One of several that never stand together.
                match out.iter_mut().find(|pair| name.is_some() && pair.key.scalar() == name) {
                    Some(other) => other.value = value,
                    None => out.push(Pair { key: pair.key.clone(), value }),
                }
                continue;
            }
            if doubtful {
                others = others.or(Some(*span));
            }
            let key = self.node(&pair.key, below, pair.key.span);
            let value = match pair.value.kind {
                Kind::Null if self.is_filled(span.range().end) => {
                    self.invalid(pair.value.span, below)
                }
                _ => self.node(&pair.value, below, *span),
            };
            out.push(Pair { key, value });
        }
        match (place, others) {
            (_, None) | (Place::Template, _) => {}
            (Place::Resources, Some(at)) => out.push(others_of(pairs, at)),
            (Place::Inside(_), Some(at)) => {
                // What a function makes of a map is not known either.
                let key = text(FUNCTION, at);
                let value = self.invalid(at, place);
                out.push(Pair { key, value });
            }
        }
        out
    }

    fn invalid(&mut self, span: Span, place: Place) -> Node {
        self.touched |= place == Place::Inside(true);
        Node { span, kind: self.holes.doubtful(span) }
    }

    /// Whether something is put in behind a key without a value.
    fn is_filled(&self, end: usize) -> bool {
        let from = self.inserts.partition_point(|at| *at < end);
        self.inserts.get(from).is_some_and(|at| self.reaches(end, *at))
    }

    /// Whether a part of an entry or item may be there or not: a stretch overlaps it, and neither lies in
    /// it nor holds all of the entry.
    fn is_doubtful(&self, around: Span, part: Span) -> bool {
        let (whole, part) = (around.range(), part.range());
        self.stretches.iter().any(|stretch| {
            let overlaps = stretch.start < part.end && part.start < stretch.end;
            let inside = part.start < stretch.start && stretch.end <= part.end;
            let around = stretch.start <= whole.start && whole.end <= stretch.end;
            overlaps && !inside && !around
        })
    }

    /// The place of something that may be put into a list or map beside its `parts`.
    fn inserted(&self, whole: Span, parts: &[Span]) -> Option<Span> {
        let range = whole.range();
        let from = self.inserts.partition_point(|at| *at < range.start);
        let near = self.inserts.get(from..).unwrap_or_default().iter();
        // Blanks end somewhere: what lies behind them is no part of this.
        let mut near =
            near.take_while(|at| **at < range.end || self.lines && self.reaches(range.end, **at));
        let found = near.find(|at| {
            let at = **at;
            !parts.iter().any(|part| part.range().start < at && at < part.range().end)
        })?;
        Some(Span::new(whole.file, *found, *found))
    }

    /// Whether nothing but blanks stands between two offsets.
    fn reaches(&self, from: usize, to: usize) -> bool {
        self.text
            .get(from..to)
            .is_some_and(|between| between.len() < 4096 && between.trim().is_empty())
    }
}

fn is_statement(node: &Node) -> bool {
    let has = |names: [&str; 2]| names.iter().any(|name| node.get(name).is_some());
    node.get("Effect").is_some() && has(["Principal", "NotPrincipal"])
}

fn is_policy(key: &str) -> bool {
    POLICIES.iter().any(|policy| policy.eq_ignore_ascii_case(key))
}

fn whole(pair: &Pair) -> Span {
    let (key, value) = (pair.key.span, pair.value.span);
    // An alias stands where its anchor is.
    if value.start >= key.start { key.to(value) } else { key }
}

/// Something that is told of every API among the resources: whatever a marker puts there may add
/// methods to it.
fn others_of(resources: &[Pair], at: Span) -> Pair {
    let is_api = |pair: &&Pair| {
        let kind = pair.value.get("Type").and_then(Node::scalar);
        kind.is_some_and(|kind| {
            matches!(&*kind, "AWS::ApiGateway::RestApi" | "AWS::Serverless::Api")
        })
    };
    let names = resources.iter().filter(is_api).filter_map(|pair| pair.key.scalar());
    let apis = names.map(|name| reference(&name, at)).collect();
    let properties = map(vec![("Apis", list(apis, at))], at);
    let entries = vec![("Type", text("Custom::Template", at)), ("Properties", properties)];
    Pair { key: text("what markers add", at), value: map(entries, at) }
}
