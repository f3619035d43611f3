//! What is not known of an API, why, and the flag that would give it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{
    Api, EndpointTypes, Policy, PolicyState, Problem, ProblemKind, SymbolClass, SymbolRef,
};
use crate::report::place::Place;
use crate::report::{FoundProblem, JudgedApi, Run};
use crate::source::{Origin, Origins, SourceDb, Span};

/// Something that is not known. Texts of templates are not escaped.
pub(super) struct Unknown {
    pub(super) what: String,
    pub(super) why: String,
    /// The flag.
    pub(super) pin: Option<String>,
    pub(super) place: Place,
    span: Span,
}

impl Unknown {
    /// By file and place.
    fn rank(&self) -> (&str, u32, &str) {
        (&self.place.file, self.span.start, &self.what)
    }

    /// In one sentence: `AllowedIps: no value is given (--param AllowedIps=...)`.
    pub(super) fn sentence(&self) -> String {
        let pin = self.pin.as_ref().map_or(String::new(), |pin| format!(" ({pin})"));
        format!("{}: {}{pin}", self.what, self.why)
    }
}

/// The problems of a run, by unit and the address of the API that they are of.
pub(super) struct Problems<'a>(BTreeMap<(*const Origins, &'a str), Vec<&'a Problem>>);

impl<'a> Problems<'a> {
    pub(super) fn of(run: &'a Run) -> Self {
        let mut out: BTreeMap<_, Vec<&Problem>> = BTreeMap::new();
        for found in &run.problems {
            if let Some(address) = found.problem.api.as_deref() {
                let unit = Arc::as_ptr(&found.origins);
                out.entry((unit, address)).or_default().push(&found.problem);
            }
        }
        Self(out)
    }
}

/// What is not known of an API, by place.
pub(super) fn of_api(judged: &JudgedApi, problems: &Problems<'_>, run: &Run) -> Vec<Unknown> {
    let JudgedApi { api, origins, .. } = judged;
    let mut list = List { api, origins, db: &run.db, seen: BTreeSet::new(), out: Vec::new() };
    let own = problems.0.get(&(Arc::as_ptr(origins), &*api.address)).into_iter().flatten();
    for problem in api.unresolved.iter().chain(own.copied()) {
        if let Some((what, why, pin)) = words(problem) {
            list.add(what, why, pin, problem.origin);
        }
    }
    for world in api.worlds.iter().filter(|world| world.exists) {
        if let EndpointTypes::Unknown(symbol, origin) = &world.endpoint {
            list.symbol(*symbol, *origin, "it is the endpoint type, and no value is known");
        }
        match &world.policy {
            PolicyState::None => {}
            PolicyState::Known(readings) => {
                for (symbol, origin) in readings.iter().flat_map(Policy::unknowns) {
                    list.symbol(symbol, origin, "no value is known");
                }
            }
            PolicyState::Unknown(symbol, origin) => {
                list.symbol(*symbol, *origin, "it is the policy, and nothing is known of it");
            }
        }
        for route in &world.routes.declared {
            let name = |part: &Option<String>| part.clone().unwrap_or_else(|| "?".into());
            let what = format!("{} {}", name(&route.method), name(&route.path));
            if route.auth.name().is_none() {
                let why = "its authorization is not known".to_owned();
                list.add(what, why, None, route.origin);
            } else if route.method.is_none() || route.path.is_none() {
                let why = "its method or path is not known".to_owned();
                list.add(what, why, None, route.origin);
            }
        }
        for taken in &world.assumptions {
            list.branch(taken);
        }
    }
    if api.bounded {
        let why = "too many combinations of values to judge them all".to_owned();
        list.add("cases".into(), why, None, api.origin);
    }
    list.out.sort_by(|a, b| (a.span, &a.what).cmp(&(b.span, &b.what)));
    list.out
}

/// What is not known, and belongs to no API: by file and place, with the API's address that it names.
pub(super) fn of_no_api(run: &Run) -> Vec<(Unknown, Option<&str>)> {
    let apis: BTreeSet<(*const Origins, &str)> =
        run.apis.iter().map(|one| (Arc::as_ptr(&one.origins), &*one.api.address)).collect();
    let is_apart = |found: &&FoundProblem| {
        let address = found.problem.api.as_deref();
        !address.is_some_and(|address| apis.contains(&(Arc::as_ptr(&found.origins), address)))
    };
    let apart = run.problems.iter().filter(is_apart);
    let mut out: Vec<(Unknown, Option<&str>)> = apart
        .filter_map(|found| {
            let (what, why, pin) = words(&found.problem)?;
            let span = found.origins.span(found.problem.origin);
            let place = Place::of(span, &run.db);
            Some((Unknown { what, why, pin, place, span }, found.problem.api.as_deref()))
        })
        .collect();
    out.sort_by(|(a, _), (b, _)| a.rank().cmp(&b.rank()));
    out
}

/// The policies that are written and that no API has, by file and place.
pub(super) fn unattached(run: &Run) -> Vec<Unknown> {
    let mut out: Vec<Unknown> = run
        .problems
        .iter()
        .filter_map(|found| {
            let ProblemKind::Unattached { what, why } = &found.problem.kind else { return None };
            let span = found.origins.span(found.problem.origin);
            let place = Place::of(span, &run.db);
            Some(Unknown { what: what.clone(), why: why.clone(), pin: None, place, span })
        })
        .collect();
    out.sort_by(|a, b| a.rank().cmp(&b.rank()));
    out
}

/// What is not known, why, and the flag; `None` for a problem that hides nothing.
fn words(problem: &Problem) -> Option<(String, String, Option<String>)> {
    let (what, why, pin) = match &problem.kind {
        ProblemKind::Unreadable { message, .. } => ("a part of the file", message.clone(), None),
        ProblemKind::Missing { elements } => {
            ("a statement", format!("it has no {}", elements.join(", ")), None)
        }
        ProblemKind::Unresolved { what, why, pin } => (what.as_str(), why.clone(), pin.clone()),
        ProblemKind::Bounded { what } => ("a limit was reached", what.clone(), None),
        ProblemKind::Internal { message } => ("a bug in gatelint", message.clone(), None),
        _ => return None,
    };
    Some((what.to_owned(), why, pin))
}

struct List<'a> {
    api: &'a Api,
    origins: &'a Origins,
    db: &'a SourceDb,
    /// What is listed, with its flag: once each, at its first place.
    seen: BTreeSet<(String, Option<String>)>,
    out: Vec<Unknown>,
}

impl List<'_> {
    fn add(&mut self, what: String, why: String, pin: Option<String>, origin: Origin) {
        if self.seen.insert((what.clone(), pin.clone())) {
            let span = self.origins.span(origin);
            self.out.push(Unknown { what, why, pin, place: Place::of(span, self.db), span });
        }
    }

    /// A symbol that stands for a value that nobody gave. What the deployment itself gives (ids of
    /// its own resources, the account, the region) is known by its meaning.
    fn symbol(&mut self, symbol: SymbolRef, origin: Origin, why: &str) {
        if symbol == SymbolRef::UNREADABLE {
            let why = "AWS would refuse what is written".to_owned();
            return self.add("a value".into(), why, None, origin);
        }
        let why = match symbol.class {
            SymbolClass::Input => "no value is given",
            SymbolClass::External => "its value lies outside of what was read",
            SymbolClass::Opaque => why,
            _ => return,
        };
        let info = self.api.symbols.get(symbol);
        let pin = info.and_then(|info| info.pin.clone());
        let what = self.api.symbols.label(symbol).to_owned();
        // What could not be evaluated is listed with its reason already.
        if pin.is_none() && self.out.iter().any(|known| known.what == what) {
            return;
        }
        self.add(what, why.to_owned(), pin, origin);
    }

    /// A value by which a branch is chosen.
    fn branch(&mut self, taken: &crate::model::Assumption) {
        let (Some(origin), Some(pin)) = (taken.origin, &taken.pin) else { return };
        let declared = self.api.symbols.0.iter();
        let mut declared = declared.filter(|info| info.origin == origin && info.pin == taken.pin);
        let Some(what) = declared.next().map(|info| info.label.clone()) else { return };
        let why = "branches depend on it: every case is judged".to_owned();
        self.add(what, why, Some(pin.clone()), origin);
    }
}
