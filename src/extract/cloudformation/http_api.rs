//! HTTP and WebSocket APIs: they have no resource policy (SEMANTICS 3.4). One that is written for them
//! all the same is named.

use super::body::{plain, policy_key};
use super::files::Files;
use super::hidden::is_absent;
use super::problems::Problems;
use crate::extract::openapi::{self, Found};
use crate::model::{Problem, ProblemKind};
use crate::resolve::cloudformation::{Resource, Unit};
use crate::resolve::{Kind, World};
use crate::source::Origin;
use crate::syntax::{Node, Pair};

/// Properties by which people try to attach a policy.
const PROPERTIES: [&str; 3] = ["Policy", "PolicyDocument", "ResourcePolicy"];

/// Reports every policy on an HTTP or WebSocket API.
pub(super) fn policies(unit: &mut Unit<'_>, files: &Files, found: &mut Problems) {
    let template = unit.template();
    let mut hits: Vec<(Hit, Option<&Resource>)> = Vec::new();
    for resource in template.resources() {
        let sam = &*resource.kind == "AWS::Serverless::HttpApi";
        let events = matches!(
            &*resource.kind,
            "AWS::Serverless::Function" | "AWS::Serverless::StateMachine"
        );
        let Some(properties) = resource.properties() else { continue };
        let mut keys: Vec<(&Pair, bool)> = Vec::new();
        if sam || resource.kind.starts_with("AWS::ApiGatewayV2::") {
            keys.extend(named(properties, &PROPERTIES).map(|pair| (pair, true)));
            let bodies = ["Body", "DefinitionBody"].into_iter();
            let bodies = bodies.flat_map(|body| resource.property_all(body));
            let uris = ["BodyS3Location", "DefinitionUri"].into_iter();
            let uris = uris.flat_map(|uri| resource.property_all(uri));
            for node in bodies.chain(uris.filter_map(|uri| files.definition(uri).ok())) {
                if let Some(at) = key_in_body(unit, resource, node) {
                    hits.push(((at, openapi::POLICY.into(), false), Some(resource)));
                }
            }
        }
        if sam {
            keys.extend(of_auth(properties).map(|pair| (pair, true)));
        } else if events && let Some(events) = properties.get("Events").and_then(Node::as_map) {
            let http = events.iter().filter(|event| {
                event.value.get("Type").and_then(Node::scalar).is_some_and(|t| &*t == "HttpApi")
            });
            let properties = http.filter_map(|event| event.value.get("Properties"));
            keys.extend(properties.flat_map(of_auth).map(|pair| (pair, true)));
        }
        for (pair, refused) in keys {
            hits.push((hit(unit, pair, refused), Some(resource)));
        }
    }
    if let Some(globals) = template.globals.as_ref().and_then(|globals| globals.get("HttpApi")) {
        let keys: Vec<&Pair> = of_auth(globals).collect();
        hits.extend(keys.into_iter().map(|pair| (hit(unit, pair, true), None)));
    }
    for ((origin, what, refused), resource) in hits {
        let protocol = resource.map_or("HTTP API", protocol);
        let related = resource.map(|resource| {
            let is = if protocol == "HTTP API" { "an HTTP API" } else { "a WebSocket API" };
            (unit.origin(resource.id_span), format!("part of {is}"))
        });
        let problem = Problem {
            kind: ProblemKind::OnHttpApi { what, protocol, refused },
            origin,
            related: related.into_iter().collect(),
            api: resource.map(|resource| format!("{}{}", unit.path(), resource.id)),
        };
        found.add(problem, &unit.origins);
    }
}

/// A policy: where, the name of what holds it, and whether the deployment fails.
type Hit = (Origin, String, bool);

fn hit(unit: &mut Unit<'_>, pair: &Pair, refused: bool) -> Hit {
    let name = pair.key.scalar().unwrap_or_default();
    (unit.origin(pair.key.span), name.to_string(), refused)
}

/// The entries of those names that hold something.
fn named<'n>(node: &'n Node, names: &'n [&str]) -> impl Iterator<Item = &'n Pair> {
    let pairs = node.as_map().map_or(&[][..], |pairs| pairs).iter();
    pairs.filter(|pair| {
        let empty = pair.value.scalar().is_some_and(|text| text.trim().is_empty());
        pair.key.scalar().is_some_and(|key| names.contains(&&*key))
            && !empty
            && !is_absent(&pair.value)
    })
}

/// The `ResourcePolicy` under the `Auth` of a SAM resource or event.
fn of_auth(node: &Node) -> impl Iterator<Item = &Pair> {
    node.get("Auth").into_iter().flat_map(|auth| named(auth, &["ResourcePolicy"]))
}

fn protocol(resource: &Resource) -> &'static str {
    let kind = resource.property("ProtocolType").and_then(Node::scalar);
    if kind.is_some_and(|kind| &*kind == "WEBSOCKET") { "WebSocket API" } else { "HTTP API" }
}

/// Where an OpenAPI document holds a policy.
fn key_in_body(unit: &mut Unit<'_>, resource: &Resource, node: &Node) -> Option<Origin> {
    if plain(node).is_some() {
        return policy_key(node).map(|key| unit.origin(key));
    }
    unit.start_api();
    let value = unit.eval(node, &resource.scope, &World::default().freeze()).ok()?;
    let (symbols, origins) = (&mut unit.symbols, &mut unit.origins);
    let document = |text: &_, origin| openapi::document_in(text, origin, symbols, origins);
    match openapi::policy_of(&value, document) {
        Found::Policy { key, .. } => Some(key),
        Found::NotRead => {
            let Kind::Text(text) = &value.kind else { return None };
            let (origin, span) = openapi::key_in_text(text)?;
            Some(unit.origins.narrow(origin, span))
        }
        Found::Nothing => None,
    }
}
