//! `lint`: find, decide, report, exit code.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::args::Lint;
use super::exit::Exit;
use super::settings::{Plan, plan};
use super::terminal::say;
use super::{baseline, guard, outputs, pipeline};
use crate::discovery::{Discovery, Request, Stdin, discover};
use crate::finding::Severity;
use crate::report::{Notice, NoticeLevel, Run, Threshold, plural};
use crate::source::{DiskFs, Fs, SourceDb, escape, slashed};

/// The most standard input that is read: what is larger is no template.
const MAX_STDIN: u64 = 256 << 20;

/// Runs the command.
pub(super) fn lint(args: &Lint) -> Exit {
    finish(run(args))
}

/// The exit code of a command; where it could not do its work, that is said.
pub(super) fn finish(done: Result<Exit, String>) -> Exit {
    done.unwrap_or_else(|message| {
        say(&message);
        Exit::Usage
    })
}

fn run(args: &Lint) -> Result<Exit, String> {
    let cwd = cwd()?;
    let outputs = outputs::outputs(args, &cwd)?;
    let Judged { found, mut run, .. } = judge(args)?;
    if let Some(path) = &args.baseline {
        baseline::apply(&mut run, &cwd.join(path))?;
    }
    outputs.write(args, &run)?;
    if args.statistics {
        say_statistics(&run);
    }
    Ok(exit(args, &found, &run))
}

/// What was found, before it is reported.
pub(super) struct Judged {
    /// The working directory.
    pub(super) cwd: PathBuf,
    /// The units.
    pub(super) found: Discovery,
    /// The findings.
    pub(super) run: Run,
    /// What the run was set to do.
    pub(super) plan: Plan,
}

/// The working directory, absolute.
pub(super) fn cwd() -> Result<PathBuf, String> {
    std::env::current_dir()
        .and_then(|dir| DiskFs.canonical(&dir))
        .map_err(|error| format!("error: the working directory cannot be read: {error}"))
}

/// Finds and judges everything that `args` name.
pub(super) fn judge(args: &Lint) -> Result<Judged, String> {
    let cwd = cwd()?;
    let db = SourceDb::new();
    let plan = plan(args, &cwd, &db)?;
    let found = find(args, &plan, &cwd, &db)?;
    if !args.reporting.quiet {
        for warning in &found.warnings {
            say(&format!("warning: {}", escape(warning)));
        }
    }
    if args.reporting.verbose {
        explain_discovery(&plan, &found);
    }
    let mut run = pipeline::run(&found.units, &plan, &DiskFs, db);
    run.counts.files_discovered = found.files_discovered;
    run.threshold = Threshold { least: plan.fail_on, possible: plan.settings.fail_possible };
    run.notices = notices(&found);
    run.broke = guard::broke();
    Ok(Judged { cwd, found, run, plan })
}

/// Finds the units.
fn find(args: &Lint, plan: &Plan, cwd: &Path, db: &SourceDb) -> Result<Discovery, String> {
    let dash = Path::new("-");
    let from_stdin = args.inputs.paths.iter().any(|path| path == dash);
    let mut paths: Vec<PathBuf> =
        args.inputs.paths.iter().filter(|path| *path != dash).cloned().collect();
    if args.inputs.paths.is_empty() {
        paths.push(".".into());
    }
    let stdin = if from_stdin { Some(read_stdin(args)?) } else { None };
    let mut request = Request {
        fs: &DiskFs,
        cwd,
        paths: &paths,
        stdin,
        exclude: &plan.settings.exclude,
        promised: !args.reporting.allow_empty,
        force_exclude: args.inputs.force_exclude,
        gitignore: !args.inputs.no_gitignore,
        explain: args.reporting.verbose,
    };
    let found =
        discover(&request, db).map_err(|error| format!("error: {}", escape(&error.to_string())))?;
    let folders = paths.iter().any(|path| DiskFs.is_dir(&cwd.join(path)));
    if found.iac || !folders || args.inputs.no_gitignore || request.explain {
        return Ok(found);
    }
    // Nothing was found: whoever reads that wants to know whether it was hidden.
    request.explain = true;
    let again = discover(&request, &SourceDb::new());
    Ok(Discovery { ignored: again.ok().and_then(|again| again.ignored), ..found })
}

fn read_stdin(args: &Lint) -> Result<Stdin, String> {
    let mut bytes = Vec::new();
    let mut input = std::io::stdin().lock().take(MAX_STDIN);
    input
        .read_to_end(&mut bytes)
        .map_err(|error| format!("error: standard input cannot be read: {error}"))?;
    Ok(Stdin { name: args.stdin_filename.clone(), bytes })
}

/// What discovery passed over.
fn notices(found: &Discovery) -> Vec<Notice> {
    let warnings = found.warnings.iter().map(|warning| Notice {
        level: NoticeLevel::Warning,
        file: None,
        message: warning.clone(),
    });
    let skipped = found.skipped.iter().map(|(path, reason)| Notice {
        level: NoticeLevel::Note,
        file: Some(path.clone()),
        message: format!("skipped: {reason}"),
    });
    warnings.chain(skipped).collect()
}

/// The exit code (CONTRACT 3).
pub(super) fn exit(args: &Lint, found: &Discovery, run: &Run) -> Exit {
    if guard::broke() {
        Exit::Bug
    } else if run.active().any(|finding| run.threshold.fails(finding)) {
        Exit::Findings
    } else if found.iac || run.counts.files_analyzed > 0 {
        Exit::Clean
    } else {
        if !(args.reporting.quiet && args.reporting.allow_empty) {
            say_nothing(args, found);
        }
        if args.reporting.allow_empty { Exit::Clean } else { Exit::Nothing }
    }
}

/// Says that there was nothing to look at, and what may have hidden it.
fn say_nothing(args: &Lint, found: &Discovery) {
    let paths: Vec<String> =
        args.inputs.paths.iter().map(|path| format!("`{}`", slashed(path))).collect();
    let paths = if paths.is_empty() { "`.`".to_owned() } else { paths.join(", ") };
    let mut hidden = Vec::new();
    if found.excluded > 0 {
        hidden.push(format!("{} excluded", plural(found.excluded, "path")));
    }
    if let Some(ignored @ 1..) = found.ignored {
        hidden.push(format!("{} hidden by .gitignore", plural(ignored, "file")));
    }
    let hidden =
        if hidden.is_empty() { String::new() } else { format!(" ({})", hidden.join(", ")) };
    let paths = escape(&paths);
    say(&format!("no template, OpenAPI document or policy found under {paths}{hidden}"));
}

/// What `-v` says before the report.
fn explain_discovery(plan: &Plan, found: &Discovery) {
    match &plan.config {
        Some(path) => say(&format!("configuration: {}", escape(&slashed(path)))),
        None => say("configuration: none"),
    }
    say(&format!("looked at {}", plural(found.files_discovered, "file")));
    if let Some(ignored) = found.ignored {
        say(&format!("hidden by .gitignore: {}", plural(ignored, "file")));
    }
    if found.excluded > 0 {
        say(&format!("excluded: {}", plural(found.excluded, "path")));
    }
    for (path, fate) in &found.fates {
        say(&format!("{}: {}", escape(path), escape(fate)));
    }
}

/// How many findings each rule has, the most first.
fn say_statistics(run: &Run) {
    let mut by_rule: BTreeMap<&str, (usize, Severity)> = BTreeMap::new();
    for finding in run.active() {
        let (count, worst) = by_rule.entry(finding.rule).or_insert((0, finding.severity));
        *count += 1;
        *worst = (*worst).max(finding.severity);
    }
    let mut rows: Vec<_> = by_rule.into_iter().collect();
    rows.sort_by_key(|(rule, (count, _))| (std::cmp::Reverse(*count), *rule));
    for (rule, (count, worst)) in rows {
        say(&format!("{count:5}  {:8}  {rule}", worst.name()));
    }
}
