//! Terragrunt: what one unit (`terragrunt.hcl`) calls and passes, as a Terraform module of one call.
//!
//! The unit's `inputs` become the arguments of a call of its `source`, those of the files that it
//! includes below them. Locals of each file are locals of the module, under a name of their own; what
//! Terragrunt's own functions say of files and folders is put in place on the tree ([`functions`]), and
//! what nobody knows before it runs (outputs of dependencies, commands) is a symbol.
//!
//! Follows "Configuration Blocks and Attributes" and "Built-in functions" of
//! <https://terragrunt.gruntwork.io/docs/reference/>. This room reads files through [`Files`] only, and
//! must not know what an API is. What it follows is bounded; what lies beyond is unknown.

mod call;
mod config;
mod functions;
mod names;
mod values;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::resolve::World;
use crate::resolve::terraform::{Env, Evaluator, Files, Given, Module, Scope};
use crate::source::{FileId, Span, confine, read_text, relative, shown_in, slashed};
use crate::syntax::{Document, Node, hcl};

/// The name of a unit's file; in the JSON syntax, with `.json` behind it.
const FILE: &str = "terragrunt.hcl";

/// How many configurations one unit may read.
const MAX_CONFIGS: usize = 40;
/// How deep configurations may read each other.
const MAX_DEPTH: usize = 6;
/// How long one may be, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// What a unit was read as.
pub struct Unit {
    /// Its locals, and the call of its module.
    pub module: Module,
    /// The files that it was put together from, the unit's own first.
    pub documents: Vec<(FileId, Document)>,
    /// The files that Terragrunt writes beside the module.
    pub generated: Vec<Generated>,
}

/// A file that a `generate` block writes.
pub struct Generated {
    /// The block.
    pub at: Span,
    /// The whole of it.
    pub span: Span,
    /// The name of the file.
    pub name: Option<String>,
    /// What it holds.
    pub text: Option<String>,
}

/// Reads the unit in `file`.
pub fn read(file: FileId, files: Files<'_>) -> Unit {
    let source = files.db.file(file);
    let dir = source.path.parent().unwrap_or(&source.path).to_path_buf();
    let display = slashed(Path::new(&source.display).parent().unwrap_or(Path::new("")));
    let document = match source.path.extension().is_some_and(|end| end == "json") {
        true => Document::default(),
        false => hcl::parse_file(file, &source.text),
    };
    let body = document.body.clone().unwrap_or_default();
    let mut reader = Reader {
        files,
        unit: dir.clone(),
        display: display.clone(),
        module: Arc::new(Module::new(dir, display, Vec::new(), &[])),
        documents: vec![(file, document)],
        read: BTreeMap::new(),
        depth: 0,
        missing: 0,
    };
    let config = reader.config(&body, &config::Place::unit(&reader.unit));
    let (generated, call) = (reader.generated(&config), reader.call(&config, file));
    let mut module = reader.module;
    Arc::make_mut(&mut module).calls.extend(call.map(Arc::new));
    Unit { module: Arc::unwrap_or_clone(module), documents: reader.documents, generated }
}

/// Reads the configurations of one unit.
struct Reader<'a> {
    files: Files<'a>,
    /// The folder of the unit, canonical.
    unit: PathBuf,
    /// How it is printed.
    display: String,
    /// The locals of all configurations.
    module: Arc<Module>,
    documents: Vec<(FileId, Document)>,
    /// What `read_terragrunt_config` read, as an object.
    read: BTreeMap<PathBuf, Option<Node>>,
    depth: usize,
    /// How many files were not found so far.
    missing: usize,
}

impl Reader<'_> {
    /// The text of an expression of which all names are in place, where it is one.
    fn text(&self, node: &Node) -> Option<String> {
        if let Some(text) = node.scalar() {
            return Some(text.to_string());
        }
        let mut evaluator = Evaluator::new(Arc::clone(&self.module), self.files, Given::default());
        let (world, scope) = (World::default().freeze(), Scope::module());
        evaluator.begin();
        let value = evaluator.eval(node, Env::data(&scope, &world)).ok()?;
        value.known_text()
    }

    /// A file or folder that a configuration in `dir` names, where it is in the given folders.
    fn find(&self, dir: &Path, name: &str) -> Option<PathBuf> {
        confine(self.files.fs, self.files.roots, dir, Path::new(name))
    }

    /// The tree of another configuration. Each is read once.
    fn parse(&mut self, real: &Path) -> Option<crate::syntax::Body> {
        let of = |file: FileId| self.files.db.file(file).path.clone();
        if let Some((_, document)) = self.documents.iter().find(|(file, _)| of(*file) == *real) {
            return document.body.clone();
        }
        if self.documents.len() >= MAX_CONFIGS {
            return None;
        }
        let text = read_text(self.files.fs, real, MAX_BYTES)?;
        let shown = shown_in(Path::new(&self.display), &relative(&self.unit, real));
        let file = self.files.db.add(real, shown, text);
        let document = hcl::parse_file(file, &self.files.db.file(file).text);
        let body = document.body.clone();
        self.documents.push((file, document));
        body
    }
}

#[cfg(test)]
mod tests;
