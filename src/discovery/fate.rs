//! What became of every file, for whoever asks why one was not looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::UnitKind;
use super::collect::Collector;
use super::name::Name;
use super::walk::{Walk, Walked};
use crate::syntax::hcl::auto_loaded;

/// What is known of the files of a walk before they are sorted out.
pub(super) struct Fates {
    /// What was passed over, with the reason.
    passed: Vec<(PathBuf, String)>,
    /// What `.gitignore` files hide.
    ignored: BTreeSet<PathBuf>,
    /// The parts of modules.
    parts: BTreeSet<PathBuf>,
}

impl Fates {
    /// What the walk says. The disk is walked a second time, for what is ignored.
    pub(super) fn of(walked: &Walked, walk: &Walk<'_>) -> Self {
        let parts: BTreeSet<PathBuf> =
            walked.modules.values().flat_map(|module| module.files.keys().cloned()).collect();
        let mut ignored = walk.all();
        for path in walked.passed.iter().map(|(path, _)| path).chain(&parts) {
            ignored.remove(path);
        }
        let units = walked.terragrunt.iter().map(|hit| hit.path.clone());
        let parts: BTreeSet<PathBuf> = parts.into_iter().chain(units).collect();
        for hit in walked.hits.iter().chain(&walked.terragrunt) {
            ignored.remove(&hit.path);
        }
        Self { passed: walked.passed.clone(), ignored, parts }
    }

    /// How many files `.gitignore` files hide.
    pub(super) fn ignored(&self) -> usize {
        self.ignored.len()
    }
}

impl Collector<'_> {
    /// Says what became of every file: those of units last, for what is read is not passed over.
    pub(super) fn tell(&mut self, fates: Fates) {
        let mut told: BTreeMap<String, String> = BTreeMap::new();
        for path in &fates.parts {
            let why = match (Name::of(path), auto_loaded(path)) {
                (Name::Terragrunt, _) => "no module that it may call mentions API Gateway",
                (Name::TerraformValues, None) => "variables that are read only with --var-file",
                _ => "no file of its module mentions API Gateway",
            };
            told.insert(self.display(path), format!("skipped: {why}"));
        }
        for (path, why) in &fates.passed {
            told.insert(self.display(path), format!("skipped: {why}"));
        }
        for path in &fates.ignored {
            told.insert(self.display(path), "skipped: hidden by .gitignore".to_owned());
        }
        for (path, why) in &self.out.skipped {
            told.insert(path.clone(), format!("skipped: {why}"));
        }
        for (_, unit) in &self.units {
            let what = match &unit.kind {
                UnitKind::Terraform { .. } => "read as a part of its Terraform module".to_owned(),
                UnitKind::Terragrunt(_) => "read as a unit of Terragrunt".to_owned(),
                UnitKind::CloudFormation(_) => "read as a CloudFormation template".to_owned(),
                UnitKind::Document(_) => "read as a policy document".to_owned(),
                UnitKind::NotReadYet(_, form) => format!("not read yet: {form}"),
                UnitKind::Unreadable(_, reason) => format!("cannot be read: {reason}"),
                _ => "read as a definition of an API".to_owned(),
            };
            for file in unit.kind.files() {
                told.insert(self.db.file(file).display.clone(), what.clone());
            }
        }
        self.out.fates = told.into_iter().collect();
    }
}
