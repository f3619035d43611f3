//! Policies in each form.

use super::{Case, api};
use crate::model::{
    ApiKind, EndpointType, EndpointTypes, Form, IpAddressType, PolicyState, SymbolClass, Version,
};

const ALLOW: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]}"#;

fn form(policy: &str, more: &str) -> (Form, String) {
    let case = Case::files(&[
        ("main.tf", &format!("{}\n{more}", api(&format!("  policy = {policy}")))),
        ("p.json", ALLOW),
    ]);
    let api = case.api();
    let [site] = api.sites.as_slice() else { panic!("one site of {policy}") };
    assert_eq!(site.address, "aws_api_gateway_rest_api.a");
    assert_eq!(case.world().routes.declared.len(), 0);
    (site.form, case.policy(api, &case.world().policy))
}

#[test]
fn every_form_comes_to_the_same_policy() {
    let quoted = format!("{ALLOW:?}");
    let heredoc = format!("<<-EOT\n    {ALLOW}\n  EOT");
    let encoded = r#"jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*" }]
    })"#;
    let document = r#"
      data "aws_iam_policy_document" "d" {
        statement {
          principals {
            type        = "*"
            identifiers = ["*"]
          }
          actions   = ["execute-api:Invoke"]
          resources = ["execute-api:/*"]
        }
      }"#;
    let local = format!("locals {{\n  p = {quoted}\n}}\n");
    let variable = format!("variable \"p\" {{\n  default = {quoted}\n}}\n");
    for (policy, more, expected) in [
        (quoted.as_str(), "", Form::JsonString),
        (heredoc.as_str(), "", Form::Heredoc),
        (encoded, "", Form::Jsonencode),
        ("data.aws_iam_policy_document.d.json", document, Form::AwsIamPolicyDocument),
        ("file(\"p.json\")", "", Form::File),
        ("templatefile(\"${path.module}/p.json\", {})", "", Form::Templatefile),
        ("local.p", local.as_str(), Form::JsonString),
        ("var.p", variable.as_str(), Form::Variable),
        ("true ? file(\"p.json\") : null", "", Form::File),
        ("false ? file(\"p.json\") : local.p", local.as_str(), Form::JsonString),
        (
            "\"${data.aws_iam_policy_document.d.minified_json}\"",
            document,
            Form::AwsIamPolicyDocument,
        ),
    ] {
        let (form, shown) = form(policy, more);
        assert_eq!(form, expected, "{policy}");
        assert_eq!(shown, "  Allow Aws:* on execute-api:/*\n", "{policy}");
    }
}

#[test]
fn no_policy_is_none_of_several_spellings() {
    for policy in ["", "  policy = null", "  policy = \"\"", "  policy = var.p"] {
        let case = Case::new(&format!("variable \"p\" {{\n  default = \"\"\n}}\n{}", api(policy)));
        assert!(matches!(case.world().policy, PolicyState::None), "{policy}");
        assert!(case.api().sites.is_empty());
    }
    let unknown = Case::new(&format!("variable \"p\" {{}}\n{}", api("  policy = var.p")));
    assert_eq!(unknown.show(unknown.api()), "when :\n  Absent\n  unknown policy var.p\n");
}

#[test]
fn a_heredoc_with_holes_in_strings_and_in_value_position() {
    let case = Case::new(&format!(
        "variable \"vpce\" {{}}\nvariable \"ips\" {{}}\ndata \"aws_caller_identity\" \"me\" {{}}\n{}",
        api(r#"  policy = <<EOT
{
  "Statement": [
    { "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::${data.aws_caller_identity.me.account_id}:root" },
      "Resource": "${var.arn}/*", "Condition": { "IpAddress": { "aws:SourceIp": ${jsonencode(var.ips)} } }, "Action": "*" },
    { "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": ${jsonencode(["a", "b"])},
      "Condition": { "StringNotEquals": { "aws:SourceVpce": "${var.vpce}" } } }
  ]
}
EOT
"#)
    ));
    assert_eq!(
        case.policy(case.api(), &case.world().policy),
        "  Allow Aws:arn:aws:iam::${data.aws_caller_identity.account_id}:root on ${var.arn}/* if IpAddress aws:SourceIp ${var.ips}\n  Deny Aws:* on a,b if StringNotEquals aws:SourceVpce ${var.vpce}\n"
    );
    assert_eq!(case.problems(), Vec::<String>::new());
}

#[test]
fn the_execution_arn_is_this_apis_own() {
    let class = |resource: &str| {
        let case = Case::new(&format!(
            "{}resource \"aws_api_gateway_rest_api\" \"other\" {{\n  count = 0\n}}\nresource \"aws_api_gateway_rest_api_policy\" \"p\" {{\n  rest_api_id = aws_api_gateway_rest_api.a.id\n  policy = jsonencode({{ Statement = {{ Effect = \"Allow\", Resource = {resource} }} }})\n}}\n",
            api("")
        ));
        let PolicyState::Known(policies) = &case.world().policy else { panic!("a policy") };
        let statement = policies[0].known_statements().next().expect("a statement");
        let leaf = statement.resource.items[0].one().expect("a resource");
        leaf.symbols().map(|s| s.class).collect::<Vec<_>>()
    };
    assert_eq!(
        class("\"${aws_api_gateway_rest_api.a.execution_arn}/*\""),
        [SymbolClass::ThisApiArn]
    );
    assert_eq!(class("aws_api_gateway_rest_api.a.id"), [SymbolClass::ThisApiId]);
    assert_eq!(class("data.aws_api_gateway_rest_api.x.execution_arn"), [SymbolClass::OtherApi]);
    assert_eq!(
        class("aws_api_gateway_rest_api.a.arn"),
        [SymbolClass::Partition, SymbolClass::Region, SymbolClass::ThisApiId]
    );
}

#[test]
fn the_articles_duplicate_identifiers_and_bare_arn() {
    let case = Case::new(&format!(
        "{}{}",
        api(""),
        r#"
data "aws_iam_policy_document" "d" {
  statement {
    effect = "Allow"
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
      identifiers = ["arn:aws:iam::444455556666:root"]
    }
    actions   = ["execute-api:Invoke"]
    resources = [aws_api_gateway_rest_api.a.execution_arn]
  }
}
resource "aws_api_gateway_rest_api_policy" "p" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  policy      = data.aws_iam_policy_document.d.json
}
"#
    ));
    assert_eq!(
        case.policy(case.api(), &case.world().policy),
        "  Allow Aws:arn:aws:iam::444455556666:root,Aws:arn:aws:iam::111122223333:root on ${aws_api_gateway_rest_api.a.execution_arn}\n"
    );
    assert_eq!(case.problems(), ["duplicate identifiers: Refused"]);
    let problem = &case.extraction.inventory.problems[0];
    assert_eq!(problem.related.len(), 1);
}

#[test]
fn several_writers_are_several_readings() {
    let policy = |sid: &str| {
        format!("jsonencode({{ Statement = {{ Sid = \"{sid}\", Effect = \"Deny\" }} }})")
    };
    let case = Case::new(&format!(
        "{}resource \"aws_api_gateway_rest_api_policy\" \"p\" {{\n  rest_api_id = aws_api_gateway_rest_api.a.id\n  policy = {}\n}}\n",
        api(&format!("  policy = {}", policy("own"))),
        policy("resource")
    ));
    assert_eq!(
        case.policy(case.api(), &case.world().policy),
        "  reading 1\n  Deny\n  reading 2\n  Deny\n"
    );
    assert_eq!(case.api().sites.len(), 2);
    let unknown = Case::new(&format!(
        "variable \"p\" {{}}\n{}resource \"aws_api_gateway_rest_api_policy\" \"p\" {{\n  rest_api_id = aws_api_gateway_rest_api.a.id\n  policy = var.p\n}}\n",
        api(&format!("  policy = {}", policy("own"))),
    ));
    assert_eq!(
        unknown.policy(unknown.api(), &unknown.world().policy),
        "  reading 1\n  Deny\n  reading 2\n  var.p*\n"
    );
}

#[test]
fn endpoints() {
    let endpoint = |arguments: &str| {
        let case = Case::new(&format!("variable \"u\" {{}}\n{}", api(arguments)));
        let world = case.world();
        (world.endpoint.clone(), world.ip)
    };
    let block = |inner: &str| format!("  endpoint_configuration {{\n{inner}\n  }}");
    assert_eq!(endpoint(""), (EndpointTypes::Absent, IpAddressType::Ipv4));
    let known = |inner: &str| match endpoint(&block(inner)) {
        (EndpointTypes::Known(kind, Some(_)), ip) => (kind, ip),
        other => panic!("{other:?}"),
    };
    assert_eq!(known("    types = [\"REGIONAL\"]"), (EndpointType::Regional, IpAddressType::Ipv4));
    assert_eq!(
        known("    types = [\"PRIVATE\"]"),
        (EndpointType::Private, IpAddressType::Dualstack)
    );
    assert_eq!(
        known("    types = [\"EDGE\"]\n    ip_address_type = \"dualstack\""),
        (EndpointType::Edge, IpAddressType::Dualstack)
    );
    for inner in ["    types = [var.u]", "    types = var.u", "    types = [\"X-${var.u}\"]"] {
        assert!(matches!(endpoint(&block(inner)).0, EndpointTypes::Unknown(..)), "{inner}");
    }
    assert_eq!(endpoint(&block("    ip_address_type = var.u")).1, IpAddressType::Unknown);
    let dynamic = "  dynamic \"endpoint_configuration\" {\n    for_each = [\"PRIVATE\"]\n    content {\n      types = [endpoint_configuration.value]\n    }\n  }";
    assert!(matches!(endpoint(dynamic).0, EndpointTypes::Known(EndpointType::Private, _)));
}

#[test]
fn a_body_may_bring_the_policy() {
    let body = |body: &str| {
        let case = Case::files(&[
            ("main.tf", &format!("variable \"u\" {{}}\n{}", api(&format!("  body = {body}")))),
            ("plain.yaml", "openapi: 3.0.1\ninfo:\n  title: ${u}\n"),
            (
                "policy.yaml",
                "openapi: 3.0.1\nx-amazon-apigateway-policy:\n  Statement:\n    - Effect: Deny\n      Principal: '*'\n      Action: '*'\n      Resource: '*'\n",
            ),
            ("whole.yaml", "openapi: 3.0.1\nx-amazon-apigateway-policy: ${p}\n"),
            ("lines.yaml", "openapi: 3.0.1\n${p}\n"),
        ]);
        let shown = case.policy(case.api(), &case.world().policy);
        assert!(!case.world().routes.complete);
        let forms: Vec<Form> = case.api().sites.iter().map(|s| s.form).collect();
        (shown, case.problems().len(), forms)
    };
    let none = ("  no policy\n".to_owned(), 0, vec![]);
    let unknown = ("  unknown policy var.u\n".to_owned(), 0, vec![]);
    let deny = ("  Deny Aws:* on *\n".to_owned(), 0, vec![Form::OpenApiExtension]);
    let policy = r#""x-amazon-apigateway-policy" = { Statement = [{ Effect = "Deny", Principal = "*", Action = "*", Resource = "*" }] }"#;
    assert_eq!(body("jsonencode({ openapi = \"3.0.1\" })"), none);
    assert_eq!(body("file(\"plain.yaml\")"), none);
    assert_eq!(body("templatefile(\"plain.yaml\", { u = var.u })"), none);
    assert_eq!(body("null"), none);
    assert_eq!(body("var.u"), unknown);
    assert_eq!(body("file(\"policy.yaml\")"), deny);
    assert_eq!(body("templatefile(\"policy.yaml\", {})"), deny);
    let document = r#"jsonencode({ Statement = [{ Effect = "Deny", Principal = "*", Action = "*", Resource = "*" }] })"#;
    assert_eq!(body(&format!("templatefile(\"whole.yaml\", {{ p = {document} }})")), deny);
    assert_eq!(body("templatefile(\"lines.yaml\", { p = var.u })"), unknown);
    assert_eq!(body(&format!("yamlencode({{ {policy} }})")), deny);
    assert_eq!(body("jsonencode(merge({ openapi = \"3.0.1\" }, var.u))"), unknown);
    assert_eq!(body(&format!("jsonencode({{ {policy} }})")), deny);
    assert_eq!(
        body(
            r#""{\"x-amazon-apigateway-policy\": {\"Statement\": {\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"*\", \"Resource\": \"*\"}}}""#
        ),
        deny
    );
    // A configured policy is written over the one of the body.
    let both =
        Case::new(&api(&format!("  policy = {ALLOW:?}\n  body = jsonencode({{ {policy} }})")));
    assert_eq!(both.policy(both.api(), &both.world().policy), "  Allow Aws:* on execute-api:/*\n");
}

#[test]
fn private_custom_domains_have_policies_too() {
    let case = Case::new(&format!(
        "resource \"aws_api_gateway_domain_name\" \"d\" {{\n  domain_name = \"api.example.com\"\n  policy = {ALLOW:?}\n  endpoint_configuration {{\n    types = [\"PRIVATE\"]\n  }}\n}}\nresource \"aws_api_gateway_domain_name\" \"public\" {{\n  domain_name = \"x\"\n}}\n"
    ));
    assert_eq!(case.api().kind, ApiKind::DomainName);
    assert_eq!(case.api().name.as_deref(), Some("api.example.com"));
    assert!(matches!(case.world().policy, PolicyState::Known(_)));
}

#[test]
fn a_broken_embedded_policy_is_a_problem_and_unknown_or_partial() {
    let case = Case::new(&api(
        "  policy = \"{\\\"Statement\\\": [{\\\"Effect\\\": \\\"Allow\\\" \\\"Principal\\\": \\\"*\\\"}]}\"",
    ));
    let problems = case.problems();
    assert!(problems[0].ends_with("a comma is missing before this member"), "{problems:?}");
    assert!(!matches!(case.world().policy, PolicyState::None));
    let PolicyState::Known(policies) = &case.world().policy else { return };
    assert_eq!(policies[0].version, Version::Missing);
}

#[test]
fn a_policy_of_a_public_domain_says_nothing() {
    let case = Case::new(&format!(
        "resource \"aws_api_gateway_domain_name\" \"d\" {{\n  domain_name = \"api.example.com\"\n  policy = {ALLOW:?}\n  endpoint_configuration {{\n    types = [\"REGIONAL\"]\n  }}\n}}\n"
    ));
    assert!(case.apis().iter().all(|api| api.worlds.iter().all(|world| !world.exists)));
    let problems = case.problems();
    assert!(problems.len() == 1 && problems[0].contains("policy"), "{problems:?}");
}

#[test]
fn a_domain_of_an_unknown_type_is_judged_as_a_private_one() {
    let case = Case::new(&format!(
        "variable \"types\" {{}}\nresource \"aws_api_gateway_domain_name\" \"d\" {{\n  domain_name = \"api.example.com\"\n  policy = {ALLOW:?}\n  endpoint_configuration {{\n    types = var.types\n  }}\n}}\n"
    ));
    let endpoint = &case.world().endpoint;
    assert!(matches!(endpoint, EndpointTypes::Known(EndpointType::Private, _)), "{endpoint:?}");
}

#[test]
fn the_execution_arn_of_a_stage_is_that_of_its_api() {
    let module = |resource: &str| {
        format!(
            r#"
resource "aws_api_gateway_rest_api" "api" {{ name = "api" }}
resource "aws_api_gateway_rest_api" "other" {{ name = "other" }}
resource "aws_api_gateway_deployment" "d" {{
  rest_api_id = aws_api_gateway_rest_api.api.id
  stage_name  = "prod"
}}
resource "aws_api_gateway_stage" "live" {{
  rest_api_id   = aws_api_gateway_rest_api.api.id
  stage_name    = "live"
  deployment_id = aws_api_gateway_deployment.d.id
}}
resource "aws_api_gateway_stage" "other" {{
  rest_api_id   = aws_api_gateway_rest_api.other.id
  stage_name    = "live"
  deployment_id = "d"
}}
resource "aws_api_gateway_rest_api_policy" "p" {{
  rest_api_id = aws_api_gateway_rest_api.api.id
  policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = {resource} }}]
  }})
}}
"#
        )
    };
    let resource = |text: &str| {
        let case = Case::new(&module(text));
        let api = case.apis().iter().find(|a| a.address == "aws_api_gateway_rest_api.api");
        let PolicyState::Known(policies) = &api.expect("the API").worlds[0].policy else {
            panic!("a policy");
        };
        let leaf = policies[0].known_statements().next().expect("a statement").resource.items[0]
            .one()
            .expect("a text")
            .clone();
        leaf.parts
            .iter()
            .map(|part| match part {
                crate::model::Part::Lit(text) => text.to_string(),
                crate::model::Part::Sym(symbol) => format!("<{:?}>", symbol.class),
            })
            .collect::<String>()
    };
    assert_eq!(
        resource("\"${aws_api_gateway_stage.live.execution_arn}/GET/*\""),
        "<ThisApiArn>/live/GET/*"
    );
    assert_eq!(resource("aws_api_gateway_deployment.d.execution_arn"), "<ThisApiArn>/prod");
    assert_eq!(resource("aws_api_gateway_stage.other.execution_arn"), "<OtherApi>/live");
}

#[test]
fn what_no_api_has_is_named() {
    let document = |name: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"{name}\" {{\n  statement {{\n    actions = [\"execute-api:Invoke\"]\n    principals {{\n      type        = \"*\"\n      identifiers = [\"*\"]\n    }}\n  }}\n}}\n"
        )
    };
    let text = format!(
        "{}{}{}{}",
        api("  policy = data.aws_iam_policy_document.used.json"),
        document("used"),
        document("spare"),
        "resource \"aws_api_gateway_rest_api_policy\" \"p\" {\n  count       = 0\n  rest_api_id = aws_api_gateway_rest_api.a.id\n  policy      = data.aws_iam_policy_document.spare.json\n}\n"
    );
    let case = Case::new(&text);
    let mut named: Vec<String> =
        case.problems().into_iter().filter(|problem| problem.starts_with("Unattached")).collect();
    named.sort();
    assert_eq!(
        named,
        [
            "Unattached { what: \"aws_api_gateway_rest_api_policy.p\", why: \"its `count` is 0\" }",
            "Unattached { what: \"data.aws_iam_policy_document.spare\", why: \"no API that is made carries it\" }",
        ]
    );
}

#[test]
fn of_many_policies_that_may_be_the_one_some_are_looked_at() {
    let mut text = api("");
    for index in 0..70 {
        text.push_str(&format!(
            "resource \"aws_api_gateway_rest_api_policy\" \"p{index}\" {{\n  rest_api_id = aws_api_gateway_rest_api.a.id\n  policy      = jsonencode({{ Statement = {{ Effect = \"Deny\", Sid = \"s{index}\" }} }})\n}}\n"
        ));
    }
    let case = Case::new(&text);
    // The others are judged for themselves.
    assert_eq!(case.apis().len(), 7);
    let PolicyState::Known(readings) = &case.apis()[0].worlds[0].policy else { panic!("policies") };
    assert_eq!(readings.len(), 65);
    assert!(case.problems().iter().any(|p| p.contains("too many that may be")));
}
