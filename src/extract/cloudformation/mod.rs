//! CloudFormation templates: APIs, policies, methods (SEMANTICS 4.1).
//!
//! Every `AWS::ApiGateway::RestApi` and `AWS::ApiGateway::DomainNameV2` becomes an [`Api`] that is
//! judged in every world it asks for, and so does every API of AWS SAM. A policy that may stand in a
//! form that is not read yet (a body in YAML text) makes the policy unknown and is said so; it is never
//! nothing.

mod api;
mod body;
mod deployments;
mod domain;
mod endpoint;
mod files;
mod hidden;
mod http_api;
mod include;
mod links;
mod metadata;
mod outline;
mod problems;
mod rest_api;
mod routes;
mod sam;

#[cfg(test)]
mod tests;

pub(super) use api::both;
pub(super) use outline::outline;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::remarks::{Remarks, Sections};
use super::{Extraction, Inputs, convert, read};
use crate::model::{Api, Framework, Inventory, Problem, ProblemKind};
use crate::resolve::Symbols;
use crate::resolve::cloudformation::{Template, Unit};
use crate::source::{FileId, Origins, Span};
use crate::syntax::{Document, Node};
use files::{Files, Loader};

/// Extracts what `file` declares. Errors of syntax are problems; what could be read is extracted.
pub fn extract(file: FileId, inputs: Inputs<'_>) -> Extraction {
    let source = inputs.db.file(file);
    let document = read::parse(file, &source);
    let mut origins = Origins::new();
    let mut symbols = Symbols::new();
    let mut inventory = Inventory::default();
    let mut found = problems::Problems::default();
    for error in &document.errors {
        found.add(
            Problem {
                kind: ProblemKind::Unreadable {
                    message: error.message.clone(),
                    help: error.help.clone(),
                },
                origin: origins.literal(error.span),
                related: Vec::new(),
                api: None,
            },
            &origins,
        );
    }
    for root in &document.roots {
        problems::misspelt(root, &mut origins, &mut found);
    }
    let templates: Vec<&Node> = document.roots.iter().filter(|r| Template::is_one(r)).collect();
    if templates.is_empty() && found.is_empty() {
        let root = document.roots.first().map_or(Span::new(file, 0, 0), |root| root.span);
        let what = "template without `Resources`";
        let why = "it declares nothing that could be read";
        found.add(api::unresolved(&mut origins, root, what, why, None), &origins);
    }
    let mut remarks = Remarks::of(&document, &source, Sections::Roots);
    let mut included = BTreeSet::new();
    for (index, root) in templates.into_iter().enumerate() {
        let prefix = if index == 0 { String::new() } else { format!("document {index}:") };
        let mut loader = Loader::new(file, inputs);
        let (root, includes) = include::expand(root, &mut loader);
        let template = Template::read(&root);
        let mut unit = Unit::new(template, inputs.parameters, symbols, origins, &prefix);
        unit.include(includes.places);
        metadata::remarks(&unit.template(), &root, source.text.len(), &mut remarks);
        let files = Files::of(&unit.template(), includes.left, &mut loader);
        inventory.apis.extend(template_apis(&mut unit, &root, &document, files, &mut found));
        (symbols, origins) = (unit.symbols, unit.origins);
        for (id, document) in &loader.documents {
            remarks.add(document, &inputs.db.file(*id), Sections::None);
        }
        included.append(&mut loader.paths);
    }
    inventory.problems = found.into_sorted(&origins);
    let table = Arc::new(convert::symbol_table(&symbols));
    for api in &mut inventory.apis {
        api.symbols = Arc::clone(&table);
    }
    inventory.symbols = table;
    Extraction { inventory, origins, remarks, included }
}

/// The APIs of one template, in source order.
fn template_apis(
    unit: &mut Unit<'_>,
    root: &Node,
    document: &Document,
    files: Files,
    found: &mut problems::Problems,
) -> Vec<Api> {
    let template = unit.template();
    let links = links::Links::of(&template, problems::foreign(&template, root), files);
    let mut apis = Vec::new();
    for resource in template.resources() {
        let api = match &*resource.kind {
            "AWS::ApiGateway::RestApi" => rest_api::extract(unit, resource, &links, found),
            "AWS::ApiGateway::DomainNameV2" => {
                domain::extract(unit, resource, Framework::CloudFormation, &links, found)
            }
            "AWS::Serverless::Api" => {
                apis.extend(sam::extract(unit, resource, &links, found));
                continue;
            }
            _ => continue,
        };
        apis.push(api);
    }
    apis.extend(sam::implicit(unit, &links, found));
    deployments::fixed(unit, &apis, &links, found);
    http_api::policies(unit, &links.files, found);
    problems::duplicates(unit, document, found);
    problems::macros(unit, &links, found);
    apis
}
