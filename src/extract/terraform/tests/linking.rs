//! Which policy belongs to which API, and the addresses of instances.

use super::{Case, api};
use crate::model::{ApiKind, EndpointTypes, SymbolClass};

fn addresses(case: &Case) -> Vec<&str> {
    case.apis().iter().map(|a| a.address.as_str()).collect()
}

#[test]
fn instances_of_for_each_have_their_own_policies() {
    let case = Case::new(
        r#"
resource "aws_api_gateway_rest_api" "a" {
  for_each = { eu = "Allow", us = "Deny" }
  name     = "orders-${each.key}"
}
resource "aws_api_gateway_rest_api_policy" "p" {
  for_each    = aws_api_gateway_rest_api.a
  rest_api_id = each.value.id
  policy      = jsonencode({
    Statement = { Effect = each.key == "eu" ? "Allow" : "Deny", Resource = "${each.value.execution_arn}/*" }
  })
}
"#,
    );
    assert_eq!(
        addresses(&case),
        ["aws_api_gateway_rest_api.a[\"eu\"]", "aws_api_gateway_rest_api.a[\"us\"]"]
    );
    for (api, effect) in case.apis().iter().zip(["Allow", "Deny"]) {
        assert_eq!(
            api.name.as_deref(),
            Some(if effect == "Allow" { "orders-eu" } else { "orders-us" })
        );
        assert_eq!(api.worlds.len(), 1);
        let shown = case.policy(api, &api.worlds[0].policy);
        assert_eq!(shown, format!("  {effect} on ${{{}.execution_arn}}/*\n", api.address));
        let crate::model::PolicyState::Known(policies) = &api.worlds[0].policy else { panic!() };
        let statement = policies[0].known_statements().next().expect("a statement");
        let leaf = statement.resource.items[0].one().expect("a leaf");
        assert_eq!(leaf.symbols().map(|s| s.class).collect::<Vec<_>>(), [SymbolClass::ThisApiArn]);
    }
}

#[test]
fn counted_apis_and_habits_of_naming_them() {
    for id in [
        "aws_api_gateway_rest_api.a[0].id",
        "aws_api_gateway_rest_api.a[count.index].id",
        "join(\"\", aws_api_gateway_rest_api.a.*.id)",
        "element(concat(aws_api_gateway_rest_api.a.*.id, [\"\"]), 0)",
        "one(aws_api_gateway_rest_api.a[*].id)",
        "try(aws_api_gateway_rest_api.a[0].id, \"\")",
        "local.id",
        "aws_api_gateway_deployment.d.rest_api_id",
    ] {
        let case = Case::new(&format!(
            r#"
locals {{
  id = aws_api_gateway_rest_api.a[0].id
}}
resource "aws_api_gateway_rest_api" "a" {{
  count = 1
}}
resource "aws_api_gateway_deployment" "d" {{
  rest_api_id = aws_api_gateway_rest_api.a[0].id
}}
resource "aws_api_gateway_rest_api_policy" "p" {{
  count       = 1
  rest_api_id = {id}
  policy      = jsonencode({{ Statement = {{ Effect = "Deny" }} }})
}}
"#
        ));
        assert_eq!(case.show(case.api()), "when :\n  Absent\n  Deny\n", "{id}");
        assert_eq!(case.api().sites[0].address, "aws_api_gateway_rest_api_policy.p[0]");
    }
}

#[test]
fn an_unknown_collection_is_one_symbolic_instance() {
    let case = Case::new(
        r#"
variable "apis" {}
resource "aws_api_gateway_rest_api" "a" {
  for_each = var.apis
  policy   = each.value.policy
}
"#,
    );
    assert_eq!(addresses(&case), ["aws_api_gateway_rest_api.a[each.key]"]);
    assert_eq!(
        case.show(case.api()),
        "when length(var.apis) > 0 = true:\n  Absent\n  unknown policy each.value.policy\nwhen length(var.apis) > 0 = false:\n  absent\n"
    );
}

#[test]
fn a_policy_whose_api_is_elsewhere_stands_for_it() {
    let case = Case::new(
        r#"
variable "id" {}
data "aws_api_gateway_rest_api" "shared" { name = "shared" }
resource "aws_api_gateway_rest_api_policy" "by_variable" {
  rest_api_id = var.id
  policy      = jsonencode({ Statement = { Effect = "Allow", Principal = "*" } })
}
resource "aws_api_gateway_rest_api_policy" "by_data" {
  rest_api_id = data.aws_api_gateway_rest_api.shared.id
  policy      = jsonencode({ Statement = { Effect = "Allow", Resource = "${data.aws_api_gateway_rest_api.shared.execution_arn}/*" } })
}
"#,
    );
    assert_eq!(
        addresses(&case),
        ["aws_api_gateway_rest_api_policy.by_variable", "aws_api_gateway_rest_api_policy.by_data"]
    );
    for api in case.apis() {
        assert_eq!(api.kind, ApiKind::RestApi);
        assert!(matches!(api.worlds[0].endpoint, EndpointTypes::Unknown(..)));
        assert!(!api.worlds[0].routes.complete);
        assert_eq!(api.sites[0].address, api.address);
    }
    let crate::model::PolicyState::Known(policies) = &case.apis()[1].worlds[0].policy else {
        panic!("a policy")
    };
    let statement = policies[0].known_statements().next().expect("a statement");
    let leaf = statement.resource.items[0].one().expect("a leaf");
    assert_eq!(leaf.symbols().map(|s| s.class).collect::<Vec<_>>(), [SymbolClass::ThisApiArn]);
}

#[test]
fn an_id_that_is_not_worked_out_is_linked_to_what_it_names() {
    let case = Case::new(&format!(
        "{}resource \"aws_api_gateway_rest_api_policy\" \"p\" {{\n  rest_api_id = sha256(aws_api_gateway_rest_api.a.id)\n  policy = jsonencode({{ Statement = {{ Effect = \"Deny\" }} }})\n}}\n",
        api("")
    ));
    assert_eq!(case.show(case.api()), "when :\n  Absent\n  Deny\n");
}

#[test]
fn resources_that_never_exist_are_no_apis() {
    assert!(Case::new(&api("  count = 0")).apis().is_empty());
    assert!(Case::new(&api("  for_each = {}")).apis().is_empty());
    let twice = Case::new(&format!("{}{}", api(""), api("  policy = \"{}\"")));
    assert_eq!(twice.apis().len(), 2, "both blocks of one address are judged");
}

#[test]
fn override_files_replace_arguments_and_blocks() {
    let case = Case::files(&[
        (
            "a_override.tf",
            "resource \"aws_api_gateway_rest_api\" \"a\" {\n  policy = null\n  endpoint_configuration {\n    types = [\"PRIVATE\"]\n  }\n}\nlocals {\n  x = \"Deny\"\n}\n",
        ),
        (
            "main.tf",
            &format!(
                "locals {{\n  x = \"Allow\"\n}}\n{}",
                api(
                    "  policy = jsonencode({ Statement = { Effect = local.x } })\n  endpoint_configuration {\n    types = [\"EDGE\"]\n  }"
                )
            ),
        ),
    ]);
    assert_eq!(case.show(case.api()), "when :\n  Private\n  no policy\n");
    let local = Case::files(&[
        (
            "main.tf",
            &format!(
                "locals {{\n  x = \"Allow\"\n}}\n{}",
                api("  policy = jsonencode({ Statement = { Effect = local.x } })")
            ),
        ),
        ("override.tf", "locals {\n  x = \"Deny\"\n}\n"),
    ]);
    assert_eq!(local.show(local.api()), "when :\n  Absent\n  Deny\n");
}

#[test]
fn the_apis_that_calls_of_a_module_are_for_are_theirs() {
    for (collection, id) in [
        ("{ one = aws_api_gateway_rest_api.a }", "each.value.id"),
        ("{ one = aws_api_gateway_rest_api.a.id }", "each.value"),
    ] {
        let case = Case::files(&[
            (
                "main.tf",
                &format!(
                    "{}module \"guard\" {{\n  source   = \"./guard\"\n  for_each = {collection}\n  id       = {id}\n}}\n",
                    api("")
                ),
            ),
            (
                "guard/main.tf",
                "variable \"id\" {}\nresource \"aws_api_gateway_rest_api_policy\" \"p\" {\n  rest_api_id = var.id\n  policy      = jsonencode({ Statement = { Effect = \"Deny\" } })\n}\n",
            ),
        ]);
        assert_eq!(case.show(case.api()), "when :\n  Absent\n  Deny\n", "{id}");
        assert_eq!(
            case.api().sites[0].address,
            "module.guard[\"one\"].aws_api_gateway_rest_api_policy.p"
        );
    }
}

#[test]
fn policies_of_vpc_endpoints_belong_to_the_instance_that_they_name() {
    let sites = |id: &str, for_each: &str| {
        let case = Case::new(&format!(
            r#"
variable "u" {{}}
resource "aws_vpc_endpoint" "e" {{
  for_each     = toset(["ec2", "execute-api", "execute-api.eu"])
  vpc_id       = "vpc-0123456789abcdef0"
  service_name = "com.amazonaws.eu-west-1.${{each.value}}"
}}
resource "aws_vpc_endpoint_policy" "p" {{
  for_each        = {for_each}
  vpc_endpoint_id = {id}
  policy          = jsonencode({{ Statement = [{{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*" }}] }})
}}
"#
        ));
        let of = |api: &crate::model::Api| -> Vec<String> {
            let address = |site: &crate::model::PolicySite| {
                site.address.trim_start_matches("aws_vpc_endpoint_policy.p").to_owned()
            };
            api.sites.iter().map(address).collect()
        };
        let name = |api: &crate::model::Api| {
            api.address.trim_start_matches("aws_vpc_endpoint.e").to_owned()
        };
        case.apis().iter().map(|api| (name(api), of(api))).collect::<Vec<_>>()
    };
    let all = r#"toset(["ec2", "execute-api", "execute-api.eu"])"#;
    let own = |key: &str| (format!("[\"{key}\"]"), vec![format!("[\"{key}\"]")]);
    let each = [own("execute-api"), own("execute-api.eu")];
    assert_eq!(sites("aws_vpc_endpoint.e[each.value].id", all), each);
    assert_eq!(sites("each.value.id", "aws_vpc_endpoint.e"), each);
    // An endpoint that the module does not have has no policy.
    assert_eq!(sites("aws_vpc_endpoint.e[each.value].id", r#"toset(["s3"])"#), []);
    // One that is not known may be any of them.
    let any = vec!["[\"a\"]".to_owned()];
    let unknown = sites("aws_vpc_endpoint.e[var.u].id", r#"toset(["a"])"#);
    assert_eq!(
        unknown.iter().map(|(_, sites)| sites.clone()).collect::<Vec<_>>(),
        [any.clone(), any]
    );
}
