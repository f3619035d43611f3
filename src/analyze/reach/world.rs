//! One world: its endpoint types, the readings of its policy, the identities of its API.

use std::collections::BTreeSet;

use crate::model::{
    Api, ApiWorld, Assumption, AuthType, CallerClass, EndpointType, EndpointTypes, Entry, Exposure,
    Gate, IpAddressType, Policy, PolicyState, Tri, Trust,
};

use super::budget::Budget;
use super::engine::Build;
use super::fill::Work;
use super::found::{Found, Holes, need, take};
use super::identity::{self, Choice};
use super::outsiders::Outsiders;
use super::routes::{self, Scope};
use super::scene::{Endpoint, Scene, Script};
use super::survey::{Layer, Lead, Levels, Survey, Surveyor, raise};
use super::witness::{self, Place, of_symbol};

/// What stays the same for one API.
pub(super) struct Question<'a> {
    pub(super) api: &'a Api,
    pub(super) trust: &'a Trust,
    pub(super) now: i64,
    /// The bound on looking for texts.
    pub(super) work: Work,
    /// What decides.
    pub(super) build: &'a Build,
}

impl Question<'_> {
    /// What is found in the world of that number.
    pub(super) fn world(&self, number: usize, world: &ApiWorld, budget: &mut Budget) -> Found {
        let public = Endpoint::Public(world.ip);
        let mut on = |endpoint| self.endpoint(number, world, endpoint, budget);
        let named = |what: &str| Assumption {
            text: format!("endpoint type {what}"),
            pin: None,
            origin: None,
        };
        match &world.endpoint {
            EndpointTypes::Known(EndpointType::Private, _) => on(Endpoint::Private),
            EndpointTypes::Known(EndpointType::Edge | EndpointType::Regional, _)
            | EndpointTypes::Absent => on(public),
            EndpointTypes::Document => {
                let mut main = on(public);
                for exposure in main.holes.values_mut() {
                    need(exposure, &[named("EDGE")]);
                }
                let private = on(Endpoint::Private);
                // What AWS's pages leave open about a private API (`aws:SourceIp`) is no reason to
                // doubt a document that nobody says is for one: PRIVATE counts where it would open
                // the API for certain. What is unknown of the document itself counts all the same.
                let whole = whole(&world.policy);
                let private = if whole { private.certain() } else { private };
                // Of IPv6 callers the same holds: only a public endpoint made for them lets them in.
                let dual = on(Endpoint::Public(IpAddressType::Dualstack));
                let dual = if whole { dual.certain() } else { dual };
                main.absorb(private.doubted(&named("PRIVATE")));
                let dualstack = Assumption {
                    text: "address type dualstack".to_owned(),
                    pin: None,
                    origin: None,
                };
                main.absorb(dual.doubted(&dualstack));
                main
            }
            EndpointTypes::Unknown(symbol, _) => {
                let [edge, private] = ["EDGE", "PRIVATE"].map(|what| {
                    let pinned = of_symbol(self.api, *symbol, "");
                    Assumption { text: format!("endpoint type {what}"), ..pinned }
                });
                let one = on(public);
                one.both(&edge, on(Endpoint::Private), &private)
            }
        }
    }

    fn endpoint(
        &self,
        number: usize,
        world: &ApiWorld,
        endpoint: Endpoint,
        budget: &mut Budget,
    ) -> Found {
        match &world.policy {
            PolicyState::None => self.without_policy(world, endpoint),
            PolicyState::Known(readings) => {
                let mut out = Found::default();
                for (reading, policy) in readings.iter().enumerate() {
                    out.absorb(self.reading(number, reading, policy, world, endpoint, budget));
                }
                out
            }
            PolicyState::Unknown(symbol, origin) => {
                let policy = Policy::unknown(*symbol, *origin);
                self.reading(number, 0, &policy, world, endpoint, budget)
            }
        }
    }

    /// Method authorisation alone: a private API without a policy answers nobody.
    fn without_policy(&self, world: &ApiWorld, endpoint: Endpoint) -> Found {
        let mut out = Found::default();
        if endpoint == Endpoint::Private {
            return out;
        }
        let nobody = identity::nobody(self.api.kind, self.trust);
        let scope = Scope::Declared(&world.routes);
        for target in routes::targets(scope, self.api.kind, None, &nobody.identity, &self.work) {
            match target.auth {
                AuthType::None | AuthType::Unknown if target.preflight => {
                    out.exposure.preflight = Some(Tri::True);
                }
                AuthType::None | AuthType::Unknown => {
                    raise(&mut out.exposure, &CallerClass::AnonymousInternet, Tri::True);
                    raise(&mut out.exposure, &CallerClass::AnyAwsAccount, Tri::True);
                }
                AuthType::AwsIam | AuthType::Custom | AuthType::CognitoUserPools => {}
            }
        }
        out
    }

    fn reading(
        &self,
        number: usize,
        reading: usize,
        policy: &Policy,
        world: &ApiWorld,
        endpoint: Endpoint,
        budget: &mut Budget,
    ) -> Found {
        let script = Script::new(policy, &self.api.symbols, self.trust, self.now);
        let (choices, more) = identity::choices(policy, self.api.kind, self.trust);
        if more {
            budget.exceed();
        }
        let mut out = Found { policy: Some(Levels::default()), ..Found::default() };
        let mut unreached = Holes::new();
        // The holes that are open under an identity that the policy names.
        let mut named = BTreeSet::new();
        for choice in &choices {
            let place = Place {
                api: self.api,
                world: number,
                reading,
                policy,
                identity: &choice.identity,
                private: endpoint == Endpoint::Private,
            };
            let Some((methods, alone)) = self.scene(&script, choice, world, endpoint, budget)
            else {
                budget.exceed();
                continue;
            };
            let mut exposure = |at: usize, class: &CallerClass, lead: &Lead| {
                // Evaluated to confirm it, to find what it hangs on, and the nearest Deny.
                if !budget.comparisons(script.weight.saturating_mul(4)) {
                    return None;
                }
                let mut exposure = witness::exposure(place, at, class, lead);
                need(&mut exposure, choice.needs.as_slice());
                if choice.needs.is_some() {
                    named.insert((exposure.deciding, exposure.class.clone()));
                }
                Some(exposure)
            };
            for ((at, class), lead) in &methods.leads {
                exposure(*at, class, lead).into_iter().for_each(|e| take(&mut out.holes, e));
            }
            for ((at, class), lead) in &alone.leads {
                let used = methods.leads.keys().any(|(other, _)| other == at);
                if world.routes.complete && lead.gate == Gate::Open && !used {
                    let found = exposure(*at, class, lead);
                    let found = found.map(|e| Exposure { gate: Gate::NoRoute, ..e });
                    found.into_iter().for_each(|e| take(&mut unreached, e));
                }
            }
            out.exposure.absorb(methods.levels);
            out.policy.get_or_insert_default().absorb(alone.levels);
        }
        no_route(&mut out.holes, unreached);
        if choices.iter().any(|choice| choice.needs.is_some()) {
            for (key, exposure) in &mut out.holes {
                if !named.contains(key) {
                    need(exposure, &[identity::none_named()]);
                }
            }
        }
        out
    }

    /// Both layers of one scene. `None` when nothing could be tried within the bound on work.
    fn scene(
        &self,
        script: &Script,
        choice: &Choice,
        world: &ApiWorld,
        endpoint: Endpoint,
        budget: &mut Budget,
    ) -> Option<(Survey, Survey)> {
        let Choice { identity, owners, .. } = choice;
        let scene =
            Scene::new(script, identity, endpoint, self.trust, self.now, &self.work, budget)?;
        let outsiders = Outsiders::new(&script.words, self.trust, &identity.partition)?;
        let mut engine = (self.build)(&scene, &outsiders);
        let mut survey = |layer: Layer, scope: Scope<'_>| {
            let script = Some((script, engine.wants()));
            let targets = routes::targets(scope, self.api.kind, script, identity, &self.work);
            let mut surveyor = Surveyor {
                scene: &scene,
                outsiders: &outsiders,
                api: self.api,
                trust: self.trust,
                owners,
                now: self.now,
                layer,
                found: Survey::default(),
                engine: &mut *engine,
            };
            if surveyor.run(&targets, budget).is_none() {
                budget.exceed();
            }
            surveyor.found
        };
        let methods = survey(Layer::Methods, Scope::Declared(&world.routes));
        Some((methods, survey(Layer::Policy, Scope::Everything(&world.routes))))
    }
}

/// Whether every statement and condition of the policy is known as such.
fn whole(policy: &PolicyState) -> bool {
    let PolicyState::Known(readings) = policy else { return false };
    readings.iter().flat_map(|policy| &policy.statements).all(|entry| match entry {
        Entry::One(statement) => statement.conditions.iter().all(|c| c.one().is_some()),
        Entry::Many(..) => false,
    })
}

/// Adds what the policy admits and no declared route can use: one hole, the worst, for each
/// statement that opens nothing at all.
fn no_route(holes: &mut Holes, unreached: Holes) {
    for ((deciding, class), exposure) in unreached {
        let explained = holes.keys().any(|(other, _)| *other == deciding);
        let named = matches!(class, CallerClass::Account(_) | CallerClass::UnknownAccount(_));
        let same_gate = |e: &Exposure| e.deciding == deciding && e.gate == Gate::NoRoute;
        if !explained || (named && holes.values().any(same_gate)) {
            holes.insert((deciding, class), exposure);
        }
    }
}
