//! What is written about the program outside of it: the hooks of pre-commit, the pin of the wheel, the
//! README. The real pre-commit runs the hooks in `outside`.

use std::path::Path;

use regex_automata::meta::Regex;

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The values of `key` in the lines of a YAML text, whatever their depth.
fn values<'a>(text: &'a str, key: &str) -> Vec<&'a str> {
    let start = format!("{key}: ");
    let entry = |line: &'a str| line.trim_start().trim_start_matches("- ").strip_prefix(&start);
    text.lines().filter_map(entry).collect()
}

/// The pattern of the files that trigger the hook `id`.
fn trigger(id: &str) -> Regex {
    let hooks = read(".pre-commit-hooks.yaml");
    let (_, hook) = hooks.split_once(&format!("- id: {id}\n")).expect("the hook");
    let files = values(hook, "files")[0];
    let pattern = files.strip_prefix("&templates ").unwrap_or(files);
    Regex::new(pattern).expect("a pattern that Python and Rust read alike")
}

#[test]
fn the_wheel_that_hooks_install_has_the_version_of_the_crate() {
    let pin = concat!("install_requires=[\"gatelint==", env!("CARGO_PKG_VERSION"), "\"],");
    assert!(read("setup.py").contains(pin), "setup.py does not have {pin}");
    // With this file there, pip would build the crate.
    assert!(!Path::new(env!("CARGO_MANIFEST_DIR")).join("pyproject.toml").exists());
}

#[test]
fn the_hooks_of_the_readme_exist() {
    let readme = read("README.md");
    let (_, section) = readme.split_once("\n## pre-commit\n").expect("a section");
    let section = section.split("\n## ").next().expect("its text");
    let (_, snippet) = section.split_once("```yaml\n").expect("a snippet");
    let (snippet, table) = snippet.split_once("```\n").expect("its end");
    let hooks = read(".pre-commit-hooks.yaml");
    let known = values(&hooks, "id");
    assert_eq!(known, ["gatelint", "gatelint-src", "gatelint-repo"]);
    let used = values(snippet, "id");
    assert!(!used.is_empty() && used.iter().all(|id| known.contains(id)), "{used:?}");
    assert_eq!(values(snippet, "rev"), [concat!("v", env!("CARGO_PKG_VERSION"))]);
    let row = |line: &str| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned());
    let described: Vec<String> = table.lines().filter_map(row).collect();
    assert_eq!(described, known);
}

#[test]
fn the_hooks_run_commands_that_exist() {
    let hooks = read(".pre-commit-hooks.yaml");
    for entry in values(&hooks, "entry") {
        let words: Vec<&str> = entry.split(' ').collect();
        assert_eq!(words[0], "gatelint", "{entry}");
        let sandbox = crate::cli::sandbox::Sandbox::new(&[]);
        let ran = sandbox.run(&words[1..]);
        assert_eq!(ran.code, 0, "{entry}: {}", ran.stderr);
    }
}

#[test]
fn the_hooks_are_triggered_by_what_is_read() {
    let templates = trigger("gatelint");
    let read = ["a.tf", "b/c.tofu", "prod.tfvars", "a.auto.tfvars", "a.tf.json", "a.tofu.json"];
    let texts = ["template.yaml", "a.yml", "API.YAML", "policy.json", "stack.template"];
    let rendered = [
        "policy.json.tftpl",
        "policy.tpl",
        "live/terragrunt.hcl",
        "terragrunt.hcl",
        "api.yml.j2",
        "template.yaml.tmpl",
    ];
    for name in read.iter().chain(&texts).chain(&rendered) {
        assert!(templates.is_match(name), "{name}");
    }
    for name in [
        "README.md",
        "main.rs",
        "tf",
        "a.tf.bak",
        "logo.png",
        ".terraform.lock.hcl",
        "nginx.conf.j2",
    ] {
        assert!(!templates.is_match(name), "{name}");
    }
    let whole = trigger("gatelint-repo");
    let configuration = ["gatelint.yaml", "infra/.gatelint.yaml", ".github/gatelint.yaml"];
    let lists = ["trusted-accounts.yaml", "security/trust.json", "gatelint-baseline.json"];
    for name in configuration.iter().chain(&lists) {
        assert!(whole.is_match(name), "{name}");
    }
    for name in ["main.tf", "my-gatelint.yaml", "trust/main.tf", "trust/template.yaml"] {
        assert!(!whole.is_match(name), "{name}");
    }
}
