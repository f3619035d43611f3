//! The policies that articles on trusted cross-account access print: who gets in from outside, method by
//! method, and why.

use serde_json::{Value, json};

use super::bench::{Bench, OWNER, when};

const API: &str = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234";

/// An Allow of some resources to somebody, under conditions.
fn grant(effect: &str, to: Value, resources: &[&str], with: Value) -> Value {
    let resources: Vec<String> = resources.iter().map(|rest| format!("{API}/{rest}")).collect();
    let mut out = json!({
        "Effect": effect, "Principal": to, "Action": "execute-api:Invoke", "Resource": resources,
    });
    if let Some(conditions) = with.get("Condition") {
        out["Condition"] = conditions.clone();
    }
    out
}

fn account(id: &str) -> Value {
    json!({ "AWS": format!("arn:aws:iam::{id}:root") })
}

/// Who gets in by one method: `GET NONE`.
fn by(statements: &[Value], method: &str) -> String {
    let (verb, auth) = method.split_once(' ').expect("a method and its authorization");
    let route = format!("{verb} /pets {auth}");
    Bench::new(statements).routes(&[&route]).owners(&[OWNER]).exposure()
}

fn private(statements: &[Value], method: &str) -> String {
    let (verb, auth) = method.split_once(' ').expect("a method and its authorization");
    let route = format!("{verb} /pets {auth}");
    Bench::new(statements).private().routes(&[&route]).owners(&[OWNER]).exposure()
}

const ALL: &[&str] = &["*/*/*"];

#[test]
fn the_own_account_is_nobody_from_outside() {
    let own = [grant("Allow", account(OWNER), ALL, json!({}))];
    for method in ["GET AWS_IAM", "GET NONE", "POST COGNITO", "POST CUSTOM"] {
        assert_eq!(by(&own, method), "-", "{method}");
    }
    // A private range in aws:SourceIp admits nobody, the own account included.
    let inside = when("IpAddress", "aws:SourceIp", json!("10.0.0.0/8"));
    let own = [grant("Allow", account(OWNER), ALL, inside)];
    assert_eq!(by(&own, "GET AWS_IAM"), "-");
}

#[test]
fn a_denied_account_beside_the_own_one() {
    let statements = [
        grant("Allow", account(OWNER), ALL, json!({})),
        grant("Deny", account("999999999999"), ALL, json!({})),
    ];
    assert_eq!(by(&statements, "GET AWS_IAM"), "-");
}

#[test]
fn several_accounts_get_in_where_they_sign() {
    let names = ["123456789012", "111111111111", "222222222222"];
    let roots: Vec<String> = names.iter().map(|id| format!("arn:aws:iam::{id}:root")).collect();
    let statements = [grant("Allow", json!({ "AWS": roots }), ALL, json!({}))];
    let both = "untrusted:111111111111 untrusted:222222222222";
    assert_eq!(by(&statements, "GET AWS_IAM"), both);
    assert_eq!(by(&statements, "DELETE AWS_IAM"), both);
    // Without a signature the caller is anonymous, and no account is.
    assert_eq!(by(&statements, "GET NONE"), "-");
}

#[test]
fn a_user_and_its_account_on_one_method() {
    let resource = "arn:aws:execute-api:us-east-1:123412341234:aaabbbbccc/stage/GET/pets";
    let principals = ["arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:user/David"];
    let statements = [json!({
        "Effect": "Allow", "Principal": { "AWS": principals }, "Action": "execute-api:Invoke",
        "Resource": resource,
    })];
    let by = |route: &str| Bench::new(&statements).routes(&[route]).exposure();
    // The ARN names the account that the API is in, so this is another one.
    assert_eq!(by("GET /pets AWS_IAM"), "untrusted:123456789012");
    assert_eq!(by("POST /pets AWS_IAM"), "-");
    assert_eq!(by("GET /pets NONE"), "-");
}

#[test]
fn ranges_of_addresses_admit_whoever_has_one() {
    let ranges = when("IpAddress", "aws:SourceIp", json!(["203.0.113.0/24", "198.51.100.0/24"]));
    let statements = [grant("Allow", json!("*"), ALL, ranges)];
    let both = "net:198.51.100.0/24 net:203.0.113.0/24";
    assert_eq!(by(&statements, "GET NONE"), both);
    assert_eq!(by(&statements, "GET AWS_IAM"), both);
    // Behind an authorizer an Allow is no guard; the authorizer is.
    assert_eq!(by(&statements, "GET CUSTOM"), "-");
}

#[test]
fn a_vpc_endpoint_admits_on_a_private_api_alone() {
    let endpoint = when("StringEquals", "aws:SourceVpce", json!("vpce-1234567890abcdef0"));
    let statements = [grant("Allow", json!("*"), ALL, endpoint)];
    assert_eq!(private(&statements, "GET NONE"), "endpoint:vpce-1234567890abcdef0");
    assert_eq!(by(&statements, "GET NONE"), "-");
    let vpc = when("StringEquals", "aws:SourceVpc", json!("vpc-12345678"));
    let statements = [grant("Allow", account(OWNER), ALL, vpc)];
    assert_eq!(private(&statements, "GET AWS_IAM"), "-");
    assert_eq!(by(&statements, "GET AWS_IAM"), "-");
}

#[test]
fn a_partner_by_its_account_or_by_one_role() {
    let partner = "untrusted:999888777666";
    let whole = [grant("Allow", account("999888777666"), ALL, json!({}))];
    assert_eq!(by(&whole, "GET AWS_IAM"), partner);
    let role = json!({ "AWS": "arn:aws:iam::999888777666:role/PartnerIntegrationRole" });
    let one = [grant("Allow", role.clone(), ALL, json!({}))];
    assert_eq!(by(&one, "GET AWS_IAM"), partner);
    assert_eq!(by(&one, "GET NONE"), "-");
    let from = when("IpAddress", "aws:SourceIp", json!("192.0.2.0/24"));
    let guarded = [grant("Allow", role, ALL, from)];
    assert_eq!(by(&guarded, "GET AWS_IAM"), format!("{partner} net:192.0.2.0/24"));
}

#[test]
fn reading_is_open_and_writing_is_guarded() {
    let office = when("IpAddress", "aws:SourceIp", json!("203.0.113.0/24"));
    let writing = ["prod/POST/*", "prod/PUT/*", "prod/DELETE/*"];
    let statements = [
        grant("Allow", json!("*"), &["prod/GET/*", "prod/HEAD/*"], json!({})),
        grant("Allow", json!("*"), &writing, office),
    ];
    for verb in ["GET", "HEAD"] {
        assert_eq!(by(&statements, &format!("{verb} NONE")), "anonymous aws");
        assert_eq!(by(&statements, &format!("{verb} AWS_IAM")), "aws");
    }
    for verb in ["POST", "PUT", "DELETE"] {
        assert_eq!(by(&statements, &format!("{verb} NONE")), "net:203.0.113.0/24");
    }
    // Named by no statement.
    assert_eq!(by(&statements, "PATCH NONE"), "-");
}

#[test]
fn an_account_or_an_address_is_not_an_account_from_an_address() {
    let both = |range: &str| {
        let principals = ["arn:aws:iam::111122223333:user/u", "arn:aws:iam::111122223333:root"];
        let from = when("IpAddress", "aws:SourceIp", json!(range));
        [
            grant("Allow", json!({ "AWS": principals }), ALL, json!({})),
            grant("Allow", json!("*"), &["*"], from),
        ]
    };
    let named = "untrusted:111122223333";
    assert_eq!(by(&both("203.0.113.0/24"), "GET AWS_IAM"), format!("{named} net:203.0.113.0/24"));
    assert_eq!(by(&both("203.0.113.0/24"), "GET NONE"), "net:203.0.113.0/24");
    // With the blank that the article prints nobody can tell what the range is.
    assert_eq!(by(&both(" 203.0.113.0/24"), "GET AWS_IAM"), format!("aws? {named}"));
    let anybody = "anonymous? aws? possible:111122223333";
    assert_eq!(by(&both(" 203.0.113.0/24"), "GET NONE"), anybody);
}

#[test]
fn a_deny_of_some_addresses_leaves_all_others() {
    let from = when("IpAddress", "aws:SourceIp", json!("203.0.113.0/24"));
    let statements =
        [grant("Allow", json!("*"), &["*"], json!({})), grant("Deny", json!("*"), &["*"], from)];
    assert_eq!(by(&statements, "GET NONE"), "anonymous aws");
    let reading = [grant("Allow", json!("*"), &["*/GET/*"], json!({}))];
    assert_eq!(by(&reading, "GET NONE"), "anonymous aws");
    assert_eq!(by(&reading, "POST NONE"), "-");
}
