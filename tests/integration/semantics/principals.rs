//! Who is meant by `Principal` and `NotPrincipal`.

use gatelint::model::{Fresh, Tri, Verdict};
use serde_json::{Value, json};

use super::{
    EVIL, F, PARTNER, T, U, allow, anonymous, applies, denies, deny, holds, iam, outsider, signed,
    user, verdict,
};
use crate::support::policies::{nowhere, text};

/// Whether the principal matches nobody, a role and its session, another account, an outsider.
fn reached(principal: &Value) -> [Tri; 4] {
    [anonymous(), signed(PARTNER, "Admin"), signed(EVIL, "Admin"), outsider()]
        .map(|request| applies(json!({ "Principal": principal }), &request))
}

#[test]
fn principals() {
    for (principal, expected) in [
        (json!("*"), [T, T, T, T]),
        (json!({ "AWS": "*" }), [T, T, T, T]),
        (json!({ "AWS": ["*"] }), [T, T, T, T]),
        (json!({ "AWS": PARTNER }), [F, T, F, F]),
        (json!({ "AWS": "arn:aws:iam::111122223333:root" }), [F, T, F, F]),
        (json!({ "AWS": "arn:aws:iam::111122223333:role/Admin" }), [F, T, F, F]),
        (json!({ "AWS": "arn:aws:iam::111122223333:role/admin" }), [F, F, F, F]),
        (json!({ "AWS": "arn:aws:iam::111122223333:role/Other" }), [F, F, F, F]),
        (json!({ "AWS": "arn:aws:iam::111122223333:user/Admin" }), [F, F, F, F]),
        (json!({ "AWS": "arn:aws:sts::111122223333:assumed-role/Admin/s1" }), [F, T, F, F]),
        (json!({ "AWS": "arn:aws:sts::111122223333:assumed-role/Admin/s2" }), [F, F, F, F]),
        (json!({ "AWS": ["arn:aws:iam::111122223333:role/Other", EVIL] }), [F, F, T, F]),
        // Which partition is ours may not be known.
        (json!({ "AWS": "arn:aws-cn:iam::111122223333:root" }), [F, U, F, F]),
        (json!({ "AWS": "arn:aws-cn:iam::111122223333:role/Admin" }), [F, U, F, F]),
        // Nobody who calls an API.
        (json!({ "Service": "apigateway.amazonaws.com" }), [F; 4]),
        (json!({ "Federated": "*" }), [F; 4]),
        (json!({ "CanonicalUser": "*" }), [F; 4]),
        // What AWS refuses to save admits nobody.
        (json!({ "AWS": "AROAEXAMPLEEXAMPLE123" }), [F; 4]),
        (json!({ "AWS": "11112222333" }), [F; 4]),
        (json!({ "AWS": "" }), [F; 4]),
        (json!({ "AWS": "arn:aws:s3:::root" }), [F; 4]),
        (json!({ "*": "*" }), [F; 4]),
        (json!("arn:aws:iam::111122223333:root"), [F; 4]),
        (json!(["*"]), [F; 4]),
        (json!({ "AWS": [] }), [F; 4]),
        (json!({}), [F; 4]),
        // Wildcards within an ARN are refused too; a reader may take them for everyone.
        (json!({ "AWS": "arn:aws:iam::*:root" }), [T; 4]),
        (json!({ "AWS": "arn:aws:iam::111122223333:role/*" }), [T; 4]),
        (json!({ "AWS": "1111*" }), [T; 4]),
    ] {
        assert_eq!(reached(&principal), expected, "{principal}");
    }
}

#[test]
fn a_refused_wildcard_takes_no_access_away() {
    let principal = json!({ "Principal": { "AWS": "arn:aws:iam::*:root" } });
    assert_eq!(denies(principal.clone(), &anonymous()), U);
    assert_eq!(verdict(&[allow(json!({})), deny(principal)], &anonymous()), Verdict::Unknown);
}

#[test]
fn a_user_is_its_own_arn_and_its_account() {
    let bob = user(PARTNER, "team/bob");
    for (principal, expected) in [
        ("arn:aws:iam::111122223333:user/team/bob", T),
        ("arn:aws:iam::111122223333:user/bob", F),
        ("arn:aws:iam::111122223333:role/team/bob", F),
        (PARTNER, T),
    ] {
        assert_eq!(applies(json!({ "Principal": { "AWS": principal } }), &bob), expected);
    }
}

#[test]
fn a_fresh_account_is_no_literal_whatever_its_digits() {
    let mut request = signed(PARTNER, "Admin");
    iam(&mut request).fresh = Fresh::Yes;
    assert_eq!(applies(json!({ "Principal": { "AWS": PARTNER } }), &request), F);
    let role = "arn:aws:iam::111122223333:role/Admin";
    assert_eq!(applies(json!({ "Principal": { "AWS": role } }), &request), F);
    assert_eq!(holds("StringEquals", "aws:PrincipalAccount", json!(PARTNER), &request), F);
    assert_eq!(holds("StringNotEquals", "aws:PrincipalArn", json!(role), &request), T);
    assert_eq!(holds("ArnLike", "aws:PrincipalArn", json!("arn:*:iam::*:role/A*"), &request), T);
}

#[test]
fn everyone_but() {
    let root = "arn:aws:iam::111122223333:root";
    let role = "arn:aws:iam::111122223333:role/Admin";
    let each = |principals: Value| {
        let requests = [anonymous(), signed(PARTNER, "Admin"), signed(EVIL, "Admin"), outsider()];
        let elements = json!({ "NotPrincipal": principals });
        (
            requests.clone().map(|request| applies(elements.clone(), &request)),
            requests.map(|request| denies(elements.clone(), &request)),
        )
    };
    assert_eq!(each(json!({ "AWS": root })), ([T, F, T, T], [T, F, T, T]));
    assert_eq!(each(json!({ "AWS": [root, role] })), ([T, F, T, T], [T, F, T, T]));
    // A role without its account may be denied through the account.
    assert_eq!(each(json!({ "AWS": role })), ([T, F, T, T], [T, U, T, T]));
    assert_eq!(each(json!("*")), ([F; 4], [F; 4]));
    // The list that AWS refuses exempts nobody for sure.
    assert_eq!(each(json!({})), ([U; 4], [U; 4]));
    assert_eq!(each(json!({ "AWS": "arn:aws:iam::*:root" })), ([U; 4], [U; 4]));
    assert_eq!(each(json!({ "Service": "lambda.amazonaws.com" })), ([T; 4], [T; 4]));
}

#[test]
fn a_caller_whose_name_is_not_known() {
    let mut request = signed(PARTNER, "placeholder");
    let leaf = text("arn:aws:iam::111122223333:role/«Input 1»", nowhere());
    iam(&mut request).symbolic = Some(leaf.parts);
    for (principal, expected) in [
        ("arn:aws:iam::111122223333:role/«Input 1»", T),
        ("arn:aws:iam::111122223333:role/«Input 2»", U),
        ("arn:aws:iam::111122223333:role/Known", U),
        ("arn:aws:iam::111122223333:user/Known", F),
        ("arn:aws:iam::111122223333:root", T),
        ("arn:aws:iam::999999999999:role/«Input 1»", F),
        ("arn:aws:iam::999999999999:root", F),
    ] {
        let got = applies(json!({ "Principal": { "AWS": principal } }), &request);
        assert_eq!(got, expected, "{principal}");
    }
    let value = json!("arn:aws:iam::111122223333:role/Known");
    assert_eq!(holds("StringEquals", "aws:PrincipalArn", value, &request), U);
    assert_eq!(holds("Null", "aws:PrincipalArn", json!("true"), &request), F);
    assert_eq!(holds("StringEquals", "aws:PrincipalAccount", json!(PARTNER), &request), T);
}
