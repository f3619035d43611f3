//! How APIs are reached besides their default endpoints (SEMANTICS 3.6): the mappings of private custom
//! domains, and default endpoints that are disabled. Nothing is evaluated: a mapping counts whatever
//! its `count` is, and a value that is not written out says nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Unit;
use crate::model::{Api, ApiKind, Ways};
use crate::resolve::terraform::Resource;
use crate::syntax::{Attribute, Kind};

/// The resource that leads a custom domain to an API.
const MAPPING: &str = "aws_api_gateway_base_path_mapping";
const API: &str = "aws_api_gateway_rest_api";
const DOMAIN: &str = "aws_api_gateway_domain_name";

impl Unit<'_> {
    /// The ways to the APIs and domains of the module, by address.
    pub(super) fn ways(&mut self, apis: &[Api]) -> BTreeMap<String, Ways> {
        let module = Arc::clone(&self.module);
        let by_address = by_address(apis);
        let mut out = BTreeMap::new();
        for (kind, sort) in [(API, ApiKind::RestApi), (DOMAIN, ApiKind::DomainName)] {
            for resource in module.managed(kind) {
                let own = instances(&by_address, resource);
                if own.iter().all(|api| api.kind != sort) {
                    continue;
                }
                let ways = match sort {
                    ApiKind::DomainName => self.of_domain(resource, apis),
                    _ => Ways { closed: is_closed(resource), ..Ways::default() },
                };
                if ways != Ways::default() {
                    out.extend(own.iter().map(|api| (api.address.clone(), ways.clone())));
                }
            }
        }
        out
    }

    /// Where a domain leads: every instance of it to every instance of what it is mapped to.
    fn of_domain(&mut self, domain: &Arc<Resource>, apis: &[Api]) -> Ways {
        let module = Arc::clone(&self.module);
        let named = domain.named();
        let mut out = Ways::default();
        for mapping in module.managed(MAPPING) {
            let body = &mapping.block.body;
            // A domain is told by its name, and a private one by its id besides.
            let of = body.attributes.iter().filter(|a| a.name.starts_with("domain_name"));
            let ours =
                |unit: &mut Self, of: &Attribute| unit.names(&of.value, Some(mapping), &named);
            let of: Vec<&Attribute> = of.collect();
            if !of.into_iter().any(|of| ours(self, of)) {
                continue;
            }
            for suffix in self.suffixes(mapping) {
                match self.api_named(mapping, &suffix, "api_id") {
                    Some(api) if apis.iter().any(|one| one.address == api) => {
                        out.leads_to.insert(api);
                    }
                    _ => out.elsewhere = true,
                }
            }
        }
        // Whoever is told of the domain may lead it to other APIs.
        let outputs = module.others.iter().filter(|block| &*block.kind == "output");
        for block in outputs.chain(&module.calls) {
            for attribute in &block.body.attributes {
                out.elsewhere |= self.names(&attribute.value, None, &named);
            }
        }
        out
    }
}

/// APIs by their addresses.
type ByAddress<'a> = BTreeMap<&'a str, Vec<&'a Api>>;

fn by_address(apis: &[Api]) -> ByAddress<'_> {
    let mut out = ByAddress::new();
    for api in apis {
        out.entry(&api.address).or_default().push(api);
    }
    out
}

/// The APIs that are instances of a resource.
fn instances<'a>(apis: &ByAddress<'a>, resource: &Resource) -> Vec<&'a Api> {
    let address = resource.address();
    let keyed = format!("{address}[");
    let behind = apis.range(keyed.as_str()..).take_while(|(api, _)| api.starts_with(&keyed));
    let found = apis.get(address.as_str()).into_iter().chain(behind.map(|(_, found)| found));
    found.flatten().copied().collect()
}

/// Whether a default endpoint is disabled, however often that is said.
fn is_closed(resource: &Resource) -> bool {
    let attributes = resource.block.body.attributes.iter();
    let mut given = attributes.filter(|a| &*a.name == "disable_execute_api_endpoint").peekable();
    given.peek().is_some() && given.all(|a| matches!(a.value.kind, Kind::Bool(true)))
}
