//! AWS SAM: `AWS::Serverless::Api`, and the API that functions with `Api` events imply.
//!
//! An API is expanded as the translator does it, before CloudFormation evaluates anything: the
//! globals are merged in, the definition is built or taken, the `ResourcePolicy` of events and of the
//! API becomes statements behind those that the definition has (SEMANTICS 4.2; read from the source
//! of `aws-sam-translator` 1.115). Where the translator would refuse the template, nothing is known.

mod auth;
mod canonical;
mod definition;
mod domain;
mod events;
mod globals;
mod grown;
mod ids;
mod plan;
mod policy;
mod routes;
mod stage;
mod statements;
mod surprises;
mod values;
mod vpcs;

use super::api::{Kinds, Reader, present, unresolved};
use super::endpoint::{Given, first, read};
use super::hidden;
use super::links::Links;
use super::problems::Problems;
use crate::model::{Api, ApiKind, EndpointTypes, Form, Framework, ProblemKind};
use crate::resolve::cloudformation::{Resource, Unit};
use crate::resolve::{Kind, NeedSplit, World};
use crate::source::did_you_mean;
use definition::Definition;
pub(super) use definition::is_truthy;
pub(super) use events::{Event, events};
use plan::Plan;

/// The logical id of the API that events without an API imply.
const IMPLICIT: &str = "ServerlessRestApi";
/// The type of an API.
const API: &str = "AWS::Serverless::Api";
/// The name of its stage.
const IMPLICIT_STAGE: &str = "Prod";

/// Reads one `AWS::Serverless::Api`, and its private domain.
pub(super) fn extract(
    unit: &mut Unit<'_>,
    resource: &Resource,
    links: &Links,
    found: &mut Problems,
) -> Vec<Api> {
    let merged = globals::merged(&unit.template(), resource);
    let api = judge(unit, &merged, links, found);
    let domain = domain::private(unit, &merged, links, found);
    std::iter::once(api).chain(domain).collect()
}

/// The API that events imply, when there is one.
pub(super) fn implicit(unit: &mut Unit<'_>, links: &Links, found: &mut Problems) -> Vec<Api> {
    let template = unit.template();
    // Any other resource of that name is replaced.
    if template.resource(IMPLICIT).is_some_and(|resource| &*resource.kind == API) {
        return Vec::new();
    }
    let Some(event) = links.events(IMPLICIT).first() else { return Vec::new() };
    extract(unit, &Resource::generated(IMPLICIT, event.name), links, found)
}

/// Names the policies of events that no API of the template takes.
pub(super) fn astray(unit: &mut Unit<'_>, found: &mut Problems) {
    let why = "AWS SAM writes it only into an AWS::Serverless::Api of this template, and RestApiId is \
               no plain reference to one";
    for at in events::astray(&unit.template()) {
        let problem = unresolved(&mut unit.origins, at, plan::WHAT, why, None);
        found.add(problem, &unit.origins);
    }
}

fn judge(unit: &mut Unit<'_>, resource: &Resource, links: &Links, found: &mut Problems) -> Api {
    let mut reader = Reader::new(unit, resource, links);
    hidden::functions(&mut reader);
    let events = links.events(&resource.id);
    let definition = Definition::of(&reader, events);
    let extended = reader.unit.template().is_extended_before_sam();
    let plan = Plan::of(resource, &definition, events, extended);
    remarks(&mut reader, &plan);
    let kinds = Kinds { kind: ApiKind::RestApi, framework: Framework::Sam, name: "Name" };
    reader.judge(kinds, found, |reader, world| {
        let endpoint = reader.sam_endpoint(world)?;
        let ip = reader.ip(&endpoint, world)?;
        let policy = reader.sam_policy(&definition, &plan, &endpoint, world)?;
        let routes = reader.sam_routes(&definition, events, world)?;
        Ok(present((endpoint, ip), policy, routes))
    })
}

/// Notes where policies are written, what SAM refuses and passes over, and definitions elsewhere.
fn remarks(reader: &mut Reader<'_, '_>, plan: &Plan) {
    for span in &plan.sites {
        let origin = reader.unit.origin(*span);
        reader.site(origin, Form::SamResourcePolicy);
    }
    for remark in &plan.refused {
        reader.hide(&remark.what, &remark.why, remark.at, None);
    }
    for remark in &plan.ignored {
        reader.report(&remark.what, &remark.why, remark.at);
    }
    for (at, key) in &plan.misspelt {
        let help = match did_you_mean(key, plan::PROPERTIES.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "write a list that AWS SAM has, or a statement under `CustomStatements`".into(),
        };
        let message = format!("AWS SAM has no list `{key}`, and ignores it");
        let kind = ProblemKind::Unreadable { message, help: Some(help) };
        let origin = reader.unit.origin(*at);
        reader.problem(kind, origin, Vec::new());
    }
    reader.refused_domain();
    let (resource, links) = (reader.resource, reader.links);
    for uri in resource.property_all("DefinitionUri").filter(|n| !hidden::is_absent(n)) {
        if let Err(why) = links.files.definition(uri) {
            reader.hide("DefinitionUri", why, uri.span, None);
        }
    }
}

impl Reader<'_, '_> {
    /// Whether the API that events imply exists in a world: it has the conditions of the functions and
    /// state machines, where each of them has one (the translator's `ImplicitApiPlugin`).
    pub(super) fn is_implied(&mut self, world: &World) -> Result<bool, NeedSplit> {
        let links = self.links;
        let events = links.events(&self.resource.id);
        if !self.resource.kind.is_empty() || events.iter().any(|event| event.condition.is_none()) {
            return Ok(true);
        }
        for name in events.iter().filter_map(|event| event.condition.as_ref()) {
            if self.unit.condition(name, world)?.unwrap_or(true) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The endpoint type: a text, or the `Type` of a map.
    fn sam_endpoint(&mut self, world: &World) -> Result<EndpointTypes, NeedSplit> {
        let resource = self.resource;
        let mut given = Given::Absent;
        for node in resource.property_all("EndpointConfiguration") {
            let whole = self.unit.eval_entry(node, &[], &resource.scope, world)?;
            let value = match whole.kind {
                Kind::Map(_) => self.unit.eval_entry(node, &["Type"], &resource.scope, world)?,
                _ => whole,
            };
            given = first(given, read(&value));
        }
        Ok(self.endpoint_types(given))
    }
}
