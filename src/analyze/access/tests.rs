//! The tables of SEMANTICS 3.2, row by row.

use super::*;

const VERDICTS: [Option<Verdict>; 5] =
    [None, Some(Verdict::Allow), Some(Verdict::None), Some(Verdict::Deny), Some(Verdict::Unknown)];
const T: Tri = Tri::True;
const F: Tri = Tri::False;
const U: Tri = Tri::Unknown;

/// The answers for no policy, Allow, None, Deny, Unknown.
fn row(auth: AuthType, signer: Signer, credential: Credential) -> [Tri; 5] {
    VERDICTS.map(|verdict| access(auth, false, signer, credential, verdict))
}

#[test]
fn without_authorisation_the_policy_alone_decides() {
    for signer in [Signer::Anonymous, Signer::Owner, Signer::Other] {
        for credential in
            [Credential::Allow, Credential::Silent, Credential::Deny, Credential::Missing]
        {
            assert_eq!(row(AuthType::None, signer, credential), [T, T, F, F, U]);
        }
    }
}

#[test]
fn iam_refuses_unsigned_requests() {
    for credential in [Credential::Allow, Credential::Silent, Credential::Deny] {
        assert_eq!(row(AuthType::AwsIam, Signer::Anonymous, credential), [F; 5]);
    }
}

#[test]
fn iam_of_the_same_account_is_either_side() {
    let row = |credential| row(AuthType::AwsIam, Signer::Owner, credential);
    assert_eq!(row(Credential::Allow), [T, T, T, F, U]);
    assert_eq!(row(Credential::Silent), [F, T, F, F, U]);
    assert_eq!(row(Credential::Deny), [F; 5]);
    assert_eq!(row(Credential::Missing), [F; 5]);
}

#[test]
fn iam_of_another_account_is_both_sides() {
    let row = |credential| row(AuthType::AwsIam, Signer::Other, credential);
    assert_eq!(row(Credential::Allow), [F, T, F, F, U]);
    assert_eq!(row(Credential::Silent), [F; 5]);
    assert_eq!(row(Credential::Deny), [F; 5]);
}

#[test]
fn an_authorizer_is_either_side_but_for_a_deny() {
    let row = |credential| row(AuthType::Custom, Signer::Anonymous, credential);
    assert_eq!(row(Credential::Allow), [T, T, T, F, U]);
    assert_eq!(row(Credential::Silent), [F, T, F, F, U]);
    assert_eq!(row(Credential::Deny), [F; 5]);
    assert_eq!(row(Credential::Missing), [F; 5]);
}

#[test]
fn a_user_pool_needs_an_explicit_allow_too() {
    let row = |credential| row(AuthType::CognitoUserPools, Signer::Anonymous, credential);
    assert_eq!(row(Credential::Allow), [T, T, F, F, U]);
    assert_eq!(row(Credential::Missing), [F; 5]);
    assert_eq!(row(Credential::Silent), [F; 5]);
}

#[test]
fn a_private_api_without_a_policy_answers_nobody() {
    for auth in readings(AuthType::Unknown) {
        let answer = access(*auth, true, Signer::Owner, Credential::Allow, None);
        assert_eq!(answer, F);
        let answer = access(*auth, true, Signer::Owner, Credential::Allow, Some(Verdict::Allow));
        assert_eq!(answer, T);
    }
}

#[test]
fn unknown_authorisation_joins_all() {
    let row = |credential| row(AuthType::Unknown, Signer::Anonymous, credential);
    assert_eq!(row(Credential::Allow), [U, U, U, F, U]);
    let signed =
        access(AuthType::Unknown, false, Signer::Other, Credential::Allow, Some(Verdict::Allow));
    assert_eq!(signed, T);
    assert_eq!(readings(AuthType::AwsIam), [AuthType::AwsIam]);
}

#[test]
fn an_uncertain_allow_is_not_an_uncertain_deny() {
    let says = |allow, deny| {
        let says = Some(PolicySays { allow, deny });
        access_by(AuthType::Custom, false, Signer::Anonymous, Credential::Allow, says)
    };
    assert_eq!(says(U, F), T);
    assert_eq!(says(F, U), U);
    assert_eq!(says(T, U), U);
    assert_eq!(says(U, T), F);
}

#[test]
fn only_iam_methods_show_the_caller_to_the_policy() {
    use crate::model::{AbsentOr, AccountId, Fresh, Iam};
    let caller = Caller::Iam(Iam {
        arn: "arn:aws:iam::111122223333:role/Admin".into(),
        session: None,
        account: AccountId::parse("111122223333").expect("an account id"),
        fresh: Fresh::No,
        owner: false,
        org: AbsentOr::Absent,
        org_paths: AbsentOr::Absent,
        symbolic: None,
    });
    assert_eq!(Signer::of(&caller), Signer::Other);
    assert_eq!(*seen_by_policy(AuthType::AwsIam, &caller), caller);
    for auth in [AuthType::None, AuthType::Custom, AuthType::CognitoUserPools] {
        assert_eq!(*seen_by_policy(auth, &caller), Caller::Anonymous);
    }
}
