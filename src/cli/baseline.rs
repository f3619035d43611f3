//! `baseline create`, `baseline prune` and `--baseline`.

use std::path::{Path, PathBuf};

use super::args::{BaselineArgs, Lint};
use super::exit::Exit;
use super::lint::finish;
use super::terminal::say;
use super::{guard, lint};
use crate::finding::Baseline;
use crate::report::{Run, plural};
use crate::source::{DiskFs, FileId, Fs, SourceDb, escape, slashed};

/// Writes a baseline that accepts everything that counts today.
pub(super) fn create(args: &BaselineArgs) -> Exit {
    finish(judged(args).and_then(|judged| {
        let Judged { run, path, .. } = &judged;
        let name = |file| name(&run.db, path, file);
        let baseline = Baseline::of(run.active(), &name);
        write(path, &baseline)?;
        let file = slashed(&args.baseline);
        say(&format!("{} accepted in `{}`", plural(baseline.len(), "finding"), escape(&file)));
        Ok(judged.exit())
    }))
}

/// Takes out of a baseline what is no longer found in the files that were looked at.
pub(super) fn prune(args: &BaselineArgs) -> Exit {
    finish(judged(args).and_then(|mut judged| {
        let baseline = read(&judged.path)?;
        let before = baseline.len();
        let Judged { run, path, .. } = &mut judged;
        let db = &run.db;
        let name = |file| name(db, path, file);
        let mut rest = baseline.accept(&mut run.findings, &name);
        let accepted = run.findings.iter().filter(|finding| by_baseline(finding));
        let mut kept = Baseline::of(accepted, &name);
        // What was not looked at may still be there.
        let looked = looked_at(args, path);
        rest.retain_files(|file| !looked(file));
        kept.extend(rest);
        write(path, &kept)?;
        let removed = before.saturating_sub(kept.len());
        say(&format!("{} removed, {} kept", plural(removed, "finding"), kept.len()));
        Ok(judged.exit())
    }))
}

/// Marks the findings of `run` that the baseline at `path` accepts.
///
/// # Errors
/// A file that cannot be read, or that is no baseline.
pub(super) fn apply(run: &mut Run, path: &Path) -> Result<(), String> {
    let baseline = read(path)?;
    let db = &run.db;
    let name = |file| name(db, path, file);
    baseline.accept(&mut run.findings, &name);
    run.counts.baselined = run.findings.iter().filter(|finding| by_baseline(finding)).count();
    Ok(())
}

fn by_baseline(finding: &crate::finding::Finding) -> bool {
    use crate::finding::SuppressionKind::Baseline;
    finding.suppression.as_ref().is_some_and(|by| by.kind == Baseline)
}

/// What was looked at.
struct Judged {
    run: Run,
    /// The baseline, absolute.
    path: PathBuf,
    iac: bool,
}

impl Judged {
    fn exit(&self) -> Exit {
        if guard::broke() {
            Exit::Bug
        } else if self.iac {
            Exit::Clean
        } else {
            Exit::Nothing
        }
    }
}

fn judged(args: &BaselineArgs) -> Result<Judged, String> {
    if args.inputs.paths.iter().any(|path| path == Path::new("-")) {
        return Err("error: a baseline is about files, not about standard input".into());
    }
    let lint = Lint::of(args.inputs.clone());
    let judged = lint::judge(&lint)?;
    let path = judged.cwd.join(&args.baseline);
    Ok(Judged { run: judged.run, path, iac: judged.found.iac })
}

fn read(path: &Path) -> Result<Baseline, String> {
    let fail = |why: String| {
        let name = slashed(path);
        format!("error: the baseline `{}`: {}", escape(&name), escape(&why))
    };
    let bytes = DiskFs.read(path).map_err(|error| fail(format!("it cannot be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|_| fail("it is not UTF-8 text".into()))?;
    Baseline::parse(&text).map_err(fail)
}

fn write(path: &Path, baseline: &Baseline) -> Result<(), String> {
    super::terminal::report(Some(path), |out| out.write_all(baseline.to_json().as_bytes()))
        .map_err(|error| format!("error: {}", escape(&error)))
}

/// The path of a file relative to the folder of the baseline: the same from wherever it is run.
fn name(db: &SourceDb, baseline: &Path, file: FileId) -> String {
    relative(&folder(baseline), &real(&db.file(file).path))
}

fn real(path: &Path) -> PathBuf {
    DiskFs.canonical(path).unwrap_or_else(|_| path.to_path_buf())
}

fn folder(baseline: &Path) -> PathBuf {
    real(baseline.parent().unwrap_or(Path::new("")))
}

fn relative(folder: &Path, file: &Path) -> String {
    for (up, base) in folder.ancestors().enumerate() {
        if let Ok(rest) = file.strip_prefix(base) {
            return format!("{}{}", "../".repeat(up), slashed(rest));
        }
    }
    file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Whether a file of the baseline lies under the given paths.
fn looked_at(args: &BaselineArgs, baseline: &Path) -> impl Fn(&str) -> bool + use<> {
    let given = &args.inputs.paths;
    let mut paths: Vec<PathBuf> = given.iter().map(|path| real(path)).collect();
    if paths.is_empty() {
        paths.push(real(Path::new(".")));
    }
    let folder = folder(baseline);
    move |file: &str| {
        let file = crate::source::normalize(&folder.join(file));
        paths.iter().any(|path| file.starts_with(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_never_absolute() {
        let folder = Path::new("/repo/ci");
        assert_eq!(relative(folder, Path::new("/repo/ci/a.tf")), "a.tf");
        assert_eq!(relative(folder, Path::new("/repo/infra/a.tf")), "../infra/a.tf");
        assert_eq!(relative(folder, Path::new("/other/a.tf")), "../../other/a.tf");
    }
}
