//! From policy verdicts to access (SEMANTICS 3.2, 3.3).
//!
//! Follows the Amazon API Gateway developer guide, "How API Gateway resource policies affect
//! authorization workflow", tables A and B. It must not look into policies or requests.

use std::borrow::Cow;

use crate::model::{AuthType, Caller, Tri, Verdict};

use super::evaluate::Evaluation;

/// Who signs a request, as method authorisation tells callers apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signer {
    /// Nobody.
    Anonymous,
    /// A principal of the API's own account.
    Owner,
    /// A principal of another account.
    Other,
}

impl Signer {
    /// Who signs a request of that caller.
    pub fn of(caller: &Caller) -> Self {
        match caller {
            Caller::Anonymous => Self::Anonymous,
            Caller::Iam(iam) if iam.owner => Self::Owner,
            Caller::Iam(_) => Self::Other,
        }
    }
}

/// What the caller's other credentials say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credential {
    /// It allows: an identity policy, an authorizer, a valid token.
    Allow,
    /// It says nothing.
    Silent,
    /// It denies.
    Deny,
    /// It is missing or invalid.
    Missing,
}

/// What a policy says, with its Allow and its Deny apart: an uncertain Allow is less than an
/// uncertain Deny where somebody else may allow too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PolicySays {
    /// Whether a statement allows.
    pub allow: Tri,
    /// Whether a statement denies.
    pub deny: Tri,
}

impl From<Verdict> for PolicySays {
    fn from(verdict: Verdict) -> Self {
        let (allow, deny) = match verdict {
            Verdict::Allow => (Tri::True, Tri::False),
            Verdict::Deny => (Tri::Unknown, Tri::True),
            Verdict::None => (Tri::False, Tri::False),
            Verdict::Unknown => (Tri::Unknown, Tri::Unknown),
        };
        Self { allow, deny }
    }
}

impl From<&Evaluation> for PolicySays {
    /// As [`Evaluation::verdict`]: an unknown stretch of statements may allow, and is not taken to
    /// deny.
    fn from(evaluation: &Evaluation) -> Self {
        Self { allow: evaluation.may_allow(), deny: evaluation.deny }
    }
}

/// The caller as a policy sees it: only a method with IAM authorisation establishes an identity, on
/// any other a signed request is anonymous too. `AuthType::Unknown` keeps the identity; judge it by
/// [`readings`].
pub fn seen_by_policy(auth: AuthType, caller: &Caller) -> Cow<'_, Caller> {
    match auth {
        AuthType::AwsIam | AuthType::Unknown => Cow::Borrowed(caller),
        AuthType::None | AuthType::Custom | AuthType::CognitoUserPools => {
            Cow::Owned(Caller::Anonymous)
        }
    }
}

/// The authorisation types that `auth` may turn out to be: all, where it is not known.
pub fn readings(auth: AuthType) -> &'static [AuthType] {
    match auth {
        AuthType::None => &[AuthType::None],
        AuthType::AwsIam => &[AuthType::AwsIam],
        AuthType::Custom => &[AuthType::Custom],
        AuthType::CognitoUserPools => &[AuthType::CognitoUserPools],
        AuthType::Unknown => {
            &[AuthType::None, AuthType::AwsIam, AuthType::Custom, AuthType::CognitoUserPools]
        }
    }
}

/// Whether a request gets through. `policy` is `None` where the API has no policy; `private` is
/// whether the endpoint type is PRIVATE (an API of that type without a policy answers nobody).
///
/// `AuthType::Unknown` is the join over all types, each with the same verdict. The verdict must be
/// the one for the caller as the policy sees it ([`seen_by_policy`]), so that the join is whole only
/// for anonymous callers; for a signed request evaluate and ask once for each of [`readings`].
pub fn access(
    auth: AuthType,
    private: bool,
    signer: Signer,
    credential: Credential,
    policy: Option<Verdict>,
) -> Tri {
    access_by(auth, private, signer, credential, policy.map(PolicySays::from))
}

/// As [`access`], for a policy whose Allow and Deny are known apart.
pub fn access_by(
    auth: AuthType,
    private: bool,
    signer: Signer,
    credential: Credential,
    policy: Option<PolicySays>,
) -> Tri {
    // A private API cannot be deployed without a policy.
    if private && policy.is_none() {
        return Tri::False;
    }
    let granted = Tri::from(credential == Credential::Allow);
    let refused = matches!(credential, Credential::Deny | Credential::Missing);
    // Without a policy nothing denies, and nothing allows where an explicit Allow is asked for.
    let says = policy.unwrap_or(PolicySays { allow: Tri::False, deny: Tri::False });
    let PolicySays { allow, deny } = says;
    match auth {
        AuthType::None => match policy {
            None => Tri::True,
            Some(_) => allow.and(!deny),
        },
        AuthType::AwsIam => match signer {
            Signer::Anonymous => Tri::False,
            _ if refused => Tri::False,
            // Table A: either side may allow.
            Signer::Owner => granted.or(allow).and(!deny),
            // Table B: both must.
            Signer::Other => granted.and(allow).and(!deny),
        },
        AuthType::Custom if refused => Tri::False,
        // Table A. An explicit Deny ends the request before the function runs.
        AuthType::Custom => granted.or(allow).and(!deny),
        AuthType::CognitoUserPools => match policy {
            None => granted,
            Some(_) => granted.and(allow).and(!deny),
        },
        AuthType::Unknown => {
            let mut each = readings(auth)
                .iter()
                .map(|auth| access_by(*auth, private, signer, credential, policy));
            let first = each.next().unwrap_or(Tri::Unknown);
            if each.all(|other| other == first) { first } else { Tri::Unknown }
        }
    }
}

#[cfg(test)]
mod tests;
