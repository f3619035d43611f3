//! What Terraform plans of modules, in the shape of `terraform show -json`: a first deployment, in which
//! nothing that AWS chooses is known.

use serde_json::{Value, json};

use super::auth;
use super::hcl::{conditions, principals};

/// A module as it is planned.
#[derive(Debug, Default)]
pub(super) struct Module {
    rows: Vec<Row>,
    calls: Vec<Call>,
    variables: Vec<&'static str>,
    outputs: Vec<(&'static str, Value)>,
}

/// A resource.
#[derive(Debug)]
struct Row {
    mode: &'static str,
    kind: &'static str,
    name: String,
    values: Value,
    unknown: Value,
    expressions: Value,
}

/// A call of a module, which has one instance.
#[derive(Debug)]
struct Call {
    name: String,
    source: String,
    key: Option<Value>,
    /// What the configuration says of it besides its module.
    with: Value,
    module: Module,
}

const API: &str = "aws_api_gateway_rest_api";
const POLICY: &str = "aws_api_gateway_rest_api_policy";
const DOCUMENT: &str = "aws_iam_policy_document";
const ID: &str = "aws_api_gateway_rest_api.api.id";

impl Row {
    fn new(kind: &'static str, name: &str, values: Value, unknown: &[&str]) -> Self {
        let mode = if kind == DOCUMENT { "data" } else { "managed" };
        let unknown = unknown.iter().map(|name| ((*name).to_owned(), Value::from(true))).collect();
        Self { mode, kind, name: name.to_owned(), values, unknown, expressions: json!({}) }
    }

    /// With an argument that refers to attributes.
    fn refers(mut self, argument: &str, to: &[&str]) -> Self {
        self.expressions[argument] = references(to);
        self
    }

    fn address(&self, module: &str) -> String {
        let data = if self.mode == "data" { "data." } else { "" };
        within(module, &format!("{data}{}.{}", self.kind, self.name))
    }

    fn head(&self, module: &str) -> Value {
        json!({ "address": self.address(module), "mode": self.mode, "type": self.kind, "name": self.name,
            "provider_name": "registry.terraform.io/hashicorp/aws" })
    }
}

/// An expression of the configuration: each attribute is followed by what it is one of.
fn references(to: &[&str]) -> Value {
    let all = to.iter().flat_map(|to| [Some(*to), to.rsplit_once('.').map(|(short, _)| short)]);
    let names: Vec<&str> = all.flatten().filter(|name| name.contains('.')).collect();
    json!({ "references": names })
}

fn within(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}.{name}") }
}

/// The API, with more values.
fn api(example: &Value, more: Value) -> Row {
    let endpoint = json!([{ "types": [example["endpoint"]] }]);
    let mut values = json!({ "name": "api", "endpoint_configuration": endpoint });
    let more = more.as_object().expect("an object").clone();
    values.as_object_mut().expect("an object").extend(more);
    Row::new(API, "api", values, &["id", "arn", "execution_arn", "policy", "root_resource_id"])
}

/// The API and its method.
fn guardless(example: &Value) -> Module {
    let method = json!({ "http_method": "GET", "authorization": auth(example) });
    let resource = Row::new(
        "aws_api_gateway_resource",
        "pets",
        json!({ "path_part": "pets" }),
        &["id", "rest_api_id", "parent_id"],
    );
    let method = Row::new(
        "aws_api_gateway_method",
        "get_pets",
        method,
        &["id", "rest_api_id", "resource_id"],
    );
    let rows = vec![
        api(example, json!({})),
        resource
            .refers("rest_api_id", &[ID])
            .refers("parent_id", &["aws_api_gateway_rest_api.api.root_resource_id"]),
        method
            .refers("rest_api_id", &[ID])
            .refers("resource_id", &["aws_api_gateway_resource.pets.id"]),
    ];
    Module { rows, ..Module::default() }
}

/// The resource that attaches a policy which is known.
fn attached(policy: &Value, id: &str) -> Row {
    let values = json!({ "policy": policy.to_string() });
    Row::new(POLICY, "api", values, &["id", "rest_api_id"]).refers("rest_api_id", &[id])
}

/// A module whose policy is an expression that Terraform works out by itself.
pub(super) fn known(example: &Value) -> Module {
    let mut module = guardless(example);
    if !example["policy"].is_null() {
        module.rows.push(attached(&example["policy"], ID));
    }
    module
}

/// A module whose policy is a document that is read when the plan is applied.
pub(super) fn document(example: &Value) -> Module {
    let mut module = guardless(example);
    if !example["policy"].is_null() {
        let statements = example["policy"]["Statement"].as_array().expect("a list");
        module.rows.push(data("api", &statements.iter().collect::<Vec<_>>()));
        module.rows.push(of_a_document());
    }
    module
}

/// A module whose policy is put together from one document for each statement.
pub(super) fn documents(example: &Value) -> Module {
    let mut module = guardless(example);
    if !example["policy"].is_null() {
        let statements = example["policy"]["Statement"].as_array().expect("a list");
        let mut parts = Vec::new();
        for (index, one) in statements.iter().enumerate() {
            let name = format!("part{index}");
            module.rows.push(data(&name, &[one]));
            parts.push(format!("data.{DOCUMENT}.{name}.json"));
        }
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let none = vec![Value::Null; parts.len()];
        let values = json!({ "statement": null, "source_policy_documents": none });
        let mut whole = Row::new(DOCUMENT, "api", values, &["id", "json", "minified_json"]);
        whole.unknown["source_policy_documents"] = vec![true; parts.len()].into();
        module.rows.push(whole.refers("source_policy_documents", &parts));
        module.rows.push(of_a_document());
    }
    module
}

fn of_a_document() -> Row {
    let row = Row::new(POLICY, "api", json!({}), &["id", "rest_api_id", "policy"]);
    let document = format!("data.{DOCUMENT}.api.json");
    row.refers("rest_api_id", &[ID]).refers("policy", &[&document])
}

/// A document of which all is known but what the provider renders.
fn data(name: &str, statements: &[&Value]) -> Row {
    let list = |value: &Value| match value {
        Value::Null | Value::Array(_) => value.clone(),
        one => json!([one]),
    };
    let callers = |element: &Value| -> Value {
        let all = principals(element).into_iter();
        all.map(|(kind, who)| json!({ "type": kind, "identifiers": list(who) })).collect()
    };
    let statement = |one: &&Value| {
        let tests = conditions(one).into_iter();
        let tests = tests.map(|(test, variable, values)| {
            json!({ "test": test, "variable": variable, "values": list(values) })
        });
        json!({
            "sid": null, "effect": one["Effect"], "actions": list(&one["Action"]),
            "not_actions": list(&one["NotAction"]), "resources": list(&one["Resource"]),
            "not_resources": list(&one["NotResource"]), "principals": callers(&one["Principal"]),
            "not_principals": callers(&one["NotPrincipal"]), "condition": tests.collect::<Value>(),
        })
    };
    let values: Value = statements.iter().map(statement).collect();
    let values = json!({ "statement": values, "source_policy_documents": null, "version": null });
    let mut row = Row::new(DOCUMENT, name, values, &["id", "json", "minified_json"]);
    row.unknown["statement"] = vec![json!({}); statements.len()].into();
    row
}

/// A module whose policy stands in the definition.
pub(super) fn body(example: &Value) -> Module {
    let definition = super::openapi::of_a_body(example).to_string();
    let api = api(example, json!({ "body": definition }));
    Module { rows: vec![api], ..Module::default() }
}

/// A module that calls the one of the API.
pub(super) fn call(example: &Value, source: &str, key: Option<Value>) -> Module {
    let mut module = known(example);
    if !example["policy"].is_null() {
        module.variables.push("policy");
        for row in module.rows.iter_mut().filter(|row| row.kind == POLICY) {
            row.expressions["policy"] = json!({ "references": ["var.policy"] });
        }
    }
    calling(source, key, json!({ "policy": {} }), module)
}

/// A module that calls one with a policy document of its own for each element of a set.
pub(super) fn call_with_document(example: &Value) -> Module {
    calling("./modules/api", Some("one".into()), json!({}), document(example))
}

fn calling(source: &str, key: Option<Value>, arguments: Value, module: Module) -> Module {
    let mut with = json!({ "expressions": arguments });
    match &key {
        Some(Value::Number(_)) => with["count_expression"] = json!({ "constant_value": 1 }),
        Some(_) => with["for_each_expression"] = json!({}),
        None => {}
    }
    let call = Call { name: "api".to_owned(), source: source.to_owned(), key, with, module };
    Module { calls: vec![call], ..Module::default() }
}

/// A module that attaches a policy to the API of another one.
pub(super) fn attaching(example: &Value) -> Module {
    let mut module = guardless(example);
    module.outputs.push(("id", references(&[ID])));
    let mut outer = calling("./modules/api", None, json!({}), module);
    if !example["policy"].is_null() {
        outer.rows.push(attached(&example["policy"], "module.api.id"));
    }
    outer
}

/// A root module that calls others, each by its name from the folder of that name.
pub(super) fn together(modules: Vec<(String, Module)>) -> Module {
    let calls = modules.into_iter().map(|(name, module)| Call {
        source: format!("./{name}"),
        name,
        key: None,
        with: json!({}),
        module,
    });
    Module { calls: calls.collect(), ..Module::default() }
}

/// The plan of a root module.
pub(super) fn plan(root: &Module) -> Value {
    let mut changes = Vec::new();
    changed(root, "", &mut changes);
    json!({
        "format_version": "1.2", "terraform_version": "1.9.5",
        "planned_values": { "root_module": planned(root, "") },
        "resource_changes": changes,
        "configuration": { "root_module": configured(root) },
    })
}

impl Call {
    fn address(&self, module: &str) -> String {
        let key = self.key.as_ref().map(|key| format!("[{key}]")).unwrap_or_default();
        within(module, &format!("module.{}{key}", self.name))
    }
}

fn planned(module: &Module, address: &str) -> Value {
    let rows = module.rows.iter().filter(|row| row.mode == "managed").map(|row| {
        let mut out = row.head(address);
        out["values"] = row.values.clone();
        out
    });
    let mut out = json!({ "resources": rows.collect::<Vec<_>>() });
    let children = module.calls.iter().map(|call| planned(&call.module, &call.address(address)));
    out["child_modules"] = children.collect();
    if !address.is_empty() {
        out["address"] = address.into();
    }
    out
}

fn changed(module: &Module, address: &str, out: &mut Vec<Value>) {
    for row in &module.rows {
        let mut change = row.head(address);
        if !address.is_empty() {
            change["module_address"] = address.into();
        }
        let action = if row.mode == "data" { "read" } else { "create" };
        change["change"] = json!({ "actions": [action], "before": null, "after": row.values,
            "after_unknown": row.unknown });
        out.push(change);
    }
    for call in &module.calls {
        changed(&call.module, &call.address(address), out);
    }
}

fn configured(module: &Module) -> Value {
    let rows = module.rows.iter().map(|row| {
        let mut out = row.head("");
        out["expressions"] = row.expressions.clone();
        out
    });
    let mut out = json!({ "resources": rows.collect::<Vec<_>>() });
    for name in &module.variables {
        out["variables"][*name] = json!({});
    }
    for (name, expression) in &module.outputs {
        out["outputs"][*name] = json!({ "expression": expression });
    }
    for call in &module.calls {
        let mut made = call.with.clone();
        made["source"] = call.source.as_str().into();
        made["module"] = configured(&call.module);
        out["module_calls"][&call.name] = made;
    }
    out
}
