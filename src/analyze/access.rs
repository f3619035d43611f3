//! From policy verdicts to access (SEMANTICS 3.2, 3.3).

use crate::model::{AuthType, Tri, Verdict};

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

/// Whether a request gets through. `policy` is `None` where the API has no policy; `private` is
/// whether the endpoint type is PRIVATE (an API of that type without a policy answers nobody).
pub fn access(
    auth: AuthType,
    private: bool,
    signer: Signer,
    credential: Credential,
    policy: Option<Verdict>,
) -> Tri {
    let _ = (auth, private, signer, credential, policy);
    Tri::False
}
