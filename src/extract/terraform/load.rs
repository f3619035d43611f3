//! Reading the files of a module directory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::folder::Code;
use crate::extract::Inputs;
use crate::extract::remarks::{Remarks, Sections};
use crate::resolve::terraform::{Given, Module};
use crate::source::{FileId, SourceDb, SourceFile, Span};
use crate::syntax::{Block, Document, Duplicate, SyntaxError, hcl, json};

/// What the files hold.
#[derive(Default)]
pub(in crate::extract) struct Loaded {
    pub(in crate::extract) module: Arc<Module>,
    pub(in crate::extract) given: Given,
    pub(in crate::extract) duplicates: Vec<Duplicate>,
    pub(in crate::extract) errors: Vec<SyntaxError>,
    /// What the authors of the files ask of this program.
    pub(in crate::extract) remarks: Remarks,
    /// The folders of the modules that it calls, which are a part of it, canonical.
    pub(in crate::extract) called: BTreeSet<PathBuf>,
    /// The calls that lead to a module that is not read, and why.
    pub(in crate::extract) lost: BTreeMap<Span, Lost>,
    /// Files that are written beside the module of a Terragrunt unit.
    pub(in crate::extract) generated: Vec<Code>,
}

/// Why a module that is called is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::extract) enum Lost {
    /// Its folder is not there, or not among those that are read.
    NotThere,
    /// Its source is not known.
    NotKnown,
    /// There are too many calls, or they are too deep or too large.
    Limit {
        /// It makes an API or attaches a policy to one, or a module does that it calls.
        makes_api: bool,
    },
}

/// What the files of one folder hold beside a module.
#[derive(Clone, Default)]
pub(super) struct Beside {
    pub(super) duplicates: Vec<Duplicate>,
    pub(super) errors: Vec<SyntaxError>,
    pub(super) remarks: Remarks,
}

/// One file of a module.
struct Part {
    blocks: Vec<Arc<Block>>,
    beside: Beside,
}

/// The module of the files of a folder, which is printed as `display`. Files are parsed once for all who
/// call the module.
pub(super) fn module(
    dir: &Path,
    display: String,
    files: &[FileId],
    db: &SourceDb,
    beside: &mut Beside,
) -> Module {
    let (mut plain, mut over) = (Vec::new(), Vec::new());
    for &id in files {
        let file = db.file(id);
        let name = file.path.file_name().map(|n| n.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        let part = file.parsed(|| part(id, &name, &file));
        beside.duplicates.extend_from_slice(&part.beside.duplicates);
        beside.errors.extend_from_slice(&part.beside.errors);
        beside.remarks.append(part.beside.remarks.clone());
        let blocks = if is_override(&name) { &mut over } else { &mut plain };
        blocks.extend(part.blocks.iter().cloned());
    }
    Module::new(dir.to_path_buf(), display, plain, &over)
}

fn part(id: FileId, name: &str, file: &SourceFile) -> Part {
    let json = is_json(name, &file.text);
    let document = match json {
        true => hcl::parse_json_file(id, &file.text),
        false => hcl::parse_file(id, &file.text),
    };
    let mut remarks = Remarks::default();
    remarks.add(&document, file, Sections::None);
    if let (true, Some(body)) = (json, &document.body) {
        remarks.add_notes(body);
    }
    let Document { duplicates, errors, body, .. } = document;
    let beside = Beside { duplicates, errors, remarks };
    Part { blocks: body.unwrap_or_default().into_blocks(), beside }
}

pub(in crate::extract) fn load(
    dir: &Path,
    files: &[FileId],
    tfvars: &[FileId],
    inputs: Inputs<'_>,
) -> Loaded {
    let mut beside = Beside::default();
    let display = files.first().map(|&id| {
        let display = &inputs.db.file(id).display;
        display.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
    });
    let module = module(dir, display.unwrap_or_default(), files, inputs.db, &mut beside);
    let module = Arc::new(module);
    let Beside { duplicates, mut errors, mut remarks } = beside;
    let mut given = Given::flags(inputs.variables);
    for &id in tfvars {
        let file = inputs.db.file(id);
        let is_json = file.path.extension().is_some_and(|e| e == "json");
        errors.extend(add_values(&mut given, id, &file, is_json, &mut remarks));
    }
    for path in inputs.var_files {
        let text = inputs.fs.read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let Some(text) = text else { continue };
        let is_json = path.extension().is_some_and(|e| e == "json");
        let display = path.to_string_lossy().replace('\\', "/");
        let id = inputs.db.add(path, display, text);
        let file = inputs.db.file(id);
        errors.extend(add_values(&mut given, id, &file, is_json, &mut remarks));
    }
    Loaded { module, given, duplicates, errors, remarks, ..Loaded::default() }
}

/// Whether a part of a module is in the JSON syntax. Standard input without a name has no ending to
/// tell; no native file starts with a bracket.
fn is_json(name: &str, text: &str) -> bool {
    let native = name.ends_with(".tf") || name.ends_with(".tofu");
    let bracket = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
    name.ends_with(".json") || (!native && bracket)
}

/// `override.tf` and `*_override.tf` (`.tofu` and JSON too).
fn is_override(name: &str) -> bool {
    let name = name.strip_suffix(".json").unwrap_or(name);
    let stem = name.strip_suffix(".tf").or_else(|| name.strip_suffix(".tofu")).unwrap_or(name);
    stem == "override" || stem.ends_with("_override")
}

fn add_values(
    given: &mut Given,
    id: FileId,
    file: &SourceFile,
    is_json: bool,
    remarks: &mut Remarks,
) -> Vec<SyntaxError> {
    let text = &*file.text;
    if is_json {
        let document = json::parse_file(id, text);
        if let Some(root) = document.roots.first() {
            remarks.add_notes_of_values(root);
            given.add_json(root);
        }
        return document.errors;
    }
    let document = hcl::parse_file(id, text);
    remarks.add(&document, file, Sections::None);
    given.add_body(&document.body.unwrap_or_default());
    document.errors
}
