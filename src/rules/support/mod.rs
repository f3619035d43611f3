//! What the rules share: the contexts they look at, the holes, the words.
//!
//! Nothing here decides access: that is `analyze`. This module asks it small questions (does this
//! condition hold for the witness?) to find the words for what it decided.

pub(super) mod admitted;
mod effect;
mod guard;
pub(super) mod guarded;
pub(super) mod holes;
mod judged;
mod keys;
mod labels;
mod presence;
mod said;
pub(super) mod settle;
mod statement;
pub(super) mod told;
mod values;
mod words;

pub(super) use effect::constant;
pub(super) use guard::{Flaw, Guard, NamedDeny};
pub(super) use judged::{Judged, may_allow, route_marks};
pub(super) use keys::when_missing;
pub(super) use presence::{
    Presence, allow_instead, deny_instead, fitting_key, is_chosen, is_vpc, why_missing,
};
pub(super) use said::{is_said, tokens_of_condition, tokens_of_statement};
pub(super) use statement::{about, invokes, resource_path};
pub(super) use values::{is_too_broad, ranges};
pub(super) use words::{clip, code, grant_key, join, leaf_key, value_text};

use std::cell::OnceCell;

use super::Meta;
use crate::analyze::evaluate::evaluate;
use crate::config::Settings;
use crate::finding::{Confidence, Draft, Mark};
use crate::model::{
    Api, ApiKind, ApiWorld, Assumption, Caller, CallerClass, Condition, EndpointTypes, Entry,
    Exposure, ExposureSummary, Identity, Inventory, Leaf, Network, Policy, PolicySize, PolicyState,
    Problem, ProblemKind, Statement, SymbolRef, SymbolTable, Tri, Verdict, split_arn,
};

/// What a cause looks at: one hole, led by its worst exposure.
pub(super) struct CauseCx<'a> {
    /// The unit.
    pub inventory: &'a Inventory,
    /// The API.
    pub api: &'a Api,
    /// The world in which the hole is open.
    pub world: &'a ApiWorld,
    /// The policy, in the reading that opens the hole; `None` when it is not known.
    pub policy: Option<&'a Policy>,
    /// The deciding Allow; `None` when it is not known.
    pub statement: Option<&'a Statement>,
    /// The worst exposure of the hole.
    pub exposure: &'a Exposure,
    /// Whom the deployer trusts.
    pub settings: &'a Settings,
    /// The time of the run.
    pub now: i64,
    /// What was to keep the witness out, once a cause has asked.
    guards: OnceCell<guard::Guards<'a>>,
}

/// A cause's answer: this hole is mine, and here is why it is open.
pub(super) struct Claim {
    /// The exact token, and why it is wrong.
    pub primary: Mark,
    /// Other places that matter to this cause.
    pub secondary: Vec<Mark>,
    /// What lets the class in, for the title: ``StringEqualsIfExists`` lets anyone ....
    pub subject: Option<String>,
    /// A title of its own; `None`: the one that the exposure makes.
    pub title: Option<String>,
    /// What to write instead.
    pub help: String,
    /// Places outside the templates: an entry of the trust list.
    pub elsewhere: Vec<crate::finding::SpanMark>,
    /// Where the value that the primary token stands for is declared, when it is not known.
    pub declared: Option<crate::finding::Origin>,
    /// Whether the labels above say already why no Deny helps.
    pub explains_deny: bool,
    /// Whether it is about one guard of several: where the hole goes to another guard, this one is a
    /// label of it.
    pub lends: bool,
}

impl Claim {
    /// A claim with a token and a remedy.
    pub(super) fn new(primary: Mark, help: impl Into<String>) -> Self {
        Self {
            primary,
            secondary: Vec::new(),
            subject: None,
            title: None,
            help: help.into(),
            elsewhere: Vec::new(),
            declared: None,
            explains_deny: false,
            lends: false,
        }
    }
}

/// What a defect looks at: the whole unit.
pub(super) struct DefectCx<'a> {
    /// The unit.
    pub inventory: &'a Inventory,
    /// The answers for its APIs, in the same order.
    pub reaches: &'a [crate::model::Reach],
    /// Whom the deployer trusts, and where the APIs go.
    pub settings: &'a Settings,
    /// What the engine says of each policy, in the order of [`DefectCx::policies`].
    pub judged: &'a [Judged],
    /// The time of the run.
    pub now: i64,
}

/// A policy where it stands: its API, its world, and how sure that world is.
#[derive(Clone, Copy)]
pub(super) struct PolicyIn<'a> {
    /// The API.
    pub api: &'a Api,
    /// The world.
    pub world: &'a ApiWorld,
    /// The policy.
    pub policy: &'a Policy,
    /// Proved in the default world, possible in another.
    pub confidence: Confidence,
    /// What the engine says of it; `None` where it was not asked.
    pub judged: Option<&'a Judged>,
    /// The time of the run.
    pub now: i64,
}

impl<'a> PolicyIn<'a> {
    /// Every known condition of the policy, with its statement.
    pub(super) fn conditions(
        &self,
    ) -> impl Iterator<Item = (&'a Statement, &'a Condition)> + use<'a> {
        let pairs = |statement: &'a Statement| {
            statement.known_conditions().map(move |condition| (statement, condition))
        };
        self.policy.known_statements().flat_map(pairs)
    }

    /// A draft of `meta`'s rule about this policy, as sure as its world; `key` is what the finding
    /// means.
    pub(super) fn draft(&self, meta: &Meta, primary: Mark, key: String) -> Draft {
        let mut draft = Draft::new(meta.id, meta.severity, primary);
        draft.confidence = self.confidence;
        draft.assumptions = self.assumptions();
        draft.api = Some(self.api.address.clone());
        draft.key = key;
        draft
    }

    /// Makes `draft` one that takes `text` for granted.
    pub(super) fn taking_for_granted(&self, draft: &mut Draft, text: &str) {
        draft.confidence = Confidence::Possible;
        draft.assumptions.push(Assumption { text: text.into(), pin: None, origin: None });
    }

    /// What a finding in this world takes for granted.
    pub(super) fn assumptions(&self) -> Vec<Assumption> {
        match self.confidence {
            Confidence::Proved => Vec::new(),
            Confidence::Possible => self.world.assumptions.clone(),
        }
    }
}

/// Says in a draft which API it is about, and how sure it is in that world.
pub(super) fn place_in(draft: &mut Draft, api: &Api, world: &ApiWorld, confidence: Confidence) {
    draft.api = Some(api.address.clone());
    draft.confidence = confidence;
    if confidence == Confidence::Possible {
        draft.assumptions = world.assumptions.clone();
    }
}

/// The worlds of an API that are there to be judged, each with how sure it is: what holds in the
/// default world is proved. Where no world is the default one, all of them stand for it.
pub(super) fn worlds(api: &Api) -> Vec<(&ApiWorld, Confidence)> {
    let existing: Vec<&ApiWorld> = api.worlds.iter().filter(|world| world.exists).collect();
    let any_default = api.worlds.iter().any(|world| world.is_default);
    existing
        .into_iter()
        .map(|world| {
            let sure = world.is_default || !any_default;
            (world, if sure { Confidence::Proved } else { Confidence::Possible })
        })
        .collect()
}

impl<'a> DefectCx<'a> {
    /// A unit, its policies not yet judged.
    pub(super) fn new(
        inventory: &'a Inventory,
        reaches: &'a [crate::model::Reach],
        settings: &'a Settings,
        now: i64,
    ) -> Self {
        Self { inventory, reaches, settings, judged: &[], now }
    }

    /// Every problem of the unit and of its APIs, with the API it belongs to.
    pub(super) fn problems(&self) -> impl Iterator<Item = (&'a Problem, Option<&'a str>)> {
        let of_unit = self.inventory.problems.iter().map(|p| (p, p.api.as_deref()));
        let of_apis = self.inventory.apis.iter().flat_map(|api| {
            api.unresolved.iter().map(|p| (p, p.api.as_deref().or(Some(api.address.as_str()))))
        });
        of_unit.chain(of_apis)
    }

    /// Adds a draft for each problem of which `draft` makes one, with the API that it belongs to and the
    /// places that are told with it. What is so in some case only is possible.
    pub(super) fn drafts_of(
        &self,
        out: &mut Vec<Draft>,
        draft: impl Fn(&Problem) -> Option<Draft>,
    ) {
        out.extend(self.problems().filter_map(|(problem, api)| {
            let (api, secondary) = (api.map(str::to_owned), problem.related.clone());
            let ProblemKind::InCase { kind, when } = &problem.kind else {
                return Some(Draft { api, secondary, ..draft(problem)? });
            };
            let made = draft(&Problem { kind: (**kind).clone(), ..problem.clone() })?;
            let (confidence, assumptions) = (Confidence::Possible, when.clone());
            Some(Draft { api, secondary, confidence, assumptions, ..made })
        }));
    }

    /// Every policy that is known, with what it admits by itself at its API's endpoint type.
    pub(super) fn policies_with_exposure(
        &self,
    ) -> impl Iterator<Item = (PolicyIn<'a>, &'a ExposureSummary)> {
        // The policies are in the order of their APIs.
        let mut apis = self.inventory.apis.iter().zip(self.reaches).peekable();
        self.policies().into_iter().filter_map(move |place| {
            while apis.next_if(|(api, _)| !std::ptr::eq(*api, place.api)).is_some() {}
            let (_, reach) = apis.peek()?;
            Some((place, reach.summaries.policy_exposure.as_ref()?))
        })
    }

    /// Every policy that is known, in every world and reading. The policy of a VPC endpoint is none of an
    /// API: what a statement of it means is said of other requests.
    pub(super) fn policies(&self) -> Vec<PolicyIn<'a>> {
        let mut out = Vec::new();
        let mut judged = self.judged.iter();
        for api in self.inventory.apis.iter().filter(|api| api.kind != ApiKind::VpcEndpoint) {
            for (world, confidence) in worlds(api) {
                if let PolicyState::Known(readings) = &world.policy {
                    let policies = readings.iter();
                    out.extend(policies.map(|policy| PolicyIn {
                        api,
                        world,
                        policy,
                        confidence,
                        judged: judged.next(),
                        now: self.now,
                    }));
                }
            }
        }
        out
    }
}

impl<'a> DefectCx<'a> {
    /// Every condition that is known, with its statement and policy.
    pub(super) fn conditions(&self) -> Vec<(PolicyIn<'a>, &'a Statement, &'a Condition)> {
        let mut out = Vec::new();
        for place in self.policies() {
            for statement in place.policy.known_statements() {
                out.extend(statement.known_conditions().map(|c| (place, statement, c)));
            }
        }
        out
    }
}

impl CauseCx<'_> {
    /// The unit's symbols.
    pub(super) fn symbols(&self) -> &SymbolTable {
        &self.api.symbols
    }

    /// Whether the class is one of those that no policy names.
    pub(super) fn is_everyone(&self) -> bool {
        matches!(
            self.exposure.class,
            CallerClass::AnonymousInternet
                | CallerClass::AnyAwsAccount
                | CallerClass::AnyVpcEndpoint
        )
    }

    /// Whether the witness carries no credentials.
    pub(super) fn is_anonymous(&self) -> bool {
        matches!(self.exposure.witness.caller, Caller::Anonymous)
    }

    /// Whether the witness comes through a VPC endpoint.
    pub(super) fn is_private(&self) -> bool {
        matches!(self.exposure.witness.network, Network::Vpc { .. })
    }

    /// The endpoint type in words, for "requests to a ... endpoint".
    pub(super) fn endpoint_name(&self) -> &'static str {
        match self.world.endpoint {
            EndpointTypes::Known(kind, _) => kind.name(),
            EndpointTypes::Absent | EndpointTypes::Document | EndpointTypes::Unknown(..) => {
                if self.is_private() { "PRIVATE" } else { "public" }
            }
        }
    }

    /// Where a symbol is declared.
    pub(super) fn declaration(&self, symbol: SymbolRef) -> Option<crate::finding::Origin> {
        self.symbols().get(symbol).map(|info| info.origin)
    }

    /// The statement's conditions, as far as they are known.
    pub(super) fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.statement.into_iter().flat_map(Statement::known_conditions)
    }

    /// The principal token that makes the deciding Allow one to everyone, else the token that the
    /// engine says admits the class.
    pub(super) fn everyone_token(&self) -> crate::finding::Origin {
        self.statement
            .and_then(Statement::everyone)
            .map_or(self.exposure.admits, |item| item.value.origin)
    }

    /// Whether `condition`, alone, holds for the witness.
    pub(super) fn holds(&self, condition: &Condition) -> Tri {
        let Some(policy) = self.policy else { return Tri::Unknown };
        let origin = condition.origin;
        let mut probe = everything(policy, origin);
        if let Some(Entry::One(statement)) = probe.statements.first_mut() {
            statement.conditions = vec![Entry::One(condition.clone())];
        }
        self.applies(&probe, &Identity::unknown())
    }

    /// Whether `statement` is about the witness's method and path, whoever calls from wherever.
    pub(super) fn covers(&self, statement: &Statement) -> bool {
        let Some(policy) = self.policy else { return false };
        let mut probe = everything(policy, statement.origin);
        if let Some(Entry::One(one)) = probe.statements.first_mut() {
            one.action = statement.action.clone();
            one.resource = statement.resource.clone();
        }
        let identity = identity_of(statement).or_else(|| self.statement.and_then(identity_of));
        self.applies(&probe, &identity.unwrap_or_else(Identity::unknown)) != Tri::False
    }

    fn applies(&self, probe: &Policy, identity: &Identity) -> Tri {
        match evaluate(probe, &self.exposure.witness, identity).verdict {
            Verdict::Allow => Tri::True,
            Verdict::Deny | Verdict::None => Tri::False,
            Verdict::Unknown => Tri::Unknown,
        }
    }
}

/// A policy of one statement that allows everyone everything, in the language of `policy`.
fn everything(policy: &Policy, origin: crate::finding::Origin) -> Policy {
    let statements = vec![Entry::One(Statement::everything(origin))];
    Policy { version: policy.version.clone(), statements, origin, size: PolicySize::default() }
}

/// The API that the first complete execute-api ARN of a statement's Resource names.
fn identity_of(statement: &Statement) -> Option<Identity> {
    let resources = statement.resource.items.iter().filter_map(Entry::one);
    let arn = resources.filter_map(Leaf::text).find_map(split_arn)?;
    let [_, partition, service, region, account, rest] = arn;
    if service != "execute-api" {
        return None;
    }
    let literal = |text: &str, unknown: String| {
        let fixed = !text.is_empty() && !text.contains(['*', '?']);
        if fixed { text.to_owned() } else { unknown }
    };
    let unknown = Identity::unknown();
    let api_id = rest.split('/').next().unwrap_or_default();
    Some(Identity {
        partition: literal(partition, unknown.partition),
        region: literal(region, unknown.region),
        account: literal(account, unknown.account),
        api_id: literal(api_id, unknown.api_id),
        domain: None,
    })
}
