//! HTTP and WebSocket APIs: they have no resource policy (SEMANTICS 3.4). One that is written for them
//! all the same is named.

use std::sync::Arc;

use super::Unit;
use super::calls::has_value;
use crate::extract::openapi;
use crate::model::{Problem, ProblemKind};
use crate::resolve::terraform::{Env, Resource};
use crate::resolve::{Kind, World};
use crate::source::Origin;
use crate::syntax::{Attribute, Node};

const API: &str = "aws_apigatewayv2_api";

impl Unit<'_> {
    /// Names every policy on an HTTP or WebSocket API; says whether there is one.
    pub(super) fn http_apis(&mut self) -> bool {
        let module = Arc::clone(&self.module);
        let before = self.problems.len();
        for api in module.managed(API) {
            for attribute in &api.block.body.attributes {
                match &*attribute.name {
                    "policy" | "resource_policy" if has_value(attribute) => {
                        let at = self.evaluator.origins.literal(attribute.name_span);
                        self.on_http_api(api, (at, &attribute.name), true);
                    }
                    "body" => {
                        if let Some(at) = self.key_in_body(api, attribute) {
                            self.on_http_api(api, (at, openapi::POLICY), false);
                        }
                    }
                    _ => {}
                }
            }
        }
        for policy in module.managed("aws_api_gateway_rest_api_policy") {
            if let Some((api, id)) = self.http_api_of(policy) {
                let at = self.evaluator.origins.literal(id.value.span);
                self.on_http_api(&api, (at, &policy.address()), true);
            }
        }
        self.problems.len() > before
    }

    /// Whether a policy resource names an HTTP API in place of a REST API.
    pub(super) fn is_on_http_api(&mut self, policy: &Arc<Resource>) -> bool {
        self.http_api_of(policy).is_some()
    }

    fn http_api_of(&mut self, policy: &Arc<Resource>) -> Option<(Arc<Resource>, Attribute)> {
        let id = policy.block.body.attribute("rest_api_id")?.clone();
        if !self.named_in(&id.value, Some(policy)).iter().any(|(_, kind, _)| &**kind == API) {
            return None;
        }
        let module = Arc::clone(&self.module);
        let mut apis = module.managed(API);
        let api = apis.find(|api| {
            let named = api.named();
            self.names(&id.value, Some(policy), &named)
        })?;
        Some((Arc::clone(api), id))
    }

    /// Where the body of an API holds a policy.
    fn key_in_body(&mut self, api: &Arc<Resource>, body: &Attribute) -> Option<Origin> {
        let world = World::default().freeze();
        self.evaluator.begin();
        let instances = self.evaluator.instances(api, &world).ok();
        let scope = instances.and_then(|all| all.first().map(|i| i.scope())).unwrap_or_default();
        let value = self.evaluator.eval(&body.value, Env::data(&scope, &world)).ok();
        self.evaluator.finish();
        let value = value?;
        let evaluator = &mut self.evaluator;
        match openapi::policy_of(&value, |text, origin| evaluator.read_document(text, origin)) {
            openapi::Found::Policy { key, .. } => Some(key),
            openapi::Found::NotRead => {
                let Kind::Text(text) = &value.kind else { return None };
                let (origin, span) = openapi::key_in_text(text)?;
                Some(self.evaluator.origins.narrow(origin, span))
            }
            openapi::Found::Nothing => None,
        }
    }

    fn on_http_api(&mut self, api: &Arc<Resource>, (at, what): (Origin, &str), refused: bool) {
        let protocol = api.block.body.attribute("protocol_type").map(|a| &a.value);
        let websocket = protocol.and_then(Node::scalar).is_some_and(|p| &*p == "WEBSOCKET");
        let protocol = if websocket { "WebSocket API" } else { "HTTP API" };
        let label = api.block.labels.get(1).map_or(api.block.header, |label| label.span);
        let origin = self.evaluator.origins.literal(label);
        self.report(Problem {
            kind: ProblemKind::OnHttpApi { what: what.to_owned(), protocol, refused },
            origin: at,
            related: vec![(origin, format!("this is a {protocol}").replace("a HTTP", "an HTTP"))],
            api: Some(api.address()),
        });
    }
}
