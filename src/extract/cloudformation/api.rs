//! What all kinds of APIs have in common: worlds, assumptions, policies and their places.

use super::links::Links;
use super::problems::Problems;
use crate::extract::holes;
use crate::extract::policy::{PolicyCx, policy_state};
use crate::extract::tags::tags;
use crate::extract::words::{literal, of_world};
use crate::model::{
    Api, ApiKind, ApiWorld, Assumption, EndpointTypes, Form, Framework, IpAddressType, Policy,
    PolicySite, PolicyState, Problem, ProblemKind, Routes, SymbolRef, Tag,
};
use crate::resolve::cloudformation::form;
use crate::resolve::cloudformation::{Resource, StackId, Unit};
use crate::resolve::world::explore;
use crate::resolve::{Kind, Literal, NeedSplit, SymbolId, Value, World};
use crate::source::{Origin, Origins, Span, Step};
use crate::syntax::Node;

/// One API while it is being read.
pub(super) struct Reader<'r, 'a> {
    pub(super) unit: &'r mut Unit<'a>,
    pub(super) resource: &'r Resource,
    pub(super) links: &'r Links,
    /// The API's address.
    pub(super) address: String,
    /// The stack that declares it.
    pub(super) home: StackId,
    problems: Vec<Problem>,
    sites: Vec<PolicySite>,
    unresolved: Vec<Problem>,
    /// What stands for a policy that is written in a form that is not read yet.
    hidden: Option<(SymbolId, Origin)>,
}

/// What an API is, apart from its worlds.
pub(super) struct Kinds {
    pub(super) kind: ApiKind,
    pub(super) framework: Framework,
    /// The property that holds the API's name.
    pub(super) name: &'static str,
}

impl<'r, 'a> Reader<'r, 'a> {
    pub(super) fn new(unit: &'r mut Unit<'a>, resource: &'r Resource, links: &'r Links) -> Self {
        let address = format!("{}{}", unit.path(), resource.id);
        Self {
            home: unit.here(),
            unit,
            resource,
            links,
            address,
            problems: Vec::new(),
            sites: Vec::new(),
            unresolved: Vec::new(),
            hidden: None,
        }
    }

    /// Says that a policy may be written at `at` in the form `what`, which is not read.
    pub(super) fn hide(&mut self, what: &str, why: &str, at: Span, form: Option<Form>) {
        let symbol = self.unit.opaque(&format!("hidden:{}:{what}", self.address), what, at);
        let origin = self.unit.origin(at);
        self.hidden.get_or_insert((symbol, origin));
        self.report(what, why, at);
        if let Some(form) = form {
            self.site(origin, form);
        }
    }

    /// Says that the form `what` at `at` is not read.
    pub(super) fn report(&mut self, what: &str, why: &str, at: Span) {
        let address = Some(self.address.clone());
        let problem = unresolved(&mut self.unit.origins, at, what, why, address);
        if !self.unresolved.contains(&problem) {
            self.unresolved.push(problem);
        }
    }

    /// Notes what is wrong at `origin`.
    pub(super) fn problem(
        &mut self,
        kind: ProblemKind,
        origin: Origin,
        related: Vec<(Origin, String)>,
    ) {
        let api = Some(self.address.clone());
        self.problems.push(Problem { kind, origin, related, api });
    }

    /// Says that `what` writes a policy at `at`, and the property `Policy` another one. No page says which
    /// of the two CloudFormation writes last [?].
    pub(super) fn tell_several(&mut self, what: &str, at: Span) {
        let pairs = self.resource.properties().and_then(Node::as_map);
        let mut pairs = pairs.into_iter().flat_map(|pairs| pairs.iter());
        let key = pairs.find(|pair| pair.key.scalar().is_some_and(|key| &*key == "Policy"));
        let own = key.map(|pair| (self.unit.origin(pair.key.span), "the other policy".to_owned()));
        let kind = ProblemKind::SeveralPolicies { what: what.to_owned(), last_wins: false };
        let origin = self.unit.origin(at);
        self.problem(kind, origin, own.into_iter().collect());
    }

    pub(super) fn site(&mut self, origin: Origin, form: Form) {
        let (address, merged) = (self.address.clone(), Vec::new());
        let site = PolicySite { address, origin, form, merged };
        if !self.sites.contains(&site) {
            self.sites.push(site);
        }
    }

    /// The API in every world that `world` asks for.
    pub(super) fn judge(
        mut self,
        kinds: Kinds,
        found: &mut Problems,
        mut world: impl FnMut(&mut Self, &World) -> Result<ApiWorld, NeedSplit>,
    ) -> Api {
        self.unit.start_api();
        let name = self.name(kinds.name);
        let mut tags = self.tags();
        let origin = self.origin(&mut tags);
        self.unit.start_api();
        let explored = explore(
            &mut self,
            |reader| &reader.unit.symbols,
            |reader, at| {
                reader.unit.start_run();
                if reader.exists(at)? { world(reader, at) } else { Ok(ApiWorld::absent()) }
            },
        );
        let bounded = explored.bounded || self.unit.is_exhausted();
        let worlds = explored
            .worlds
            .into_iter()
            .map(|(world, judged)| ApiWorld {
                assumptions: of_world(&self.unit.symbols, &world),
                is_default: self.unit.is_default(&world),
                ..judged
            })
            .collect();
        let mut assumptions = defaults(self.unit);
        for (what, at) in self.links.foreign() {
            let text = format!("{what} leaves this API as it is written");
            let origin = Some(self.unit.origin(*at));
            assumptions.push(Assumption { text, pin: None, origin });
        }
        for problem in self.problems {
            found.add(problem, &self.unit.origins);
        }
        Api {
            address: self.address,
            kind: kinds.kind,
            framework: kinds.framework,
            name,
            tags,
            origin,
            sites: self.sites,
            worlds,
            bounded,
            unresolved: self.unresolved,
            assumptions,
            called: None,
            account: None,
            symbols: std::sync::Arc::default(),
        }
    }

    /// The API's name, when it is known without deciding a branch.
    fn name(&mut self, property: &str) -> Option<String> {
        let node = self.resource.property(property)?;
        let world = World::default().freeze();
        let value = self.unit.eval(node, &self.resource.scope, &world).ok()?;
        value.known_text().filter(|name| !name.is_empty())
    }

    /// The API's tags, as far as they are known without deciding a branch.
    fn tags(&mut self) -> Vec<Tag> {
        let Some(node) = self.resource.property("Tags") else { return Vec::new() };
        let world = World::default().freeze();
        let value = self.unit.eval(node, &self.resource.scope, &world);
        value.map_or(Vec::new(), |value| tags(&value, &self.unit.symbols))
    }

    /// The token that names the API. Where the AWS CDK made the template, the path of the construct is a
    /// step to it, and one of its tags: logical ids are made of it, and hard to read.
    fn origin(&mut self, tags: &mut Vec<Tag>) -> Origin {
        const PATH: &str = "aws:cdk:path";
        let id = self.unit.origin(self.resource.id_span);
        let metadata = self.resource.node.get("Metadata");
        let Some(path) = metadata.and_then(|metadata| metadata.get(PATH)) else { return id };
        let Some(value) = path.scalar() else { return id };
        tags.push(Tag { key: PATH.to_owned(), value: value.to_string() });
        self.unit.origins.add(path.span, Step::Expansion("construct of the AWS CDK"), Some(id))
    }

    /// Whether the API, and every stack around it, exists in a world; where nobody can say, it does.
    fn exists(&mut self, world: &World) -> Result<bool, NeedSplit> {
        if self.unit.is_created(world)? == Some(false) {
            return Ok(false);
        }
        match &self.resource.condition {
            Some(name) => Ok(self.unit.condition(name, world)?.unwrap_or(true)),
            None => self.is_implied(world),
        }
    }

    /// What `state` is where a policy may also be written in a form that is not read.
    pub(super) fn or_hidden(&self, state: PolicyState) -> PolicyState {
        match (state, self.hidden) {
            (PolicyState::None, Some((id, origin))) => {
                PolicyState::Unknown(self.symbol(id), origin)
            }
            (state, _) => state,
        }
    }

    /// The policy that the property `name` holds in a world.
    pub(super) fn policy(&mut self, name: &str, world: &World) -> Result<PolicyState, NeedSplit> {
        let mut state = PolicyState::None;
        let resource = self.resource;
        for node in resource.property_all(name) {
            let value = self.unit.eval(node, &resource.scope, world)?;
            let read = self.read_policy(&value);
            if !matches!(read, PolicyState::None) {
                let form = form_of(node, &value);
                self.site(value.origin, form);
            }
            if matches!(read, PolicyState::Unknown(..))
                && let Some((at, why)) = self.links.files.transform_in(node)
            {
                self.report("Fn::Transform", why, at);
            }
            state = both(state, read);
        }
        Ok(state)
    }

    /// The policy that an OpenAPI document holds.
    pub(super) fn extension(&mut self, value: &Value) -> PolicyState {
        let state = self.imported_policy(value);
        if !matches!(state, PolicyState::None) {
            self.site(value.origin, Form::OpenApiExtension);
        }
        state
    }

    /// A policy in an OpenAPI document, whoever writes it there: the import resolves some names in it.
    pub(super) fn imported_policy(&mut self, value: &Value) -> PolicyState {
        let unit = &mut *self.unit;
        let value = holes::open(value, &mut unit.symbols, &mut unit.origins, holes::of_import);
        self.read_policy(&value)
    }

    pub(super) fn read_policy(&mut self, value: &Value) -> PolicyState {
        let mut cx = PolicyCx {
            symbols: &mut self.unit.symbols,
            origins: &mut self.unit.origins,
            this_api: Some(&self.address),
            problems: &mut self.problems,
        };
        policy_state(value, &mut cx)
    }

    /// The reference to a symbol, as this API sees it.
    pub(super) fn symbol(&self, id: SymbolId) -> SymbolRef {
        crate::extract::convert::symbol_ref(&self.unit.symbols, id, Some(&self.address))
    }
}

/// Both of two policies of which one counts, and nobody says which: a property that stands twice.
pub(in crate::extract) fn both(first: PolicyState, second: PolicyState) -> PolicyState {
    match (first, second) {
        (PolicyState::None, other) | (other, PolicyState::None) => other,
        (unknown @ PolicyState::Unknown(..), PolicyState::Unknown(..)) => unknown,
        (PolicyState::Known(mut readings), other) | (other, PolicyState::Known(mut readings)) => {
            match other {
                PolicyState::Known(more) => readings.extend(more),
                PolicyState::Unknown(symbol, origin) => {
                    readings.push(Policy::unknown(symbol, origin));
                }
                PolicyState::None => {}
            }
            PolicyState::Known(readings)
        }
    }
}

/// How a policy is written.
fn form_of(node: &Node, value: &Value) -> Form {
    let reference = matches!(
        form::Form::of(node),
        form::Form::Call("Ref" | "Fn::FindInMap" | "Fn::ImportValue", _)
    );
    match &value.kind {
        _ if reference => Form::Variable,
        Kind::Text(_) => Form::JsonString,
        _ => Form::Inline,
    }
}

/// A world in which the API exists; [`Reader::judge`] fills in what tells it from the others.
pub(super) fn present(
    (endpoint, ip): (EndpointTypes, IpAddressType),
    policy: PolicyState,
    routes: Routes,
) -> ApiWorld {
    ApiWorld { exists: true, endpoint, ip, policy, routes, ..ApiWorld::absent() }
}

/// A form or value that is not read.
pub(super) fn unresolved(
    origins: &mut Origins,
    at: Span,
    what: &str,
    why: &str,
    api: Option<String>,
) -> Problem {
    Problem {
        kind: ProblemKind::Unresolved { what: what.into(), why: why.into(), pin: None },
        origin: origins.literal(at),
        related: Vec::new(),
        api,
    }
}

/// The defaults that were taken for the values of parameters.
fn defaults(unit: &Unit<'_>) -> Vec<Assumption> {
    let mut out: Vec<Assumption> = unit
        .used_defaults()
        .map(|(symbol, default)| {
            let value = default.known_text().unwrap_or_default();
            let value = literal(&Literal::Text(value.into()));
            Assumption {
                text: format!("{} = {value}", symbol.label),
                pin: symbol.pin.clone(),
                origin: Some(default.origin),
            }
        })
        .collect();
    out.sort();
    out
}
