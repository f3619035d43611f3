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
mod nested;
mod outline;
mod problems;
mod rest_api;
mod routes;
mod sam;
mod told;
mod vpc_endpoint;
mod ways;

#[cfg(test)]
mod tests;

pub(super) use api::both;
pub(super) use outline::outline;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::remarks::{Remarks, Sections};
use super::{Extraction, Inputs, convert, read};
use crate::model::{Api, Framework, Inventory};
use crate::resolve::Symbols;
use crate::resolve::cloudformation::{StackId, Template, Unit};
use crate::source::{FileId, Origins, Span};
use crate::syntax::{Document, Node};
use files::{Files, Loader};
use nested::Part;
use told::Stacks;

/// Extracts what `file` declares. Errors of syntax are problems; what could be read is extracted.
pub fn extract(file: FileId, inputs: Inputs<'_>) -> Extraction {
    let document = Arc::new(read::parse(file, &inputs.db.file(file)));
    extract_tree(file, inputs, &document, &document.roots)
}

/// The same of templates that were made of what `document`, read from `file`, holds.
pub(super) fn extract_tree(
    file: FileId,
    inputs: Inputs<'_>,
    document: &Arc<Document>,
    roots: &[Node],
) -> Extraction {
    let source = inputs.db.file(file);
    let mut origins = Origins::new();
    let mut symbols = Symbols::new();
    let mut inventory = Inventory::default();
    let mut found = problems::Problems::default();
    problems::unreadable(document, &mut origins, &mut found);
    for root in roots {
        problems::misspelt(root, "", &mut origins, &mut found);
    }
    let templates: Vec<&Node> = roots.iter().filter(|r| Template::is_one(r)).collect();
    // A list of that name is something of another program.
    let lists = |root: &Node| root.get("Resources").is_some_and(|node| node.as_list().is_some());
    if templates.is_empty() && found.is_empty() && !roots.iter().any(lists) {
        let root = roots.first().map_or(Span::new(file, 0, 0), |root| root.span);
        let what = "template without `Resources`";
        let why = "it declares nothing that could be read";
        found.add(api::unresolved(&mut origins, root, what, why, None), &origins);
    }
    let mut remarks = Remarks::of(document, &source, Sections::Roots);
    let mut included = BTreeSet::new();
    let mut nested = BTreeSet::new();
    for (index, root) in templates.into_iter().enumerate() {
        let prefix = if index == 0 { String::new() } else { format!("document {index}:") };
        let mut loader = Loader::new(inputs);
        let (outer, template, places) = Part::outer(root, file, document, inputs, &mut loader);
        let mut unit = Unit::new(template, inputs.parameters, symbols, origins, &prefix);
        unit.include(places);
        let parts = nested::parts(&mut unit, outer, inputs, &mut loader, &mut found);
        let macros = parts.iter().filter(|part| !part.foreign.is_empty());
        let macros: BTreeSet<StackId> = macros.map(|part| part.stack).collect();
        let stacks = Stacks::of(&unit, parts.iter().map(|part| part.stack), macros);
        for part in &parts {
            unit.enter(part.stack);
            if part.stack != StackId::ROOT {
                nested.insert(inputs.db.file(part.file).path.clone());
                let path = unit.path().to_owned();
                problems::misspelt(&part.root, &path, &mut unit.origins, &mut found);
            }
            stack_apis(&mut unit, part, &stacks, &mut loader, &mut found, &mut inventory);
        }
        for (id, document) in &loader.documents {
            if mentions_api(&inputs.db.file(*id).text) {
                problems::unreadable(document, &mut unit.origins, &mut found);
            }
        }
        nested::remarks(&mut unit, &parts, inputs, &loader, &mut remarks);
        (symbols, origins) = (unit.symbols, unit.origins);
        included.extend(loader.paths().cloned());
    }
    inventory.problems = found.into_sorted(&origins);
    let table = Arc::new(convert::symbol_table(&symbols));
    for api in &mut inventory.apis {
        api.symbols = Arc::clone(&table);
    }
    inventory.symbols = table;
    Extraction { inventory, origins, remarks, included, nested, ..Extraction::default() }
}

/// Whether a file that a template names says anything of Amazon API Gateway.
fn mentions_api(text: &str) -> bool {
    ["execute-api", "x-amazon-apigateway", "AWS::ApiGateway", "AWS::Serverless::Api"]
        .iter()
        .any(|word| text.contains(word))
}

/// Adds the APIs of the stack that is evaluated, in source order.
fn stack_apis(
    unit: &mut Unit<'_>,
    part: &Part,
    stacks: &Stacks,
    loader: &mut Loader<'_>,
    found: &mut problems::Problems,
    inventory: &mut Inventory,
) {
    let template = unit.template();
    let files = Files::of(&template, part.file, part.left.clone(), loader);
    let links = links::Links::of(unit, part.foreign.clone(), stacks, files);
    let mut apis: Vec<Api> = Vec::new();
    for resource in template.resources() {
        let api = match &*resource.kind {
            "AWS::ApiGateway::RestApi" => rest_api::extract(unit, resource, &links, found),
            "AWS::ApiGateway::DomainNameV2" => {
                domain::extract(unit, resource, Framework::CloudFormation, &links, found)
            }
            "AWS::EC2::VPCEndpoint" => {
                apis.extend(vpc_endpoint::extract(unit, resource, &links, found));
                continue;
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
    sam::astray(unit, found);
    deployments::fixed(unit, &apis, &links, found);
    http_api::policies(unit, &links.files, found);
    problems::duplicates(unit, &part.document, found);
    problems::macros(unit, &links, found);
    inventory.ways.extend(ways::of(unit, &links, stacks));
    inventory.apis.extend(apis);
}
