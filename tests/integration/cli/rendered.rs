//! OpenAPI documents that Terraform renders from files beside it: the API is judged, and not the file
//! as it lies there.

use serde_json::Value;

use super::sandbox::Sandbox;

/// An OpenAPI document whose statements are written in a loop over `ips`.
const LOOP: &str = r#"swagger: "2.0"
info:
  title: ${name}
  version: "1"
paths:
  /x:
    get:
      responses: {}
x-amazon-apigateway-policy:
  Version: "2012-10-17"
  Statement:
%{ for ip in split(",", ips) ~}
    - Effect: Allow
      Principal: "*"
      Action: execute-api:Invoke
      Resource: execute-api:/*
      Condition:
        IpAddress:
          aws:SourceIp: "${ip}/32"
%{ endfor ~}
"#;

/// A module with an API of that body, and what else stands there.
fn module(body: &str, more: &str) -> String {
    format!(
        "variable \"ips\" {{}}\n{more}resource \"aws_api_gateway_rest_api\" \"a\" {{\n  \
         name = \"a\"\n  body = {body}\n}}\n"
    )
}

/// The modules that render [`LOOP`], and where it lies.
fn modules() -> [(String, &'static str); 4] {
    let call = |name: &str| {
        format!("templatefile(\"${{path.module}}/{name}\", {{ ips = var.ips, name = \"x\" }})")
    };
    let dir = "resource \"template_dir\" \"t\" {\n  source_dir      = \"${path.module}/in\"\n  \
               destination_dir = \"${path.module}/out\"\n  \
               vars = { ips = \"${var.ips}\", name = \"x\" }\n}\n";
    let file = "data \"template_file\" \"t\" {\n  template = file(\"${path.module}/p.yaml\")\n  \
                vars = { ips = \"${var.ips}\", name = \"x\" }\n}\n";
    let of_dir = "file(\"${template_dir.t.destination_dir}/sub/p.yaml\")";
    [
        (module(&call("p.yaml.tftpl"), ""), "p.yaml.tftpl"),
        (module(&call("p.yaml"), ""), "p.yaml"),
        (module(of_dir, dir), "in/sub/p.yaml"),
        (module("data.template_file.t.rendered", file), "p.yaml"),
    ]
}

/// What a run finds: confidence, rule, file and line of each finding; and its exit code.
fn found(files: &[(&str, &str)], flags: &[&str]) -> (Vec<String>, i32) {
    let sandbox = Sandbox::new(files);
    let ran = sandbox.run(&[&["lint", "--format", "json"], flags].concat());
    let json: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let findings = json["findings"].as_array().expect("a list").iter();
    let text = |f: &Value| {
        let [rule, confidence] = ["rule", "confidence"].map(|key| f[key].as_str().expect("text"));
        let (file, line) = (f["file"].as_str().expect("a file"), &f["range"]["start"]["line"]);
        format!("{confidence} {rule} {file}:{line}")
    };
    (findings.map(text).collect(), ran.code)
}

#[test]
fn a_loop_over_something_unknown_is_possible_and_names_it() {
    for (module, name) in modules() {
        let files = [("main.tf", module.as_str()), (name, LOOP)];
        // What a data source renders is unknown where it is used.
        let place = if module.contains(".rendered") { "main.tf:8" } else { &format!("{name}:12") };
        let expected = vec![format!("possible wildcard-principal {place}")];
        assert_eq!(found(&files, &[]), (expected.clone(), 0), "{module}");
        assert_eq!(found(&files, &["--fail-on-possible"]), (expected, 1), "{module}");
        // Where it is known, it is read.
        assert_eq!(found(&files, &["--var", "ips=52.94.5.6"]), (Vec::new(), 0), "{module}");
    }
}

#[test]
fn a_rendered_file_is_not_judged_as_it_lies_there() {
    let optional = LOOP
        .replace("x-amazon", "%{ if ips != \"\" }\nx-amazon")
        .replace("%{ endfor ~}", "%{ endfor ~}\n%{ endif }");
    for (module, name) in modules() {
        let files = [("main.tf", module.as_str()), (name, optional.as_str())];
        // Without a policy, too.
        let (findings, code) = found(&files, &["--var", "ips="]);
        let [one] = findings.as_slice() else { panic!("{module}: {findings:?}") };
        assert!(one.starts_with("proved public-api-no-policy main.tf:"), "{module}: {one}");
        assert_eq!(code, 0, "{module}");
    }
    // What no API is made of is.
    let (findings, code) = found(&[("main.tf", &module("null", "")), ("p.yaml", LOOP)], &[]);
    assert!(findings.contains(&"proved unreadable-template p.yaml:12".into()), "{findings:?}");
    assert_eq!(code, 1);
}

#[test]
fn a_document_that_is_known_and_not_well_formed_is_unreadable_once() {
    let broken = LOOP.replace("    - Effect: Allow", "    - Effect: [Allow");
    for (module, name) in modules() {
        let files = [("main.tf", module.as_str()), (name, broken.as_str())];
        let (findings, code) = found(&files, &["--var", "ips=52.94.5.6"]);
        assert!(!findings.is_empty() && code == 1, "{module}: {findings:?}");
        for finding in &findings {
            let place = format!("proved unreadable-template {name}:");
            assert!(finding.starts_with(&place), "{module}: {findings:?}");
        }
    }
}
