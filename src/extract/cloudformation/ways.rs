//! How APIs are reached besides their default endpoints (SEMANTICS 3.6): the mappings of private custom
//! domains, and default endpoints that are disabled. Nothing is evaluated: a mapping counts whatever
//! its condition is, and a value that is not written out says nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::links::{APIS, Links, owner};
use super::told::{Handing, Stacks};
use crate::model::Ways;
use crate::resolve::cloudformation::form::{is_function_name, references};
use crate::resolve::cloudformation::{Resource, Template, Unit};
use crate::syntax::{Kind, Node};

/// Types that lead a custom domain to an API, with the property that names the domain. AWS takes the
/// first for other domains than private ones, which have no policy.
const MAPPINGS: [(&str, &str); 2] = [
    ("AWS::ApiGateway::BasePathMapping", "DomainName"),
    ("AWS::ApiGateway::BasePathMappingV2", "DomainNameArn"),
];

/// The ways to the APIs and domains of the stack that is evaluated, by address.
pub(super) fn of(unit: &Unit<'_>, links: &Links, stacks: &Stacks) -> BTreeMap<String, Ways> {
    let template = unit.template();
    let handing = stacks.handing(unit.here());
    let mut out = BTreeMap::new();
    for resource in template.resources() {
        let address = |id: &str| format!("{}{id}", unit.path());
        let (id, ways) = match &*resource.kind {
            "AWS::ApiGateway::DomainNameV2" => (
                resource.id.to_string(),
                of_domain(&resource.id, &template, links, handing, address),
            ),
            kind if APIS.contains(&kind) => {
                // AWS SAM maps the domain of an API to that API.
                let leads_to = [address(&resource.id)].into();
                let domain = format!("{}.DomainName", resource.id);
                let elsewhere = handing.is_none_or(|handing| handing.tells(&domain));
                let ways = Ways { leads_to, elsewhere, closed: false };
                out.insert(address(&format!("{}.Domain", resource.id)), ways);
                (resource.id.to_string(), Ways { closed: is_closed(resource), ..Ways::default() })
            }
            _ => continue,
        };
        if ways != Ways::default() {
            out.insert(address(&id), ways);
        }
    }
    out
}

/// Whether a default endpoint is disabled, however often that is said.
fn is_closed(resource: &Resource) -> bool {
    let mut given = resource.property_all("DisableExecuteApiEndpoint").peekable();
    let disabled = |node: &Node| match &node.kind {
        Kind::Bool(value) => *value,
        Kind::Text(text) => text.text.eq_ignore_ascii_case("true"),
        _ => false,
    };
    given.peek().is_some() && given.all(disabled)
}

/// Where the domain `id` leads.
fn of_domain(
    id: &Arc<str>,
    template: &Template,
    links: &Links,
    handing: Option<&Handing>,
    address: impl Fn(&str) -> String,
) -> Ways {
    let names = |node: &Node| references(node).iter().any(|name| owner(name) == *id);
    let mut out = Ways {
        // Whoever is told of the domain may lead it to other APIs.
        elsewhere: links.is_open(id) || handing.is_none_or(|handing| handing.tells_of(id)),
        ..Ways::default()
    };
    for mapping in template.resources() {
        let known = MAPPINGS.iter().find(|(kind, _)| *kind == &*mapping.kind);
        let Some((_, property)) = known else { continue };
        // What a loop or a macro makes may lead any domain anywhere.
        let made = !mapping.scope.is_empty()
            || mapping.properties().is_none_or(|all| all.as_map().is_none() || is_made(all));
        if !made && !mapping.property_all(property).any(names) {
            continue;
        }
        out.elsewhere |= made;
        for name in mapping.property_all("RestApiId").flat_map(references) {
            let api = owner(&name);
            let kind = template.resource(&api).map(|resource| &*resource.kind);
            let implied = kind.is_none() && !links.events(&api).is_empty();
            match implied || kind.is_some_and(|kind| APIS.contains(&kind)) {
                true => drop(out.leads_to.insert(address(&api))),
                false => out.elsewhere = true,
            }
        }
        let named = |node: &Node| !references(node).is_empty();
        let mut ids = mapping.property_all("RestApiId").peekable();
        out.elsewhere |= ids.peek().is_none() || !ids.all(named);
    }
    out
}

/// Whether a function adds to properties.
fn is_made(properties: &Node) -> bool {
    let keys = properties.as_map().into_iter().flat_map(|pairs| pairs.iter());
    keys.filter_map(|pair| pair.key.scalar()).any(|key| is_function_name(&key))
}
