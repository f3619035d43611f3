//! The command line: the only room that knows clap.
//!
//! It reads arguments, hands data from room to room, and turns what comes out into bytes and an exit
//! code. It must not decide anything about access, nor know how a format looks.

mod args;
mod baseline;
mod callers;
mod can;
mod completions;
mod exit;
mod explain;
mod guard;
mod inventory;
mod lint;
mod outputs;
mod pipeline;
mod settings;
mod terminal;
mod trust;
mod unit;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use args::{BaselineCommand, Cli, Command, TrustCommand};
use exit::Exit;

/// Runs the program with `args`, the first of which is its name.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    guard::install();
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Nobody is left to tell when this fails.
            let _ = error.print();
            let exit = if error.exit_code() == 0 { Exit::Clean } else { Exit::Usage };
            return exit.into();
        }
    };
    let exit = match cli.command {
        Command::Lint(args) => lint::lint(&args),
        Command::Callers(args) => callers::callers(&args),
        Command::Inventory(args) => inventory::inventory(&args),
        Command::Can(args) => can::can(&args),
        Command::Trust(TrustCommand::Check(args)) => trust::check(*args),
        Command::Baseline(BaselineCommand::Create(args)) => baseline::create(&args),
        Command::Baseline(BaselineCommand::Prune(args)) => baseline::prune(&args),
        Command::Explain { rule } => explain::explain(&rule),
        Command::Rules => explain::list(),
        Command::Completions { shell } => completions::completions(shell),
    };
    exit.into()
}
