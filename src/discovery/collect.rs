//! From paths to units.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::callers;
use super::calls::Calls;
use super::content::{Ask, Content, look, look_at};
use super::exclude::Exclude;
use super::fate::Fates;
use super::given::Given;
use super::linked;
use super::name::Name;
use super::prefilter::mentions_api;
use super::sniff::{Class, Facts, classify};
use super::terragrunt;
use super::walk::{Hit, Module, Walk};
use super::{Discovery, Error, Request, Stdin, Unit, UnitKind};
use crate::source::{FileId, SourceDb, display_path, git_root, normalize, slashed};

/// Finds the units of what `request` names, and adds their files to `db`.
///
/// # Errors
/// A path that does not exist or cannot be read, a glob that is none.
pub fn discover(request: &Request<'_>, db: &SourceDb) -> Result<Discovery, Error> {
    let exclude = Exclude::new(request.exclude).map_err(Error::Glob)?;
    let given = Given::new(request, &exclude)?;
    let walk = Walk {
        roots: &given.roots,
        offered: &given.offered,
        exclude: &exclude,
        gitignore: request.gitignore,
        fs: request.fs,
        named: &given.files,
        parts_only: false,
        explain: request.explain,
    };
    let walked = walk.run();
    let fates = request.explain.then(|| Fates::of(&walked, &walk));
    let mut collector = Collector {
        request,
        db,
        given: &given,
        repositories: BTreeMap::new(),
        includable: BTreeSet::new(),
        units: Vec::new(),
        callers: BTreeMap::new(),
        out: Discovery {
            files_discovered: walked.discovered,
            iac: walked.iac,
            excluded: walked.excluded + given.excluded,
            warnings: walked.warnings,
            ..Discovery::default()
        },
    };
    let mut modules = walked.modules;
    for hit in walked.hits {
        collector.file(&hit, false);
    }
    for path in &given.files {
        collector.named(path, &walk, &mut modules)?;
    }
    if let Some(stdin) = &request.stdin {
        collector.stdin(stdin, &walk, &mut modules);
    }
    linked::follow(&mut modules, request.fs, &given.offered);
    callers::handing(&mut modules, request.fs, &given.offered);
    callers::calling(&mut modules);
    let hands = |dir: &Path, text: &str| {
        let files = Calls::of(text.as_bytes()).files;
        callers::hands_a_policy(dir, &files, request.fs, &given.offered)
    };
    for hit in terragrunt::wanted(walked.terragrunt, &mut modules, hands) {
        collector.file(&hit, false);
    }
    collector.including(&exclude, &mut modules);
    for (dir, module) in modules {
        if module.wanted && !module.outside {
            collector.module(&dir, module, &walk);
        }
    }
    if let Some(fates) = fates {
        collector.out.ignored = Some(fates.ignored());
        collector.tell(fates);
    }
    Ok(collector.finish())
}

pub(super) struct Collector<'a> {
    pub(super) request: &'a Request<'a>,
    pub(super) db: &'a SourceDb,
    given: &'a Given,
    /// The root of the repository of each folder met.
    repositories: BTreeMap<PathBuf, Option<PathBuf>>,
    /// Named files that a module may read.
    includable: BTreeSet<PathBuf>,
    pub(super) units: Vec<(PathBuf, Unit)>,
    /// The folders of the modules that call each module.
    pub(super) callers: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
    pub(super) out: Discovery,
}

impl Collector<'_> {
    /// A file that is no part of a Terraform module.
    fn file(&mut self, hit: &Hit, named: bool) {
        let Hit { path, content, policy } = hit;
        let text = match content {
            Content::Text(text) => text,
            Content::Unreadable(reason) if *policy => {
                self.unreadable(path, reason.clone());
                return;
            }
            Content::Unreadable(_) => {
                self.skip(path, "not text, and no API that can have a policy");
                return;
            }
        };
        let named = named && self.request.promised;
        let facts = Facts { policy: *policy, named };
        let class = match Name::of(path) {
            Name::Terragrunt => {
                let id = self.add(path, text);
                return self.unit(path, UnitKind::Terragrunt(id));
            }
            // The same in a program, which nobody but its own runtime can read.
            Name::ServerlessProgram if text.contains("resourcePolicy") => {
                Class::NotReadYet("serverless configuration in a program")
            }
            Name::ServerlessProgram => Class::Nothing("a program"),
            _ => classify(text, facts),
        };
        let unit = match class {
            Class::Template => UnitKind::CloudFormation,
            Class::Document => UnitKind::Document,
            Class::OpenApi => UnitKind::OpenApi,
            Class::Dump => UnitKind::Dump,
            Class::Plan => UnitKind::Plan,
            Class::Serverless => UnitKind::Serverless,
            Class::Chalice => UnitKind::Chalice,
            Class::NotReadYet(form) => {
                let id = self.add(path, text);
                self.unit(path, UnitKind::NotReadYet(id, form));
                return;
            }
            Class::Unreadable(what) => return self.unreadable(path, what.to_owned()),
            Class::Terraform if named => {
                let id = self.add(path, text);
                let dir = path.parent().unwrap_or(path).to_path_buf();
                self.unit(path, UnitKind::Terraform { dir, files: vec![id], tfvars: Vec::new() });
                return;
            }
            Class::Terraform => return self.skip(path, "Terraform in a file of another name"),
            Class::Nothing(reason) => return self.skip(path, reason),
        };
        let id = self.add(path, text);
        let kind = unit(id);
        let only_outer =
            matches!(kind, UnitKind::CloudFormation(_)) && !named && !mentions_api(text.as_bytes());
        self.add_unit(path, kind, only_outer);
    }

    /// A file that was named.
    fn named(
        &mut self,
        path: &Path,
        walk: &Walk<'_>,
        modules: &mut BTreeMap<PathBuf, Module>,
    ) -> Result<(), Error> {
        if matches!(Name::of(path), Name::Terraform | Name::TerraformValues) {
            self.want(path, None, walk, modules);
            return Ok(());
        }
        let ask = Ask { content: true, template: true, ..Ask::default() };
        let looked = look(path, ask, &mut Vec::new());
        let look = looked.map_err(|source| Error::Path { path: slashed(path), source })?;
        self.out.files_discovered += 1;
        self.out.iac |= look.template;
        if let Some(content) = look.content {
            self.file(&Hit { path: path.to_path_buf(), content, policy: look.policy }, true);
        }
        let is_template = self
            .units
            .iter()
            .any(|(other, unit)| other == path && matches!(unit.kind, UnitKind::CloudFormation(_)));
        if !is_template {
            self.includable.insert(path.to_path_buf());
        }
        Ok(())
    }

    /// Selects the modules that may read a file that was named: those of its repository that mention
    /// API Gateway. Whether they do is known once their expressions are evaluated.
    fn including(&mut self, exclude: &Exclude, modules: &mut BTreeMap<PathBuf, Module>) {
        let includable = std::mem::take(&mut self.includable);
        let folders = includable.iter().filter_map(|file| file.parent());
        let roots: BTreeSet<PathBuf> =
            folders.filter_map(|dir| git_root(self.request.fs, dir)).collect();
        let roots: Vec<PathBuf> = roots.into_iter().collect();
        let walk = Walk {
            roots: &roots,
            offered: &self.given.offered,
            exclude,
            gitignore: self.request.gitignore,
            fs: self.request.fs,
            named: &BTreeSet::new(),
            parts_only: true,
            explain: false,
        };
        for (dir, mut found) in walk.run().modules {
            let known = modules.get(&dir).is_some_and(|module| module.wanted);
            if found.wanted && !known {
                found.only_with.clone_from(&includable);
                modules.insert(dir, found);
            }
        }
    }

    /// Standard input: it stands for the file it is named after.
    fn stdin(&mut self, stdin: &Stdin, walk: &Walk<'_>, modules: &mut BTreeMap<PathBuf, Module>) {
        let name = stdin.name.clone().unwrap_or_else(|| "<stdin>".into());
        let joined = normalize(&self.request.cwd.join(&name));
        let dir = joined.parent().and_then(|dir| self.request.fs.canonical(dir).ok());
        let path = match (dir, joined.file_name()) {
            (Some(dir), Some(name)) => dir.join(name),
            _ => joined,
        };
        let look = look_at(&stdin.bytes, Ask { content: true, template: true, ..Ask::default() });
        let Some(content) = look.content else { return };
        if matches!(Name::of(&path), Name::Terraform | Name::TerraformValues) {
            self.want(&path, Some(content), walk, modules);
            return;
        }
        self.out.files_discovered += 1;
        self.out.iac |= look.template;
        // What is on the disk under that name was replaced.
        self.units.retain(|(other, _)| *other != path);
        self.file(&Hit { path, content, policy: look.policy }, true);
    }

    pub(super) fn unreadable(&mut self, path: &Path, reason: String) {
        let id = self.add(path, "");
        self.unit(path, UnitKind::Unreadable(id, reason));
    }

    fn unit(&mut self, path: &Path, kind: UnitKind) {
        self.add_unit(path, kind, false);
    }

    fn add_unit(&mut self, path: &Path, kind: UnitKind, only_outer: bool) {
        self.out.iac = true;
        let unit = Unit { only_outer, ..self.unit_of(kind) };
        self.units.push((path.to_path_buf(), unit));
    }

    pub(super) fn unit_of(&self, kind: UnitKind) -> Unit {
        let (roots, only_with) = (self.given.offered.clone(), BTreeSet::new());
        Unit { kind, roots, only_with, only_outer: false, callers: Vec::new() }
    }

    pub(super) fn skip(&mut self, path: &Path, reason: &'static str) {
        let shown = self.display(path);
        self.out.skipped.push((shown, reason));
    }

    pub(super) fn add(&mut self, path: &Path, text: &str) -> FileId {
        let shown = self.display(path);
        self.db.add(path, shown, text)
    }

    pub(super) fn display(&mut self, path: &Path) -> String {
        if path.file_name().is_some_and(|name| name == "<stdin>") {
            return "<stdin>".into();
        }
        let dir = path.parent().unwrap_or(path);
        if !self.repositories.contains_key(dir) {
            let root = git_root(self.request.fs, dir);
            self.repositories.insert(dir.to_path_buf(), root);
        }
        let git = self.repositories.get(dir).and_then(Option::as_deref);
        if git.is_none()
            && !path.starts_with(self.request.cwd)
            && let Some((base, prefix)) =
                dir.ancestors().find_map(|dir| self.given.prefixes.get_key_value(dir))
            && let Ok(rest) = path.strip_prefix(base)
        {
            return slashed(&prefix.join(rest));
        }
        display_path(git, self.request.cwd, None, path)
    }

    fn finish(mut self) -> Discovery {
        let files = |(dir, unit): &(PathBuf, Unit)| match &unit.kind {
            UnitKind::Terraform { files, .. } => Some((dir.clone(), files.clone())),
            UnitKind::Terragrunt(file) => Some((dir.clone(), vec![*file])),
            _ => None,
        };
        let files: BTreeMap<PathBuf, Vec<FileId>> = self.units.iter().filter_map(files).collect();
        for (dir, unit) in &mut self.units {
            let callers = self.callers.get(dir).into_iter().flatten();
            unit.callers = callers.filter_map(|dir| files.get(dir)).flatten().copied().collect();
        }
        self.units.sort_by(|a, b| a.0.cmp(&b.0));
        self.out.units = self.units.into_iter().map(|(_, unit)| unit).collect();
        self.out.skipped.sort();
        self.out
    }
}
