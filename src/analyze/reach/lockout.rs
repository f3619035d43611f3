//! Which Allow statements can ever apply where an explicit Allow is the only way in.

use crate::model::{
    Api, ApiWorld, AuthType, Effect, EffectElement, EndpointType, EndpointTypes, Entry, Policy,
    PolicyState, Tri, Trust,
};

use super::budget::Budget;
use super::engine::Engine;
use super::fill::Work;
use super::identity;
use super::outsiders::{Group, Outsiders};
use super::project::{Role, roles};
use super::routes::{self, Scope};
use super::scene::{Endpoint, Scene, Script};
use super::solve::Solver;

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
///
/// Callers are anonymous there, and may come from any address that an internet client has, or from
/// any VPC endpoint, the API's own included.
pub fn applicable_allows(api: &Api, world: usize, trust: &Trust, now: i64) -> Vec<Applicable> {
    let Some(world) = api.worlds.get(world) else { return Vec::new() };
    let PolicyState::Known(readings) = &world.policy else { return Vec::new() };
    let mut out = Vec::new();
    for (reading, policy) in readings.iter().enumerate() {
        let Some(levels) = levels(api, world, policy, trust, now) else { continue };
        for (statement, (entry, level)) in policy.statements.iter().zip(levels).enumerate() {
            if !entry.one().is_some_and(|statement| statement.is_deny()) {
                let stretch = matches!(entry, Entry::Many(..));
                let applies = if stretch { Tri::Unknown } else { level };
                out.push(Applicable { reading, statement, applies });
            }
        }
    }
    out
}

/// The best truth of each statement. `None` when no method asks for an explicit Allow.
fn levels(
    api: &Api,
    world: &ApiWorld,
    policy: &Policy,
    trust: &Trust,
    now: i64,
) -> Option<Vec<Tri>> {
    let work = Work::default();
    let mut budget = Budget::new();
    let script = Script::new(&allows_alone(policy), &api.symbols, trust, now);
    let mut best = vec![Tri::False; policy.statements.len()];
    let mut any = false;
    let (choices, mut bounded) = identity::choices(policy, api.kind, trust);
    for choice in &choices {
        let identity = &choice.identity;
        let scope = Scope::Declared(&world.routes);
        for target in routes::targets(scope, api.kind, Some(&script), identity, &work) {
            let asks = matches!(
                target.auth,
                AuthType::None | AuthType::CognitoUserPools | AuthType::Unknown
            );
            if !asks || target.preflight {
                continue;
            }
            any = true;
            for endpoint in endpoints(world) {
                let mut on = || -> Option<()> {
                    let scene =
                        Scene::new(&script, identity, endpoint, trust, now, &work, &mut budget)?;
                    let outsiders = Outsiders::new(&script.words, trust, &identity.partition)?;
                    let anybody = outsiders.everybody(Group::Anonymous);
                    let mut solver = Solver::new(&scene, &outsiders);
                    let passes = solver.passes(&anybody, &target, &mut budget)?;
                    for by_spot in passes.lines.iter().chain([&passes.any]) {
                        for (spot, lets) in scene.spots.iter().zip(by_spot) {
                            for found in lets.iter().filter(|_| spot.whose.is_some()) {
                                if let Some(best) = best.get_mut(found.statement) {
                                    *best = (*best).max(found.level);
                                }
                            }
                        }
                    }
                    Some(())
                };
                bounded |= on().is_none();
            }
        }
    }
    if bounded || work.spent() {
        best.iter_mut().for_each(|level| *level = (*level).max(Tri::Unknown));
    }
    for (level, role) in best.iter_mut().zip(roles(policy)) {
        if role == Role::Either {
            *level = level.and(Tri::Unknown);
        }
    }
    any.then_some(best)
}

/// `policy` with no statement that denies, and each that may be an Allow as one.
fn allows_alone(policy: &Policy) -> Policy {
    let mut policy = policy.clone();
    for entry in &mut policy.statements {
        let Entry::One(statement) = entry else { continue };
        if statement.is_deny() {
            statement.action.items.clear();
            statement.action.origin = Some(statement.origin);
            statement.action.negated = false;
        } else {
            statement.effect = EffectElement::Known(Effect::Allow, statement.origin);
        }
    }
    policy
}

/// The endpoints that a world is judged on.
pub(super) fn endpoints(world: &ApiWorld) -> Vec<Endpoint> {
    let public = Endpoint::Public(world.ip);
    match &world.endpoint {
        EndpointTypes::Known(EndpointType::Private, _) => vec![Endpoint::Private],
        EndpointTypes::Known(EndpointType::Edge | EndpointType::Regional, _)
        | EndpointTypes::Absent => vec![public],
        EndpointTypes::Document | EndpointTypes::Unknown(..) => vec![public, Endpoint::Private],
    }
}
