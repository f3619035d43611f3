//! References to resources, data sources, modules, instances.

use std::path::Path;

use super::super::Module;
use super::{Bench, worlds};
use crate::resolve::{Class, IdKind};
use crate::syntax::hcl;

const MODULE: &str = r#"
resource "aws_api_gateway_rest_api" "a" { name = "orders" }
resource "aws_vpc_endpoint" "e" { vpc_id = aws_vpc.v.id }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_iam_role" "r" { name = "caller" }
resource "aws_vpc_endpoint" "many" { count = 2 }
resource "aws_iam_role" "each" {
  for_each = { eu = "a", us = "b" }
  name     = each.value
}
resource "terraform_data" "t" { input = "kept" }
data "aws_caller_identity" "me" {}
data "aws_caller_identity" "peer" { provider = aws.peer }
data "aws_partition" "p" {}
data "aws_region" "r" {}
data "aws_vpc" "found" { id = "vpc-1" }
data "aws_ssm_parameter" "s" { name = "x" }
data "aws_ip_ranges" "all" { services = ["ec2"] }
"#;

fn out(expression: &str) -> String {
    Bench::new(&format!("{MODULE}locals {{\n  out = {expression}\n}}\n")).out()
}

fn class(expression: &str) -> Class {
    let bench = Bench::new(&format!("{MODULE}locals {{\n  out = {expression}\n}}\n"));
    bench.run(|e| {
        let explored = super::explore_out(e);
        match explored.worlds[0].1.kind {
            crate::resolve::Kind::Symbol(id) => e.symbols.get(id).class,
            ref other => panic!("{expression} is {other:?}"),
        }
    })
}

#[test]
fn classes_and_labels() {
    for (expression, expected) in [
        ("aws_api_gateway_rest_api.a.execution_arn", Class::ExecutionArn),
        ("aws_api_gateway_rest_api.a.id", Class::ApiId),
        ("data.aws_api_gateway_rest_api.other.id", Class::ApiId),
        ("aws_vpc_endpoint.e.id", Class::OwnId(IdKind::VpcEndpoint)),
        ("aws_vpc_endpoint.e.vpc_id", Class::OwnId(IdKind::Vpc)),
        ("data.aws_vpc.found.id", Class::OwnId(IdKind::Vpc)),
        ("data.aws_vpc_endpoint.not_declared.id", Class::OwnId(IdKind::VpcEndpoint)),
        ("aws_iam_role.r.arn", Class::OwnId(IdKind::Other)),
        ("data.aws_caller_identity.me.account_id", Class::OwnerAccount),
        ("data.aws_caller_identity.peer.account_id", Class::External),
        ("data.aws_caller_identity.peer.arn", Class::External),
        ("data.aws_caller_identity.me.arn", Class::OwnId(IdKind::Other)),
        ("data.aws_vpc_peering_connection.p.peer_owner_id", Class::External),
        ("aws_vpc_peering_connection_accepter.p.peer_owner_id", Class::External),
        ("data.aws_partition.p.partition", Class::Partition),
        ("data.aws_region.r.name", Class::Region),
        ("data.aws_region.r.region", Class::Region),
        ("data.aws_ssm_parameter.s.value", Class::External),
        ("data.aws_ip_ranges.all.cidr_blocks", Class::External),
        ("data.terraform_remote_state.x.outputs.vpce", Class::External),
        ("module.vpc.vpc_id", Class::External),
    ] {
        assert_eq!(class(expression), expected, "{expression}");
    }
    assert_eq!(out("aws_api_gateway_rest_api.a.id"), "<aws_api_gateway_rest_api.a.id>");
    assert_eq!(out("module.vpc[0].vpc_id"), "<module.vpc[0].vpc_id>");
    assert_eq!(out("module.vpc[*].id"), "[<module.vpc[*].id>*]");
}

/// The classes of the attributes that say where a data source is, where the API is that is judged: of
/// the account, the region and the partition.
fn places(text: &str, data: &str) -> [Class; 3] {
    let kinds = [
        ("aws_caller_identity", "account_id"),
        ("aws_region", "region"),
        ("aws_partition", "partition"),
    ];
    let sources: String =
        kinds.iter().map(|(kind, _)| format!("data \"{kind}\" \"d\" {{\n{data}\n}}\n")).collect();
    kinds.map(|(kind, name)| {
        let bench =
            Bench::new(&format!("{text}{sources}locals {{\n  out = data.{kind}.d.{name}\n}}\n"));
        bench.run(|e| {
            let api = e.module().managed("aws_api_gateway_rest_api").next().cloned();
            e.at_home(&api.expect("an API"));
            match super::explore_out(e).worlds[0].1.kind {
                crate::resolve::Kind::Symbol(id) => e.symbols.get(id).class,
                ref other => panic!("{data} is {other:?}"),
            }
        })
    })
}

#[test]
fn a_place_is_the_deployers_where_the_api_is() {
    let providers = r#"
        provider "aws" { region = var.main }
        provider "aws" {
          alias  = "eu"
          region = "eu-west-2"
        }
        provider "aws" {
          alias  = "main"
          region = var.main
        }
        provider "aws" {
          alias  = "us"
          region = "us-east-1"
        }
        provider "aws" {
          alias   = "partner"
          region  = "eu-west-2"
          profile = "partner"
        }
    "#;
    let home = [Class::OwnerAccount, Class::Region, Class::Partition];
    let elsewhere = Class::OwnId(IdKind::Other);
    let other_region = [Class::OwnerAccount, elsewhere, Class::Partition];
    let unknown = [Class::External, elsewhere, elsewhere];
    for (api, data, expected) in [
        ("", "", home),
        ("provider = aws.eu", "provider = aws.eu", home),
        ("provider = aws.eu", "provider = \"aws.eu\"", home),
        ("", "provider = aws.main", home),
        ("provider = aws.eu", "", other_region),
        ("provider = aws.eu", "provider = aws.us", other_region),
        ("", "provider = aws.eu", other_region),
        ("provider = aws.eu", "provider = aws.partner", [Class::External, home[1], home[2]]),
        ("provider = aws.us", "provider = aws.partner", unknown),
        ("provider = aws.undeclared", "provider = aws.undeclared", home),
        ("provider = aws.undeclared", "provider = aws.eu", unknown),
        ("region = var.other", "region = null", other_region),
        ("region = var.other", "", other_region),
        ("", "endpoint = var.endpoint", other_region),
    ] {
        let text =
            format!("{providers}resource \"aws_api_gateway_rest_api\" \"a\" {{\n{api}\n}}\n");
        assert_eq!(places(&text, data), expected, "{api}, {data}");
    }
}

#[test]
fn a_region_that_is_looked_for_is_the_one_that_is_found() {
    for (wanted, name, expected) in [
        ("region = \"eu-west-2\"", "name", "\"eu-west-2\""),
        ("region = \"eu-west-2\"", "region", "\"eu-west-2\""),
        ("name = \"eu-west-2\"", "id", "\"eu-west-2\""),
        ("region = var.none", "region", "<data.aws_region.name>"),
    ] {
        let text = format!(
            "variable \"none\" {{ default = null }}\ndata \"aws_region\" \"r\" {{\n{wanted}\n}}\n\
             locals {{\n  out = data.aws_region.r.{name}\n}}\n"
        );
        let worlds = Bench::new(&text).worlds();
        assert_eq!(worlds[0].1, expected, "{wanted}, {name}");
    }
}

#[test]
fn configured_attributes_are_their_expressions() {
    assert_eq!(out("aws_iam_role.r.name"), r#""caller""#);
    assert_eq!(out("terraform_data.t.output"), r#""kept""#);
    assert_eq!(out("aws_vpc.v.cidr_block"), r#""10.0.0.0/16""#);
    assert_eq!(out(r#"aws_iam_role.each["us"].name"#), r#""b""#);
    assert_eq!(out("[for k, r in aws_iam_role.each : r.name]"), r#"["a", "b"]"#);
    assert_eq!(out("values(aws_iam_role.each)[*].name"), r#"["a", "b"]"#);
}

#[test]
fn the_management_arn_is_no_execution_arn() {
    assert_eq!(
        out("aws_api_gateway_rest_api.a.arn"),
        r#""arn:<data.aws_partition.partition>:apigateway:<data.aws_region.name>::/restapis/<aws_api_gateway_rest_api.a.id>""#
    );
}

#[test]
fn instances_by_index_splat_and_habit() {
    let ids = "[<aws_vpc_endpoint.many[0].id>, <aws_vpc_endpoint.many[1].id>]";
    assert_eq!(out("aws_vpc_endpoint.many[*].id"), ids);
    assert_eq!(out("aws_vpc_endpoint.many.*.id"), ids);
    assert_eq!(out("aws_vpc_endpoint.many[1].id"), "<aws_vpc_endpoint.many[1].id>");
    assert_eq!(out("aws_vpc_endpoint.many.1.id"), "<aws_vpc_endpoint.many[1].id>");
    assert_eq!(out("aws_vpc_endpoint.many.id"), "<aws_vpc_endpoint.many[0].id>");
    assert_eq!(out("aws_vpc.v[*].id"), "[<aws_vpc.v.id>]");
    assert_eq!(out(r#"join("", aws_vpc.v.*.id)"#), "<aws_vpc.v.id>");
    assert_eq!(
        out(r#"element(concat(aws_vpc_endpoint.many.*.id, [""]), 1)"#),
        "<aws_vpc_endpoint.many[1].id>"
    );
}

#[test]
fn count_and_for_each_are_branches() {
    assert_eq!(
        worlds(
            r#"
            variable "create" { default = false }
            resource "aws_vpc" "v" { count = var.create ? 1 : 0 }
            locals { out = one(aws_vpc.v[*].id) }
            "#
        ),
        ["var.create = false => null", "var.create = true, (other) => <aws_vpc.v[0].id>"]
    );
    assert_eq!(
        worlds(
            r#"
            variable "n" {}
            resource "aws_vpc" "v" { count = var.n }
            locals { out = aws_vpc.v[*].id }
            "#
        ),
        ["var.n = 0 => []", "var.n != 0 => [<aws_vpc.v[0].id>]"]
    );
    assert_eq!(
        worlds(
            r#"
            variable "m" { default = {} }
            resource "aws_iam_role" "r" {
              for_each = var.m
              name     = each.value
            }
            locals { out = [for k, r in aws_iam_role.r : r.name] }
            "#
        ),
        ["length(var.m) > 0 = false => []", "length(var.m) > 0 = true, (other) => [<each.value>*]",]
    );
    // The instances of a default that has some are the instances.
    assert_eq!(
        worlds(
            r#"
            variable "m" { default = ["a"] }
            resource "aws_iam_role" "r" {
              for_each = toset(var.m)
              name     = each.value
            }
            locals { out = aws_iam_role.r["a"].name }
            "#
        ),
        [r#" => "a""#]
    );
}

#[test]
fn an_unknown_key_means_the_instance_that_stands_for_all() {
    assert_eq!(
        worlds(
            r#"
            variable "m" {}
            resource "aws_vpc" "v" { for_each = var.m }
            resource "aws_vpc_endpoint" "e" {
              for_each = var.m
              vpc_id   = aws_vpc.v[each.key].id
            }
            locals { out = [for e in aws_vpc_endpoint.e : e.vpc_id] }
            "#
        ),
        [
            "length(var.m) > 0 = true => [<aws_vpc.v[each.key].id>*]",
            "length(var.m) > 0 = false => []",
        ]
    );
}

#[test]
fn every_output_of_a_called_module_is_followed() {
    let called = r#"
        variable "x" {}
        locals {
          l = var.x
        }
        output "a" { value = "a" }
        output "b" { value = local.l }
    "#;
    let bench = Bench::new(
        r#"
        variable "p" {}
        module "m" {
          source = "./m"
          x      = var.p
        }
        locals {
          out = "${module.m.a}${module.m.b}"
        }
        "#,
    );
    let id = bench.db.add(Path::new("/m/m/main.tf"), "m/main.tf".into(), called);
    let body = hcl::parse_file(id, called).body.expect("a body");
    let called = Module::new("/m/m".into(), String::new(), body.into_blocks(), &[]);
    let (inputs, locals) = bench.run(|evaluator| {
        let mut module = Module::clone(&evaluator.module());
        let call = module.own_calls().remove(0);
        module.take_in(&call, &called, "m", &[String::new()]).expect("it is followed");
        let out = module.locals.get("out").expect("`local.out`").value.clone();
        evaluator.module = module.into();
        (evaluator.inputs_of(&out), evaluator.locals_of(&out).len())
    });
    assert_eq!(inputs.iter().map(|name| &**name).collect::<Vec<_>>(), ["p"]);
    assert_eq!(locals, 1);
}
