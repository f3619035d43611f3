//! Policy variables.

use gatelint::analyze::evaluate::evaluate;
use gatelint::model::{Request, Tri};
use serde_json::{Value, json};

use super::{
    F, PARTNER, T, U, allow, anonymous, applies, holds, identity, outsider, signed, user, with,
};
use crate::support::policies::policy;

/// Whether a condition holds under that version of the language.
fn in_version(version: Value, value: &str, request: &Request) -> Tri {
    let condition = json!({ "StringEquals": { "aws:UserAgent": value } });
    let mut json = json!({ "Statement": [allow(json!({ "Condition": condition }))] });
    if !version.is_null() {
        json["Version"] = version;
    }
    evaluate(&policy(&json), request, &identity()).statements[0]
}

#[test]
fn variables_need_the_language_of_2012() {
    let request = with(with(anonymous(), "aws:UserAgent", &["curl"]), "aws:Referer", &["curl"]);
    assert_eq!(in_version(json!("2012-10-17"), "${aws:Referer}", &request), T);
    for version in [json!(null), json!("2008-10-17")] {
        assert_eq!(in_version(version.clone(), "${aws:Referer}", &request), F);
        let literal = with(anonymous(), "aws:UserAgent", &["${aws:Referer}"]);
        assert_eq!(in_version(version, "${aws:Referer}", &literal), T);
    }
    for version in [json!("2012-10-16"), json!("«Input 1»")] {
        assert_eq!(in_version(version.clone(), "${aws:Referer}", &request), U);
        assert_eq!(in_version(version, "wget", &request), F);
    }
}

#[test]
fn variables_in_conditions() {
    let request = with(with(anonymous(), "aws:UserAgent", &["a*c"]), "aws:Referer", &["a*c"]);
    for (operator, value, expected) in [
        ("StringEquals", "${aws:Referer}", T),
        ("StringEquals", "${AWS:referer}", T),
        ("StringEquals", "a${*}c", T),
        ("StringEquals", "a${?}c", F),
        ("StringLike", "a${*}c", T),
        ("StringLike", "*${*}*", T),
        ("StringEquals", "a${$}c", F),
        ("StringEqualsIgnoreCase", "A${*}C", T),
        // A key that is not there, with and without a default.
        ("StringEquals", "${aws:username}", F),
        ("StringNotEquals", "${aws:username}", T),
        ("StringLike", "*${aws:username}*", F),
        ("StringEquals", "${aws:username, 'a*c'}", T),
        ("StringLike", "${aws:username, '*'}", F),
        ("StringNotEquals", "${aws:username, 'bob'}", T),
        ("StringEquals", "${aws:Referer, 'bob'}", T),
        // Malformed.
        ("StringEquals", "${aws:username, bob}", U),
        ("StringEquals", "${aws:username", F),
        ("StringLike", "a*c${", F),
    ] {
        let got = holds(operator, "aws:UserAgent", json!(value), &request);
        assert_eq!(got, expected, "{operator} {value}");
    }
    let blank = with(anonymous(), "aws:UserAgent", &["a${b"]);
    assert_eq!(holds("StringEquals", "aws:UserAgent", json!("a${b"), &blank), T);
    // Only texts and ARNs take variables.
    let value = json!("${aws:SourceIp}");
    assert_eq!(holds("IpAddress", "aws:SourceIp", value, &anonymous()), U);
}

#[test]
fn a_wildcard_in_a_variable_is_no_wildcard() {
    let request = with(with(anonymous(), "aws:UserAgent", &["curl"]), "aws:Referer", &["*"]);
    assert_eq!(holds("StringLike", "aws:UserAgent", json!("${aws:Referer}"), &request), F);
    let resource = json!({ "Resource": "execute-api:/${aws:Referer}" });
    assert_eq!(applies(resource, &request), F);
}

#[test]
fn a_variable_of_the_same_key_asks_for_its_presence() {
    let holds = |request| {
        holds("StringEquals", "aws:PrincipalAccount", json!("${aws:PrincipalAccount}"), &request)
    };
    assert_eq!(holds(outsider()), T);
    assert_eq!(holds(signed(PARTNER, "Admin")), T);
    // IAM's page gives anonymous requests an account, API Gateway's does not.
    assert_eq!(holds(anonymous()), U);
}

#[test]
fn variables_in_resources() {
    let bob = user(PARTNER, "team/prod");
    for (resource, of_bob, of_nobody) in [
        ("execute-api:/${aws:username}/*", T, F),
        ("execute-api:/${aws:username, 'prod'}/GET/pets", T, T),
        ("arn:aws:execute-api:*:*:*/${aws:username}/GET/*", T, F),
        ("arn:aws:execute-api:*:*:other/${aws:username}/GET/*", F, F),
        // IAM's page gives anonymous requests an account, API Gateway's does not.
        ("execute-api:/${aws:PrincipalAccount}/*", F, U),
        ("execute-api:/${aws:userid}/GET/*", U, U),
        ("execute-api:/${aws:userid}/POST/*", F, F),
        // IAM takes variables behind the fifth colon only.
        ("arn:aws:execute-api:us-east-1:${aws:PrincipalAccount}:a1b2c3d4e5/*", U, U),
        ("${aws:username}", U, U),
    ] {
        let elements = json!({ "Resource": resource });
        let got = [&bob, &anonymous()].map(|request| applies(elements.clone(), request));
        assert_eq!(got, [of_bob, of_nobody], "{resource}");
    }
}
