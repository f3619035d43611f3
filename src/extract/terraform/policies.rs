//! The policies of an API: its own argument, policy resources, an OpenAPI body.

use std::sync::Arc;

use super::api::Judge;
use super::imports::IMPORT;
use super::routes::add_routes;
use super::{Unit, form};
use crate::extract::policy::{PolicyCx, policy_state};
use crate::model::{
    Api, ApiKind, ApiWorld, EndpointTypes, Form, Framework, IpAddressType, Policy, PolicySite,
    PolicyState, Problem, ProblemKind, Routes, SymbolRef,
};
use crate::resolve::terraform::{Env, Instance, Resource};
use crate::resolve::{Class, Kind, NeedSplit, Value, World};
use crate::source::Origin;
use crate::syntax::Attribute;

/// How many policies of one API are looked at: only where nobody knows which are its own are there more
/// than a few.
const MAX_POLICIES: usize = 64;

/// How a resource's `rest_api_id` names an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// It is this API's id.
    Yes,
    /// It is not known, and this API is among what it is made of.
    Perhaps,
    /// It is something else.
    No,
}

/// The policies found so far; with several, the last writer wins, and nobody knows who that is.
#[derive(Default)]
pub(super) struct Found {
    readings: Vec<Policy>,
    unknown: Option<(SymbolRef, Origin)>,
    /// What attaches each of them.
    writers: Vec<Writer>,
}

/// What attaches a policy.
#[derive(Clone)]
pub(super) struct Writer {
    /// Its name: an address, `body`.
    pub(super) what: String,
    /// Where it does.
    pub(super) at: Origin,
    /// Where the policy is written.
    pub(super) document: Origin,
    /// Whether it is a document that is imported apart from the API.
    pub(super) imported: bool,
}

impl Found {
    /// Adds a policy and what attaches it.
    pub(super) fn write(&mut self, state: PolicyState, writer: Writer) {
        if !matches!(state, PolicyState::None) {
            self.writers.push(writer);
        }
        self.add(state);
    }

    pub(super) fn add(&mut self, state: PolicyState) {
        match state {
            PolicyState::None => {}
            PolicyState::Known(readings) => self.readings.extend(readings),
            PolicyState::Unknown(symbol, origin) => {
                self.unknown.get_or_insert((symbol, origin));
            }
        }
    }

    /// What attaches the policies, in the order in which they were found.
    pub(super) fn writers(&self) -> &[Writer] {
        &self.writers
    }

    pub(super) fn is_empty(&self) -> bool {
        self.readings.is_empty() && self.unknown.is_none()
    }

    pub(super) fn state(self) -> PolicyState {
        match (self.readings, self.unknown) {
            (readings, None) if readings.is_empty() => PolicyState::None,
            (readings, None) => PolicyState::Known(readings),
            (readings, Some((symbol, origin))) if readings.is_empty() => {
                PolicyState::Unknown(symbol, origin)
            }
            (mut readings, Some((symbol, origin))) => {
                readings.push(Policy::unknown(symbol, origin));
                PolicyState::Known(readings)
            }
        }
    }
}

impl Judge<'_, '_> {
    /// Adds the policies of a resource's own argument. One that is written twice is refused; both
    /// values count, so that none hides.
    pub(super) fn read_argument(
        &mut self,
        resource: &Arc<Resource>,
        address: &str,
        env: Env<'_>,
        found: &mut Found,
    ) -> Result<(), NeedSplit> {
        for attribute in resource.block.body.attributes.iter().filter(|a| &*a.name == "policy") {
            self.read(attribute, address, env, found)?;
        }
        Ok(())
    }

    /// The policy of an API in one world.
    pub(super) fn policy(
        &mut self,
        resource: &Arc<Resource>,
        env: Env<'_>,
    ) -> Result<PolicyState, NeedSplit> {
        let mut found = Found::default();
        self.read_argument(resource, &self.address.clone(), env, &mut found)?;
        let own = !found.is_empty();
        'all: for policy in self.unit.of_api("aws_api_gateway_rest_api_policy", &resource.named()) {
            for instance in self.linked(&policy, resource, env.world)? {
                self.uses(&policy);
                if found.readings.len() >= MAX_POLICIES {
                    found.add(self.more_policies(&policy));
                    break 'all;
                }
                let address = policy.instance(&instance.0.suffix);
                self.unit.linked.insert(address.clone());
                let scope = instance.0.scope();
                let env = Env::data(&scope, env.world);
                self.read_argument(&policy, &address, env, &mut found)?;
            }
        }
        // The API's own policy is written over the one that the body brings, in one operation
        // (SEMANTICS 4.4); one that another resource attaches is lost when the body is imported again.
        if !own {
            self.body_policy(resource, env, &mut found)?;
        }
        let imports = self.imports(resource, env.world)?;
        let mut without = None;
        for import in &imports {
            if self.imported_policy(import, &mut found) {
                without = without.or(Some(import));
            }
        }
        self.tell_several(&found.writers);
        let takes_away = match without.filter(|_| !found.is_empty()) {
            Some(import) => self.runs_last(import, env.world)?,
            None => false,
        };
        Ok(if takes_away { PolicyState::None } else { found.state() })
    }

    /// What the policies of an API are that are too many to be looked at.
    fn more_policies(&mut self, at: &Resource) -> PolicyState {
        let origin = self.unit.evaluator.origins.literal(at.block.header);
        let what = format!("the policies behind the first {MAX_POLICIES}");
        self.not_read(&what, "there are too many that may be the policy of this API", origin);
        let key = format!("more policies of {}", self.address);
        let symbol = self.unit.evaluator.intern(&key, &what, origin, Class::Opaque);
        PolicyState::Unknown(self.symbol(symbol), origin)
    }

    /// The instances of `other` that belong to this API in a world, with how surely they do.
    pub(super) fn linked(
        &mut self,
        other: &Arc<Resource>,
        api: &Arc<Resource>,
        world: &World,
    ) -> Result<Vec<(Instance, Link)>, NeedSplit> {
        let Some(id) = other.block.body.attribute("rest_api_id") else { return Ok(Vec::new()) };
        let named = api.named();
        if !self.unit.names(&id.value, Some(other), &named) {
            return Ok(Vec::new());
        }
        let mut out = Vec::new();
        for instance in self.unit.evaluator.instances(other, world)?.iter() {
            let scope = instance.scope();
            let value = self.unit.evaluator.eval(&id.value, Env::data(&scope, world))?;
            let link = self.link(&value);
            if link != Link::No {
                out.push((instance.clone(), link));
            }
        }
        Ok(out)
    }

    fn link(&self, id: &Value) -> Link {
        let Kind::Symbol(symbol) = id.kind else { return Link::No };
        let symbol = self.unit.evaluator.symbols.get(symbol);
        match symbol.class {
            Class::ApiId if symbol.label == format!("{}.id", self.address) => Link::Yes,
            Class::ApiId => Link::No,
            // A reference to an instance that this world does not have.
            _ if self.unit.evaluator.is_refused(id) => Link::No,
            _ => Link::Perhaps,
        }
    }

    /// Reads the policy that an argument yields.
    pub(super) fn read(
        &mut self,
        attribute: &Attribute,
        address: &str,
        env: Env<'_>,
        found: &mut Found,
    ) -> Result<(), NeedSplit> {
        self.uses_all(attribute);
        let node = &attribute.value;
        let value = self.unit.evaluator.eval(node, env)?;
        let state = self.state(&value);
        if !matches!(state, PolicyState::None) {
            let form = match self.unit.framework {
                Framework::TerraformPlan => Form::Plan,
                _ => form::of(node, &value, &self.unit.evaluator),
            };
            let address = address.to_owned();
            self.site(PolicySite { address, origin: value.origin, form, merged: Vec::new() });
        }
        let at = self.unit.evaluator.origins.literal(attribute.name_span);
        found.write(
            state,
            Writer { what: address.to_owned(), at, document: value.origin, imported: false },
        );
        Ok(())
    }

    /// Reads a policy; text that holds JSON made elsewhere is put together first.
    pub(super) fn state(&mut self, value: &Value) -> PolicyState {
        let mut value = value.clone();
        if let Kind::Text(text) = &value.kind
            && self.unit.evaluator.has_trees(text)
        {
            let read = self.unit.evaluator.read_json(text, value.origin);
            for error in read.errors {
                self.problems.push(Problem {
                    kind: ProblemKind::Unreadable { message: error.message, help: error.help },
                    origin: error.origin,
                    related: Vec::new(),
                    api: Some(self.address.clone()),
                });
            }
            if let Some(read) = read.value {
                value = read;
            }
        }
        let mut cx = PolicyCx {
            symbols: &mut self.unit.evaluator.symbols,
            origins: &mut self.unit.evaluator.origins,
            this_api: Some(&self.address),
            problems: &mut self.problems,
        };
        policy_state(&value, &mut cx)
    }
}

impl Unit<'_> {
    /// Policies whose API is not in this module: each stands for its API.
    pub(super) fn foreign_policies(&mut self, resource: &Arc<Resource>, apis: &mut Vec<Api>) {
        self.evaluator.at_home(resource);
        for suffix in self.suffixes(resource) {
            let own = resource.instance(&suffix);
            if self.linked.contains(&own) || self.is_on_http_api(resource) {
                continue;
            }
            // Within the policy, the ARN of the API that `rest_api_id` names is this API's.
            let address = self.api_named(resource, &suffix, "rest_api_id");
            let address = address.unwrap_or_else(|| own.clone());
            let mut judge = self.judge(address);
            let worlds =
                judge.explore(|judge, world| judge.foreign(resource, &suffix, &own, world));
            if worlds.0.iter().all(|w| !w.exists) {
                continue;
            }
            let label = resource.block.labels.get(1).map_or(resource.block.header, |l| l.span);
            let origin = judge.unit.evaluator.origins.literal(label);
            let mut api = judge.into_api(ApiKind::RestApi, None, origin, worlds);
            api.address.clone_from(&own);
            apis.push(api);
        }
    }
}

impl Judge<'_, '_> {
    fn foreign(
        &mut self,
        resource: &Arc<Resource>,
        suffix: &str,
        own: &str,
        world: &World,
    ) -> Result<ApiWorld, NeedSplit> {
        let instances = self.unit.evaluator.instances(resource, world)?;
        let Some(instance) = instances.iter().find(|i| i.suffix == *suffix) else {
            return Ok(ApiWorld::absent());
        };
        let scope = instance.scope();
        let env = Env::data(&scope, world);
        self.uses(resource);
        let mut found = Found::default();
        let mut routes = Routes::default();
        if &*resource.kind == IMPORT {
            let import = self.import(resource, own.to_owned(), Link::Perhaps, env)?;
            if let Some(import) = import {
                self.imported_policy(&import, &mut found);
                add_routes(&import.read, &mut routes);
            }
            // Its API has a policy from elsewhere, or none.
            if found.is_empty() {
                return Ok(ApiWorld::absent());
            }
        }
        self.read_argument(resource, own, env, &mut found)?;
        let id = resource.block.body.attribute("rest_api_id");
        let at = id.map_or(resource.block.header, |id| id.value.span);
        let origin = self.unit.evaluator.origins.literal(at);
        let label = match id {
            Some(id) => format!("endpoint type of {}", self.unit.evaluator.label(&id.value)),
            None => "endpoint type".to_owned(),
        };
        let key = format!("endpoint of {own}");
        let symbol = self.unit.evaluator.intern(&key, &label, origin, Class::Opaque);
        Ok(ApiWorld {
            exists: true,
            endpoint: EndpointTypes::Unknown(self.symbol(symbol), origin),
            ip: IpAddressType::Unknown,
            policy: found.state(),
            routes,
            ..ApiWorld::absent()
        })
    }
}
