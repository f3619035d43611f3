//! Methods and the resource tree that gives them paths.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::api::Judge;
use super::body::Body;
use super::policies::Link;
use crate::extract::openapi::{Methods, Schemes};
use crate::model::{AuthType, Route, Routes};
use crate::resolve::terraform::{Env, Instance, Object, Resource, Sort};
use crate::resolve::{Kind, NeedSplit, Value, World};
use crate::syntax::{self, Expr, Node, TemplatePart};

/// How deep the resource tree may be. API Gateway allows about ten levels in a path.
const MAX_DEPTH: usize = 40;

/// How many resources of one tree are looked at.
const MAX_TREE: usize = 400;

impl Judge<'_, '_> {
    /// The methods of an API in one world.
    pub(super) fn routes(
        &mut self,
        api: &Arc<Resource>,
        env: Env<'_>,
    ) -> Result<Routes, NeedSplit> {
        let mut routes = Routes::default();
        let loose = self.unit.loose_methods();
        routes.complete = !loose.iter().any(|method| self.is_in_tree_of(method, api));
        for method in self.unit.of_api("aws_api_gateway_method", &api.named()) {
            for (instance, link) in self.linked(&method, api, env.world)? {
                self.uses(&method);
                // One of which the verb or the path is not known stands for any of them.
                routes.declared.push(self.route(&method, &instance, env.world)?);
                routes.complete &= link == Link::Yes;
            }
        }
        if let Some(body) = api.block.body.attribute("body") {
            add_routes(&*self.body(body, env)?, &mut routes);
        }
        for import in self.imports(api, env.world)? {
            add_routes(&import.read, &mut routes);
            routes.complete &= import.link == Link::Yes;
        }
        routes.complete &= !routes.declared.is_empty();
        routes.complete = routes.complete && !self.is_added_to(api, env.world)?;
        for kind in ["aws_api_gateway_stage", "aws_api_gateway_deployment"] {
            for stage in self.unit.of_api(kind, &api.named()) {
                for (instance, _) in self.linked(&stage, api, env.world)? {
                    let scope = instance.scope();
                    let name = self.argument(&stage, "stage_name", Env::data(&scope, env.world))?;
                    routes.stages.extend(name.and_then(|name| name.known_text()));
                }
            }
        }
        Ok(routes)
    }

    fn route(
        &mut self,
        method: &Arc<Resource>,
        instance: &Instance,
        world: &World,
    ) -> Result<Route, NeedSplit> {
        let scope = instance.scope();
        let env = Env::data(&scope, world);
        let verb = self.argument(method, "http_method", env)?;
        let verb = verb.and_then(|v| v.known_text()).map(|v| v.to_ascii_uppercase());
        let path = match self.argument(method, "resource_id", env)? {
            Some(value) => self.path(&value, world, 0)?,
            None => None,
        };
        let authorization = self.argument(method, "authorization", env)?;
        let name = authorization.as_ref().and_then(Value::known_text);
        let auth =
            name.map_or(AuthType::Unknown, |name| AuthType::parse(&name.to_ascii_uppercase()));
        let label = method.block.labels.get(1).map_or(method.block.header, |l| l.span);
        let origin = match authorization {
            Some(value) => value.origin,
            None => self.unit.evaluator.origins.literal(label),
        };
        let api_key = self.argument(method, "api_key_required", env)?;
        let api_key = api_key.filter(Value::is_true).map(|value| value.origin);
        Ok(Route { method: verb, path, auth, origin, api_key })
    }

    fn argument(
        &mut self,
        resource: &Arc<Resource>,
        name: &str,
        env: Env<'_>,
    ) -> Result<Option<Value>, NeedSplit> {
        match resource.block.body.attribute(name) {
            Some(attribute) => Ok(Some(self.unit.evaluator.eval(&attribute.value, env)?)),
            None => Ok(None),
        }
    }

    /// The path of a resource id.
    fn path(
        &mut self,
        id: &Value,
        world: &World,
        depth: usize,
    ) -> Result<Option<String>, NeedSplit> {
        let Some(object) = self.unit.evaluator.object(id).cloned() else { return Ok(None) };
        let Object { resource, instance, attribute } = object;
        match (resource.sort, &*resource.kind, attribute.as_deref()) {
            (Sort::Managed, "aws_api_gateway_rest_api", Some("root_resource_id")) => {
                Ok(Some("/".into()))
            }
            (Sort::Managed, "aws_api_gateway_resource", Some("id")) if depth < MAX_DEPTH => {
                self.uses(&resource);
                let scope = instance.scope();
                let env = Env::data(&scope, world);
                let part = self.argument(&resource, "path_part", env)?;
                let part = part.and_then(|v| v.known_text());
                let parent = match self.argument(&resource, "parent_id", env)? {
                    Some(parent) => self.path(&parent, world, depth + 1)?,
                    None => None,
                };
                Ok(parent
                    .zip(part)
                    .map(|(parent, part)| format!("{}/{part}", parent.trim_end_matches('/'))))
            }
            (Sort::Data, "aws_api_gateway_resource", Some("id")) => {
                let scope = instance.scope();
                let path = self.argument(&resource, "path", Env::data(&scope, world))?;
                Ok(path.and_then(|v| v.known_text()))
            }
            _ => Ok(None),
        }
    }

    /// Whether `method`, whose `rest_api_id` is a value from elsewhere, hangs in the resource tree of
    /// `api` all the same.
    fn is_in_tree_of(&mut self, method: &Arc<Resource>, api: &Arc<Resource>) -> bool {
        let named = api.named();
        let module = Arc::clone(&self.unit.module);
        let mut open: Vec<(Arc<Resource>, &str)> = vec![(Arc::clone(method), "resource_id")];
        let mut seen = BTreeSet::new();
        while let Some((resource, argument)) = open.pop() {
            for name in [argument, "rest_api_id"] {
                let Some(id) = resource.block.body.attribute(name) else { continue };
                if self.unit.names(&id.value, Some(&resource), &named) {
                    return true;
                }
            }
            let Some(id) = resource.block.body.attribute(argument) else { continue };
            for (sort, kind, name) in self.unit.evaluator.names(&id.value, Some(&resource)) {
                if &*kind == "aws_api_gateway_resource"
                    && seen.len() < MAX_TREE
                    && seen.insert((sort, Arc::clone(&name)))
                    && let Some(parent) = module.resource(sort, &kind, &name)
                {
                    open.push((Arc::clone(parent), "parent_id"));
                }
            }
        }
        false
    }

    /// Whether a module that is not read, and is handed the API, adds methods to it in a world: most add
    /// none, or those that a browser asks before it calls.
    fn is_added_to(&mut self, api: &Arc<Resource>, world: &World) -> Result<bool, NeedSplit> {
        let module = Arc::clone(&self.unit.module);
        let named = api.named();
        let handed = module.calls.iter().filter(|call| {
            let mut arguments = call.body.attributes.iter();
            arguments.any(|a| self.unit.names(&whole(&a.value), None, &named))
        });
        let handed: Vec<_> = handed.collect();
        let [first, others @ ..] = handed.as_slice() else { return Ok(false) };
        let name = first.labels.first().map_or("", |label| &*label.text);
        let label = match others.len() {
            0 => format!("module.{name} adds methods"),
            1 => format!("module.{name} or another module adds methods"),
            more => format!("module.{name} or one of {more} other modules adds methods"),
        };
        let origin = self.unit.evaluator.origins.literal(first.header);
        Ok(self.perhaps(label, origin, world)? != Some(false))
    }
}

/// Adds the methods of a document.
pub(super) fn add_routes(body: &Body, routes: &mut Routes) {
    match &body.document {
        Some(document) => {
            let read = Methods::of(document).routes(&Schemes::of(document));
            routes.complete &= read.complete;
            routes.declared.extend(read.declared);
        }
        None => routes.complete &= matches!(body.value.kind, Kind::Null),
    }
}

/// An expression without its texts that are more than one interpolation: an ARN that an id is put into
/// is no id, and nothing can be added to an API by it.
fn whole(node: &Node) -> Node {
    node.rewritten(&mut |node| {
        let syntax::Kind::Expr(expr) = &node.kind else { return None };
        let Expr::Template(parts) = &**expr else { return None };
        let is_text =
            |part: &TemplatePart| matches!(part, TemplatePart::Text(text) if !text.text.is_empty());
        let span = node.span;
        parts.iter().any(is_text).then_some(Node { kind: syntax::Kind::Null, span })
    })
}
