//! Values that nobody gave (SEMANTICS 3.9): what they may be, and what they never are.

use gatelint::analyze::access::PolicySays;
use gatelint::model::{Request, Tri, Value as KeyValue, Verdict};
use serde_json::{Value, json};

use super::{
    EVIL, F, OWNER, PARTNER, T, U, allow, anonymous, applies, denies, deny, evaluated,
    from_endpoint, from_fresh_endpoint, holds, iam, outsider, signed, verdict, with,
};

/// From an endpoint that a policy or the trust list names.
fn from_named_endpoint() -> Request {
    from_endpoint(KeyValue::named("vpce-1"), KeyValue::named("vpc-1"))
}

/// Nobody, a role of a named account, an outsider, a role of the owner.
fn callers() -> [Request; 4] {
    [anonymous(), signed(PARTNER, "Admin"), outsider(), signed(OWNER, "Admin")]
}

#[test]
fn principals() {
    for (principal, expected) in [
        // Perhaps `*`.
        (json!("«Input 1»"), [U, U, U, U]),
        (json!({ "AWS": "«Input 1»" }), [U, U, U, U]),
        (json!({ "AWS": ["«Many External 1»"] }), [U, U, U, U]),
        (json!({ "AWS": ["«Many External 1»", "*"] }), [T, T, T, T]),
        (json!({ "AWS": "«Input 1»*" }), [U, U, U, U]),
        (json!({ "AWS": "arn:aws:iam::111122223333:role/*«Input 1»" }), [T, T, T, T]),
        // An account: never a fresh one.
        (json!({ "AWS": "arn:aws:iam::«Input 1»:root" }), [F, U, F, U]),
        (json!({ "AWS": "arn:«Partition 2»:iam::«Input 1»:root" }), [F, U, F, U]),
        (json!({ "AWS": "arn:aws:iam::«Input 1»:role/Admin" }), [F, U, F, U]),
        (json!({ "AWS": "arn:aws:iam::«Input 1»:role/Other" }), [F, F, F, F]),
        (json!({ "AWS": "«Input 1»:root" }), [F, U, F, U]),
        (json!({ "AWS": "1111«Input 1»" }), [F, U, F, F]),
        // A name in a known account.
        (json!({ "AWS": "arn:aws:iam::111122223333:role/«Input 1»" }), [F, U, F, F]),
        (json!({ "AWS": "arn:aws:iam::111122223333:user/«Input 1»" }), [F, F, F, F]),
        (json!({ "AWS": "arn:aws:iam::111122223333:«Input 1»" }), [F, U, F, F]),
        (json!({ "AWS": "arn:aws:sts::111122223333:assumed-role/«Input 1»/s1" }), [F, U, F, F]),
        // The account that deploys.
        (json!({ "AWS": "«OwnerAccount 1»" }), [F, F, F, T]),
        (json!({ "AWS": "arn:aws:iam::«OwnerAccount 1»:root" }), [F, F, F, T]),
        (json!({ "AWS": "arn:«Partition 2»:iam::«OwnerAccount 1»:role/Admin" }), [F, F, F, T]),
        (json!({ "AWS": "arn:aws:iam::«OwnerAccount 1»:role/Other" }), [F, F, F, F]),
        (json!({ "AWS": "arn:aws:iam::«OwnerAccount 1»:role/«Input 2»" }), [F, F, F, U]),
        // A role of this unit.
        (json!({ "AWS": "«OwnOther 1»" }), [F, F, F, U]),
        (json!({ "Service": "«Input 1»" }), [F, F, F, F]),
    ] {
        let got = callers().map(|request| applies(json!({ "Principal": principal }), &request));
        assert_eq!(got, expected, "{principal}");
    }
}

#[test]
fn everyone_but_a_symbol() {
    let elements = json!({ "NotPrincipal": { "AWS": "arn:aws:iam::«Input 1»:root" } });
    let of = |judge: fn(Value, &Request) -> Tri| callers().map(|r| judge(elements.clone(), &r));
    assert_eq!(of(applies), [T, U, T, U]);
    assert_eq!(of(denies), [T, U, T, U]);
}

#[test]
fn an_equality_never_admits_a_fresh_caller() {
    for value in ["«Input 1»", "«External 1»", "«Opaque 1»", "vpce-«Input 1»", "«OwnVpcEndpoint 1»"]
    {
        for operator in ["StringEquals", "StringEqualsIgnoreCase"] {
            let holds =
                |request: &Request| holds(operator, "aws:SourceVpce", json!(value), request);
            assert_eq!(holds(&from_fresh_endpoint()), F, "{operator} {value}");
            assert_eq!(holds(&from_named_endpoint()), U, "{operator} {value}");
        }
        for operator in ["StringNotEquals", "StringNotEqualsIgnoreCase"] {
            let holds =
                |request: &Request| holds(operator, "aws:SourceVpce", json!(value), request);
            assert_eq!(holds(&from_fresh_endpoint()), T, "{operator} {value}");
            assert_eq!(holds(&from_named_endpoint()), U, "{operator} {value}");
        }
    }
}

#[test]
fn known_text_around_a_symbol_counts() {
    let request = with(anonymous(), "aws:Referer", &["https://ok.example/a"]);
    for (operator, value, expected) in [
        ("StringEquals", "https://«Input 1»", U),
        ("StringEquals", "http://«Input 1»", F),
        ("StringEquals", "«Input 1»/b", F),
        ("StringEquals", "https://«Input 1».example/«Input 2»", U),
        ("StringEquals", "https://«Input 1».test/«Input 2»", F),
        ("StringEqualsIgnoreCase", "HTTPS://«Input 1»/A", U),
        ("StringLike", "*«Input 1»*", U),
        ("StringLike", "?ttp://«Input 1»", F),
        ("StringNotLike", "http://«Input 1»", T),
    ] {
        let got = holds(operator, "aws:Referer", json!(value), &request);
        assert_eq!(got, expected, "{operator} {value}");
    }
}

#[test]
fn a_pattern_may_be_a_star() {
    for value in ["«Input 1»", "«External 1»", "vpce-«Opaque 1»", "«Input 1»*"] {
        let holds =
            |operator| holds(operator, "aws:SourceVpce", json!(value), &from_fresh_endpoint());
        assert_eq!(holds("StringLike"), U, "{value}");
        assert_eq!(holds("StringNotLike"), U, "{value}");
    }
    let arn = |value: &str| holds("ArnEquals", "aws:PrincipalArn", json!(value), &outsider());
    assert_eq!(arn("«Input 1»"), U);
    assert_eq!(arn("arn:aws:iam::«Input 1»:role/*"), U);
    assert_eq!(arn("arn:aws:iam::«Input 1»:user/*"), F);
    assert_eq!(arn("arn:aws:iam::«OwnerAccount 1»:role/*"), F);
}

#[test]
fn own_ids_are_exact_and_ours() {
    for value in ["«OwnVpcEndpoint 1»", "«OwnVpcEndpoint 1»*"] {
        let holds =
            |operator, request: &Request| holds(operator, "aws:SourceVpce", json!(value), request);
        assert_eq!(holds("StringLike", &from_fresh_endpoint()), F, "{value}");
        assert_eq!(holds("StringNotLike", &from_fresh_endpoint()), T, "{value}");
        assert_eq!(holds("StringLike", &from_named_endpoint()), U, "{value}");
    }
    let ranges = |value| holds("IpAddress", "aws:SourceIp", value, &anonymous());
    assert_eq!(ranges(json!("«OwnOther 1»/32")), F);
    assert_eq!(ranges(json!("«OwnOther 1»/8")), U);
    // What is written of a range bounds it, whoever chooses its address.
    assert_eq!(ranges(json!("«Input 1»/32")), F);
    assert_eq!(ranges(json!("«Input 1»/8")), U);
    assert_eq!(ranges(json!("«Input 1»")), U);
    assert_eq!(ranges(json!(["«Input 1»/32", "8.0.0.0/8"])), T);
}

#[test]
fn the_owner_account_is_the_callers_or_not() {
    for (operator, key, value, of_partner, of_owner) in [
        ("StringEquals", "aws:PrincipalAccount", "«OwnerAccount 1»", F, T),
        ("StringNotEquals", "aws:PrincipalAccount", "«OwnerAccount 1»", T, F),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::«OwnerAccount 1»:role/*", F, T),
        ("StringLike", "aws:PrincipalArn", "arn:*:iam::«OwnerAccount 1»:*", F, T),
    ] {
        let of = |request: Request| holds(operator, key, json!(value), &request);
        let got = [of(signed(PARTNER, "Admin")), of(signed(OWNER, "Admin"))];
        assert_eq!(got, [of_partner, of_owner], "{operator} {value}");
    }
    // The caller's account counts where the API's is not known.
    let mut request = signed(EVIL, "Admin");
    iam(&mut request).owner = true;
    let value = json!("«OwnerAccount 1»");
    assert_eq!(holds("StringEquals", "aws:PrincipalAccount", value, &request), T);
}

#[test]
fn other_types_of_values() {
    for (operator, key) in [
        ("IpAddress", "aws:SourceIp"),
        ("NotIpAddress", "aws:SourceIp"),
        ("DateLessThan", "aws:CurrentTime"),
        ("NumericGreaterThan", "aws:EpochTime"),
        ("Bool", "aws:SecureTransport"),
        ("Null", "aws:SourceIp"),
    ] {
        assert_eq!(holds(operator, key, json!("«Input 1»"), &anonymous()), U, "{operator}");
    }
    // Where the key is absent no value counts.
    assert_eq!(holds("IpAddress", "aws:VpcSourceIp", json!("«Input 1»"), &anonymous()), F);
    assert_eq!(holds("StringNotEquals", "aws:SourceVpc", json!("«Input 1»"), &anonymous()), T);
}

#[test]
fn stretches_of_values() {
    let range = "8.0.0.0/8";
    for (operator, values, expected) in [
        ("IpAddress", json!(["«Many Input 1»"]), U),
        ("NotIpAddress", json!(["«Many Input 1»"]), U),
        ("IpAddress", json!(["«Many Input 1»", range]), T),
        ("NotIpAddress", json!(["«Many Input 1»", range]), F),
        ("IpAddress", json!(["«Many Input 1»", "9.9.9.9"]), U),
        ("NotIpAddress", json!(["«Many Input 1»", "9.9.9.9"]), U),
        ("ForAllValues:IpAddress", json!(["«Many Input 1»", range]), T),
    ] {
        let got = holds(operator, "aws:SourceIp", values.clone(), &anonymous());
        assert_eq!(got, expected, "{operator} {values}");
    }
    // It is taken to hold some value, and none counts where the key is absent.
    let value = || json!(["«Many Input 1»"]);
    assert_eq!(holds("StringEquals", "aws:SourceVpce", value(), &anonymous()), F);
    assert_eq!(holds("StringNotEquals", "aws:SourceVpce", value(), &anonymous()), T);
    // Nobody says what an empty list means.
    assert_eq!(holds("StringEquals", "aws:SourceVpce", json!([]), &anonymous()), U);
}

#[test]
fn unknown_conditions() {
    assert_eq!(applies(json!({ "Condition": "«Many Input 1»" }), &anonymous()), U);
    let dead = json!({ "Condition": "«Many Input 1»", "Resource": "execute-api:/dev/*" });
    assert_eq!(applies(dead, &anonymous()), F);
    assert_eq!(holds("StringEquals", "«Input 1»", json!("x"), &anonymous()), U);
    assert_eq!(holds("StringLikeIfExists", "«Input 1»", json!("*"), &anonymous()), T);
    assert_eq!(holds("«Input 1»", "aws:SourceIp", json!("8.8.8.8"), &anonymous()), U);
}

#[test]
fn resources() {
    for (resource, expected) in [
        ("«ThisApiArn 1»/*", T),
        ("«ThisApiArn 1»/prod/GET/*", T),
        ("«ThisApiArn 1»/dev/*", F),
        ("«ThisApiArn 1»", F),
        ("«ThisApiArn 1»*", T),
        ("«ThisApiArn 1»/«Input 2»/GET/*", U),
        ("«ThisApiArn 1»/«Input 2»/POST/*", F),
        ("arn:«Partition 1»:execute-api:«Region 2»:«OwnerAccount 3»:«ThisApiId 4»/*", T),
        ("arn:«Partition 1»:execute-api:«Region 2»:«OwnerAccount 3»:*/prod/*", T),
        ("arn:aws-cn:execute-api:«Region 2»:«OwnerAccount 3»:*", F),
        ("arn:aws:«Region 2»:*", U),
        ("arn:«Partition 1»:*:«Region 2»:«OwnerAccount 3»:*", U),
        ("«OtherApi 1»/*", F),
        ("arn:aws:execute-api:us-east-1:123456789012:«OtherApi 1»/*", F),
        ("«Input 1»", U),
        ("«Input 1»/*", U),
        ("«Input 1»:/*", U),
        ("exec«Input 1»", U),
        ("execute-api:/«Input 1»/*", U),
        ("execute-api:/«Input 1»/*/dogs", F),
        ("execute-api:/«Input 1»/${aws:username}", F),
        ("s3«Input 1»", F),
        ("arn:aws:execute-api:«Input 1»:123456789012:a1b2c3d4e5/*", U),
        ("arn:aws:execute-api:«Input 1»:123456789012:a1b2c3d4e5/dev/*", F),
        ("arn:aws:execute-api:us-east-1:«Input 1»:other/*", F),
        ("arn:aws:execute-api:us-east-1:123456789012:«Input 1»/*/GET/pets", U),
    ] {
        let got = [json!({ "Resource": resource }), json!({ "NotResource": resource })]
            .map(|elements| applies(elements, &anonymous()));
        assert_eq!(got, [expected, !expected], "{resource}");
    }
    let list = json!({ "Resource": ["«Many Input 1»", "execute-api:/dev/*"] });
    assert_eq!(applies(list, &anonymous()), U);
    let list = json!({ "Resource": ["«Many Input 1»", "execute-api:/*"] });
    assert_eq!(applies(list, &anonymous()), T);
}

#[test]
fn nobody_knows_the_field_behind_a_symbol() {
    let request = with(anonymous(), "aws:Referer", &["arn:aws:iam::111122223333:role/a:b"]);
    assert_eq!(holds("ArnLike", "aws:Referer", json!("«Input 1»/*b"), &request), U);
    assert_eq!(holds("ArnLike", "aws:Referer", json!("arn:*b"), &request), U);
    assert_eq!(holds("ArnLike", "aws:Referer", json!("arn:*:*b"), &request), U);
    assert_eq!(holds("ArnLike", "aws:Referer", json!("arn:*«Input 1»:rol"), &request), F);
}

#[test]
fn a_symbol_and_a_variable_in_one_text() {
    let request = with(with(anonymous(), "aws:UserAgent", &["a-b"]), "aws:Referer", &["b"]);
    for (value, expected) in [
        ("«Input 1»-${aws:Referer}", U),
        ("«Input 1»+${aws:Referer}", F),
        ("«Input 1»${aws:username}", F),
        ("«Input 1»${*}", F),
    ] {
        let got = holds("StringEquals", "aws:UserAgent", json!(value), &request);
        assert_eq!(got, expected, "{value}");
    }
}

#[test]
fn an_unknown_stretch_of_statements_hides_no_known_one() {
    let stretch = json!("«Many Input 1»");
    let elsewhere = json!({ "Resource": "execute-api:/dev/*" });
    for (statements, expected, strict) in [
        (vec![stretch.clone()], Verdict::Unknown, Verdict::Unknown),
        (vec![stretch.clone(), allow(json!({}))], Verdict::Allow, Verdict::Unknown),
        (vec![stretch.clone(), deny(json!({}))], Verdict::Deny, Verdict::Deny),
        (vec![stretch.clone(), allow(elsewhere)], Verdict::Unknown, Verdict::Unknown),
        (vec![allow(json!({}))], Verdict::Allow, Verdict::Allow),
    ] {
        let got = evaluated(&statements, &anonymous());
        assert_eq!((got.verdict, got.strict_verdict()), (expected, strict), "{statements:?}");
    }
    let got = evaluated(&[stretch, allow(json!({}))], &anonymous());
    assert_eq!((got.statements.as_slice(), got.unknown_stretch), ([U, T].as_slice(), true));
    assert_eq!((got.allow, got.deny, got.may_allow(), got.may_deny()), (T, F, T, U));
    let says = PolicySays::from(&got);
    assert_eq!((says.allow, says.deny), (T, F));
}

#[test]
fn one_symbol_in_allow_and_deny() {
    // The guard that a module writes around its own endpoint, known or not.
    for id in ["«OwnVpcEndpoint 1»", "«Input 1»"] {
        let guard = json!({ "Condition": { "StringNotEquals": { "aws:SourceVpce": id } } });
        let statements = [allow(json!({})), deny(guard)];
        assert_eq!(verdict(&statements, &from_fresh_endpoint()), Verdict::Deny);
        assert_eq!(verdict(&statements, &anonymous()), Verdict::Deny);
        let guard = json!({ "Condition": { "StringEquals": { "aws:SourceVpce": id } } });
        assert_eq!(verdict(&[allow(guard)], &from_fresh_endpoint()), Verdict::None);
    }
}
