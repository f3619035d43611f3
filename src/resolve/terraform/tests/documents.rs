//! `data.aws_iam_policy_document`: the provider's rendering rules.

use super::{Bench, worlds};

fn document(statements: &str) -> String {
    let text = format!(
        "variable \"u\" {{}}\nresource \"aws_api_gateway_rest_api\" \"a\" {{}}\ndata \"aws_iam_policy_document\" \"d\" {{\n{statements}\n}}\nlocals {{\n  out = data.aws_iam_policy_document.d.json\n}}\n"
    );
    Bench::new(&text).out()
}

#[test]
fn defaults_and_single_elements() {
    assert_eq!(
        document(
            r#"
            statement {
              actions   = ["execute-api:Invoke"]
              resources = ["${aws_api_gateway_rest_api.a.execution_arn}/*"]
            }
            "#
        ),
        r#"{Version: "2012-10-17", Statement: [{Effect: "Allow", Action: "execute-api:Invoke", Resource: "<aws_api_gateway_rest_api.a.execution_arn>/*"}]}"#
    );
    assert_eq!(document(""), r#"{Version: "2012-10-17", Statement: []}"#);
    let bench = Bench::new(
        "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    sid = \"a\"\n  }\n}\nlocals {\n  out = data.aws_iam_policy_document.d.minified_json\n}\n",
    );
    // The default effect stands at the statement's header.
    assert_eq!(
        bench.steps("Allow"),
        ["Reference data.aws_iam_policy_document.d.minified_json", "Literal statement"]
    );
    assert_eq!(bench.steps("2012-10-17")[1], "Literal data \"aws_iam_policy_document\" \"d\"");
}

#[test]
fn lists_are_sorted_in_descending_order() {
    let rendered = document(
        r#"
        version   = "2008-10-17"
        policy_id = "p"
        statement {
          sid           = "s"
          effect        = "Deny"
          not_actions   = ["a:B", "c:D"]
          not_resources = ["x", "z", "y"]
        }
        "#,
    );
    assert_eq!(
        rendered,
        r#"{Version: "2008-10-17", Id: "p", Statement: [{Sid: "s", Effect: "Deny", NotAction: ["c:D", "a:B"], NotResource: ["z", "y", "x"]}]}"#
    );
}

#[test]
fn principals_merge_by_type() {
    let principal = |blocks: &str| {
        let rendered = document(&format!("statement {{\n{blocks}\n}}"));
        let start = rendered.find("NotP").or_else(|| rendered.find("Principal")).unwrap_or(0);
        rendered[start..rendered.len() - 3].to_owned()
    };
    let block = |kind: &str, ids: &str| {
        format!("principals {{\n type = \"{kind}\"\n identifiers = {ids}\n}}\n")
    };
    assert_eq!(principal(&block("*", r#"["*"]"#)), r#"Principal: "*""#);
    assert_eq!(principal(&block("AWS", r#"["*"]"#)), r#"Principal: {AWS: "*"}"#);
    assert_eq!(principal(&block("*", r#"["*", "arn:x"]"#)), r#"Principal: {*: ["arn:x", "*"]}"#);
    assert_eq!(
        principal(
            &(block("AWS", r#"["1"]"#) + &block("Service", r#"["s"]"#) + &block("AWS", r#"["2"]"#))
        ),
        r#"Principal: {AWS: ["2", "1"], Service: "s"}"#
    );
    assert_eq!(
        principal(&(block("*", r#"["*"]"#) + &block("AWS", r#"["1"]"#))),
        r#"Principal: {*: "*", AWS: "1"}"#
    );
    assert_eq!(
        principal("not_principals {\n type = \"AWS\"\n identifiers = [\"1\"]\n}"),
        r#"NotPrincipal: {AWS: "1"}"#
    );
    assert_eq!(principal(&block("AWS", "var.u")), r#"Principal: {AWS: [<var.u>*]}"#);
    // Terraform refuses the second argument; neither of the two may hide.
    assert_eq!(
        principal(
            "principals {\n type = \"AWS\"\n identifiers = [\"1\"]\n identifiers = [\"2\"]\n}"
        ),
        r#"Principal: {AWS: ["2", "1"]}"#
    );
    let unknown = principal("principals {\n type = var.u\n identifiers = [\"1\"]\n}");
    assert_eq!(unknown, "Principal: {Over <var.u>}");
}

#[test]
fn conditions_of_equal_test_and_variable_merge_their_values() {
    let condition = |test: &str, variable: &str, values: &str| {
        format!(
            "condition {{\n test = \"{test}\"\n variable = \"{variable}\"\n values = {values}\n}}\n"
        )
    };
    let rendered = document(&format!(
        "statement {{\n{}{}{}{}\n}}",
        condition("StringEquals", "aws:SourceVpce", r#"["b"]"#),
        condition("StringEquals", "aws:SourceVpce", r#"["a", "b"]"#),
        condition("StringEquals", "aws:sourcevpce", r#"["c"]"#),
        condition("Bool", "aws:SecureTransport", r#"["true"]"#),
    ));
    assert_eq!(
        rendered,
        r#"{Version: "2012-10-17", Statement: [{Effect: "Allow", Condition: {StringEquals: {aws:SourceVpce: ["b", "a", "b"], aws:sourcevpce: "c"}, Bool: {aws:SecureTransport: "true"}}}]}"#
    );
    let unknown = document(
        "statement {\n condition {\n  test = \"StringEquals\"\n  variable = var.u\n  values = [\"a\"]\n }\n}",
    );
    assert!(unknown.contains("StringEquals: {Under <var.u>}"), "{unknown}");
}

#[test]
fn ampersands_stand_for_policy_variables() {
    let rendered = document(r#"statement { resources = ["a/&{aws:username}/*"] }"#);
    assert!(rendered.contains(r#"Resource: "a/${aws:username}/*""#), "{rendered}");
    let old = document("version = \"2008-10-17\"\nstatement {\n resources = [\"&{x}\"]\n}");
    assert!(old.contains(r#"Resource: "&{x}""#), "{old}");
}

const THREE: &str = r#"
data "aws_iam_policy_document" "base" {
  statement {
    sid    = "Guard"
    effect = "Deny"
  }
  statement { actions = ["base"] }
}
data "aws_iam_policy_document" "over" {
  statement {
    sid     = "Guard"
    actions = ["over"]
  }
}
"#;

#[test]
fn sources_own_statements_and_overrides() {
    let rendered = Bench::new(&format!(
        "{THREE}{}",
        r#"
        data "aws_iam_policy_document" "d" {
          source_policy_documents   = [data.aws_iam_policy_document.base.json, "", null]
          override_policy_documents = [data.aws_iam_policy_document.over.json]
          statement { actions = ["own"] }
        }
        locals { out = data.aws_iam_policy_document.d.json }
        "#
    ))
    .out();
    // The override takes the place of the Deny, entirely.
    assert_eq!(
        rendered,
        r#"{Version: "2012-10-17", Statement: [{Sid: "Guard", Effect: "Allow", Action: "over"}, {Effect: "Allow", Action: "base"}, {Effect: "Allow", Action: "own"}]}"#
    );
    let text = Bench::new(
        r#"
        data "aws_iam_policy_document" "d" {
          source_json = "{\"Statement\": {\"Sid\": \"A\", \"Effect\": \"Deny\"}}"
          statement { sid = "A" }
        }
        locals { out = data.aws_iam_policy_document.d.json }
        "#,
    );
    assert_eq!(text.out(), r#"{Version: "2012-10-17", Statement: [{Sid: "A", Effect: "Allow"}]}"#);
}

#[test]
fn an_unknown_source_adds_and_an_unknown_override_may_replace() {
    assert_eq!(
        document("source_policy_documents = [var.u]\nstatement {\n sid = \"A\"\n}"),
        r#"{Version: "2012-10-17", Statement: [<var.u>*, {Sid: "A", Effect: "Allow"}]}"#
    );
    let found = worlds(&format!(
        "variable \"u\" {{}}\n{THREE}{}",
        r#"
        data "aws_iam_policy_document" "d" {
          source_policy_documents   = [data.aws_iam_policy_document.base.json]
          override_policy_documents = [var.u]
        }
        locals { out = data.aws_iam_policy_document.d.json.Statement }
        "#
    ));
    assert_eq!(
        found,
        [
            r#"var.u replaces statements = false => [{Sid: "Guard", Effect: "Deny"}, {Effect: "Allow", Action: "base"}, <var.u>*]"#,
            r#"var.u replaces statements = true => [<var.u>*, {Effect: "Allow", Action: "base"}, <var.u>*]"#,
        ]
    );
}

#[test]
fn the_highest_version_and_the_last_identifier_count() {
    let head = |arguments: &str| {
        let rendered = document(arguments);
        rendered.split(", Statement").next().unwrap_or_default().to_owned()
    };
    let json = |text: &str| format!("[{text:?}]");
    let source = json(r#"{"Version": "2012-10-17", "Id": "s", "Statement": []}"#);
    let older = json(r#"{"Version": "2008-10-17", "Id": "o", "Statement": []}"#);
    assert_eq!(
        head(&format!("version = \"2008-10-17\"\nsource_policy_documents = {source}")),
        r#"{Version: "2012-10-17", Id: "s""#
    );
    assert_eq!(
        head(&format!("policy_id = \"own\"\nsource_policy_documents = {older}")),
        r#"{Version: "2012-10-17", Id: "own""#
    );
    assert_eq!(
        head(&format!("policy_id = \"own\"\noverride_policy_documents = {older}")),
        r#"{Version: "2012-10-17", Id: "o""#
    );
    assert_eq!(
        head("version = \"2008-10-17\"\nsource_policy_documents = [var.u]"),
        r#"{Version: "2008-10-17""#
    );
}

#[test]
fn statements_of_one_identifier_in_two_sources_are_both_judged() {
    let text = |effect: &str| format!(r#"{{"Statement": [{{"Sid": "A", "Effect": "{effect}"}}]}}"#);
    let rendered =
        document(&format!("source_policy_documents = [{:?}, {:?}]", text("Deny"), text("Allow")));
    assert!(
        rendered.contains(r#"[{Sid: "A", Effect: "Deny"}, {Sid: "A", Effect: "Allow"}]"#),
        "{rendered}"
    );
    // Of two overrides, the later one wins.
    let rendered =
        document(&format!("override_policy_documents = [{:?}, {:?}]", text("Deny"), text("Allow")));
    assert!(rendered.contains(r#"Statement: [{Sid: "A", Effect: "Allow"}]"#), "{rendered}");
}

#[test]
fn statements_without_an_identifier_are_never_replaced() {
    let text = r#"{"Statement": {"Sid": "", "Effect": "Allow", "Action": "x"}}"#;
    let rendered = document(&format!(
        "override_policy_documents = [{text:?}]\nstatement {{\n sid = \"\"\n effect = \"Deny\"\n}}"
    ));
    assert!(
        rendered.contains(r#"[{Effect: "Deny"}, {Sid: "", Effect: "Allow", Action: "x"}]"#),
        "{rendered}"
    );
}

#[test]
fn two_own_statements_of_one_identifier_are_both_judged() {
    let rendered =
        document("statement {\n sid = \"A\"\n effect = \"Deny\"\n}\nstatement {\n sid = \"A\"\n}");
    assert!(rendered.contains(r#"Effect: "Deny""#) && rendered.contains(r#"Effect: "Allow""#));
}

#[test]
fn dynamic_blocks() {
    let rendered = Bench::new(
        r#"
        locals {
          grants = { b = ["2"], a = ["1"] }
        }
        data "aws_iam_policy_document" "d" {
          dynamic "statement" {
            for_each = local.grants
            iterator = grant
            content {
              sid = grant.key
              dynamic "principals" {
                for_each = ["AWS"]
                content {
                  type        = principals.value
                  identifiers = grant.value
                }
              }
            }
          }
        }
        locals { out = data.aws_iam_policy_document.d.json.Statement }
        "#,
    )
    .out();
    assert_eq!(
        rendered,
        r#"[{Sid: "a", Effect: "Allow", Principal: {AWS: "1"}}, {Sid: "b", Effect: "Allow", Principal: {AWS: "2"}}]"#
    );
}

#[test]
fn a_dynamic_block_over_something_unknown_is_one_block_or_none() {
    let found = worlds(
        r#"
        variable "arns" {}
        data "aws_iam_policy_document" "d" {
          dynamic "statement" {
            for_each = var.arns
            content {
              principals {
                type        = "AWS"
                identifiers = [statement.value]
              }
            }
          }
        }
        locals { out = data.aws_iam_policy_document.d.json.Statement }
        "#,
    );
    assert_eq!(
        found,
        [
            r#"length(var.arns) > 0 = true => [{Effect: "Allow", Principal: {AWS: <var.arns[*]>}}]"#,
            "length(var.arns) > 0 = false => []",
        ]
    );
    let optional = worlds(
        r#"
        variable "vpce" { default = null }
        data "aws_iam_policy_document" "d" {
          statement {
            dynamic "condition" {
              for_each = var.vpce != null ? [1] : []
              content {
                test     = "StringEquals"
                variable = "aws:SourceVpce"
                values   = [var.vpce]
              }
            }
          }
        }
        locals { out = data.aws_iam_policy_document.d.json.Statement }
        "#,
    );
    assert_eq!(
        optional,
        [
            r#"var.vpce = null => [{Effect: "Allow"}]"#,
            r#"var.vpce != null, (other) => [{Effect: "Allow", Condition: {StringEquals: {aws:SourceVpce: <var.vpce>}}}]"#,
        ]
    );
}

#[test]
fn documents_have_instances() {
    let found = worlds(
        r#"
        variable "on" { default = true }
        data "aws_iam_policy_document" "d" {
          count = var.on ? 1 : 0
          statement { sid = "n${count.index}" }
        }
        locals { out = join("", data.aws_iam_policy_document.d.*.json) }
        "#,
    );
    assert_eq!(
        found,
        [
            r#"var.on = true => {Version: "2012-10-17", Statement: [{Sid: "n0", Effect: "Allow"}]}"#,
            r#"var.on = false, (other) => """#,
        ]
    );
}
