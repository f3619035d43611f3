//! Who can call an API, route by route: the rows of `callers`.

use crate::source::Origin;

use super::{AccountId, Assumption, AuthType, Gate, Request, RouteRef, SymbolRef, Tri};

/// A class of callers, the trusted ones and the owner included.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CallerKind {
    /// Anyone on the internet, without credentials.
    Anonymous,
    /// Any VPC endpoint for execute-api, of any account.
    AnyVpcEndpoint,
    /// Some AWS account that the policy does not name and the list does not trust.
    AnyAwsAccount,
    /// A member of an organisation that the policy names.
    Organization(String),
    /// An account that the policy names and the list does not trust.
    Account(AccountId),
    /// An account that the policy names by an unknown value.
    UnknownAccount(SymbolRef),
    /// An account that the policy names and the list trusts.
    TrustedAccount(AccountId),
    /// A principal of the API's own account.
    Owner,
}

/// Whether a class of callers gets in on one route.
#[derive(Debug, Clone)]
pub struct CallerRow {
    /// Who.
    pub caller: CallerKind,
    /// The declared route; `None`: any request, where methods are not all known, and for a custom
    /// domain.
    pub route: Option<RouteRef>,
    /// How it is authorised; `Unknown`: NONE and AWS_IAM were both judged.
    pub auth: AuthType,
    /// `True`: it gets in; `Unknown`: it depends on `needs`; `False`: nobody of the class gets in.
    pub access: Tri,
    /// What else stands in the way: `Open`, or `Authorizer` where the authorizer or user pool decides.
    pub gate: Gate,
    /// The statement that decides: the Allow that lets in, or the Deny that stops the plainest request
    /// of the class.
    pub statement: Option<Origin>,
    /// That statement is a Deny.
    pub denied: bool,
    /// The simplest request that gets in.
    pub witness: Option<Request>,
    /// What must hold for it.
    pub needs: Vec<Assumption>,
    /// The Deny that came closest to stopping it, and what it lacks.
    pub nearest_deny: Option<(Origin, String)>,
}

/// Who can call an API.
#[derive(Debug, Clone, Default)]
pub struct Callers {
    /// One for each class and route, in that order.
    pub rows: Vec<CallerRow>,
    /// A bound was reached: rows that say `False` are not certain.
    pub bounded: bool,
}
