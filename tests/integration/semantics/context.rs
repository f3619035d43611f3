//! Which key is in which request.

use gatelint::model::{AbsentOr, Network, Request, Value as KeyValue};
use serde_json::json;

use super::{
    F, PARTNER, T, U, anonymous, from_endpoint, from_fresh_endpoint, holds, iam, signed, user, with,
};

#[test]
fn network_keys_follow_the_network() {
    let public = anonymous();
    let private = from_endpoint(KeyValue::named("vpce-1"), KeyValue::named("vpc-1"));
    for (operator, key, value, on_public, on_private) in [
        ("IpAddress", "aws:SourceIp", "8.8.8.8", T, U),
        ("NotIpAddress", "aws:SourceIp", "9.9.9.9", T, U),
        ("NotIpAddressIfExists", "aws:SourceIp", "9.9.9.9", T, U),
        ("StringLikeIfExists", "aws:SourceIp", "*", T, T),
        ("Null", "aws:SourceIp", "true", F, U),
        ("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8", F, T),
        ("StringEquals", "aws:SourceVpce", "vpce-1", F, T),
        ("StringEquals", "aws:SourceVpc", "vpc-1", F, T),
        ("StringNotEquals", "aws:SourceVpc", "vpc-1", T, F),
        ("StringEquals", "aws:SourceIp", "8.8.8.8", T, U),
        ("Bool", "aws:SecureTransport", "true", T, T),
        ("Bool", "aws:SecureTransport", "false", F, F),
        ("Null", "aws:SourceArn", "true", T, T),
        ("Null", "execute-api:viaDomainArn", "true", T, U),
        // Of 2025: no page says whether API Gateway sets them.
        ("StringEquals", "aws:VpceAccount", "111122223333", U, U),
        ("StringEquals", "aws:SourceVpcArn", "x", U, U),
        // Not in API Gateway's table.
        ("StringEquals", "aws:SourceVpceId", "vpce-1", F, F),
        ("StringNotEquals", "aws:SourceAccount", "111122223333", T, T),
        ("Null", "aws:ResourceOrgID", "true", T, T),
    ] {
        let got = [&public, &private].map(|request| holds(operator, key, json!(value), request));
        assert_eq!(got, [on_public, on_private], "{operator} {key} {value}");
    }
}

#[test]
fn version_six_addresses() {
    let from = |address: &str| Request {
        network: Network::internet(address.parse::<std::net::IpAddr>().expect("an address")),
        ..anonymous()
    };
    for (range, address, expected) in [
        ("2001:db8::/32", "2001:db8:ffff::1", T),
        ("2001:db8::/32", "2001:db9::1", F),
        ("2001:DB8:0:0::1", "2001:db8::1", T),
        ("2001:db8::1", "2001:db8::2", F),
        ("::/0", "2001:db8::1", T),
        ("::/0", "8.8.8.8", F),
        ("0.0.0.0/0", "2001:db8::1", F),
        ("0.0.0.0/0", "8.8.8.8", T),
        ("2001:db8::/129", "2001:db8::1", U),
        ("2001:db8::g/64", "2001:db8::1", U),
    ] {
        let got = holds("IpAddress", "aws:SourceIp", json!(range), &from(address));
        assert_eq!(got, expected, "{range} {address}");
    }
    let lists = json!(["bad", "2001:db8::/32"]);
    assert_eq!(holds("IpAddress", "aws:SourceIp", lists.clone(), &from("2001:db8::1")), T);
    assert_eq!(holds("NotIpAddress", "aws:SourceIp", lists.clone(), &from("2001:db8::1")), F);
    assert_eq!(holds("NotIpAddress", "aws:SourceIp", lists, &from("8.8.8.8")), U);
}

#[test]
fn identity_keys_need_an_identity() {
    let mut member = signed(PARTNER, "Admin");
    iam(&mut member).org = AbsentOr::Present(vec![KeyValue::named("o-aaaaaaaaaa")]);
    let path = KeyValue::named("o-aaaaaaaaaa/r-ab12/ou-ab12-11111111/");
    iam(&mut member).org_paths = AbsentOr::Present(vec![path]);
    let bob = user(PARTNER, "team/bob");
    for (operator, key, value, of_nobody, of_role, of_user) in [
        ("StringEquals", "aws:PrincipalAccount", PARTNER, F, T, T),
        ("StringNotEquals", "aws:PrincipalAccount", PARTNER, T, F, F),
        ("Null", "aws:PrincipalAccount", "true", U, F, F),
        ("StringLike", "aws:PrincipalAccount", "*", U, T, T),
        ("StringEqualsIfExists", "aws:PrincipalAccount", PARTNER, U, T, T),
        ("Null", "aws:userid", "true", U, F, F),
        ("StringLike", "aws:userid", "AROA*", F, U, U),
        ("StringLike", "aws:userid", "*", U, T, T),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/Admin", F, T, F),
        // The key holds the role, never the session.
        ("ArnLike", "aws:PrincipalArn", "arn:aws:sts::*:assumed-role/*", F, F, F),
        ("ArnLike", "aws:PrincipalArn", "*", F, T, T),
        ("StringEquals", "aws:PrincipalType", "AssumedRole", F, T, F),
        ("StringEquals", "aws:PrincipalType", "User", F, F, T),
        ("StringEquals", "aws:username", "bob", F, F, T),
        ("Null", "aws:username", "true", T, T, F),
        ("StringEquals", "aws:PrincipalOrgID", "o-aaaaaaaaaa", F, T, F),
        ("StringNotEquals", "aws:PrincipalOrgID", "o-aaaaaaaaaa", T, F, T),
        ("Null", "aws:PrincipalTag/team", "true", T, T, T),
        ("Bool", "aws:MultiFactorAuthPresent", "true", F, U, U),
        ("Null", "aws:TokenIssueTime", "true", T, U, U),
        ("NumericLessThan", "aws:MultiFactorAuthAge", "3600", F, U, U),
        // Several values: never without a qualifier.
        ("StringLike", "aws:PrincipalOrgPaths", "o-aaaaaaaaaa/*", F, F, F),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-aaaaaaaaaa/*", F, T, F),
        ("ForAllValues:StringLike", "aws:PrincipalOrgPaths", "o-bbbbbbbbbb/*", T, F, T),
    ] {
        let got = [&anonymous(), &member, &bob]
            .map(|request| holds(operator, key, json!(value), request));
        assert_eq!(got, [of_nobody, of_role, of_user], "{operator} {key} {value}");
    }
}

#[test]
fn the_request_sets_its_own_keys() {
    let mut request = with(anonymous(), "aws:SourceIp", &["192.0.2.1"]);
    assert_eq!(holds("IpAddress", "aws:SourceIp", json!("192.0.2.0/24"), &request), T);
    for (value, present, null) in [
        (AbsentOr::Absent, F, T),
        (AbsentOr::Present(Vec::new()), F, T),
        (AbsentOr::Unknown, U, U),
        (AbsentOr::Maybe(vec![KeyValue::named("192.0.2.1")]), U, U),
        (AbsentOr::Present(vec![KeyValue::named("nonsense")]), U, F),
    ] {
        request.context.insert("aws:sourceip".into(), value.clone());
        let ip = holds("IpAddress", "aws:SourceIp", json!("192.0.2.0/24"), &request);
        let absent = holds("Null", "aws:SourceIp", json!("true"), &request);
        assert_eq!((ip, absent), (present, null), "{value:?}");
    }
    // Both readings of an uncertain presence agree.
    let maybe = AbsentOr::Maybe(vec![KeyValue::named("192.0.2.1")]);
    request.context.insert("aws:sourceip".into(), maybe);
    assert_eq!(holds("IpAddress", "aws:SourceIp", json!("10.0.0.0/8"), &request), F);
    assert_eq!(holds("NotIpAddress", "aws:SourceIp", json!("10.0.0.0/8"), &request), T);
    assert_eq!(holds("IpAddressIfExists", "aws:SourceIp", json!("192.0.2.1"), &request), T);
}

#[test]
fn an_endpoint_that_no_policy_names_is_no_literal() {
    let request = from_fresh_endpoint();
    let same = json!("vpce-0f00000000000000f");
    assert_eq!(holds("StringEquals", "aws:SourceVpce", same, &request), F);
    assert_eq!(holds("StringLike", "aws:SourceVpce", json!("vpce-*"), &request), T);
    assert_eq!(holds("StringEquals", "aws:SourceVpce", json!("vpce-*"), &request), F);
}
