//! Which reports a run writes, and where.

use std::path::{Path, PathBuf};

use super::args::Lint;
use super::terminal::{append, colors, columns, report, say};
use crate::report::{self, FORMATS, Format, Options, Run, markdown};
use crate::source::{did_you_mean, escape, normalize, slashed};

/// The variable in which GitHub Actions names the file of the step summary.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// A report of `--report`.
#[derive(Debug, Clone)]
pub(super) struct Target {
    format: &'static Format,
    file: PathBuf,
}

/// The reports of a run.
#[derive(Debug)]
pub(super) struct Outputs(Vec<Output>);

/// One report; without a file it goes to standard output.
#[derive(Debug, Clone)]
struct Output {
    format: &'static Format,
    file: Option<PathBuf>,
}

/// Reads the name of a format.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn format(name: &str) -> Result<&'static Format, String> {
    let names = || FORMATS.iter().map(|format| format.name);
    report::format(name).ok_or_else(|| match did_you_mean(name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected one of {}", names().collect::<Vec<_>>().join(", ")),
    })
}

/// The format of a list or an answer whose name is `given`.
///
/// # Errors
/// The message that there is none of that name.
pub(super) fn named<'f, F>(
    formats: &'f [F],
    name: fn(&F) -> &'static str,
    given: &str,
) -> Result<&'f F, String> {
    formats.iter().find(|format| name(format) == given).ok_or_else(|| {
        let between = if formats.len() > 2 { ", " } else { " or " };
        let names: Vec<&str> = formats.iter().map(name).collect();
        format!("error: unknown format `{}`: use {}", escape(given), names.join(between))
    })
}

/// Reads `FORMAT=FILE`.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn target(text: &str) -> Result<Target, String> {
    match text.split_once('=') {
        Some((name, file)) if !file.is_empty() => {
            Ok(Target { format: format(name)?, file: file.into() })
        }
        _ => Err("expected FORMAT=FILE".into()),
    }
}

/// The reports that `args` ask for. A `--report` to standard output takes the place of the report
/// that nobody asked for.
///
/// # Errors
/// Two reports that go to one place, in words.
pub(super) fn outputs(args: &Lint, cwd: &Path) -> Result<Outputs, String> {
    let place = |file: &Path| (file != Path::new("-")).then(|| normalize(&cwd.join(file)));
    let mut all: Vec<Output> = args
        .reporting
        .report
        .iter()
        .map(|target| Output { format: target.format, file: place(&target.file) })
        .collect();
    let asked = args.reporting.format.is_some() || args.reporting.output.is_some();
    if asked || all.iter().all(|output| output.file.is_some()) {
        let first = &FORMATS[0];
        let format = args.reporting.format.unwrap_or(first);
        let file = args.reporting.output.as_deref().and_then(place);
        all.insert(0, Output { format, file });
    }
    for (at, output) in all.iter().enumerate() {
        if all.iter().take(at).any(|other| other.file == output.file) {
            let place = output.file.as_deref().map_or("standard output".into(), slashed);
            let place = escape(&place);
            return Err(format!(
                "error: two reports go to {place}\n  = help: give each --report a file of its own"
            ));
        }
    }
    Ok(Outputs(all))
}

impl Outputs {
    /// Writes every report of `run`, and the summary of the step where GitHub asks for one.
    ///
    /// # Errors
    /// All that could not be written, in words; the others are written all the same.
    pub(super) fn write(&self, args: &Lint, run: &Run) -> Result<(), String> {
        let mut wrong = Vec::new();
        for Output { format, file } in &self.0 {
            let options =
                Options { color: colors(args.reporting.color, file.is_some()), width: columns() };
            let done = report(file.as_deref(), |out| (format.write)(run, options, out));
            wrong.extend(done.err().map(|error| format!("error: {}", escape(&error))));
        }
        if self.0.iter().any(|output| output.format.name == "github") {
            step_summary(run);
        }
        let shown = self.0.iter().any(|out| out.file.is_none() && out.format.has_summary);
        if !args.reporting.quiet && !shown {
            say(&run.summary());
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
    }
}

/// Adds the summary to the file that GitHub shows below the job. Other steps, and other runs of this
/// one, have written to it too. A summary that cannot be written changes no exit code.
fn step_summary(run: &Run) {
    let Some(path) = std::env::var_os(STEP_SUMMARY).filter(|path| !path.is_empty()) else { return };
    if let Err(error) = append(Path::new(&path), |out| markdown::write(run, out)) {
        say(&format!("warning: the step summary cannot be written: {error}"));
    }
}
