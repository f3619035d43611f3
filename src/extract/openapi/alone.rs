//! OpenAPI documents in files of their own, in YAML or JSON, of version 2.0 and 3.0 (SEMANTICS 4.3):
//! what an import of the file as it is would make of it.
//!
//! What only the import says is not known: the endpoint type (EDGE unless its parameters say
//! otherwise; PRIVATE where the document names VPC endpoints), and whatever a placeholder stands for.

use super::{Methods, POLICY, Schemes};
use crate::extract::alone::{Alone, Facts};
use crate::extract::cloudformation::{both, outline};
use crate::extract::convert::symbol_ref;
use crate::extract::holes::{of_import, of_rendering};
use crate::extract::remarks::Sections;
use crate::extract::{Extraction, Inputs};
use crate::model::{
    Assumption, EndpointType, EndpointTypes, Form, Framework, IpAddressType, PolicyState, Problem,
    ProblemKind, Routes,
};
use crate::resolve::{Class, Item, Kind, Piece, Text, Value};
use crate::source::{FileId, Origin};
use crate::syntax::{Node, Pair};

/// The key of what a document says of its endpoint.
const ENDPOINT: &str = "x-amazon-apigateway-endpoint-configuration";

/// Keys that only documents of HTTP APIs have (AWS, "OpenAPI extensions for API Gateway").
const HTTP_ONLY: [&str; 2] =
    ["x-amazon-apigateway-cors", "x-amazon-apigateway-importexport-version"];

/// Extracts the API that `file` defines.
pub fn extract(file: FileId, inputs: Inputs<'_>) -> Extraction {
    let mut alone = Alone::read(file, inputs, Sections::Roots);
    for root in alone.roots() {
        document(&mut alone, &root);
    }
    if alone.apis.is_empty() && alone.problems.is_empty() && !alone.roots().is_empty() {
        return Extraction::default();
    }
    alone.finish("there is no OpenAPI document in this file")
}

fn document(alone: &mut Alone, root: &Node) {
    let Some(pairs) = root.as_map() else {
        let message = "an OpenAPI document must be a map".to_owned();
        return alone.unreadable(root.span, message, None, None);
    };
    alone.unit.start_api();
    let written: Vec<&Pair> = pairs.iter().filter(|pair| is(pair, POLICY)).collect();
    let outline = alone.opened(&outline(root), meaning);
    if is_http(root, &outline) {
        return on_http_api(alone, &written);
    }
    let mut policy = PolicyState::None;
    let mut site = None;
    for pair in &written {
        let value = alone.opened(&pair.value, meaning);
        let read = alone.policy(&value, POLICY);
        if !matches!(read, PolicyState::None) {
            site = Some((value.origin, Form::OpenApiExtension));
        }
        policy = both(policy, read);
    }
    if let Kind::Map(map) = &outline.kind
        && let Some((id, _)) = map.rest
    {
        let symbol = symbol_ref(&alone.unit.symbols, id, Some(POLICY));
        policy = both(policy, PolicyState::Unknown(symbol, outline.origin));
    }
    let at = written.first().map_or(root.span, |pair| pair.key.span);
    let origin = alone.unit.origin(at);
    let routes = routes(&outline);
    let (endpoint, ip) = endpoint(alone, root);
    let title = root.get("info").and_then(|info| info.get("title")).and_then(Node::scalar);
    let name = title.map(|title| title.to_string()).filter(|title| !title.is_empty());
    let assumptions = ignored_security(alone, root, &routes);
    let facts = Facts {
        name,
        site,
        endpoint,
        ip,
        policy,
        routes,
        assumptions,
        ..Facts::new(POLICY, Framework::OpenApi, origin)
    };
    alone.add(facts);
}

/// What stands behind `${name}`: the import knows some, a tool that renders the file the others.
fn meaning(name: &str) -> Option<Class> {
    of_import(name).or_else(|| of_rendering(name))
}

fn is(pair: &Pair, name: &str) -> bool {
    pair.key.scalar().is_some_and(|key| &*key == name)
}

/// The methods with their authorisation.
fn routes(outline: &Value) -> Routes {
    let mut routes = Methods::of(outline).routes(&Schemes::of(outline));
    routes.complete &= !routes.declared.is_empty();
    routes
}

/// Whether the document is one of an HTTP API: it has a key or a kind of authorizer that a REST API
/// has not.
fn is_http(root: &Node, outline: &Value) -> bool {
    HTTP_ONLY.iter().any(|key| root.get(key).is_some()) || Schemes::of(outline).jwt
}

/// Reports policies that an HTTP API ignores.
fn on_http_api(alone: &mut Alone, written: &[&Pair]) {
    for pair in written {
        let kind =
            ProblemKind::OnHttpApi { what: POLICY.into(), protocol: "HTTP API", refused: false };
        let origin = alone.unit.origin(pair.key.span);
        let api = Some(alone.source.display.clone());
        alone.problems.push(Problem { kind, origin, related: Vec::new(), api });
    }
}

/// The endpoint type: documents name VPC endpoints for private APIs only.
fn endpoint(alone: &mut Alone, root: &Node) -> (EndpointTypes, IpAddressType) {
    let unsaid = (EndpointTypes::Document, IpAddressType::Ipv4);
    let Some(pair) = root.pair(ENDPOINT) else { return unsaid };
    let value = alone.opened(&pair.value, meaning);
    let Some(ids) = value.get("vpcEndpointIds") else { return unsaid };
    let unknown = |id, origin: Origin| {
        let symbol = symbol_ref(&alone.unit.symbols, id, Some(POLICY));
        (EndpointTypes::Unknown(symbol, origin), IpAddressType::Unknown)
    };
    let some = match &ids.kind {
        Kind::Symbol(id) => return unknown(*id, ids.origin),
        Kind::List(items) => match &**items {
            [] => false,
            [Item::Many(id, origin)] => return unknown(*id, *origin),
            _ => true,
        },
        Kind::Text(Text(pieces)) => match pieces.as_slice() {
            [Piece::Hole(id, origin)] => return unknown(*id, *origin),
            pieces => !pieces.is_empty(),
        },
        Kind::Null => false,
        _ => true,
    };
    match some {
        true => {
            let private = EndpointTypes::Known(EndpointType::Private, Some(ids.origin));
            (private, IpAddressType::Dualstack)
        }
        false => unsaid,
    }
}

/// Says that `security` at the root protects nothing, where a method seems to rely on it (AWS,
/// "Important notes": the import of a REST API ignores it).
fn ignored_security(alone: &mut Alone, root: &Node, routes: &Routes) -> Vec<Assumption> {
    let open = routes.declared.iter().any(|route| route.auth == crate::model::AuthType::None);
    let given = root.pair("security").filter(|pair| {
        pair.value.as_list().is_none_or(|items| !items.is_empty())
            && !matches!(pair.value.kind, crate::syntax::Kind::Null)
    });
    let Some(pair) = given.filter(|_| open) else { return Vec::new() };
    let origin = Some(alone.unit.origin(pair.key.span));
    vec![Assumption { text: Assumption::ROOT_SECURITY.into(), pin: None, origin }]
}
