//! Plans whose resources stand in modules that the sources call.

use serde_json::{Value, json};

use super::plans::report;
use super::sandbox::Sandbox;

/// An API with an open policy, in each instance of a module.
const CHILD: &str = "variable \"name\" {}\n\nresource \"aws_api_gateway_rest_api\" \"this\" {\n  count  = 1\n  name   = var.name\n  policy = jsonencode({\n    Version = \"2012-10-17\"\n    Statement = [{\n      Effect    = \"Allow\"\n      Principal = \"*\"\n      Action    = \"execute-api:Invoke\"\n      Resource  = \"execute-api:/*\"\n    }]\n  })\n}\n";

/// A root module that calls it from `source` for two regions.
fn calling(source: &str) -> String {
    format!(
        "module \"api\" {{\n  for_each = toset([\"eu\", \"us\"])\n  source   = \"{source}\"\n  \
         name     = each.key\n}}\n"
    )
}

/// The plan of that.
fn called(source: &str) -> Value {
    let policy = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": "*",
        "Action": "execute-api:Invoke", "Resource": "execute-api:/*" }] });
    let instance = |key: &str| {
        let module = format!("module.api[\"{key}\"]");
        json!({ "address": module, "resources": [{
            "address": format!("{module}.aws_api_gateway_rest_api.this[0]"), "mode": "managed",
            "type": "aws_api_gateway_rest_api", "name": "this", "index": 0,
            "values": { "name": key, "policy": policy.to_string() } }] })
    };
    json!({
        "format_version": "1.2", "terraform_version": "1.9.5",
        "planned_values": { "root_module": { "child_modules": [instance("eu"), instance("us")] } },
        "configuration": { "root_module": { "module_calls": { "api": {
            "source": source, "expressions": { "name": { "references": ["each.key"] } },
            "module": { "resources": [{ "address": "aws_api_gateway_rest_api.this", "mode": "managed",
                "type": "aws_api_gateway_rest_api", "name": "this", "expressions": { "policy": {} } }] } } } } },
    })
}

/// Which APIs let everybody in, and where that is written.
fn places(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("a list").iter();
    let open = findings.filter(|finding| finding["rule"] == "wildcard-principal");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    open.map(|f| {
        format!("{} {}:{}", text(&f["api"]), text(&f["file"]), f["range"]["start"]["line"])
    })
    .collect()
}

/// What [`places`] is where the policy is found in `file`.
fn in_file(file: &str) -> [String; 2] {
    ["eu", "us"].map(|key| format!("module.api[\"{key}\"].aws_api_gateway_rest_api.this[0] {file}"))
}

#[test]
fn modules_are_found_in_the_sources() {
    let source = "./modules/api";
    let sandbox =
        Sandbox::new(&[("infra/main.tf", &calling(source)), ("infra/modules/api/main.tf", CHILD)]);
    sandbox.write("plan.json", called(source).to_string().as_bytes());
    let report = report(&sandbox, &["plan.json", "--source", "infra"]);
    assert_eq!(places(&report), in_file("infra/modules/api/main.tf:6"), "{report:#}");
}

#[test]
fn installed_modules_are_found_where_the_list_of_them_is_one_of_the_sources() {
    let list = json!({ "Modules": [{ "Key": "api", "Source": "registry/api/aws",
        "Dir": ".terraform/modules/api" }] });
    let list = list.to_string();
    let source = "registry/api/aws";
    let sandbox = Sandbox::new(&[
        ("infra/main.tf", &calling(source)),
        ("infra/.terraform/modules/api/main.tf", CHILD),
        ("infra/.terraform/modules/modules.json", &list),
    ]);
    sandbox.write("plan.json", called(source).to_string().as_bytes());
    let found = || places(&report(&sandbox, &["plan.json", "--source", "infra"]));
    assert_eq!(found(), in_file("infra/.terraform/modules/api/main.tf:6"));
    // A link to a list elsewhere is not followed.
    #[cfg(unix)]
    {
        let outside = Sandbox::new(&[("modules.json", &list)]);
        let link = sandbox.path().join("infra/.terraform/modules/modules.json");
        std::fs::remove_file(&link).expect("a file");
        std::os::unix::fs::symlink(outside.path().join("modules.json"), link).expect("a link");
        assert_eq!(found(), in_file("plan.json:1"));
    }
}
