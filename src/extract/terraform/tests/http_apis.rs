//! Policies where AWS takes none.

use super::{Case, api};
use crate::model::ProblemKind;

const POLICY: &str = "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \
                      \"Action\": \"execute-api:Invoke\", \"Resource\": \"*\"}]}";

/// What is named, with the text it is named at: all of it is on `aws_apigatewayv2_api.a`.
fn named(text: &str) -> Vec<(String, bool, String)> {
    let case = Case::files(&[
        ("main.tf", text),
        ("api.yaml", "openapi: 3.0.1\n\"x-amazon-apigateway-policy\":\n  Statement: []\n"),
    ]);
    assert!(case.apis().is_empty());
    let problems = case.extraction.inventory.problems.iter();
    problems
        .map(|problem| {
            let ProblemKind::OnHttpApi { what, refused, protocol } = &problem.kind else {
                panic!("{problem:?}")
            };
            assert_eq!(*protocol, "HTTP API");
            assert_eq!(problem.api.as_deref(), Some("aws_apigatewayv2_api.a"));
            let at = case.db.slice(case.extraction.origins.span(problem.origin));
            (what.clone(), *refused, at)
        })
        .collect()
}

fn http(arguments: &str) -> String {
    format!(
        "resource \"aws_apigatewayv2_api\" \"a\" {{\n  name = \"a\"\n  protocol_type = \"HTTP\"\n\
         {arguments}\n}}\n"
    )
}

#[test]
fn an_argument_is_refused_and_an_extension_ignored() {
    let policy = http(&format!("  policy = {POLICY:?}"));
    assert_eq!(named(&policy), [("policy".into(), true, "policy".into())]);
    assert!(named(&http("  policy = null")).is_empty());
    let extension = |at: &str| ("x-amazon-apigateway-policy".to_owned(), false, at.to_owned());
    let encoded = http(&format!(
        "  body = jsonencode({{ \"x-amazon-apigateway-policy\" = jsondecode({POLICY:?}) }})"
    ));
    assert_eq!(named(&encoded), [extension("\"x-amazon-apigateway-policy\"")]);
    assert_eq!(
        named(&http("  body = file(\"${path.module}/api.yaml\")")),
        [extension("\"x-amazon-apigateway-policy\"")]
    );
    assert!(named(&http("  body = jsonencode({ openapi = \"3.0.1\" })")).is_empty());
    assert!(named(&http("  body = var.unknown")).is_empty());
}

#[test]
fn a_policy_resource_of_an_http_api_is_refused() {
    let text = format!(
        "{}resource \"aws_api_gateway_rest_api_policy\" \"p\" {{\n  \
         rest_api_id = aws_apigatewayv2_api.a.id\n  policy = {POLICY:?}\n}}\n",
        http("")
    );
    let what = "aws_api_gateway_rest_api_policy.p".to_owned();
    assert_eq!(named(&text), [(what, true, "aws_apigatewayv2_api.a.id".into())]);
    let rest = Case::new(&format!("{}{}", http(""), api(&format!("  policy = {POLICY:?}"))));
    assert!(rest.problems().is_empty());
}
