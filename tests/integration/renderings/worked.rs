//! What is found in the worked examples, whatever the form.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{RENDERINGS, Silent};
use crate::rules::of_examples;
use crate::support::lint::{Report, lint};

/// What each worked example of the semantics reports; those that are not listed report nothing.
const EXAMPLES: &[(&str, &str)] = &[
    ("W01", "public-api-no-policy medium"),
    ("W03", "private-api-no-policy medium"),
    ("W04", "wildcard-principal critical"),
    ("W05", "wildcard-principal critical"),
    ("W06", "wildcard-principal high"),
    ("W08", "iam-principal-without-iam-auth high"),
    ("W11", "allow-guard-with-lambda-authorizer medium"),
    ("W14", "cidr-everything critical"),
    ("W15", "cidr-too-broad critical"),
    ("W16", "private-cidr-in-sourceip high"),
    ("W17", "malformed-cidr high"),
    ("W18", "private-cidr-in-sourceip high"),
    ("W19", "denylist-still-public critical"),
    ("W20", "private-api-any-vpce high"),
    ("W23", "vpc-key-on-public-api high"),
    ("W24", "vpc-key-on-public-api high"),
    ("W25", "ifexists-vacuous critical"),
    ("W26", "negated-allow-missing-key critical"),
    ("W27", "forallvalues-vacuous critical"),
    ("W29", "iam-key-without-iam-auth high"),
    ("W30", "wildcard-in-sensitive-key high"),
    ("W31", "wildcard-in-sensitive-key high"),
    ("W32", "wildcard-without-like high"),
    ("W33", "vpc-id-kind-mismatch high"),
    ("W34", "wildcard-in-sensitive-key high"),
    ("W35", "allow-notprincipal critical"),
    ("W36", "deny-principal-bypass critical"),
    ("W37", "denylist-still-public high"),
    ("W38", "notprincipal-deny medium"),
    ("W39", "wildcard-principal critical"),
    ("W40", "resource-matches-nothing high"),
    ("W41", "resource-wildcard-spill low"),
    ("W41", "wildcard-principal critical"),
    ("W43", "spoofable-condition critical"),
    ("W44", "tautological-condition critical"),
    ("W45", "dead-statement high"),
    ("W46", "no-allow-lockout high"),
    ("W48", "null-true-allow critical"),
    ("W49", "negated-allow high"),
    ("W50", "deny-multi-key-is-or medium"),
    ("W52", "allow-guard-same-account info"),
    ("W53", "dead-statement high"),
    ("W54", "wildcard-principal critical"),
    ("W55", "or-not-and medium"),
    ("W56", "not-element-allow critical"),
];

/// What is found instead in a definition alone, whose API may be private.
const OF_PUBLIC_TYPES: &[(&str, &[&str])] = &[
    ("W01", &[]),
    ("W16", &["private-cidr-in-sourceip medium possible"]),
    ("W18", &["private-cidr-in-sourceip medium possible"]),
    ("W23", &[]),
    ("W24", &[]),
];

/// What is found instead where methods may be open to anonymous callers, or signed, or neither.
const OF_METHODS: &[(&str, &[&str])] = &[
    ("W01", &["public-api-no-policy low"]),
    ("W02", &["public-api-no-policy low"]),
    ("W06", &["wildcard-principal critical"]),
    ("W08", &[]),
    ("W11", &[]),
    ("W16", &["private-cidr-in-sourceip medium"]),
    ("W23", &["vpc-key-on-public-api medium"]),
    ("W29", &[]),
    ("W32", &["wildcard-without-like medium"]),
    ("W33", &["vpc-id-kind-mismatch medium"]),
    ("W37", &["deny-principal-bypass critical"]),
    ("W41", &["resource-wildcard-spill medium", "wildcard-principal critical"]),
    ("W45", &["dead-statement medium"]),
    ("W46", &["no-allow-lockout medium possible"]),
    ("W47", &["no-allow-lockout medium possible"]),
    ("W49", &["negated-allow-missing-key critical"]),
    ("W52", &[]),
    ("W53", &[]),
];

/// What is found instead of a policy whose API may be anything.
const OF_API: &[(&str, &[&str])] = &[
    ("W01", &[]),
    ("W03", &[]),
    ("W06", &["wildcard-principal critical"]),
    ("W08", &[]),
    ("W11", &[]),
    ("W16", &["private-cidr-in-sourceip medium possible"]),
    ("W18", &["private-cidr-in-sourceip medium possible"]),
    ("W20", &["wildcard-principal critical"]),
    ("W23", &[]),
    ("W24", &[]),
    ("W29", &[]),
    ("W31", &["wildcard-in-sensitive-key medium possible"]),
    ("W32", &["wildcard-without-like medium"]),
    ("W33", &["vpc-id-kind-mismatch medium"]),
    ("W37", &["deny-principal-bypass critical"]),
    ("W41", &["resource-wildcard-spill medium", "wildcard-principal critical"]),
    ("W45", &["dead-statement medium"]),
    ("W46", &["no-allow-lockout medium possible"]),
    ("W47", &["no-allow-lockout medium possible"]),
    ("W49", &["negated-allow-missing-key critical"]),
    ("W52", &[]),
    ("W53", &[]),
];

/// What was found in one form, and what each API exposes, by example.
pub(super) struct Told {
    pub(super) found: BTreeSet<(String, String)>,
    pub(super) exposures: BTreeMap<String, Value>,
    /// The rules, and the lines at which each is broken.
    pub(super) places: Vec<(String, String, u64)>,
}

/// The worked examples.
pub(super) fn examples() -> Vec<Value> {
    let text = include_str!("../../../testdata/semantics/cases.json");
    let examples: Value = serde_json::from_str(text).expect("JSON");
    examples["cases"].as_array().expect("a list").clone()
}

/// The example whose folder a path lies in, or whose module an address.
fn id(at: &str) -> String {
    let is_id = |part: &&str| part.len() == 3 && part.starts_with('W');
    at.split(['/', '.']).find(is_id).unwrap_or_else(|| panic!("{at}")).to_owned()
}

/// An empty folder for one form. It is a repository of its own: modules that may read a file that is
/// named are looked for in all of it.
pub(super) fn folder(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples").join(name.replace("::", " "));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(dir.join(".git")).expect("a folder");
    dir
}

/// The arguments of every run.
pub(super) fn of_every_run() -> Vec<String> {
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/rules/gatelint.yaml");
    let mut args = vec!["--config".to_owned(), config.display().to_string()];
    args.extend(of_examples(""));
    args
}

/// The worked examples in one form, each in a folder of its own. Those without a policy are named:
/// outside of templates, an API that has none is judged only so.
fn told(name: &str, files: &dyn Fn(&Value) -> Vec<(&'static str, String)>) -> Told {
    let dir = folder(name);
    let mut args = of_every_run();
    for example in examples() {
        let id = example["id"].as_str().expect("an id");
        let files = files(&example);
        for (name, text) in &files {
            let file = dir.join(id).join(name);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            std::fs::write(file, text).expect("a file");
        }
        if example["policy"].is_null() {
            args.extend(files.first().map(|(name, _)| format!("{id}/{name}")));
        }
    }
    tell(name, lint(&dir, &args))
}

/// A report by example.
pub(super) fn tell(name: &str, report: Report) -> Told {
    let found = report.findings.iter().map(|f| {
        let possible = if f.possible { " possible" } else { "" };
        let at = format!("{}: {}", f.path, f.api.as_deref().unwrap_or_default());
        (id(&at), format!("{} {}{possible}", f.rule, f.severity))
    });
    let found: BTreeSet<(String, String)> = found.collect();
    assert_eq!(found.len(), report.findings.len(), "{name}: nothing twice");
    let places = report.findings.iter().map(|f| (f.rule.clone(), f.path.clone(), f.line)).collect();
    let count = report.exposures.len();
    let exposures = report.exposures.into_iter().map(|(file, told)| (id(&file), told));
    let exposures: BTreeMap<String, Value> = exposures.collect();
    assert_eq!(exposures.len(), count, "{name}: one API each");
    Told { found, exposures, places }
}

/// What is found in a form that is silent of that.
pub(super) fn expected(silent: Silent) -> BTreeSet<(String, String)> {
    let own = match silent {
        Silent::Nothing => &[][..],
        Silent::PublicTypes => OF_PUBLIC_TYPES,
        Silent::Methods => OF_METHODS,
        Silent::Api => OF_API,
    };
    let common = EXAMPLES.iter().filter(|(id, _)| own.iter().all(|(other, _)| other != id));
    let own = own.iter().flat_map(|(id, rules)| rules.iter().map(move |rule| (id, rule)));
    let all = common.map(|(id, rule)| (id, rule)).chain(own);
    all.map(|(id, rule)| ((*id).to_owned(), (*rule).to_owned())).collect()
}

/// Asserts that an API which nobody knows all of is not taken for a safer one than the same API of which
/// all is known.
fn no_safer(exposure: &Value, known: &Value, what: &str) {
    for (field, known) in known.as_object().expect("an object") {
        let said = &exposure[field];
        match (known, said) {
            (Value::String(known), Value::String(said)) => {
                assert!(known == "denied" || said != "denied", "{what}: {field}");
            }
            (Value::Array(known), Value::Array(said)) => {
                let held = known.iter().all(|entry| said.contains(entry));
                assert!(held, "{what}: {field}: {known:?}, {said:?}");
            }
            _ => assert_eq!(field, "preflight_only", "{what}"),
        }
    }
}

#[test]
fn the_worked_examples() {
    let mut known: BTreeMap<Silent, BTreeMap<String, Value>> = BTreeMap::new();
    for rendering in RENDERINGS {
        let (name, silent) = (rendering.name, rendering.silent);
        let told = told(name, &rendering.files);
        let found: Vec<_> = told.found.iter().collect();
        let expected = expected(silent);
        assert_eq!(found, expected.iter().collect::<Vec<_>>(), "{name}");
        // A policy that is not there is no document.
        let none = |example: &&Value| example["policy"].is_null();
        let left_out =
            if silent == Silent::Api { examples().iter().filter(none).count() } else { 0 };
        assert_eq!(told.exposures.len() + left_out, 56, "{name}");
        match known.get(&silent) {
            Some(first) => assert_eq!(&told.exposures, first, "{name}"),
            None => drop(known.insert(silent, told.exposures)),
        }
    }
    let all = &known[&Silent::Nothing];
    for (silent, exposures) in &known {
        for (id, exposure) in exposures {
            no_safer(exposure, &all[id], &format!("{silent:?} {id}"));
        }
    }
}
