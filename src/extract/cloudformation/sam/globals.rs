//! `Globals.Api`: what all APIs of a template have in common (AWS SAM developer guide, "Globals
//! section of the AWS SAM template").
//!
//! The merge is that of the translator: maps are merged at every depth, lists are concatenated, the
//! global one first, and of anything else the API's own value counts. A function call is no map: the
//! translator takes it as it stands, before CloudFormation evaluates it.

use std::sync::Arc;

use crate::resolve::cloudformation::build::text;
use crate::resolve::cloudformation::form::is_function_name;
use crate::resolve::cloudformation::{Resource, Template};
use crate::syntax::{Kind, Node, Pair};

/// How many entries all merges of one API may visit: shared nodes make a small text a large tree.
const BUDGET: usize = 50_000;
/// How deep maps are merged.
const MAX_DEPTH: usize = 64;

/// The API with the properties that `Globals.Api` gives it.
pub(super) fn merged(template: &Template, resource: &Resource) -> Resource {
    let global = template.globals.as_ref().and_then(|globals| globals.get("Api"));
    let Some(global) = global.and_then(|node| without_ignored(node, resource)) else {
        return resource.clone();
    };
    let mut budget = BUDGET;
    let mut pairs: Vec<Pair> = resource.node.as_map().map_or(Vec::new(), |pairs| pairs.to_vec());
    let mut found = false;
    for pair in pairs.iter_mut().filter(|pair| named(pair, "Properties")) {
        pair.value = merge(&global, &pair.value, 0, &mut budget);
        found = true;
    }
    if !found {
        let key = text("Properties", resource.id_span);
        pairs.push(Pair { key, value: global });
    }
    let kind = Kind::Map(pairs.into());
    Resource { node: Node { span: resource.node.span, kind }, ..resource.clone() }
}

/// The globals that the resource does not refuse with `IgnoreGlobals`: `*`, or a list of names.
fn without_ignored(global: &Node, resource: &Resource) -> Option<Node> {
    let pairs = global.as_map()?;
    let Some(ignored) = resource.node.get("IgnoreGlobals") else { return Some(global.clone()) };
    if ignored.scalar().is_some_and(|text| &*text == "*") {
        return None;
    }
    let names: Vec<Arc<str>> = ignored
        .as_list()
        .map_or(Vec::new(), |items| items.iter().filter_map(Node::scalar).collect());
    let kept: Vec<Pair> = pairs
        .iter()
        .filter(|pair| pair.key.scalar().is_none_or(|key| !names.contains(&key)))
        .cloned()
        .collect();
    Some(Node { span: global.span, kind: Kind::Map(kept.into()) })
}

fn merge(global: &Node, local: &Node, depth: usize, budget: &mut usize) -> Node {
    match (&global.kind, &local.kind) {
        (Kind::Map(a), Kind::Map(b)) if !is_call(a) && !is_call(b) => {
            let cost = a.len() + b.len();
            if depth > MAX_DEPTH || *budget < cost {
                *budget = 0;
                // Too much to merge: nothing is known of it.
                return Node { span: local.span, kind: Kind::Invalid };
            }
            *budget -= cost;
            // An entry that stands twice is kept twice, for the readings to judge.
            let own = b.iter().map(|pair| {
                let key = pair.key.scalar();
                let other = a.iter().rev().find(|p| key.is_some() && p.key.scalar() == key);
                match other {
                    Some(other) => Pair {
                        key: pair.key.clone(),
                        value: merge(&other.value, &pair.value, depth + 1, budget),
                    },
                    None => pair.clone(),
                }
            });
            let own: Vec<Pair> = own.collect();
            let kept = a.iter().filter(|pair| {
                let key = pair.key.scalar();
                key.is_none() || !b.iter().any(|p| p.key.scalar() == key)
            });
            let pairs: Vec<Pair> = kept.cloned().chain(own).collect();
            Node { span: local.span, kind: Kind::Map(pairs.into()) }
        }
        (Kind::List(a), Kind::List(b)) => {
            let cost = a.len() + b.len();
            if *budget < cost {
                *budget = 0;
                return Node { span: local.span, kind: Kind::Invalid };
            }
            *budget -= cost;
            let items: Vec<Node> = a.iter().chain(b.iter()).cloned().collect();
            Node { span: local.span, kind: Kind::List(items.into()) }
        }
        _ => local.clone(),
    }
}

/// Whether a map is the long form of a function: one key that names it.
pub(super) fn is_call(pairs: &[Pair]) -> bool {
    let [pair] = pairs else { return false };
    pair.key
        .scalar()
        .is_some_and(|key| matches!(&*key, "Ref" | "Condition") || is_function_name(&key))
}

fn named(pair: &Pair, name: &str) -> bool {
    pair.key.scalar().is_some_and(|key| &*key == name)
}
