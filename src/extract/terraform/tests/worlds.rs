//! The shapes that must come out right in worlds.

use super::{Case, api};

#[test]
fn endpoint_and_deny_under_one_condition_are_two_worlds() {
    let case = Case::new(&format!(
        "variable \"env\" {{\n  default = \"prod\"\n}}\n{}",
        api(r#"
  endpoint_configuration {
    types = [var.env == "local" ? "REGIONAL" : "PRIVATE"]
  }
  policy = jsonencode({
    Statement = concat(
      [{ Effect = "Allow", Principal = "*" }],
      var.env != "local" ? [{ Effect = "Deny", Principal = "*" }] : [],
    )
  })"#)
    ));
    assert_eq!(
        case.show(case.api()),
        "when var.env is not local:\n  Private\n  Allow Aws:*\n  Deny Aws:*\nwhen var.env = local (other):\n  Regional\n  Allow Aws:*\n"
    );
}

#[test]
fn api_policy_and_endpoint_behind_variables_whose_default_means_no_api() {
    let case = Case::new(
        r#"
variable "enabled" { default = false }
variable "private" { default = false }
variable "policy" { default = null }
locals {
  create = var.enabled && var.policy != null
}
resource "aws_api_gateway_rest_api" "a" {
  count = local.create ? 1 : 0
  endpoint_configuration {
    types = var.private ? ["PRIVATE"] : ["REGIONAL"]
  }
}
resource "aws_api_gateway_rest_api_policy" "p" {
  count       = local.create ? 1 : 0
  rest_api_id = aws_api_gateway_rest_api.a[0].id
  policy      = var.policy
}
"#,
    );
    assert_eq!(case.api().address, "aws_api_gateway_rest_api.a[0]");
    assert_eq!(
        case.show(case.api()),
        "when var.enabled = false:\n  absent\n\
         when var.enabled = true, var.policy = null (other):\n  absent\n\
         when var.enabled = true, var.policy is not null, var.private = false (other):\n  Regional\n  unknown policy var.policy\n\
         when var.enabled = true, var.policy is not null, var.private = true (other):\n  Private\n  unknown policy var.policy\n"
    );
    assert_eq!(case.problems(), Vec::<String>::new());
}

#[test]
fn an_unknown_stretch_does_not_hide_the_known_allow() {
    let case = Case::new(&format!(
        "variable \"statements\" {{}}\n{}",
        api(
            "  policy = jsonencode({ Statement = concat(var.statements, [{ Effect = \"Allow\", Principal = \"*\" }]) })"
        )
    ));
    assert_eq!(case.policy(case.api(), &case.world().policy), "  var.statements*\n  Allow Aws:*\n");
}

#[test]
fn a_merged_policy_keeps_what_is_known_of_it() {
    let case = Case::new(&format!(
        "variable \"extra\" {{}}\nlocals {{\n  base = {{ Statement = [{{ Effect = \"Allow\", Principal = \"*\" }}] }}\n}}\n{}",
        api("  policy = jsonencode(merge(local.base, var.extra))")
    ));
    // What is unknown may overwrite the statements, a Deny among them: that is a reading of its own.
    assert_eq!(
        case.policy(case.api(), &case.world().policy),
        "  reading 1\n  Allow Aws:*\n  reading 2\n  var.extra*\n"
    );
    let under = Case::new(&format!(
        "variable \"extra\" {{}}\n{}",
        api("  policy = jsonencode(merge(var.extra, { Statement = [{ Effect = \"Allow\" }] }))")
    ));
    assert_eq!(under.policy(under.api(), &under.world().policy), "  Allow\n");
}

#[test]
fn a_guard_that_may_be_overwritten_is_unknown() {
    let statement = |more: &str| {
        let case = Case::new(&format!(
            "variable \"extra\" {{}}\n{}",
            api(&format!(
                "  policy = jsonencode({{ Statement = [{{ Effect = \"Deny\", {more} }}] }})"
            ))
        ));
        case.policy(case.api(), &case.world().policy)
    };
    let block = r#"{ "aws:SourceIp" = "203.0.113.0/24" }"#;
    for condition in [
        format!("merge({{ NotIpAddress = {block} }}, var.extra)"),
        format!("{{ NotIpAddress = merge({block}, var.extra) }}"),
        r#"{ NotIpAddress = { (var.extra) = "203.0.113.0/24" } }"#.to_owned(),
    ] {
        let found = statement(&format!("Principal = \"*\", Condition = {condition}"));
        assert!(found.starts_with("  Deny Aws:* if ") && !found.contains("203"), "{found}");
    }
    assert!(
        statement(&format!(
            "Principal = \"*\", Condition = merge(var.extra, {{ NotIpAddress = {block} }})"
        ))
        .contains("203"),
        "what comes last is not overwritten"
    );
    let principal = statement("Principal = merge({ AWS = \"*\" }, var.extra)");
    assert_eq!(principal, "  Deny var.extra*\n");
}

#[test]
fn one_variable_in_allow_and_deny_is_one_symbol() {
    let case = Case::new(&format!(
        "variable \"vpce\" {{}}\n{}",
        api(r#"  policy = jsonencode({ Statement = [
    { Effect = "Allow", Principal = "*", Condition = { StringEquals = { "aws:SourceVpce" = var.vpce } } },
    { Effect = "Deny", Principal = "*", Condition = { StringNotEquals = { "aws:SourceVpce" = [var.vpce] } } },
  ] })"#)
    ));
    let crate::model::PolicyState::Known(policies) = &case.world().policy else { panic!("known") };
    let symbols: Vec<u32> = policies[0]
        .known_statements()
        .flat_map(|s| s.known_conditions())
        .flat_map(|c| c.values.iter())
        .filter_map(|v| v.one().and_then(|l| l.symbol()).map(|s| s.id))
        .collect();
    assert_eq!(symbols.len(), 2);
    assert_eq!(symbols[0], symbols[1]);
}

#[test]
fn a_conditional_within_a_template() {
    let case = Case::new(&format!(
        "variable \"open\" {{}}\n{}",
        api(
            r#"  policy = jsonencode({ Statement = { Effect = "Allow", Resource = "${var.open ? "*" : "x"}-y" } })"#
        )
    ));
    assert_eq!(
        case.show(case.api()),
        "when var.open = true:\n  Absent\n  Allow on *-y\nwhen var.open = false:\n  Absent\n  Allow on x-y\n"
    );
}

#[test]
fn defaults_are_listed_once_and_only_when_used() {
    let case = Case::new(&format!(
        "variable \"ips\" {{\n  default = [\"203.0.113.0/24\"]\n}}\nvariable \"tags\" {{\n  default = {{}}\n}}\n{}",
        api(
            "  tags = var.tags\n  policy = jsonencode({ Statement = [for e in [\"Allow\", \"Deny\"] : { Effect = e, Resource = var.ips }] })"
        )
    ));
    let texts: Vec<&str> = case.api().assumptions.iter().map(|a| a.text.as_str()).collect();
    assert_eq!(texts, ["var.ips = [203.0.113.0/24] (default)"]);
    assert_eq!(case.api().assumptions[0].pin.as_deref(), Some("--var ips=..."));
    // A value that was given is no assumption, and no branch.
    let given = Case::with(
        &[
            (
                "main.tf",
                &format!(
                    "variable \"on\" {{\n  default = true\n}}\n{}",
                    api("  count = var.on ? 1 : 0")
                ),
            ),
            ("terraform.tfvars", "on = false\n"),
        ],
        &[],
    );
    assert!(given.apis().is_empty());
}

#[test]
fn several_given_values_are_several_worlds() {
    let case = Case::with(
        &[(
            "main.tf",
            &format!(
                "variable \"p\" {{}}\n{}",
                api(
                    "  policy = jsonencode({ Statement = { Effect = \"Allow\", Principal = { AWS = var.p } } })"
                )
            ),
        )],
        &[("p", &["111122223333", "444455556666"])],
    );
    assert_eq!(
        case.show(case.api()),
        "when var.p = 111122223333:\n  Absent\n  Allow Aws:111122223333\nwhen var.p = 444455556666:\n  Absent\n  Allow Aws:444455556666\n"
    );
}

#[test]
fn the_bound_on_worlds_is_said_and_hides_nothing() {
    let mut text = String::new();
    let mut statements = String::new();
    for i in 0..12 {
        text.push_str(&format!("variable \"v{i}\" {{}}\n"));
        statements.push_str(&format!("var.v{i} ? [{{ Effect = \"Deny\" }}] : [],\n"));
    }
    text.push_str(&api(&format!("  policy = jsonencode({{ Statement = concat([{{ Effect = \"Allow\", Principal = \"*\" }}], {statements}) }})")));
    let case = Case::new(&text);
    let api = case.api();
    assert!(api.bounded);
    assert!(api.worlds.len() <= 64);
    assert!(api.worlds.iter().all(|w| case.policy(api, &w.policy).contains("Allow Aws:*")));
}

#[test]
fn a_name_in_lower_case_is_one_value_wherever_it_is_used() {
    let case = Case::new(&format!(
        "variable \"env\" {{}}\nlocals {{\n  all  = {{ dev = \"Allow\", prod = \"Deny\" }}\n  name = lower(var.env)\n  mine = contains(keys(local.all), local.name) ? local.all[local.name] : local.all[\"dev\"]\n}}\n{}",
        api("  policy = jsonencode({ Statement = { Effect = local.mine, Sid = local.mine } })")
    ));
    assert_eq!(
        case.show(case.api()),
        "when lower(var.env) = dev:\n  Absent\n  Allow\nwhen lower(var.env) = prod:\n  Absent\n  Deny\nwhen lower(var.env) is none of dev, prod:\n  Absent\n  Allow\n"
    );
    assert!(!case.api().bounded);
}
