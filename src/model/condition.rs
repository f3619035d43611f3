//! Conditions: operators and keys (SEMANTICS 2).

use crate::source::Origin;

use super::{Entry, Leaf};

/// One key of one operator block: `Operator: { key: values }`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The operator, `None` when its name is not one that AWS knows.
    pub operator: Option<Operator>,
    /// The operator as written.
    pub operator_name: Leaf,
    /// The key.
    pub key: ConditionKey,
    /// The key as written.
    pub key_name: Leaf,
    /// The values.
    pub values: Vec<Entry<Leaf>>,
    /// Key and values.
    pub origin: Origin,
}

/// A parsed operator name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operator {
    /// The comparison, without its negation.
    pub base: BaseOp,
    /// `...Not...`
    pub negated: bool,
    /// `...IfExists`
    pub if_exists: bool,
    /// `ForAnyValue:`, `ForAllValues:`
    pub quantifier: Option<Quantifier>,
}

/// The set operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// `ForAnyValue:`
    AnyValue,
    /// `ForAllValues:`
    AllValues,
}

/// The comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are AWS's own")]
pub enum BaseOp {
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    NumericEquals,
    NumericLessThan,
    NumericLessThanEquals,
    NumericGreaterThan,
    NumericGreaterThanEquals,
    DateEquals,
    DateLessThan,
    DateLessThanEquals,
    DateGreaterThan,
    DateGreaterThanEquals,
    Bool,
    BinaryEquals,
    IpAddress,
    ArnEquals,
    ArnLike,
    Null,
}

/// Every operator name without modifiers, with its comparison and negation.
const OPERATORS: &[(&str, BaseOp, bool)] = &[
    ("StringEquals", BaseOp::StringEquals, false),
    ("StringNotEquals", BaseOp::StringEquals, true),
    ("StringEqualsIgnoreCase", BaseOp::StringEqualsIgnoreCase, false),
    ("StringNotEqualsIgnoreCase", BaseOp::StringEqualsIgnoreCase, true),
    ("StringLike", BaseOp::StringLike, false),
    ("StringNotLike", BaseOp::StringLike, true),
    ("NumericEquals", BaseOp::NumericEquals, false),
    ("NumericNotEquals", BaseOp::NumericEquals, true),
    ("NumericLessThan", BaseOp::NumericLessThan, false),
    ("NumericLessThanEquals", BaseOp::NumericLessThanEquals, false),
    ("NumericGreaterThan", BaseOp::NumericGreaterThan, false),
    ("NumericGreaterThanEquals", BaseOp::NumericGreaterThanEquals, false),
    ("DateEquals", BaseOp::DateEquals, false),
    ("DateNotEquals", BaseOp::DateEquals, true),
    ("DateLessThan", BaseOp::DateLessThan, false),
    ("DateLessThanEquals", BaseOp::DateLessThanEquals, false),
    ("DateGreaterThan", BaseOp::DateGreaterThan, false),
    ("DateGreaterThanEquals", BaseOp::DateGreaterThanEquals, false),
    ("Bool", BaseOp::Bool, false),
    ("BinaryEquals", BaseOp::BinaryEquals, false),
    ("IpAddress", BaseOp::IpAddress, false),
    ("NotIpAddress", BaseOp::IpAddress, true),
    ("ArnEquals", BaseOp::ArnEquals, false),
    ("ArnNotEquals", BaseOp::ArnEquals, true),
    ("ArnLike", BaseOp::ArnLike, false),
    ("ArnNotLike", BaseOp::ArnLike, true),
    ("Null", BaseOp::Null, false),
];

impl Operator {
    /// Parses an operator with its modifiers; letter case does not count. `None` when AWS knows no
    /// such operator (`NullIfExists` is none: AAV).
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase();
        let (quantifier, rest) = match lower.split_once(':') {
            Some(("foranyvalue", rest)) => (Some(Quantifier::AnyValue), rest),
            Some(("forallvalues", rest)) => (Some(Quantifier::AllValues), rest),
            Some(_) => return None,
            None => (None, lower.as_str()),
        };
        let (name, if_exists) = match rest.strip_suffix("ifexists") {
            Some(name) => (name, true),
            None => (rest, false),
        };
        let &(_, base, negated) = OPERATORS.iter().find(|(n, ..)| n.eq_ignore_ascii_case(name))?;
        if base == BaseOp::Null && if_exists {
            return None;
        }
        Some(Self { base, negated, if_exists, quantifier })
    }

    /// The operator names without modifiers: for a did-you-mean.
    pub fn names() -> impl Iterator<Item = &'static str> {
        OPERATORS.iter().map(|(name, ..)| *name)
    }

    /// Whether `*` and `?` in a value are wildcards.
    pub fn is_pattern(self) -> bool {
        matches!(self.base, BaseOp::StringLike | BaseOp::ArnLike | BaseOp::ArnEquals)
    }
}

/// A condition key. Names are compared without regard to letter case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConditionKey {
    /// The name, lower case (tag suffixes too).
    pub name: String,
    /// Which key of API Gateway's request context it is.
    pub known: KnownKey,
}

/// The keys of API Gateway's request context (AWS, "AWS condition keys that can be used in API
/// Gateway resource policies"), and what stands outside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are AWS's own")]
pub enum KnownKey {
    CurrentTime,
    EpochTime,
    SecureTransport,
    SourceIp,
    VpcSourceIp,
    SourceVpc,
    SourceVpce,
    SourceArn,
    Referer,
    UserAgent,
    PrincipalAccount,
    PrincipalArn,
    PrincipalType,
    UserId,
    PrincipalOrgId,
    PrincipalOrgPaths,
    PrincipalTag,
    Username,
    TokenIssueTime,
    MultiFactorAuthPresent,
    MultiFactorAuthAge,
    /// `execute-api:viaDomainArn`: set when a private custom domain is used.
    ViaDomainArn,
    /// A key of 2025 of which no AWS page says whether API Gateway sets it: unknown.
    Undecided,
    /// Not in API Gateway's context: absent from every request.
    Unsupported,
    /// The key itself is not known.
    Unknown,
}

/// The keys in AWS's spelling, which people copy from a message.
const KEYS: &[(&str, KnownKey)] = &[
    ("aws:CurrentTime", KnownKey::CurrentTime),
    ("aws:EpochTime", KnownKey::EpochTime),
    ("aws:SecureTransport", KnownKey::SecureTransport),
    ("aws:SourceIp", KnownKey::SourceIp),
    ("aws:VpcSourceIp", KnownKey::VpcSourceIp),
    ("aws:SourceVpc", KnownKey::SourceVpc),
    ("aws:SourceVpce", KnownKey::SourceVpce),
    ("aws:SourceArn", KnownKey::SourceArn),
    ("aws:Referer", KnownKey::Referer),
    ("aws:UserAgent", KnownKey::UserAgent),
    ("aws:PrincipalAccount", KnownKey::PrincipalAccount),
    ("aws:PrincipalArn", KnownKey::PrincipalArn),
    ("aws:PrincipalType", KnownKey::PrincipalType),
    ("aws:userid", KnownKey::UserId),
    ("aws:PrincipalOrgID", KnownKey::PrincipalOrgId),
    ("aws:PrincipalOrgPaths", KnownKey::PrincipalOrgPaths),
    ("aws:username", KnownKey::Username),
    ("aws:TokenIssueTime", KnownKey::TokenIssueTime),
    ("aws:MultiFactorAuthPresent", KnownKey::MultiFactorAuthPresent),
    ("aws:MultiFactorAuthAge", KnownKey::MultiFactorAuthAge),
    ("execute-api:viaDomainArn", KnownKey::ViaDomainArn),
    ("aws:VpceAccount", KnownKey::Undecided),
    ("aws:VpceOrgID", KnownKey::Undecided),
    ("aws:VpceOrgPaths", KnownKey::Undecided),
    ("aws:SourceVpcArn", KnownKey::Undecided),
];

impl ConditionKey {
    /// The key of that name.
    pub fn parse(text: &str) -> Self {
        let name = text.to_ascii_lowercase();
        let known = if name.starts_with("aws:principaltag/") {
            KnownKey::PrincipalTag
        } else {
            let found = KEYS.iter().find(|(n, _)| n.eq_ignore_ascii_case(&name));
            found.map_or(KnownKey::Unsupported, |(_, known)| *known)
        };
        Self { name, known }
    }

    /// The names of the keys that AWS documents for API Gateway, in AWS's spelling: for a
    /// did-you-mean. That of a tag ends before the tag's own name.
    pub fn names() -> impl Iterator<Item = &'static str> {
        let documented = KEYS.iter().filter(|(_, known)| *known != KnownKey::Undecided);
        documented.map(|(name, _)| *name).chain(["aws:PrincipalTag/"])
    }
}

impl KnownKey {
    /// Whether the key speaks of where a request comes from.
    pub fn is_network(self) -> bool {
        matches!(
            self,
            Self::SourceIp
                | Self::VpcSourceIp
                | Self::SourceVpc
                | Self::SourceVpce
                | Self::Undecided
        )
    }

    /// Whether the key speaks of who signed a request: present on `AWS_IAM` methods only.
    pub fn is_identity(self) -> bool {
        matches!(
            self,
            Self::PrincipalAccount
                | Self::PrincipalArn
                | Self::PrincipalType
                | Self::UserId
                | Self::PrincipalOrgId
                | Self::PrincipalOrgPaths
                | Self::PrincipalTag
                | Self::Username
                | Self::TokenIssueTime
                | Self::MultiFactorAuthPresent
                | Self::MultiFactorAuthAge
        )
    }

    /// Whether any caller can choose the value freely.
    pub fn is_free(self) -> bool {
        matches!(self, Self::Referer | Self::UserAgent)
    }
}
