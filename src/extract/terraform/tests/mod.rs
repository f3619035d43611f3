//! Modules in memory, end to end.

mod bodies;
mod http_apis;
mod imports;
mod json;
mod linking;
mod modules;
mod policies;
mod problems;
mod routes;
mod spans;
mod worlds;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::extract::{Extraction, Inputs};
use crate::model::{
    Api, ApiWorld, EffectElement, Entry, Leaf, PolicyState, PrincipalElement, Principals, Problem,
    ProblemKind, Statement,
};
use crate::source::{Fs, MemoryFs, SourceDb};

/// What was extracted from files under `/m`.
pub(in crate::extract) struct Case {
    pub(in crate::extract) db: SourceDb,
    pub(in crate::extract) extraction: Extraction,
}

impl Case {
    /// The module of one file.
    pub(super) fn new(main: &str) -> Self {
        Self::files(&[("main.tf", main)])
    }

    /// A module of several files. `terraform.tfvars` is loaded; other files can be read.
    pub(super) fn files(files: &[(&str, &str)]) -> Self {
        Self::with(files, &[])
    }

    /// The same with values of variables.
    pub(super) fn with(files: &[(&str, &str)], flags: &[(&str, &[&str])]) -> Self {
        let mut fs = MemoryFs::new();
        for (name, text) in files {
            fs.add(format!("/m/{name}"), *text);
        }
        let db = SourceDb::new();
        let (mut tf, mut tfvars) = (Vec::new(), Vec::new());
        for path in fs.list(Path::new("/m")).expect("the module") {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let Ok(bytes) = fs.read(&path) else { continue };
            let text = String::from_utf8(bytes).expect("text");
            if name.ends_with(".tf") || name.ends_with(".tf.json") {
                tf.push(db.add(&path, name, text));
            } else if name.ends_with(".tfvars") || name.ends_with(".tfvars.json") {
                tfvars.push(db.add(&path, name, text));
            }
        }
        let variables: BTreeMap<String, Vec<String>> = flags
            .iter()
            .map(|(k, v)| ((*k).to_owned(), v.iter().map(|v| (*v).to_owned()).collect()))
            .collect();
        let roots = [PathBuf::from("/m")];
        let parameters = BTreeMap::new();
        let inputs = Inputs {
            db: &db,
            fs: &fs,
            roots: &roots,
            parameters: &parameters,
            variables: &variables,
            var_files: &[],
            source: None,
        };
        let extraction = super::extract(Path::new("/m"), &tf, &tfvars, &[], inputs);
        Self { db, extraction }
    }

    pub(in crate::extract) fn apis(&self) -> &[Api] {
        &self.extraction.inventory.apis
    }

    /// The only API.
    pub(in crate::extract) fn api(&self) -> &Api {
        let [api] = self.apis() else {
            let addresses: Vec<&str> = self.apis().iter().map(|a| a.address.as_str()).collect();
            panic!("one API, not {addresses:?}")
        };
        api
    }

    /// The only API in its only world.
    pub(in crate::extract) fn world(&self) -> &ApiWorld {
        let [world] = self.api().worlds.as_slice() else {
            panic!("one world, not {}", self.show(self.api()))
        };
        world
    }

    /// The worlds of an API in words: what is assumed, then what it is.
    pub(in crate::extract) fn show(&self, api: &Api) -> String {
        let mut out = String::new();
        for world in &api.worlds {
            let when: Vec<&str> = world.assumptions.iter().map(|a| a.text.as_str()).collect();
            let mark = if world.is_default { "" } else { " (other)" };
            let _ = writeln!(out, "when {}{mark}:", when.join(", "));
            if world.exists {
                let _ = writeln!(out, "  {}", self.endpoint(world));
                let _ = write!(out, "{}", self.policy(api, &world.policy));
            } else {
                out.push_str("  absent\n");
            }
        }
        out
    }

    fn endpoint(&self, world: &ApiWorld) -> String {
        use crate::model::EndpointTypes;
        match &world.endpoint {
            EndpointTypes::Known(kind, _) => format!("{kind:?}"),
            EndpointTypes::Unknown(..) => "endpoint unknown".into(),
            other => format!("{other:?}"),
        }
    }

    /// A policy in words, a statement a line.
    pub(super) fn policy(&self, api: &Api, state: &PolicyState) -> String {
        match state {
            PolicyState::None => "  no policy\n".into(),
            PolicyState::Unknown(symbol, _) => {
                format!("  unknown policy {}\n", api.symbols.label(*symbol))
            }
            PolicyState::Known(readings) => {
                let mut out = String::new();
                for (index, policy) in readings.iter().enumerate() {
                    if readings.len() > 1 {
                        let _ = writeln!(out, "  reading {}", index + 1);
                    }
                    for entry in &policy.statements {
                        let line = match entry {
                            Entry::One(s) => self.statement(api, s),
                            Entry::Many(symbol, _) => format!("{}*", api.symbols.label(*symbol)),
                        };
                        let _ = writeln!(out, "  {line}");
                    }
                }
                out
            }
        }
    }

    fn statement(&self, api: &Api, s: &Statement) -> String {
        let leaf = |l: &Leaf| l.display(&api.symbols);
        let entry = |e: &Entry<Leaf>| match e {
            Entry::One(l) => leaf(l),
            Entry::Many(symbol, _) => format!("{}*", api.symbols.label(*symbol)),
        };
        let mut out = match &s.effect {
            EffectElement::Known(effect, _) => format!("{effect:?}"),
            other => format!("{other:?}"),
        };
        let principals = |p: &Principals| {
            let items: Vec<String> = p
                .items
                .iter()
                .map(|item| match item {
                    Entry::One(i) => format!("{:?}:{}", i.kind, leaf(&i.value)),
                    Entry::Many(symbol, _) => format!("{}*", api.symbols.label(*symbol)),
                })
                .collect();
            items.join(",")
        };
        match &s.principal {
            PrincipalElement::Missing => {}
            PrincipalElement::Principal(p) => {
                let _ = write!(out, " {}", principals(p));
            }
            PrincipalElement::NotPrincipal(p, _) => {
                let _ = write!(out, " not {}", principals(p));
            }
        }
        let resources: Vec<String> = s.resource.items.iter().map(entry).collect();
        if !resources.is_empty() {
            let _ = write!(out, " on {}", resources.join(","));
        }
        for condition in &s.conditions {
            let _ = match condition {
                Entry::One(c) => {
                    let values: Vec<String> = c.values.iter().map(entry).collect();
                    let (operator, key) = (leaf(&c.operator_name), leaf(&c.key_name));
                    write!(out, " if {operator} {key} {}", values.join("|"))
                }
                Entry::Many(symbol, _) => write!(out, " if {}*", api.symbols.label(*symbol)),
            };
        }
        out
    }

    /// All problems in words, those of the APIs too.
    pub(super) fn problems(&self) -> Vec<String> {
        let inventory = &self.extraction.inventory;
        let of_apis = inventory.apis.iter().flat_map(|a| &a.unresolved);
        inventory.problems.iter().chain(of_apis).map(|p| self.problem(p)).collect()
    }

    fn problem(&self, problem: &Problem) -> String {
        let at = self.db.slice(self.extraction.origins.span(problem.origin));
        let at = at.lines().next().unwrap_or("").to_owned();
        match &problem.kind {
            ProblemKind::Unresolved { what, why, .. } => format!("{what}: {why}"),
            ProblemKind::DuplicateKey { key, effect } => format!("duplicate {key}: {effect:?}"),
            ProblemKind::Unreadable { message, .. } => format!("unreadable at {at}: {message}"),
            other => format!("{other:?}"),
        }
    }
}

/// A REST API resource with those arguments.
pub(super) fn api(arguments: &str) -> String {
    format!(
        "resource \"aws_api_gateway_rest_api\" \"a\" {{\n  name = \"orders\"\n{arguments}\n}}\n"
    )
}
