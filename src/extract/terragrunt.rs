//! Units of Terragrunt: the module that one calls, with the inputs that it passes (SEMANTICS 4.4).
//!
//! The module is read by `extract/terraform` as one that is called, and so is judged with these inputs
//! only. What Terragrunt generates is read as a part of the module; findings in it point at the
//! `generate` block.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::remarks::Sections;
use super::terraform::{Code, Loaded, of_called, speaks_of_apis};
use super::{Extraction, Inputs};
use crate::model::{Problem, ProblemKind};
use crate::resolve::terraform::{Files, Given};
use crate::resolve::terragrunt::{self, Generated};
use crate::source::{FileId, Span, Step};
use crate::syntax::hcl::is_code;

/// Extracts the APIs of the module that a unit calls.
pub fn extract(file: FileId, inputs: Inputs<'_>) -> Extraction {
    let files = Files { db: inputs.db, fs: inputs.fs, roots: inputs.roots };
    let unit = terragrunt::read(file, files);
    let mut loaded = Loaded { given: Given::flags(inputs.variables), ..Loaded::default() };
    let mut read = Vec::new();
    for (file, document) in unit.documents {
        loaded.remarks.add(&document, &inputs.db.file(file), Sections::None);
        loaded.duplicates.extend(document.duplicates);
        loaded.errors.extend(document.errors);
        read.push(file);
    }
    let dir = unit.module.dir.clone();
    loaded.module = unit.module.into();
    // Files that are written elsewhere, and those of other kinds, are no part of the module.
    let mut places: BTreeMap<PathBuf, Span> = BTreeMap::new();
    let mut unread = Vec::new();
    for Generated { at, span, name, text } in unit.generated {
        let name = name.unwrap_or_else(|| "generated.tf".into());
        match text {
            Some(text) if is_code(&name) && !name.contains(['/', '\\']) => {
                let path = dir.join(&name);
                places.insert(path.clone(), at);
                loaded.generated.push(Code { path, name, text });
            }
            Some(_) => {}
            None if speaks_of_apis(&inputs.db.slice(span)) => unread.push(at),
            None => {}
        }
    }
    let mut out = of_called(loaded, &dir, &read, inputs);
    out.origins.lead(Step::Include, |at| places.get(&inputs.db.file(at.file).path).copied());
    for at in unread {
        out.inventory.problems.push(Problem {
            kind: ProblemKind::Unresolved {
                what: "`generate` block".into(),
                why: "what Terragrunt writes beside the module is not known".into(),
                pin: None,
            },
            origin: out.origins.literal(at),
            related: Vec::new(),
            api: None,
        });
    }
    out
}
