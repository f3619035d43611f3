//! The arguments of `callers`, `can` and `inventory`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;
use clap::builder::FalseyValueParser;

use super::{Color, Inputs};

/// The arguments of `callers`.
#[derive(Debug, Args)]
#[command(
    mut_arg("fail_on_possible", |arg| arg.hide(true)),
    after_help = "Exit codes: 0 done, 2 usage, 3 no API"
)]
pub(in crate::cli) struct Callers {
    /// Format of the list: table or json
    #[arg(long, value_name = "FORMAT", default_value = "table", hide_default_value = true)]
    pub(in crate::cli) format: String,

    #[command(flatten)]
    pub(in crate::cli) asking: Asking,
}

/// The arguments of `can`.
#[derive(Debug, Args)]
#[command(
    mut_arg("fail_on_possible", |arg| arg.hide(true)),
    after_help = "Exit codes: 0 allowed, 1 denied, 4 it depends, 2 usage, 3 no API"
)]
pub(in crate::cli) struct Can {
    /// Who calls: anonymous, an account id, or the ARN of a principal
    pub(in crate::cli) who: String,

    /// What is called, such as "GET /prod/pets"
    pub(in crate::cli) request: String,

    /// Address of the client; inside the VPC for a private API
    #[arg(long, value_name = "ADDRESS", env = "GATELINT_IP", hide_env = true)]
    pub(in crate::cli) ip: Option<IpAddr>,

    /// VPC endpoint that the request comes through
    #[arg(long, value_name = "ID", env = "GATELINT_VPCE", hide_env = true)]
    pub(in crate::cli) vpce: Option<String>,

    /// VPC that the request comes from
    #[arg(long, value_name = "ID", env = "GATELINT_VPC", hide_env = true)]
    pub(in crate::cli) vpc: Option<String>,

    /// Organisation of the caller's account
    #[arg(long, value_name = "ID", env = "GATELINT_ORG", hide_env = true)]
    pub(in crate::cli) org: Option<String>,

    /// Another condition key, such as aws:UserAgent=curl
    #[arg(long, value_name = "KEY=VALUE", env = "GATELINT_CONTEXT", hide_env = true)]
    pub(in crate::cli) context: Vec<String>,

    /// Format of the answer: pretty or json
    #[arg(long, value_name = "FORMAT", default_value = "pretty", hide_default_value = true)]
    pub(in crate::cli) format: String,

    #[command(flatten)]
    pub(in crate::cli) asking: Asking,
}

/// The arguments of `inventory`.
#[derive(Debug, Args)]
#[command(
    mut_arg("fail_on_possible", |arg| arg.hide(true)),
    after_help = "Exit codes: 0 done, 2 usage, 3 no infrastructure code, 101 a bug"
)]
pub(in crate::cli) struct Inventory {
    /// Format of the list: table, json or csv
    #[arg(long, value_name = "FORMAT", default_value = "table", hide_default_value = true)]
    pub(in crate::cli) format: String,

    /// Write the list to a file
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,

    /// Succeed when there is nothing to look at
    #[arg(long, env = "GATELINT_ALLOW_EMPTY", hide_env = true,
          value_parser = FalseyValueParser::new())]
    pub(in crate::cli) allow_empty: bool,

    #[command(flatten)]
    pub(in crate::cli) looking: Looking,
}

/// What `callers` and `can` look at.
#[derive(Debug, Args)]
pub(in crate::cli) struct Asking {
    /// The APIs of this address or name only
    #[arg(long, value_name = "NAME", env = "GATELINT_API", hide_env = true)]
    pub(in crate::cli) api: Option<String>,

    #[command(flatten)]
    pub(in crate::cli) looking: Looking,
}

/// What a list is made of, and what is said beside it.
#[derive(Debug, Args)]
pub(in crate::cli) struct Looking {
    /// Colours: auto, always or never
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        env = "GATELINT_COLOR",
        hide_env = true
    )]
    pub(in crate::cli) color: Color,

    /// Say what was looked at and what was not
    #[arg(short, long, env = "GATELINT_VERBOSE", hide_env = true,
          value_parser = FalseyValueParser::new())]
    pub(in crate::cli) verbose: bool,

    #[command(flatten)]
    pub(in crate::cli) inputs: Inputs,
}
