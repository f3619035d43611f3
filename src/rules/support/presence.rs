//! Which condition keys the witness's request carries, and what to ask for instead of one that it
//! does not (SEMANTICS 2.2 and 2.4).

use super::CauseCx;
use super::guard::Guard;
use crate::model::{AbsentOr, Caller, KnownKey};

/// Whether a key is in the witness's request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) enum Presence {
    /// It is.
    Present,
    /// It is not.
    Absent,
    /// It need not be: AWS's pages do not say, or the caller decides.
    Unknown,
}

/// Whether `key` is in the witness's request.
pub(super) fn presence(cx: &CauseCx<'_>, key: KnownKey) -> Presence {
    let of = |value: &AbsentOr| match value {
        AbsentOr::Absent => Presence::Absent,
        AbsentOr::Present(_) => Presence::Present,
        AbsentOr::Maybe(_) | AbsentOr::Unknown => Presence::Unknown,
    };
    if let KnownKey::PrincipalOrgId | KnownKey::PrincipalOrgPaths = key
        && let Caller::Iam(iam) = &cx.exposure.witness.caller
    {
        return of(if key == KnownKey::PrincipalOrgId { &iam.org } else { &iam.org_paths });
    }
    match key {
        KnownKey::CurrentTime | KnownKey::EpochTime | KnownKey::SecureTransport => {
            Presence::Present
        }
        KnownKey::SourceIp if cx.is_private() => Presence::Unknown,
        KnownKey::SourceIp => Presence::Present,
        key if is_vpc(key) && cx.is_private() => Presence::Present,
        key if is_vpc(key) => Presence::Absent,
        KnownKey::SourceArn | KnownKey::ViaDomainArn | KnownKey::Unsupported => Presence::Absent,
        KnownKey::PrincipalAccount | KnownKey::UserId if cx.is_anonymous() => Presence::Unknown,
        key if key.is_identity() && cx.is_anonymous() => Presence::Absent,
        key if is_chosen(key) => Presence::Unknown,
        key if key.is_identity() || key.is_free() => Presence::Present,
        _ => Presence::Unknown,
    }
}

/// Whether the key is in requests through VPC endpoints only.
pub(in crate::rules) fn is_vpc(key: KnownKey) -> bool {
    matches!(key, KnownKey::VpcSourceIp | KnownKey::SourceVpc | KnownKey::SourceVpce)
}

/// Whether the owner of an account chooses the key for its own principals, and whether they have it.
pub(in crate::rules) fn is_chosen(key: KnownKey) -> bool {
    matches!(
        key,
        KnownKey::PrincipalTag
            | KnownKey::Username
            | KnownKey::TokenIssueTime
            | KnownKey::MultiFactorAuthPresent
            | KnownKey::MultiFactorAuthAge
    )
}

/// Why the guard's key is missing from the witness's request, or may be.
pub(in crate::rules) fn why_missing(cx: &CauseCx<'_>, guard: &Guard<'_>) -> String {
    let key = guard.key(cx);
    match guard.known() {
        known if is_vpc(known) => {
            format!("requests to {} endpoints never carry {key}", cx.endpoint_name())
        }
        KnownKey::SourceIp => {
            format!("a request to a PRIVATE endpoint has no {key}, or a rewritten one")
        }
        KnownKey::SourceArn => format!("{key} is set only where an AWS service calls"),
        KnownKey::ViaDomainArn => format!("{key} is set only behind a private custom domain"),
        KnownKey::Unsupported => format!("API Gateway never sets {key}"),
        KnownKey::Undecided => format!("AWS does not say whether API Gateway sets {key}"),
        KnownKey::PrincipalOrgId | KnownKey::PrincipalOrgPaths if !cx.is_anonymous() => {
            format!("an account outside any organisation has no {key}")
        }
        _ if cx.is_anonymous() => format!("a caller without credentials has no {key}"),
        _ => format!("a request need not carry {key}"),
    }
}

/// What to write in the Allow where the guard's key does not fit the API; `None` where it fits.
pub(in crate::rules) fn fitting_key(cx: &CauseCx<'_>, known: KnownKey) -> Option<&'static str> {
    match known {
        known if is_vpc(known) && !cx.is_private() => Some(
            "write `IpAddress` on aws:SourceIp with the networks that call, or make the endpoint \
             PRIVATE and write `StringEquals` on aws:SourceVpce",
        ),
        KnownKey::SourceIp if cx.is_private() => {
            Some("write `StringEquals` on aws:SourceVpce with the ids of your endpoints")
        }
        known if known.is_identity() && cx.is_anonymous() => Some(
            "set the methods to AWS_IAM, without which no caller has an identity, and write \
             `StringEquals` on aws:PrincipalOrgID",
        ),
        KnownKey::Unsupported
        | KnownKey::SourceArn
        | KnownKey::ViaDomainArn
        | KnownKey::Undecided => Some(allow_instead(cx)),
        _ => None,
    }
}

/// The condition of an Allow that keeps the witness out.
pub(in crate::rules) fn allow_instead(cx: &CauseCx<'_>) -> &'static str {
    if cx.is_private() {
        "write `StringEquals` on aws:SourceVpce with the ids of your endpoints"
    } else if cx.is_anonymous() {
        "write `IpAddress` on aws:SourceIp with the networks that call"
    } else {
        "write `StringEquals` on aws:PrincipalOrgID with the id of your organisation"
    }
}

/// The Deny that keeps the witness out.
pub(in crate::rules) fn deny_instead(cx: &CauseCx<'_>) -> &'static str {
    if cx.is_private() {
        "deny with `StringNotEquals` on aws:SourceVpce, and list the endpoints that you admit"
    } else if cx.is_anonymous() {
        "deny with `NotIpAddress` on aws:SourceIp, and list the networks that you admit"
    } else {
        "deny with `StringNotEquals` on aws:PrincipalOrgID or aws:PrincipalAccount, and list whom \
         you admit"
    }
}
