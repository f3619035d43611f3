//! The template of a service: the API that the framework makes, and what `resources` adds.

use std::sync::Arc;

use super::Note;
use super::events::{API, Events, is_given};
use crate::model::ProblemKind;
use crate::resolve::cloudformation::build::{list, map, reference, text};
use crate::resolve::serverless::Variables;
use crate::source::Span;
use crate::syntax::{Kind, Node, Pair};

/// Keys below which plugins declare methods of the same API.
const PLUGINS: [&[&str]; 2] = [&["stepFunctions"], &["custom", "apiGatewayServiceProxies"]];

/// The template of the service; nothing where it makes no API and declares no resource.
pub(super) fn made(
    root: &Node,
    variables: &mut Variables<'_>,
    notes: &mut Vec<Note>,
) -> Option<Node> {
    let provider =
        variables.section("provider").unwrap_or(Node { span: root.span, kind: Kind::Null });
    let gateway = provider.get("apiGateway");
    // The first of the two that holds something counts.
    let policy = gateway.and_then(|gateway| gateway.pair("resourcePolicy"));
    let policy = policy.filter(|pair| is_given(&pair.value));
    let policy = policy.or_else(|| provider.pair("resourcePolicy").filter(|p| is_given(&p.value)));
    let external = gateway.and_then(|gateway| gateway.get("restApiId")).filter(|id| is_given(id));
    let events = match variables.section("functions") {
        Some(functions) => Events::of(&functions),
        None => Events::default(),
    };
    let mut resources = Vec::new();
    match (external, policy) {
        (Some(_), Some(policy)) => notes.push(ignored(policy)),
        (Some(_), None) => {}
        (None, Some(policy)) if !events.http && events.open.is_none() => {
            if events.http_api {
                let what = "resourcePolicy".into();
                let kind = ProblemKind::OnHttpApi { what, protocol: "HTTP API", refused: false };
                notes.push(Note { at: policy.key.span, kind });
            } else {
                resources.extend(api(&provider, Some(policy), &events, root, variables));
            }
        }
        (None, policy) if policy.is_some() || events.http => {
            resources.extend(api(&provider, policy, &events, root, variables));
        }
        (None, _) => {}
    }
    if let Some(policy) = policy {
        notes.extend(whole_document(policy));
    }
    let mut sections = merged(variables, &mut resources);
    if resources.is_empty() {
        return None;
    }
    let at = root.span;
    let resources = Node { span: at, kind: Kind::Map(resources.into()) };
    sections.push(Pair { key: text("Resources", at), value: resources });
    declared(variables, &mut sections, at);
    Some(Node { span: at, kind: Kind::Map(sections.into()) })
}

/// The API, and its methods.
fn api(
    provider: &Node,
    policy: Option<&Pair>,
    events: &Events,
    root: &Node,
    variables: &mut Variables<'_>,
) -> Vec<Pair> {
    let at = policy.map(|pair| pair.key.span);
    let at = at.or_else(|| root.pair("provider").map(|pair| pair.key.span)).unwrap_or(root.span);
    let mut properties = Vec::new();
    if let Some(name) = root.get("service").map(|node| node.get("name").unwrap_or(node)) {
        properties.push(("Name", variables.resolve(name)));
    }
    if let Some(kind) = provider.get("endpointType").filter(|node| is_given(node)) {
        let types = list(vec![kind.clone()], kind.span);
        properties.push(("EndpointConfiguration", map(vec![("Types", types)], kind.span)));
    }
    if let Some(tags) = provider.get("tags") {
        properties.push(("Tags", tags.clone()));
    }
    if let Some(pair) = policy {
        let span = pair.value.span;
        let version = text("2012-10-17", span);
        let document = match is_document(pair) {
            // Refused; it is judged as it is meant.
            true => pair.value.clone(),
            false => map(vec![("Version", version), ("Statement", pair.value.clone())], span),
        };
        properties.push(("Policy", document));
    }
    let mut out = vec![resource(API, "AWS::ApiGateway::RestApi", map(properties, at), at)];
    let methods = events.resources.iter().enumerate();
    out.extend(methods.map(|(number, node)| Pair {
        key: text(&format!("ApiGatewayResource{number}"), node.span),
        value: node.clone(),
    }));
    let plugin = PLUGINS.iter().find_map(|path| {
        path.iter().try_fold(root, |node, key| node.get(key)).map(|node| node.span)
    });
    if let Some(span) = events.open.or(plugin) {
        // Whatever it is, it may add methods.
        let told = map(vec![("Api", reference(API, span))], span);
        out.push(resource("OtherMethods", "Custom::OtherMethods", told, span));
    }
    out
}

fn resource(id: &str, kind: &str, properties: Node, at: Span) -> Pair {
    let entries = vec![("Type", text(kind, at)), ("Properties", properties)];
    Pair { key: text(id, at), value: map(entries, at) }
}

/// What `resources` adds: its resources are put among those of the framework, its other sections are
/// given back.
fn merged(variables: &mut Variables<'_>, resources: &mut Vec<Pair>) -> Vec<Pair> {
    let mut sections: Vec<Pair> = Vec::new();
    let Some(node) = variables.section("resources") else { return sections };
    for part in node.one_or_more() {
        for pair in part.as_map().map_or(&[][..], |pairs| pairs) {
            let name = pair.key.scalar();
            let entries = pair.value.as_map().map_or(&[][..], |pairs| pairs);
            match name.as_deref() {
                Some("Resources" | "extensions") => {
                    entries.iter().for_each(|entry| put(resources, entry));
                }
                // The framework takes a resource that stands without the section's name, too.
                Some(_) if pair.value.get("Type").is_some() => put(resources, pair),
                _ => match sections.iter_mut().find(|known| known.key.scalar() == name) {
                    Some(known) => known.value = both(&known.value, &pair.value),
                    None => sections.push(pair.clone()),
                },
            }
        }
    }
    sections
}

/// Puts a resource among the others; the properties of one that is there are joined by the new ones.
fn put(resources: &mut Vec<Pair>, new: &Pair) {
    let known = resources.iter_mut().find(|pair| pair.key.scalar() == new.key.scalar());
    let Some(known) = known else {
        resources.push(new.clone());
        return;
    };
    let mut entries: Vec<Pair> = known.value.as_map().map_or_else(Vec::new, |pairs| pairs.to_vec());
    for pair in new.value.as_map().map_or(&[][..], |pairs| pairs) {
        match entries.iter_mut().find(|entry| entry.key.scalar() == pair.key.scalar()) {
            Some(entry) => entry.value = both(&entry.value, &pair.value),
            None => entries.push(pair.clone()),
        }
    }
    // The author's own token names it.
    known.key = new.key.clone();
    known.value = Node { span: new.value.span, kind: Kind::Map(entries.into()) };
}

/// The entries of both maps: what stands in both has both readings.
fn both(one: &Node, other: &Node) -> Node {
    match (one.as_map(), other.as_map()) {
        (Some(a), Some(b)) => {
            let pairs: Arc<[Pair]> = a.iter().chain(b.iter()).cloned().collect();
            Node { span: other.span, kind: Kind::Map(pairs) }
        }
        _ => other.clone(),
    }
}

/// Declares the parameters and conditions that stand for variables.
fn declared(variables: &Variables<'_>, sections: &mut Vec<Pair>, at: Span) {
    let parameter = |(name, (span, default)): (&String, &(Span, Option<Node>))| {
        let mut entries = vec![("Type", text("String", *span))];
        entries.extend(default.clone().map(|default| ("Default", default)));
        Pair { key: text(name, *span), value: map(entries, *span) }
    };
    let parameters: Vec<Pair> = variables.declared.parameters.iter().map(parameter).collect();
    let condition =
        |(name, node): (&String, &Node)| Pair { key: text(name, node.span), value: node.clone() };
    let conditions: Vec<Pair> = variables.declared.conditions.iter().map(condition).collect();
    for (name, pairs) in [("Parameters", parameters), ("Conditions", conditions)] {
        let new = Node { span: at, kind: Kind::Map(pairs.into()) };
        match sections.iter_mut().find(|pair| pair.key.scalar().is_some_and(|key| &*key == name)) {
            Some(pair) => pair.value = both(&pair.value, &new),
            None => sections.push(Pair { key: text(name, at), value: new }),
        }
    }
}

/// A policy for an API that the service does not make.
fn ignored(policy: &Pair) -> Note {
    let kind = ProblemKind::Unresolved {
        what: "resourcePolicy".into(),
        why: "`restApiId` names an API of another stack: the framework ignores this policy".into(),
        pin: None,
    };
    Note { at: policy.key.span, kind }
}

fn is_document(policy: &Pair) -> bool {
    policy.value.get("Statement").is_some()
}

/// A whole document where statements are asked for: Amazon API Gateway refuses what comes out.
fn whole_document(policy: &Pair) -> Option<Note> {
    is_document(policy).then(|| Note {
        at: policy.key.span,
        kind: ProblemKind::Unreadable {
            message: "`resourcePolicy` takes a list of statements, not a whole policy".into(),
            help: Some(
                "write the list under `Statement` itself: the framework adds the rest".into(),
            ),
        },
    })
}
