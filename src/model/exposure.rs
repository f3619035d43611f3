//! What the decision procedure finds.

use std::collections::BTreeSet;

use crate::source::Origin;

use super::{AccountId, Assumption, Request, SymbolRef, Tri};

/// A class of callers outside the trust list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CallerClass {
    /// Anyone on the internet, without credentials.
    AnonymousInternet,
    /// Whoever owns some AWS account that the policy does not name and the list does not trust.
    AnyAwsAccount,
    /// Any VPC endpoint for execute-api, of any account.
    AnyVpcEndpoint,
    /// An account that the policy names.
    Account(AccountId),
    /// An account that the policy names by an unknown value.
    UnknownAccount(SymbolRef),
}

/// What stands between the policy and the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gate {
    /// Nothing: the request gets through.
    Open,
    /// Every route that the exposure reaches is behind a Lambda authorizer or Cognito user pool.
    Authorizer,
    /// Only OPTIONS routes are open.
    PreflightOnly,
    /// A named account that no route can authenticate: every route is NONE or COGNITO_USER_POOLS.
    NoIamRoute,
    /// A policy that admits the class, but no declared route that it reaches.
    NoRoute,
}

/// One hole: a class of callers that one Allow statement lets in.
#[derive(Debug, Clone)]
pub struct Exposure {
    /// Who.
    pub class: CallerClass,
    /// `True`: proved. `Unknown`: possible, and `needs` says what decides.
    pub access: Tri,
    /// What else stands in the way.
    pub gate: Gate,
    /// The world, by its index in the API's worlds; the first in which the hole is open.
    pub world: usize,
    /// The reading of the policy, by its index.
    pub reading: usize,
    /// The deciding Allow statement, by its index in the policy; `None` when the deciding entry is
    /// an unknown stretch of statements.
    pub statement: Option<usize>,
    /// The deciding Allow statement.
    pub deciding: Origin,
    /// The token that admits the class: the principal, or the condition value that names it.
    pub admits: Origin,
    /// The declared routes it reaches; empty: all, where others than the declared ones count too.
    pub routes: Vec<RouteRef>,
    /// The simplest request that gets through, confirmed by the concrete evaluator.
    pub witness: Request,
    /// What must hold for it: symbols, worlds, the API's identity, the endpoint type.
    pub needs: Vec<Assumption>,
    /// The Deny that came closest, and what it lacks.
    pub nearest_deny: Option<(Origin, String)>,
}

/// A declared route: `GET /pets/{id}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteRef {
    /// The verb or `ANY`.
    pub method: String,
    /// The path template.
    pub path: String,
}

/// Whether a class gets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[expect(missing_docs, reason = "the names are those of CONTRACT 4")]
pub enum Reached {
    #[default]
    Denied,
    Possible,
    Allowed,
}

/// The fields of `exposure` in CONTRACT 4.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the names are those of CONTRACT 4")]
pub struct ExposureSummary {
    pub anonymous_internet: Reached,
    pub any_aws_account: Reached,
    pub any_vpc_endpoint: Reached,
    pub untrusted_accounts: BTreeSet<String>,
    pub possible_accounts: BTreeSet<String>,
    pub trusted_accounts: BTreeSet<String>,
    pub organizations: BTreeSet<String>,
    pub networks: Vec<String>,
    pub vpcs: BTreeSet<String>,
    pub vpc_endpoints: BTreeSet<String>,
    pub preflight_only: bool,
}

/// Both summaries of an API.
#[derive(Debug, Clone, Default)]
pub struct Summaries {
    /// With method authorisation, over the declared routes.
    pub exposure: ExposureSummary,
    /// The policy alone; `None` where there is none.
    pub policy_exposure: Option<ExposureSummary>,
}

/// The answer of the decision procedure for one API.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// The holes, most severe first.
    pub exposures: Vec<Exposure>,
    /// The summaries.
    pub summaries: Summaries,
    /// A bound was reached: what was not decided counts as possible.
    pub bounded: bool,
}
