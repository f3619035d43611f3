//! `callers`: who can call which route of every API.

use super::args::{Callers, Lint};
use super::can;
use super::exit::Exit;
use super::lint::{self, Judged};
use super::outputs;
use super::terminal::{colors, report, say};
use super::unit::trust_for;
use crate::analyze::{domains, reach};
use crate::model::ApiKind;
use crate::report::callers::{ApiCallers, CALLERS_FORMATS};
use crate::source::escape;

/// Runs the command.
pub(super) fn callers(args: &Callers) -> Exit {
    lint::finish(run(args))
}

fn run(args: &Callers) -> Result<Exit, String> {
    let format = outputs::named(CALLERS_FORMATS, |format| format.name, &args.format)?;
    let mut lint = Lint::from(&args.asking.looking);
    lint.reporting.quiet = true;
    let Judged { run, plan, .. } = lint::judge(&lint)?;
    can::warn_of_unread(&run);
    let apis: Vec<ApiCallers<'_>> = run
        .apis
        .iter()
        .filter(|judged| judged.api.kind != ApiKind::VpcEndpoint)
        .filter(|judged| can::is_named(judged, args.asking.api.as_deref()))
        .map(|judged| {
            let trust = trust_for(&judged.api, &plan.settings);
            let mut callers = reach::callers(&judged.api, &trust, plan.now);
            domains::rows(&judged.api, &judged.reach, &mut callers);
            ApiCallers { api: &judged.api, origins: &judged.origins, callers }
        })
        .collect();
    if apis.is_empty() {
        say("no API found under the given paths");
        return Ok(Exit::Nothing);
    }
    let color = colors(args.asking.looking.color, false);
    report(None, |out| (format.write)(&apis, &run.db, color, out))
        .map_err(|error| format!("error: {}", escape(&error)))?;
    Ok(Exit::Clean)
}
