//! From units to a run: extract, decide, apply the rules, build the findings. Units are independent
//! and run in parallel; the results keep the order of the units.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::guard::guarded;
use super::settings::Plan;
use crate::analyze::{assumed, owner, public, reach};
use crate::config::Settings;
use crate::discovery::{Unit, UnitKind};
use crate::extract::remarks::Remarks;
use crate::extract::{self, Extraction, Inputs, unread};
use crate::finding::{self, Draft, Finding, Room, Suppressing};
use crate::model::{
    Api, Assumption, ExposureSummary, Framework, Inventory, Problem, ProblemKind, Reach, Reached,
    Summaries, Trust,
};
use crate::report::{Counts, JudgedApi, Run};
use crate::rules;
use crate::source::{FileId, Fs, Origins, SourceDb, Span};

/// The stack of a thread that judges units. Recursion is bounded in every room; this is what the
/// bounds are made for, whatever the platform gives its main thread.
const STACK: usize = 16 << 20;

/// What was found in one unit.
#[derive(Debug, Default)]
struct Judged {
    findings: Vec<Finding>,
    apis: Vec<JudgedApi>,
    unresolved: usize,
    remarks: Remarks,
}

/// Judges all `units`.
pub(super) fn run(units: &[Unit], plan: &Plan, fs: &dyn Fs, db: SourceDb) -> Run {
    let judged = judge_all(units, plan, fs, &db);
    let mut findings = Vec::new();
    let mut apis = Vec::new();
    let mut unresolved = 0;
    let mut remarks = Remarks::default();
    for unit in judged {
        findings.extend(unit.findings);
        apis.extend(unit.apis);
        unresolved += unit.unresolved;
        remarks.list.extend(unit.remarks.list);
        remarks.texts.extend(unit.remarks.texts);
    }
    let mut findings = finding::order(findings, &db);
    let flaws = suppress(&mut findings, &remarks, plan, &db);
    findings.extend(flaws);
    findings.retain(|finding| finding.severity >= plan.min_severity);
    let mut findings = finding::order(findings, &db);
    advise(&mut findings, &apis, &remarks, plan, &db);
    apis.sort_by_cached_key(|judged| {
        let span = judged.origins.span(judged.api.origin);
        (db.file(span.file).display.clone(), span.start, judged.api.address.clone())
    });
    let analyzed: BTreeSet<FileId> = units
        .iter()
        .filter(|unit| !matches!(unit.kind, UnitKind::Unreadable(..)))
        .flat_map(|unit| unit.kind.files())
        .collect();
    let counts = Counts {
        files_discovered: 0,
        files_analyzed: analyzed.len(),
        apis: apis.len(),
        policies: apis.iter().map(|judged| judged.api.sites.len()).sum(),
        unresolved,
        suppressed: findings.iter().filter(|f| f.is_suppressed()).count(),
        baselined: 0,
    };
    Run { db, findings, apis, counts, ..Run::default() }
}

/// Marks what is suppressed; what is wrong with the suppressions is given back.
fn suppress(
    findings: &mut [Finding],
    remarks: &Remarks,
    plan: &Plan,
    db: &SourceDb,
) -> Vec<Finding> {
    let known: Vec<&str> = rules::RULES.iter().map(|rule| rule.meta.id).collect();
    let with = Suppressing {
        known: &known,
        active: &plan.rules,
        locked: &plan.settings.locked,
        ignores: &plan.settings.ignores,
        now: plan.now,
        counts: plan.suppressions,
        whole: plan.whole,
    };
    let flaws = finding::suppress(findings, &remarks.list, with, db);
    let mut origins = Origins::new();
    let drafts = flaws.iter().filter_map(|flaw| {
        let origin = origins.literal(flaw.span);
        rules::check_suppression(flaw, origin)
    });
    let drafts: Vec<Draft> = drafts.filter(|draft| plan.rules.contains(draft.rule)).collect();
    drafts.into_iter().map(|draft| build(draft, &origins, plan)).collect()
}

/// The finding of a draft, at the severity that the configuration gives its rule.
fn build(mut draft: Draft, origins: &Origins, plan: &Plan) -> Finding {
    if let Some(severity) = plan.severities.get(draft.rule) {
        draft.severity = *severity;
    }
    finding::build(draft, origins, plan.settings.fail_possible)
}

/// Says of each finding what would suppress it.
fn advise(
    findings: &mut [Finding],
    apis: &[JudgedApi],
    remarks: &Remarks,
    plan: &Plan,
    db: &SourceDb,
) {
    let templates: BTreeSet<(&str, FileId)> = apis
        .iter()
        .filter(|judged| matches!(judged.api.framework, Framework::CloudFormation | Framework::Sam))
        .map(|judged| (judged.api.address.as_str(), judged.origins.span(judged.api.origin).file))
        .collect();
    let mut texts: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
    for text in &remarks.texts {
        texts.entry(text.file).or_default().push(*text);
    }
    for finding in findings {
        let file = finding.primary().span.file;
        let api = finding.api.as_deref();
        let room = Room {
            texts: texts.get(&file).map_or(&[], Vec::as_slice),
            metadata: api.is_some_and(|api| templates.contains(&(api, file))),
            locked: plan.settings.locked.contains(finding.rule),
        };
        finding.advice = finding::advice(finding, room, db);
    }
}

/// Judges the units, on as many threads as there are processors. One unit gets one thread and no
/// pool: starting it would take longer than the work.
fn judge_all(units: &[Unit], plan: &Plan, fs: &dyn Fs, db: &SourceDb) -> Vec<Judged> {
    let judge = |unit: &Unit| judge(unit, plan, fs, db);
    if units.len() > 1
        && let Ok(pool) = rayon::ThreadPoolBuilder::new().stack_size(STACK).build()
    {
        return pool.install(|| units.par_iter().map(judge).collect());
    }
    let sequential = || units.iter().map(judge).collect();
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, sequential);
        match thread.map(|thread| thread.join()) {
            Ok(Ok(judged)) => judged,
            // `judge` catches panics; a thread that could not be started is no reason to stop.
            _ => sequential(),
        }
    })
}

/// Judges one unit. Whatever breaks down in it becomes a finding.
fn judge(unit: &Unit, plan: &Plan, fs: &dyn Fs, db: &SourceDb) -> Judged {
    let file = unit.kind.files().first().copied();
    let broken = |what: &str, said: &str| match file {
        Some(file) => unread::broken(file, &format!("{what} this stopped: {said}")),
        None => Extraction::default(),
    };
    let extraction = guarded(|| extract(unit, &plan.settings, fs, db))
        .unwrap_or_else(|said| broken("reading", &said));
    guarded(|| conclude(extraction, plan, file))
        .unwrap_or_else(|said| conclude(broken("judging", &said), plan, file))
}

/// Decides what was extracted, and says what is wrong with it.
fn conclude(extraction: Extraction, plan: &Plan, file: Option<FileId>) -> Judged {
    let Extraction { mut inventory, mut origins, remarks } = extraction;
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
    let findings = drafts
        .into_iter()
        .filter(|draft| plan.rules.contains(draft.rule))
        .map(|draft| build(draft, &origins, plan))
        .collect();
    let unresolved = unresolved(&inventory, &origins);
    let origins = Arc::new(origins);
    let apis = inventory
        .apis
        .into_iter()
        .zip(reaches)
        .map(|(api, reach)| JudgedApi { api, reach, origins: Arc::clone(&origins) })
        .collect();
    Judged { findings, apis, unresolved, remarks }
}

fn extract(unit: &Unit, settings: &Settings, fs: &dyn Fs, db: &SourceDb) -> Extraction {
    let inputs = Inputs {
        db,
        fs,
        roots: &unit.roots,
        parameters: &settings.parameters,
        variables: &settings.variables,
        var_files: &settings.var_files,
    };
    match &unit.kind {
        UnitKind::CloudFormation(file) => extract::cloudformation::extract(*file, inputs),
        UnitKind::Terraform { dir, files, tfvars } => {
            extract::terraform::extract(dir, files, tfvars, inputs)
        }
        UnitKind::Document(file) => extract::document::extract(*file, inputs),
        UnitKind::NotReadYet(file, form) => unread::not_read_yet(*file, form, db),
        UnitKind::Unreadable(file, reason) => unread::unreadable(*file, reason),
    }
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
    let owner = match trust.owners.is_empty() {
        true => owner::account_of_resources(api),
        false => None,
    };
    let Some((account, leaf)) = owner else {
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

/// What is said of an API that could not be decided: everything is possible.
fn undecided() -> Reach {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io;
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::finding::Severity;
    use crate::rules::RULES;
    use crate::source::MemoryFs;

    /// A file system that breaks down.
    struct Broken;

    impl Fs for Broken {
        fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
            panic!("read")
        }
        fn is_dir(&self, _: &Path) -> bool {
            panic!("is_dir")
        }
        fn is_file(&self, _: &Path) -> bool {
            panic!("is_file")
        }
        fn list(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
            panic!("list")
        }
        fn canonical(&self, _: &Path) -> io::Result<PathBuf> {
            panic!("canonical")
        }
    }

    fn plan() -> Plan {
        Plan {
            suppressions: true,
            whole: false,
            settings: Settings::default(),
            config: None,
            fail_on: Some(Severity::High),
            min_severity: Severity::Info,
            rules: RULES.iter().map(|rule| rule.meta.id).collect(),
            severities: BTreeMap::new(),
            now: 0,
        }
    }

    const OPEN: &str = r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}]}"#;

    fn document(db: &SourceDb, name: &str) -> Unit {
        let file = db.add(Path::new(name), name.into(), OPEN);
        Unit { kind: UnitKind::Document(file), roots: Vec::new() }
    }

    #[test]
    fn a_unit_that_breaks_down_is_a_finding_and_the_others_are_judged() {
        let db = SourceDb::new();
        let text = "resource \"aws_api_gateway_rest_api\" \"a\" {\n  name = \"a\"\n  \
                    policy = file(\"${path.module}/p.json\")\n}\n";
        let file = db.add(Path::new("/m/main.tf"), "m/main.tf".into(), text);
        let module =
            UnitKind::Terraform { dir: "/m".into(), files: vec![file], tfvars: Vec::new() };
        let broken = Unit { kind: module, roots: vec!["/m".into()] };
        let units = [broken, document(&db, "open.json")];
        let run = run(&units, &plan(), &Broken, db);
        let titles: Vec<_> =
            run.findings.iter().map(|f| (f.rule, f.severity, f.title.as_str())).collect();
        let [(_, severity, title), (rule, ..)] = titles.as_slice() else { panic!("{titles:?}") };
        assert_eq!(*severity, Severity::High);
        assert_eq!(*title, "a bug in gatelint: reading this stopped: canonical");
        assert_eq!(*rule, "wildcard-principal");
    }

    #[test]
    fn what_could_not_be_decided_is_possible_in_every_class() {
        let summaries = undecided().summaries;
        for summary in [Some(&summaries.exposure), summaries.policy_exposure.as_ref()] {
            let summary = summary.expect("a summary");
            assert_eq!(summary.anonymous_internet, Reached::Possible);
            assert_eq!(summary.any_aws_account, Reached::Possible);
            assert_eq!(summary.any_vpc_endpoint, Reached::Possible);
        }
    }

    #[test]
    fn the_order_of_the_units_does_not_matter() {
        let judge = |names: [&str; 3]| {
            let db = SourceDb::new();
            let units = names.map(|name| document(&db, name));
            let run = run(&units, &plan(), &MemoryFs::new(), db);
            let shown = |span: Span| run.db.file(span.file).display.clone();
            let findings: Vec<_> = run.findings.iter().map(|f| shown(f.primary().span)).collect();
            let apis: Vec<_> = run.apis.iter().map(|a| a.api.address.clone()).collect();
            (findings, apis)
        };
        let expected = judge(["a.json", "b.json", "c.json"]);
        assert_eq!(expected.0, ["a.json", "b.json", "c.json"]);
        assert_eq!(judge(["c.json", "a.json", "b.json"]), expected);
    }
}
