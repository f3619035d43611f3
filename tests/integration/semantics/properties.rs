//! What holds of every policy and request.

use gatelint::analyze::evaluate::{Evaluation, evaluate};
use gatelint::model::{Network, Request, Tri, Verdict};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use super::{
    EVIL, OWNER, PARTNER, anonymous, from_endpoint, from_fresh_endpoint, identity, outsider,
    signed, with,
};
use crate::support::policies::policy;
use gatelint::model::Value as KeyValue;

/// Texts with symbols in them, by the place they stand in. Number 1 may be anything, number 2 is a
/// name or an id, number 3 is a list.
const PRINCIPALS: &[&str] = &[
    "*",
    PARTNER,
    "arn:aws:iam::999999999999:role/Admin",
    "«Input 1»",
    "«Many Input 3»",
    "arn:aws:iam::«Input 2»:root",
    "arn:aws:iam::111122223333:role/«Input 2»",
    "arn:aws:sts::111122223333:assumed-role/«Input 2»/s1",
    "arn:aws:iam::«OwnerAccount 9»:root",
];
const ACTIONS: &[&str] =
    &["execute-api:Invoke", "execute-api:«Input 1»", "«Input 1»", "s3:«Input 2»", "«Many Input 3»"];
const RESOURCES: &[&str] = &[
    "execute-api:/*",
    "execute-api:/«Input 1»/GET/*",
    "execute-api:/dev/«Input 2»",
    "«Input 1»",
    "«Input 1»/prod/*",
    "«Input 1»:/*",
    "arn:aws:execute-api:us-east-1:«Input 2»:a1b2c3d4e5/*",
    "arn:aws:execute-api:us-east-1:*:«Input 1»",
    "arn:aws:*:*:*:«Input 1»",
    "«ThisApiArn 9»/«Input 2»/*",
    "«Many Input 3»",
];
const CONDITIONS: &[(&str, &[&str])] = &[
    (
        "aws:SourceVpce",
        &["vpce-1", "«Input 1»", "«Input 2»", "vpce-«Input 2»", "«Many Input 3»", "*"],
    ),
    ("aws:UserAgent", &["curl", "c«Input 1»", "«Input 2»", "«Input 1»${aws:Referer}"]),
    ("aws:PrincipalAccount", &[EVIL, "«Input 2»", "9«Input 1»9", "«Many Input 3»"]),
    (
        "aws:PrincipalArn",
        &[
            "arn:aws:iam::*:role/Admin",
            "arn:aws:iam::«Input 2»:role/*",
            "arn:«Input 1»:role/Admin",
            "«Input 1»",
        ],
    ),
    ("aws:SourceIp", &["8.8.8.0/24", "«Input 1»", "8.«Input 2».0.0/16", "«Many Input 3»"]),
    ("aws:CurrentTime", &["2020-01-01", "«Input 1»", "20«Input 2»-01-01"]),
];
const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "StringLikeIfExists",
    "ForAnyValue:StringLike",
    "ForAllValues:StringNotEquals",
    "ArnLike",
    "ArnNotEquals",
    "IpAddress",
    "NotIpAddress",
    "DateLessThan",
    "DateGreaterThan",
    "Bool",
    "Null",
];
/// What symbol 1 may turn out to be.
const ANYTHING: &[&str] = &[
    "",
    "*",
    "prod",
    "?url",
    "curl",
    "Invoke",
    "vpce-1",
    "arn:aws:iam::111122223333:role/Admin",
    "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5",
    "execute-api:",
    "execute-api",
    "aws:iam::*",
    PARTNER,
    "8.8.8.8",
    "2030-01-01",
    "999",
    "true",
    "a1b2c3d4e5/prod/GET/pets",
];
/// What symbol 2 may turn out to be.
const NAMES: &[&str] = &["Admin", "Other", "prod", PARTNER, EVIL, OWNER, "1", "8", "26", "vpce-1"];

fn texts(pool: &'static [&'static str]) -> impl Strategy<Value = Value> {
    subsequence(pool, 1..=2).prop_map(|texts| json!(texts))
}

fn condition() -> impl Strategy<Value = Value> {
    (select(CONDITIONS), select(OPERATORS)).prop_flat_map(|((key, values), operator)| {
        texts(values).prop_map(move |values| json!({ operator: { key: values } }))
    })
}

fn statement() -> impl Strategy<Value = Value> {
    let either = |yes, no| prop_oneof![4 => Just(yes), 1 => Just(no)];
    (
        select(&["Allow", "Allow", "Deny", "«Input 1»"][..]),
        (either("Principal", "NotPrincipal"), texts(PRINCIPALS)),
        (either("Action", "NotAction"), texts(ACTIONS)),
        (either("Resource", "NotResource"), texts(RESOURCES)),
        prop_oneof![Just(json!({})), condition(), condition(), Just(json!(["«Many Opaque 4»"]))],
    )
        .prop_map(|(effect, principal, action, resource, condition)| {
            json!({
                "Effect": effect,
                principal.0: { "AWS": principal.1 },
                action.0: action.1,
                resource.0: resource.1,
                "Condition": condition,
            })
        })
}

fn statements() -> impl Strategy<Value = Vec<Value>> {
    proptest::collection::vec(
        prop_oneof![6 => statement(), 1 => Just(json!("«Many Input 5»"))],
        1..4,
    )
}

fn request() -> impl Strategy<Value = Request> {
    let v6: Network =
        Network::internet("2001:db8::1".parse::<std::net::IpAddr>().expect("an address"));
    select(vec![
        anonymous(),
        Request { method: "POST".into(), ..anonymous() },
        Request { network: v6, ..anonymous() },
        with(anonymous(), "aws:UserAgent", &["curl"]),
        with(with(anonymous(), "aws:UserAgent", &["curl"]), "aws:Referer", &["rl"]),
        signed(PARTNER, "Admin"),
        signed(EVIL, "Other"),
        signed(OWNER, "Admin"),
        outsider(),
        from_endpoint(KeyValue::named("vpce-1"), KeyValue::named("vpc-1")),
        from_fresh_endpoint(),
    ])
}

fn judge(statements: &Value, request: &Request) -> Evaluation {
    let json = json!({ "Version": "2012-10-17", "Statement": statements });
    evaluate(&policy(&json), request, &identity())
}

/// Writes the symbols 1 and 2 out, and list 3.
fn deployed(json: &Value, [one, two]: [&str; 2], three: &[&str]) -> Value {
    match json {
        Value::String(text) => {
            json!(text.replace("«Input 1»", one).replace("«Input 2»", two))
        }
        Value::Array(items) => Value::Array(
            items
                .iter()
                .flat_map(|item| match item.as_str() {
                    Some("«Many Input 3»") => three.iter().map(|text| json!(text)).collect(),
                    _ => vec![deployed(item, [one, two], three)],
                })
                .collect(),
        ),
        Value::Object(map) => Value::Object(
            map.iter().map(|(key, v)| (key.clone(), deployed(v, [one, two], three))).collect(),
        ),
        other => other.clone(),
    }
}

fn contradict(before: Tri, after: Tri) -> bool {
    before != Tri::Unknown && after == !before
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is deployed, it does not contradict what was certain before.
    #[test]
    fn a_value_only_decides_what_was_unknown(
        statements in statements(),
        request in request(),
        one in select(ANYTHING),
        two in select(NAMES),
        three in subsequence(NAMES, 0..3),
    ) {
        let before = json!(statements);
        let after = deployed(&before, [one, two], &three);
        let (old, new) = (judge(&before, &request), judge(&after, &request));
        for (i, (was, is)) in old.statements.iter().zip(&new.statements).enumerate() {
            prop_assert!(!contradict(*was, *is), "{i}: {was:?} {is:?}\n{before}\n{after}");
        }
        let (was, is) = (old.strict_verdict(), new.strict_verdict());
        let unknown = [was, is].contains(&Verdict::Unknown);
        prop_assert!(unknown || was == is, "{was:?} {is:?}\n{before}\n{after}");
    }

    /// The order of statements does not count, and an Allow more only opens.
    #[test]
    fn order_does_not_count(mut statements in statements(), request in request()) {
        let forward = judge(&json!(statements), &request);
        statements.reverse();
        let backward = judge(&json!(statements), &request);
        prop_assert_eq!(forward.verdict, backward.verdict);
        prop_assert_eq!(forward.strict_verdict(), backward.strict_verdict());
        prop_assert_eq!((forward.allow, forward.deny), (backward.allow, backward.deny));
    }

    /// A policy with a Deny more never lets more through.
    #[test]
    fn a_deny_never_opens(
        mut statements in statements(),
        extra in statement(),
        request in request(),
    ) {
        let before = judge(&json!(statements), &request);
        let mut extra = extra;
        extra["Effect"] = json!("Deny");
        statements.push(extra);
        let after = judge(&json!(statements), &request);
        prop_assert!(after.verdict != Verdict::Allow || before.verdict == Verdict::Allow);
        prop_assert!(after.deny >= before.deny && after.allow == before.allow);
    }

    /// No text whatever makes the evaluator panic.
    #[test]
    fn any_text_is_survived(
        texts in proptest::collection::vec(any_text(), 6),
        operator in select(OPERATORS),
        request in request(),
    ) {
        let json = json!({
            "Effect": "Allow",
            "Principal": { "AWS": texts[0] },
            "Action": texts[1],
            "Resource": texts[2],
            "Condition": { operator: { "aws:UserAgent": [texts[3], texts[4]] } },
        });
        let mut request = with(request, "aws:UserAgent", &[&texts[5]]);
        request.path.push_str(&texts[4]);
        judge(&json, &request);
    }
}

/// Text in which the characters that mean something are frequent.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[*?:/${}',a-c0-9é.-]{0,24}",
        "(arn:aws:|execute-api:/|\\$\\{aws:UserAgent|, '|\\}|\\*|:|2020-01-01T){0,6}",
        "\\PC{0,12}".prop_map(|text| text.replace(['«', '»'], "")),
    ]
}
