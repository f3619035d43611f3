//! The `gatelint` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    gatelint::cli::run(std::env::args_os())
}
