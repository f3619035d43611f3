//! One unit: extract, decide, apply the rules, build the findings. Whatever breaks down in it becomes
//! a finding of that unit. It must not know of other units.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::guard::guarded;
use super::settings::Plan;
use crate::analyze::{assumed, domains, owner, public, reach};
use crate::config::Settings;
use crate::discovery::{Unit, UnitKind};
use crate::extract::remarks::Remarks;
use crate::extract::{self, Extraction, Inputs, unread};
use crate::finding::{self, Draft, Finding};
use crate::model::{
    AccountId, Api, Assumption, ExposureSummary, Inventory, Leaf, Problem, ProblemKind, Reach,
    Reached, Summaries, Trust,
};
use crate::report::{FoundProblem, JudgedApi};
use crate::rules;
use crate::source::{FileId, Fs, Origin, Origins, SourceDb, Span};

/// What was found in one unit.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) findings: Vec<Finding>,
    pub(super) apis: Vec<JudgedApi>,
    pub(super) problems: Vec<FoundProblem>,
    pub(super) unresolved: usize,
    pub(super) remarks: Remarks,
    /// Files outside the unit that policies of its APIs are written in, by path.
    pub(super) documents: BTreeSet<PathBuf>,
    /// The templates of nested stacks and the folders of called modules that were judged with the
    /// unit, by path.
    pub(super) nested: BTreeSet<PathBuf>,
    /// The unit was to count only with a file that it does not read.
    pub(super) apart: bool,
}

/// Judges one unit. Whatever breaks down in it becomes a finding.
pub(super) fn judge(unit: &Unit, plan: &Plan, fs: &dyn Fs, db: &SourceDb) -> Judged {
    let file = unit.kind.files().first().copied();
    let broken = |what: &str, said: &str| match file {
        Some(file) => unread::broken(file, &format!("{what} this stopped: {said}")),
        None => Extraction::default(),
    };
    let extraction = guarded(|| extract(unit, &plan.settings, fs, db))
        .unwrap_or_else(|said| broken("reading", &said));
    let without = !unit.only_with.is_empty() && unit.only_with.is_disjoint(&extraction.included);
    if without || unit.only_outer && is_without_api(&extraction.inventory) {
        return Judged { apart: true, ..Judged::default() };
    }
    let documents = documents(unit, &extraction, db);
    let nested = extraction.nested.clone();
    let judged = guarded(|| conclude(extraction, plan, file))
        .unwrap_or_else(|said| conclude(broken("judging", &said), plan, file));
    Judged { documents, nested, ..judged }
}

/// Whether a unit that may create stacks with APIs has none, those of the stacks that are not read
/// included.
fn is_without_api(inventory: &Inventory) -> bool {
    let not_read = |problem: &Problem| matches!(problem.kind, ProblemKind::Unresolved { .. });
    inventory.apis.is_empty() && !inventory.problems.iter().any(not_read)
}

/// Files outside the unit in which policies of its APIs begin, or ones that AWS ignores, or that OpenAPI
/// documents of its APIs are made of; and what a template includes.
fn documents(unit: &Unit, extraction: &Extraction, db: &SourceDb) -> BTreeSet<PathBuf> {
    let own: BTreeSet<FileId> = unit.kind.files().into_iter().collect();
    let sites = extraction.inventory.apis.iter().flat_map(|api| &api.sites);
    let ignored = extraction.inventory.problems.iter();
    let ignored = ignored.filter(|p| matches!(p.kind, ProblemKind::OnHttpApi { .. }));
    let places = sites.map(|site| site.origin).chain(ignored.map(|problem| problem.origin));
    let files = places.map(|origin| extraction.origins.span(origin).file);
    let files = files.chain(extraction.documents.iter().copied());
    let files = files.filter(|file| !own.contains(file));
    let files = files.map(|file| db.file(file).path.clone());
    // What a template or a service is put together from is a part of it.
    let whole = matches!(unit.kind, UnitKind::CloudFormation(_) | UnitKind::Serverless(_));
    files.chain(extraction.included.iter().filter(|_| whole).cloned()).collect()
}

/// Decides what was extracted, and says what is wrong with it.
fn conclude(extraction: Extraction, plan: &Plan, file: Option<FileId>) -> Judged {
    let Extraction { mut inventory, mut origins, remarks, .. } = extraction;
    if inventory.apis.is_empty() && inventory.problems.is_empty() {
        return Judged { remarks, ..Judged::default() };
    }
    let mut reaches = Vec::with_capacity(inventory.apis.len());
    for api in &mut inventory.apis {
        let decided = guarded(|| decide(api, &plan.settings, plan.now));
        reaches.push(decided.unwrap_or_else(|said| {
            inventory.problems.push(Problem {
                kind: ProblemKind::Internal { message: format!("deciding this stopped: {said}") },
                origin: api.origin,
                related: Vec::new(),
                api: Some(api.address.clone()),
            });
            undecided()
        }));
    }
    domains::together(&inventory, &mut reaches);
    let drafts = guarded(|| rules::check(&inventory, &reaches, &plan.settings, plan.now));
    let drafts = drafts.unwrap_or_else(|said| {
        let message = format!("the rules stopped: {said}");
        let known = inventory.apis.first().map(|api| api.origin);
        let origin = known.or_else(|| inventory.problems.first().map(|problem| problem.origin));
        let at = || file.map(|file| origins.literal(Span::new(file, 0, 0)));
        let problems = origin.or_else(at).map(|origin| Problem {
            kind: ProblemKind::Internal { message },
            origin,
            related: Vec::new(),
            api: None,
        });
        let problems = problems.into_iter().collect();
        let broken = Inventory { problems, ..Inventory::default() };
        guarded(|| rules::check(&broken, &[], &plan.settings, plan.now)).unwrap_or_default()
    });
    let called = called(&inventory);
    let findings = drafts
        .into_iter()
        .filter(|draft| plan.rules.contains(draft.rule))
        .map(|draft| build(with_call(draft, &called, &origins), &origins, plan))
        .collect();
    let unresolved = unresolved(&inventory, &origins);
    let origins = Arc::new(origins);
    let apis = inventory
        .apis
        .into_iter()
        .zip(reaches)
        .map(|(api, reach)| JudgedApi { api, reach, origins: Arc::clone(&origins) })
        .collect();
    let problems = inventory.problems.into_iter();
    let problems = problems.map(|problem| FoundProblem { problem, origins: Arc::clone(&origins) });
    Judged {
        findings,
        apis,
        problems: problems.collect(),
        unresolved,
        remarks,
        ..Judged::default()
    }
}

fn extract(unit: &Unit, settings: &Settings, fs: &dyn Fs, db: &SourceDb) -> Extraction {
    let inputs = Inputs {
        db,
        fs,
        roots: &unit.roots,
        parameters: &settings.parameters,
        variables: &settings.variables,
        var_files: &settings.var_files,
        source: settings.source.as_ref(),
    };
    match &unit.kind {
        UnitKind::CloudFormation(file) => extract::cloudformation::extract(*file, inputs),
        UnitKind::Terraform { dir, files, tfvars } => {
            extract::terraform::extract(dir, files, tfvars, &unit.callers, inputs)
        }
        UnitKind::Terragrunt(file) => extract::terragrunt::extract(*file, inputs),
        UnitKind::Document(file) => extract::document::extract(*file, inputs),
        UnitKind::OpenApi(file) => extract::openapi::alone::extract(*file, inputs),
        UnitKind::Dump(file) => extract::dump::extract(*file, inputs),
        UnitKind::Plan(file) => extract::plan::extract(*file, inputs),
        UnitKind::Serverless(file) => extract::serverless::extract(*file, inputs),
        UnitKind::Chalice(file) => extract::chalice::extract(*file, inputs),
        UnitKind::NotReadYet(file, form) => unread::not_read_yet(*file, form, db),
        UnitKind::Unreadable(file, reason) => unread::unreadable(*file, reason),
    }
}

/// The module call that makes an API, by its address: of several APIs of one address, that of the first.
type Called<'a> = BTreeMap<&'a str, Option<&'a (Origin, String)>>;

fn called(inventory: &Inventory) -> Called<'_> {
    let mut out = Called::new();
    for api in &inventory.apis {
        out.entry(&api.address).or_insert(api.called.as_ref());
    }
    out
}

/// Shows the module call that makes the API: the same module may be called from several root modules, and
/// what is accepted of one is not accepted of the others.
fn with_call(mut draft: Draft, called: &Called<'_>, origins: &Origins) -> Draft {
    let call = draft.api.as_deref().and_then(|address| *called.get(address)?);
    if let Some((call, root)) = call {
        draft.elsewhere.push((origins.span(*call), "the module is called here".into()));
        draft.key.push_str(&format!("|in {root}"));
    }
    draft
}

/// Decides one API, and notes what that takes for granted. Where nobody says which account it is
/// deployed in, its policy may (CONTRACT 6).
fn decide(api: &mut Api, settings: &Settings, now: i64) -> Reach {
    let trust = &settings.trust;
    let named = settings.public_routes(&[Some(&*api.address), api.name.as_deref()]);
    let reach_of = |api: &Api, trust: &Trust| {
        let found = reach::reach(api, trust, now);
        public::accept(api, found, &named, |rest| reach::reach(rest, trust, now))
    };
    let deployed = trust_of_file(api, trust);
    let trust = deployed.as_ref().unwrap_or(trust);
    let Some((account, leaf)) = owner_by_policy(api, trust) else {
        let reach = reach_of(api, trust);
        api.assumptions.extend(assumed::assumed(api));
        return reach;
    };
    let note = Assumption {
        text: format!("deployed in account {account}, which an ARN in Resource names"),
        pin: Some(format!("--account-id {account}")),
        origin: Some(leaf.origin),
    };
    let mut trust = trust.clone();
    trust.owners.insert(account);
    let reach = reach_of(api, &trust);
    api.assumptions.extend([note].into_iter().chain(assumed::assumed(api)));
    reach
}

/// Whom the configuration trusts, with the account that the API's own file says it is deployed in.
fn trust_of_file(api: &Api, trust: &Trust) -> Option<Trust> {
    let (account, _) = api.account.as_ref()?;
    let mut trust = trust.clone();
    trust.owners.insert(account.clone());
    Some(trust)
}

/// The account that the policies of an API take it to be in, where nobody says which.
fn owner_by_policy<'a>(api: &'a Api, trust: &Trust) -> Option<(AccountId, &'a Leaf)> {
    if trust.owners.is_empty() { owner::account_of_resources(api) } else { None }
}

/// Whom the configuration trusts, with the account that an API is deployed in.
pub(super) fn trust_for(api: &Api, settings: &Settings) -> Trust {
    let mut trust = trust_of_file(api, &settings.trust).unwrap_or_else(|| settings.trust.clone());
    trust.owners.extend(owner_by_policy(api, &trust).map(|(account, _)| account));
    trust
}

/// What is said of an API that could not be decided: everything is possible.
pub(super) fn undecided() -> Reach {
    let exposure = ExposureSummary {
        anonymous_internet: Reached::Possible,
        any_aws_account: Reached::Possible,
        any_vpc_endpoint: Reached::Possible,
        ..ExposureSummary::default()
    };
    let summaries = Summaries { policy_exposure: Some(exposure.clone()), exposure };
    Reach { summaries, bounded: true, ..Reach::default() }
}

/// How many values and forms could not be resolved: each counts once for the place it stands at.
fn unresolved(inventory: &Inventory, origins: &Origins) -> usize {
    let of_apis = inventory.apis.iter().flat_map(|api| &api.unresolved);
    let places: BTreeSet<(Span, &str)> = inventory
        .problems
        .iter()
        .chain(of_apis)
        .filter_map(|problem| match &problem.kind {
            ProblemKind::Unresolved { what, .. } => {
                Some((origins.span(problem.origin), what.as_str()))
            }
            _ => None,
        })
        .collect();
    places.len()
}

/// The finding of a draft, at the severity that the configuration gives its rule.
pub(super) fn build(mut draft: Draft, origins: &Origins, plan: &Plan) -> Finding {
    if let Some(severity) = plan.severities.get(draft.rule) {
        draft.severity = *severity;
    }
    finding::build(draft, origins, plan.settings.fail_possible)
}
