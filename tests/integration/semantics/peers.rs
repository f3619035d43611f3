//! Policies on which other tools are wrong, each as requests with known answers.
//!
//! The numbers are those of the comparison with other tools.

use gatelint::model::{AbsentOr, Request, Value as KeyValue, Verdict};
use serde_json::{Value, json};

use super::{
    EVIL, OWNER, PARTNER, allow, anonymous, deny, from_endpoint, from_fresh_endpoint, iam,
    outsider, signed, verdict, with,
};

use Verdict::{Allow, Deny, None};

const ROOT: &str = "arn:aws:iam::999999999999:root";

/// An Allow with one condition.
fn allow_if(operator: &str, key: &str, value: Value) -> Value {
    allow(json!({ "Condition": { operator: { key: value } } }))
}

/// A Deny with one condition.
fn deny_if(operator: &str, key: &str, value: Value) -> Value {
    deny(json!({ "Condition": { operator: { key: value } } }))
}

fn from(address: &str) -> Request {
    let network = gatelint::model::Network::internet(
        address.parse::<std::net::IpAddr>().expect("an address"),
    );
    Request { network, ..anonymous() }
}

fn check(statements: &[Value], requests: &[(Request, Verdict)]) {
    for (request, expected) in requests {
        assert_eq!(verdict(statements, request), *expected, "{statements:?} {request:?}");
    }
}

#[test]
fn rows_1_to_3_everyone() {
    for principal in [json!("*"), json!({ "AWS": "*" }), json!({ "AWS": ["*"] })] {
        let statements = [allow(json!({ "Principal": principal }))];
        check(&statements, &[(anonymous(), Allow), (outsider(), Allow)]);
    }
}

#[test]
fn rows_4_and_5_guards_by_a_deny() {
    let statements =
        [allow(json!({})), deny_if("NotIpAddress", "aws:SourceIp", json!("203.0.113.0/24"))];
    check(&statements, &[(anonymous(), Deny), (from("203.0.113.9"), Allow)]);
    let statements =
        [allow(json!({})), deny_if("StringNotEquals", "aws:SourceVpce", json!("vpce-1a"))];
    let ours = from_endpoint(KeyValue::named("vpce-1a"), KeyValue::named("vpc-1a"));
    check(&statements, &[(anonymous(), Deny), (from_fresh_endpoint(), Deny), (ours, Allow)]);
}

#[test]
fn rows_6_to_8_ranges_that_hold_everything() {
    for ranges in [json!("0.0.0.0/0"), json!(["0.0.0.0/1", "128.0.0.0/1"])] {
        let statements = [allow_if("IpAddress", "aws:SourceIp", ranges)];
        check(&statements, &[(anonymous(), Allow), (from("200.1.1.1"), Allow)]);
        check(&statements, &[(from("2001:db8::1"), None)]);
    }
    let statements = [allow_if("NotIpAddress", "aws:SourceIp", json!("203.0.113.0/24"))];
    check(&statements, &[(anonymous(), Allow), (from("203.0.113.9"), None)]);
}

#[test]
fn rows_10_and_11_denials_that_leave_the_rest_open() {
    let statements = [allow(json!({})), deny_if("IpAddress", "aws:SourceIp", json!("8.8.4.4/32"))];
    check(&statements, &[(anonymous(), Allow), (from("8.8.4.4"), Deny)]);
    let statements = [allow(json!({})), deny(json!({ "Resource": "execute-api:/prod/DELETE/*" }))];
    let delete = Request { method: "DELETE".into(), ..anonymous() };
    check(&statements, &[(anonymous(), Allow), (delete, Deny)]);
}

#[test]
fn row_12_any_endpoint() {
    let statements = [allow_if("StringLike", "aws:SourceVpce", json!("*"))];
    check(&statements, &[(from_fresh_endpoint(), Allow), (anonymous(), None)]);
}

#[test]
fn rows_13_and_14_vacuous_guards() {
    let statements =
        [allow_if("ForAllValues:StringEquals", "aws:PrincipalOrgID", json!("o-aaaaaaaaaa"))];
    let mut member = outsider();
    iam(&mut member).org = AbsentOr::Present(vec![KeyValue::fresh("o-zzzzzzzzzz")]);
    check(&statements, &[(anonymous(), Allow), (outsider(), Allow), (member, None)]);
    let statements = [allow_if("StringEqualsIfExists", "aws:SourceVpce", json!("vpce-1a"))];
    check(&statements, &[(anonymous(), Allow), (from_fresh_endpoint(), None)]);
}

#[test]
fn rows_16_and_17_guards_that_anyone_passes() {
    check(&[allow_if("Bool", "aws:SecureTransport", json!("true"))], &[(anonymous(), Allow)]);
    check(&[allow_if("Bool", "aws:SecureTransport", json!(true))], &[(anonymous(), Allow)]);
    let statements = [allow_if("StringLike", "aws:Referer", json!("https://ok.example/*"))];
    let forged = with(anonymous(), "aws:Referer", &["https://ok.example/"]);
    check(&statements, &[(anonymous(), None), (forged, Allow)]);
}

#[test]
fn rows_18_and_27_named_accounts() {
    let by_principal = [allow(json!({ "Principal": { "AWS": ROOT } }))];
    let by_condition = [allow_if("StringEquals", "aws:PrincipalAccount", json!(EVIL))];
    for statements in [by_principal, by_condition] {
        let evil = signed(EVIL, "Admin");
        check(&statements, &[(anonymous(), None), (outsider(), None), (evil, Allow)]);
    }
}

#[test]
fn row_20_everyone_but_one() {
    let statements = [allow(json!({ "NotPrincipal": { "AWS": PARTNER } }))];
    let partner = signed(PARTNER, "Admin");
    check(&statements, &[(anonymous(), Allow), (outsider(), Allow), (partner, None)]);
}

#[test]
fn rows_21_and_22_absence_as_a_guard() {
    let statements = [allow_if("StringNotEquals", "aws:PrincipalOrgID", json!("o-aaaaaaaaaa"))];
    check(&statements, &[(anonymous(), Allow), (outsider(), Allow)]);
    let statements = [allow_if("Null", "aws:SourceVpce", json!("true"))];
    check(&statements, &[(anonymous(), Allow), (from_fresh_endpoint(), None)]);
}

#[test]
fn row_24_nobody() {
    let statements = [allow(json!({})), deny(json!({}))];
    check(&statements, &[(anonymous(), Deny), (outsider(), Deny), (signed(OWNER, "Admin"), Deny)]);
}

#[test]
fn row_25_a_statement_without_a_list() {
    let policy = crate::support::policies::policy(&json!({ "Statement": allow(json!({})) }));
    let got = gatelint::analyze::evaluate::evaluate(&policy, &anonymous(), &super::identity());
    assert_eq!(got.verdict, Allow);
}

#[test]
fn row_28_a_key_that_does_not_exist() {
    let statements = [allow_if("StringEquals", "aws:SourceVpceId", json!("vpce-1a"))];
    let ours = from_endpoint(KeyValue::named("vpce-1a"), KeyValue::named("vpc-1a"));
    check(&statements, &[(anonymous(), None), (ours, None)]);
}
