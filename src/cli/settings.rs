//! Flags and configuration, merged: a flag wins over the file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::args::Lint;
use super::explain::unknown_rule;
use crate::config::{self, Loader, Settings, Sources, Vocabulary};
use crate::discovery::{Request, discover};
use crate::finding::Severity;
use crate::model::AccountId;
use crate::rules::RULES;
use crate::source::{
    DiskFs, Fs, SourceDb, SourceRoot, did_you_mean, display_path, escape, git_root, read_text,
    slashed,
};

/// What a run of `lint` is set to do.
#[derive(Debug)]
pub(super) struct Plan {
    /// What the rooms get to see.
    pub(super) settings: Settings,
    /// The configuration file, when there is one.
    pub(super) config: Option<PathBuf>,
    /// From which severity on the run fails; `None`: never.
    pub(super) fail_on: Option<Severity>,
    /// The lowest severity that is reported.
    pub(super) min_severity: Severity,
    /// The rules that are reported.
    pub(super) rules: BTreeSet<&'static str>,
    /// The severity that all findings of a rule get.
    pub(super) severities: BTreeMap<String, Severity>,
    /// Whether suppressions count.
    pub(super) suppressions: bool,
    /// Whether the paths hold all that the configuration governs.
    pub(super) whole: bool,
    /// The time of the run, in seconds since 1970 UTC: the start of a day.
    pub(super) now: i64,
}

/// Makes the plan of a run.
///
/// # Errors
/// All that is wrong with the flags, or all that is wrong with the configuration, as text.
pub(super) fn plan(args: &Lint, cwd: &Path, db: &SourceDb) -> Result<Plan, String> {
    let mut wrong = Vec::new();
    let mut collect = |error: String| wrong.push(format!("error: {error}"));

    let fail_on = args.reporting.fail_on.as_deref().map(|name| severity(name, true));
    let fail_on = fail_on.transpose().unwrap_or_else(|error| {
        collect(format!("--fail-on: {error}"));
        None
    });
    let min_severity = min_severity(args).unwrap_or_else(|error| {
        collect(error);
        Severity::Info
    });
    let mut owners = BTreeSet::new();
    for id in &args.inputs.account_id {
        match AccountId::parse(id) {
            Some(id) => {
                owners.insert(id);
            }
            None => {
                let id = escape(id);
                collect(format!("--account-id: `{id}` is not an account id (12 digits)"));
            }
        }
    }
    for id in args.select.iter().chain(&args.ignore) {
        if crate::rules::find(id).is_none() {
            collect(unknown_rule(id));
        }
    }
    let parameters = assignments("--param", &args.inputs.param, &mut collect);
    let mut from_files = BTreeMap::new();
    for file in &args.inputs.param_file {
        match parameter_values(&cwd.join(file), file, db) {
            Ok(values) => from_files.extend(values),
            Err(why) => collect(format!("--param-file: `{}`: {why}", escape(&slashed(file)))),
        }
    }
    let variables = assignments("--var", &args.inputs.var, &mut collect);
    for file in &args.inputs.var_file {
        if !DiskFs.is_file(&cwd.join(file)) {
            collect(format!("--var-file: `{}` is not a file", escape(&slashed(file))));
        }
    }
    let source = args.inputs.source.as_deref().and_then(|folder| {
        let found = DiskFs.canonical(&cwd.join(folder)).ok().filter(|dir| DiskFs.is_dir(dir));
        if found.is_none() {
            collect(format!("--source: `{}` is not a folder", escape(&slashed(folder))));
        }
        let dir = found?;
        let git = git_root(&DiskFs, &dir);
        let display = match git.as_deref().unwrap_or(cwd) == dir {
            true => String::new(),
            false => display_path(git.as_deref(), cwd, None, &dir),
        };
        Some(SourceRoot { dir, display })
    });
    let now = match args.inputs.now.as_deref() {
        None => Some(today()),
        Some(text) => config::day_start(text),
    };
    let now = now.unwrap_or_else(|| {
        let text = escape(args.inputs.now.as_deref().unwrap_or(""));
        collect(format!("--now: `{text}` is not a date (YYYY-MM-DD)"));
        0
    });
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }

    let (mut settings, config) = load(args, cwd, db)?;
    let whole = config.as_deref().is_some_and(|config| is_whole(args, cwd, config));
    if !owners.is_empty() {
        settings.trust.owners = owners;
    }
    settings.parameters.extend(from_files);
    settings.parameters.extend(parameters);
    settings.variables.extend(variables);
    settings.var_files = args.inputs.var_file.iter().map(|file| cwd.join(file)).collect();
    settings.source = source;
    settings.fail_possible |= args.inputs.fail_on_possible;
    settings
        .exclude
        .extend(args.inputs.exclude.iter().map(|glob| (cwd.to_path_buf(), glob.clone())));
    let configured = || match settings.fail_on.as_deref() {
        None => Some(Severity::High),
        Some(name) => Severity::parse(name),
    };
    let selected = |id: &str| {
        let named = |list: &[String]| list.iter().any(|entry| entry == id);
        (args.select.is_empty() || named(&args.select)) && !named(&args.ignore)
    };
    Ok(Plan {
        fail_on: fail_on.unwrap_or_else(configured),
        min_severity,
        rules: RULES.iter().map(|rule| rule.meta.id).filter(|id| selected(id)).collect(),
        severities: settings
            .severities
            .iter()
            .filter_map(|(rule, name)| Some((rule.clone(), Severity::parse(name)?)))
            .collect(),
        suppressions: !args.no_ignores,
        whole,
        settings,
        config,
        now,
    })
}

/// Whether one of the given paths is the folder that `config` governs, or one above.
fn is_whole(args: &Lint, cwd: &Path, config: &Path) -> bool {
    let own = config.parent().unwrap_or(config);
    let in_github = own.file_name().is_some_and(|name| name == ".github");
    let governed = if in_github { own.parent().unwrap_or(own) } else { own };
    let real = |path: &Path| DiskFs.canonical(path).ok();
    let Some(governed) = real(governed) else { return false };
    let given = starts(args).into_iter();
    !args.inputs.paths.iter().any(|path| path == Path::new("-"))
        && given.filter_map(|path| real(&cwd.join(path))).any(|path| governed.starts_with(path))
}

/// The values of a CloudFormation parameter file; `shown` is its path as it was given. A later file, and
/// what is given by itself, counts over an earlier one.
fn parameter_values(
    path: &Path,
    shown: &Path,
    db: &SourceDb,
) -> Result<BTreeMap<String, Vec<String>>, String> {
    /// Far more than the parameters of any template.
    const MAX_BYTES: usize = 1 << 20;
    let text = read_text(&DiskFs, path, MAX_BYTES).ok_or("no file of text that can be read")?;
    let id = db.add(path, slashed(shown), text.as_str());
    config::parameter_file(id, &text)
}

/// Finds and loads the configuration.
fn load(args: &Lint, cwd: &Path, db: &SourceDb) -> Result<(Settings, Option<PathBuf>), String> {
    let config = if args.inputs.no_config {
        None
    } else if let Some(file) = &args.inputs.config {
        Some(cwd.join(file))
    } else {
        find(args, cwd, db)?
    };
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.meta.id).collect();
    let names = Severity::ALL.map(Severity::name);
    let vocabulary = Vocabulary { rules: &ids, severities: &names };
    let loader = Loader { fs: &DiskFs, db, cwd, vocabulary };
    let trust = args.inputs.trust.iter().map(|file| cwd.join(file)).collect();
    let sources = Sources { config: config.clone(), trust };
    match loader.load(&sources) {
        Ok(settings) => Ok((settings, config)),
        Err(diagnostics) => {
            let count = crate::report::plural(diagnostics.len(), "error");
            let report = config::render(db, &diagnostics);
            Err(format!("{report}{count} in the configuration: nothing was checked"))
        }
    }
}

/// The configuration that governs all given paths. One run has one configuration: where the paths
/// have several, the user must choose.
fn find(args: &Lint, cwd: &Path, db: &SourceDb) -> Result<Option<PathBuf>, String> {
    let mut found: Vec<(Option<PathBuf>, Vec<PathBuf>)> = Vec::new();
    for path in starts(args) {
        // A path that does not exist is discovery's error.
        let Ok(real) = DiskFs.canonical(&cwd.join(&path)) else { continue };
        let dir = if DiskFs.is_dir(&real) { real.as_path() } else { real.parent().unwrap_or(cwd) };
        let config = config::find(&DiskFs, cwd, dir)
            .map_err(|diagnostic| config::render(db, &[diagnostic]).trim_end().to_owned())?;
        match found.iter_mut().find(|(known, _)| *known == config) {
            Some((_, paths)) => paths.push(path),
            None => found.push((config, vec![path])),
        }
    }
    if found.len() > 1 && args.reporting.allow_empty {
        found.retain(|(_, paths)| holds_something(cwd, paths));
    }
    match found.as_slice() {
        [] => Ok(None),
        [(only, _)] => Ok(only.clone()),
        several => {
            let line = |(config, paths): &(Option<PathBuf>, Vec<PathBuf>)| {
                let config = config.as_ref().map_or("none".into(), |config| slashed(config));
                let first = paths.first().map_or(String::new(), |path| slashed(path));
                format!("  {}: {}", escape(&first), escape(&config))
            };
            let lines: Vec<String> = several.iter().map(line).collect();
            let lines = lines.join("\n");
            Err(format!(
                "error: the given paths have different configurations:\n{lines}\n  = help: choose \
                 one with --config, or run once for each"
            ))
        }
    }
}

/// Whether there is something to judge under `paths`: if not, their configuration has no say.
fn holds_something(cwd: &Path, paths: &[PathBuf]) -> bool {
    let request = Request {
        fs: &DiskFs,
        cwd,
        paths,
        stdin: None,
        exclude: &[],
        promised: false,
        force_exclude: false,
        gitignore: true,
        explain: false,
    };
    discover(&request, &SourceDb::new())
        .is_ok_and(|found| found.units.iter().any(|unit| unit.only_with.is_empty()))
}

/// Where the search for a configuration starts.
fn starts(args: &Lint) -> Vec<PathBuf> {
    let dash = Path::new("-");
    let mut out: Vec<PathBuf> =
        args.inputs.paths.iter().filter(|path| *path != dash).cloned().collect();
    if args.inputs.paths.iter().any(|path| path == dash) {
        let folder = args.stdin_filename.as_ref().and_then(|file| file.parent());
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
        out.push(folder.unwrap_or(Path::new(".")).to_path_buf());
    }
    if out.is_empty() {
        out.push(PathBuf::from("."));
    }
    out
}

/// The lowest severity that is reported.
///
/// # Errors
/// What is wrong with the flag.
pub(super) fn min_severity(args: &Lint) -> Result<Severity, String> {
    let Some(name) = args.reporting.min_severity.as_deref() else { return Ok(Severity::Info) };
    let read = severity(name, false).map_err(|error| format!("--min-severity: {error}"))?;
    Ok(read.unwrap_or(Severity::Info))
}

/// A severity by its name; `None` is `never`, where that is a choice.
fn severity(name: &str, or_never: bool) -> Result<Option<Severity>, String> {
    if let Some(severity) = Severity::parse(name) {
        return Ok(Some(severity));
    }
    if or_never && name == "never" {
        return Ok(None);
    }
    let mut names = Severity::ALL.map(Severity::name).to_vec();
    if or_never {
        names.push("never");
    }
    let help = match did_you_mean(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected one of {}", names.join(", ")),
    };
    Err(format!("unknown severity `{}`: {help}", escape(name)))
}

/// `NAME=VALUE` pairs; a name that is given several times has several values, all judged.
fn assignments(
    flag: &str,
    list: &[String],
    collect: &mut impl FnMut(String),
) -> BTreeMap<String, Vec<String>> {
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for text in list {
        match text.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => {
                out.entry(name.trim().to_owned()).or_default().push(value.to_owned());
            }
            _ => collect(format!("{flag}: `{}` is not NAME=VALUE", escape(text))),
        }
    }
    out
}

/// The start of today, UTC: two runs on one day give the same report.
fn today() -> i64 {
    const DAY: i64 = 86_400;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let seconds = i64::try_from(since).unwrap_or(0);
    seconds - seconds.rem_euclid(DAY)
}
