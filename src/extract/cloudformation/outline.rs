//! What of an OpenAPI document is evaluated: bodies are large, and most of one says nothing about who
//! can call which method.
//!
//! Kept are the version, the paths with `security` of their operations, and the security schemes; of
//! an integration, that it is there. Functions keep their place at any depth.

use crate::resolve::cloudformation::build;
use crate::resolve::cloudformation::form::Form;
use crate::syntax::{Kind, Node, Pair};

/// A part of a document.
#[derive(Clone, Copy)]
enum Part {
    Document,
    Paths,
    PathItem,
    Operation,
    Components,
    /// Kept as it is.
    Whole,
}

/// How many entries are looked at: shared nodes make a small text a large document. What is not looked
/// at is kept, and evaluated within the bounds of that.
const BUDGET: usize = 100_000;

/// How deep functions may nest.
const MAX_DEPTH: usize = 64;

/// What is left of the bounds.
struct Bounds {
    entries: usize,
    depth: usize,
}

/// The document without what says nothing about its methods.
pub(in crate::extract) fn outline(document: &Node) -> Node {
    part(document, Part::Document, &mut Bounds { entries: BUDGET, depth: MAX_DEPTH })
}

fn part(node: &Node, kind: Part, bounds: &mut Bounds) -> Node {
    let cost = node.as_map().map_or(1, |pairs| pairs.len() + 1);
    if matches!(kind, Part::Whole) || cost > bounds.entries || bounds.depth == 0 {
        return node.clone();
    }
    bounds.entries -= cost;
    bounds.depth -= 1;
    let out = below(node, kind, bounds);
    bounds.depth += 1;
    out
}

fn below(node: &Node, kind: Part, bounds: &mut Bounds) -> Node {
    match (Form::of(node), &node.kind) {
        (Form::Plain, Kind::Map(pairs)) => {
            let kept: Vec<Pair> =
                pairs.iter().filter_map(|pair| entry(pair, kind, bounds)).collect();
            Node { span: node.span, kind: Kind::Map(kept.into()) }
        }
        (Form::Call("Fn::If", arg), _) => {
            let Some([name, yes, no]) = arg.as_list().map(|items| &**items) else {
                return node.clone();
            };
            let items = vec![name.clone(), part(yes, kind, bounds), part(no, kind, bounds)];
            build::call("Fn::If", build::list(items, arg.span), node.span)
        }
        _ => node.clone(),
    }
}

fn entry(pair: &Pair, kind: Part, bounds: &mut Bounds) -> Option<Pair> {
    const FUNCTION: &str = "Fn::";
    let Some(key) = pair.key.scalar() else { return Some(pair.clone()) };
    let kind = match (kind, &*key) {
        (_, key) if key.starts_with(FUNCTION) => Part::Whole,
        (Part::Document, "swagger" | "openapi" | "securityDefinitions") => Part::Whole,
        (Part::Document, "paths") => Part::Paths,
        (Part::Document, "components") => Part::Components,
        (Part::Components, "securitySchemes") => Part::Whole,
        (Part::Paths, _) => Part::PathItem,
        (Part::PathItem, "$ref") => Part::Whole,
        (Part::PathItem, key) if crate::extract::openapi::verb(key).is_some() => Part::Operation,
        (Part::Operation, "security" | "x-amazon-apigateway-auth") => Part::Whole,
        (Part::Operation, "x-amazon-apigateway-integration") => {
            let given = super::sam::is_truthy(&pair.value);
            let value = Node { span: pair.value.span, kind: Kind::Bool(given) };
            return Some(Pair { key: pair.key.clone(), value });
        }
        _ => return None,
    };
    Some(Pair { key: pair.key.clone(), value: part(&pair.value, kind, bounds) })
}
