//! From units to a run. Units are independent and are judged in parallel; the results keep the order
//! of the units. What concerns all of them (suppressions, advice, the counts) is done here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rayon::prelude::*;

use super::settings::Plan;
use super::unit::{Judged, build, judge};
use crate::discovery::{Unit, UnitKind};
use crate::extract::remarks::Remarks;
use crate::finding::{self, Draft, Finding, Room, Suppressing};
use crate::model::Framework;
use crate::report::{Counts, JudgedApi, Run};
use crate::rules;
use crate::source::{FileId, Fs, Origins, SourceDb, Span};
use crate::syntax::hcl::is_code;

/// The stack of a thread that judges units. Recursion is bounded in every room; this is what the
/// bounds are made for, whatever the platform gives its main thread.
const STACK: usize = 16 << 20;

/// Judges all `units`.
pub(super) fn run(units: &[Unit], plan: &Plan, fs: &dyn Fs, db: SourceDb) -> Run {
    let judged = judge_all(units, plan, fs, &db);
    let (units, judged): (Vec<&Unit>, Vec<Judged>) = counted(judged, &db).into_iter().unzip();
    let mut findings = Vec::new();
    let mut apis = Vec::new();
    let mut problems = Vec::new();
    let mut unresolved = 0;
    let mut remarks = Remarks::default();
    for unit in judged {
        findings.extend(unit.findings);
        apis.extend(unit.apis);
        problems.extend(unit.problems);
        unresolved += unit.unresolved;
        remarks.append(unit.remarks);
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
    Run { db, findings, apis, problems, counts, ..Run::default() }
}

/// Takes out the units that do not count: those that were to be read with a file that they do not
/// read, files that another unit is put together from, and templates of stacks that another one creates
/// (there it is known what they guard, and what they are passed).
fn counted<'a>(judged: Vec<(&'a Unit, Judged)>, db: &SourceDb) -> Vec<(&'a Unit, Judged)> {
    let attached: BTreeSet<PathBuf> =
        judged.iter().flat_map(|(_, judged)| judged.documents.iter().cloned()).collect();
    let nested = nested(&judged, db);
    let counts = |(unit, judged): &(&Unit, Judged)| match &unit.kind {
        UnitKind::Document(file)
        | UnitKind::OpenApi(file)
        | UnitKind::NotReadYet(file, _)
        | UnitKind::Unreadable(file, _) => !attached.contains(&db.file(*file).path),
        UnitKind::CloudFormation(file) => !judged.apart && !nested.contains(&db.file(*file).path),
        UnitKind::Terraform { dir, .. } => {
            !judged.apart && (is_published(unit, db) || !nested.contains(dir))
        }
        _ => !judged.apart,
    };
    judged.into_iter().filter(counts).collect()
}

/// Whether a module is called from folders below its own only: by its examples and tests. It is there for
/// others, and is judged with inputs that nobody knows as well.
fn is_published(unit: &Unit, db: &SourceDb) -> bool {
    let UnitKind::Terraform { dir, .. } = &unit.kind else { return false };
    let below = |caller: &FileId| {
        let path = &db.file(*caller).path;
        // A unit of Terragrunt is a deployment, wherever it lies.
        let is_code = path.file_name().is_some_and(|name| is_code(&name.to_string_lossy()));
        is_code && path.parent().is_some_and(|folder| folder != dir && folder.starts_with(dir))
    };
    !unit.callers.is_empty() && unit.callers.iter().all(below)
}

/// The templates of stacks, and the folders of modules, that are judged where they are created. Of
/// templates that create each other in a circle, which cannot be deployed, all are judged, unless one
/// outside of it creates them.
fn nested(judged: &[(&Unit, Judged)], db: &SourceDb) -> BTreeSet<PathBuf> {
    let templates = judged.iter().filter(|(_, judged)| !judged.apart);
    let templates: Vec<(PathBuf, &BTreeSet<PathBuf>)> = templates
        .filter_map(|(unit, judged)| match &unit.kind {
            UnitKind::CloudFormation(file) | UnitKind::Terragrunt(file) => {
                Some((db.file(*file).path.clone(), &judged.nested))
            }
            UnitKind::Terraform { dir, .. } => Some((dir.clone(), &judged.nested)),
            _ => None,
        })
        .collect();
    let inner: BTreeSet<&PathBuf> =
        templates.iter().flat_map(|(_, nested)| nested.iter()).collect();
    let outer = templates.iter().filter(|(path, _)| !inner.contains(path));
    outer.flat_map(|(_, nested)| nested.iter().cloned()).collect()
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
    let mut bodies: BTreeMap<FileId, Vec<(Span, Span)>> = BTreeMap::new();
    for body in &remarks.bodies {
        bodies.entry(body.0.file).or_default().push(*body);
    }
    for finding in findings {
        let listed = |span: Span| plan.settings.trust_spans.iter().any(|t| t.file == span.file);
        let mut spans = finding.labels.iter().map(|label| label.span);
        let at = spans.find(|span| !listed(*span)).unwrap_or(finding.primary().span);
        let file = at.file;
        let api = finding.api.as_deref();
        let room = Room {
            at,
            texts: texts.get(&file).map_or(&[], Vec::as_slice),
            bodies: bodies.get(&file).map_or(&[], Vec::as_slice),
            metadata: api.is_some_and(|api| templates.contains(&(api, file))),
            locked: plan.settings.locked.contains(finding.rule),
        };
        finding.advice = finding::advice(finding, room, db);
    }
}

/// Judges the units. Modules that others call come last: most of them were judged where they are called
/// by then.
fn judge_all<'u>(
    units: &'u [Unit],
    plan: &Plan,
    fs: &dyn Fs,
    db: &SourceDb,
) -> Vec<(&'u Unit, Judged)> {
    let (called, first): (Vec<_>, Vec<_>) =
        units.iter().enumerate().partition(|(_, unit)| !unit.callers.is_empty());
    let judge = |list: Vec<(usize, &'u Unit)>| -> Vec<(usize, (&'u Unit, Judged))> {
        let units: Vec<&Unit> = list.iter().map(|(_, unit)| *unit).collect();
        let judged = judge_these(&units, plan, fs, db);
        list.into_iter().zip(judged).map(|((at, unit), judged)| (at, (unit, judged))).collect()
    };
    let mut out = judge(first);
    let followed: BTreeSet<PathBuf> = out
        .iter()
        .filter(|(_, (_, judged))| !judged.apart)
        .flat_map(|(_, (_, judged))| judged.nested.iter().cloned())
        .collect();
    let is_open = |(_, unit): &(usize, &Unit)| match &unit.kind {
        UnitKind::Terraform { dir, .. } => is_published(unit, db) || !followed.contains(dir),
        _ => true,
    };
    out.extend(judge(called.into_iter().filter(is_open).collect()));
    out.sort_by_key(|(at, _)| *at);
    out.into_iter().map(|(_, judged)| judged).collect()
}

/// Judges units on as many threads as there are processors. One unit gets one thread and no pool:
/// starting it would take longer than the work.
fn judge_these(units: &[&Unit], plan: &Plan, fs: &dyn Fs, db: &SourceDb) -> Vec<Judged> {
    let judge = |unit: &&Unit| judge(unit, plan, fs, db);
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io;
    use std::path::{Path, PathBuf};

    use super::super::unit::undecided;
    use super::*;
    use crate::config::Settings;
    use crate::finding::Severity;
    use crate::model::Reached;
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
        Unit {
            kind: UnitKind::Document(file),
            roots: Vec::new(),
            only_with: BTreeSet::new(),
            only_outer: false,
            callers: Vec::new(),
        }
    }

    #[test]
    fn a_unit_that_breaks_down_is_a_finding_and_the_others_are_judged() {
        let db = SourceDb::new();
        let text = "resource \"aws_api_gateway_rest_api\" \"a\" {\n  name = \"a\"\n  \
                    policy = file(\"${path.module}/p.json\")\n}\n";
        let file = db.add(Path::new("/m/main.tf"), "m/main.tf".into(), text);
        let module =
            UnitKind::Terraform { dir: "/m".into(), files: vec![file], tfvars: Vec::new() };
        let broken = Unit {
            kind: module,
            roots: vec!["/m".into()],
            only_with: BTreeSet::new(),
            only_outer: false,
            callers: Vec::new(),
        };
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
