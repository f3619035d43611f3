//! What is named because it is not read, or wrong.

use super::{Case, api};
use crate::model::{Form, PolicyState, ProblemKind};

#[test]
fn a_module_call_with_a_policy_is_named_and_possible() {
    let case = Case::new(
        r#"
data "aws_iam_policy_document" "open" {
  statement {
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    actions = ["execute-api:Invoke"]
  }
}
module "api" {
  source          = "cloudposse/api-gateway/aws"
  rest_api_policy = data.aws_iam_policy_document.open.json
}
module "other" {
  source = "terraform-aws-modules/vpc/aws"
}
module "permission" {
  source     = "terraform-aws-modules/lambda/aws"
  source_arn = "arn:aws:execute-api:eu-west-1:111122223333:abc/*/*/*"
}
module "role" {
  source = "terraform-aws-modules/iam/aws"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "execute-api:Invoke", Resource = "*" }] })
}
"#,
    );
    let api = case.api();
    assert_eq!(api.address, "module.api");
    assert!(matches!(api.worlds[0].policy, PolicyState::Unknown(..)));
    assert_eq!(api.sites[0].form, Form::Module);
    assert_eq!(
        case.problems(),
        ["module \"api\": the module is not in the given folders: its API is judged as unknown"]
    );
}

#[test]
fn a_module_that_makes_an_api_by_its_name_counts_and_one_that_is_handed_an_api_does_not() {
    let sites = |source: &str, policy: &str| {
        let text = format!(
            "variable \"p\" {{}}\nmodule \"m\" {{\n  source = \"{source}\"\n  policy = {policy}\n}}\n"
        );
        let case = Case::new(&text);
        case.apis().iter().map(|api| (api.address.clone(), api.sites.len())).collect::<Vec<_>>()
    };
    let module = |sites: usize| vec![("module.m".to_owned(), sites)];
    assert_eq!(sites("../modules/rest_api", "var.p"), module(1));
    assert_eq!(sites("../modules/rest_api", "null"), module(0));
    assert_eq!(
        sites("git::https://example.com/m.git//api-gateway?ref=api-gateway-v2.0.1", "\"\""),
        module(0)
    );
    assert_eq!(sites("terraform-aws-modules/apigateway-v2/aws", "null"), []);
    let cors = "resource \"aws_api_gateway_rest_api\" \"a\" {\n  name = \"a\"\n}\nmodule \"cors\" {\n  \
                source = \"squidfunk/api-gateway-enable-cors/aws\"\n  \
                api_id = aws_api_gateway_rest_api.a.id\n}\n";
    assert_eq!(Case::new(cors).api().address, "aws_api_gateway_rest_api.a");
}

#[test]
fn equal_keys_of_the_json_syntax_are_refused_and_those_in_its_strings_are_not() {
    let text = |policy: &str| {
        format!(
            "{{\"resource\": {{\"aws_api_gateway_rest_api\": {{\"a\": {{\"policy\": {policy}}}}}}}}}"
        )
    };
    let twice = |policy: &str| Case::files(&[("main.tf.json", &text(policy))]).problems();
    assert_eq!(twice(r#""", "policy": """#), ["duplicate policy: Refused"]);
    let hcl = r#""${jsonencode({ \"Statement\" = [], \"Statement\" = [] })}""#;
    assert_eq!(twice(hcl), ["duplicate Statement: LastWins"]);
    let local =
        r#""${jsonencode(local.p)}"}}}, "locals": {"p": {"Statement": [], "Statement": [{}]}"#;
    let case = Case::files(&[("main.tf.json", text(local).trim_end_matches('}'))]);
    assert!(case.problems().contains(&"duplicate Statement: Refused".to_owned()));
}

#[test]
fn broken_blocks_count_where_they_may_matter() {
    let broken = |text: &str| {
        let problems = Case::new(&format!("{}{text}", api(""))).problems();
        assert!(problems.iter().all(|p| p.starts_with("unreadable at ")), "{problems:?}");
        !problems.is_empty()
    };
    assert!(broken("data \"aws_iam_policy_document\" \"d\" {\n  version = \"2012\n}\n"));
    assert!(broken("locals {\n  x = [1, \n}\n"));
    assert!(broken("variable \"v\" {\n  default = ]\n}\n"));
    assert!(!broken("resource \"aws_lambda_function\" \"l\" {\n  name = ]\n}\n"));
    assert!(!broken("output \"o\" {\n  value = ]\n}\n"));
    assert_eq!(Case::new("locals {\n  x = ]\n}\n").problems().len(), 0, "no API gateway here");
}

#[test]
fn a_broken_statement_hides_nothing_around_it() {
    let case = Case::new(&format!(
        "{}{}",
        api("  policy = data.aws_iam_policy_document.d.json"),
        r#"
data "aws_iam_policy_document" "d" {
  statement {
    effect = "Deny
  }
  statement {
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
"#
    ));
    let shown = case.policy(case.api(), &case.world().policy);
    assert!(shown.contains("Allow Aws:*"), "{shown}");
    assert!(!case.problems().is_empty());
}

#[test]
fn equal_object_keys_count_where_an_api_rests_on_them() {
    let case = Case::new(&format!(
        "locals {{\n  unrelated = {{ a = 1, a = 2 }}\n  guard = {{ StringEquals = {{ \"aws:SourceVpc\" = \"a\" }}, StringEquals = {{ \"aws:SourceVpce\" = \"b\" }} }}\n}}\n{}",
        api(
            "  policy = jsonencode({ Statement = { Effect = \"Allow\", Principal = \"*\", Action = \"*\", Resource = \"x\", Resource = \"*\", Condition = local.guard } })\n  tags = { x = 1, x = 2 }\n  name = \"again\""
        )
    ));
    assert_eq!(
        case.problems(),
        [
            "duplicate StringEquals: LastWins",
            "duplicate Resource: LastWins",
            "duplicate name: Refused"
        ]
    );
    assert_eq!(
        case.policy(case.api(), &case.world().policy),
        "  Allow Aws:* on * if StringEquals aws:SourceVpce b\n"
    );
}

#[test]
fn a_file_outside_the_roots_is_unknown_and_said_so() {
    let case = Case::new(&api("  policy = file(\"../../etc/passwd\")"));
    assert!(matches!(case.world().policy, PolicyState::Unknown(..)));
    assert_eq!(case.problems(), ["file(\"../../etc/passwd\"): outside the given roots"]);
}

#[test]
fn bounds_are_said() {
    let mut text = String::from("locals {\n  a0 = [\"x\"]\n");
    for i in 1..40 {
        text.push_str(&format!("  a{i} = [local.a{0}, local.a{0}]\n", i - 1));
    }
    text.push_str("}\n");
    let case =
        Case::new(&format!("{text}{}", api("  policy = jsonencode({ Statement = local.a39 })")));
    let bounded = |p: &crate::model::Problem| matches!(p.kind, ProblemKind::Bounded { .. });
    assert!(case.extraction.inventory.problems.iter().any(bounded));
    assert!(matches!(case.world().policy, PolicyState::Known(_)));
}

#[test]
fn other_ways_to_make_apis_are_named() {
    let case = Case::new("resource \"awscc_apigateway_rest_api\" \"x\" {}\n");
    assert_eq!(case.problems().len(), 1);
}

#[test]
fn hostile_modules_end() {
    let case = Case::new(&format!(
        "{}{}",
        api("  policy = aws_api_gateway_rest_api.a.policy"),
        "resource \"aws_api_gateway_rest_api_policy\" \"p\" {\n  rest_api_id = aws_api_gateway_rest_api.a.id\n  policy = aws_api_gateway_rest_api_policy.p.policy\n}\n"
    ));
    assert!(matches!(case.world().policy, PolicyState::Unknown(..)));
    let round =
        Case::new(&format!("locals {{\n  p = \"${{local.p}}\"\n}}\n{}", api("  policy = local.p")));
    assert!(matches!(round.world().policy, PolicyState::Unknown(..)));
    let mut many = String::new();
    for i in 0..40 {
        many.push_str(&format!(
            "resource \"aws_api_gateway_rest_api\" \"a{i}\" {{\n  policy = local.p\n}}\n"
        ));
    }
    let case = Case::new(&format!(
        "{many}locals {{\n  p = jsonencode({{ Statement = [for i in range(300) : {{ Sid = \"s${{i}}\" }}] }})\n}}\n"
    ));
    assert_eq!(case.apis().len(), 40);
}

#[test]
fn a_policy_that_no_api_of_the_module_carries_is_named() {
    let document = |principals: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"d\" {{\n  statement {{\n    actions = [\"execute-api:Invoke\"]\n    \
             {principals}\n  }}\n}}\noutput \"p\" {{ value = data.aws_iam_policy_document.d.json }}\n"
        )
    };
    let resource = Case::new(&document("principals {\n type = \"*\"\n identifiers = [\"*\"]\n }"));
    assert!(resource.apis().is_empty());
    let [problem] = resource.extraction.inventory.problems.as_slice() else {
        panic!("{:?}", resource.extraction.inventory.problems)
    };
    assert!(matches!(&problem.kind, ProblemKind::Unresolved { what, .. }
        if what == "data.aws_iam_policy_document.d"));
    // The policy of an identity.
    assert!(Case::new(&document("")).extraction.inventory.problems.is_empty());
}
