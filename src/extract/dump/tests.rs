//! Answers of the AWS CLI.

use super::extract;
use crate::extract::Extraction;
use crate::extract::testing::extracted;
use crate::model::{
    Api, EndpointType, EndpointTypes, Entry, IpAddressType, PolicyState, ProblemKind, SymbolClass,
};
use crate::source::SourceDb;

fn read(name: &str, text: &str) -> (SourceDb, Extraction) {
    extracted(extract, (name, name), text, &[], None)
}

const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/*","Condition":{"IpAddress":{"aws:SourceIp":["203.0.113.0/24"]}}}]}"#;

/// The text of a JSON string that stands for `text`, without its quotes; slashes are escaped too.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('/', "\\/")
}

/// An answer whose policy is escaped that often before it stands in JSON.
fn answer(id: &str, times: usize) -> String {
    let policy = (0..times).fold(POLICY.to_owned(), |text, _| escape(&text));
    // The text of an answer has no escape that JSON does not ask for.
    let policy = policy.replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        r#"{{"id": "{id}", "name": "orders", "createdDate": "2024-01-01T00:00:00+00:00",
  "apiKeySource": "HEADER", "endpointConfiguration": {{"types": ["REGIONAL"], "ipAddressType": "dualstack"}},
  "policy": "{policy}", "tags": {{"owner": "payments"}}, "disableExecuteApiEndpoint": false}}"#
    )
}

fn network(db: &SourceDb, out: &Extraction, api: &Api) -> String {
    let PolicyState::Known(readings) = &api.worlds[0].policy else { panic!("{api:?}") };
    let statement = readings[0].known_statements().next().expect("a statement");
    let condition = statement.known_conditions().next().expect("a condition");
    let leaf = condition.values.iter().find_map(Entry::one).expect("a value");
    assert_eq!(leaf.text(), Some("203.0.113.0/24"));
    db.slice(out.origins.span(leaf.origin))
}

#[test]
fn an_answer_is_an_api_with_an_id() {
    let (db, out) = read("api.json", &answer("a1b2c3d4e5", 1));
    let [api] = out.inventory.apis.as_slice() else { panic!("{:?}", out.inventory) };
    assert_eq!((api.address.as_str(), api.name.as_deref()), ("a1b2c3d4e5", Some("orders")));
    assert_eq!(api.tags[0].value, "payments");
    let world = &api.worlds[0];
    assert!(matches!(world.endpoint, EndpointTypes::Known(EndpointType::Regional, Some(_))));
    assert_eq!(world.ip, IpAddressType::Dualstack);
    assert!(out.inventory.problems.is_empty(), "{:?}", out.inventory.problems);
    assert_eq!(network(&db, &out, api), r#"\\\"203.0.113.0\\/24\\\""#);
}

#[test]
fn a_policy_may_be_escaped_up_to_three_times() {
    for times in 0..=3 {
        let (db, out) = read("api.json", &answer("a1b2c3d4e5", times));
        assert!(out.inventory.problems.is_empty(), "{times}: {:?}", out.inventory.problems);
        let token = network(&db, &out, &out.inventory.apis[0]);
        assert!(token.starts_with('\\') && token.ends_with('"'), "{times}: {token}");
        assert_eq!(token.replace('\\', ""), "\"203.0.113.0/24\"", "{times}");
    }
    let (_, out) = read("api.json", &answer("a1b2c3d4e5", 4));
    let unreadable = |p: &&crate::model::Problem| matches!(p.kind, ProblemKind::Unreadable { .. });
    assert!(out.inventory.problems.iter().any(|p| unreadable(&p)));
    assert!(matches!(out.inventory.apis[0].worlds[0].policy, PolicyState::Unknown(..)));
}

#[test]
fn several_answers_in_one_file() {
    let (one, two) = (answer("a1b2c3d4e5", 1), answer("f6g7h8i9j0", 1));
    let texts = [
        format!("{{\"items\": [{one}, {two}]}}"),
        format!("[{one}, {two}]"),
        format!("{one}\n{two}\n"),
        format!("\u{feff}{{\"items\": [{one}]}}{{\"items\": [{two}], \"position\": null}}"),
    ];
    for text in texts {
        let (db, out) = read("apis.json", &text);
        let ids: Vec<&str> = out.inventory.apis.iter().map(|api| api.address.as_str()).collect();
        assert_eq!(ids, ["a1b2c3d4e5", "f6g7h8i9j0"], "{text}");
        assert!(out.inventory.problems.is_empty());
        for api in &out.inventory.apis {
            assert_eq!(network(&db, &out, api), r#"\\\"203.0.113.0\\/24\\\""#);
            let id = db.slice(out.origins.span(api.origin));
            assert_eq!(id, format!("\"{}\"", api.address));
        }
    }
}

#[test]
fn yaml_in_folded_lines() {
    let policy = escape(POLICY).replace(",\\\"Principal", ",\n      \\\"Principal");
    let text = format!("items:\n- id: a1b2c3d4e5\n  policy: '{policy}'\n");
    let (db, out) = read("apis.yaml", &text);
    assert!(out.inventory.problems.is_empty(), "{:?}", out.inventory.problems);
    assert_eq!(network(&db, &out, &out.inventory.apis[0]), r#"\"203.0.113.0\/24\""#);
}

#[test]
fn the_arn_of_another_api_is_that_of_another_api() {
    let class = |id: &str| {
        let (_, out) = read("api.json", &answer(id, 1));
        let PolicyState::Known(readings) = &out.inventory.apis[0].worlds[0].policy else {
            panic!("known")
        };
        let statement = readings[0].known_statements().next().expect("a statement");
        let leaf = statement.resource.items.iter().find_map(Entry::one).expect("a resource");
        leaf.symbols().map(|symbol| symbol.class).next()
    };
    assert_eq!(class("a1b2c3d4e5"), None);
    assert_eq!(class("f6g7h8i9j0"), Some(SymbolClass::OtherApi));
}

#[test]
fn no_policy_is_no_policy_and_what_is_odd_is_said() {
    let policy = |text: &str| {
        let (_, out) = read("api.json", text);
        let policy = out.inventory.apis[0].worlds[0].policy.clone();
        (policy, out.inventory.problems.len())
    };
    assert!(matches!(policy("{\"id\": \"a\", \"name\": \"n\"}"), (PolicyState::None, 0)));
    assert!(matches!(policy("{\"id\": \"a\", \"policy\": \"\"}"), (PolicyState::None, 0)));
    let broken = r#"{"id": "a", "policy": "{\\\"Version\\\": \\\"2012"}"#;
    assert!(matches!(policy(broken), (_, 1..)));
    let (_, out) = read("api.json", "{\"items\": []}");
    assert!(out.inventory.apis.is_empty());
    assert_eq!(out.inventory.problems.len(), 1);
}

#[test]
fn hostile_answers_end() {
    let many = "{\"id\": \"a\", \"policy\": \"\"}\n".repeat(10_000);
    let (_, out) = read("many.json", &many);
    assert!(!out.inventory.apis.is_empty());
    assert!(
        out.inventory.problems.iter().any(|p| matches!(p.kind, ProblemKind::Unreadable { .. }))
    );
    let slashes = format!("{{\"id\": \"a\", \"policy\": \"{{{}\"}}", "\\\\".repeat(100_000));
    let (_, out) = read("slashes.json", &slashes);
    assert!(matches!(out.inventory.apis[0].worlds[0].policy, PolicyState::Unknown(..)));
    for text in ["{", "[[[[[[[[[[[[[[[[", "{}{", "}{", "{\"items\": {\"items\": 1}}"] {
        let (_, out) = read("odd.json", text);
        assert!(!out.inventory.problems.is_empty(), "{text}");
    }
}
