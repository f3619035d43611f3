//! Applications of AWS Chalice.

use super::extract;
use crate::extract::Extraction;
use crate::extract::testing::extracted;
use crate::model::{EndpointType, EndpointTypes, PolicyState};
use crate::source::SourceDb;

const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}]}"#;

fn read(text: &str) -> (SourceDb, Extraction) {
    let place = ("/a/.chalice/config.json", "a/.chalice/config.json");
    let files = [("/a/.chalice/policy.json", POLICY), ("/elsewhere/policy.json", POLICY)];
    extracted(extract, place, text, &files, Some("/a"))
}

#[test]
fn each_stage_is_an_api() {
    let (db, out) = read(
        r#"{"version": "2.0", "app_name": "orders", "api_gateway_endpoint_type": "REGIONAL", "stages": {
          "dev": {"api_gateway_policy_file": "policy.json"},
          "prod": {"api_gateway_endpoint_type": "PRIVATE", "api_gateway_endpoint_vpce": ["vpce-0123456789abcdef0"]},
          "qa": {}}}"#,
    );
    let names: Vec<&str> = out.inventory.apis.iter().map(|api| api.address.as_str()).collect();
    assert_eq!(names, ["orders.dev", "orders.prod", "orders.qa"]);
    let worlds: Vec<_> = out.inventory.apis.iter().map(|api| api.worlds[0].clone()).collect();
    assert!(matches!(worlds[0].endpoint, EndpointTypes::Known(EndpointType::Regional, _)));
    assert!(matches!(worlds[1].endpoint, EndpointTypes::Known(EndpointType::Private, _)));
    let at = out.inventory.apis[0].sites[0].origin;
    assert_eq!(db.file(out.origins.span(at).file).display, "a/.chalice/policy.json");
    let conditions = |at: usize| {
        let PolicyState::Known(readings) = &worlds[at].policy else { panic!("known") };
        let statement = readings[0].known_statements().next().expect("a statement");
        statement.known_conditions().count()
    };
    assert_eq!((conditions(0), conditions(1)), (0, 1));
    assert!(matches!(worlds[2].policy, PolicyState::None));
    assert!(out.inventory.problems.is_empty());
}

#[test]
fn a_policy_that_cannot_be_read_is_unknown() {
    for name in ["no.json", "../../elsewhere/policy.json", "/elsewhere/policy.json", ""] {
        let text = format!(r#"{{"stages": {{"dev": {{"api_gateway_policy_file": "{name}"}}}}}}"#);
        let (_, out) = read(&text);
        let api = &out.inventory.apis[0];
        assert!(matches!(api.worlds[0].policy, PolicyState::Unknown(..)), "{name}");
        assert_eq!(api.unresolved.len(), 1, "{name}");
    }
}
