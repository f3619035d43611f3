//! The Serverless Framework: `serverless.yml`, expanded into the CloudFormation template that the
//! framework deploys (SEMANTICS 4.5; read from the source of version 3), as far as it says who can
//! call an API. Variables are put in place first.
//!
//! The framework makes one REST API of all `http` events. Its policy is the list of statements in
//! `provider.apiGateway.resourcePolicy`. What stands under `resources` is merged into the template.

mod events;
mod template;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use super::cloudformation::extract_tree;
use super::{Extraction, Inputs, read};
use crate::model::{Framework, Problem, ProblemKind};
use crate::resolve::serverless::{Place, Variables};
use crate::source::{FileId, Span};
use crate::syntax::Node;

/// Something to say besides what the template says.
struct Note {
    at: Span,
    kind: ProblemKind,
}

/// Extracts the APIs of the service in `file`.
pub fn extract(file: FileId, inputs: Inputs<'_>) -> Extraction {
    let source = inputs.db.file(file);
    let mut document = read::parse(file, &source);
    let Some(root) = document.roots.first().cloned() else {
        return extract_tree(file, inputs, &Arc::new(document), &[]);
    };
    let dir = source.path.parent().unwrap_or(Path::new(""));
    let display = source.display.rsplit_once('/').map_or("", |(folder, _)| folder);
    let place = Place { dir, display, roots: inputs.roots, parse: read::parse };
    let mut variables = Variables::new(root.clone(), place, inputs.fs, inputs.db);
    if !is_aws(&mut variables) {
        return Extraction::default();
    }
    let mut notes = Vec::new();
    let made = template::made(&root, &mut variables, &mut notes);
    if variables.exhausted {
        let kind = ProblemKind::Bounded { what: "variables of the Serverless Framework".into() };
        notes.push(Note { at: root.span, kind });
    }
    let included = std::mem::take(&mut variables.included);
    document.errors.append(&mut variables.errors);
    if made.is_none() && notes.is_empty() && document.errors.is_empty() {
        return Extraction { included, ..Extraction::default() };
    }
    // A service without an API is one all the same: what is to be said of it is said.
    let made: Vec<Node> = made.into_iter().collect();
    let empty = made.is_empty();
    let mut out = extract_tree(file, inputs, &Arc::new(document), &made);
    if empty {
        out.inventory.problems.retain(|p| !matches!(p.kind, ProblemKind::Unresolved { .. }));
    }
    for api in &mut out.inventory.apis {
        api.framework = Framework::Serverless;
    }
    for Note { at, kind } in notes {
        let origin = out.origins.literal(at);
        out.inventory.problems.push(Problem { kind, origin, related: Vec::new(), api: None });
    }
    let origins = &out.origins;
    out.inventory.problems.sort_by_key(|problem| origins.span(problem.origin));
    out.included.extend(included);
    out
}

/// Whether the service is one of AWS; where nobody says, it is.
fn is_aws(variables: &mut Variables<'_>) -> bool {
    let provider = variables.section("provider");
    let name =
        provider.as_ref().and_then(|node| node.scalar().or_else(|| node.get("name")?.scalar()));
    name.is_none_or(|name| &*name == "aws")
}
