//! `inventory`: every API and policy that was found, and what is not known of them.

use super::args::{Inventory, Lint};
use super::exit::Exit;
use super::lint::{self, Judged};
use super::outputs;
use super::terminal::{colors, columns, report};
use crate::report::Options;
use crate::report::inventory::INVENTORY_FORMATS;
use crate::source::escape;

/// Runs the command.
pub(super) fn inventory(args: &Inventory) -> Exit {
    lint::finish(run(args))
}

fn run(args: &Inventory) -> Result<Exit, String> {
    let format = outputs::named(INVENTORY_FORMATS, |format| format.name, &args.format)?;
    let mut lint = Lint::from(&args.looking);
    // What is found is listed, whatever it is; only `lint` judges it.
    lint.reporting.fail_on = Some("never".into());
    lint.reporting.allow_empty = args.allow_empty;
    let Judged { found, run, .. } = lint::judge(&lint)?;
    let output = args.output.as_deref();
    let width = if output.is_some() { 0 } else { columns() };
    let options = Options { color: colors(args.looking.color, output.is_some()), width };
    report(output, |out| (format.write)(&run, options, out))
        .map_err(|error| format!("error: {}", escape(&error)))?;
    Ok(lint::exit(&lint, &found, &run))
}
