//! How long the decision takes: `cargo bench --bench reach`, or only the rows whose name holds a
//! text: `cargo bench --bench reach -- realistic`.
//!
//! A plain program, so that nothing but the standard library measures. Each row is the median of some
//! runs; the bounds are those that the project promises, and a row that exceeds its own is marked.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gatelint::analyze::reach::reach;
use gatelint::model::{
    Api, ApiKind, ApiWorld, AuthType, EndpointType, EndpointTypes, Framework, IpAddressType,
    PolicyState, Route, Routes, SymbolTable, Trust,
};
use gatelint::source::{Origin, Origins, SourceDb, Span};
use serde_json::{Value, json};

#[path = "../tests/integration/support/policies.rs"]
mod policies;

/// 2026-11-21T00:00:00Z
const NOW: i64 = 1_795_219_200;

fn api(statements: &[Value], routes: &[(&str, &str, AuthType)], private: bool) -> Api {
    let file = SourceDb::new().add(Path::new("policy.json"), "policy.json".into(), "");
    let origin: Origin = Origins::new().literal(Span::new(file, 0, 0));
    let policy = policies::policy(&json!({ "Version": "2012-10-17", "Statement": statements }));
    let endpoint = if private { EndpointType::Private } else { EndpointType::Regional };
    let declared = routes.iter().map(|(method, path, auth)| Route {
        method: Some((*method).to_owned()),
        path: Some((*path).to_owned()),
        auth: *auth,
        origin,
        api_key: None,
    });
    let declared: Vec<Route> = declared.collect();
    Api {
        address: "aws_api_gateway_rest_api.orders".into(),
        kind: ApiKind::RestApi,
        framework: Framework::Terraform,
        name: Some("orders".into()),
        tags: Vec::new(),
        origin,
        sites: Vec::new(),
        worlds: vec![ApiWorld {
            assumptions: Vec::new(),
            is_default: true,
            exists: true,
            endpoint: EndpointTypes::Known(endpoint, None),
            ip: IpAddressType::Ipv4,
            policy: PolicyState::Known(vec![policy]),
            routes: Routes { complete: !declared.is_empty(), declared, stages: Vec::new() },
        }],
        bounded: false,
        unresolved: Vec::new(),
        assumptions: Vec::new(),
        called: None,
        account: None,
        symbols: Arc::new(SymbolTable::default()),
    }
}

fn allow(with: Value) -> Value {
    statement("Allow", with)
}

fn deny(with: Value) -> Value {
    statement("Deny", with)
}

fn statement(effect: &str, with: Value) -> Value {
    let mut out = json!({
        "Effect": effect, "Principal": "*", "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
    });
    if let (Some(out), Value::Object(with)) = (out.as_object_mut(), with) {
        out.extend(with);
    }
    out
}

/// One Deny for each path, the way SAM writes them.
fn sam(paths: usize) -> Vec<Value> {
    let resource = |n: usize| format!("execute-api:/Prod/GET/items/path{n}");
    let guard = json!({ "StringNotEquals": { "aws:SourceVpc": "vpc-0aaaaaaaaaaaaaaa1" } });
    let mut out = Vec::new();
    for n in 0..paths {
        out.push(allow(json!({ "Resource": resource(n) })));
        out.push(deny(json!({ "Resource": resource(n), "Condition": guard })));
    }
    out
}

/// A policy of the greatest size: accounts, ranges and overlapping paths.
fn full() -> Vec<Value> {
    let mut out =
        vec![deny(json!({ "Condition": { "Bool": { "aws:SecureTransport": "false" } } }))];
    let mut number = 0;
    while json!({ "Statement": out }).to_string().len() < 8192 - 450 {
        number += 1;
        let account = 200_000_000_000u64 + number * 7;
        out.push(allow(json!({
            "Principal": { "AWS": format!("arn:aws:iam::{account}:role/Caller{number}") },
            "Resource": [format!("execute-api:/*/GET/v{number}/*"), "execute-api:/prod/POST/*"],
            "Condition": { "IpAddress": { "aws:SourceIp": [
                format!("198.51.{number}.0/24"), format!("203.0.{number}.0/25")
            ] } },
        })));
        if number % 4 == 0 {
            out.push(deny(json!({
                "Resource": format!("execute-api:/*/*/v{number}/admin*"),
                "Condition": { "StringNotLike": {
                    "aws:PrincipalArn": format!("arn:aws:iam::*:role/Caller{number}*")
                } },
            })));
        }
    }
    out
}

/// Denials that can each be left in several ways, of which hardly any fit together.
fn exploding() -> Vec<Value> {
    let mut out = vec![allow(json!({}))];
    for n in 0..40usize {
        let path = format!("execute-api:/*{}*{}*{}*", n % 7, (n * 3) % 10, (n * 7) % 9);
        let mut when = json!({});
        for k in 0..4usize {
            let key = format!("aws:PrincipalTag/k{}", (n * 5 + k * 3) % 11);
            when["StringNotLike"][key] = json!(format!("*{}*{}*", (n + k) % 10, (n * k) % 7));
        }
        out.push(deny(json!({ "NotResource": path, "Condition": when })));
    }
    out
}

fn measure(name: &str, bound: Duration, api: &Api) {
    let mut wanted = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).peekable();
    if wanted.peek().is_some() && !wanted.any(|text| name.contains(&text)) {
        return;
    }
    let trust = Trust::default();
    let mut times = Vec::new();
    let begin = Instant::now();
    let mut bounded = false;
    while times.len() < 3 || (times.len() < 200 && begin.elapsed() < Duration::from_secs(1)) {
        let start = Instant::now();
        bounded = reach(api, &trust, NOW).bounded;
        times.push(start.elapsed());
    }
    times.sort();
    let median = times[times.len() / 2];
    let mark = if median > bound { "  TOO SLOW" } else { "" };
    let note = if bounded { "  (not decided within the bound)" } else { "" };
    #[expect(clippy::print_stdout, reason = "that is what it is for")]
    {
        println!("{name:44} {median:>12.2?}  of {bound:?}{mark}{note}");
    }
}

fn main() {
    use AuthType::{AwsIam, None as Open};
    let second = Duration::from_secs(1);
    let guard = json!({ "NotIpAddress": { "aws:SourceIp": ["203.0.113.0/24", "198.51.100.7"] } });
    let usual = [
        allow(json!({ "Principal": { "AWS": [
            "arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:role/Caller"
        ] } })),
        allow(json!({ "Resource": "execute-api:/prod/GET/*" })),
        deny(json!({ "Condition": guard })),
    ];
    let routes = [("GET", "/pets", Open), ("POST", "/pets", AwsIam), ("GET", "/pets/{id}", Open)];
    measure("a realistic policy", Duration::from_millis(1), &api(&usual, &routes, false));
    measure(
        "a full policy of 8192 characters",
        Duration::from_millis(50),
        &api(&full(), &[("ANY", "/{proxy+}", AwsIam)], false),
    );
    for paths in [25, 50, 100] {
        let declared: Vec<String> = (0..paths).map(|n| format!("/items/path{n}")).collect();
        let routes: Vec<(&str, &str, AuthType)> =
            declared.iter().map(|path| ("GET", path.as_str(), Open)).collect();
        let name = format!("SAM, one Deny for each of {paths} paths");
        measure(&name, second, &api(&sam(paths), &routes, true));
    }
    measure(
        "a policy that is made to explode",
        second,
        &api(&exploding(), &[("ANY", "/{proxy+}", AwsIam)], false),
    );
}
