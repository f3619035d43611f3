//! Terraform modules in the native syntax, in the forms in which people attach a policy.

use serde_json::Value;

use super::auth;
use super::terraform::plain;

/// The API and its method, without a policy. `more` are arguments of the API.
fn api(example: &Value, more: &str) -> String {
    format!(
        "resource \"aws_api_gateway_rest_api\" \"api\" {{\n  name = \"api\"\n{more}  \
         endpoint_configuration {{\n    types = [{}]\n  }}\n}}\n",
        example["endpoint"]
    )
}

/// The method of the API.
fn method(example: &Value) -> String {
    format!(
        "resource \"aws_api_gateway_resource\" \"pets\" {{\n  \
         rest_api_id = aws_api_gateway_rest_api.api.id\n  \
         parent_id   = aws_api_gateway_rest_api.api.root_resource_id\n  path_part   = \"pets\"\n}}\n\
         resource \"aws_api_gateway_method\" \"get_pets\" {{\n  \
         rest_api_id   = aws_api_gateway_rest_api.api.id\n  \
         resource_id   = aws_api_gateway_resource.pets.id\n  http_method   = \"GET\"\n  \
         authorization = \"{}\"\n}}\n",
        auth(example)
    )
}

/// The resource that attaches a policy to the API of that id.
fn attach(id: &str, policy: &str) -> String {
    format!(
        "resource \"aws_api_gateway_rest_api_policy\" \"api\" {{\n  rest_api_id = {id}\n  \
         policy      = {policy}\n}}\n"
    )
}

const ID: &str = "aws_api_gateway_rest_api.api.id";

/// A value as a call of `jsonencode`.
fn encoded(value: &Value) -> String {
    format!("jsonencode({})", plain(&value.to_string()))
}

/// A module whose policy is an expression; `more` is what that refers to.
fn with(example: &Value, policy: impl FnOnce(&Value) -> (String, String)) -> String {
    let mut out = api(example, "") + &method(example);
    if !example["policy"].is_null() {
        let (policy, more) = policy(&example["policy"]);
        out += &attach(ID, &policy);
        out += &more;
    }
    out
}

/// The policy as a text of several lines.
pub(super) fn heredoc(example: &Value) -> String {
    with(example, |policy| (format!("<<EOF\n{}\nEOF", plain(&policy.to_string())), String::new()))
}

/// The policy as a call of `jsonencode`.
pub(super) fn encode(example: &Value) -> String {
    with(example, |policy| (encoded(policy), String::new()))
}

/// The policy from a template beside the module.
pub(super) fn template(example: &Value) -> String {
    let call = "templatefile(\"${path.module}/policy.json.tftpl\", { service = \"execute-api\" })";
    with(example, |_| (call.to_owned(), String::new()))
}

/// The policy from a folder of templates, which `template_dir` renders when the plan is applied.
pub(super) fn rendered(example: &Value) -> String {
    let policy = "file(\"${template_dir.policies.destination_dir}/policy.json\")";
    let more = "resource \"template_dir\" \"policies\" {\n  \
                source_dir      = \"${path.module}/templates\"\n  \
                destination_dir = \"${path.module}/rendered\"\n  \
                vars            = { service = \"execute-api\" }\n}\n";
    with(example, |_| (policy.to_owned(), more.to_owned()))
}

/// That template.
pub(super) fn template_text(example: &Value) -> String {
    plain(&example["policy"].to_string()).replace("\"execute-api:", "\"${service}:")
}

/// The policy as a policy document, which is read when the plan is applied.
pub(super) fn document(example: &Value) -> String {
    with(example, |policy| {
        let statements = policy["Statement"].as_array().expect("a list");
        let body: String = statements.iter().map(statement).collect();
        let read = format!("{body}  depends_on = [aws_api_gateway_rest_api.api]\n");
        (json_of("api"), data("api", &read))
    })
}

/// The same, put together from one document for each statement.
pub(super) fn documents(example: &Value) -> String {
    with(example, |policy| {
        let statements = policy["Statement"].as_array().expect("a list").iter();
        let (mut names, mut out) = (Vec::new(), String::new());
        for (index, one) in statements.enumerate() {
            let name = format!("part{index}");
            let read = format!("{}  depends_on = [aws_api_gateway_rest_api.api]\n", statement(one));
            out += &data(&name, &read);
            names.push(json_of(&name));
        }
        let whole = format!("  source_policy_documents = [{}]\n", names.join(", "));
        (json_of("api"), out + &data("api", &whole))
    })
}

fn data(name: &str, body: &str) -> String {
    format!("data \"aws_iam_policy_document\" \"{name}\" {{\n{body}}}\n")
}

fn json_of(name: &str) -> String {
    format!("data.aws_iam_policy_document.{name}.json")
}

/// A statement as the blocks of a document.
fn statement(statement: &Value) -> String {
    let list = |value: &Value| match value {
        Value::Array(_) => plain(&value.to_string()),
        one => format!("[{}]", plain(&one.to_string())),
    };
    let mut out = format!("  statement {{\n    effect = {}\n", statement["Effect"]);
    for (name, argument) in [
        ("Action", "actions"),
        ("NotAction", "not_actions"),
        ("Resource", "resources"),
        ("NotResource", "not_resources"),
    ] {
        if let Some(value) = statement.get(name) {
            out += &format!("    {argument} = {}\n", list(value));
        }
    }
    for (name, block) in [("Principal", "principals"), ("NotPrincipal", "not_principals")] {
        for (kind, callers) in principals(&statement[name]) {
            let callers = list(callers);
            out += &format!(
                "    {block} {{\n      type        = \"{kind}\"\n      identifiers = {callers}\n    }}\n"
            );
        }
    }
    for (test, variable, values) in conditions(statement) {
        let values = list(values);
        out += &format!(
            "    condition {{\n      test     = \"{test}\"\n      variable = \"{variable}\"\n      \
             values   = {values}\n    }}\n"
        );
    }
    out + "  }\n"
}

/// The principals of an element, by their kind.
pub(super) fn principals(element: &Value) -> Vec<(&str, &Value)> {
    match element {
        Value::Null => Vec::new(),
        Value::Object(kinds) => kinds.iter().map(|(kind, who)| (kind.as_str(), who)).collect(),
        everybody => vec![("*", everybody)],
    }
}

/// The conditions of a statement: operator, key, values.
pub(super) fn conditions(statement: &Value) -> Vec<(&str, &str, &Value)> {
    let tests = statement["Condition"].as_object().into_iter().flatten();
    let all = tests.flat_map(|(test, keys)| {
        let keys = keys.as_object().expect("an object").iter();
        keys.map(move |(key, values)| (test.as_str(), key.as_str(), values))
    });
    all.collect()
}

/// The policy in the definition that is imported.
pub(super) fn body(example: &Value) -> String {
    let definition = super::openapi::of_a_body(example);
    api(example, &format!("  body = {}\n", encoded(&definition)))
}

/// A call of the module of the API, with its policy as an argument; `meta` are arguments of the call
/// itself.
pub(super) fn call(example: &Value, source: &str, meta: &str) -> String {
    let policy = match &example["policy"] {
        Value::Null => String::new(),
        policy => format!("  policy = {}\n", encoded(policy)),
    };
    format!("module \"api\" {{\n  source = \"{source}\"\n{meta}{policy}}}\n")
}

/// The module that is called so.
pub(super) fn called(example: &Value) -> String {
    let declared = match &example["policy"] {
        Value::Null => "",
        _ => "variable \"policy\" {\n  type = string\n}\n",
    };
    let module = with(example, |_| ("var.policy".to_owned(), String::new()));
    format!("{declared}{module}")
}

/// A module that the policy of its API is attached to from outside.
pub(super) fn handing_out(example: &Value) -> String {
    let output = format!("output \"id\" {{\n  value = {ID}\n}}\n");
    api(example, "") + &method(example) + &output
}

/// The module that attaches it.
pub(super) fn attaching(example: &Value) -> String {
    let call = "module \"api\" {\n  source = \"./modules/api\"\n}\n".to_owned();
    match &example["policy"] {
        Value::Null => call,
        policy => call + &attach("module.api.id", &encoded(policy)),
    }
}
