//! `completions`: the script by which a shell completes commands, flags, rules and formats.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, CommandFactory};
use clap_complete::Shell;

use super::args::Cli;
use super::exit::Exit;
use super::explain::finish;
use super::terminal::report;
use crate::finding::Severity;
use crate::report::FORMATS;
use crate::rules::RULES;

/// Prints the script for `shell`.
pub(super) fn completions(shell: Shell) -> Exit {
    // It is collected first: clap_complete panics where a reader goes away.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "gatelint", &mut script);
    finish(report(None, |out| out.write_all(&script)))
}

/// The command line, with the values of arguments that parse theirs themselves.
fn command() -> Command {
    let rules: Vec<&'static str> = RULES.iter().map(|rule| rule.meta.id).collect();
    let severities = Severity::ALL.map(Severity::name).to_vec();
    let thresholds: Vec<_> = severities.iter().copied().chain(["never"]).collect();
    let formats: Vec<&'static str> = FORMATS.iter().map(|format| format.name).collect();
    let known = |values: &[&'static str]| {
        let parser = PossibleValuesParser::new(values.to_vec());
        move |arg: Arg| arg.value_parser(parser)
    };
    Cli::command()
        .mut_subcommand("explain", |explain| explain.mut_arg("rule", known(&rules)))
        .mut_subcommand("lint", |lint| {
            lint.mut_arg("select", known(&rules))
                .mut_arg("ignore", known(&rules))
                .mut_arg("format", known(&formats))
                .mut_arg("fail_on", known(&thresholds))
                .mut_arg("min_severity", known(&severities))
        })
}
