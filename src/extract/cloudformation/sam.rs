//! AWS SAM: `AWS::Serverless::Api`, and the API that functions with `Api` events imply.
//!
//! What SAM makes of a `ResourcePolicy` is not read yet: such an API has an unknown policy.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::api::{Kinds, Reader, present};
use super::endpoint::{Given, first, read};
use super::hidden;
use super::links::Links;
use super::problems::Problems;
use crate::model::{Api, ApiKind, EndpointTypes, Form, Framework, PolicyState, Routes};
use crate::resolve::cloudformation::form::{any, references};
use crate::resolve::cloudformation::{Resource, Template, Unit};
use crate::resolve::{Kind, NeedSplit, World};
use crate::source::Span;
use crate::syntax::Node;

/// The logical id of the API that events without an API imply.
const IMPLICIT: &str = "ServerlessRestApi";

const NOT_READ: &str = "the statements that AWS SAM makes of it are not read yet";

/// Reads one `AWS::Serverless::Api`.
pub(super) fn extract(
    unit: &mut Unit<'_>,
    resource: &Resource,
    links: &Links,
    found: &mut Problems,
) -> Api {
    let template = unit.template();
    let mut reader = Reader::new(unit, resource, links);
    for auth in resource.property_all("Auth") {
        resource_policy(&mut reader, auth);
    }
    if let Some(auth) = global_auth(&template) {
        resource_policy(&mut reader, auth);
    }
    for event in links.events(&resource.id) {
        resource_policy(&mut reader, &event.node);
    }
    let uris = resource.property_all("DefinitionUri").collect::<Vec<_>>();
    for uri in uris.into_iter().filter(|n| !hidden::is_absent(n)) {
        reader.hide(
            "DefinitionUri",
            "the definition that it names is not read yet",
            uri.span,
            None,
        );
    }
    hidden::functions(&mut reader);
    judge(reader, &template, found)
}

/// The API that events imply, when there is one.
pub(super) fn implicit(unit: &mut Unit<'_>, links: &Links, found: &mut Problems) -> Option<Api> {
    let template = unit.template();
    if template.resource(IMPLICIT).is_some() {
        return None;
    }
    let event = links.events(IMPLICIT).first()?;
    let resource = Resource::generated(IMPLICIT, event.name);
    let mut reader = Reader::new(unit, &resource, links);
    if let Some(auth) = global_auth(&template) {
        resource_policy(&mut reader, auth);
    }
    for event in links.events(IMPLICIT) {
        resource_policy(&mut reader, &event.node);
    }
    Some(judge(reader, &template, found))
}

fn judge(reader: Reader<'_, '_>, template: &Arc<Template>, found: &mut Problems) -> Api {
    let kinds = Kinds { kind: ApiKind::RestApi, framework: Framework::Sam, name: "Name" };
    reader.judge(kinds, found, |reader, world| {
        let endpoint = reader.sam_endpoint(template, world)?;
        let ip = reader.ip(&endpoint, world)?;
        // What SAM adds to the policy of a body is not known; without that, the body's stands.
        let body = match reader.hides() {
            true => PolicyState::None,
            false => reader.body_policy("DefinitionBody", world)?,
        };
        let policy = reader.or_hidden(body);
        Ok(present((endpoint, ip), policy, Routes::default()))
    })
}

impl Reader<'_, '_> {
    /// The endpoint type: a text, or the `Type` of a map; of the API, or of all APIs.
    fn sam_endpoint(
        &mut self,
        template: &Template,
        world: &World,
    ) -> Result<EndpointTypes, NeedSplit> {
        let resource = self.resource;
        let own: Vec<&Node> = resource.property_all("EndpointConfiguration").collect();
        let global = global(template, "EndpointConfiguration");
        let mut given = Given::Absent;
        for node in own.into_iter().chain(global) {
            let whole = self.unit.eval_entry(node, &[], &resource.scope, world)?;
            let value = match whole.kind {
                Kind::Map(_) => self.unit.eval_entry(node, &["Type"], &resource.scope, world)?,
                _ => whole,
            };
            let found = read(&value);
            // What the API says itself wins over the global setting.
            if matches!(given, Given::Absent) {
                given = first(given, found);
            }
        }
        Ok(self.endpoint_types(given))
    }
}

/// Notes every `ResourcePolicy` in `node`.
fn resource_policy(reader: &mut Reader<'_, '_>, node: &Node) {
    let mut spans: Vec<Span> = Vec::new();
    any(node, |node| {
        for pair in node.as_map().map_or(&[][..], |pairs| pairs) {
            if pair.key.scalar().is_some_and(|k| &*k == "ResourcePolicy")
                && !hidden::is_absent(&pair.value)
            {
                spans.push(pair.key.span);
            }
        }
        false
    });
    spans.sort();
    for span in spans {
        reader.hide("SAM ResourcePolicy", NOT_READ, span, Some(Form::SamResourcePolicy));
    }
}

/// An entry of `Globals.Api`.
fn global<'t>(template: &'t Template, name: &str) -> Option<&'t Node> {
    template.globals.as_ref()?.get("Api")?.get(name)
}

fn global_auth(template: &Template) -> Option<&Node> {
    global(template, "Auth")
}

/// An `Api` event of a function or state machine.
#[derive(Debug)]
pub(super) struct Event {
    /// The event's name.
    name: Span,
    /// The event.
    node: Node,
}

/// All `Api` events in source order, by the API they belong to: its logical id, that of the implicit
/// API where none is named.
pub(super) fn events(template: &Template) -> BTreeMap<Arc<str>, Vec<Event>> {
    let mut out: BTreeMap<Arc<str>, Vec<Event>> = BTreeMap::new();
    let pairs = template
        .resources()
        .iter()
        .filter(|r| {
            matches!(&*r.kind, "AWS::Serverless::Function" | "AWS::Serverless::StateMachine")
        })
        .filter_map(|r| r.property("Events")?.as_map())
        .flat_map(|pairs| pairs.iter());
    for pair in pairs {
        if pair.value.get("Type").and_then(Node::scalar).is_none_or(|kind| &*kind != "Api") {
            continue;
        }
        let api = match pair.value.get("Properties").and_then(|p| p.get("RestApiId")) {
            None => Some(IMPLICIT.into()),
            Some(id) => references(id).into_iter().next().or_else(|| id.scalar()),
        };
        let event = Event { name: pair.key.span, node: pair.value.clone() };
        if let Some(api) = api {
            out.entry(api).or_default().push(event);
        }
    }
    out
}
