//! The request context: which key is present, and with which values (SEMANTICS 2.4).
//!
//! Follows the Amazon API Gateway developer guide, "AWS condition keys that can be used in API
//! Gateway resource policies". A key outside that table is absent.

use std::borrow::Cow;
use std::net::IpAddr;

use crate::model::{
    AbsentOr, Caller, ConditionKey, Fresh, Iam, KnownKey, Network, Value, split_arn,
};

use super::scope::Scope;
use crate::analyze::formats;

/// One value of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Datum<'a> {
    /// A text.
    Text(&'a str, Fresh),
    /// An address, and how it stands to ranges that are not known. Its text is one that symbols may be
    /// equal to.
    Ip(IpAddr, Fresh),
    /// A moment in seconds since 1970 UTC, written as a date.
    Date(i64),
    /// A moment in seconds since 1970 UTC, written as a number.
    Epoch(i64),
}

impl<'a> Datum<'a> {
    /// The value as the policy's texts see it.
    pub(super) fn text(self) -> Cow<'a, str> {
        match self {
            Self::Text(text, _) => text.into(),
            Self::Ip(address, _) => address.to_string().into(),
            Self::Date(moment) => formats::print_date(moment).into(),
            Self::Epoch(moment) => moment.to_string().into(),
        }
    }

    /// How it stands to literals and symbols.
    pub(super) fn fresh(self) -> Fresh {
        match self {
            Self::Text(_, fresh) => fresh,
            Self::Ip(..) | Self::Date(_) | Self::Epoch(_) => Fresh::No,
        }
    }
}

/// The values of a key; at least one.
#[derive(Debug, Clone, Copy)]
pub(super) enum Data<'a> {
    One(Datum<'a>),
    Several(&'a [Value]),
}

impl<'a> Data<'a> {
    /// The value, when it is one.
    pub(super) fn single(self) -> Option<Datum<'a>> {
        match self {
            Self::One(datum) => Some(datum),
            Self::Several([value]) => Some(Datum::Text(&value.text, value.fresh)),
            Self::Several(_) => None,
        }
    }

    /// The values.
    pub(super) fn iter(self) -> impl Iterator<Item = Datum<'a>> {
        let (one, several) = match self {
            Self::One(datum) => (Some(datum), [].as_slice()),
            Self::Several(values) => (None, values),
        };
        one.into_iter().chain(several.iter().map(|v| Datum::Text(&v.text, v.fresh)))
    }

    /// Whether there is no text in any value, which AWS takes for an absent key in places.
    pub(super) fn is_blank(self) -> bool {
        self.iter().all(|datum| matches!(datum, Datum::Text("", _)))
    }
}

/// What the request says of a key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lookup<'a> {
    /// It is not there.
    Absent,
    /// It has these values.
    Present(Data<'a>),
    /// It is absent or has these values: AWS's pages disagree.
    Maybe(Data<'a>),
    /// It has one value that is not known.
    Any,
    /// It may be absent or have any value.
    Unknown,
}

/// Looks a key up: what the request sets by name comes first.
pub(super) fn lookup<'a>(key: &ConditionKey, scope: &'a Scope<'_>) -> Lookup<'a> {
    let request = scope.request;
    if !request.context.is_empty()
        && let Some(value) = request.context.get(&key.name)
    {
        return given(value);
    }
    match key.known {
        KnownKey::CurrentTime => one(Datum::Date(request.now)),
        KnownKey::EpochTime => one(Datum::Epoch(request.now)),
        // Public endpoints speak HTTPS only, private ones TLS 1.2.
        KnownKey::SecureTransport => one(Datum::Text("true", Fresh::No)),
        KnownKey::SourceIp
        | KnownKey::VpcSourceIp
        | KnownKey::SourceVpc
        | KnownKey::SourceVpce
        | KnownKey::ViaDomainArn => network(key.known, &request.network),
        KnownKey::PrincipalAccount
        | KnownKey::PrincipalArn
        | KnownKey::PrincipalType
        | KnownKey::UserId
        | KnownKey::PrincipalOrgId
        | KnownKey::PrincipalOrgPaths
        | KnownKey::Username
        | KnownKey::TokenIssueTime
        | KnownKey::MultiFactorAuthPresent
        | KnownKey::MultiFactorAuthAge => match &request.caller {
            Caller::Anonymous => anonymous(key.known),
            Caller::Iam(iam) => principal(key.known, iam),
        },
        KnownKey::Undecided | KnownKey::Unknown => Lookup::Unknown,
        KnownKey::SourceArn
        | KnownKey::Referer
        | KnownKey::UserAgent
        | KnownKey::PrincipalTag
        | KnownKey::Unsupported => Lookup::Absent,
    }
}

fn one(datum: Datum<'_>) -> Lookup<'_> {
    Lookup::Present(Data::One(datum))
}

fn given(value: &AbsentOr) -> Lookup<'_> {
    match value {
        AbsentOr::Absent => Lookup::Absent,
        AbsentOr::Present(values) | AbsentOr::Maybe(values) if values.is_empty() => Lookup::Absent,
        AbsentOr::Present(values) => Lookup::Present(Data::Several(values)),
        AbsentOr::Maybe(values) => Lookup::Maybe(Data::Several(values)),
        AbsentOr::Unknown => Lookup::Unknown,
    }
}

fn network<'a>(key: KnownKey, network: &'a Network) -> Lookup<'a> {
    let text = |value: &'a Value| one(Datum::Text(&value.text, value.fresh));
    match (network, key) {
        (Network::Internet(ip, fresh), KnownKey::SourceIp) => one(Datum::Ip(*ip, *fresh)),
        (Network::Internet(..), _) => Lookup::Absent,
        (Network::Vpc { vpce, .. }, KnownKey::SourceVpce) => text(vpce),
        (Network::Vpc { vpc, .. }, KnownKey::SourceVpc) => text(vpc),
        (Network::Vpc { ip, .. }, KnownKey::VpcSourceIp) => one(Datum::Ip(*ip, Fresh::Yes)),
        // IAM's page says that aws:SourceIp is absent here, API Gateway's that the endpoint rewrites
        // it; execute-api:viaDomainArn depends on the host name that the caller asks for.
        (Network::Vpc { .. }, _) => Lookup::Unknown,
    }
}

/// API Gateway's table says that identity keys need IAM authorisation; IAM's page says that
/// anonymous requests carry these two.
fn anonymous<'a>(key: KnownKey) -> Lookup<'a> {
    match key {
        KnownKey::PrincipalAccount | KnownKey::UserId => {
            Lookup::Maybe(Data::One(Datum::Text("anonymous", Fresh::No)))
        }
        _ => Lookup::Absent,
    }
}

fn principal(key: KnownKey, iam: &Iam) -> Lookup<'_> {
    let text = |text| one(Datum::Text(text, Fresh::No));
    let resource = split_arn(&iam.arn).map_or("", |fields| fields[5]);
    let is_user = resource.starts_with("user/");
    match key {
        KnownKey::PrincipalAccount => one(Datum::Text(iam.account.as_str(), iam.fresh)),
        // The name is not known: the text is that of one instance.
        KnownKey::PrincipalArn if iam.symbolic.is_some() => Lookup::Any,
        KnownKey::PrincipalArn => one(Datum::Text(&iam.arn, iam.fresh)),
        KnownKey::PrincipalOrgId => given(&iam.org),
        KnownKey::PrincipalOrgPaths => given(&iam.org_paths),
        KnownKey::PrincipalType if iam.symbolic.is_some() => Lookup::Any,
        KnownKey::PrincipalType if is_user => text("User"),
        KnownKey::PrincipalType if resource.starts_with("role/") => text("AssumedRole"),
        KnownKey::PrincipalType if resource.starts_with("federated-user/") => text("FederatedUser"),
        KnownKey::PrincipalType if resource == "root" => text("Account"),
        KnownKey::Username if iam.symbolic.is_some() => Lookup::Unknown,
        // The name is the caller's own choice in its own account, so a symbol may be equal to it.
        KnownKey::Username if is_user => text(resource.rsplit('/').next().unwrap_or_default()),
        KnownKey::Username if resource.is_empty() => Lookup::Unknown,
        KnownKey::Username => Lookup::Absent,
        KnownKey::UserId | KnownKey::PrincipalType => Lookup::Any,
        // Present with temporary credentials, which the caller may use or not.
        _ => Lookup::Unknown,
    }
}
