//! Plans by hand, in the shape that Terraform writes.

use serde_json::{Value, json};

use super::extract;
use crate::extract::terraform::tests::Case;
use crate::extract::testing::extracted;
use crate::model::{AuthType, EndpointType, EndpointTypes, Form, Framework, PolicyState};

const API: &str = "aws_api_gateway_rest_api";
const POLICY: &str = "aws_api_gateway_rest_api_policy";
const METHOD: &str = "aws_api_gateway_method";
const RESOURCE: &str = "aws_api_gateway_resource";
const DOCUMENT: &str = "aws_iam_policy_document";

/// A resource in a module: where it is, what is known, what is not, how it is configured.
struct Made {
    module: &'static str,
    mode: &'static str,
    kind: &'static str,
    name: &'static str,
    index: Value,
    values: Value,
    unknown: Value,
    expressions: Value,
    actions: &'static [&'static str],
}

impl Made {
    fn new(kind: &'static str, name: &'static str, values: Value) -> Self {
        let (index, unknown, expressions) = (Value::Null, json!({}), json!({}));
        let actions = &["create"];
        Self {
            module: "",
            mode: "managed",
            kind,
            name,
            index,
            values,
            unknown,
            expressions,
            actions,
        }
    }

    fn data(name: &'static str, values: Value) -> Self {
        Self { mode: "data", actions: &["read"], ..Self::new(DOCUMENT, name, values) }
    }

    fn unknown(self, unknown: Value) -> Self {
        Self { unknown, ..self }
    }

    fn written(self, expressions: Value) -> Self {
        Self { expressions, ..self }
    }

    fn within(self, module: &'static str) -> Self {
        Self { module, ..self }
    }

    fn index(self, index: Value) -> Self {
        Self { index, ..self }
    }

    fn actions(self, actions: &'static [&'static str]) -> Self {
        Self { actions, ..self }
    }

    fn address(&self) -> String {
        let data = if self.mode == "data" { "data." } else { "" };
        let key = if self.index.is_null() { String::new() } else { format!("[{}]", self.index) };
        let dot = if self.module.is_empty() { "" } else { "." };
        format!("{}{dot}{data}{}.{}{key}", self.module, self.kind, self.name)
    }

    fn head(&self) -> Value {
        let mut out = json!({
            "address": self.address(), "mode": self.mode, "type": self.kind, "name": self.name,
            "provider_name": "registry.terraform.io/hashicorp/aws",
        });
        if !self.index.is_null() {
            out["index"] = self.index.clone();
        }
        out
    }

    fn planned(&self) -> Value {
        let mut out = self.head();
        out["values"] = self.values.clone();
        out["sensitive_values"] = json!({});
        out
    }

    fn change(&self) -> Value {
        let mut out = self.head();
        if !self.module.is_empty() {
            out["module_address"] = self.module.into();
        }
        out["change"] = json!({
            "actions": self.actions, "before": self.values, "after": self.values,
            "after_unknown": self.unknown, "before_sensitive": false, "after_sensitive": {},
        });
        out
    }

    fn configured(&self) -> Value {
        json!({
            "address": format!("{}.{}", self.kind, self.name), "mode": self.mode,
            "type": self.kind, "name": self.name, "provider_config_key": "aws",
            "expressions": self.expressions, "schema_version": 0,
        })
    }
}

/// A plan of resources in the root module.
fn plan(made: &[Made]) -> Value {
    let all = |shown: fn(&Made) -> Value| made.iter().map(shown).collect::<Vec<Value>>();
    let is_planned = |m: &&Made| m.mode == "managed" && m.actions != ["delete"];
    let planned: Vec<Value> = made.iter().filter(is_planned).map(Made::planned).collect();
    json!({
        "format_version": "1.2", "terraform_version": "1.9.5",
        "planned_values": { "root_module": { "resources": planned } },
        "resource_changes": all(Made::change),
        "configuration": { "root_module": { "resources": all(Made::configured) } },
        "timestamp": "2026-01-01T00:00:00Z", "applyable": true, "complete": true, "errored": false,
    })
}

fn read(plan: &Value) -> Case {
    read_text(&plan.to_string())
}

fn read_text(text: &str) -> Case {
    let (db, extraction) = extracted(extract, ("/m/plan.json", "plan.json"), text, &[], None);
    Case { db, extraction }
}

/// What `references` holds for a reference of two parts and an attribute.
fn refers(to: &str) -> Value {
    let short = to.rsplit_once('.').map_or(to, |(short, _)| short);
    json!({ "references": [to, short] })
}

fn policy_text(principal: &str, resource: &str) -> String {
    json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": principal, "Action": "execute-api:Invoke", "Resource": resource },
    ]})
    .to_string()
}

/// An API that exists, with everything about it known.
fn deployed(actions: &'static [&'static str]) -> Vec<Made> {
    let arn = "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3";
    let text = policy_text("*", &format!("{arn}/*"));
    vec![
        Made::new(API, "orders", json!({
            "name": "orders", "id": "a1b2c3", "root_resource_id": "r00t", "execution_arn": arn,
            "policy": text, "body": null, "endpoint_configuration": [{ "types": ["REGIONAL"], "vpc_endpoint_ids": null }],
            "tags": { "a": "1" }, "tags_all": { "a": "1", "owner": "payments" },
        }))
        .written(json!({ "name": { "constant_value": "orders" } }))
        .actions(actions),
        Made::new(POLICY, "orders", json!({ "id": "a1b2c3", "rest_api_id": "a1b2c3", "policy": text }))
            .written(json!({ "rest_api_id": refers("aws_api_gateway_rest_api.orders.id"), "policy": {} }))
            .actions(actions),
        Made::new(RESOURCE, "pets", json!({ "id": "r1", "rest_api_id": "a1b2c3", "parent_id": "r00t", "path_part": "pets" }))
            .actions(actions),
        Made::new(METHOD, "get", json!({
            "id": "m", "rest_api_id": "a1b2c3", "resource_id": "r1", "http_method": "GET", "authorization": "AWS_IAM",
            "api_key_required": false,
        }))
        .actions(actions),
    ]
}

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

/// A first deployment: nothing that AWS chooses is known.
fn first() -> Vec<Made> {
    let arn = "aws_api_gateway_rest_api.orders.execution_arn";
    vec![
        Made::new(API, "orders", json!({ "name": "orders", "body": null, "endpoint_configuration": [{ "types": ["PRIVATE"] }] }))
            .unknown(json!({ "id": true, "policy": true, "execution_arn": true, "root_resource_id": true, "tags_all": true,
                "endpoint_configuration": [{ "types": [false], "ip_address_type": true, "vpc_endpoint_ids": true }] }))
            .written(json!({ "name": { "constant_value": "orders" },
                "endpoint_configuration": [{ "types": { "constant_value": ["PRIVATE"] } }] })),
        Made::new(POLICY, "orders", json!({}))
            .unknown(json!({ "id": true, "rest_api_id": true, "policy": true }))
            .written(json!({
                "rest_api_id": refers("aws_api_gateway_rest_api.orders.id"),
                "policy": refers("data.aws_iam_policy_document.orders.json"),
            })),
        Made::new(RESOURCE, "pets", json!({ "path_part": "pets" }))
            .unknown(json!({ "id": true, "path": true, "rest_api_id": true, "parent_id": true }))
            .written(json!({
                "rest_api_id": refers("aws_api_gateway_rest_api.orders.id"),
                "parent_id": refers("aws_api_gateway_rest_api.orders.root_resource_id"),
            })),
        Made::new(METHOD, "get", json!({ "http_method": "GET", "authorization": "NONE", "api_key_required": false }))
            .unknown(json!({ "id": true, "rest_api_id": true, "resource_id": true }))
            .written(json!({
                "rest_api_id": refers("aws_api_gateway_rest_api.orders.id"),
                "resource_id": refers("aws_api_gateway_resource.pets.id"),
            })),
        Made::data("orders", json!({ "version": null, "statement": [
            { "sid": null, "effect": "Allow", "actions": ["execute-api:Invoke"], "resources": [null], "condition": [],
              "principals": [{ "type": "*", "identifiers": ["*"] }], "not_actions": null },
            { "sid": null, "effect": "Deny", "actions": ["execute-api:Invoke"], "resources": ["execute-api:/*"],
              "principals": [{ "type": "*", "identifiers": ["*"] }],
              "condition": [{ "test": "StringNotEquals", "variable": "aws:SourceVpce", "values": [null] }] },
        ]}))
        .unknown(json!({ "id": true, "json": true, "minified_json": true, "statement": [
            { "actions": [false], "resources": [true], "condition": [], "principals": [{ "identifiers": [false] }] },
            { "actions": [false], "resources": [false], "principals": [{ "identifiers": [false] }],
              "condition": [{ "values": [true] }] },
        ]}))
        .written(json!({ "statement": [
            { "effect": { "constant_value": "Allow" }, "resources": refers(arn) },
            { "condition": [{ "test": { "constant_value": "StringNotEquals" }, "values": refers("aws_vpc_endpoint.api.id") }] },
        ]})),
    ]
}

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

#[test]
fn a_plan_that_is_cut_short_is_reported_and_read_as_far_as_it_goes() {
    let text = plan(&deployed(&["no-op"])).to_string();
    let end = text.find("\"resource_changes\"").expect("changes");
    let at = text.find("\"planned_values\"").expect("values");
    for end in [end, at + 3000.min(end - at), text.len() - 1] {
        let case = read_text(&text[..end]);
        assert!(!case.extraction.inventory.problems.is_empty(), "{end}");
    }
    let mut unfinished = plan(&deployed(&["no-op"]));
    unfinished["errored"] = true.into();
    let case = read(&unfinished);
    let says = case.api().assumptions.iter().any(|a| a.text.contains("met an error"));
    assert!(says && !case.world().routes.complete);
}

#[test]
fn what_stands_twice_is_told_and_hides_nothing() {
    let text = plan(&deployed(&["no-op"])).to_string();
    let twice = text.replacen("\"http_method\":", "\"authorization\":\"NONE\",\"http_method\":", 1);
    let case = read_text(&twice);
    assert!(!case.extraction.inventory.problems.is_empty());
    let twice =
        text.replacen("\"resource_changes\":", "\"planned_values\":{},\"resource_changes\":", 1);
    let case = read_text(&twice);
    assert!(!case.extraction.inventory.problems.is_empty(), "two sets of planned values");
}

#[test]
fn hostile_plans_cost_no_more_than_others() {
    let deep = |open: &str, close: &str, times: usize| {
        format!("{}{}", open.repeat(times), close.repeat(times))
    };
    let modules = deep("{\"child_modules\":[", "]}", 50_000);
    let lists = deep("[", "]", 300_000);
    let calls = deep("{\"module_calls\":{\"a\":{\"module\":", "}}}", 20_000);
    let head = "{\"format_version\":\"1.2\",\"planned_values\":";
    for text in [
        format!("{head}{{\"root_module\":{modules}}}}}"),
        format!("{head}{{\"root_module\":{{\"resources\":{lists}}}}}}}"),
        format!("{head}{lists}}}"),
        format!("{head}{{}},\"configuration\":{{\"root_module\":{calls}}}}}"),
        format!(
            "{head}{{\"root_module\":{{\"resources\":[{{\"type\":\"aws_api_gateway_rest_api\",\"values\":{lists}}}]}}}}}}"
        ),
    ] {
        let case = read_text(&text);
        assert!(case.apis().len() <= 1);
    }
    // References that lead in a circle.
    let mut made = first();
    made[1].expressions["rest_api_id"] = json!({ "references": ["module.a.id", "module.a"] });
    let mut circle = plan(&made);
    circle["configuration"]["root_module"]["module_calls"]["a"] = json!({
        "expressions": { "x": { "references": ["module.a.id"] } },
        "module": { "outputs": { "id": { "expression": { "references": ["var.x"] } } } },
    });
    assert!(!read(&circle).apis().is_empty());
}
