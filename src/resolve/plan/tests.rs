//! Plans beside the module that they were made of, in memory.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Plan, Sources, read};
use crate::resolve::explore;
use crate::resolve::terraform::{Env, Evaluator, Files, Given, Module, Scope, Sort};
use crate::source::{MemoryFs, SourceDb};
use crate::syntax::hcl;

const API: &str = "aws_api_gateway_rest_api";

/// The sources of the root module, and of no other.
struct Root(Arc<Module>);

impl Sources for Root {
    fn module(&mut self, calls: &[String], _: Option<&str>) -> Option<Arc<Module>> {
        calls.is_empty().then(|| Arc::clone(&self.0))
    }
}

/// The plan of `json`, made of `tf`.
fn of(db: &SourceDb, json: &Value, tf: &str) -> Plan {
    let file = db.add(Path::new("/m/main.tf"), "main.tf".into(), tf);
    let document = hcl::parse_file(file, tf);
    assert_eq!(document.errors, Vec::new(), "the module is well-formed");
    let blocks = document.body.expect("a body").into_blocks();
    let root = Module::new("/m".into(), "m".into(), blocks, &[]);
    let text = json.to_string();
    let file = db.add(Path::new("/m/plan.json"), "plan.json".into(), text.as_str());
    read(file, &text, Some(&mut Root(root.into())))
}

/// What the policy of the API at `address` is worth.
fn policy(db: &SourceDb, plan: &Plan, address: &str) -> Option<String> {
    let resource = plan.module.resource(Sort::Managed, API, address).expect("an API");
    let node = resource.block.body.attribute("policy").expect("a policy").value.clone();
    let fs = MemoryFs::new();
    let files = Files { db, fs: &fs, roots: &[] };
    let mut evaluator = Evaluator::new(plan.module.clone(), files, Given::default());
    let explored = explore(
        &mut evaluator,
        |evaluator| &evaluator.symbols,
        |evaluator, world| {
            evaluator.begin();
            let scope = Scope::module();
            let value = evaluator.eval(&node, Env::data(&scope, world));
            evaluator.finish();
            value
        },
    );
    let [(_, value)] = explored.worlds.as_slice() else { panic!("{:?}", explored.worlds) };
    value.known_text()
}

/// An API by `key` whose policy is not known before the plan is applied.
fn keyed(key: &Value) -> Value {
    let address = format!("{API}.this[{key}]");
    json!({
        "address": address, "mode": "managed", "type": API, "name": "this", "index": key,
        "change": { "actions": ["create"], "after": { "name": "n" }, "after_unknown": { "policy": true } },
    })
}

/// What `each.value` is for the key `eu` of a collection; `more` stands beside it.
fn each_value(collection: &str, more: &str) -> Option<String> {
    let db = SourceDb::new();
    let tf = format!(
        "resource \"{API}\" \"this\" {{\n  for_each = {collection}\n  name     = \"n\"\n  \
         policy   = each.value\n}}\n{more}"
    );
    let configured = json!({ "mode": "managed", "type": API, "name": "this",
        "expressions": { "policy": { "references": ["each.value"] } } });
    let plan = json!({
        "resource_changes": [keyed(&json!("eu"))],
        "configuration": { "root_module": { "resources": [configured] } },
    });
    policy(&db, &of(&db, &plan, &tf), &format!("{API}.this[\"eu\"]"))
}

#[test]
fn the_elements_of_sets_are_their_own_keys_and_those_of_maps_are_not() {
    let set = "variable \"all\" {\n  type    = set(string)\n  default = [\"eu\"]\n}\n";
    for (collection, more) in [
        ("toset([\"eu\"])", ""),
        ("setunion([\"eu\"], [\"us\"])", ""),
        ("var.all", set),
        ("local.all", "locals {\n  all = toset([\"eu\"])\n}\n"),
    ] {
        assert_eq!(each_value(collection, more).as_deref(), Some("eu"), "{collection}");
    }
    let map = "locals {\n  all = tomap({ eu = \"x\" })\n}\n";
    for (collection, more) in
        [("tomap({ eu = \"x\" })", ""), ("{ eu = \"x\" }", ""), ("local.all", map)]
    {
        assert_eq!(each_value(collection, more).as_deref(), Some("x"), "{collection}");
    }
}

#[test]
fn what_stands_twice_in_an_expression_is_told_once_for_all_instances() {
    let changes: Vec<Value> = (0..3).map(|key| keyed(&json!(key))).collect();
    let configured = json!({ "mode": "managed", "type": API, "name": "this",
        "expressions": { "policy": { "first": [], "references": ["local.policy"] } } });
    let plan = json!({
        "resource_changes": changes,
        "configuration": { "root_module": { "resources": [configured] } },
    });
    let text = plan.to_string().replace("\"first\"", "\"references\"");
    let db = SourceDb::new();
    let file = db.add(Path::new("/m/plan.json"), "plan.json".into(), text.as_str());
    let plan = read(file, &text, None);
    assert_eq!(plan.module.managed(API).count(), 3);
    let twice: Vec<&str> = plan.duplicates.iter().map(|duplicate| &*duplicate.key).collect();
    assert_eq!(twice, ["references"]);
}
