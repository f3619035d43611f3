//! Problems of a template: collected once each, in the order of their places.

use std::collections::BTreeSet;

use super::api::unresolved;
use super::links::Links;
use crate::extract::openapi;
use crate::model::{DuplicateEffect, Problem, ProblemKind};
use crate::resolve::cloudformation::{Resource, Template, Unit};
use crate::source::{Origins, Span};
use crate::syntax::{Document, Node, Pair};

/// Problems without repetition: each world of an API finds the same ones again.
#[derive(Debug, Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
    seen: BTreeSet<(Span, String, Option<String>)>,
}

impl Problems {
    /// Adds a problem that is not there yet.
    pub(super) fn add(&mut self, problem: Problem, origins: &Origins) {
        let key = match &problem.kind {
            ProblemKind::Unreadable { message, .. } => format!("unreadable {message}"),
            ProblemKind::DuplicateKey { key, .. } => format!("duplicate {key}"),
            kind => format!("{kind:?}"),
        };
        if self.seen.insert((origins.span(problem.origin), key, problem.api.clone())) {
            self.list.push(problem);
        }
    }

    /// Whether a key at `span` was reported as a duplicate.
    fn has_duplicate(&self, span: Span, key: &str) -> bool {
        let name = format!("duplicate {key}");
        let from = (span, String::new(), None);
        self.seen.range(from..).take_while(|(s, ..)| *s == span).any(|(_, k, _)| *k == name)
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The problems, sorted by their places.
    pub(super) fn into_sorted(mut self, origins: &Origins) -> Vec<Problem> {
        self.list.sort_by_key(|p| origins.span(p.origin));
        self.list
    }
}

/// Reports what cannot be read of a file.
pub(super) fn unreadable(document: &Document, origins: &mut Origins, found: &mut Problems) {
    for error in &document.errors {
        let (message, help) = (error.message.clone(), error.help.clone());
        let problem = Problem {
            kind: ProblemKind::Unreadable { message, help },
            origin: origins.literal(error.span),
            related: Vec::new(),
            api: None,
        };
        found.add(problem, origins);
    }
}

/// The resource types whose keys decide who can call an API.
const KINDS: [&str; 6] = [
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::DomainNameV2",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Resource",
    "AWS::Serverless::Api",
    "AWS::Serverless::HttpApi",
];

/// Properties of those that decide nothing about it, or that are not read yet.
const OTHERS: [&str; 9] = [
    "Body",
    "DefinitionBody",
    "Integration",
    "MethodResponses",
    "RequestParameters",
    "RequestModels",
    "Tags",
    "Models",
    "GatewayResponses",
];

/// Reports the keys that stand twice in what decides who can call an API: a policy reports its own,
/// by what they mean; the rest is found by its place.
pub(super) fn duplicates(unit: &mut Unit<'_>, document: &Document, found: &mut Problems) {
    if document.duplicates.is_empty() {
        return;
    }
    let template = unit.template();
    let ours: Vec<&Resource> =
        template.resources().iter().filter(|r| KINDS.contains(&&*r.kind)).collect();
    let mut inside: Vec<(Span, Option<&str>)> = Vec::new();
    let mut outside: Vec<(Span, Option<&str>)> = Vec::new();
    for resource in ours {
        let id = Some(&*resource.id);
        // The id itself, where it stands twice.
        inside.push((resource.id_span, id));
        inside.push((resource.node.span, id));
        for name in OTHERS {
            outside.extend(resource.property_all(name).map(|node| (node.span, id)));
        }
    }
    inside.sort();
    outside.sort();
    for duplicate in &document.duplicates {
        let Some((_, id)) = around(&inside, duplicate.second) else { continue };
        let policy = &*duplicate.key == openapi::POLICY;
        if (around(&outside, duplicate.second).is_some() && !policy)
            || found.has_duplicate(duplicate.second, &duplicate.key)
        {
            continue;
        }
        let first = unit.origin(duplicate.first);
        let problem = Problem {
            kind: ProblemKind::DuplicateKey {
                key: duplicate.key.to_string(),
                effect: DuplicateEffect::Unspecified,
            },
            origin: unit.origin(duplicate.second),
            related: vec![(first, "first given here".into())],
            api: id.map(|id| format!("{}{id}", unit.path())),
        };
        found.add(problem, &unit.origins);
    }
}

/// The one of the sorted, disjoint spans that holds `span`.
fn around<'s>(sorted: &[(Span, Option<&'s str>)], span: Span) -> Option<(Span, Option<&'s str>)> {
    let at = sorted.partition_point(|(s, _)| s.start <= span.start);
    let found = sorted.get(at.checked_sub(1)?)?;
    found.0.contains(span).then_some(*found)
}

/// Macros that are known to add no API and to change none.
const HARMLESS: [&str; 4] = [
    "AWS::Serverless-",
    "AWS::LanguageExtensions",
    "AWS::CodeDeployBlueGreen",
    "AWS::SecretsManager-",
];

/// What may declare further resources or change the ones that were read, with its place: macros over
/// the whole template, and those that make a part of it. A macro runs before anything is deployed.
pub(super) fn foreign(template: &Template, root: &Node) -> Vec<(String, Span)> {
    let at = root.get("Transform").map_or(root.span, |node| node.span);
    let names = template.transforms.iter();
    let names = names.filter(|name| !HARMLESS.iter().any(|known| name.starts_with(known)));
    let mut out: Vec<(String, Span)> =
        names.map(|name| (format!("transform {name}"), at)).collect();
    let places = [Some(root), root.get("Resources")];
    for pair in places.into_iter().flatten().filter_map(Node::as_map).flat_map(|p| p.iter()) {
        if pair.key.scalar().is_some_and(|key| &*key == "Fn::Transform") {
            out.push(("Fn::Transform".to_owned(), pair.key.span));
        }
    }
    out
}

/// Reports what may declare further resources or change the ones that were read.
pub(super) fn macros(unit: &mut Unit<'_>, links: &Links, found: &mut Problems) {
    const ADDS: &str = "it may add APIs or change the ones in this template";
    for (what, at) in links.foreign() {
        let why = match links.files.why(*at) {
            Some(why) => format!("{ADDS}; {why}"),
            None => format!("{ADDS}; it is not run"),
        };
        found.add(unresolved(&mut unit.origins, *at, what, &why, None), &unit.origins);
    }
}

/// Reports the attributes of a resource that decides who can call an API, where they are written in
/// another case: CloudFormation refuses them, and nothing below them was read. `path` stands before the
/// names of the resources.
pub(super) fn misspelt(root: &Node, path: &str, origins: &mut Origins, found: &mut Problems) {
    let resources = root.get("Resources").and_then(Node::as_map);
    for resource in resources.into_iter().flat_map(|pairs| pairs.iter()) {
        let Some(attributes) = resource.value.as_map() else { continue };
        let kind = attributes.iter().find(|pair| is_key(pair, "Type"));
        let kind = kind.and_then(|pair| pair.value.scalar());
        if !kind.is_some_and(|kind| KINDS.contains(&&*kind)) {
            continue;
        }
        for name in ["Type", "Properties"] {
            let written = attributes.iter().find(|pair| is_key(pair, name));
            let Some(pair) = written.filter(|_| resource.value.get(name).is_none()) else {
                continue;
            };
            let key = pair.key.scalar().unwrap_or_default();
            let problem = Problem {
                kind: ProblemKind::Unreadable {
                    message: format!("`{key}` is not an attribute of a resource"),
                    help: Some(format!("attributes are case-sensitive: write `{name}`")),
                },
                origin: origins.literal(pair.key.span),
                related: Vec::new(),
                api: resource.key.scalar().map(|id| format!("{path}{id}")),
            };
            found.add(problem, origins);
        }
    }
}

fn is_key(pair: &Pair, name: &str) -> bool {
    pair.key.scalar().is_some_and(|key| key.eq_ignore_ascii_case(name))
}
