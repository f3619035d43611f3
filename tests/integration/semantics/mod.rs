//! The evaluator and the access tables, held against the rules of AWS that they follow.

mod context;
mod elements;
mod examples;
mod operators;
mod peers;
mod principals;
mod properties;
mod symbols;
mod variables;

use std::collections::BTreeMap;

use gatelint::analyze::evaluate::{Evaluation, evaluate};
use gatelint::model::{
    AbsentOr, AccountId, Caller, Fresh, Iam, Identity, Network, Request, Tri, Value as KeyValue,
    Verdict,
};
use serde_json::{Value, json};

use crate::support::policies::policy;

/// 2026-11-21T00:00:00Z, the clock of all tests.
const NOW: i64 = 1_795_219_200;

const OWNER: &str = "123456789012";
const PARTNER: &str = "111122223333";
const EVIL: &str = "999999999999";

const T: Tri = Tri::True;
const F: Tri = Tri::False;
const U: Tri = Tri::Unknown;

/// The API of all tests.
fn identity() -> Identity {
    Identity {
        partition: "aws".into(),
        region: "us-east-1".into(),
        account: OWNER.into(),
        api_id: "a1b2c3d4e5".into(),
        domain: None,
    }
}

/// `GET /prod/pets` by nobody from 8.8.8.8.
fn anonymous() -> Request {
    Request {
        caller: Caller::Anonymous,
        network: Network::internet([8, 8, 8, 8]),
        method: "GET".into(),
        stage: "prod".into(),
        path: "/pets".into(),
        context: BTreeMap::new(),
        now: NOW,
    }
}

/// The same by a session of a role of that name, in no organisation.
fn signed(account: &str, role: &str) -> Request {
    let iam = Iam {
        arn: format!("arn:aws:iam::{account}:role/{role}"),
        session: Some(format!("arn:aws:sts::{account}:assumed-role/{role}/s1")),
        account: AccountId::parse(account).expect("an account id"),
        fresh: Fresh::No,
        owner: account == OWNER,
        org: AbsentOr::Absent,
        org_paths: AbsentOr::Absent,
        symbolic: None,
    };
    Request { caller: Caller::Iam(iam), ..anonymous() }
}

/// The same by a user.
fn user(account: &str, path_and_name: &str) -> Request {
    let mut request = signed(account, "x");
    let iam = iam(&mut request);
    iam.arn = format!("arn:aws:iam::{account}:user/{path_and_name}");
    iam.session = None;
    request
}

/// The same by a principal of an account that no policy names.
fn outsider() -> Request {
    let mut request = signed("555566667777", "Outsider");
    iam(&mut request).fresh = Fresh::Yes;
    request
}

/// The principal that signs `request`.
fn iam(request: &mut Request) -> &mut Iam {
    match &mut request.caller {
        Caller::Iam(iam) => iam,
        Caller::Anonymous => panic!("nobody signs this request"),
    }
}

/// The same from a VPC endpoint.
fn from_endpoint(vpce: KeyValue, vpc: KeyValue) -> Request {
    Request { network: Network::Vpc { vpce, vpc, ip: [10, 0, 0, 5].into() }, ..anonymous() }
}

/// From an endpoint that no policy names.
fn from_fresh_endpoint() -> Request {
    from_endpoint(
        KeyValue::fresh("vpce-0f00000000000000f"),
        KeyValue::fresh("vpc-0f00000000000000f"),
    )
}

/// With a context key.
fn with(mut request: Request, key: &str, values: &[&str]) -> Request {
    let values = values.iter().copied().map(KeyValue::named).collect();
    request.context.insert(key.to_lowercase(), AbsentOr::Present(values));
    request
}

/// An Allow of everything by everyone, with `elements` in place of its own.
fn allow(elements: Value) -> Value {
    statement("Allow", elements)
}

/// A Deny of everything for everyone, with `elements` in place of its own.
fn deny(elements: Value) -> Value {
    statement("Deny", elements)
}

fn statement(effect: &str, elements: Value) -> Value {
    let mut out = json!({
        "Effect": effect,
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
    });
    let (Value::Object(out), Value::Object(elements)) = (&mut out, elements) else {
        panic!("a statement is an object")
    };
    for (key, value) in elements {
        if let Some(plain) = key.strip_prefix("Not") {
            out.remove(plain);
        }
        match value {
            Value::Null => out.remove(&key),
            value => out.insert(key, value),
        };
    }
    Value::Object(std::mem::take(out))
}

fn evaluated(statements: &[Value], request: &Request) -> Evaluation {
    let json = json!({ "Version": "2012-10-17", "Statement": statements });
    evaluate(&policy(&json), request, &identity())
}

/// What a policy of `statements` in the language of 2012 says of `request`.
fn verdict(statements: &[Value], request: &Request) -> Verdict {
    evaluated(statements, request).verdict
}

/// Whether an Allow with `elements` applies to `request`.
fn applies(elements: Value, request: &Request) -> Tri {
    evaluated(&[allow(elements)], request).statements[0]
}

/// Whether a Deny with `elements` applies to `request`.
fn denies(elements: Value, request: &Request) -> Tri {
    evaluated(&[deny(elements)], request).statements[0]
}

/// Whether a condition of one operator, key and list of values holds.
fn holds(operator: &str, key: &str, values: Value, request: &Request) -> Tri {
    applies(json!({ "Condition": { operator: { key: values } } }), request)
}
