//! Modules that others call, wherever they lie.

use serde_json::Value;

use super::sandbox::Sandbox;

const MODULE: &str = r#"variable "allowed" {
  type    = list(string)
  default = ["81.2.69.0/24"]
}

resource "aws_api_gateway_rest_api" "orders" {
  name = "orders"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/*"
      Condition = { IpAddress = { "aws:SourceIp" = var.allowed } }
    }]
  })
}
"#;

fn calling(source: &str) -> String {
    format!("module \"orders\" {{\n  source  = \"{source}\"\n  allowed = [\"0.0.0.0/0\"]\n}}\n")
}

/// Rule, confidence and place of the findings.
fn found(sandbox: &Sandbox, args: &[&str]) -> Vec<String> {
    let ran = sandbox.run(&[&["lint", "--format", "json"], args].concat());
    let report: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    let list = report["findings"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    list.map(|f| {
        let line = &f["range"]["start"]["line"];
        format!("{} {} {}:{line}", text(&f["rule"]), text(&f["confidence"]), text(&f["file"]))
    })
    .collect()
}

fn repository(sandbox: &Sandbox) {
    std::fs::create_dir(sandbox.path().join(".git")).expect("a folder");
}

#[test]
fn a_module_beside_the_given_folder_is_followed_within_the_repository() {
    let sandbox = Sandbox::new(&[
        ("live/main.tf", &calling("../modules/orders")),
        ("modules/orders/main.tf", MODULE),
    ]);
    // Without a repository nothing outside of the given folder is read: that is said.
    assert_eq!(found(&sandbox, &["live"]), ["unresolved proved live/main.tf:1"]);
    repository(&sandbox);
    let all = ["cidr-everything proved live/main.tf:3"];
    assert_eq!(found(&sandbox, &["live"]), all);
    assert_eq!(found(&sandbox, &["live/main.tf"]), all);
    assert_eq!(found(&sandbox, &["."]), all);
}

#[test]
fn an_installed_module_is_followed_whatever_the_root_module_says() {
    let list = r#"{"Modules": [{"Key": "", "Source": "", "Dir": "."},
        {"Key": "orders", "Source": "example/orders/aws", "Dir": ".terraform/modules/orders"}]}"#;
    let sandbox = Sandbox::new(&[
        ("main.tf", &calling("example/orders/aws")),
        (".terraform/modules/modules.json", list),
        (".terraform/modules/orders/main.tf", MODULE),
    ]);
    assert_eq!(found(&sandbox, &["."]), ["cidr-everything proved main.tf:3"]);
}

#[test]
fn an_ignored_module_is_followed() {
    let sandbox = Sandbox::new(&[
        ("main.tf", &calling("./vendor/orders")),
        (".gitignore", "vendor/\n"),
        ("vendor/orders/main.tf", MODULE),
    ]);
    repository(&sandbox);
    assert_eq!(found(&sandbox, &["."]), ["cidr-everything proved main.tf:3"]);
}

#[cfg(unix)]
#[test]
fn a_module_behind_a_link_is_followed_and_not_judged_alone() {
    let sandbox = Sandbox::new(&[("root/main.tf", &calling("./lib")), ("real/main.tf", MODULE)]);
    std::os::unix::fs::symlink("../real", sandbox.path().join("root/lib")).expect("a link");
    assert_eq!(found(&sandbox, &["."]), ["cidr-everything proved root/main.tf:3"]);
}

#[test]
fn a_module_that_only_its_examples_call_is_judged_for_itself_too() {
    let open = MODULE.replace("81.2.69.0/24", "0.0.0.0/0");
    let safe = calling("../..").replace("0.0.0.0/0", "81.2.69.0/24");
    let sandbox = Sandbox::new(&[("main.tf", &open), ("examples/safe/main.tf", &safe)]);
    assert_eq!(found(&sandbox, &["."]), ["cidr-everything possible main.tf:15"]);
}

#[test]
fn calls_that_are_too_many_are_said() {
    let calls: String = (0..300)
        .map(|number| format!("module \"m{number}\" {{\n  source = \"./m\"\n}}\n"))
        .collect();
    let api = "resource \"aws_api_gateway_rest_api\" \"x\" {\n  name = \"x\"\n}\n";
    let sandbox = Sandbox::new(&[("main.tf", &calls), ("m/main.tf", api)]);
    let findings = found(&sandbox, &["."]);
    let count = |rule: &str| findings.iter().filter(|found| found.starts_with(rule)).count();
    assert_eq!(count("public-api-no-policy") + count("unresolved"), 300, "{findings:?}");
    assert!(count("unresolved") > 0, "{findings:?}");
}

#[test]
fn findings_of_one_module_say_which_root_module_calls_it() {
    let sandbox = Sandbox::new(&[
        ("a/main.tf", "module \"m\" {\n  source = \"../m\"\n}\n"),
        ("b/main.tf", "module \"m\" {\n  source = \"../m\"\n}\n"),
        ("m/main.tf", "resource \"aws_api_gateway_rest_api\" \"x\" {\n  name = \"x\"\n}\n"),
    ]);
    let ran = sandbox.run(&["lint", "--format", "json", "."]);
    let report: Value = serde_json::from_str(&ran.stdout).expect("a report");
    let findings = report["findings"].as_array().expect("a list");
    assert_eq!(findings.len(), 2, "{report:#}");
    assert_ne!(findings[0]["fingerprint"], findings[1]["fingerprint"]);
    let calls = |finding: &Value| {
        let labels = finding["labels"].as_array().expect("a list");
        let call = labels.iter().find(|label| label["message"] == "the module is called here");
        call.map(|label| label["file"].clone())
    };
    let files: Vec<_> = findings.iter().map(calls).collect();
    assert_eq!(files, [Some("a/main.tf".into()), Some("b/main.tf".into())]);
    assert_eq!(report["apis"][0]["called"]["file"], "a/main.tf");
}
