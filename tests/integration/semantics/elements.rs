//! Effects, actions and resources, and what a statement without one of them says.

use gatelint::analyze::evaluate::evaluate;
use gatelint::model::{Identity, Verdict};
use serde_json::json;

use super::{F, T, U, allow, anonymous, applies, deny, evaluated, identity, verdict};
use crate::support::policies::policy;

#[test]
fn what_a_statement_lacks_is_not_nothing() {
    let without = |element: &str| applies(json!({ element: null }), &anonymous());
    assert_eq!(without("Principal"), U);
    assert_eq!(without("Action"), U);
    assert_eq!(without("Resource"), U);
    for (elements, expected) in [
        (json!({ "Action": [] }), F),
        (json!({ "Resource": [] }), F),
        (json!({ "NotAction": [] }), U),
        (json!({ "NotResource": [] }), U),
        (json!({ "Condition": {} }), T),
        (json!({ "Condition": { "StringEquals": {} } }), T),
        (json!({ "Condition": { "StringEquals": { "aws:Referer": [] } } }), U),
    ] {
        assert_eq!(applies(elements.clone(), &anonymous()), expected, "{elements}");
    }
}

#[test]
fn effects() {
    for effect in [json!("allow"), json!("DENY"), json!("«Input 1»"), json!(null)] {
        let statement = allow(json!({ "Effect": effect }));
        let got = evaluated(std::slice::from_ref(&statement), &anonymous());
        assert_eq!((got.verdict, got.allow, got.deny), (Verdict::Unknown, U, U), "{effect}");
        assert_eq!(got.statements, [T]);
        // It may deny.
        assert_eq!(verdict(&[allow(json!({})), statement], &anonymous()), Verdict::Unknown);
        let elsewhere = allow(json!({ "Effect": effect, "Resource": "execute-api:/dev/*" }));
        assert_eq!(verdict(&[elsewhere], &anonymous()), Verdict::None);
    }
}

#[test]
fn statements_combine() {
    let guarded = json!({ "Condition": { "IpAddress": { "aws:SourceIp": "bad" } } });
    let elsewhere = json!({ "Resource": "execute-api:/dev/*" });
    let (yes, no) = (allow(json!({})), deny(json!({})));
    let (maybe, maybe_not) = (allow(guarded.clone()), deny(guarded));
    for (statements, expected) in [
        (vec![], Verdict::None),
        (vec![allow(elsewhere.clone()), deny(elsewhere)], Verdict::None),
        (vec![yes.clone()], Verdict::Allow),
        (vec![no.clone()], Verdict::Deny),
        (vec![yes.clone(), no.clone()], Verdict::Deny),
        (vec![maybe.clone()], Verdict::Unknown),
        (vec![maybe.clone(), yes.clone()], Verdict::Allow),
        (vec![maybe_not.clone()], Verdict::Unknown),
        (vec![yes, maybe_not.clone()], Verdict::Unknown),
        (vec![maybe_not, maybe, no], Verdict::Deny),
    ] {
        assert_eq!(verdict(&statements, &anonymous()), expected, "{statements:?}");
    }
}

#[test]
fn actions() {
    for (action, expected) in [
        (json!("execute-api:Invoke"), T),
        (json!("*"), T),
        (json!("execute-api:*"), T),
        (json!("EXECUTE-API:inv*"), T),
        (json!("execute-api:Invok?"), T),
        (json!("execute-api:InvokeX"), F),
        (json!("execute-api:InvalidateCache"), F),
        (json!("execute-api:ManageConnections"), F),
        (json!("s3:*"), F),
        (json!(["s3:*", "execute-api:Invoke"]), T),
        (json!("execute-api:«Input 1»"), U),
        (json!("s3:«Input 1»"), F),
        (json!(["s3:*", "«Many Input 1»"]), U),
        (json!(["execute-api:*", "«Many Input 1»"]), T),
    ] {
        let got = [json!({ "Action": action }), json!({ "NotAction": action })]
            .map(|elements| applies(elements, &anonymous()));
        assert_eq!(got, [expected, !expected], "{action}");
    }
}

#[test]
fn resources() {
    for (resource, expected) in [
        ("*", T),
        ("execute-api:/*", T),
        ("execute-api:/prod/GET/pets", T),
        ("execute-api:/prod/GET/pets/", F),
        ("execute-api:/prod/get/pets", F),
        ("execute-api:/prod/GET/*", T),
        ("execute-api:/prod*", T),
        ("execute-api:/pro", F),
        ("execute-api:/*/GET/pets", T),
        ("execute-api:/????/???/p?ts", T),
        ("execute-api:/*/*/*/*", F),
        ("arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/*", T),
        ("arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5", F),
        ("arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/", F),
        ("arn:aws:execute-api:us-east-1:123456789012:*", T),
        ("arn:aws:execute-api:*:*:*", T),
        ("arn:aws:execute-api:us-*:*:*/prod/*", T),
        ("arn:aws:execute-api:us-east-1:123456789012:other/*", F),
        ("arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/*", F),
        ("arn:aws:execute-api:us-east-1:999999999999:a1b2c3d4e5/*", F),
        ("ARN:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/*", F),
        // A wildcard stays in its field.
        ("arn:aws:execute-api:us-east-1*:a1b2c3d4e5/*", U),
        ("arn:aws:execute-api:*:a1b2c3d4e5/prod:/GET/pets", F),
        // Nobody says what these mean.
        ("arn:aws:*:us-east-1:123456789012:a1b2c3d4e5/*", U),
        ("arn:aws:s?:us-east-1:123456789012:a1b2c3d4e5/*", F),
        ("execute-api:*", U),
        ("arn:aws:execute-api:*", U),
        ("*/*", U),
        ("", U),
    ] {
        let got = [json!({ "Resource": resource }), json!({ "NotResource": resource })]
            .map(|elements| applies(elements, &anonymous()));
        assert_eq!(got, [expected, !expected], "{resource}");
    }
}

#[test]
fn a_path_may_hold_colons() {
    let mut request = anonymous();
    request.path = "/pets:feed".into();
    assert_eq!(applies(json!({ "Resource": "execute-api:/prod/GET/pets:feed" }), &request), T);
    let arn = "arn:aws:execute-api:*:*:a1b2c3d4e5/*:feed";
    assert_eq!(applies(json!({ "Resource": arn }), &request), T);
}

#[test]
fn an_api_of_which_nothing_is_known_is_matched_by_wildcards_alone() {
    let applies = |resource: &str| {
        let statement = allow(json!({ "Resource": resource }));
        let policy = policy(&json!({ "Version": "2012-10-17", "Statement": statement }));
        evaluate(&policy, &anonymous(), &Identity::unknown()).statements[0]
    };
    assert_eq!(applies("execute-api:/prod/*"), T);
    assert_eq!(applies("arn:aws:execute-api:*:*:*/prod/GET/*"), T);
    assert_eq!(applies("«ThisApiArn 1»/prod/*"), T);
    assert_eq!(applies("arn:aws:execute-api:us-east-1:123456789012:*"), F);
}

#[test]
fn a_custom_domain_has_an_arn_of_its_own() {
    let identity = Identity { domain: Some("api.example.com+abc123".into()), ..identity() };
    for (resource, expected) in [
        ("arn:aws:execute-api:us-east-1:123456789012:/domainnames/api.example.com+abc123", T),
        ("arn:aws:execute-api:us-east-1:123456789012:/domainnames/*", T),
        ("arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/*", F),
        ("*", T),
        ("execute-api:/*", T),
        ("execute-api:/domainnames/*", U),
    ] {
        let statement = allow(json!({ "Resource": resource }));
        let policy = policy(&json!({ "Version": "2012-10-17", "Statement": statement }));
        let got = evaluate(&policy, &anonymous(), &identity).statements[0];
        assert_eq!(got, expected, "{resource}");
    }
}
