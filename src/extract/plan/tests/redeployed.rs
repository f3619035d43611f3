//! Deployments that a changed policy does not replace.

use super::*;
use crate::model::{Framework, ProblemKind};

/// The policy that the API had.
fn before() -> Value {
    policy_text("*", "execute-api:/prod/*").into()
}

/// A plan that changes the policy of an existing API, and does that to its deployment.
fn changing(deployment: &'static [&'static str]) -> Vec<Made> {
    let mut made = deployed(&["no-op"]);
    made[1].actions = &["update"];
    made[1].before = Some(json!({ "id": "a1b2c3", "rest_api_id": "a1b2c3", "policy": before() }));
    let mut api = made[0].values.clone();
    api["policy"] = before();
    made[0].before = Some(api);
    let values =
        json!({ "id": "d1", "rest_api_id": "a1b2c3", "triggers": { "redeployment": "x" } });
    made.push(Made::new("aws_api_gateway_deployment", "live", values).actions(deployment));
    made
}

/// The deployments that do not take in the policy, and the policy of each.
fn stale(made: &[Made]) -> Vec<(String, String)> {
    let case = read(&plan(made));
    let slice = |origin| case.db.slice(case.extraction.origins.span(origin));
    let told = |problem: &crate::model::Problem| {
        let ProblemKind::NotRedeployed { framework, .. } = &problem.kind else { return None };
        assert_eq!(*framework, Framework::TerraformPlan);
        assert_eq!(problem.api.as_deref(), Some("aws_api_gateway_rest_api.orders"));
        Some((slice(problem.origin), slice(problem.related[0].0)))
    };
    case.extraction.inventory.problems.iter().filter_map(told).collect()
}

#[test]
fn a_deployment_that_stays_keeps_the_policy_that_was() {
    let found = stale(&changing(&["no-op"]));
    let [(deployment, policy)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(deployment, "\"aws_api_gateway_deployment.live\"");
    assert!(policy.contains("a1b2c3/*"), "{policy}");
    // One that is only described in other words is not made again.
    assert_eq!(stale(&changing(&["update"])).len(), 1);
    // The policy of the API itself.
    let mut made = changing(&["no-op"]);
    made.remove(1);
    made[0].actions = &["update"];
    assert_eq!(stale(&made).len(), 1);
    // A policy where there was none.
    let mut made = changing(&["no-op"]);
    made[1].actions = &["create"];
    made[1].before = Some(Value::Null);
    assert_eq!(stale(&made).len(), 1);
}

#[test]
fn a_deployment_that_is_made_takes_in_the_policy() {
    for actions in [&["delete", "create"][..], &["create", "delete"], &["create"]] {
        assert!(stale(&changing(actions)).is_empty(), "{actions:?}");
    }
    // One of several is enough.
    let mut made = changing(&["no-op"]);
    let values = json!({ "rest_api_id": "a1b2c3" });
    made.push(Made::new("aws_api_gateway_deployment", "next", values));
    assert!(stale(&made).is_empty());
}

#[test]
fn what_may_stay_the_same_is_passed_over() {
    let mut made = changing(&["no-op"]);
    let laid_out = made[1].values["policy"].as_str().expect("text").replace(":{", ": {");
    made[1].before.as_mut().expect("values")["policy"] = laid_out.into();
    assert!(stale(&made).is_empty(), "the same document");
    let mut made = changing(&["no-op"]);
    made[1].values.as_object_mut().expect("an object").remove("policy");
    made[1].unknown = json!({ "policy": true });
    assert!(stale(&made).is_empty(), "nobody knows what it will be");
    let mut made = changing(&["no-op"]);
    made[1].actions = &["create"];
    made[1].before = Some(Value::Null);
    made[0].before = None;
    assert!(stale(&made).is_empty(), "the API had this policy");
    let mut made = changing(&["no-op"]);
    made[4].values["rest_api_id"] = "other".into();
    assert!(stale(&made).is_empty(), "the deployment of another API");
    let mut made = changing(&["no-op"]);
    made[1].actions = &["no-op"];
    assert!(stale(&made).is_empty(), "nothing changes");
}
