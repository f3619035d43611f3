//! What all formats say of an API, before it is laid out.

use std::collections::{BTreeMap, BTreeSet};

use super::unknown::{self, Unknown};
use crate::model::{PolicyState, ProblemKind, Tag};
use crate::report::json::{endpoint_types, form, framework, kind};
use crate::report::place::Place;
use crate::report::{FoundProblem, JudgedApi, Run};
use crate::source::{Origin, Origins, SourceDb};

/// Parts of the keys of tags that say whose something is.
const OWNERS: [&str; 6] = ["owner", "team", "squad", "contact", "maintainer", "responsible"];

/// An API, with all that is said of it. Texts of templates are not escaped.
pub(super) struct Entry<'a> {
    pub(super) address: &'a str,
    pub(super) name: Option<&'a str>,
    pub(super) kind: &'static str,
    /// `None` for an API that can have no policy: of those only their policies are read.
    pub(super) framework: Option<&'static str>,
    pub(super) place: Place,
    /// The call of the module that it is declared in.
    pub(super) called: Option<Place>,
    pub(super) endpoint_types: Vec<&'static str>,
    pub(super) methods: Methods,
    pub(super) policy: &'static str,
    pub(super) policies: Vec<Policy<'a>>,
    pub(super) tags: &'a [Tag],
    pub(super) unknown: Vec<Unknown>,
    pub(super) assumptions: &'a [crate::model::Assumption],
}

/// The methods of an API over all its cases.
#[derive(Default)]
pub(super) struct Methods {
    /// No others can exist.
    pub(super) complete: bool,
    /// Path, method and authorisation of each; `None` where it is not known.
    pub(super) routes: BTreeSet<(Option<String>, Option<String>, Option<&'static str>)>,
}

/// A policy of an API.
pub(super) struct Policy<'a> {
    /// The resource that attaches it.
    pub(super) address: &'a str,
    pub(super) form: Option<&'static str>,
    /// Where its text begins.
    pub(super) place: Place,
    /// AWS evaluates it.
    pub(super) in_force: bool,
    /// The way from where it is attached to its text.
    pub(super) steps: Vec<(String, Place)>,
    /// The ways of the documents that are merged into it.
    pub(super) merged: Vec<(String, Place)>,
}

impl Policy<'_> {
    /// Every step, those of the documents that are merged into it last.
    pub(super) fn all_steps(&self) -> impl Iterator<Item = &(String, Place)> {
        self.steps.iter().chain(&self.merged)
    }
}

impl Entry<'_> {
    /// The tags that say whose the API is, as `key=value`.
    pub(super) fn owners(&self) -> Vec<String> {
        let is_owner = |tag: &&Tag| {
            let key = tag.key.to_lowercase();
            OWNERS.iter().any(|word| key.contains(word))
        };
        self.tags.iter().filter(is_owner).map(|tag| format!("{}={}", tag.key, tag.value)).collect()
    }
}

impl Methods {
    /// How many methods have which authorisation: `2 AWS_IAM, 1 NONE, others not known`.
    pub(super) fn summary(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, _, authorization) in &self.routes {
            *counts.entry(authorization.unwrap_or("unknown")).or_default() += 1;
        }
        let mut parts: Vec<String> =
            counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
        match (self.complete, parts.is_empty()) {
            (true, true) => parts.push("none".into()),
            (true, false) => {}
            (false, true) => parts.push("not declared".into()),
            (false, false) => parts.push("others not known".into()),
        }
        parts.join(", ")
    }
}

/// Every API of a run, by its place; then those that can have no policy and were given one.
pub(super) fn entries(run: &Run) -> Vec<Entry<'_>> {
    let problems = unknown::Problems::of(run);
    let mut out: Vec<Entry<'_>> =
        run.apis.iter().map(|judged| entry(judged, &problems, run)).collect();
    let mut ignored: BTreeMap<(&str, &str), Vec<(&FoundProblem, &str)>> = BTreeMap::new();
    for found in &run.problems {
        if let ProblemKind::OnHttpApi { what, protocol, .. } = &found.problem.kind {
            let address = found.problem.api.as_deref().unwrap_or(what);
            ignored.entry((address, protocol)).or_default().push((found, what));
        }
    }
    for ((address, protocol), policies) in ignored {
        out.extend(without_policies(address, protocol, &policies, &run.db));
    }
    out
}

fn entry<'a>(judged: &'a JudgedApi, problems: &unknown::Problems<'_>, run: &'a Run) -> Entry<'a> {
    let JudgedApi { api, origins, .. } = judged;
    let worlds = || api.worlds.iter().filter(|world| world.exists);
    let routes = worlds().flat_map(|world| &world.routes.declared);
    let methods = Methods {
        complete: worlds().all(|world| world.routes.complete),
        routes: routes
            .map(|route| (route.path.clone(), route.method.clone(), route.auth.name()))
            .collect(),
    };
    let policies = api.sites.iter().map(|site| Policy {
        address: &site.address,
        form: Some(form(site.form)),
        place: Place::of(origins.span(site.origin), &run.db),
        in_force: true,
        steps: steps(site.origin, origins, &run.db),
        merged: merged(&site.merged, origins, &run.db),
    });
    let states: BTreeSet<&'static str> = worlds().map(|world| state(&world.policy)).collect();
    let policy = match (states.contains("unknown"), states.len(), states.first()) {
        (true, ..) => "unknown",
        (false, 2, _) => "depends",
        (false, _, first) => first.copied().unwrap_or("none"),
    };
    Entry {
        address: &api.address,
        name: api.name.as_deref(),
        kind: kind(api.kind),
        framework: Some(framework(api.framework)),
        place: Place::of(origins.span(api.origin), &run.db),
        called: api.called.as_ref().map(|(call, _)| Place::of(origins.span(*call), &run.db)),
        endpoint_types: endpoint_types(api),
        methods,
        policy,
        policies: policies.collect(),
        tags: &api.tags,
        unknown: unknown::of_api(judged, problems, run),
        assumptions: &api.assumptions,
    }
}

fn state(policy: &PolicyState) -> &'static str {
    match policy {
        PolicyState::None => "none",
        PolicyState::Known(_) => "known",
        PolicyState::Unknown(..) => "unknown",
    }
}

fn without_policies<'a>(
    address: &'a str,
    protocol: &str,
    policies: &[(&'a FoundProblem, &'a str)],
    db: &SourceDb,
) -> Option<Entry<'a>> {
    let place = |found: &FoundProblem| Place::of(found.origins.span(found.problem.origin), db);
    let (first, _) = policies.first()?;
    let list = policies.iter().map(|(found, what)| Policy {
        address: what,
        form: None,
        place: place(found),
        in_force: false,
        steps: steps(found.problem.origin, &found.origins, db),
        merged: Vec::new(),
    });
    Some(Entry {
        address,
        name: None,
        kind: if protocol == "HTTP API" { "http-api" } else { "websocket-api" },
        framework: None,
        place: place(first),
        called: None,
        endpoint_types: Vec::new(),
        methods: Methods::default(),
        policy: "ignored",
        policies: list.collect(),
        tags: &[],
        unknown: Vec::new(),
        assumptions: &[],
    })
}

/// The way of a policy, where it has more than one step.
fn steps(origin: Origin, origins: &Origins, db: &SourceDb) -> Vec<(String, Place)> {
    let steps = origins.steps(origin);
    if steps.len() < 2 {
        return Vec::new();
    }
    steps.iter().map(|node| (node.step.describe(), Place::of(node.at, db))).collect()
}

/// The ways of documents that are merged into a policy, one after another.
fn merged(documents: &[Origin], origins: &Origins, db: &SourceDb) -> Vec<(String, Place)> {
    let nodes = documents.iter().flat_map(|document| origins.steps(*document));
    nodes
        .map(|node| (format!("merged in, {}", node.step.describe()), Place::of(node.at, db)))
        .collect()
}
