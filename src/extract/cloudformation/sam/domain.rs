//! `Domain` of an API: where it is private, AWS SAM makes an `AWS::ApiGateway::DomainNameV2` of it, with
//! `Domain.Policy` for its policy. Any other domain can have no policy: the translator stops at one.

use super::definition::is_truthy;
use crate::extract::cloudformation::api::Reader;
use crate::extract::cloudformation::domain;
use crate::extract::cloudformation::links::Links;
use crate::extract::cloudformation::problems::Problems;
use crate::model::{Api, Framework};
use crate::resolve::World;
use crate::resolve::cloudformation::build::text;
use crate::resolve::cloudformation::{Resource, Unit};
use crate::syntax::{Kind, Node, Pair};

/// The private domain of the API `resource` (its globals merged), when it has one.
pub(super) fn private(
    unit: &mut Unit<'_>,
    resource: &Resource,
    links: &Links,
    found: &mut Problems,
) -> Option<Api> {
    let entry = resource.properties()?.pair("Domain")?;
    let kind = entry.value.get("EndpointConfiguration")?;
    if is_private(unit, kind, resource) == Some(false) {
        return None;
    }
    let properties = Pair { key: text("Properties", entry.key.span), value: entry.value.clone() };
    let node = Node { span: entry.value.span, kind: Kind::Map([properties].into()) };
    let id = format!("{}.Domain", resource.id).into();
    let resource = Resource { id, id_span: entry.key.span, node, ..resource.clone() };
    Some(domain::extract(unit, &resource, Framework::Sam, links, found))
}

impl Reader<'_, '_> {
    /// Says that a policy stands where SAM takes none.
    pub(super) fn refused_domain(&mut self) {
        let resource = self.resource;
        let Some(domain) = resource.property("Domain") else { return };
        let Some(policy) = domain.pair("Policy").filter(|pair| is_truthy(&pair.value)) else {
            return;
        };
        let kind = domain.get("EndpointConfiguration");
        if kind.is_none_or(|kind| is_private(self.unit, kind, resource) == Some(false)) {
            let why = "AWS SAM refuses it: only a private domain has a policy";
            self.report("Domain.Policy", why, policy.key.span);
        }
    }
}

/// Whether a type is the private one; the translator resolves parameters before it looks.
fn is_private(unit: &mut Unit<'_>, kind: &Node, resource: &Resource) -> Option<bool> {
    let value = unit.eval(kind, &resource.scope, &World::default().freeze()).ok()?;
    value.known_text().map(|text| text == "PRIVATE")
}
