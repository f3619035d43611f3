//! What the AWS CLI prints of REST APIs: `aws apigateway get-rest-api` and `get-rest-apis`, in JSON or
//! YAML, alone, several behind each other or in lists (SEMANTICS 4.6). An audit of what is deployed,
//! without credentials.
//!
//! The policy is a text that is escaped once more than JSON asks for; its tokens are those of the file.

mod escaped;
mod split;

use super::alone::{Alone, Facts};
use super::convert::OPAQUE;
use super::other_apis::told_apart;
use super::remarks::Sections;
use super::tags::tags;
use super::{Extraction, Inputs};
use crate::model::{EndpointType, EndpointTypes, Form, Framework, IpAddressType, PolicyState};
use crate::resolve::{Item, Kind, Value};
use crate::source::FileId;
use crate::syntax::Node;

/// How deep lists of APIs may nest: what `--query` makes of them.
const MAX_DEPTH: usize = 8;

/// Extracts the APIs that `file` tells of.
pub fn extract(file: FileId, inputs: Inputs<'_>) -> Extraction {
    let mut alone = Alone::read_with(file, inputs, Sections::None, split::parse);
    for root in alone.roots() {
        apis(&mut alone, &root, 0);
    }
    alone.finish("there is no REST API in this file")
}

/// The APIs of a document: one, a list of them, or an answer with `items`.
fn apis(alone: &mut Alone, node: &Node, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    if let Some(items) = node.as_list() {
        items.iter().for_each(|item| apis(alone, item, depth + 1));
    } else if node.get("id").is_some() || node.get("policy").is_some() {
        api(alone, node);
    } else if let Some(items) = node.get("items") {
        apis(alone, items, depth + 1);
    }
}

fn api(alone: &mut Alone, node: &Node) {
    alone.unit.start_api();
    let text = |key: &str| node.get(key).and_then(Node::scalar).filter(|text| !text.is_empty());
    let id = text("id");
    let at = node.get("id").or_else(|| node.get("name")).map_or(node.span, |node| node.span);
    let origin = alone.unit.origin(at);
    let address = id.clone().or_else(|| text("name"));
    let address = address.map_or_else(|| alone.source.display.clone(), |text| text.to_string());
    let (mut policy, mut site) = (PolicyState::None, None);
    if let Some(written) = node.get("policy") {
        let value = alone.value(written);
        policy = match escaped::unescaped(&value, &alone.unit.origins) {
            Some(unescaped) => alone.policy(&unescaped, &address),
            None => {
                let message = "the policy is escaped more than three times".to_owned();
                alone.unreadable(written.span, message, None, Some(address.clone()));
                PolicyState::Unknown(OPAQUE, value.origin)
            }
        };
        if !matches!(policy, PolicyState::None) {
            site = Some((value.origin, Form::JsonString));
        }
    }
    if let (Some(id), PolicyState::Known(readings)) = (&id, &mut policy) {
        readings.iter_mut().for_each(|policy| told_apart(policy, id));
    }
    let (endpoint, ip) = endpoint(alone, node);
    let tags = match node.get("tags") {
        Some(node) => {
            let value = alone.value(node);
            tags(&value, &alone.unit.symbols)
        }
        None => Vec::new(),
    };
    let name = text("name").map(|name| name.to_string());
    let facts = Facts::new(&address, Framework::Policy, origin);
    alone.add(Facts { name, site, endpoint, ip, policy, tags, ..facts });
}

/// The endpoint type and address type. What an answer does not say was left out by a `--query`.
fn endpoint(alone: &mut Alone, node: &Node) -> (EndpointTypes, IpAddressType) {
    let unsaid = (EndpointTypes::Document, IpAddressType::Ipv4);
    let Some(node) = node.get("endpointConfiguration") else { return unsaid };
    let value = alone.value(node);
    let Some(types) = value.get("types") else { return unsaid };
    let one = match &types.kind {
        Kind::List(items) => match &**items {
            [Item::One(one)] => Some(one),
            _ => None,
        },
        _ => Some(types),
    };
    let name = one.and_then(Value::known_text).map(|text| text.trim().to_ascii_uppercase());
    let Some(kind) = name.as_deref().and_then(EndpointType::parse) else {
        return (EndpointTypes::Unknown(OPAQUE, types.origin), IpAddressType::Unknown);
    };
    let at = one.map_or(types.origin, |one| one.origin);
    let dualstack = value.get("ipAddressType").and_then(Value::known_text);
    let dualstack = dualstack.is_some_and(|text| text.eq_ignore_ascii_case("dualstack"));
    let ip = match kind == EndpointType::Private || dualstack {
        true => IpAddressType::Dualstack,
        false => IpAddressType::Ipv4,
    };
    (EndpointTypes::Known(kind, Some(at)), ip)
}

#[cfg(test)]
mod tests;
