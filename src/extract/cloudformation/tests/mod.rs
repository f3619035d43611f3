//! Templates as people write them, and what becomes of them.

mod across;
mod bodies;
mod endpoints;
mod hostile;
mod http_apis;
mod includes;
mod intrinsics;
mod nested;
mod policies;
mod routes;
mod sam;
mod shapes;
mod syntax;

use std::collections::BTreeMap;
use std::path::Path;

use super::extract;
use crate::extract::testing::extracted;
use crate::extract::{Extraction, Inputs};
use crate::model::{
    Api, ApiWorld, EffectElement, EndpointTypes, Entry, Leaf, Policy, PolicyState,
    PrincipalElement, Problem, ProblemKind, Statement,
};
use crate::source::{MemoryFs, Origin, SourceDb};

/// A template and what was extracted from it.
struct Case {
    db: SourceDb,
    out: Extraction,
}

impl Case {
    fn new(text: &str) -> Self {
        Self::with(text, &[])
    }

    /// A template beside files, in the only root `/app`.
    fn beside(text: &str, files: &[(&str, &str)]) -> Self {
        Self::named("/app/template.yaml", text, files)
    }

    /// The same with a name for the template.
    fn named(path: &str, text: &str, files: &[(&str, &str)]) -> Self {
        let place = (path, path.trim_start_matches('/'));
        let (db, out) = extracted(extract, place, text, files, Some("/app"));
        Self { db, out }
    }

    fn with(text: &str, given: &[(&str, &[&str])]) -> Self {
        let name =
            if text.trim_start().starts_with('{') { "template.json" } else { "template.yaml" };
        let db = SourceDb::new();
        let file = db.add(Path::new(name), name.into(), text);
        let parameters: BTreeMap<String, Vec<String>> = given
            .iter()
            .map(|(k, v)| ((*k).to_owned(), v.iter().map(|v| (*v).to_owned()).collect()))
            .collect();
        let inputs = Inputs {
            db: &db,
            fs: &MemoryFs::new(),
            roots: &[],
            parameters: &parameters,
            variables: &BTreeMap::new(),
            var_files: &[],
            source: None,
        };
        let out = extract(file, inputs);
        Self { db, out }
    }

    fn apis(&self) -> &[Api] {
        &self.out.inventory.apis
    }

    /// The only API.
    fn api(&self) -> &Api {
        let [api] = self.apis() else { panic!("one API, not {}", self.apis().len()) };
        api
    }

    /// The only world of the only API.
    fn world(&self) -> &ApiWorld {
        let [world] = self.api().worlds.as_slice() else {
            panic!("one world, not {:?}", self.worlds())
        };
        world
    }

    /// The only reading of the policy in the only world.
    fn policy(&self) -> &Policy {
        known(&self.world().policy)
    }

    /// Each world in words: what is assumed, and the policy.
    fn worlds(&self) -> Vec<(String, String)> {
        let api = self.api();
        api.worlds.iter().map(|w| (when(w), self.describe(api, &w.policy))).collect()
    }

    fn describe(&self, api: &Api, state: &PolicyState) -> String {
        match state {
            PolicyState::None => "none".into(),
            PolicyState::Unknown(symbol, _) => format!("unknown {}", api.symbols.label(*symbol)),
            PolicyState::Known(readings) => readings
                .iter()
                .map(|policy| {
                    let statements: Vec<_> =
                        policy.statements.iter().map(|s| statement(api, s)).collect();
                    statements.join("; ")
                })
                .collect::<Vec<_>>()
                .join(" | "),
        }
    }

    /// Each problem in words, with the text of its place.
    fn problems(&self) -> Vec<(String, String)> {
        let apis = self.apis().iter().flat_map(|api| &api.unresolved);
        self.out
            .inventory
            .problems
            .iter()
            .chain(apis)
            .map(|p| (problem(p), self.slice(p.origin)))
            .collect()
    }

    fn slice(&self, origin: Origin) -> String {
        self.db.slice(self.out.origins.span(origin))
    }

    fn use_site(&self, origin: Origin) -> String {
        self.db.slice(self.out.origins.use_site(origin))
    }
}

/// The only reading of a policy.
fn known(state: &PolicyState) -> &Policy {
    match state {
        PolicyState::Known(readings) if readings.len() == 1 => &readings[0],
        other => panic!("one known policy, not {other:?}"),
    }
}

fn when(world: &ApiWorld) -> String {
    let texts: Vec<_> = world.assumptions.iter().map(|a| a.text.as_str()).collect();
    texts.join(", ")
}

fn leaves(api: &Api, entries: &[Entry<Leaf>]) -> String {
    let texts: Vec<String> = entries
        .iter()
        .map(|entry| match entry {
            Entry::One(leaf) => leaf.display(&api.symbols),
            Entry::Many(symbol, _) => format!("..{}", api.symbols.label(*symbol)),
        })
        .collect();
    texts.join(",")
}

/// A statement in one line: `Allow * execute-api:/* if IpAddress aws:sourceip 10.0.0.0/8`.
fn statement(api: &Api, entry: &Entry<Statement>) -> String {
    let statement = match entry {
        Entry::One(statement) => statement,
        Entry::Many(symbol, _) => return format!("..{}", api.symbols.label(*symbol)),
    };
    let effect = match &statement.effect {
        EffectElement::Known(effect, _) => format!("{effect:?}"),
        EffectElement::Missing => "?".into(),
        EffectElement::Other(leaf) => leaf.display(&api.symbols),
    };
    let principals = match &statement.principal {
        PrincipalElement::Missing => "nobody".into(),
        PrincipalElement::Principal(p) | PrincipalElement::NotPrincipal(p, _) => {
            let items: Vec<String> = p
                .items
                .iter()
                .map(|item| match item {
                    Entry::One(item) => item.value.display(&api.symbols),
                    Entry::Many(symbol, _) => format!("..{}", api.symbols.label(*symbol)),
                })
                .collect();
            items.join(",")
        }
    };
    let mut out = format!("{effect} {principals} {}", leaves(api, &statement.resource.items));
    for condition in &statement.conditions {
        match condition {
            Entry::One(c) => {
                let (operator, key) = (&c.operator_name, &c.key.name);
                let operator = operator.display(&api.symbols);
                out.push_str(&format!(" if {operator} {key} {}", leaves(api, &c.values)));
            }
            Entry::Many(symbol, _) => {
                out.push_str(&format!(" if ..{}", api.symbols.label(*symbol)));
            }
        }
    }
    out
}

fn problem(problem: &Problem) -> String {
    match &problem.kind {
        ProblemKind::Unreadable { message, .. } => format!("unreadable: {message}"),
        ProblemKind::DuplicateKey { key, .. } => format!("duplicate: {key}"),
        ProblemKind::Unresolved { what, .. } => format!("unresolved: {what}"),
        ProblemKind::SamList(list) => format!("{list:?}"),
        ProblemKind::OnHttpApi { what, protocol, refused } => {
            let fate = if *refused { "refused" } else { "ignored" };
            format!("{fate} on {protocol}: {what}")
        }
        ProblemKind::SeveralPolicies { what, .. } => format!("several: {what}"),
        ProblemKind::Bounded { what } => format!("bounded: {what}"),
        ProblemKind::Internal { message } => format!("internal: {message}"),
        other => format!("{other:?}"),
    }
}

fn endpoint(world: &ApiWorld) -> String {
    match &world.endpoint {
        EndpointTypes::Known(kind, _) => format!("{kind:?}"),
        EndpointTypes::Absent => "absent".into(),
        EndpointTypes::Document => "document".into(),
        EndpointTypes::Unknown(..) => "unknown".into(),
    }
}

fn texts(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect()
}
