//! One scene on its targets: which class gets in through which statement, and what the summaries
//! list.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    AccountId, Api, ApiKind, Assumption, AuthType, CallerClass, Gate, Request, RouteRef, Standing,
    Tri, Trust,
};

use super::accounts::Named;
use super::budget::Budget;
use super::engine::Engine;
use super::networks::Cell;
use super::outsiders::{Group, Org, Outsiders, Who};
use super::places::Place;
use super::routes::Target;
use super::scene::{Scene, Script};
use super::tally::{Grade, Grades, Tally, seen_as, tally};

/// What routes are taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layer {
    /// What they are.
    Methods,
    /// NONE for anonymous callers and AWS_IAM for accounts: the policy alone.
    Policy,
}

/// A way in.
#[derive(Debug, Clone)]
pub(super) struct Lead {
    /// What else stands in the way.
    pub(super) gate: Gate,
    /// Whether it is certain.
    pub(super) level: Tri,
    /// The first request that gets through.
    pub(super) request: Request,
    /// What the request is judged as: NONE, or AWS_IAM.
    pub(super) auth: AuthType,
    /// The declared routes that it reaches.
    pub(super) routes: BTreeSet<RouteRef>,
    /// It reaches more than declared routes.
    pub(super) everything: bool,
    /// What must hold for it.
    pub(super) needs: BTreeSet<Assumption>,
}

/// Who gets in, and what the summaries list.
#[derive(Debug, Clone, Default)]
pub(super) struct Levels {
    /// The classes outside the trust list.
    pub(super) classes: BTreeMap<CallerClass, Tri>,
    /// The named accounts that are trusted, or held to something trusted.
    pub(super) trusted: BTreeSet<AccountId>,
    /// The named organisations whose members get in.
    pub(super) organizations: BTreeSet<String>,
    /// The addresses that guards let in.
    pub(super) networks: BTreeSet<Cell>,
    /// The VPCs that guards let in.
    pub(super) vpcs: BTreeSet<String>,
    /// The VPC endpoints that guards let in.
    pub(super) vpces: BTreeSet<String>,
    /// Whether some OPTIONS route is open, where one may be.
    pub(super) preflight: Option<Tri>,
}

/// The answer for one scene.
#[derive(Debug, Clone, Default)]
pub(super) struct Survey {
    /// The ways in, by the deciding entry of the policy and the class.
    pub(super) leads: BTreeMap<(usize, CallerClass), Lead>,
    /// What the summaries say.
    pub(super) levels: Levels,
}

/// What a survey looks at, and what it found so far.
pub(super) struct Surveyor<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) outsiders: &'a Outsiders<'a>,
    pub(super) api: &'a Api,
    pub(super) trust: &'a Trust,
    pub(super) owners: &'a BTreeSet<AccountId>,
    pub(super) now: i64,
    pub(super) layer: Layer,
    pub(super) found: Survey,
    pub(super) engine: &'a mut dyn Engine,
}

/// The callers of every group.
struct Cast {
    anonymous: Who,
    fresh: Who,
    /// Those of `fresh` that are in an organisation.
    organized: Who,
    members: Vec<(String, Who)>,
    named: Vec<Named>,
}

/// One target.
pub(super) struct Stage<'t> {
    pub(super) target: &'t Target,
    /// What stands in the way of a request that the policy lets through.
    pub(super) gate: Gate,
}

/// One way in, to be recorded.
pub(super) struct Way<'w> {
    /// The deciding entry of the policy.
    pub(super) at: usize,
    pub(super) class: &'w CallerClass,
    pub(super) grade: Grade,
    pub(super) gate: Gate,
    pub(super) auth: AuthType,
    /// What must hold for it.
    pub(super) needs: Option<Assumption>,
}

impl Surveyor<'_> {
    /// Tries every group on every target. `None` when the bound on work is reached; what was found
    /// until then stands.
    pub(super) fn run(&mut self, targets: &[Target], budget: &mut Budget) -> Option<()> {
        let cast = self.cast();
        let stages =
            targets.iter().filter_map(|target| Some(Stage { target, gate: gate(target)? }));
        let stages: Vec<Stage<'_>> = stages.collect();
        for stage in &stages {
            let (open, signed) = seen_as(stage.target.auth);
            if open {
                let tally = self.anonymous(&cast, stage, budget)?;
                if self.layer == Layer::Methods && stage.gate == Gate::Open {
                    self.named_as_anybody(&cast.named, &tally);
                }
            }
            if signed {
                self.signed(&cast, stage, budget)?;
            }
        }
        if self.layer == Layer::Methods {
            for stage in &stages {
                let judged = seen_as(stage.target.auth).1 || stage.target.preflight;
                if !judged {
                    self.without_iam(&cast.named, &cast.fresh, stage, budget)?;
                }
            }
        }
        Some(())
    }

    /// What `who` reaches on a stage.
    pub(super) fn tally(
        &mut self,
        who: &Who,
        stage: &Stage<'_>,
        budget: &mut Budget,
    ) -> Option<Tally> {
        let passes = self.engine.passes(who, stage.target, budget)?;
        Some(tally(self.scene, &passes))
    }

    fn cast(&self) -> Cast {
        let Script { words, policy, .. } = self.scene.script;
        let fresh = self.outsiders.everybody(Group::Fresh);
        let in_one = fresh.orgs.iter().filter(|org| **org == Org::Own).cloned().collect();
        let member = |org: String| {
            let who = self.outsiders.everybody(Group::Member(org.clone()));
            (org, who)
        };
        let mut cast = Cast {
            anonymous: self.outsiders.everybody(Group::Anonymous),
            organized: Who { orgs: in_one, ..fresh.clone() },
            fresh,
            members: words.organizations().into_iter().map(member).collect(),
            named: Vec::new(),
        };
        let by_org = |group: &Group| {
            let orgs = self.outsiders.orgs(group).into_iter();
            orgs.map(|org| (org.clone(), Who { group: group.clone(), orgs: vec![org] })).collect()
        };
        let names = [Some(self.api.address.as_str()), self.api.name.as_deref()];
        let names: Vec<&str> = names.into_iter().flatten().collect();
        for account in &words.accounts {
            let standing = self.trust.standing(account, &names, self.now);
            if standing == Standing::Owner || self.owners.contains(account) {
                continue;
            }
            let trusted = standing == Standing::Trusted;
            let class = CallerClass::Account(account.clone());
            let by_org = by_org(&Group::Account(account.clone()));
            cast.named.push(Named::new(class, trusted, by_org, policy));
        }
        for symbol in words.symbolic.keys() {
            let class = CallerClass::UnknownAccount(*symbol);
            let by_org = by_org(&Group::Symbol(*symbol));
            cast.named.push(Named::new(class, false, by_org, policy));
        }
        cast
    }

    /// Requests that the policy sees as anonymous, signed or not.
    fn anonymous(&mut self, cast: &Cast, stage: &Stage<'_>, budget: &mut Budget) -> Option<Tally> {
        let tally = self.tally(&cast.anonymous, stage, budget)?;
        let classes: &[CallerClass] = match (self.scene.private(), self.layer) {
            (true, _) => &[CallerClass::AnyVpcEndpoint, CallerClass::AnyAwsAccount],
            // A signature does no harm on a route that does not ask for one.
            (false, Layer::Methods) => {
                &[CallerClass::AnonymousInternet, CallerClass::AnyAwsAccount]
            }
            (false, Layer::Policy) => &[CallerClass::AnonymousInternet],
        };
        self.record_all(stage, &tally, classes, AuthType::None);
        self.lists(&tally, stage.gate);
        Some(tally)
    }

    /// Signed requests on a route that establishes who signed.
    fn signed(&mut self, cast: &Cast, stage: &Stage<'_>, budget: &mut Budget) -> Option<()> {
        let fresh = self.tally(&cast.fresh, stage, budget)?;
        let classes: &[CallerClass] = if self.scene.private() {
            &[CallerClass::AnyVpcEndpoint, CallerClass::AnyAwsAccount]
        } else {
            &[CallerClass::AnyAwsAccount]
        };
        self.record_all(stage, &fresh, classes, AuthType::AwsIam);
        self.lists(&fresh, stage.gate);
        for (org, who) in &cast.members {
            // A member gets in by that id where a member of another organisation does not.
            let members = self.tally(who, stage, budget)?;
            let others = self.tally(&cast.organized, stage, budget)?;
            let further = |(at, own): (&usize, &Grades)| {
                own.anywhere.level > others.level(*at, |all| &all.anywhere)
            };
            let any = members.statements.iter().any(further);
            if any && stage.gate == Gate::Open {
                self.found.levels.organizations.insert(org.clone());
            }
            self.lists(&members, stage.gate);
        }
        for named in &cast.named {
            self.named(named, stage, &fresh, stage.gate, budget)?;
        }
        Some(())
    }

    fn record_all(
        &mut self,
        stage: &Stage<'_>,
        tally: &Tally,
        classes: &[CallerClass],
        auth: AuthType,
    ) {
        for class in classes {
            for (at, grades) in &tally.statements {
                let grade = grades.outsider.clone();
                let way = Way { at: *at, class, grade, gate: stage.gate, auth, needs: None };
                self.record(stage, way);
            }
        }
    }

    /// Takes a way in: the gate that is easiest to pass counts, then certainty.
    pub(super) fn record(&mut self, stage: &Stage<'_>, way: Way<'_>) {
        let Way { at, class, grade, gate, auth, needs } = way;
        let Some(hit) = grade.hit else { return };
        let Some(spot) = self.scene.spots.get(hit.spot) else { return };
        match gate {
            Gate::Open => raise(&mut self.found.levels, class, grade.level),
            Gate::PreflightOnly => {
                let known = &mut self.found.levels.preflight;
                *known = (*known).max(Some(grade.level));
            }
            _ => {}
        }
        let mut lead = Lead {
            gate,
            level: grade.level,
            request: self.scene.request(&hit.sample.line, spot, &hit.sample.sender),
            auth,
            routes: stage.target.route.iter().cloned().collect(),
            everything: stage.target.route.is_none(),
            needs: needs.into_iter().collect(),
        };
        if self.layer == Layer::Methods {
            lead.needs.extend(auth_need(stage.target, self.api));
        }
        if !spot.reachable.is_true() {
            let text = "the endpoint's IP address type is dualstack".to_owned();
            lead.needs.insert(Assumption { text, pin: None, origin: None });
        }
        let key = (at, class.clone());
        match self.found.leads.get_mut(&key) {
            None => drop(self.found.leads.insert(key, lead)),
            Some(known) if rank(&lead) < rank(known) => *known = lead,
            Some(known) if rank(&lead) == rank(known) => {
                known.routes.extend(lead.routes);
                known.everything |= lead.everything;
            }
            Some(_) => {}
        }
    }

    pub(super) fn lists(&mut self, tally: &Tally, gate: Gate) {
        if gate != Gate::Open {
            return;
        }
        let levels = &mut self.found.levels;
        levels.networks.extend(&tally.networks);
        let label = |list: &[Place], at: &usize| list.get(*at).map(|place| place.label.clone());
        let vpces = tally.vpces.iter().filter_map(|at| label(&self.scene.vpces, at));
        let vpcs = tally.vpcs.iter().filter_map(|at| label(&self.scene.vpcs, at));
        levels.vpces.extend(vpces);
        levels.vpcs.extend(vpcs);
    }
}

/// Which of two ways in counts: the smaller.
pub(super) fn rank(lead: &Lead) -> (u8, Reverse<Tri>) {
    (gate_rank(lead.gate), Reverse(lead.level))
}

/// The order of the gates, the easiest to pass first.
pub(super) fn gate_rank(gate: Gate) -> u8 {
    match gate {
        Gate::Open => 0,
        Gate::Authorizer => 1,
        Gate::NoIamRoute => 2,
        Gate::PreflightOnly => 3,
        Gate::NoRoute => 4,
    }
}

/// What stands in the way on a target; `None` when it does not count at all: a preflight route
/// behind an authorizer.
fn gate(target: &Target) -> Option<Gate> {
    let authorizer = matches!(target.auth, AuthType::Custom | AuthType::CognitoUserPools);
    match (target.preflight, authorizer) {
        (true, true) => None,
        (true, false) => Some(Gate::PreflightOnly),
        (false, true) => Some(Gate::Authorizer),
        (false, false) => Some(Gate::Open),
    }
}

/// Raises the level of a class.
pub(super) fn raise(levels: &mut Levels, class: &CallerClass, level: Tri) {
    if !level.is_false() {
        let known = levels.classes.entry(class.clone()).or_insert(level);
        *known = (*known).max(level);
    }
}

/// What must hold where the authorisation of a target is not known.
pub(super) fn auth_need(target: &Target, api: &Api) -> Option<Assumption> {
    let text = match &target.route {
        _ if api.kind == ApiKind::DomainName => {
            "the API behind the domain lets the caller in too".to_owned()
        }
        _ if target.auth != AuthType::Unknown => return None,
        None => "methods are not all known: NONE and AWS_IAM are both judged".to_owned(),
        Some(route) => format!(
            "the authorization of {} {} is not known: NONE and AWS_IAM are both judged",
            route.method, route.path
        ),
    };
    Some(Assumption { text, pin: None, origin: Some(api.origin) })
}
