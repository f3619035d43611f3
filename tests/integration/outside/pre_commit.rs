//! The hooks of `.pre-commit-hooks.yaml`, installed and run by the real pre-commit: in a repository of
//! its own, with a wheel that maturin builds from `packaging/`, and with nothing from a network.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Program, installed, require};
use crate::cli::sandbox::Sandbox;

/// Cheap settings for what is built here: a test of the packaging needs no fast program.
const CHEAP: [(&str, &str); 5] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0"),
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_STRIP", "none"),
    ("CARGO_NET_OFFLINE", "true"),
];

const CONFIG: &str = "\
version: 1
trust: { files: [trusted-accounts.yaml] }
";

const TRUST: &str = r#"version: 1
accounts:
  - { id: "111122223333", name: orders, owner: team-orders, reason: order events }
"#;

const MODULE: &str = r#"resource "aws_api_gateway_rest_api" "orders" {
  policy = file("${path.module}/policy.json")
}
"#;

fn policy(principal: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {principal},
  "Action": "execute-api:Invoke", "Resource": "*"}}]}}
"#
    )
}

const EVERYONE: &str = r#""*""#;
const TRUSTED: &str = r#"{"AWS": "arn:aws:iam::111122223333:root"}"#;

/// Held by whoever builds: both builds put their program in one place.
fn build_lock() -> MutexGuard<'static, ()> {
    static LOCK: Mutex<()> = Mutex::new(());
    LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What the tests of this file need: the programs, and a repository that holds the hooks.
struct Bench {
    pre_commit: Program,
    git: Program,
    /// The repository of the user, the checkout of gatelint, the wheels and the caches.
    sandbox: Sandbox,
}

impl Bench {
    /// `None` where a program is missing. `sources` are folders of this checkout that the hooks need.
    fn new(sources: &[&str]) -> Option<Self> {
        let (pre_commit, git) = (require("pre-commit")?, require("git")?);
        let bench = Self { pre_commit, git, sandbox: Sandbox::new(&[]) };
        std::fs::create_dir_all(bench.folder("gatelint")).expect("a folder");
        std::fs::create_dir_all(bench.folder("user")).expect("a folder");
        copy_files(root(), &bench.folder("gatelint"), false);
        for source in sources {
            copy_files(&root().join(source), &bench.folder("gatelint").join(source), true);
        }
        bench.commit_all("gatelint");
        bench.git("user", &["init", "--quiet"]);
        Some(bench)
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.sandbox.path().join(name)
    }

    /// A command with nothing of the tester's git, pre-commit, pip and Python, and no network.
    fn clean(&self, mut command: Command, folder: &str) -> Command {
        let foreign = ["GIT_", "PRE_COMMIT", "PIP_", "PYTHON", "VIRTUAL", "GATELINT_", "SKIP"];
        for (name, _) in std::env::vars_os() {
            if foreign.iter().any(|start| name.to_string_lossy().starts_with(start)) {
                command.env_remove(name);
            }
        }
        let nothing = self.folder("nothing");
        for (name, value) in [("AUTHOR", "Tester"), ("COMMITTER", "Tester")] {
            command.env(format!("GIT_{name}_NAME"), value);
            command.env(format!("GIT_{name}_EMAIL"), "tester@example.com");
        }
        command
            .current_dir(self.folder(folder))
            .env("GIT_CONFIG_GLOBAL", &nothing)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("PRE_COMMIT_HOME", self.folder("cache"))
            .env("PIP_CONFIG_FILE", &nothing)
            .env("PIP_NO_INDEX", "1")
            .env("PIP_FIND_LINKS", self.folder("wheels"))
            .env("VIRTUALENV_OVERRIDE_APP_DATA", self.folder("virtualenv"))
            .env("VIRTUALENV_NO_PERIODIC_UPDATE", "1")
            .env("CARGO_TARGET_DIR", installed().join("cargo"))
            .envs(CHEAP)
            .stdin(Stdio::null());
        command
    }

    fn git(&self, folder: &str, args: &[&str]) -> String {
        let output = self.clean(self.git.command(), folder).args(args).output().expect("git runs");
        assert!(output.status.success(), "git {args:?}: {output:?}");
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }

    fn commit_all(&self, folder: &str) {
        self.git(folder, &["init", "--quiet"]);
        assert!(self.folder(folder).join(".git").is_dir(), "a repository of its own");
        self.git(folder, &["add", "--all"]);
        self.git(folder, &["commit", "--quiet", "--no-verify", "--message", "all"]);
    }

    /// The hooks of this checkout, in the configuration of the user's repository.
    fn install(&self, hooks: &[&str]) {
        let hooks: Vec<String> = hooks.iter().map(|hook| format!("{{ id: {hook} }}")).collect();
        let config = format!(
            "repos:\n- repo: {:?}\n  rev: {}\n  hooks: [{}]\n",
            self.folder("gatelint").to_str().expect("a path"),
            self.git("gatelint", &["rev-parse", "HEAD"]),
            hooks.join(", ")
        );
        self.write(".pre-commit-config.yaml", &config);
        self.commit_all("user");
        let install = ["install", "--install-hooks"];
        let output = self.clean(self.pre_commit.command(), "user").args(install).output();
        let output = output.expect("pre-commit runs");
        assert!(output.status.success(), "{}", text(&output));
    }

    fn write(&self, name: &str, text: &str) {
        self.sandbox.write(&format!("user/{name}"), text.as_bytes());
    }

    /// Commits these files as a user does, and says whether that was let through, and what was said.
    fn commit(&self, files: &[(&str, &str)]) -> (bool, String) {
        for (name, text) in files {
            self.write(name, text);
            self.git("user", &["add", name]);
        }
        let before = self.git("user", &["rev-parse", "HEAD"]);
        let mut command = self.clean(self.git.command(), "user");
        let output = command.args(["commit", "--message", "change"]).output().expect("git runs");
        let after = self.git("user", &["rev-parse", "HEAD"]);
        assert_eq!(output.status.success(), before != after, "{}", text(&output));
        (before != after, text(&output))
    }

    /// Gives up what was staged.
    fn give_up(&self) {
        self.git("user", &["reset", "--quiet", "--hard"]);
    }

    fn passes(&self, files: &[(&str, &str)]) -> String {
        let (passed, said) = self.commit(files);
        assert!(passed, "{said}");
        said
    }

    fn refused(&self, files: &[(&str, &str)]) -> String {
        let (passed, said) = self.commit(files);
        assert!(!passed, "{said}");
        said
    }
}

fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}

/// Copies the files of a folder, with those of its folders or without. What says which repository it
/// is (in a worktree, `.git` is a file) stays behind: a commit must not land in the tester's.
fn copy_files(from: &Path, to: &Path, deep: bool) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_name() == ".git" {
            continue;
        }
        if source.is_file() {
            std::fs::copy(&source, &target).expect("a copy");
        } else if deep {
            copy_files(&source, &target, true);
        }
    }
}

#[test]
fn the_prebuilt_wheel_guards_a_repository() {
    let (Some(bench), Some(maturin)) = (Bench::new(&[]), require("maturin")) else { return };
    let wheels = bench.folder("wheels");
    copy_files(&installed().join("wheels"), &wheels, false);
    let out = wheels.to_str().expect("a path");
    let mut build = vec!["build", "--release", "--offline", "--out", out];
    if cfg!(target_os = "linux") {
        // For this machine only: no check of what a released wheel may link to.
        build.extend(["--compatibility", "linux"]);
    }
    let mut command = bench.clean(maturin.command(), "user");
    let building = build_lock();
    let output = command.args(build).current_dir(root().join("packaging")).output();
    let output = output.expect("maturin runs");
    assert!(output.status.success(), "{}", text(&output));
    drop(building);
    bench.install(&["gatelint", "gatelint-repo"]);

    // Commits that touch no template.
    let said = bench.passes(&[("README.md", "# Orders\n")]);
    assert_eq!(said.matches("(no files to check)Skipped").count(), 2, "{said}");
    let said = bench.passes(&[(".github/workflows/test.yaml", "on: push\n")]);
    assert_eq!(said.matches("Passed").count(), 1, "{said}");
    bench.passes(&[("role.json", r#"{"Statement": [{"Action": "sts:AssumeRole"}]}"#)]);

    // A hole, and its end.
    let hole = [("infra/main.tf", MODULE), ("infra/policy.json", &*policy(EVERYONE))];
    let said = bench.refused(&hole);
    assert!(said.contains("critical[wildcard-principal]"), "{said}");
    assert!(said.contains("infra/policy.json:1:"), "{said}");
    let trusted = policy(TRUSTED);
    let trust = [("gatelint.yaml", CONFIG), ("trusted-accounts.yaml", TRUST)];
    let said = bench.passes(&[&trust[..], &[("infra/policy.json", &trusted)]].concat());
    assert_eq!(said.matches("Passed").count(), 2, "{said}");

    // The policy changes, the module that it belongs to does not.
    let said = bench.refused(&[("infra/policy.json", &policy(EVERYONE))]);
    assert!(said.contains("critical[wildcard-principal]"), "{said}");
    bench.give_up();

    // An account loses its trust: no template changes.
    let said = bench.refused(&[("trusted-accounts.yaml", "version: 1\naccounts: []\n")]);
    assert!(said.contains("gatelint (whole repository)"), "{said}");
    assert!(said.contains("high[untrusted-account]"), "{said}");
    bench.give_up();
    bench.passes(&[("docs/notes.md", "all is well\n")]);
}

#[test]
fn the_hook_that_is_built_from_source_guards_a_repository() {
    let Some(bench) = Bench::new(&["src", "docs"]) else { return };
    let building = build_lock();
    bench.install(&["gatelint-src"]);
    drop(building);
    let open = policy(EVERYONE);
    let said = bench.refused(&[("infra/policy.json", &open)]);
    assert!(said.contains("critical[wildcard-principal]"), "{said}");
    bench.passes(&[
        ("infra/policy.json", &policy(r#"{"AWS": "123456789012"}"#)),
        ("gatelint.yaml", "version: 1\nowner: { accounts: [\"123456789012\"] }\n"),
    ]);
}
