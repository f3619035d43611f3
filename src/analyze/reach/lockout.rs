//! What a policy does to the requests that there can be, whoever sends them: those of the owner and
//! of trusted callers count as any other.
//!
//! The decision about outsiders asks who gets in that should not; this one asks whether anybody gets
//! in at all, which statements can ever apply, and where a policy says nothing. Each of these is a
//! question that the exact decision answers for another policy: one in which every statement allows,
//! or everything is allowed that nothing denies.

use crate::analyze::access::readings;
use crate::model::{
    Api, ApiWorld, AuthType, Effect, EffectElement, Entry, Policy, PolicyState, Route, Statement,
    Tri, Trust,
};

use super::routes::{Scope, Target};
use super::visit::House;

/// What one reading of a policy does in one world.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effects {
    /// On each route, for each authorization that it may have. Preflight requests are left out.
    pub routes: Vec<OnRoute>,
    /// For each entry of the policy whether some request of somebody meets it, whatever the methods
    /// of the API are.
    pub anywhere: Vec<Tri>,
    /// The bound on work was reached: whatever is not certain is unknown.
    pub bounded: bool,
}

/// What a policy does on one route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnRoute {
    /// The declared route, by its index; `None` for methods that are not declared.
    pub route: Option<usize>,
    /// How it is authorised.
    pub auth: AuthType,
    /// Whether somebody gets in, whose other credentials are in order.
    pub open: Tri,
    /// The policy says nothing of some requests to a part of the route that an Allow is about, and
    /// the other credential decides alone: requests without a signature behind a Lambda authorizer,
    /// requests of the owner account on a method with AWS_IAM. They come from more networks than a
    /// guard leaves out, or from VPC endpoints that nobody names.
    pub silent: bool,
    /// For each entry of the policy whether some request to the route meets it.
    pub applies: Vec<Tri>,
    /// The same, as far as Action and Resource go.
    pub covers: Vec<Tri>,
}

/// What `policy` does in `world`, at the time `now`.
pub fn effects(api: &Api, world: &ApiWorld, policy: &Policy, trust: &Trust, now: i64) -> Effects {
    let house = House { kind: api.kind, symbols: &api.symbols, world, named: policy, trust, now };
    let len = policy.statements.len();
    let declared = Scope::Declared(&world.routes);
    let mut out = Effects { anywhere: vec![Tri::False; len], ..Effects::default() };
    let on = |routes: &mut Vec<OnRoute>, target: &Target, auth: AuthType| -> usize {
        let route = index(&world.routes.declared, target);
        let known = routes.iter().position(|on| (on.route, on.auth) == (route, auth));
        known.unwrap_or_else(|| {
            let none = vec![Tri::False; len];
            let (applies, covers) = (none.clone(), none);
            routes.push(OnRoute { route, auth, open: Tri::False, silent: false, applies, covers });
            routes.len() - 1
        })
    };
    let everyone = rewritten(policy, |statement| Some(allow(statement.clone())));
    let Effects { routes, anywhere, bounded } = &mut out;
    *bounded |= house.visit(&everyone, Scope::Everything(&world.routes), &mut |seen| {
        raise(anywhere, &seen.levels(None, len));
    });
    *bounded |= house.visit(&everyone, declared, &mut |seen| {
        for auth in readings(seen.target.auth) {
            let at = on(routes, seen.target, *auth);
            raise(&mut routes[at].applies, &seen.levels(Some(*auth), len));
        }
    });
    let places = rewritten(policy, |statement| Some(place_of(statement)));
    *bounded |= house.visit(&places, declared, &mut |seen| {
        for auth in readings(seen.target.auth) {
            let at = on(routes, seen.target, *auth);
            raise(&mut routes[at].covers, &seen.levels(Some(*auth), len));
        }
    });
    // The last entry allows everything: what it lets through, no Deny stops.
    let mut whole = policy.clone();
    whole.statements.push(Entry::One(Statement::everything(policy.origin)));
    *bounded |= house.visit(&whole, declared, &mut |seen| {
        for auth in readings(seen.target.auth) {
            let at = on(routes, seen.target, *auth);
            routes[at].open = routes[at].open.max(seen.open(*auth, len));
        }
    });
    let silence = silence(policy);
    if let (Some(policy), true) = (&silence, routes.iter().any(|on| other_decides(on.auth))) {
        *bounded |= house.visit(policy, declared, &mut |seen| {
            for auth in readings(seen.target.auth).iter().filter(|auth| other_decides(**auth)) {
                let at = on(routes, seen.target, *auth);
                routes[at].silent |= seen.is_wide(*auth, len);
            }
        });
    }
    if *bounded {
        for route in routes.iter_mut() {
            route.open = route.open.max(Tri::Unknown);
            route.silent = false;
            doubt(&mut route.applies);
            doubt(&mut route.covers);
        }
        doubt(anywhere);
    }
    out
}

/// For each of `probes` whether some request of somebody meets it, whatever the methods of the API
/// are: `False` is certain. `policy` is the one that they are parts of.
pub fn meets(
    api: &Api,
    world: &ApiWorld,
    (policy, probes): (&Policy, Vec<Statement>),
    trust: &Trust,
    now: i64,
) -> Vec<Tri> {
    let house = House { kind: api.kind, symbols: &api.symbols, world, named: policy, trust, now };
    let len = probes.len();
    let mut out = vec![Tri::False; len];
    let statements = probes.into_iter().map(|probe| Entry::One(allow(probe))).collect();
    let Policy { version, origin, size, .. } = policy.clone();
    let probe = Policy { version, statements, origin, size };
    let bounded = house.visit(&probe, Scope::Everything(&world.routes), &mut |seen| {
        raise(&mut out, &seen.levels(None, len));
    });
    if bounded {
        doubt(&mut out);
    }
    out
}

/// Whether another credential than the policy may allow alone.
fn other_decides(auth: AuthType) -> bool {
    matches!(auth, AuthType::Custom | AuthType::AwsIam)
}

/// `policy` with each known statement as `change` has it.
fn rewritten(policy: &Policy, change: impl Fn(&Statement) -> Option<Statement>) -> Policy {
    let mut policy = policy.clone();
    for entry in &mut policy.statements {
        if let Entry::One(statement) = entry {
            *statement = change(statement).unwrap_or_else(|| statement.clone());
        }
    }
    policy
}

/// `statement` as an Allow.
fn allow(mut statement: Statement) -> Statement {
    statement.effect = EffectElement::Known(Effect::Allow, statement.origin);
    statement
}

/// An Allow to everyone of what `statement` is about.
fn place_of(statement: &Statement) -> Statement {
    let mut out = Statement::everything(statement.origin);
    out.action = statement.action.clone();
    out.resource = statement.resource.clone();
    out
}

/// A policy that admits of what the Allow statements of `policy` are about what `policy` says nothing
/// of: those are Deny statements in it, and the places that they are about stand behind them.
/// `None` where it is not known in full.
fn silence(policy: &Policy) -> Option<Policy> {
    let known = policy.statements.iter().all(|entry| {
        entry.one().is_some_and(|statement| statement.is_allow() || statement.is_deny())
    });
    let places = policy.known_statements().filter(|s| s.is_allow()).map(place_of);
    let places: Vec<Entry<Statement>> = places.map(Entry::One).collect();
    let mut out = rewritten(policy, |statement| {
        let mut statement = statement.clone();
        statement.effect = EffectElement::Known(Effect::Deny, statement.origin);
        Some(statement)
    });
    out.statements.extend(places);
    known.then_some(out)
}

/// Whether a statement can apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Applicable {
    /// The reading of the policy, by its index.
    pub reading: usize,
    /// The statement, by its index in the policy.
    pub statement: usize,
    /// `False`: no request meets it. `Unknown`: an unknown value decides, or the bound on work.
    pub applies: Tri,
}

/// For each statement that is an Allow, or perhaps one, whether some request meets it on a method of
/// type NONE or COGNITO_USER_POOLS, whatever the Deny statements say: on those a policy that allows
/// nothing locks everybody out (SEMANTICS 3.2). Methods of unknown type count; empty when there is
/// no such method, or no policy, in `world`.
pub fn applicable_allows(api: &Api, world: usize, trust: &Trust, now: i64) -> Vec<Applicable> {
    let Some(world) = api.worlds.get(world) else { return Vec::new() };
    let PolicyState::Known(readings) = &world.policy else { return Vec::new() };
    let mut out = Vec::new();
    for (reading, policy) in readings.iter().enumerate() {
        let found = effects(api, world, policy, trust, now).routes;
        let asks = |on: &&OnRoute| matches!(on.auth, AuthType::None | AuthType::CognitoUserPools);
        let asking: Vec<&OnRoute> = found.iter().filter(asks).collect();
        if asking.is_empty() {
            continue;
        }
        for (statement, entry) in policy.statements.iter().enumerate() {
            if !entry.one().is_some_and(Statement::is_deny) {
                let levels = asking.iter().filter_map(|on| on.applies.get(statement).copied());
                let level = levels.max().unwrap_or(Tri::Unknown);
                let known = entry.one().is_some_and(Statement::is_allow);
                let applies = if known { level } else { level.and(Tri::Unknown) };
                out.push(Applicable { reading, statement, applies });
            }
        }
    }
    out
}

fn raise(levels: &mut [Tri], other: &[Tri]) {
    levels.iter_mut().zip(other).for_each(|(level, other)| *level = (*level).max(*other));
}

fn doubt(levels: &mut [Tri]) {
    levels.iter_mut().for_each(|level| *level = (*level).max(Tri::Unknown));
}

/// The declared route that a target stands for.
fn index(declared: &[Route], target: &Target) -> Option<usize> {
    let route = target.route.as_ref()?;
    declared.iter().position(|one| {
        one.auth == target.auth
            && one.method.as_deref().unwrap_or("ANY") == route.method
            && one.path.as_deref().unwrap_or("/{proxy+}") == route.path
    })
}
