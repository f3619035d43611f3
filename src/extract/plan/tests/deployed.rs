//! Plans of APIs that exist.

use super::*;
use crate::model::{AuthType, EndpointType, EndpointTypes, Form, Framework, PolicyState};

#[test]
fn what_exists_is_read_from_the_values() {
    let case = read(&plan(&deployed(&["no-op"])));
    let api = case.api();
    assert_eq!(api.address, "aws_api_gateway_rest_api.orders");
    assert_eq!((api.framework, api.name.as_deref()), (Framework::TerraformPlan, Some("orders")));
    let world = case.world();
    assert!(matches!(world.endpoint, EndpointTypes::Known(EndpointType::Regional, _)));
    let [route] = world.routes.declared.as_slice() else { panic!("{:?}", world.routes) };
    assert_eq!((route.path.as_deref(), route.auth), (Some("/pets"), AuthType::AwsIam));
    assert!(world.routes.complete);
    // The policy that the provider reads back from the API is that of the other resource.
    let [site] = api.sites.as_slice() else { panic!("{:?}", api.sites) };
    assert_eq!(
        (site.address.as_str(), site.form),
        ("aws_api_gateway_rest_api_policy.orders", Form::Plan)
    );
    assert!(
        case.extraction.inventory.problems.is_empty(),
        "{:?}",
        case.extraction.inventory.problems
    );
    let tags: Vec<&str> = api.tags.iter().map(|tag| tag.value.as_str()).collect();
    assert_eq!(tags, ["1", "payments"]);
    assert_eq!(api.account.as_ref().map(|(a, _)| a.to_string()).as_deref(), Some("123456789012"));
    let PolicyState::Known(readings) = &world.policy else { panic!("{}", case.show(api)) };
    let statement = readings[0].known_statements().next().expect("a statement");
    let leaf =
        statement.resource.items.iter().find_map(crate::model::Entry::one).expect("a resource");
    let at = case.db.slice(case.extraction.origins.span(leaf.origin));
    assert_eq!(at, r#"\"arn:aws:execute-api:eu-west-1:123456789012:a1b2c3/*\""#);
}

#[test]
fn a_policy_that_is_destroyed_guards_nothing() {
    let mut made = deployed(&["no-op"]);
    made[1].actions = &["delete"];
    let case = read(&plan(&made));
    assert!(matches!(case.world().policy, PolicyState::None), "{}", case.show(case.api()));
    let says: Vec<&str> = case.api().assumptions.iter().map(|a| a.text.as_str()).collect();
    assert!(
        says.contains(&"this plan destroys aws_api_gateway_rest_api_policy.orders"),
        "{says:?}"
    );
    let gone = read(&plan(&deployed(&["delete"])));
    assert!(gone.apis().is_empty() && gone.extraction.inventory.problems.is_empty());
    // One that is taken out of the state alone still stands.
    let mut made = deployed(&["no-op"]);
    made[1].actions = &["forget"];
    let mut forgotten = plan(&made);
    forgotten["planned_values"]["root_module"]["resources"]
        .as_array_mut()
        .expect("a list")
        .remove(1);
    let case = read(&forgotten);
    assert!(matches!(case.world().policy, PolicyState::Known(_)), "{}", case.show(case.api()));
}

#[test]
fn a_policy_that_the_api_is_configured_with_is_its_own() {
    let mut made = deployed(&["no-op"]);
    made.remove(1);
    let computed = read(&plan(&made));
    assert!(matches!(computed.world().policy, PolicyState::Known(_)));
    made[0].expressions = json!({ "policy": {} });
    let own = read(&plan(&made));
    assert_eq!(own.api().sites[0].address, "aws_api_gateway_rest_api.orders");
}
