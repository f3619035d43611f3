//! What a set admits is what the evaluator says of a condition that asks for it.

use std::collections::BTreeMap;
use std::net::IpAddr;

use gatelint::analyze::evaluate::evaluate;
use gatelint::analyze::sets::glob::Builder;
use gatelint::analyze::sets::{AddressSet, Comparison, Glob, Integers, when_missing};
use gatelint::model::{
    AbsentOr, Caller, Cidr, Identity, Network, Operator, Request, Tri, Value as KeyValue,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::policies;

/// Whether the only statement of a policy applies.
fn applies(with: &Value, request: &Request, identity: &Identity) -> Tri {
    let mut statement = json!({
        "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
    });
    statement
        .as_object_mut()
        .expect("an object")
        .extend(with.as_object().expect("an object").clone());
    let policy = policies::policy(&json!({ "Version": "2012-10-17", "Statement": [statement] }));
    evaluate(&policy, request, identity).statements[0]
}

fn request() -> Request {
    Request {
        caller: Caller::Anonymous,
        network: Network::internet([8, 8, 8, 8]),
        method: "GET".into(),
        stage: "prod".into(),
        path: "/".into(),
        context: BTreeMap::new(),
        now: 1_795_219_200,
    }
}

/// Whether a condition holds of a key that has the value `text`.
fn holds(operator: &str, value: &str, text: &str) -> Tri {
    let mut request = request();
    let given = AbsentOr::Present(vec![KeyValue::named(text)]);
    request.context.insert("aws:useragent".into(), given);
    let with = json!({ "Condition": { operator: { "aws:UserAgent": value } } });
    applies(&with, &request, &Identity::unknown())
}

/// The pattern of a text with the escapes of version 2012-10-17.
fn escaped(mut builder: Builder, mut text: &str) -> Builder {
    while let Some((before, rest)) = text.split_once("${") {
        let (inside, behind) = rest.split_once('}').expect("an escape ends");
        builder = builder.pattern(before).text(inside);
        text = behind;
    }
    builder.pattern(text)
}

fn escaped_pattern() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("*"),
        Just("?"),
        Just("a"),
        Just("b"),
        Just(":"),
        Just(":"),
        Just("${*}"),
        Just("${?}"),
        Just("${$}"),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn escapes_are_the_characters_themselves(pattern in escaped_pattern(), text in "[ab:*?$]{0,9}") {
        let near = pattern.replace("${", "").replace('}', "");
        for text in [&text, &near] {
            let like = escaped(Builder::default(), &pattern).build();
            prop_assert_eq!(Tri::from(like.contains(text)), holds("StringLike", &pattern, text), "{} {}", pattern, text);
            let arn = escaped(Builder::arn(), &pattern);
            let whole = arn.missing_colons() == 0;
            let arn = arn.build();
            if whole {
                prop_assert_eq!(Tri::from(arn.contains(text)), holds("ArnLike", &pattern, text), "{} {}", pattern, text);
            }
        }
    }

    #[test]
    fn a_resource_is_what_stands_behind_the_api(
        api in "(\\*|a1|\\?1|a\\*)",
        account in "(\\*|this-account|this\\*|2)",
        rest in "[*?/a]{0,5}",
        path in "[/a]{0,4}",
    ) {
        let identity = Identity { api_id: "a1".into(), ..Identity::unknown() };
        let pattern = format!("arn:aws:execute-api:*:{account}:{api}{rest}");
        let mut request = request();
        request.path = format!("/{path}");
        let head = format!("arn:aws:execute-api:{}:{}:a1/", identity.region, identity.account);
        let set = Glob::arn(&pattern).expect("six fields").behind(&head);
        let tail = format!("prod/GET{}", request.path);
        let found = applies(&json!({ "Resource": pattern }), &request, &identity);
        prop_assert_eq!(Tri::from(set.contains(&tail)), found, "{} {}", pattern, tail);
    }

    #[test]
    fn addresses(ranges in prop::collection::vec((any::<u32>(), 0u8..=32), 1..4), address in any::<u32>()) {
        let cidrs = ranges.iter().map(|(first, prefix)| IpAddr::V4((*first).into()).to_string() + &format!("/{prefix}"));
        let cidrs: Vec<String> = cidrs.collect();
        let set = AddressSet::from_cidrs(cidrs.iter().filter_map(|text| Cidr::parse(text)));
        let mut request = request();
        for address in [IpAddr::V4(address.into()), IpAddr::V4(ranges[0].0.into()), "2001:db8::1".parse().expect("an address")] {
            request.network = Network::internet(address);
            let with = json!({ "Condition": { "IpAddress": { "aws:SourceIp": cidrs } } });
            prop_assert_eq!(Tri::from(set.contains(address)), applies(&with, &request, &Identity::unknown()));
        }
    }

    #[test]
    fn times(shift in -3i64..4, fraction in "(\\.5)?", at in 0usize..5) {
        let mut request = request();
        request.now += shift;
        let bound = format!("2026-11-21T00:00:00{fraction}Z");
        let operator = ["DateLessThan", "DateLessThanEquals", "DateEquals", "DateGreaterThanEquals", "DateGreaterThan"][at];
        let base = Operator::parse(operator).expect("an operator").base;
        let comparison = Comparison::of_date(base).expect("a date operator");
        let set = Integers::date(comparison, &bound).expect("a date");
        for key in ["aws:CurrentTime", "aws:EpochTime"] {
            let with = json!({ "Condition": { operator: { key: bound } } });
            prop_assert_eq!(Tri::from(set.contains(request.now)), applies(&with, &request, &Identity::unknown()));
        }
    }
}

#[test]
fn a_missing_key() {
    for (name, value) in [
        ("StringEquals", "a"),
        ("StringNotEquals", "a"),
        ("StringLike", "*"),
        ("StringNotLike", "*"),
        ("NumericLessThan", "1"),
        ("DateGreaterThan", "2020-01-01T00:00:00Z"),
        ("DateNotEquals", "2020-01-01T00:00:00Z"),
        ("Bool", "true"),
        ("IpAddress", "0.0.0.0/0"),
        ("NotIpAddress", "0.0.0.0/0"),
        ("ArnLike", "*"),
        ("ArnNotEquals", "*"),
    ] {
        for prefix in ["", "ForAnyValue:", "ForAllValues:"] {
            for suffix in ["", "IfExists"] {
                let operator = format!("{prefix}{name}{suffix}");
                let with = json!({ "Condition": { &operator: { "aws:UserAgent": value } } });
                let parsed = Operator::parse(&operator).expect("an operator");
                let found = applies(&with, &request(), &Identity::unknown());
                assert_eq!(when_missing(parsed), found, "{operator}");
            }
        }
    }
}
