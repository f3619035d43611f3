//! Units of Terragrunt: the module that one calls, with the inputs that it passes (SEMANTICS 4.4).
//!
//! The module is read by `extract/terraform` as one that is called, and so is judged with these inputs
//! only. What Terragrunt generates beside it is named where it speaks of API Gateway.

use super::remarks::Sections;
use super::terraform::{Loaded, of_called};
use super::{Extraction, Inputs};
use crate::model::{Problem, ProblemKind};
use crate::resolve::terraform::{Files, Given};
use crate::resolve::terragrunt;
use crate::source::FileId;

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
    let mut out = of_called(loaded, &dir, &read, inputs);
    for (at, text) in unit.generated {
        let gateway = ["api_gateway", "apigateway", "execute-api"];
        if !text.is_some_and(|text| gateway.iter().any(|name| text.contains(name))) {
            continue;
        }
        out.inventory.problems.push(Problem {
            kind: ProblemKind::Unresolved {
                what: "`generate` block".into(),
                why: "what Terragrunt writes beside the module is not read".into(),
                pin: None,
            },
            origin: out.origins.literal(at),
            related: Vec::new(),
            api: None,
        });
    }
    out
}
