//! What policies do that say the same: it is worked out once. A plan has one policy in a copy for each of
//! hundreds of APIs.
//!
//! Two questions are alike where everything is equal that [`effects`] looks at, but for where it stands;
//! and even of that the order is the same, so that no comparison of origins has another outcome.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::model::{AccountId, Api, ApiKind, ApiWorld, Origin, Policy, Routes, SymbolTable, Trust};

use super::lockout::{Effects, effects};
use super::scene::{Endpoint, endpoints};

/// What was worked out so far.
#[derive(Debug, Default)]
pub struct Alike {
    /// The symbols that all answers are about.
    symbols: Option<Arc<SymbolTable>>,
    /// What stands for every origin in a question.
    anywhere: Option<Origin>,
    /// Only ever asked by key, so its order cannot reach any output.
    found: HashMap<Question, Effects>,
}

/// All that an answer depends on.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Question {
    kind: ApiKind,
    endpoints: Vec<Endpoint>,
    routes: Routes,
    policy: Policy,
    /// The origins of the policy and of the methods, each by its place in their order.
    order: Vec<usize>,
    owners: BTreeSet<AccountId>,
}

impl Alike {
    /// What `policy` does in `world`, as [`effects`] has it. Everybody who asks has the same trust list, the
    /// owners apart, and asks at the same time.
    pub fn effects(
        &mut self,
        api: &Api,
        world: &ApiWorld,
        policy: &Policy,
        trust: &Trust,
        now: i64,
    ) -> Effects {
        let symbols = self.symbols.get_or_insert_with(|| Arc::clone(&api.symbols));
        if !Arc::ptr_eq(symbols, &api.symbols) {
            return effects(api, world, policy, trust, now);
        }
        let anywhere = *self.anywhere.get_or_insert(policy.origin);
        let question = Question::new(api.kind, world, policy, trust, anywhere);
        if let Some(known) = self.found.get(&question) {
            return known.clone();
        }
        let found = effects(api, world, policy, trust, now);
        self.found.insert(question, found.clone());
        found
    }
}

impl Question {
    fn new(
        kind: ApiKind,
        world: &ApiWorld,
        policy: &Policy,
        trust: &Trust,
        anywhere: Origin,
    ) -> Self {
        let (mut policy, mut routes) = (policy.clone(), world.routes.clone());
        let places = policy.origins_mut().into_iter().chain(routes.origins_mut());
        let places: Vec<Origin> =
            places.map(|origin| std::mem::replace(origin, anywhere)).collect();
        let mut sorted = places.clone();
        sorted.sort_unstable();
        sorted.dedup();
        let order = places.iter().map(|origin| sorted.partition_point(|one| one < origin));
        let order = order.collect();
        let (endpoints, owners) = (endpoints(world), trust.owners.clone());
        Self { kind, endpoints, routes, policy, order, owners }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::model::{
        ActionElement, AuthType, Condition, ConditionKey, EffectElement, EndpointType,
        EndpointTypes, Entry, Framework, Leaf, Operator, PrincipalElement, PrincipalItem,
        PrincipalKind, Principals, ResourceElement, Route, Statement, SymbolRef, Version,
    };
    use crate::source::{Origins, SourceDb, Span};

    /// An API of which the policy has those statements, each a Resource; all of it stands at origins of its
    /// own, the later ones first where `reversed` says so.
    fn api(origins: &mut Origins, resources: &[&str], reversed: bool) -> (Api, Policy) {
        let db = SourceDb::new();
        let file = db.add(Path::new("a"), "a".into(), "");
        let first = origins.len() + 1;
        let count = 3 * resources.len() + 1;
        let made: Vec<Origin> =
            (first..first + count).map(|at| origins.literal(Span::new(file, at, at))).collect();
        let mut next: Box<dyn Iterator<Item = &Origin>> = match reversed {
            true => Box::new(made.iter().rev()),
            false => Box::new(made.iter()),
        };
        let mut next = || *next.next().expect("an origin");
        let statements = resources.iter().map(|resource| {
            let mut statement = Statement::everything(next());
            statement.resource.items = vec![Entry::One(Leaf::known(*resource, next()))];
            statement.action.origin = Some(next());
            Entry::One(statement)
        });
        let statements = statements.collect();
        let policy = Policy { statements, ..Policy::unknown(SymbolRef::UNREADABLE, next()) };
        let world = ApiWorld {
            exists: true,
            is_default: true,
            endpoint: EndpointTypes::Known(EndpointType::Regional, Some(made[0])),
            ..ApiWorld::absent()
        };
        let api = Api {
            address: format!("api{first}"),
            kind: ApiKind::RestApi,
            framework: Framework::TerraformPlan,
            name: None,
            tags: Vec::new(),
            origin: made[0],
            sites: Vec::new(),
            worlds: vec![world],
            bounded: false,
            unresolved: Vec::new(),
            assumptions: Vec::new(),
            called: None,
            account: None,
            symbols: Arc::default(),
        };
        (api, policy)
    }

    #[test]
    fn every_origin_is_there_once() {
        let db = SourceDb::new();
        let file = db.add(Path::new("a"), "a".into(), "");
        let mut origins = Origins::new();
        let mut made = 0;
        let mut next = || {
            made += 1;
            origins.literal(Span::new(file, made, made))
        };
        let condition = Condition {
            operator: Operator::parse("IpAddress"),
            operator_name: Leaf::known("IpAddress", next()),
            key: ConditionKey::parse("aws:SourceIp"),
            key_name: Leaf::known("aws:SourceIp", next()),
            values: vec![Entry::One(Leaf::known("192.0.2.0/24", next()))],
            origin: next(),
        };
        let item = PrincipalItem { kind: PrincipalKind::Aws, value: Leaf::known("*", next()) };
        let whom = Principals { items: vec![Entry::One(item)], origin: next() };
        let statement = Statement {
            sid: Some(Leaf::known("a", next())),
            effect: EffectElement::Other(Leaf::known("Alow", next())),
            principal: PrincipalElement::NotPrincipal(whom, next()),
            action: ActionElement {
                negated: false,
                items: vec![Entry::One(Leaf::known("*", next()))],
                origin: Some(next()),
            },
            resource: ResourceElement {
                negated: true,
                items: vec![Entry::Many(SymbolRef::UNREADABLE, next())],
                origin: Some(next()),
            },
            conditions: vec![Entry::One(condition), Entry::Many(SymbolRef::UNREADABLE, next())],
            condition_origin: Some(next()),
            origin: next(),
        };
        let mut policy = Policy {
            version: Version::Other(Leaf::known("2012", next())),
            statements: vec![Entry::One(statement)],
            ..Policy::unknown(SymbolRef::UNREADABLE, next())
        };
        let (method, path, auth) = (None, None, AuthType::None);
        let route = Route { method, path, auth, origin: next(), api_key: Some(next()) };
        let mut routes = Routes { declared: vec![route], ..Routes::default() };
        let all = policy.origins_mut().into_iter().chain(routes.origins_mut());
        let mut found: Vec<Origin> = all.map(|origin| *origin).collect();
        found.sort_unstable();
        let spans: Vec<usize> =
            found.iter().map(|origin| origins.span(*origin).start as usize).collect();
        assert_eq!(spans, (1..=made).collect::<Vec<_>>());
    }

    #[test]
    fn what_stands_elsewhere_is_alike_and_what_says_something_else_is_not() {
        let mut origins = Origins::new();
        let (open, get) = (&["execute-api:/*"][..], &["execute-api:/*/GET/*"][..]);
        let both = &["execute-api:/*", "execute-api:/*/GET/*"][..];
        let symbols = Arc::default();
        let trust = Trust::default();
        let mut alike = Alike::default();
        let cases = [
            (open, false, 1),
            (open, false, 1),
            (get, false, 2),
            (both, false, 3),
            (both, true, 4),
            (get, false, 4),
            (both, true, 4),
        ];
        for (resources, reversed, known) in cases {
            let (mut api, policy) = api(&mut origins, resources, reversed);
            api.symbols = Arc::clone(&symbols);
            let found = alike.effects(&api, &api.worlds[0], &policy, &trust, 0);
            assert_eq!(found, effects(&api, &api.worlds[0], &policy, &trust, 0));
            assert_eq!(found.anywhere.len(), resources.len());
            assert_eq!(alike.found.len(), known, "{resources:?}");
        }
    }

    #[test]
    fn endpoints_owners_and_symbols_count() {
        let mut origins = Origins::new();
        let (mut api, policy) = api(&mut origins, &["execute-api:/*"], false);
        let mut alike = Alike::default();
        let mut trust = Trust::default();
        let ask = |alike: &mut Alike, api: &Api, trust: &Trust| {
            alike.effects(api, &api.worlds[0], &policy, trust, 0);
            alike.found.len()
        };
        assert_eq!(ask(&mut alike, &api, &trust), 1);
        api.worlds[0].endpoint = EndpointTypes::Known(EndpointType::Private, None);
        assert_eq!(ask(&mut alike, &api, &trust), 2);
        trust.owners.extend(AccountId::parse("111122223333"));
        assert_eq!(ask(&mut alike, &api, &trust), 3);
        // Symbols of another unit mean something else.
        api.symbols = Arc::default();
        api.worlds[0].endpoint = EndpointTypes::Document;
        assert_eq!(ask(&mut alike, &api, &trust), 3);
    }
}
