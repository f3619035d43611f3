//! The OpenAPI document that AWS SAM deploys an API with: the one in `DefinitionBody`, or one that is
//! built from events; then the OPTIONS methods that `Cors` adds.
//!
//! Only its paths and methods are told here, without evaluating anything: the statements that SAM
//! writes depend on nothing else.

use std::sync::Arc;

use super::events::Event;
use super::globals::is_call;
use crate::extract::cloudformation::api::Reader;
use crate::extract::cloudformation::body::plain;
use crate::extract::cloudformation::hidden::is_absent;
use crate::extract::cloudformation::include::TRANSFORM;
use crate::extract::openapi;
use crate::resolve::cloudformation::form::{Form, is_function_name};
use crate::source::Span;
use crate::syntax::{Kind, Node, Pair};

/// How many operations or events of one API are laid out: far more than Amazon API Gateway takes.
/// Shared nodes make a small text a large document.
const MAX_OPERATIONS: usize = 3_000;

/// The definition of one API.
#[derive(Debug, Default)]
pub(super) struct Definition {
    /// The paths, in order.
    pub(super) paths: Vec<PathItem>,
    /// The document that they are written in, where SAM can look into one.
    pub(super) body: Option<Node>,
    /// The document that methods are read from.
    pub(super) document: Option<Node>,
    /// Where the document comes from.
    pub(super) source: Source,
    /// Why nothing is known of what AWS SAM adds to it, where that is so.
    pub(super) why: &'static str,
    /// A path, method or document that is not known.
    pub(super) open: bool,
}

/// Where a definition comes from.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// SAM builds it from the events.
    #[default]
    Events,
    /// `DefinitionBody`, a document that SAM can read.
    Body,
    /// `DefinitionBody`, with the events merged into it.
    Merged,
    /// `DefinitionBody` that a macro writes, in whole or in part: AWS CloudFormation runs it first, and
    /// SAM adds to what it makes. The first path stands for all of its paths.
    Macro,
    /// `DefinitionBody` that SAM cannot look into, or `DefinitionUri`.
    Elsewhere,
}

/// A path.
#[derive(Debug)]
pub(super) struct PathItem {
    pub(super) path: Arc<str>,
    /// Its methods; two lists where an `Fn::If` chooses between them.
    pub(super) branches: Vec<Branch>,
}

/// The methods of a path.
#[derive(Debug, Default)]
pub(super) struct Branch {
    /// Every key of the path item: the translator takes each for a method.
    pub(super) operations: Vec<Operation>,
}

/// A key of a path item.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) key: Arc<str>,
    /// Its token.
    pub(super) at: Span,
    /// Who adds it.
    pub(super) by: By,
}

/// Who adds an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// The author of the document.
    Document,
    /// The event of that number among those of the API.
    Event(usize),
    /// `Cors`.
    Cors,
}

impl Definition {
    /// The definition of the API that `reader` reads, whose events are `events`.
    pub(super) fn of(reader: &Reader<'_, '_>, events: &[Event]) -> Self {
        let resource = reader.resource;
        let body = resource.property("DefinitionBody").filter(|node| is_truthy(node));
        let uri = resource.property("DefinitionUri").filter(|node| is_truthy(node));
        let mut out = match (body, uri) {
            _ if events.len() > MAX_OPERATIONS => Self::too_large(),
            (Some(body), _) => Self::in_body(body),
            (None, Some(uri)) => Self {
                source: Source::Elsewhere,
                why: "AWS SAM refuses it: Auth takes a DefinitionBody, and no DefinitionUri",
                document: reader.links.files.definition(uri).ok().cloned(),
                ..Self::default()
            },
            (None, None) => Self::default(),
        };
        if out.source == Source::Macro {
            let overriding = events.iter().filter(|event| event.overrides());
            let paths = overriding.filter_map(|e| Some(PathItem::whole(e.path()?, e.name)));
            out.paths.extend(paths);
        }
        // What nobody reads may declare anything.
        out.open |= out.source == Source::Elsewhere && out.document.is_none();
        let merges = resource.property("MergeDefinitions").is_some_and(is_truthy);
        match out.source {
            Source::Events => {
                let events = events.iter().enumerate();
                events.for_each(|(index, event)| out.add(event.method(), index, event));
            }
            Source::Body if merges => {
                out.source = Source::Merged;
                for (index, event) in events.iter().enumerate().filter(|(_, e)| !e.machine) {
                    let method = event.get("Method").and_then(Node::as_text);
                    let method = method.map(|text| text.text.to_ascii_lowercase().into());
                    out.add(method, index, event);
                }
            }
            _ => {}
        }
        if out.source != Source::Macro && resource.property("Cors").is_some_and(is_truthy) {
            let at = resource.property("Cors").map_or(resource.id_span, |node| node.span);
            out.add_options(at);
        }
        out
    }

    /// A definition that is not laid out: nothing is known of it.
    fn too_large() -> Self {
        let why = "AWS SAM writes it into each path, and the definition has too many";
        Self { source: Source::Elsewhere, why, open: true, ..Self::default() }
    }

    /// The numbers of the paths that the policy of the API is written for.
    pub(super) fn covered(&self) -> std::ops::Range<usize> {
        match self.source {
            Source::Macro => 0..1,
            _ => 0..self.paths.len(),
        }
    }

    /// Reads a document; one that is a function call, or no document, is not looked into.
    fn in_body(body: &Node) -> Self {
        let document = Some(body.clone());
        if is_macro(body) || body.get("paths").is_some_and(is_macro) {
            let span = body.span;
            let (body, paths) = (document.clone(), vec![PathItem::whole("".into(), span)]);
            let source = Source::Macro;
            return Self { paths, body, document, source, open: true, ..Self::default() };
        }
        let elsewhere = |document| Self {
            source: Source::Elsewhere,
            why: "AWS SAM writes it into a definition with `paths`, and none is written here",
            document,
            ..Self::default()
        };
        let versioned = ["swagger", "openapi"].iter().any(|key| body.get(key).is_some());
        let Some(paths) = body.get("paths").and_then(Node::as_map) else {
            return elsewhere(document);
        };
        if body.as_map().is_none_or(|pairs| is_call(pairs)) || is_call(paths) || !versioned {
            return elsewhere(document);
        }
        let (source, body_of) = (Source::Body, document.clone());
        let mut out = Self { source, body: body_of, document, ..Self::default() };
        out.open = plain(body).is_none();
        let mut count = 0;
        for pair in paths.iter() {
            let Some(path) = pair.key.scalar() else {
                out.open = true;
                continue;
            };
            out.open |= is_function_name(&path);
            let branches = branches(&pair.value, &mut out.open);
            count += 1 + branches.iter().map(|branch| branch.operations.len()).sum::<usize>();
            if count > MAX_OPERATIONS {
                return Self::too_large();
            }
            out.paths.push(PathItem { path, branches });
        }
        out
    }

    /// Adds the method of an event.
    fn add(&mut self, method: Option<Arc<str>>, index: usize, event: &Event) {
        let (Some(key), Some(path)) = (method, event.path()) else {
            self.open = true;
            return;
        };
        let at = self.paths.iter().position(|item| item.path == path).unwrap_or_else(|| {
            let branches = vec![Branch::default()];
            self.paths.push(PathItem { path, branches });
            self.paths.len() - 1
        });
        let Some(item) = self.paths.get_mut(at) else { return };
        for branch in &mut item.branches {
            match branch.operations.iter_mut().find(|operation| operation.key == key) {
                Some(operation) => operation.by = By::Event(index),
                None => branch.operations.push(Operation {
                    key: Arc::clone(&key),
                    at: event.name,
                    by: By::Event(index),
                }),
            }
        }
    }

    /// Adds an OPTIONS method to every path that has none. Of two paths that differ by a trailing
    /// slash only, the first gets one.
    fn add_options(&mut self, at: Span) {
        let mut seen = std::collections::BTreeSet::new();
        for item in &mut self.paths {
            let path = match &*item.path {
                "/" => "/",
                path => path.trim_end_matches('/'),
            };
            if !seen.insert(path.to_owned()) {
                continue;
            }
            for branch in &mut item.branches {
                if !branch.operations.iter().any(|operation| &*operation.key == "options") {
                    branch.operations.push(Operation { key: "options".into(), at, by: By::Cors });
                }
            }
        }
    }
}

impl PathItem {
    /// A path with every method; the empty one stands for all paths.
    fn whole(path: Arc<str>, at: Span) -> Self {
        let operation = Operation { key: openapi::ANY.into(), at, by: By::Document };
        Self { path, branches: vec![Branch { operations: vec![operation] }] }
    }
}

/// Whether a macro writes a map, or a part of it.
fn is_macro(node: &Node) -> bool {
    let macro_key = |pair: &Pair| pair.key.scalar().is_some_and(|key| &*key == TRANSFORM);
    matches!(Form::of(node), Form::Call(TRANSFORM, _))
        || node.as_map().is_some_and(|pairs| pairs.iter().any(macro_key))
}

/// The contents of a path item, those of both sides where it is an `Fn::If`.
fn branches(node: &Node, open: &mut bool) -> Vec<Branch> {
    if let Form::Call("Fn::If", arg) = Form::of(node)
        && let Some([_, yes, no]) = arg.as_list().map(|items| &**items)
    {
        return [yes, no]
            .into_iter()
            .filter(|side| !is_absent(side))
            .map(|side| Branch { operations: operations(side, open) })
            .collect();
    }
    vec![Branch { operations: operations(node, open) }]
}

fn operations(node: &Node, open: &mut bool) -> Vec<Operation> {
    let Some(pairs) = plain(node) else {
        // A function in place of the methods.
        *open = true;
        return Vec::new();
    };
    let operation = |pair: &Pair| {
        Some(Operation { key: pair.key.scalar()?, at: pair.key.span, by: By::Document })
    };
    // A reference brings in methods from another place.
    *open |= pairs.iter().any(|pair| pair.key.scalar().is_some_and(|key| &*key == "$ref"));
    pairs.iter().filter_map(operation).collect()
}

/// Whether Python takes a value for true: the translator asks so whether a property is given.
pub(in crate::extract::cloudformation) fn is_truthy(node: &Node) -> bool {
    match &node.kind {
        Kind::Null => false,
        Kind::Bool(value) => *value,
        Kind::Number(text) => !text.parse::<f64>().is_ok_and(|number| number == 0.0),
        Kind::Text(text) => !text.text.is_empty(),
        Kind::List(items) => !items.is_empty(),
        Kind::Map(pairs) => !pairs.is_empty(),
        Kind::Tagged(_) | Kind::Expr(_) | Kind::Invalid => true,
    }
}

/// Whether a value is a map to the translator: a function call is one too, in its long form.
pub(super) fn entries(node: &Node) -> Option<&[Pair]> {
    match (&node.kind, Form::of(node)) {
        (Kind::Map(pairs), _) => Some(pairs),
        (Kind::Tagged(_), _) => Some(&[]),
        _ => None,
    }
}
