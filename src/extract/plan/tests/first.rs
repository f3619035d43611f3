//! Plans of first deployments: what AWS chooses is rebuilt from the configuration.

use super::*;
use crate::model::{EndpointType, EndpointTypes, PolicyState};

#[test]
fn what_is_not_known_is_rebuilt_from_the_configuration() {
    let case = read(&plan(&first()));
    let api = case.api();
    assert_eq!(api.address, "aws_api_gateway_rest_api.orders");
    let world = case.world();
    assert!(matches!(world.endpoint, EndpointTypes::Known(EndpointType::Private, _)));
    assert_eq!(world.routes.declared[0].path.as_deref(), Some("/pets"));
    assert!(world.routes.complete);
    let shown = case.show(api);
    insta::assert_snapshot!(shown, @r"
    when :
      Private
      Allow Aws:* on ${aws_api_gateway_rest_api.orders.execution_arn}${data.aws_iam_policy_document.orders.statement[0].resources[0]}
      Deny Aws:* on execute-api:/* if StringNotEquals aws:SourceVpce ${aws_vpc_endpoint.api.id}
    ");
}

/// A module that is called for each region, with the policy document beside the call.
fn modules() -> Value {
    let (eu, us) = (r#"module.api["eu"]"#, r#"module.api["us"]"#);
    let made = |module: &'static str| {
        [
            Made::new(API, "this", json!({ "name": "n" }))
                .within(module)
                .index(json!(0))
                .unknown(json!({ "id": true, "policy": true })),
            Made::new(POLICY, "this", json!({}))
                .within(module)
                .index(json!(0))
                .unknown(json!({ "rest_api_id": true, "policy": true })),
        ]
    };
    let document = Made::data("open", json!({ "statement": [{ "effect": "Allow", "actions": ["execute-api:Invoke"],
            "resources": ["execute-api:/*"], "principals": [{ "type": "AWS", "identifiers": [null] }] }] }))
        .unknown(json!({ "json": true, "statement": [{ "principals": [{ "identifiers": [true] }] }] }))
        .written(json!({ "statement": [{ "principals": [{ "identifiers": refers("aws_iam_role.caller.arn") }] }] }));
    let [eu_api, eu_policy] = made(eu);
    let [us_api, us_policy] = made(us);
    let mut out = plan(&[document]);
    let child = |address: &str, made: &[&Made]| json!({ "address": address, "resources": made.iter().map(|m| m.planned()).collect::<Vec<_>>() });
    out["planned_values"]["root_module"]["child_modules"] =
        json!([child(eu, &[&eu_api, &eu_policy]), child(us, &[&us_api, &us_policy])]);
    let changes = out["resource_changes"].as_array_mut().expect("a list");
    changes.extend([&eu_api, &eu_policy, &us_api, &us_policy].map(Made::change));
    let by_key = json!({ "references": ["aws_api_gateway_rest_api.this", "count.index"] });
    let policy = Made::new(POLICY, "this", json!({}))
        .written(json!({ "rest_api_id": by_key, "policy": { "references": ["var.policy"] } }));
    out["configuration"]["root_module"]["module_calls"]["api"] = json!({
        "source": "./modules/api",
        "expressions": { "policy": refers("data.aws_iam_policy_document.open.json") },
        "for_each_expression": { "constant_value": ["eu", "us"] },
        "module": { "resources": [eu_api.configured(), policy.configured()],
                    "variables": { "policy": { "default": null } } },
    });
    out
}

#[test]
fn each_instance_of_a_module_is_its_own_api() {
    let case = read(&modules());
    let addresses: Vec<&str> = case.apis().iter().map(|api| api.address.as_str()).collect();
    let this = |key: &str| format!("module.api[\"{key}\"].aws_api_gateway_rest_api.this[0]");
    assert_eq!(addresses, [this("eu"), this("us")]);
    for api in case.apis() {
        let shown = case.show(api);
        assert!(
            shown.contains("Allow Aws:${aws_iam_role.caller.arn} on execute-api:/*"),
            "{shown}"
        );
        assert_eq!(api.sites.len(), 1);
    }
}

#[test]
fn a_value_that_cannot_be_followed_is_named() {
    let mut made = first();
    made[1].expressions["policy"] = json!({ "references": ["local.policy"] });
    let case = read(&plan(&made));
    let PolicyState::Unknown(symbol, _) = &case.world().policy else {
        panic!("{}", case.show(case.api()))
    };
    let label = &case.api().symbols.0[symbol.id as usize].label;
    assert_eq!(label, "aws_api_gateway_rest_api_policy.orders.policy");
    // Two values are two, whatever they refer to.
    let mut made = first();
    let arn = refers("aws_api_gateway_rest_api.orders.execution_arn");
    made[4].unknown["statement"][1]["resources"] = json!([true]);
    made[4].values["statement"][1]["resources"] = json!([null]);
    made[4].expressions["statement"][1]["resources"] = arn;
    let case = read(&plan(&made));
    let shown = case.show(case.api());
    assert!(
        shown.contains("statement[0].resources[0]") && shown.contains("statement[1].resources[0]"),
        "{shown}"
    );
    // Without a configuration nothing can be rebuilt, and the policy belongs to the API it stands beside.
    let mut bare = plan(&first());
    bare.as_object_mut().expect("an object").remove("configuration");
    let case = read(&bare);
    assert!(matches!(case.world().policy, PolicyState::Unknown(..)), "{}", case.show(case.api()));
    assert!(!case.world().routes.complete);
}
