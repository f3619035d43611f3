//! Documents that are imported into an API after it was made.

use super::{Case, api};
use crate::model::{AuthType, PolicyState};

const ALLOW: &str = r#"x-amazon-apigateway-policy = { Statement = { Effect = "Allow" } }"#;
const PATHS: &str = r#"paths = { "/orders" = { get = {} } }"#;

/// What is said apart from what the short policies lack.
fn problems(case: &Case) -> Vec<String> {
    let all = case.problems().into_iter();
    all.filter(|problem| !problem.starts_with("Missing")).collect()
}

fn import(name: &str, id: &str, document: &str) -> String {
    format!(
        "resource \"aws_api_gateway_rest_api_put\" \"{name}\" {{\n  rest_api_id = {id}\n  body        = jsonencode({{ {document} }})\n}}\n"
    )
}

const ID: &str = "aws_api_gateway_rest_api.a.id";
const DENY: &str = "resource \"aws_api_gateway_rest_api_policy\" \"p\" {\n  rest_api_id = aws_api_gateway_rest_api.a.id\n  policy      = jsonencode({ Statement = { Effect = \"Deny\" } })\n}\n";

#[test]
fn its_policy_and_its_methods_are_those_of_the_api() {
    let case = Case::new(&format!("{}{}", api(""), import("v", ID, &format!("{ALLOW}\n{PATHS}"))));
    assert_eq!(case.show(case.api()), "when :\n  Absent\n  Allow\n");
    assert_eq!(case.api().sites[0].address, "aws_api_gateway_rest_api_put.v");
    let routes = &case.world().routes;
    assert!(routes.complete);
    assert_eq!(routes.declared[0].path.as_deref(), Some("/orders"));
    assert_eq!(routes.declared[0].auth, AuthType::None);
    assert_eq!(problems(&case), Vec::<String>::new());
}

#[test]
fn both_policies_may_hold() {
    let text = format!("{}{DENY}{}", api(""), import("v", ID, ALLOW));
    let case = Case::new(&text);
    assert_eq!(
        case.show(case.api()),
        "when :\n  Absent\n  reading 1\n  Deny\n  reading 2\n  Allow\n"
    );
    assert_eq!(problems(&case).len(), 1, "{:?}", problems(&case));
    assert!(problems(&case)[0].starts_with("SeveralPolicies"), "{:?}", problems(&case));
}

#[test]
fn an_import_without_a_policy_takes_one_away() {
    let case = Case::new(&format!("{}{DENY}{}", api(""), import("v", ID, PATHS)));
    let when = "aws_api_gateway_rest_api_put.v runs after the policy is written";
    assert_eq!(
        case.show(case.api()),
        format!(
            "when {when} = false:\n  Absent\n  Deny\nwhen {when} = true (other):\n  Absent\n  no policy\n"
        )
    );
    assert_eq!(problems(&case), ["BodyOverwrites { merges: false }"]);
}

#[test]
fn imports_for_several_stages_may_differ() {
    let deny = r#"x-amazon-apigateway-policy = { Statement = { Effect = "Deny" } }"#;
    let text = format!("{}{}{}", api(""), import("v1", ID, ALLOW), import("v2", ID, deny));
    let case = Case::new(&text);
    assert_eq!(
        case.show(case.api()),
        "when :\n  Absent\n  reading 1\n  Allow\n  reading 2\n  Deny\n"
    );
    assert_eq!(problems(&case), Vec::<String>::new());
}

#[test]
fn one_that_is_not_known_may_bring_any_policy() {
    let text = format!(
        "variable \"b\" {{}}\n{}{DENY}resource \"aws_api_gateway_rest_api_put\" \"v\" {{\n  rest_api_id = {ID}\n  body        = var.b\n}}\n",
        api("")
    );
    let case = Case::new(&text);
    assert_eq!(
        case.show(case.api()),
        "when :\n  Absent\n  reading 1\n  Deny\n  reading 2\n  var.b*\n"
    );
    assert!(!case.world().routes.complete);
}

#[test]
fn one_whose_api_is_elsewhere_stands_for_it_where_it_has_a_policy() {
    let of = |document: &str| {
        Case::new(&format!("variable \"id\" {{}}\n{}", import("v", "var.id", document)))
    };
    let case = of(&format!("{ALLOW}\n{PATHS}"));
    assert_eq!(case.api().address, "aws_api_gateway_rest_api_put.v");
    assert!(matches!(case.world().policy, PolicyState::Known(_)));
    let routes = &case.world().routes;
    assert!(!routes.complete && routes.declared.len() == 1);
    assert!(of(PATHS).apis().is_empty());
}
