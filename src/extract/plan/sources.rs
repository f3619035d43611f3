//! The sources that a plan was made of: the folder that `--source` names, and the modules that it calls.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::extract::Inputs;
use crate::extract::remarks::Remarks;
use crate::extract::terraform::{Code, code, installed, load};
use crate::resolve::plan;
use crate::resolve::terraform::{Module, is_local};
use crate::source::{FileId, SourceRoot, confine, git_root, relative, shown_in};

/// The folders of modules.
pub(super) struct Folders<'a> {
    inputs: Inputs<'a>,
    root: &'a SourceRoot,
    /// What may be read: the repository of the root module, or that module alone.
    roots: Vec<PathBuf>,
    /// The folders that were found, canonical, by the calls that lead there.
    found: BTreeMap<Vec<String>, Option<PathBuf>>,
    /// The folders of installed modules, by the calls that lead there.
    installed: Option<BTreeMap<String, String>>,
    /// What authors wrote in the files that were read.
    pub(super) remarks: Remarks,
    /// Modules that several calls lead to are read once.
    modules: BTreeMap<PathBuf, Arc<Module>>,
}

impl<'a> Folders<'a> {
    pub(super) fn new(root: &'a SourceRoot, inputs: Inputs<'a>) -> Self {
        let repository = git_root(inputs.fs, &root.dir).unwrap_or_else(|| root.dir.clone());
        Self {
            inputs,
            root,
            roots: vec![repository],
            found: BTreeMap::from([(Vec::new(), Some(root.dir.clone()))]),
            installed: None,
            remarks: Remarks::default(),
            modules: BTreeMap::new(),
        }
    }

    /// What may be read.
    pub(super) fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    fn folder(&mut self, calls: &[String], source: Option<&str>) -> Option<PathBuf> {
        if let Some(known) = self.found.get(calls) {
            return known.clone();
        }
        let (fs, root, roots) = (self.inputs.fs, &self.root.dir, &self.roots);
        let list = self.installed.get_or_insert_with(|| installed(fs, roots, root));
        let installed = list.get(&calls.join(".")).cloned();
        let around = calls.split_last().and_then(|(_, around)| self.found.get(around).cloned());
        let local = source.filter(|source| is_local(source));
        let beside = |dir: &Path, name: &Path| confine(self.inputs.fs, &self.roots, dir, name);
        let found = match (installed, around.flatten().zip(local)) {
            (_, Some((around, local))) => beside(&around, Path::new(local)),
            (Some(dir), None) => beside(&self.root.dir, Path::new(&dir)),
            (None, None) => None,
        };
        self.found.insert(calls.to_vec(), found.clone());
        found
    }

    /// The files of a module.
    fn files(&self, dir: &Path) -> Vec<FileId> {
        let code = code(self.inputs.fs, &self.roots, dir).into_iter();
        let add = |file: Code| self.inputs.db.add(&file.path, self.shown(&file.path), file.text);
        code.map(add).collect()
    }

    /// How a file is printed: as the folder that was named is, and what lies above or below it.
    fn shown(&self, file: &Path) -> String {
        shown_in(Path::new(&self.root.display), &relative(&self.root.dir, file))
    }
}

impl plan::Sources for Folders<'_> {
    fn module(&mut self, calls: &[String], source: Option<&str>) -> Option<Arc<Module>> {
        let dir = self.folder(calls, source)?;
        if let Some(known) = self.modules.get(&dir) {
            return Some(Arc::clone(known));
        }
        let files = self.files(&dir);
        let loaded = load(&dir, &files, &[], Inputs { var_files: &[], ..self.inputs });
        self.remarks.append(loaded.remarks);
        self.modules.insert(dir, Arc::clone(&loaded.module));
        Some(loaded.module)
    }
}
