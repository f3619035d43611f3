//! Programs of others, which judge what gatelint writes.
//!
//! A test asks for its program with [`require`]. Where it is not installed, the test says
//! `skipped: needs X` and passes; under `GATELINT_REQUIRE_OUTSIDE=1`, which `.ci/run` sets after it
//! has installed them all, it fails. Programs stand in `target/outside`, or on the `PATH`.

mod actions;
mod pre_commit;
pub(crate) mod sarif;
#[cfg(unix)]
mod shells;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A program that can be run.
#[derive(Debug)]
pub(crate) struct Program {
    path: PathBuf,
}

impl Program {
    /// The program, ready to be given arguments. It reads nothing, and its output is kept.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs it with those arguments in that folder.
    pub(crate) fn run(&self, folder: &Path, args: &[&str]) -> Output {
        self.command().args(args).current_dir(folder).output().expect("the program starts")
    }
}

/// The program of that name; `None` where it is not installed and need not be.
///
/// # Panics
/// When it has to be installed and is not.
pub(crate) fn require(name: &str) -> Option<Program> {
    let found = present(name);
    let must = std::env::var("GATELINT_REQUIRE_OUTSIDE").is_ok_and(|value| value == "1");
    assert!(found.is_some() || !must, "needs {name}: .ci/run installs it");
    found
}

/// The program of that name, where it is installed: for what a project cannot install by itself.
pub(crate) fn present(name: &str) -> Option<Program> {
    let found = places(name).into_iter().find(|path| path.is_file());
    if found.is_none() {
        say(&format!("skipped: needs {name}"));
    }
    found.map(|path| Program { path })
}

/// The folder that `.ci/outside` installs into.
pub(crate) fn installed() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    root.join(target.unwrap_or_else(|| "target".into())).join("outside")
}

/// Where a program of that name can stand.
fn places(name: &str) -> Vec<PathBuf> {
    let installed = installed();
    let mut folders = vec![installed.join("node_modules/.bin"), installed.join("venv/bin")];
    folders.push(installed.join("venv/Scripts"));
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    let file = |folder: &PathBuf, ending: &str| {
        let mut file = OsString::from(name);
        file.push(ending);
        folder.join(file)
    };
    folders
        .iter()
        .flat_map(|folder| endings.iter().map(move |ending| file(folder, ending)))
        .collect()
}

fn say(text: &str) {
    // Not captured by the test harness, so that it shows which tests did nothing.
    let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{text}\n").as_bytes());
}

#[test]
fn what_is_installed_is_found() {
    // Rust's own package manager runs this test.
    let cargo = places("cargo").into_iter().any(|path| path.is_file());
    assert!(cargo, "{:?}", places("cargo"));
    assert!(!places("no-such-program").into_iter().any(|path| path.is_file()));
}
