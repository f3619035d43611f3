//! The sources that a plan was made of: the folder that `--source` names, and the modules that it calls.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::extract::Inputs;
use crate::extract::remarks::Remarks;
use crate::extract::terraform::load;
use crate::resolve::plan;
use crate::resolve::terraform::{Module, is_local};
use crate::source::{FileId, Fs, SourceRoot, confine, git_root, read_text, shown_in};
use crate::syntax::json;

/// The largest file that is read, in bytes.
const MAX_FILE: usize = 16 << 20;

/// How many files a module may have.
const MAX_FILES: usize = 2_000;

/// The list of modules that `terraform init` installed, below the root module.
const INSTALLED: &str = ".terraform/modules/modules.json";

/// The folders of modules.
pub(super) struct Folders<'a> {
    inputs: Inputs<'a>,
    root: &'a SourceRoot,
    /// What may be read: the repository of the root module, or that module alone.
    roots: Vec<PathBuf>,
    /// The folders that were found, canonical, by the calls that lead there.
    found: BTreeMap<Vec<String>, Option<PathBuf>>,
    /// The folders of installed modules, by the calls that lead there.
    installed: Option<BTreeMap<String, PathBuf>>,
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
        let installed = self.installed().get(&calls.join(".")).cloned();
        let around = calls.split_last().and_then(|(_, around)| self.found.get(around).cloned());
        let local = source.filter(|source| is_local(source));
        let beside = |dir: &Path, name: &Path| confine(self.inputs.fs, &self.roots, dir, name);
        let found = match (installed, around.flatten().zip(local)) {
            (_, Some((around, local))) => beside(&around, Path::new(local)),
            (Some(dir), None) => beside(&self.root.dir, &dir),
            (None, None) => None,
        };
        self.found.insert(calls.to_vec(), found.clone());
        found
    }

    fn installed(&mut self) -> &BTreeMap<String, PathBuf> {
        let (fs, root, roots) = (self.inputs.fs, &self.root.dir, &self.roots);
        self.installed.get_or_insert_with(|| read_installed(fs, root, roots).unwrap_or_default())
    }

    /// The files of a module: `.tofu` stands for `.tf` of the same name.
    fn files(&self, dir: &Path) -> Vec<FileId> {
        let all = self.inputs.fs.list(dir).unwrap_or_default();
        let name = |path: &PathBuf| path.file_name().map(|n| n.to_string_lossy().into_owned());
        let names: Vec<String> = all.iter().filter_map(name).collect();
        let twin = |name: &str| {
            let (stem, json) = match name.strip_suffix(".tf.json") {
                Some(stem) => (Some(stem), ".json"),
                None => (name.strip_suffix(".tf"), ""),
            };
            stem.is_some_and(|stem| names.contains(&format!("{stem}.tofu{json}")))
        };
        let mut out = Vec::new();
        for path in all.iter().take(MAX_FILES) {
            let Some(name) = name(path) else { continue };
            let ends = [".tf", ".tofu", ".tf.json", ".tofu.json"];
            if !ends.iter().any(|end| name.ends_with(end)) || twin(&name) {
                continue;
            }
            let Some(real) = confine(self.inputs.fs, &self.roots, dir, path) else { continue };
            let Some(text) = read_text(self.inputs.fs, &real, MAX_FILE) else { continue };
            out.push(self.inputs.db.add(&real, self.shown(&real), text));
        }
        out
    }

    /// How a file is printed: as the folder that was named is, and what lies above or below it.
    fn shown(&self, file: &Path) -> String {
        let mut up = PathBuf::new();
        for base in self.root.dir.ancestors() {
            if let Ok(rest) = file.strip_prefix(base) {
                return shown_in(Path::new(&self.root.display), &up.join(rest));
            }
            up.push("..");
        }
        file.to_string_lossy().into_owned()
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

/// The folders that `terraform init` put modules into, relative to the root module.
fn read_installed(
    fs: &dyn Fs,
    root: &Path,
    roots: &[PathBuf],
) -> Option<BTreeMap<String, PathBuf>> {
    let list = confine(fs, roots, root, Path::new(INSTALLED))?;
    let text = read_text(fs, &list, MAX_FILE)?;
    let all = 0..text.len();
    let text_of = |range: &std::ops::Range<usize>| {
        let token = text.get(range.clone())?;
        Some(token.strip_prefix('"')?.strip_suffix('"')?.to_owned())
    };
    let mut out = BTreeMap::new();
    for member in json::members(&text, &all).0 {
        for entry in json::elements(&text, &member.value).0 {
            let fields = json::members(&text, &entry).0;
            let field = |name: &str| {
                let found = fields.iter().find(|field| field.key == name)?;
                text_of(&found.value)
            };
            if let (Some(key), Some(dir)) = (field("Key"), field("Dir")) {
                out.insert(key, PathBuf::from(dir.replace("\\\\", "/")));
            }
        }
    }
    Some(out)
}
