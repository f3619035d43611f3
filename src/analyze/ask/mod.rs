//! One question: does this request get through?
//!
//! What the question leaves open (the address, the principal's name, what an authorizer says) and what
//! the template leaves open (worlds, readings, the endpoint type) are *circumstances*. Every
//! combination of them goes through `evaluate` and `access`; where the results differ, the answer is
//! "it depends", and the cases name the circumstances that matter and no others.
//!
//! This room must not search for requests that get through: the question says which request it is.

mod callers;
mod networks;
mod outcome;
mod reason;
mod routes;
mod sum;

use crate::model::{
    Answer, Api, ApiWorld, Caller, ConditionKey, EndpointType, EndpointTypes, Network, Policy,
    PolicyState, Question, Request, Tri, Trust,
};

use super::access::{Signer, access_by, seen_by_policy};
use super::evaluate::evaluate;
use super::reach::identity;
use outcome::{Dimension, Judged, Outcome, When};

/// The most combinations of circumstances that are judged.
const LIMIT: usize = 20_000;

/// Answers `question` for `api`. The accounts that it is deployed in are `trust.owners`.
pub fn ask(api: &Api, trust: &Trust, question: &Question) -> Answer {
    let mut asking = Asking { api, trust, question, outcomes: Vec::new(), bounded: api.bounded };
    let worlds: Vec<&ApiWorld> = api.worlds.iter().filter(|world| world.exists).collect();
    for world in &worlds {
        let mut when = When::default();
        if worlds.len() > 1 {
            let texts: Vec<&str> = world.assumptions.iter().map(|a| a.text.as_str()).collect();
            when.set(Dimension::World, texts.join(" and "));
        }
        asking.world(world, &when);
    }
    sum::sum(api, &asking.outcomes, asking.bounded)
}

struct Asking<'a> {
    api: &'a Api,
    trust: &'a Trust,
    question: &'a Question,
    outcomes: Vec<Outcome<'a>>,
    bounded: bool,
}

impl<'a> Asking<'a> {
    /// Every endpoint type that the API may have.
    fn world(&mut self, world: &'a ApiWorld, when: &When) {
        match world.endpoint {
            EndpointTypes::Known(EndpointType::Private, _) => self.endpoint(world, true, when),
            EndpointTypes::Known(..) | EndpointTypes::Absent => self.endpoint(world, false, when),
            EndpointTypes::Document | EndpointTypes::Unknown(..) => {
                for (private, name) in [(false, "EDGE or REGIONAL"), (true, "PRIVATE")] {
                    let mut when = when.clone();
                    when.set(Dimension::Endpoint, format!("endpoint type {name}"));
                    self.endpoint(world, private, &when);
                }
            }
        }
    }

    /// Every route that may take the request.
    fn endpoint(&mut self, world: &'a ApiWorld, private: bool, when: &When) {
        let takers = routes::takers(self.api, world, self.question);
        if takers.is_empty() {
            let request = self.request(networks::any(self.question, private));
            self.push(when.clone(), Tri::False, request, Judged::NoRoute);
        }
        for (label, auth, origin) in &takers {
            let mut when = when.clone();
            when.set(Dimension::Route, label.clone());
            self.route(world, private, (*auth, *origin), &when);
        }
    }

    /// Every reading of the policy under every identity that the API may have.
    fn route(&mut self, world: &'a ApiWorld, private: bool, route: routes::Taken, when: &When) {
        match &world.policy {
            PolicyState::None => {
                let identity = identity::nobody(self.api.kind, self.trust);
                self.choice(world, private, route, None, &identity, when);
            }
            PolicyState::Unknown(symbol, origin) => {
                let request = self.request(networks::any(self.question, private));
                let judged = Judged::UnknownPolicy(*symbol, *origin);
                self.push(when.clone(), Tri::Unknown, request, judged);
            }
            PolicyState::Known(readings) => {
                for (number, policy) in readings.iter().enumerate() {
                    let (choices, more) = identity::choices(policy, self.api.kind, self.trust);
                    self.bounded |= more;
                    for choice in &choices {
                        let mut when = when.clone();
                        if readings.len() > 1 {
                            when.set(Dimension::Reading, outcome::reading(number));
                        }
                        if choices.len() > 1 {
                            when.set(Dimension::Identity, outcome::identity(choice.needs.as_ref()));
                        }
                        self.choice(world, private, route, Some(policy), choice, &when);
                    }
                }
            }
        }
    }

    /// Every caller, network and credential that the question leaves open.
    fn choice(
        &mut self,
        world: &'a ApiWorld,
        private: bool,
        route: routes::Taken,
        policy: Option<&'a Policy>,
        choice: &identity::Choice,
        when: &When,
    ) {
        let networks = networks::networks(self.question, world, private, policy);
        for caller in callers::callers(self.question, self.trust, choice, policy) {
            for &(credential, said) in routes::credentials(route.0, &caller.caller) {
                for network in &networks {
                    if self.outcomes.len() >= LIMIT {
                        self.bounded = true;
                        return;
                    }
                    let mut when = when.clone();
                    when.set(Dimension::Principal, caller.name.clone());
                    when.set(Dimension::Organization, caller.org.clone());
                    when.set(Dimension::Credential, said.to_owned());
                    when.network = network.label.clone();
                    let mut request = self.request(network.network.clone());
                    request.caller = caller.caller.clone();
                    if let Some(why) = network.unreachable {
                        self.push(when, Tri::False, request, Judged::Unreachable(why));
                        continue;
                    }
                    let mut seen = request;
                    seen.caller = seen_by_policy(route.0, &caller.caller).into_owned();
                    if seen.caller == Caller::Anonymous {
                        let identity = |key: &str| ConditionKey::parse(key).known.is_identity();
                        seen.context.retain(|key, _| !identity(key));
                    }
                    let evaluation = policy.map(|p| evaluate(p, &seen, &choice.identity));
                    let says = evaluation.as_ref().map(Into::into);
                    let signer = Signer::of(&caller.caller);
                    let access = access_by(route.0, private, signer, credential, says)
                        .and(network.reachable.max(Tri::Unknown));
                    let judged = Judged::Route {
                        auth: route.0,
                        origin: route.1,
                        policy,
                        identity: choice.identity.clone(),
                        signer,
                        credential,
                    };
                    self.push(when, access, seen, judged);
                }
            }
        }
    }

    fn push(&mut self, when: When, access: Tri, request: Request, judged: Judged<'a>) {
        self.outcomes.push(Outcome { when, access, request, judged });
    }

    /// The request with what the question says of everything but caller and network.
    fn request(&self, network: Network) -> Request {
        Request {
            caller: Caller::Anonymous,
            network,
            method: self.question.method.clone(),
            stage: self.question.stage.clone(),
            path: self.question.path.clone(),
            context: callers::context(self.question, self.api),
            now: self.question.now,
        }
    }
}
