//! The arguments, as they are typed. Every flag has a `GATELINT_*` twin in the environment.

use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

mod questions;

pub(super) use questions::{Callers, Can, Inventory, Looking};

use super::outputs::{self, Target};
use crate::report::Format;

/// The program.
#[derive(Debug, Parser)]
#[command(
    name = "gatelint",
    version,
    about = "Proves who can call your API Gateway APIs, before you deploy them",
    arg_required_else_help = true,
    subcommand_required = true,
    disable_help_subcommand = true
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find templates, decide every resource policy in them, and report
    Lint(Box<Lint>),
    /// List who can call which route of every API
    Callers(Box<Callers>),
    /// List every API and policy, and what is not known of them
    Inventory(Box<Inventory>),
    /// Ask whether one request gets through
    Can(Box<Can>),
    /// Keep the list of whom you trust
    #[command(subcommand, arg_required_else_help = true, disable_help_subcommand = true)]
    Trust(TrustCommand),
    /// Accept the findings of today
    #[command(subcommand, arg_required_else_help = true, disable_help_subcommand = true)]
    Baseline(BaselineCommand),
    /// Print the page of a rule
    Explain {
        /// The rule's id, such as wildcard-principal
        rule: String,
    },
    /// List the rules
    Rules,
    /// Print a script by which a shell completes gatelint's arguments
    Completions {
        /// The shell: bash, zsh, fish, powershell or elvish
        #[arg(hide_possible_values = true)]
        shell: clap_complete::Shell,
    },
}

/// The commands of `baseline`.
#[derive(Debug, Subcommand)]
pub(super) enum BaselineCommand {
    /// Write a baseline that accepts all that is found
    Create(Box<BaselineArgs>),
    /// Take out of a baseline what is no longer found
    Prune(Box<BaselineArgs>),
}

/// The commands of `trust`.
#[derive(Debug, Subcommand)]
pub(super) enum TrustCommand {
    /// Compare the list with what the policies name
    Check(Box<TrustCheck>),
}

/// The arguments of `trust check`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES, after_long_help = EXIT_CODES_LONG)]
pub(super) struct TrustCheck {
    #[command(flatten)]
    pub(super) reporting: Reporting,

    #[command(flatten)]
    pub(super) inputs: Inputs,
}

/// The arguments of `baseline create` and `baseline prune`.
#[derive(Debug, Args)]
pub(super) struct BaselineArgs {
    #[command(flatten)]
    pub(super) inputs: Inputs,

    /// The baseline [default: gatelint-baseline.json]
    #[arg(
        long,
        value_name = "FILE",
        default_value = "gatelint-baseline.json",
        hide_default_value = true,
        env = "GATELINT_BASELINE",
        hide_env = true
    )]
    pub(super) baseline: PathBuf,
}

const EXIT_CODES: &str = "\
Exit codes: 0 clean, 1 findings, 2 usage, 3 no infrastructure code, 101 a bug
Environment: every flag has a twin: --fail-on is GATELINT_FAIL_ON";

const EXIT_CODES_LONG: &str = "\
Exit codes, the same in every format:
  0    nothing at or above --fail-on
  1    findings at or above --fail-on (possible ones with --fail-on-possible)
  2    bad usage or configuration
  3    no infrastructure code under the given paths (0 with --allow-empty)
  101  a bug in gatelint

Every flag has a twin in the environment: --fail-on is GATELINT_FAIL_ON.
--select, --ignore and --account-id take several values, separated by commas;
they, --report, --trust, --param, --param-file, --var, --var-file and --exclude
can also be repeated.";

/// The arguments of `lint`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES, after_long_help = EXIT_CODES_LONG)]
pub(super) struct Lint {
    #[command(flatten)]
    pub(super) reporting: Reporting,

    /// Report these rules only
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        env = "GATELINT_SELECT",
        hide_env = true
    )]
    pub(super) select: Vec<String>,

    /// Leave out these rules
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        env = "GATELINT_IGNORE",
        hide_env = true
    )]
    pub(super) ignore: Vec<String>,

    /// Report what comments and entries ignore too
    #[arg(long, env = "GATELINT_NO_IGNORES", hide_env = true,
          value_parser = FalseyValueParser::new())]
    pub(super) no_ignores: bool,

    /// Accept what a baseline holds
    #[arg(long, value_name = "FILE", env = "GATELINT_BASELINE", hide_env = true)]
    pub(super) baseline: Option<PathBuf>,

    #[command(flatten)]
    pub(super) inputs: Inputs,

    /// The file that standard input stands for
    #[arg(long, value_name = "PATH", env = "GATELINT_STDIN_FILENAME", hide_env = true)]
    pub(super) stdin_filename: Option<PathBuf>,

    /// Count the findings by rule
    #[arg(long, env = "GATELINT_STATISTICS", hide_env = true,
          value_parser = FalseyValueParser::new())]
    pub(super) statistics: bool,
}

/// How a command reports, and what fails it.
#[derive(Debug, Args)]
pub(super) struct Reporting {
    /// Format of the report [default: pretty]
    ///
    /// One of pretty, concise, json, sarif, code-scanning, github, gitlab, junit and
    /// markdown.
    #[arg(long, value_name = "FORMAT", env = "GATELINT_FORMAT", hide_env = true,
          value_parser = outputs::format)]
    pub(super) format: Option<&'static Format>,

    /// Write the report to a file
    #[arg(long, value_name = "FILE", env = "GATELINT_OUTPUT", hide_env = true)]
    pub(super) output: Option<PathBuf>,

    /// Write another report of the same run
    ///
    /// Can be repeated; one report may go to standard output (-).
    #[arg(long, value_name = "FORMAT=FILE", env = "GATELINT_REPORT", hide_env = true,
          value_parser = outputs::target)]
    pub(super) report: Vec<Target>,

    /// Severity that fails a run [default: high]
    #[arg(long, value_name = "SEVERITY", env = "GATELINT_FAIL_ON", hide_env = true)]
    pub(super) fail_on: Option<String>,

    /// Leave out findings below this severity
    #[arg(long, value_name = "SEVERITY", env = "GATELINT_MIN_SEVERITY", hide_env = true)]
    pub(super) min_severity: Option<String>,

    /// Succeed when there is nothing to look at
    ///
    /// Files that are named need not be templates then: they are looked at like
    /// files that are found in a folder.
    #[arg(long, env = "GATELINT_ALLOW_EMPTY", hide_env = true,
          value_parser = FalseyValueParser::new())]
    pub(super) allow_empty: bool,

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
    pub(super) color: Color,

    /// Print the report and errors only
    #[arg(short, long, conflicts_with = "verbose", env = "GATELINT_QUIET", hide_env = true,
          value_parser = FalseyValueParser::new())]
    pub(super) quiet: bool,

    /// Say what was looked at and what was not
    #[arg(short, long, env = "GATELINT_VERBOSE", hide_env = true,
          value_parser = FalseyValueParser::new())]
    pub(super) verbose: bool,
}

/// What a command looks at, and what it takes for granted.
#[derive(Debug, Clone, Args)]
pub(super) struct Inputs {
    /// Files and folders; - is standard input [default: .]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// Let possible findings fail the run as well
    #[arg(long, env = "GATELINT_FAIL_ON_POSSIBLE", hide_env = true,
          value_parser = FalseyValueParser::new())]
    pub(super) fail_on_possible: bool,

    /// Configuration [default: gatelint.yaml, upwards]
    #[arg(long, value_name = "FILE", env = "GATELINT_CONFIG", hide_env = true)]
    pub(super) config: Option<PathBuf>,

    /// Read no configuration file
    #[arg(long, conflicts_with = "config", env = "GATELINT_NO_CONFIG", hide_env = true,
          value_parser = FalseyValueParser::new())]
    pub(super) no_config: bool,

    /// Read a list of trusted accounts
    #[arg(long, value_name = "FILE", env = "GATELINT_TRUST", hide_env = true)]
    pub(super) trust: Vec<PathBuf>,

    /// Account that the APIs are deployed in
    #[arg(
        long,
        value_name = "ID",
        value_delimiter = ',',
        env = "GATELINT_ACCOUNT_ID",
        hide_env = true
    )]
    pub(super) account_id: Vec<String>,

    /// Value of a CloudFormation parameter
    #[arg(long, value_name = "NAME=VALUE", env = "GATELINT_PARAM", hide_env = true)]
    pub(super) param: Vec<String>,

    /// CloudFormation parameter file
    #[arg(long, value_name = "FILE", env = "GATELINT_PARAM_FILE", hide_env = true)]
    pub(super) param_file: Vec<PathBuf>,

    /// Value of a Terraform variable
    #[arg(long, value_name = "NAME=VALUE", env = "GATELINT_VAR", hide_env = true)]
    pub(super) var: Vec<String>,

    /// Terraform variables file
    #[arg(long, value_name = "FILE", env = "GATELINT_VAR_FILE", hide_env = true)]
    pub(super) var_file: Vec<PathBuf>,

    /// Terraform sources that a plan was made of
    ///
    /// The folder of the root module. Findings in a plan then point at the sources, whose
    /// comments count, and what the plan does not know is read there.
    #[arg(
        long,
        value_name = "DIR",
        env = "GATELINT_SOURCE",
        hide_env = true,
        hide_short_help = true
    )]
    pub(super) source: Option<PathBuf>,

    /// Leave out files and folders that match
    #[arg(long, value_name = "GLOB", env = "GATELINT_EXCLUDE", hide_env = true)]
    pub(super) exclude: Vec<String>,

    /// Leave them out even when they are named
    #[arg(long, env = "GATELINT_FORCE_EXCLUDE", hide_env = true,
          value_parser = FalseyValueParser::new())]
    pub(super) force_exclude: bool,

    /// Look at files that .gitignore hides too
    #[arg(long, env = "GATELINT_NO_GITIGNORE", hide_env = true,
          value_parser = FalseyValueParser::new())]
    pub(super) no_gitignore: bool,

    /// Date of the run, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE", env = "GATELINT_NOW", hide_env = true)]
    pub(super) now: Option<String>,
}

/// When to write colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

impl Lint {
    /// A run over `inputs` that reports nothing by itself.
    pub(super) fn of(inputs: Inputs) -> Self {
        Self {
            inputs,
            reporting: Reporting::silent(),
            select: Vec::new(),
            ignore: Vec::new(),
            no_ignores: false,
            baseline: None,
            stdin_filename: None,
            statistics: false,
        }
    }
}

impl From<&Looking> for Lint {
    /// A run over what a list is made of, which says no more than the list does.
    fn from(looking: &Looking) -> Self {
        let mut lint = Self::of(looking.inputs.clone());
        lint.reporting.verbose = looking.verbose;
        lint
    }
}

impl Reporting {
    fn silent() -> Self {
        Self {
            format: None,
            output: None,
            report: Vec::new(),
            fail_on: None,
            min_severity: None,
            allow_empty: false,
            color: Color::Never,
            quiet: false,
            verbose: false,
        }
    }
}
