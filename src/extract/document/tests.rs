//! Bare documents.

use super::extract;
use crate::extract::Extraction;
use crate::extract::testing::extracted;
use crate::model::{ApiKind, EndpointTypes, Form, Framework, PolicyState, ProblemKind};
use crate::source::SourceDb;

fn read(name: &str, text: &str) -> (SourceDb, Extraction) {
    extracted(extract, (name, &format!("policies/{name}")), text, &[], None)
}

const JSON: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
  ]
}"#;

#[test]
fn a_json_document_is_an_api_of_its_own() {
    let (db, out) = read("open.json", JSON);
    let [api] = out.inventory.apis.as_slice() else { panic!("one API") };
    assert_eq!((api.kind, api.framework), (ApiKind::Document, Framework::Policy));
    assert_eq!(api.address, "policies/open.json");
    assert_eq!(api.sites[0].form, Form::Document);
    assert_eq!(api.worlds[0].endpoint, EndpointTypes::Document);
    let PolicyState::Known(readings) = &api.worlds[0].policy else { panic!("known") };
    let statement = readings[0].known_statements().next().expect("a statement");
    let leaf = &statement.everyone().expect("everyone").value;
    assert_eq!(db.slice(out.origins.span(leaf.origin)), "\"*\"");
    assert!(out.inventory.problems.is_empty());
}

#[test]
fn a_yaml_document_is_one_too() {
    let text = "Version: 2012-10-17\nStatement:\n- Effect: Allow\n  Principal: {AWS: 111122223333}\n  \
                Action: execute-api:Invoke\n  Resource: execute-api:/*\n";
    let (_, out) = read("partner.yaml", text);
    let PolicyState::Known(readings) = &out.inventory.apis[0].worlds[0].policy else {
        panic!("known")
    };
    assert_eq!(readings[0].statements.len(), 1);
}

#[test]
fn duplicate_keys_are_reported_once_and_both_readings_judged() {
    let text = JSON.replace(
        "\"Principal\": \"*\"",
        "\"Principal\": \"*\", \"Principal\": {\"AWS\": \"111122223333\"}",
    );
    let (db, out) = read("twice.json", &text);
    let PolicyState::Known(readings) = &out.inventory.apis[0].worlds[0].policy else {
        panic!("known")
    };
    assert_eq!(readings.len(), 2);
    let duplicates: Vec<_> = out
        .inventory
        .problems
        .iter()
        .filter(|p| matches!(p.kind, ProblemKind::DuplicateKey { .. }))
        .collect();
    let [duplicate] = duplicates.as_slice() else { panic!("one duplicate, not {duplicates:?}") };
    let span = out.origins.span(duplicate.origin);
    assert_eq!(db.slice(span), "\"Principal\"");
    assert!(span.start > out.origins.span(duplicate.related[0].0).start);
}

#[test]
fn a_broken_document_is_reported_and_judged() {
    let text = JSON.replace("\"Allow\",", "\"Allow\"");
    let (_, out) = read("broken.json", &text);
    assert!(
        out.inventory.problems.iter().any(|p| matches!(p.kind, ProblemKind::Unreadable { .. }))
    );
    let PolicyState::Known(readings) = &out.inventory.apis[0].worlds[0].policy else {
        panic!("known")
    };
    assert!(readings[0].known_statements().next().is_some_and(|s| s.everyone().is_some()));
}

#[test]
fn an_empty_file_is_not_silent() {
    for text in ["", "\u{feff}", "# nothing\n"] {
        let (_, out) = read("empty.yaml", text);
        assert!(out.inventory.apis.is_empty());
        assert_eq!(out.inventory.problems.len(), 1, "{text:?}");
    }
}
