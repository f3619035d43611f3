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
use super::callers::{Group, Org, Outsiders};
use super::networks::Cell;
use super::places::Place;
use super::project::Row;
use super::routes::Target;
use super::scene::{Combo, LineRep, Scene, Script};
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
    /// Some OPTIONS route is open.
    pub(super) preflight: bool,
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
    /// What was counted before, by the list of callers and the kind of stage.
    pub(super) known: BTreeMap<(*const Combo, usize, usize), Tally>,
}

/// The callers of every group.
struct Cast {
    anonymous: Vec<Combo>,
    fresh: Vec<Combo>,
    /// Those of `fresh` that are in an organisation.
    organized: Vec<Combo>,
    members: Vec<(String, Vec<Combo>)>,
    named: Vec<Named>,
}

/// One target with its request lines.
pub(super) struct Stage<'t> {
    pub(super) target: &'t Target,
    pub(super) lines: Vec<LineRep>,
    /// What stands in the way of a request that the policy lets through.
    pub(super) gate: Gate,
    /// Stages of the same kind have the same lines as far as the policy tells lines apart.
    kind: usize,
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
        let cast = self.cast(budget)?;
        let mut stages = Vec::new();
        let mut kinds: BTreeMap<Vec<Row>, usize> = BTreeMap::new();
        for target in targets {
            let Some(gate) = gate(target) else { continue };
            let lines = self.scene.lines(target, budget)?;
            let next = kinds.len();
            let rows = lines.iter().map(|line| line.row.clone()).collect();
            let kind = *kinds.entry(rows).or_insert(next);
            stages.push(Stage { target, lines, gate, kind });
        }
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

    /// What `combos` reach on a stage: counted once for all stages of a kind, unless the text of a
    /// line matters by itself.
    pub(super) fn tally(
        &mut self,
        combos: &[Combo],
        stage: &Stage<'_>,
        budget: &mut Budget,
    ) -> Option<Tally> {
        if !self.scene.script.relational.is_empty() {
            return tally(self.scene, combos, &stage.lines, budget);
        }
        let key = (combos.as_ptr(), combos.len(), stage.kind);
        if let Some(known) = self.known.get(&key) {
            return Some(known.clone());
        }
        let tally = tally(self.scene, combos, &stage.lines, budget)?;
        self.known.insert(key, tally.clone());
        Some(tally)
    }

    fn cast(&self, budget: &mut Budget) -> Option<Cast> {
        let Script { words, policy, .. } = self.scene.script;
        let combos =
            |group: &Group, budget: &mut Budget| self.scene.combos(group, self.outsiders, budget);
        let flat = |by_org: BTreeMap<Org, Vec<Combo>>| by_org.into_values().flatten().collect();
        let fresh = combos(&Group::Fresh, budget)?;
        let mut cast = Cast {
            anonymous: flat(combos(&Group::Anonymous, budget)?),
            organized: fresh.get(&Org::Own).cloned().unwrap_or_default(),
            fresh: flat(fresh),
            members: Vec::new(),
            named: Vec::new(),
        };
        for org in words.organizations() {
            let members = flat(combos(&Group::Member(org.clone()), budget)?);
            cast.members.push((org, members));
        }
        let names = [Some(self.api.address.as_str()), self.api.name.as_deref()];
        let names: Vec<&str> = names.into_iter().flatten().collect();
        for account in &words.accounts {
            let standing = self.trust.standing(account, &names, self.now);
            if standing == Standing::Owner || self.owners.contains(account) {
                continue;
            }
            let trusted = standing == Standing::Trusted;
            let by_org = combos(&Group::Account(account.clone()), budget)?;
            let class = CallerClass::Account(account.clone());
            cast.named.push(Named::new(class, trusted, by_org, policy));
        }
        for symbol in words.symbolic.keys() {
            let by_org = combos(&Group::Symbol(*symbol), budget)?;
            let class = CallerClass::UnknownAccount(*symbol);
            cast.named.push(Named::new(class, false, by_org, policy));
        }
        Some(cast)
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
        self.record_all(stage, &cast.anonymous, &tally, classes, AuthType::None);
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
        self.record_all(stage, &cast.fresh, &fresh, classes, AuthType::AwsIam);
        self.lists(&fresh, stage.gate);
        for (org, combos) in &cast.members {
            // A member gets in by that id where a member of another organisation does not.
            let members = self.tally(combos, stage, budget)?;
            let others = self.tally(&cast.organized, stage, budget)?;
            let further = |(own, all): (&Grades, &Grades)| own.anywhere.level > all.anywhere.level;
            let any = members.statements.iter().zip(&others.statements).any(further);
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
        combos: &[Combo],
        tally: &Tally,
        classes: &[CallerClass],
        auth: AuthType,
    ) {
        for class in classes {
            for (at, grades) in tally.statements.iter().enumerate() {
                let grade = grades.outsider;
                let way = Way { at, class, grade, gate: stage.gate, auth, needs: None };
                self.record(stage, combos, way);
            }
        }
    }

    /// Takes a way in: the gate that is easiest to pass counts, then certainty.
    pub(super) fn record(&mut self, stage: &Stage<'_>, combos: &[Combo], way: Way<'_>) {
        let Way { at, class, grade, gate, auth, needs } = way;
        let Some(hit) = grade.hit else { return };
        let line = stage.lines.get(hit.line);
        let (spot, combo) = (self.scene.spots.get(hit.spot), combos.get(hit.combo));
        let (Some(line), Some(spot), Some(combo)) = (line, spot, combo) else { return };
        match gate {
            Gate::Open => raise(&mut self.found.levels, class, grade.level),
            Gate::PreflightOnly => self.found.levels.preflight = true,
            _ => {}
        }
        let mut lead = Lead {
            gate,
            level: grade.level,
            request: self.scene.request(&line.line, spot, combo),
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

fn auth_need(target: &Target, api: &Api) -> Option<Assumption> {
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
