//! The completion scripts, as the shells that they are for read them. Not on Windows, where what is
//! called bash may be a program that has no shell to start.

use super::present;
use crate::cli::sandbox::Sandbox;

/// A sandbox with the script for `shell` in `completions`.
fn sandbox(shell: &str) -> Sandbox {
    let sandbox = Sandbox::new(&[]);
    let script = sandbox.run(&["completions", shell]).stdout;
    sandbox.write("completions", script.as_bytes());
    sandbox
}

#[test]
fn bash_completes_flags_and_rules() {
    let Some(bash) = present("bash") else { return };
    let sandbox = sandbox("bash");
    let complete = |words: &str| {
        let script = format!(
            ". ./completions; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
             _gatelint gatelint \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"\n\
             echo \"${{COMPREPLY[@]}}\""
        );
        let output = bash.run(sandbox.path(), &["--norc", "-c", &script]);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    };
    assert_eq!(complete("gatelint expl"), "explain");
    assert_eq!(complete("gatelint lint --fail-on-p"), "--fail-on-possible");
    assert_eq!(complete("gatelint explain wildcard-p"), "wildcard-principal");
    assert_eq!(complete("gatelint lint --format sa"), "sarif");
}

#[test]
fn zsh_reads_the_script() {
    let Some(zsh) = present("zsh") else { return };
    let output = zsh.run(sandbox("zsh").path(), &["-n", "completions"]);
    assert!(output.status.success(), "{output:?}");
}
