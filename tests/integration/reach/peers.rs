//! The policies on which other tools are wrong: P (some untrusted caller gets in), S (safe) or N
//! (nobody can call), as in the comparison with other tools.

use serde_json::{Value, json};

use super::bench::{Bench, OWNER, allow, deny, when};

fn public(statements: &[Value]) -> String {
    Bench::new(statements).exposure()
}

/// The same with IAM authorisation.
fn signed(statements: &[Value]) -> String {
    Bench::new(statements).routes(&["GET /pets AWS_IAM"]).exposure()
}

fn private(statements: &[Value]) -> String {
    Bench::new(statements).private().exposure()
}

#[test]
fn rows_1_to_3_everyone() {
    for principal in [json!("*"), json!({ "AWS": "*" }), json!({ "AWS": ["*"] })] {
        let statements = [allow(json!({ "Principal": principal }))];
        assert_eq!(public(&statements), "anonymous aws");
        assert_eq!(signed(&statements), "aws");
        assert_eq!(private(&statements), "aws vpce");
    }
}

#[test]
fn rows_4_and_5_guards_by_a_deny() {
    let by_ip =
        [allow(json!({})), deny(when("NotIpAddress", "aws:SourceIp", json!("203.0.113.0/24")))];
    assert_eq!(public(&by_ip), "net:203.0.113.0/24");
    assert_eq!(signed(&by_ip), "net:203.0.113.0/24");
    assert!(Bench::new(&by_ip).holes().is_empty());
    let by_endpoint =
        [allow(json!({})), deny(when("StringNotEquals", "aws:SourceVpce", json!("vpce-1a")))];
    assert_eq!(private(&by_endpoint), "endpoint:vpce-1a");
    assert_eq!(public(&by_endpoint), "-");
}

#[test]
fn rows_6_to_8_ranges_that_hold_everything() {
    for ranges in [json!("0.0.0.0/0"), json!(["0.0.0.0/1", "128.0.0.0/1"])] {
        assert_eq!(public(&[allow(when("IpAddress", "aws:SourceIp", ranges))]), "anonymous aws");
    }
    let all_but = [allow(when("NotIpAddress", "aws:SourceIp", json!("203.0.113.0/24")))];
    assert_eq!(public(&all_but), "anonymous aws");
    assert_eq!(signed(&all_but), "aws");
}

#[test]
fn rows_10_and_11_deny_lists() {
    let but_one = [allow(json!({})), deny(when("IpAddress", "aws:SourceIp", json!("8.8.8.8/32")))];
    assert_eq!(public(&but_one), "anonymous aws");
    let but_delete = [allow(json!({})), deny(json!({ "Resource": "execute-api:/prod/DELETE/*" }))];
    assert_eq!(public(&but_delete), "anonymous aws");
}

#[test]
fn row_12_any_vpc() {
    let statements = [allow(when("StringLike", "aws:SourceVpce", json!("*")))];
    assert_eq!(private(&statements), "aws vpce");
    assert_eq!(public(&statements), "-");
}

#[test]
fn rows_13_and_14_guards_that_hold_without_the_key() {
    let for_all =
        [allow(when("ForAllValues:StringEquals", "aws:PrincipalOrgID", json!("o-trusted01")))];
    assert_eq!(public(&for_all), "anonymous aws");
    let if_exists = [allow(when("StringEqualsIfExists", "aws:SourceVpce", json!("vpce-1a")))];
    assert_eq!(public(&if_exists), "anonymous aws");
    assert_eq!(private(&if_exists), "endpoint:vpce-1a");
}

#[test]
fn rows_16_and_17_conditions_that_anybody_meets() {
    let tls = [allow(when("Bool", "aws:SecureTransport", json!("true")))];
    assert_eq!(public(&tls), "anonymous aws");
    let referer = [allow(when("StringLike", "aws:Referer", json!("https://example.com/*")))];
    assert_eq!(public(&referer), "anonymous aws");
    assert_eq!(private(&referer), "aws vpce");
}

#[test]
fn row_18_a_named_account() {
    let statements = [allow(json!({ "Principal": { "AWS": "arn:aws:iam::999999999999:root" } }))];
    assert_eq!(signed(&statements), "untrusted:999999999999");
    let bench = Bench::new(&statements).routes(&["GET /pets AWS_IAM"]);
    assert_eq!(bench.holes(), ["999999999999 proved through 0"]);
}

#[test]
fn row_20_allow_notprincipal() {
    let root = format!("arn:aws:iam::{OWNER}:root");
    let statements = [allow(json!({ "NotPrincipal": { "AWS": root } }))];
    let bench = Bench::new(&statements).owners(&[OWNER]);
    assert_eq!(bench.exposure(), "anonymous aws");
    let bench = bench.routes(&["GET /pets AWS_IAM"]);
    assert_eq!(bench.exposure(), "aws");
}

#[test]
fn rows_21_and_22_exactly_those_without_the_key() {
    let not_ours = [allow(when("StringNotEquals", "aws:PrincipalOrgID", json!("o-trusted01")))];
    assert_eq!(public(&not_ours), "anonymous aws");
    assert_eq!(signed(&not_ours), "aws");
    let no_vpc = [allow(when("Null", "aws:SourceVpce", json!("true")))];
    assert_eq!(public(&no_vpc), "anonymous aws");
    assert_eq!(private(&no_vpc), "-");
}

#[test]
fn row_24_deny_all() {
    let statements = [allow(json!({})), deny(json!({}))];
    assert_eq!(public(&statements), "-");
    assert_eq!(signed(&statements), "-");
}

#[test]
fn row_25_one_statement_as_an_object() {
    let document = json!({ "Version": "2012-10-17", "Statement": allow(json!({})) });
    assert_eq!(Bench::json(&document).exposure(), "anonymous aws");
}

#[test]
fn row_27_an_account_named_by_a_condition() {
    let statements = [allow(when("StringEquals", "aws:PrincipalAccount", json!("999999999999")))];
    assert_eq!(signed(&statements), "untrusted:999999999999");
}

#[test]
fn row_28_a_key_that_does_not_exist() {
    let statements = [allow(when("StringEquals", "aws:SourceVpceId", json!("vpce-1a")))];
    assert_eq!(public(&statements), "-");
    assert_eq!(private(&statements), "-");
}
