//! Who can call, route by route.

use gatelint::analyze::reach::callers;
use gatelint::model::{CallerKind, Gate, Tri};
use serde_json::json;

use super::bench::{Bench, EVIL, NOW, OWNER, PARTNER, allow, deny, request, when};

/// The rows in short: who, where, whether, through or on account of which statement.
fn rows(bench: &Bench) -> Vec<String> {
    let found = callers(&bench.api, &bench.trust, NOW);
    assert!(!found.bounded);
    let row = |row: &gatelint::model::CallerRow| {
        let who = match &row.caller {
            CallerKind::Anonymous => "anonymous".to_owned(),
            CallerKind::AnyVpcEndpoint => "vpce".to_owned(),
            CallerKind::AnyAwsAccount => "aws".to_owned(),
            CallerKind::Organization(id) => id.clone(),
            CallerKind::Account(id) => id.to_string(),
            CallerKind::UnknownAccount(symbol) => format!("var.x{}", symbol.id),
            CallerKind::TrustedAccount(id) => format!("trusted {id}"),
            CallerKind::Owner => "owner".to_owned(),
        };
        let route = match &row.route {
            Some(route) => format!("{} {}", route.method, route.path),
            None => "any request".to_owned(),
        };
        let access = match row.access {
            Tri::True => "yes",
            Tri::Unknown => "depends",
            Tri::False => "no",
        };
        let gate = if row.gate == Gate::Authorizer { " behind the authorizer" } else { "" };
        let by = if row.denied { "denied by" } else { "by" };
        let by = row.statement.map(|at| format!(" {by} {}", bench.label(at))).unwrap_or_default();
        assert_eq!(row.witness.is_some(), row.access != Tri::False && !row_is_open(row));
        assert_eq!(row.access == Tri::Unknown, !row.needs.is_empty(), "{row:?}");
        format!("{who}: {route}: {access}{gate}{by}")
    };
    found.rows.iter().map(row).collect()
}

/// Without a policy there is nothing to make a witness of.
fn row_is_open(row: &gatelint::model::CallerRow) -> bool {
    row.witness.is_none() && row.statement.is_none()
}

#[test]
fn accounts_on_a_route_that_tells_who_signs() {
    let root = |id: &str| json!({ "Principal": { "AWS": format!("arn:aws:iam::{id}:root") } });
    let guard = deny(when("NotIpAddress", "aws:SourceIp", json!("203.0.113.0/24")));
    let bench = Bench::new(&[allow(root(PARTNER)), allow(root(EVIL)), guard])
        .routes(&["GET /pets AWS_IAM"])
        .owners(&[OWNER])
        .trusted(&[PARTNER]);
    assert_eq!(
        rows(&bench),
        [
            "anonymous: GET /pets: no",
            "aws: GET /pets: no denied by statement 2",
            "999999999999: GET /pets: yes by statement 1",
            "trusted 111122223333: GET /pets: yes by statement 0",
            "owner: GET /pets: yes",
        ]
    );
    let found = callers(&bench.api, &bench.trust, NOW);
    let owner = found.rows.last().and_then(|row| row.witness.as_ref()).map(request);
    assert_eq!(
        owner.as_deref(),
        Some("arn:aws:iam::123456789012:role/caller from 203.0.113.1: GET /prod/pets")
    );
}

#[test]
fn a_route_that_asks_nobody_is_open_to_all() {
    let bench = Bench::new(&[
        allow(json!({ "Resource": "execute-api:/*/GET/*" })),
        allow(json!({
            "Resource": "execute-api:/*/POST/*",
            "Condition": { "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } },
        })),
    ])
    .routes(&["GET /pets NONE", "POST /pets NONE"]);
    assert_eq!(
        rows(&bench),
        [
            "anonymous: GET /pets: yes by statement 0",
            "anonymous: POST /pets: no",
            "aws: GET /pets: yes by statement 0",
            "aws: POST /pets: no",
            "owner: GET /pets: yes by statement 0",
            "owner: POST /pets: yes by statement 1",
        ]
    );
}

#[test]
fn behind_an_authorizer_only_a_deny_stops() {
    let guard = |operator: &str| when(operator, "aws:SourceIp", json!("203.0.113.0/24"));
    let by_allow = Bench::new(&[allow(guard("IpAddress"))]).routes(&["GET /pets CUSTOM"]);
    assert_eq!(rows(&by_allow)[0], "anonymous: GET /pets: yes behind the authorizer");
    let by_deny = Bench::new(&[allow(json!({})), deny(guard("NotIpAddress"))]);
    let by_deny = by_deny.routes(&["GET /pets CUSTOM"]);
    assert_eq!(rows(&by_deny)[0], "anonymous: GET /pets: no denied by statement 1");
    let pool = Bench::new(&[allow(guard("IpAddress"))]).routes(&["GET /pets COGNITO"]);
    assert_eq!(rows(&pool)[0], "anonymous: GET /pets: no");
}

#[test]
fn a_private_api_has_endpoints_for_callers() {
    let bench = Bench::new(&[allow(json!({}))]).private();
    let vpce = "vpce: GET /pets: yes by statement 0";
    assert_eq!(rows(&bench)[0], vpce);
    let signed = Bench::new(&[allow(json!({}))]).private().routes(&["GET /pets AWS_IAM"]);
    assert_eq!(rows(&signed)[0], vpce);
    let none = Bench::bare().private();
    assert!(rows(&none).iter().all(|row| row.ends_with(": no")));
}

#[test]
fn members_of_an_organization() {
    let bench =
        Bench::new(&[allow(when("StringEquals", "aws:PrincipalOrgID", json!("o-trusted01")))])
            .routes(&["GET /pets AWS_IAM"]);
    assert_eq!(
        rows(&bench)[1..3],
        ["aws: GET /pets: no", "o-trusted01: GET /pets: yes by statement 0"]
    );
}
