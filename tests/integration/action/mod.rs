//! The GitHub Action: its steps, performed as a runner performs them, with releases served from this
//! machine. (Not on Windows, where `bash` on the `PATH` can be one of another system; the workflow of
//! this repository uses the action on all three.)

mod hostile;
mod install;
mod lint;
mod runner;
mod server;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::cli::sandbox::Sandbox;
use runner::{Outcome, REPOSITORY, Runner};
use server::Server;

const VERSION: &str = env!("CARGO_PKG_VERSION");
const TARGET: &str = "x86_64-unknown-linux-musl";

/// A machine with a repository on it, and a server with releases.
struct Machine {
    sandbox: Sandbox,
    server: Server,
    arch: &'static str,
}

impl Machine {
    /// A machine for the repository `files`, and no release of the action's version.
    fn without_release(files: &[(&str, &str)]) -> Self {
        Self::new(files, BTreeMap::new())
    }

    /// A machine for the repository `files`, and the release of the action's version.
    fn new_with_release(files: &[(&str, &str)]) -> Self {
        Self::new(files, release(VERSION))
    }

    fn new(files: &[(&str, &str)], released: BTreeMap<String, Vec<u8>>) -> Self {
        let sandbox = Sandbox::new(&[]);
        for folder in ["repo", "temp", "bin"] {
            std::fs::create_dir(sandbox.path().join(folder)).expect("a folder");
        }
        for (name, text) in files {
            sandbox.write(&format!("repo/{name}"), text.as_bytes());
        }
        Self { sandbox, server: Server::new(REPOSITORY, released), arch: "X64" }
    }

    /// Uses the action; `None` where a program that it needs is not installed.
    fn uses(&self, with: &[(&str, &str)]) -> Option<Outcome> {
        let folder = |name: &str| self.sandbox.path().join(name);
        let runner = Runner {
            workspace: &folder("repo"),
            temp: &folder("temp"),
            bin: folder("bin"),
            server: self.server.url().to_owned(),
            arch: self.arch,
        };
        runner.uses(with)
    }

    /// How often gatelint linted.
    fn runs(&self) -> usize {
        let path = self.sandbox.path().join("temp/ran");
        std::fs::read_to_string(path).map_or(0, |text| text.lines().count())
    }

    /// The log file of that name in the repository.
    fn sarif(&self, name: &str) -> Value {
        serde_json::from_str(&self.sandbox.read(&format!("repo/{name}"))).expect("JSON")
    }
}

/// What a release of that version has for the machine: gatelint packed as the workflow packs it.
fn release(version: &str) -> BTreeMap<String, Vec<u8>> {
    let sandbox = Sandbox::new(&[]);
    let program = program(&sandbox, "gatelint", &wrapper());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/release/archive.sh");
    let mut pack = Command::new("bash");
    pack.arg(script).args([version, TARGET]).arg(program).arg(sandbox.path().join("out"));
    assert!(pack.status().expect("bash runs").success());
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(sandbox.path().join("out")).expect("a folder") {
        let path = entry.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        files.insert(format!("v{version}/{name}"), std::fs::read(path).expect("a file"));
    }
    files
}

/// The name of the archive of that version on the server.
fn archive(version: &str) -> String {
    format!("v{version}/gatelint-{version}-{TARGET}.tar.gz")
}

/// A script that runs the gatelint under test, and counts its runs.
fn wrapper() -> String {
    let program = env!("CARGO_BIN_EXE_gatelint");
    format!("#!/bin/sh\n[ \"$1\" != lint ] || echo lint >>\"$HOME/ran\"\nexec '{program}' \"$@\"\n")
}

/// A program of that name in `sandbox`. Another process writes it: a file that this one has open
/// cannot be run.
fn program(sandbox: &Sandbox, name: &str, script: &str) -> PathBuf {
    sandbox.write(&format!("{name}.txt"), script.as_bytes());
    let path = sandbox.path().join(name);
    let mut install = Command::new("install");
    install.args(["-m", "755"]).arg(sandbox.path().join(format!("{name}.txt"))).arg(&path);
    assert!(install.status().expect("install runs").success());
    path
}
