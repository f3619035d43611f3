//! Methods and their paths: `AWS::ApiGateway::Method` and the tree of `AWS::ApiGateway::Resource`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::api::Reader;
use super::hidden::is_absent;
use super::links::{METHOD, RESOURCE};
use crate::model::{AuthType, Route, Routes};
use crate::resolve::cloudformation::{Resource, Scope, StackId};
use crate::resolve::{Class, Kind, NeedSplit, Piece, Value, World};
use crate::source::Origin;
use crate::syntax::Node;

/// How deep resources may nest: a path has at most 1,600 bytes, and a hostile tree may be a circle.
const MAX_DEPTH: usize = 64;

/// The paths of resources found so far in one world, by their stacks and names; `None` for one that is
/// not known.
type Paths = BTreeMap<(StackId, Arc<str>), Option<String>>;

impl Reader<'_, '_> {
    /// The methods of the API in a world.
    pub(super) fn routes(&mut self, world: &World) -> Result<Routes, NeedSplit> {
        let links = self.links;
        let mut paths = Paths::new();
        let mut routes =
            Routes { complete: !links.is_open(&self.resource.id), ..Routes::default() };
        for method in links.methods(&self.resource.id) {
            routes.complete &= self.method(method, world, &mut paths, &mut routes.declared)?;
        }
        for stack in links.told(&self.resource.id) {
            self.unit.enter(stack);
            let added = self.methods_of_stack(world, &mut paths, &mut routes);
            self.unit.enter(self.home);
            added?;
        }
        routes.complete &= !routes.declared.is_empty();
        for stage in links.stages(&self.resource.id) {
            let name = self.property(stage, "StageName", world)?;
            routes.stages.extend(name.and_then(|name| name.known_text()));
        }
        Ok(routes)
    }

    /// Adds the methods that the stack which is evaluated, another one than the API's, declares for it.
    fn methods_of_stack(
        &mut self,
        world: &World,
        paths: &mut Paths,
        routes: &mut Routes,
    ) -> Result<(), NeedSplit> {
        let created = self.unit.is_created(world)?;
        if created == Some(false) {
            return Ok(());
        }
        let template = self.unit.template();
        for method in template.resources().iter().filter(|resource| &*resource.kind == METHOD) {
            let before = routes.declared.len();
            routes.complete &= self.method(method, world, paths, &mut routes.declared)?;
            if created.is_none() && routes.declared.len() > before {
                // Nobody knows whether they are there.
                routes.complete = false;
                let added = routes.declared.iter_mut().skip(before);
                added.for_each(|route| route.auth = AuthType::Unknown);
            }
        }
        Ok(())
    }

    /// Adds the routes of one method (several when its authorisation is given twice); says whether
    /// it is there for certain, or certainly not.
    fn method(
        &mut self,
        method: &Resource,
        world: &World,
        paths: &mut Paths,
        out: &mut Vec<Route>,
    ) -> Result<bool, NeedSplit> {
        let exists = match &method.condition {
            Some(name) => self.unit.condition(name, world)?,
            None => Some(true),
        };
        if exists == Some(false) {
            return Ok(true);
        }
        let ours = self.is_ours(method, world)?;
        if ours == Some(false) {
            return Ok(true);
        }
        // Nobody knows whether this method is there at all.
        let certain = exists == Some(true) && ours == Some(true);
        let verb = self.property(method, "HttpMethod", world)?;
        let verb = verb.and_then(|v| v.known_text()).map(|v| v.trim().to_ascii_uppercase());
        let path = match method.property("ResourceId") {
            Some(node) => self.path(node, &method.scope, world, paths, 0)?,
            None => None,
        };
        let name = self.unit.origin(method.id_span);
        let mut given = Vec::new();
        for node in method.property_all("AuthorizationType") {
            let value = self.unit.eval(node, &method.scope, world)?;
            given.push(authorization(&value, name));
        }
        if given.is_empty() {
            // CloudFormation sends NONE where no type is written [K]; with an authorizer it may be
            // another one [?].
            let authorizer = method.property("AuthorizerId").is_some_and(|n| !is_absent(n));
            let auth = if authorizer { AuthType::Unknown } else { AuthType::None };
            given.push((auth, name));
        }
        let api_key = self.property(method, "ApiKeyRequired", world)?;
        let api_key = api_key.filter(Value::is_true).map(|value| value.origin);
        for (auth, origin) in given {
            let auth = if certain { auth } else { AuthType::Unknown };
            out.push(Route { method: verb.clone(), path: path.clone(), auth, origin, api_key });
        }
        Ok(certain)
    }

    fn property(
        &mut self,
        resource: &Resource,
        name: &str,
        world: &World,
    ) -> Result<Option<Value>, NeedSplit> {
        match resource.property(name) {
            Some(node) => self.unit.eval(node, &resource.scope, world).map(Some),
            None => Ok(None),
        }
    }

    /// Whether a method belongs to this API; `None` where nobody can say.
    fn is_ours(&mut self, method: &Resource, world: &World) -> Result<Option<bool>, NeedSplit> {
        let Some(value) = self.property(method, "RestApiId", world)? else {
            return Ok(Some(false));
        };
        let id = match value.kind {
            Kind::Symbol(id) => id,
            Kind::Text(text) => match text.0.as_slice() {
                [Piece::Hole(id, _)] => *id,
                _ if text.known().is_some() => return Ok(Some(false)),
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        match self.unit.target(id) {
            Some((stack, target, None)) => {
                Ok(Some(stack == self.home && target == &*self.resource.id))
            }
            Some((.., Some(_))) => Ok(Some(false)),
            // What is given from outside cannot be an API that this template makes.
            None => match self.unit.symbols.get(id).class {
                Class::Input | Class::External => Ok(Some(false)),
                _ => Ok(None),
            },
        }
    }

    /// The path of the resource that `node` refers to: `/` for the root of this API.
    fn path(
        &mut self,
        node: &Node,
        scope: &Scope,
        world: &World,
        paths: &mut Paths,
        depth: usize,
    ) -> Result<Option<String>, NeedSplit> {
        if depth > MAX_DEPTH {
            return Ok(None);
        }
        let Kind::Symbol(id) = self.unit.eval(node, scope, world)?.kind else { return Ok(None) };
        let (stack, id, attribute) = match self.unit.target(id) {
            Some((stack, id, attribute)) => {
                (stack, Arc::<str>::from(id), attribute.map(str::to_owned))
            }
            None => return Ok(None),
        };
        match attribute.as_deref() {
            Some("RootResourceId") => {
                let ours = stack == self.home && *id == *self.resource.id;
                return Ok(ours.then(|| "/".to_owned()));
            }
            None | Some("ResourceId") => {}
            Some(_) => return Ok(None),
        }
        let key = (stack, id);
        if let Some(known) = paths.get(&key) {
            return Ok(known.clone());
        }
        let template = self.unit.template_of(stack);
        let Some(resource) = template.resource(&key.1) else { return Ok(None) };
        if &*resource.kind != RESOURCE {
            return Ok(None);
        }
        // A resource that is its own ancestor has no path.
        paths.insert(key.clone(), None);
        let here = self.unit.enter(stack);
        let path = self.path_of(resource, world, paths, depth);
        self.unit.enter(here);
        let path = path?;
        paths.insert(key, path.clone());
        Ok(path)
    }

    /// The path of a resource of the stack that is evaluated.
    fn path_of(
        &mut self,
        resource: &Resource,
        world: &World,
        paths: &mut Paths,
        depth: usize,
    ) -> Result<Option<String>, NeedSplit> {
        let part = self.property(resource, "PathPart", world)?.and_then(|v| v.known_text());
        let parent = match resource.property("ParentId") {
            Some(parent) => self.path(parent, &resource.scope, world, paths, depth + 1)?,
            None => None,
        };
        Ok(match (parent, part) {
            (Some(parent), Some(part)) => {
                Some(format!("{}/{}", parent.trim_end_matches('/'), part.trim_matches('/')))
            }
            _ => None,
        })
    }
}

/// The authorisation that a value names, and the token that says so. A null value is as good as none
/// written, at the method's `name`.
fn authorization(value: &Value, name: Origin) -> (AuthType, Origin) {
    if matches!(value.kind, Kind::Null) {
        return (AuthType::None, name);
    }
    let auth = value.known_text().map_or(AuthType::Unknown, |name| AuthType::parse(&name));
    (auth, value.origin)
}
