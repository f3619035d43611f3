//! Requests, and what a policy says of them.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::{AccountId, Part};

/// The verbs that a request can have, the plainest first. `ANY` is none of them.
pub const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

/// Three-valued truth (Kleene).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "they say what they are")]
pub enum Tri {
    False,
    Unknown,
    True,
}

impl Tri {
    /// Conjunction.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Disjunction.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether it is certainly true.
    pub fn is_true(self) -> bool {
        self == Self::True
    }

    /// Whether it is certainly false.
    pub fn is_false(self) -> bool {
        self == Self::False
    }
}

impl std::ops::Not for Tri {
    type Output = Self;
    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

impl From<bool> for Tri {
    fn from(b: bool) -> Self {
        if b { Self::True } else { Self::False }
    }
}

/// What a policy alone says of a request (SEMANTICS 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// A statement allows and none denies.
    Allow,
    /// A statement denies.
    Deny,
    /// No statement applies.
    None,
    /// An unknown value decides.
    Unknown,
}

/// Where an identifier stands to the literals and symbols of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fresh {
    /// An outsider's own: by definition different from every literal and every symbol.
    Yes,
    /// A literal of the policy or of the trust list: a symbol may be equal to it.
    No,
}

/// A value of a context key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Value {
    /// The text.
    pub text: String,
    /// How it relates to symbols.
    pub fresh: Fresh,
}

impl Value {
    /// A fresh value.
    pub fn fresh(text: impl Into<String>) -> Self {
        Self { text: text.into(), fresh: Fresh::Yes }
    }

    /// A value that symbols may be equal to.
    pub fn named(text: impl Into<String>) -> Self {
        Self { text: text.into(), fresh: Fresh::No }
    }
}

/// Whether a key is in the request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AbsentOr {
    /// It is not.
    Absent,
    /// It is, with these values.
    Present(Vec<Value>),
    /// AWS's pages disagree whether it is absent or has these values.
    Maybe(Vec<Value>),
    /// It may be absent or have any value.
    Unknown,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who signs it.
    pub caller: Caller,
    /// Where it comes from.
    pub network: Network,
    /// The HTTP verb, upper case, never `ANY`.
    pub method: String,
    /// The stage.
    pub stage: String,
    /// The path with its leading slash.
    pub path: String,
    /// Other context keys that the caller chooses, by lower-case name: headers, tags, MFA. A key
    /// that is not here has the value that caller, network and clock give it, or is absent.
    pub context: BTreeMap<String, AbsentOr>,
    /// The time of the request, in seconds since 1970 UTC.
    pub now: i64,
}

/// Who signs a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// Nobody.
    Anonymous,
    /// An IAM principal, by Signature Version 4.
    Iam(Iam),
}

/// An IAM principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Iam {
    /// The role's or user's ARN (`aws:PrincipalArn`).
    pub arn: String,
    /// The session's ARN, for a role or federated user.
    pub session: Option<String>,
    /// The account. Its digits mean nothing when the account is fresh.
    pub account: AccountId,
    /// Whether the account is an outsider's that the policy does not name.
    pub fresh: Fresh,
    /// Whether the account is the one that the API is deployed in.
    pub owner: bool,
    /// `aws:PrincipalOrgID`
    pub org: AbsentOr,
    /// `aws:PrincipalOrgPaths`
    pub org_paths: AbsentOr,
    /// The parts of the policy's principal that this caller is, where its name is not known:
    /// `arn:aws:iam::1111...:role/${x}`.
    pub symbolic: Option<Vec<Part>>,
}

/// Where a request comes from: it decides which network keys are present (SEMANTICS 2.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Network {
    /// A public address (EDGE, REGIONAL), and how it stands to ranges that are not known.
    Internet(IpAddr, Fresh),
    /// An interface endpoint for execute-api (PRIVATE).
    Vpc {
        /// `aws:SourceVpce`
        vpce: Value,
        /// `aws:SourceVpc`
        vpc: Value,
        /// `aws:VpcSourceIp`
        ip: IpAddr,
    },
}

impl Network {
    /// The public address of an outsider: in no range that only the deployer knows.
    pub fn internet(address: impl Into<IpAddr>) -> Self {
        Self::Internet(address.into(), Fresh::Yes)
    }
}

/// Which API a request is for: the fields of its execute-api ARN. A field that nothing is known of
/// holds a text that only a wildcard matches.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identity {
    /// `aws`, ...
    pub partition: String,
    /// The region.
    pub region: String,
    /// The account.
    pub account: String,
    /// The API's id.
    pub api_id: String,
    /// A private custom domain instead of an API: requests are for
    /// `arn:..:/domainnames/{name}+{id}`, and this is `{name}+{id}`.
    pub domain: Option<String>,
}

impl Identity {
    /// An API of which nothing is known. The fields are texts that no policy writes.
    pub fn unknown() -> Self {
        Self {
            partition: "aws".into(),
            region: "this-region".into(),
            account: "this-account".into(),
            api_id: "this-api".into(),
            domain: None,
        }
    }
}
