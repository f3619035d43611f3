//! Who can call, route by route: every class of callers, the trusted ones and the owner included.
//!
//! Where somebody else than the policy may allow (an authorizer, the identity policy of the owner's
//! own principals), the policy is decided as if it ended with an Allow of everything: what its Deny
//! statements leave is what gets through.

use std::collections::BTreeMap;

use crate::analyze::evaluate::evaluate;
use crate::model::{
    Api, ApiKind, ApiWorld, Assumption, AuthType, CallerClass, CallerKind, CallerRow, Callers,
    Entry, Gate, Origin, Policy, PolicyState, Standing, Statement, Tri, Trust,
};

use super::budget::Budget;
use super::engine::Engine;
use super::fill::Work;
use super::found::need;
use super::identity::{self, Choice};
use super::outsiders::{Group, Outsiders, Who};
use super::routes::{self, Scope, Target};
use super::rows::{Rows, denied, over_endpoints, over_worlds, put};
use super::scene::{Endpoint, Scene, Script, Sender, endpoints};
use super::solve::Solver;
use super::survey::{Lead, auth_need};
use super::tally::{Grade, Grades, tally};
use super::witness::{self, Place};

/// Which callers get in on which declared route of `api`, with a witness each. `now` is the time of
/// the requests in seconds since 1970 UTC.
pub fn callers(api: &Api, trust: &Trust, now: i64) -> Callers {
    if api.kind == ApiKind::VpcEndpoint {
        return Callers::default();
    }
    let mut table = Table { api, trust, now, budget: Budget::new(), work: Work::default() };
    let worlds: Vec<(&ApiWorld, Rows)> = api
        .worlds
        .iter()
        .enumerate()
        .filter(|(_, world)| world.exists)
        .map(|(number, world)| (world, table.world(number, world)))
        .collect();
    let rows = over_worlds(&worlds, !api.exists_by_default());
    Callers { rows: rows.into_values().collect(), bounded: table.spent() }
}

struct Table<'a> {
    api: &'a Api,
    trust: &'a Trust,
    now: i64,
    budget: Budget,
    work: Work,
}

/// A policy on an endpoint under an identity of its API.
#[derive(Clone, Copy)]
struct Setting<'s> {
    world: usize,
    reading: usize,
    choice: &'s Choice,
    endpoint: Endpoint,
}

/// How a class gets in on a target.
struct Way<'w> {
    kind: CallerKind,
    who: &'w Who,
    auth: AuthType,
    gate: Gate,
    pick: fn(&Grades) -> &Grade,
}

impl Table<'_> {
    fn spent(&self) -> bool {
        self.budget.spent() || self.work.spent()
    }

    fn world(&mut self, number: usize, world: &ApiWorld) -> Rows {
        let mut by_endpoint = Vec::new();
        for endpoint in endpoints(world) {
            let mut rows = Rows::new();
            match &world.policy {
                PolicyState::Known(readings) => {
                    for (reading, policy) in readings.iter().enumerate() {
                        self.reading((number, reading), world, policy, endpoint, &mut rows);
                    }
                }
                PolicyState::Unknown(symbol, origin) => {
                    let policy = Policy::unknown(*symbol, *origin);
                    self.reading((number, 0), world, &policy, endpoint, &mut rows);
                }
                PolicyState::None => self.without_policy(world, endpoint, &mut rows),
            }
            by_endpoint.push((endpoint, rows));
        }
        over_endpoints(by_endpoint)
    }

    /// Method authorisation alone.
    fn without_policy(&self, world: &ApiWorld, endpoint: Endpoint, rows: &mut Rows) {
        let nobody = identity::nobody(self.api.kind, self.trust);
        let scope = Scope::Declared(&world.routes);
        for target in routes::targets(scope, self.api.kind, None, &nobody.identity, &self.work) {
            if !counts(&target) {
                continue;
            }
            let outsiders = match endpoint {
                Endpoint::Public(_) => CallerKind::Anonymous,
                Endpoint::Private => CallerKind::AnyVpcEndpoint,
            };
            for kind in [outsiders, CallerKind::AnyAwsAccount, CallerKind::Owner] {
                let owner = kind == CallerKind::Owner;
                let (access, gate) = match (endpoint, target.auth) {
                    // A private API without a policy answers nobody.
                    (Endpoint::Private, _) => (Tri::False, Gate::Open),
                    (_, AuthType::None | AuthType::Unknown) => (Tri::True, Gate::Open),
                    (_, AuthType::AwsIam) => (owner.into(), Gate::Open),
                    (_, AuthType::Custom | AuthType::CognitoUserPools) => {
                        (Tri::True, Gate::Authorizer)
                    }
                };
                let key = (kind.clone(), target.route.clone());
                let row = CallerRow { access, gate, ..denied(kind, &target) };
                put(rows, key, row);
            }
        }
    }

    fn reading(
        &mut self,
        (world, reading): (usize, usize),
        of: &ApiWorld,
        policy: &Policy,
        endpoint: Endpoint,
        rows: &mut Rows,
    ) {
        let mut open = policy.clone();
        open.statements.push(Entry::One(Statement::everything(policy.origin)));
        let (choices, more) = identity::choices(policy, self.api.kind, self.trust);
        if more {
            self.budget.exceed();
        }
        for choice in &choices {
            let setting = Setting { world, reading, choice, endpoint };
            let done = self.setting(setting, of, policy, &open, rows);
            if done.is_none() {
                self.budget.exceed();
            }
        }
    }

    fn setting(
        &mut self,
        setting: Setting<'_>,
        world: &ApiWorld,
        policy: &Policy,
        open: &Policy,
        rows: &mut Rows,
    ) -> Option<()> {
        let Setting { choice, endpoint, .. } = setting;
        let (identity, symbols, now) = (&choice.identity, &self.api.symbols, self.now);
        let script = Script::new(policy, symbols, self.trust, now);
        let all = Script::new(open, symbols, self.trust, now);
        let work = Work::default();
        let budget = &mut self.budget;
        let scene = Scene::new(&script, identity, endpoint, self.trust, now, &work, budget)?;
        let unguarded = Scene::new(&all, identity, endpoint, self.trust, now, &work, budget)?;
        let outsiders = Outsiders::new(&script.words, self.trust, &identity.partition)?;
        let mut strict = Solver::new(&scene, &outsiders);
        let mut loose = Solver::new(&unguarded, &outsiders);
        let cast = self.cast(choice, &outsiders);
        let scope = Scope::Declared(&world.routes);
        let wanted = Some((&script, strict.wants()));
        for target in routes::targets(scope, self.api.kind, wanted, identity, &work) {
            if !counts(&target) {
                continue;
            }
            for (kind, who) in &cast {
                let mut rows_of = Vec::new();
                for way in ways(kind, who, &cast, &target, scene.private()) {
                    // Somebody else may allow.
                    let owner = *kind == CallerKind::Owner && way.auth == AuthType::AwsIam;
                    let (scene, engine, of) = if way.auth == AuthType::Custom || owner {
                        (&unguarded, &mut loose, open)
                    } else {
                        (&scene, &mut strict, policy)
                    };
                    rows_of.push(self.row(setting, scene, engine, of, &target, &way)?);
                }
                let kind = shown(kind, scene.private());
                if rows_of.is_empty() {
                    rows_of.push(denied(kind.clone(), &target));
                }
                for row in rows_of {
                    put(rows, (kind.clone(), target.route.clone()), row);
                }
            }
        }
        self.work.absorb(&work);
        Some(())
    }

    /// The classes that the policy tells apart.
    fn cast(&self, choice: &Choice, outsiders: &Outsiders<'_>) -> Vec<(CallerKind, Who)> {
        let words = outsiders.words;
        let mut out = vec![
            (CallerKind::Anonymous, outsiders.everybody(Group::Anonymous)),
            (CallerKind::AnyAwsAccount, outsiders.everybody(Group::Fresh)),
        ];
        for org in words.organizations() {
            let who = outsiders.everybody(Group::Member(org.clone()));
            out.push((CallerKind::Organization(org), who));
        }
        let names = [Some(self.api.address.as_str()), self.api.name.as_deref()];
        let names: Vec<&str> = names.into_iter().flatten().collect();
        for account in &words.accounts {
            let kind = match self.trust.standing(account, &names, self.now) {
                _ if choice.owners.contains(account) => continue,
                Standing::Owner => continue,
                Standing::Trusted => CallerKind::TrustedAccount(account.clone()),
                Standing::Expired(_) | Standing::Untrusted => CallerKind::Account(account.clone()),
            };
            out.push((kind, outsiders.everybody(Group::Account(account.clone()))));
        }
        for symbol in words.symbolic.keys() {
            let who = outsiders.everybody(Group::Symbol(*symbol));
            out.push((CallerKind::UnknownAccount(*symbol), who));
        }
        out.push((CallerKind::Owner, outsiders.everybody(Group::Owner)));
        out
    }

    fn row(
        &mut self,
        setting: Setting<'_>,
        scene: &Scene<'_>,
        engine: &mut Solver<'_>,
        policy: &Policy,
        target: &Target,
        way: &Way<'_>,
    ) -> Option<CallerRow> {
        let mut best: Option<(usize, Grade)> = None;
        let mut everywhere = true;
        for org in &way.who.orgs {
            let who = Who { group: way.who.group.clone(), orgs: vec![org.clone()] };
            let passes = engine.passes(&who, target, &mut self.budget)?;
            let sum = tally(scene, &passes);
            let grades =
                sum.statements.iter().map(|(at, grades)| (*at, (way.pick)(grades).clone()));
            // The first of the best.
            let found = grades.rev().max_by_key(|(_, grade)| grade.level);
            let found = found.filter(|(_, grade)| !grade.level.is_false());
            let level = found.as_ref().map_or(Tri::False, |(_, grade)| grade.level);
            let known = best.as_ref().map_or(Tri::False, |(_, grade)| grade.level);
            everywhere &= level == known || best.is_none();
            if level > known {
                best = found;
            }
        }
        let kind = way.kind.clone();
        let Some((at, grade)) = best else {
            let statement = stopped(setting, scene, engine, policy, target, way);
            let found = denied(kind, target);
            return Some(CallerRow { denied: statement.is_some(), statement, ..found });
        };
        let hit = grade.hit?;
        let spot = scene.spots.get(hit.spot)?;
        let lead = Lead {
            gate: way.gate,
            level: grade.level,
            request: scene.request(&hit.sample.line, spot, &hit.sample.sender),
            auth: way.auth,
            routes: target.route.iter().cloned().collect(),
            everything: target.route.is_none(),
            needs: auth_need(target, self.api).into_iter().collect(),
        };
        let place = Place {
            api: self.api,
            world: setting.world,
            reading: setting.reading,
            policy,
            identity: &setting.choice.identity,
            private: scene.private(),
        };
        let class = match &kind {
            CallerKind::Account(id) | CallerKind::TrustedAccount(id) => {
                CallerClass::Account(id.clone())
            }
            CallerKind::UnknownAccount(symbol) => CallerClass::UnknownAccount(*symbol),
            _ => CallerClass::AnyAwsAccount,
        };
        let mut exposure = witness::exposure(place, at, &class, &lead);
        need(&mut exposure, setting.choice.needs.as_slice());
        let by_org = !everywhere && !matches!(kind, CallerKind::AnyAwsAccount);
        if by_org {
            exposure.access = exposure.access.and(Tri::Unknown);
            let text = "the organization of the account is not known".to_owned();
            need(&mut exposure, &[Assumption { text, pin: None, origin: None }]);
        }
        // The Allow of everything is no statement of the policy.
        let written = exposure.statement.is_none() || exposure.deciding != policy.origin;
        Some(CallerRow {
            access: exposure.access,
            gate: way.gate,
            statement: Some(exposure.deciding).filter(|_| written),
            witness: Some(exposure.witness),
            needs: exposure.needs,
            nearest_deny: exposure.nearest_deny,
            ..denied(kind, target)
        })
    }
}

/// The Deny that stops the plainest request of a class.
fn stopped(
    setting: Setting<'_>,
    scene: &Scene<'_>,
    engine: &mut Solver<'_>,
    policy: &Policy,
    target: &Target,
    way: &Way<'_>,
) -> Option<Origin> {
    let (spot, line) = (scene.spots.first()?, target.lines.first()?);
    let caller = engine.plainest(way.who)?;
    let sender = Sender { caller, keys: BTreeMap::new(), ip: None };
    let request = scene.request(line, spot, &sender);
    let truth = evaluate(policy, &request, &setting.choice.identity).statements;
    let mut known = policy.statements.iter().zip(truth);
    known.find_map(|(entry, truth)| {
        let deny = entry.one().filter(|statement| statement.is_deny() && truth.is_true())?;
        Some(deny.origin)
    })
}

/// Requests of the browser ahead of others do not count, unless that is what the route is for.
fn counts(target: &Target) -> bool {
    !target.preflight || target.route.as_ref().is_some_and(|route| route.method == "OPTIONS")
}

/// A private API has callers behind VPC endpoints, and none on the internet.
fn shown(kind: &CallerKind, private: bool) -> CallerKind {
    match kind {
        CallerKind::Anonymous if private => CallerKind::AnyVpcEndpoint,
        other => other.clone(),
    }
}

/// The ways in which a class may get in on a target. `cast` begins with anonymous callers and with
/// fresh accounts.
fn ways<'w>(
    kind: &CallerKind,
    who: &'w Who,
    cast: &'w [(CallerKind, Who)],
    target: &Target,
    private: bool,
) -> Vec<Way<'w>> {
    let pick: fn(&Grades) -> &Grade = match kind {
        CallerKind::Anonymous | CallerKind::AnyAwsAccount => |grades| &grades.outsider,
        CallerKind::Account(_) | CallerKind::UnknownAccount(_) => |grades| &grades.foreign,
        _ => |grades| &grades.anywhere,
    };
    let mut out = Vec::new();
    let mut add = |who: Option<&'w Who>, auth: AuthType, gate: Gate| {
        out.extend(who.map(|who| Way { kind: shown(kind, private), who, auth, gate, pick }));
    };
    // Who does not ask for a signature does not look at one.
    let anybody = cast.first().map(|(_, who)| who);
    let signer = match kind {
        // Whoever has an endpoint of its own has an account.
        CallerKind::Anonymous if private => cast.get(1).map(|(_, who)| who),
        CallerKind::Anonymous => None,
        _ => Some(who),
    };
    match target.auth {
        AuthType::None => add(anybody, AuthType::None, Gate::Open),
        AuthType::Custom => add(anybody, AuthType::Custom, Gate::Authorizer),
        AuthType::CognitoUserPools => {
            add(anybody, AuthType::CognitoUserPools, Gate::Authorizer);
        }
        AuthType::AwsIam => add(signer, AuthType::AwsIam, Gate::Open),
        AuthType::Unknown => {
            add(anybody, AuthType::None, Gate::Open);
            add(signer, AuthType::AwsIam, Gate::Open);
        }
    }
    out
}
