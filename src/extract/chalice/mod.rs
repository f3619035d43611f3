//! AWS Chalice: `.chalice/config.json` (its documentation, "Configuration File"). Each stage is an API
//! of its own; `api_gateway_policy_file` names its policy, beside the configuration. A private API
//! without one gets a policy that Chalice writes, for the VPC endpoints that are named.
//!
//! Methods stand in a program, which is not read.

use super::alone::{Alone, Facts};
use super::convert::OPAQUE;
use super::remarks::Sections;
use super::{Extraction, Inputs, read};
use crate::model::{
    EndpointType, EndpointTypes, Form, Framework, IpAddressType, PolicyState, Problem, ProblemKind,
};
use crate::resolve::Value;
use crate::resolve::cloudformation::build::{list, map, text};
use crate::source::{FileId, Span};
use crate::syntax::Node;

/// The largest policy that is read: Amazon API Gateway takes 8,192 bytes.
const MAX_BYTES: usize = 1 << 20;

/// Extracts the APIs of the application that `file` configures.
pub fn extract(file: FileId, inputs: Inputs<'_>) -> Extraction {
    let mut alone = Alone::read(file, inputs, Sections::None);
    for root in alone.roots() {
        let stages = root.get("stages").and_then(Node::as_map).cloned();
        let app = root.get("app_name").and_then(Node::scalar);
        for pair in stages.iter().flat_map(|pairs| pairs.iter()) {
            let Some(name) = pair.key.scalar() else { continue };
            let app = app.as_deref().unwrap_or("app");
            let settings = Stage { root: &root, stage: &pair.value };
            stage(&mut alone, inputs, &settings, (&format!("{app}.{name}"), pair.key.span));
        }
        if stages.is_none() {
            let settings = Stage { root: &root, stage: &root };
            let address = app.map_or_else(|| alone.source.display.clone(), |app| app.to_string());
            stage(&mut alone, inputs, &settings, (&address, root.span));
        }
    }
    alone.finish("there is no configuration of Chalice in this file")
}

/// The settings of a stage; those at the root count for all.
struct Stage<'n> {
    root: &'n Node,
    stage: &'n Node,
}

impl<'n> Stage<'n> {
    fn get(&self, name: &str) -> Option<&'n Node> {
        self.stage.get(name).or_else(|| self.root.get(name))
    }
}

fn stage(alone: &mut Alone, inputs: Inputs<'_>, stage: &Stage<'_>, (address, at): (&str, Span)) {
    alone.unit.start_api();
    let origin = alone.unit.origin(at);
    let mut facts = Facts::new(address, Framework::Policy, origin);
    facts.name = Some(address.to_owned());
    facts.endpoint = match stage.get("api_gateway_endpoint_type") {
        None => EndpointTypes::Absent,
        Some(node) => {
            let origin = alone.unit.origin(node.span);
            let name = node.scalar().map(|text| text.to_ascii_uppercase());
            match name.as_deref().and_then(EndpointType::parse) {
                Some(kind) => EndpointTypes::Known(kind, Some(origin)),
                None => EndpointTypes::Unknown(OPAQUE, origin),
            }
        }
    };
    let private = matches!(facts.endpoint, EndpointTypes::Known(EndpointType::Private, _));
    if private {
        facts.ip = IpAddressType::Dualstack;
    }
    let written = match stage.get("api_gateway_policy_file") {
        Some(node) => match load(alone, inputs, node) {
            Ok(value) => Some(value),
            Err(why) => {
                let origin = alone.unit.origin(node.span);
                facts.policy = PolicyState::Unknown(OPAQUE, origin);
                facts.site = Some((origin, Form::File));
                facts.unresolved.push(Problem {
                    kind: ProblemKind::Unresolved {
                        what: "api_gateway_policy_file".into(),
                        why: why.into(),
                        pin: None,
                    },
                    origin,
                    related: Vec::new(),
                    api: Some(address.to_owned()),
                });
                None
            }
        },
        None if private => stage.get("api_gateway_endpoint_vpce").map(|node| {
            let value = alone.value(&generated(node));
            Value { origin: alone.unit.origin(node.span), ..value }
        }),
        None => None,
    };
    if let Some(value) = written {
        facts.site = Some((value.origin, Form::File));
        facts.policy = alone.policy(&value, address);
    }
    alone.add(facts);
}

/// The policy in the file that `node` names.
fn load(alone: &mut Alone, inputs: Inputs<'_>, node: &Node) -> Result<Value, &'static str> {
    let name = node.scalar().ok_or("it is no file name")?;
    let real = read::locate(inputs, &alone.source, &name)?;
    let id = read::take(inputs, &alone.source, &name, &real, MAX_BYTES)?;
    let document = read::parse(id, &inputs.db.file(id));
    for error in document.errors {
        alone.unreadable(error.span, error.message, error.help, None);
    }
    let root = document.roots.first().ok_or("the file that it names is empty")?;
    Ok(alone.value(root))
}

/// The policy that Chalice writes for a private API: an Allow for the endpoints of `vpce`.
fn generated(vpce: &Node) -> Node {
    let at = vpce.span;
    let word = |word: &str| text(word, at);
    let keys = map(vec![("aws:SourceVpce", vpce.clone())], at);
    let statement = map(
        vec![
            ("Effect", word("Allow")),
            ("Principal", word("*")),
            ("Action", word("execute-api:Invoke")),
            ("Resource", word("execute-api:/*")),
            ("Condition", map(vec![("StringEquals", keys)], at)),
        ],
        at,
    );
    map(vec![("Version", word("2012-10-17")), ("Statement", list(vec![statement], at))], at)
}

#[cfg(test)]
mod tests;
