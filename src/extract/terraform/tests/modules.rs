//! Modules that call modules.

use super::Case;
use crate::model::PolicyState;

const CHILD: &str = r#"
variable "name" { default = "n" }
variable "policy" {
  type    = string
  default = null
}
variable "kind" { default = "REGIONAL" }
resource "aws_api_gateway_rest_api" "this" {
  name   = var.name
  policy = var.policy
  endpoint_configuration { types = [var.kind] }
}
output "id" { value = aws_api_gateway_rest_api.this.id }
output "arn" { value = aws_api_gateway_rest_api.this.execution_arn }
"#;

const DENY: &str = r#"jsonencode({ Statement = [{ Effect = "Deny", Principal = "*", Action = "*", Resource = "*" }] })"#;

fn case(main: &str) -> Case {
    Case::files(&[("main.tf", main), ("modules/api/main.tf", CHILD)])
}

fn addresses(case: &Case) -> Vec<&str> {
    case.apis().iter().map(|api| api.address.as_str()).collect()
}

#[test]
fn arguments_are_the_variables_of_the_called_module() {
    let found = case(&format!(
        "module \"a\" {{\n  source = \"./modules/api\"\n  policy = {DENY}\n  kind = \"PRIVATE\"\n}}\n"
    ));
    assert_eq!(found.api().address, "module.a.aws_api_gateway_rest_api.this");
    assert_eq!(found.api().name.as_deref(), Some("n"));
    assert_eq!(found.show(found.api()), "when :\n  Private\n  Deny Aws:* on *\n");
    assert_eq!(found.extraction.nested, ["/m/modules/api".into()].into());
    // The steps lead through the call.
    let site = &found.api().sites[0];
    let steps = found.extraction.origins.steps(site.origin);
    let steps: Vec<String> =
        steps.iter().map(|n| format!("{:?} {}", n.step, found.db.slice(n.at))).collect();
    assert!(steps.iter().any(|step| step == "Argument policy"), "{steps:?}");
}

#[test]
fn each_instance_of_a_call_is_an_api_of_its_own() {
    let found = case(
        "module \"a\" {\n  for_each = { eu = \"PRIVATE\", us = \"EDGE\" }\n  source = \"./modules/api\"\n  kind = each.value\n  name = each.key\n}\n",
    );
    assert_eq!(
        addresses(&found),
        [
            "module.a[\"eu\"].aws_api_gateway_rest_api.this",
            "module.a[\"us\"].aws_api_gateway_rest_api.this"
        ]
    );
    let shown: Vec<String> = found.apis().iter().map(|api| found.show(api)).collect();
    assert_eq!(shown, ["when :\n  Private\n  no policy\n", "when :\n  Edge\n  no policy\n"]);
}

#[test]
fn a_call_that_its_default_switches_off_is_judged_where_it_is_on() {
    let found = case(&format!(
        "variable \"on\" {{ default = false }}\nmodule \"a\" {{\n  count = var.on ? 1 : 0\n  source = \"./modules/api\"\n  policy = {DENY}\n}}\n"
    ));
    let api = found.api();
    assert_eq!(api.address, "module.a[0].aws_api_gateway_rest_api.this");
    assert_eq!(
        found.show(api),
        "when var.on = false:\n  absent\nwhen var.on = true (other):\n  Regional\n  Deny Aws:* on *\n"
    );
}

#[test]
fn outputs_lead_back_to_the_api() {
    let found = case(&format!(
        "module \"a\" {{\n  source = \"./modules/api\"\n}}\nmodule \"b\" {{\n  source = \"./modules/api\"\n}}\n\
         resource \"aws_api_gateway_rest_api_policy\" \"p\" {{\n  rest_api_id = module.b.id\n  policy = {DENY}\n}}\n"
    ));
    let [a, b] = found.apis() else { panic!("two APIs: {:?}", addresses(&found)) };
    assert_eq!(found.show(a), "when :\n  Regional\n  no policy\n");
    assert_eq!(found.show(b), "when :\n  Regional\n  Deny Aws:* on *\n");
    assert!(found.problems().is_empty(), "{:?}", found.problems());
}

#[test]
fn a_module_may_carry_the_policy_alone() {
    let policy = "variable \"api\" {}\nresource \"aws_api_gateway_rest_api_policy\" \"p\" {\n  rest_api_id = var.api\n  policy = templatefile(\"${path.module}/p.json\", { effect = \"Deny\" })\n}\n";
    let found = Case::files(&[
        (
            "main.tf",
            "resource \"aws_api_gateway_rest_api\" \"a\" {}\nmodule \"p\" {\n  source = \"./modules/p\"\n  api = aws_api_gateway_rest_api.a.id\n}\n",
        ),
        ("modules/p/main.tf", policy),
        (
            "modules/p/p.json",
            r#"{"Statement": {"Effect": "${effect}", "Principal": "*", "Action": "*", "Resource": "*"}}"#,
        ),
    ]);
    assert_eq!(found.policy(found.api(), &found.world().policy), "  Deny Aws:* on *\n");
}

#[test]
fn modules_call_modules_and_vendored_ones() {
    let found = Case::files(&[
        (
            "main.tf",
            "module \"outer\" {\n  source = \"registry/outer/aws\"\n  version = \"1.0\"\n}\n",
        ),
        (
            ".terraform/modules/modules.json",
            r#"{"Modules": [{"Key": "", "Source": "", "Dir": "."}, {"Key": "outer", "Source": "registry/outer/aws", "Version": "1.0.0", "Dir": ".terraform/modules/outer"}]}"#,
        ),
        (
            ".terraform/modules/outer/main.tf",
            "locals {\n  kind = \"PRIVATE\"\n}\nmodule \"inner\" {\n  source = \"./inner\"\n  kind = local.kind\n}\nmodule \"gone\" {\n  source = \"git::https://x/api-gateway\"\n  policy = jsonencode({ Principal = \"*\", Action = \"execute-api:Invoke\" })\n}\n",
        ),
        (".terraform/modules/outer/inner/main.tf", CHILD),
    ]);
    assert_eq!(
        addresses(&found),
        ["module.outer.module.inner.aws_api_gateway_rest_api.this", "module.gone"]
    );
    assert_eq!(found.show(&found.apis()[0]), "when :\n  Private\n  no policy\n");
}

#[test]
fn what_is_unknown_in_two_instances_is_not_the_same() {
    let endpoint = |second: &str| {
        let main = format!(
            "variable \"u\" {{}}\nmodule \"a\" {{\n  source = \"./c\"\n  x = var.u\n}}\nmodule \"b\" {{\n  source = \"./c\"\n  x = \"${{var.u}}-b\"\n}}\n\
             resource \"aws_api_gateway_rest_api\" \"a\" {{\n  endpoint_configuration {{\n    types = [module.a.h == \"x\" ? ({second}.h == \"x\" ? \"PRIVATE\" : \"EDGE\") : \"REGIONAL\"]\n  }}\n}}\n"
        );
        let child = "variable \"x\" {}\noutput \"h\" {\n  value = sha1(var.x)\n}\n";
        let found = Case::files(&[("main.tf", &main), ("c/main.tf", child)]);
        found.api().worlds.len()
    };
    assert_eq!(endpoint("module.a"), 2);
    assert_eq!(endpoint("module.b"), 3);
}

#[test]
fn a_folder_that_is_not_given_and_a_circle_are_no_modules() {
    let outside = Case::new("module \"a\" {\n  source = \"../elsewhere\"\n}\n");
    assert!(outside.apis().is_empty());
    let circle = Case::files(&[
        ("main.tf", "module \"a\" {\n  source = \"./a\"\n}\n"),
        (
            "a/main.tf",
            "module \"a\" {\n  source = \"../a\"\n}\nresource \"aws_api_gateway_rest_api\" \"x\" {}\n",
        ),
    ]);
    assert!(!circle.apis().is_empty() && circle.apis().len() <= 2, "{:?}", addresses(&circle));
}

#[test]
fn a_module_without_a_value_says_so() {
    let found = Case::files(&[
        ("main.tf", "module \"a\" {\n  source = \"./c\"\n}\n"),
        (
            "c/main.tf",
            "variable \"p\" {}\nresource \"aws_api_gateway_rest_api\" \"a\" {\n  policy = var.p\n}\n",
        ),
    ]);
    assert_eq!(found.problems(), ["var.p: the module call gives it no value"]);
}

#[test]
fn many_calls_end() {
    let mut main = String::from("variable \"n\" { default = [] }\n");
    for index in 0..400 {
        main.push_str(&format!(
            "module \"m{index}\" {{\n  source = \"./c\"\n  count = length([for x in range(900) : x if x < 0])\n}}\n"
        ));
    }
    for index in 0..300 {
        main.push_str(&format!("module \"p{index}\" {{\n  source = \"./c\"\n}}\n"));
    }
    let found = Case::files(&[
        ("main.tf", &main),
        ("c/main.tf", "resource \"aws_api_gateway_rest_api\" \"a\" {}\n"),
    ]);
    // What is not followed is an unknown API each.
    let followed = found.apis().iter().filter(|api| api.unresolved.is_empty()).count();
    assert_eq!((followed, found.apis().len()), (256, 300));
}

#[test]
fn no_instance_is_left_out_in_silence() {
    let count = |n: usize| {
        let call = format!("module \"a\" {{\n  count = {n}\n  source = \"./modules/api\"\n}}\n");
        case(&call)
    };
    assert_eq!(count(40).apis().len(), 40);
    let many = count(400);
    assert_eq!(many.apis().len(), crate::resolve::terraform::MAX_INSTANCES);
    let problems = many.problems();
    assert!(problems.iter().any(|said| said.contains("too many instances")), "{problems:?}");
}

#[test]
fn calls_beyond_the_limit_are_an_unknown_api_where_the_module_makes_one() {
    let of = |resource: &str| {
        let mut main = String::new();
        for index in 0..257 {
            main.push_str(&format!("module \"m{index}\" {{\n  source = \"./outer\"\n}}\n"));
        }
        Case::files(&[
            ("main.tf", &main),
            ("outer/main.tf", "module \"inner\" {\n  source = \"../inner\"\n}\n"),
            ("inner/main.tf", resource),
        ])
    };
    let case = of("resource \"aws_api_gateway_rest_api\" \"a\" {}\n");
    let last = case.apis().iter().find(|api| api.address == "module.m256").expect("the last call");
    assert!(matches!(last.worlds[0].policy, PolicyState::Unknown(..)));
    assert_eq!(last.unresolved.len(), 1);
    let case = of("resource \"aws_sqs_queue\" \"a\" {}\n");
    assert!(case.apis().is_empty());
    assert!(case.problems()[0].contains("a limit was reached"), "{:?}", case.problems());
}

#[test]
fn what_is_not_known_of_an_inner_module_has_its_address() {
    let case = Case::files(&[
        ("main.tf", "module \"outer\" {\n  source = \"./outer\"\n}\n"),
        (
            "outer/main.tf",
            "module \"inner\" {\n  source = \"x/inner/aws\"\n}\nresource \"aws_api_gateway_rest_api\" \"a\" {\n  policy = module.inner.policy\n}\n",
        ),
    ]);
    let shown = case.show(case.api());
    assert!(shown.contains("unknown policy module.outer.module.inner.policy"), "{shown}");
}
