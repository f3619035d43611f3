//! Methods and paths.

use super::{Case, api};
use crate::model::AuthType;

const TREE: &str = r#"
resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  parent_id   = aws_api_gateway_rest_api.a.root_resource_id
  path_part   = "orders"
}
resource "aws_api_gateway_resource" "order" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  parent_id   = aws_api_gateway_resource.orders.id
  path_part   = "{id}"
}
resource "aws_api_gateway_method" "root" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  resource_id   = aws_api_gateway_rest_api.a.root_resource_id
  http_method   = "ANY"
  authorization = "NONE"
}
resource "aws_api_gateway_method" "order" {
  for_each      = toset(["GET", "delete"])
  rest_api_id   = aws_api_gateway_rest_api.a.id
  resource_id   = aws_api_gateway_resource.order.id
  http_method   = each.value
  authorization = each.value == "GET" ? "AWS_IAM" : "CUSTOM"
}
"#;

fn routes(text: &str) -> (Vec<String>, bool) {
    let case = Case::new(text);
    let routes = &case.world().routes;
    let unknown = || "?".to_owned();
    let shown = routes.declared.iter().map(|r| {
        let method = r.method.clone().unwrap_or_else(unknown);
        format!("{method} {} {:?}", r.path.clone().unwrap_or_else(unknown), r.auth)
    });
    (shown.collect(), routes.complete)
}

#[test]
fn the_resource_tree_gives_paths() {
    let (found, complete) = routes(&format!("{}{TREE}", api("")));
    assert_eq!(found, ["ANY / None", "GET /orders/{id} AwsIam", "DELETE /orders/{id} Custom"]);
    assert!(complete);
}

#[test]
fn what_may_add_methods_makes_the_list_incomplete() {
    assert_eq!(routes(&api("")), (vec![], false));
    assert!(!routes(&format!("{}{TREE}variable \"b\" {{}}\n", api("  body = var.b"))).1);
    let other = "module \"tags\" {\n  source = \"x/tags/aws\"\n}\n";
    assert!(routes(&format!("{}{TREE}{other}", api(""))).1);
    let unknown = "variable \"v\" {}\nresource \"aws_api_gateway_method\" \"u\" {\n  rest_api_id = aws_api_gateway_rest_api.a.id\n  resource_id = var.v\n  http_method = var.v\n  authorization = var.v\n}\n";
    let (found, complete) = routes(&format!("{}{TREE}{unknown}", api("")));
    // It stands for whatever it may be.
    assert!(found.contains(&"? ? Unknown".to_owned()), "{found:?}");
    assert!(complete);
}

#[test]
fn a_module_that_is_handed_the_api_may_add_methods() {
    let cors = "  source = \"x/api-gateway-enable-cors/aws\"\n  api_id = aws_api_gateway_rest_api.a.id\n}\n";
    let one = format!("{}{TREE}module \"cors\" {{\n{cors}", api(""));
    let three = format!("{one}module \"a\" {{\n{cors}module \"b\" {{\n{cors}");
    for (text, label) in
        [(one, "module.cors adds"), (three, "module.cors or one of 2 other modules adds")]
    {
        let case = Case::new(&text);
        let [without, with] = &case.api().worlds[..] else { panic!("two worlds") };
        assert!(without.is_default && without.routes.complete);
        assert!(!with.is_default && !with.routes.complete);
        assert_eq!(with.assumptions[0].text, format!("{label} methods = true"));
    }
}

#[test]
fn methods_for_each_of_an_unknown_map_have_the_authorization_that_is_written() {
    let text = format!(
        "variable \"v\" {{\n  type = map(string)\n}}\n{}resource \"aws_api_gateway_method\" \"m\" {{\n  for_each = var.v\n  rest_api_id = aws_api_gateway_rest_api.a.id\n  http_method = each.key\n  authorization = \"CUSTOM\"\n}}\n",
        api("")
    );
    let case = Case::new(&text);
    let some = case.api().worlds.iter().find(|world| !world.routes.declared.is_empty());
    let routes = &some.expect("a world with methods").routes;
    assert!(routes.complete && !routes.are_known());
    assert!(routes.declared.iter().all(|route| route.auth == AuthType::Custom));
}

#[test]
fn methods_of_a_body_are_declared() {
    let body = r#"  body = jsonencode({
    openapi = "3.0.1"
    paths = { "/orders" = { get = { x-amazon-apigateway-auth = { type = "AWS_IAM" } }, post = {} } }
  })
"#;
    let declared = ["GET /orders AwsIam", "POST /orders None"].map(String::from).to_vec();
    assert_eq!(routes(&api(body)), (declared.clone(), true));
    let (found, complete) = routes(&format!("{}{TREE}", api(body)));
    assert!(found.len() > declared.len() && found.ends_with(&declared) && complete, "{found:?}");
}

#[test]
fn methods_of_other_apis_are_not_ours() {
    let text = format!(
        "{}resource \"aws_api_gateway_method\" \"m\" {{\n  rest_api_id = aws_api_gateway_rest_api.other.id\n  http_method = \"GET\"\n}}\n",
        api("")
    );
    assert_eq!(routes(&text).0, Vec::<String>::new());
}

#[test]
fn the_origin_of_a_route_is_its_authorization() {
    let case = Case::new(&format!("{}{TREE}", api("")));
    let route = &case.world().routes.declared[0];
    assert_eq!(route.auth, AuthType::None);
    assert_eq!(case.db.slice(case.extraction.origins.span(route.origin)), "\"NONE\"");
}

#[test]
fn a_tree_that_goes_round_has_no_paths() {
    let round = r#"
resource "aws_api_gateway_resource" "x" {
  parent_id = aws_api_gateway_resource.y.id
  path_part = "x"
}
resource "aws_api_gateway_resource" "y" {
  parent_id = aws_api_gateway_resource.x.id
  path_part = "y"
}
resource "aws_api_gateway_method" "m" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  resource_id = aws_api_gateway_resource.x.id
  http_method = "GET"
  authorization = "NONE"
}
"#;
    assert_eq!(routes(&format!("{}{round}", api(""))), (vec!["GET ? None".to_owned()], true));
}

#[test]
fn a_method_in_the_tree_with_an_unknown_api_id_opens_the_list() {
    let complete = |id: &str, resource: &str| {
        let more = format!(
            "variable \"v\" {{}}\nresource \"aws_api_gateway_rest_api\" \"b\" {{}}\n\
             resource \"aws_api_gateway_method\" \"u\" {{\n  rest_api_id = {id}\n  \
             resource_id = {resource}\n  http_method = \"GET\"\n  authorization = \"NONE\"\n}}\n"
        );
        let case = Case::new(&format!("{}{TREE}{more}", api("")));
        let a = case.apis().iter().find(|a| a.address.ends_with(".a")).expect("the API");
        a.worlds.iter().all(|world| world.routes.complete)
    };
    for id in ["var.v", "data.aws_ssm_parameter.x.value", "\"a1b2c3d4e5\""] {
        assert!(!complete(id, "aws_api_gateway_resource.order.id"), "{id}");
        assert!(!complete(id, "aws_api_gateway_rest_api.a.root_resource_id"), "{id}");
        assert!(complete(id, "aws_api_gateway_rest_api.b.root_resource_id"), "{id}");
        assert!(complete(id, "var.v"), "{id}");
    }
}
