//! A module that other modules of the run call, where it is judged alone all the same (modules call each
//! other in a circle, or there are too many): what a call passes is an input that nobody knows here.

use std::path::Path;
use std::sync::Arc;

use super::load::{self, Beside};
use crate::extract::Inputs;
use crate::resolve::terraform::{Files, Given, META, is_local};
use crate::resolve::terragrunt;
use crate::source::{FileId, normalize};
use crate::syntax::Block;
use crate::syntax::hcl::is_unit;

/// Takes the variables that calls of the module in `dir` pass for inputs that are not known.
pub(super) fn passed(
    dir: &Path,
    callers: &[FileId],
    variables: &[Arc<str>],
    given: &mut Given,
    inputs: Inputs<'_>,
) {
    for &file in callers {
        let path = inputs.db.file(file).path.clone();
        if path.file_name().is_some_and(|name| is_unit(&name.to_string_lossy())) {
            by_unit(file, variables, given, inputs);
            continue;
        }
        let folder = path.parent().unwrap_or(&path);
        let mut beside = Beside::default();
        let module = load::module(folder, String::new(), &[file], inputs.db, &mut beside);
        for call in module.calls.iter().filter(|call| calls(call, folder, dir)) {
            let arguments = call.body.attributes.iter().filter(|a| !META.contains(&&*a.name));
            arguments.for_each(|argument| given.add_passed(&argument.name, argument.value.span));
        }
    }
}

/// Takes what a unit of Terragrunt passes for inputs that are not known, where it is not known which
/// module it calls.
fn by_unit(file: FileId, variables: &[Arc<str>], given: &mut Given, inputs: Inputs<'_>) {
    let files = Files { db: inputs.db, fs: inputs.fs, roots: inputs.roots };
    let unit = terragrunt::read(file, files);
    let is_open = |call: &&Arc<Block>| {
        call.body.attribute("source").is_none_or(|source| source.value.scalar().is_none())
    };
    for argument in unit.module.calls.iter().filter(is_open).flat_map(|call| &call.body.attributes)
    {
        match &*argument.name {
            "inputs" => {
                variables.iter().for_each(|name| given.add_passed(name, argument.value.span));
            }
            name if !META.contains(&name) => given.add_passed(name, argument.value.span),
            _ => {}
        }
    }
}

/// Whether a call in a module of `folder` is one of the module in `dir`, by a local path.
fn calls(call: &Block, folder: &Path, dir: &Path) -> bool {
    let source = call.body.attribute("source").and_then(|source| source.value.scalar());
    source.is_some_and(|source| is_local(&source) && normalize(&folder.join(&*source)) == *dir)
}
