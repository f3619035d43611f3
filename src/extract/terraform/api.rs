//! APIs in every world.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::body::Body;
use super::{Unit, words};
use crate::extract::convert::symbol_ref;
use crate::extract::words::of_world;
use crate::model::{
    Api, ApiKind, ApiWorld, Assumption, EndpointType, EndpointTypes, PolicySite, PolicyState,
    Problem, ProblemKind, Routes, SymbolRef,
};
use crate::resolve::terraform::{Env, Instance, Resource, Used};
use crate::resolve::{Class, Kind, Literal, NeedSplit, Symbol, SymbolId, Value, World, explore};
use crate::source::Origin;
use crate::syntax::Attribute;

/// One API while it is judged.
pub(super) struct Judge<'u, 'a> {
    pub(super) unit: &'u mut Unit<'a>,
    /// Its address with the instance key.
    pub(super) address: String,
    pub(super) sites: Vec<PolicySite>,
    pub(super) unresolved: Vec<Problem>,
    pub(super) problems: Vec<Problem>,
    /// Its body in the world that is looked at, once it was asked for.
    pub(super) body: Option<Arc<Body>>,
    used: BTreeSet<Used>,
}

/// What an API is in one world, and what that rests on.
type Facts = (ApiWorld, BTreeSet<Used>);

impl<'a> Unit<'a> {
    /// Judges every instance of an API resource.
    pub(super) fn apis_of(&mut self, resource: &Arc<Resource>, apis: &mut Vec<Api>) {
        let kind = match &*resource.kind {
            "aws_api_gateway_rest_api" => ApiKind::RestApi,
            "aws_vpc_endpoint" => ApiKind::VpcEndpoint,
            _ => ApiKind::DomainName,
        };
        self.evaluator.at_home(resource);
        for suffix in self.suffixes(resource) {
            if kind == ApiKind::VpcEndpoint && !self.is_vpc_endpoint_for_apis(resource, &suffix) {
                continue;
            }
            let mut judge = self.judge(resource.instance(&suffix));
            let worlds = judge.explore(|judge, world| judge.world(resource, &suffix, world));
            // An endpoint without a policy of its own says nothing.
            let says = |w: &ApiWorld| {
                let policy = !matches!(w.policy, PolicyState::None);
                w.exists && (policy || kind != ApiKind::VpcEndpoint)
            };
            if worlds.0.iter().any(says) {
                apis.push(judge.finish(kind, resource, &suffix, worlds));
            }
        }
    }

    pub(super) fn judge<'u>(&'u mut self, address: String) -> Judge<'u, 'a> {
        Judge {
            unit: self,
            address,
            sites: Vec::new(),
            unresolved: Vec::new(),
            problems: Vec::new(),
            body: None,
            used: BTreeSet::new(),
        }
    }
}

impl Judge<'_, '_> {
    /// Runs `world` in every world it asks for. Also says whether the bound on worlds was reached.
    pub(super) fn explore(
        &mut self,
        mut world: impl FnMut(&mut Self, &World) -> Result<ApiWorld, NeedSplit>,
    ) -> (Vec<ApiWorld>, bool) {
        let explored = explore(
            self,
            |judge| &judge.unit.evaluator.symbols,
            |judge, at| -> Result<Facts, NeedSplit> {
                judge.unit.evaluator.begin();
                // What a run reports that ends in a split is reported by the runs after it.
                let marks = (judge.sites.len(), judge.unresolved.len(), judge.problems.len());
                let facts = world(judge, at);
                let used = judge.unit.evaluator.finish();
                if facts.is_err() {
                    judge.sites.truncate(marks.0);
                    judge.unresolved.truncate(marks.1);
                    judge.problems.truncate(marks.2);
                }
                judge.in_case(marks.2, at);
                Ok((facts?, used))
            },
        );
        let bounded = explored.bounded;
        let evaluator = &self.unit.evaluator;
        let by_default =
            explored.worlds.iter().any(|(w, f)| f.0.exists && w.is_default(&evaluator.symbols));
        let mut used = BTreeSet::new();
        let mut worlds = Vec::new();
        for (world, (facts, rests_on)) in explored.worlds {
            let is_default = world.is_default(&evaluator.symbols);
            let counts = facts.exists && (is_default || !by_default);
            used.extend(rests_on.into_iter().filter(|u| counts || !matches!(u, Used::Note(_))));
            let assumptions = of_world(&evaluator.symbols, &world);
            worlds.push(ApiWorld { assumptions, is_default, ..facts });
        }
        self.used.extend(used);
        (worlds, bounded)
    }

    fn world(
        &mut self,
        resource: &Arc<Resource>,
        suffix: &str,
        world: &World,
    ) -> Result<ApiWorld, NeedSplit> {
        self.body = None;
        let instances = self.unit.evaluator.instances(resource, world)?;
        let Some(instance) = instances.iter().find(|i| i.suffix == *suffix) else {
            return Ok(ApiWorld::absent());
        };
        let scope = instance.scope();
        let env = Env::data(&scope, world);
        self.uses(resource);
        if &*resource.kind == "aws_vpc_endpoint" {
            let policy = self.vpc_endpoint_policy(resource, env)?;
            return Ok(ApiWorld { exists: true, policy, ..ApiWorld::absent() });
        }
        let (mut endpoint, ip) = self.endpoint(resource, env)?;
        if &*resource.kind == "aws_api_gateway_domain_name" {
            if is_public(&endpoint) {
                self.refused_policy(resource);
                return Ok(ApiWorld::absent());
            }
            // Where it is no private one, there is no policy.
            if let EndpointTypes::Unknown(_, origin) = endpoint {
                endpoint = EndpointTypes::Known(EndpointType::Private, Some(origin));
            }
        }
        let policy = self.policy(resource, env)?;
        let routes = match &*resource.kind {
            "aws_api_gateway_rest_api" => self.routes(resource, env)?,
            _ => Routes::default(),
        };
        Ok(ApiWorld { exists: true, endpoint, ip, policy, routes, ..ApiWorld::absent() })
    }

    /// Says that AWS takes no policy of a public custom domain (SEMANTICS 3.6; Amazon API Gateway API
    /// reference, `CreateDomainName`).
    fn refused_policy(&mut self, resource: &Resource) {
        let Some(policy) = resource.block.body.attribute("policy") else { return };
        let why = "only a private custom domain has a policy: on another one it says nothing";
        let problem = Problem {
            kind: ProblemKind::Unresolved { what: "policy".into(), why: why.into(), pin: None },
            origin: self.unit.evaluator.origins.literal(policy.name_span),
            related: Vec::new(),
            api: Some(self.address.clone()),
        };
        // The unit's, and at once: an instance that is nowhere has no API to say it.
        self.unit.report(problem);
    }

    /// Records that the API rests on a resource's block.
    pub(super) fn uses(&mut self, resource: &Resource) {
        self.used.insert(Used::Block(resource.block.span));
    }

    /// Records that the API rests on all of an argument.
    pub(super) fn uses_all(&mut self, attribute: &Attribute) {
        self.used.insert(Used::Read(attribute.span));
    }

    /// Whether something that nobody says is so in a world: by default it is not. `None` where no case is
    /// told apart any more.
    pub(super) fn perhaps(
        &mut self,
        what: String,
        origin: Origin,
        world: &World,
    ) -> Result<Option<bool>, NeedSplit> {
        let key = format!("perhaps {what}, of {}", self.address);
        let symbol = self.unit.evaluator.symbols.intern(&key, || Symbol {
            label: what,
            origin,
            class: Class::Opaque,
            default: Some(Value::new(Kind::Bool(false), origin)),
            allowed: Some(vec![Literal::Bool(false), Literal::Bool(true)]),
            pin: None,
        });
        world.equals(&self.unit.evaluator.symbols, symbol, &Literal::Bool(true))
    }

    /// The reference to a symbol, as this API sees it.
    pub(super) fn symbol(&self, id: SymbolId) -> SymbolRef {
        symbol_ref(&self.unit.evaluator.symbols, id, Some(&self.address))
    }

    /// Says that a form is not read.
    pub(super) fn not_read(&mut self, what: &str, why: &str, origin: Origin) {
        let problem = Problem {
            kind: ProblemKind::Unresolved { what: what.into(), why: why.into(), pin: None },
            origin,
            related: Vec::new(),
            api: Some(self.address.clone()),
        };
        if !self.unresolved.contains(&problem) {
            self.unresolved.push(problem);
        }
    }

    pub(super) fn site(&mut self, site: PolicySite) {
        if !self.sites.contains(&site) {
            self.sites.push(site);
        }
    }

    fn finish(
        self,
        kind: ApiKind,
        resource: &Arc<Resource>,
        suffix: &str,
        worlds: (Vec<ApiWorld>, bool),
    ) -> Api {
        let name = match kind {
            ApiKind::DomainName => "domain_name",
            ApiKind::VpcEndpoint => "service_name",
            _ => "name",
        };
        let name = self.unit.name_of(resource, suffix, name);
        let tags = self.unit.tags_of(resource, suffix);
        let label = resource.block.labels.get(1).map_or(resource.block.header, |l| l.span);
        let origin = self.unit.evaluator.origins.literal(label);
        let call = resource.root_call().map(|call| call.block.header);
        let root = self.unit.module.display.clone();
        let called = call.map(|at| (self.unit.evaluator.origins.literal(at), root));
        Api { tags, called, ..self.into_api(kind, name, origin, worlds) }
    }

    /// The API, with what its worlds rest on handed to the unit.
    pub(super) fn into_api(
        mut self,
        kind: ApiKind,
        name: Option<String>,
        origin: Origin,
        (worlds, bounded): (Vec<ApiWorld>, bool),
    ) -> Api {
        let mut assumptions = BTreeSet::new();
        for used in &self.used {
            match used {
                Used::Default(name) => {
                    assumptions.extend(words::of_default(&self.unit.evaluator, name));
                }
                Used::Note(index) => self.unit.report_note(*index, &self.address),
                Used::Oddity(index) => self.unit.report_oddity(*index),
                Used::Read(_) | Used::Block(_) => {}
            }
        }
        let assumptions: Vec<Assumption> = assumptions.into_iter().collect();
        let framework = self.unit.framework;
        for site in &mut self.sites {
            site.merged = self.unit.evaluator.merged(site.origin);
        }
        self.unit.read.extend(self.used);
        for problem in self.problems {
            self.unit.report(problem);
        }
        Api {
            address: self.address,
            kind,
            framework,
            name,
            tags: Vec::new(),
            origin,
            sites: self.sites,
            worlds,
            bounded,
            unresolved: self.unresolved,
            assumptions,
            called: None,
            account: None,
            symbols: Arc::default(),
        }
    }
}

/// Whether an endpoint is one of the internet for certain.
fn is_public(endpoint: &EndpointTypes) -> bool {
    matches!(
        endpoint,
        EndpointTypes::Absent
            | EndpointTypes::Known(EndpointType::Edge | EndpointType::Regional, _)
    )
}

impl Unit<'_> {
    /// The API's name, when it is known without deciding a branch.
    fn name_of(&mut self, resource: &Arc<Resource>, suffix: &str, name: &str) -> Option<String> {
        let value = self.aside(resource, suffix, name)?;
        value.known_text().filter(|name| !name.is_empty())
    }

    /// An argument of an instance that is no part of what is judged.
    pub(super) fn aside(
        &mut self,
        resource: &Arc<Resource>,
        suffix: &str,
        name: &str,
    ) -> Option<Value> {
        let attribute = resource.block.body.attribute(name)?;
        let world = World::default().freeze();
        self.evaluator.begin();
        let instances = self.evaluator.instances(resource, &world).ok();
        let named = |i: &Instance| i.suffix == *suffix;
        let scope = instances.and_then(|all| all.iter().find(|i| named(i)).map(Instance::scope));
        let scope = scope.unwrap_or_default();
        let value = self.evaluator.eval(&attribute.value, Env::data(&scope, &world)).ok();
        self.evaluator.finish();
        value
    }

    /// The address of the API whose id an argument of an instance is, when that is known without
    /// deciding a branch. It need not be an API of this module.
    pub(super) fn api_named(
        &mut self,
        resource: &Arc<Resource>,
        suffix: &str,
        argument: &str,
    ) -> Option<String> {
        let Kind::Symbol(id) = self.aside(resource, suffix, argument)?.kind else { return None };
        let symbol = self.evaluator.symbols.get(id);
        let address = symbol.label.strip_suffix(".id")?;
        (symbol.class == Class::ApiId).then(|| address.to_owned())
    }
}
