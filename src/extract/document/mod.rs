//! Bare policy documents: JSON or YAML that is a policy and nothing else.
//!
//! Nothing is known of the API that such a policy is for: its endpoint type, methods and worlds are
//! those of [`EndpointTypes::Document`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::convert::symbol_table;
use super::policy::{PolicyCx, policy_state};
use super::remarks::{Remarks, Sections};
use super::{Extraction, Inputs, read};
use crate::model::{
    Api, ApiKind, ApiWorld, DuplicateEffect, EndpointTypes, Form, Framework, Inventory,
    IpAddressType, PolicySite, Problem, ProblemKind, Routes,
};
use crate::resolve::cloudformation::{Scope, Template, Unit};
use crate::resolve::{Kind, Symbols, World};
use crate::source::{FileId, Origins, Span};
use crate::syntax::Node;

/// Extracts the policies that `file` consists of: one, or one for each document of a YAML stream.
/// What stands in functions (a fragment of a template) is evaluated as if nothing were declared.
pub fn extract(file: FileId, inputs: Inputs<'_>) -> Extraction {
    let source = inputs.db.file(file);
    let document = read::parse(file, &source);
    let mut problems = Vec::new();
    let given = BTreeMap::new();
    let mut unit =
        Unit::new(Template::default(), &given, Symbols::new(), Origins::new(), "document:");
    for error in &document.errors {
        problems.push(Problem {
            kind: ProblemKind::Unreadable {
                message: error.message.clone(),
                help: error.help.clone(),
            },
            origin: unit.origin(error.span),
            related: Vec::new(),
            api: Some(source.display.clone()),
        });
    }
    let mut apis = Vec::new();
    for root in document.roots.iter().filter(|root| !matches!(root.kind, crate::syntax::Kind::Null))
    {
        apis.push(api(&mut unit, root, &source.display, &mut problems));
    }
    if apis.is_empty() && problems.is_empty() {
        problems.push(Problem {
            kind: ProblemKind::Unreadable {
                message: "there is no policy document in this file".into(),
                help: None,
            },
            origin: unit.origin(Span::new(file, 0, 0)),
            related: Vec::new(),
            api: None,
        });
    }
    duplicates(&mut unit, &document.duplicates, &source.display, &mut problems);
    problems.sort_by_key(|p| unit.origins.span(p.origin));
    let symbols = Arc::new(symbol_table(&unit.symbols));
    for api in &mut apis {
        api.symbols = Arc::clone(&symbols);
    }
    let remarks = Remarks::of(&document, &source, Sections::None);
    let inventory = Inventory { apis, problems, symbols };
    Extraction { inventory, origins: unit.origins, remarks, ..Extraction::default() }
}

/// The API of one document.
fn api(unit: &mut Unit<'_>, root: &Node, address: &str, problems: &mut Vec<Problem>) -> Api {
    let world = World::default().freeze();
    unit.start_api();
    let value = match unit.eval(root, &Scope::default(), &world) {
        Ok(value) => value,
        // A frozen world asks for no split; were it otherwise, nothing would be known.
        Err(split) => {
            crate::resolve::Value::new(Kind::Symbol(split.symbol), unit.origin(root.span))
        }
    };
    let policy = policy_state(
        &value,
        &mut PolicyCx {
            symbols: &mut unit.symbols,
            origins: &mut unit.origins,
            this_api: Some(address),
            problems,
        },
    );
    let origin = unit.origin(root.span);
    let site = PolicySite { address: address.to_owned(), origin, form: Form::Document };
    Api {
        address: address.to_owned(),
        kind: ApiKind::Document,
        framework: Framework::Policy,
        name: None,
        tags: Vec::new(),
        origin,
        sites: vec![site],
        worlds: vec![ApiWorld {
            assumptions: Vec::new(),
            is_default: true,
            exists: true,
            endpoint: EndpointTypes::Document,
            ip: IpAddressType::Ipv4,
            policy,
            routes: Routes::default(),
        }],
        bounded: unit.is_exhausted(),
        unresolved: Vec::new(),
        assumptions: Vec::new(),
        symbols: Arc::default(),
    }
}

/// Reports the keys that stand twice where the policy did not report them itself (inside what is no
/// policy element).
fn duplicates(
    unit: &mut Unit<'_>,
    found: &[crate::syntax::Duplicate],
    address: &str,
    problems: &mut Vec<Problem>,
) {
    let known: BTreeSet<Span> = problems
        .iter()
        .filter(|p| matches!(p.kind, ProblemKind::DuplicateKey { .. }))
        .map(|p| unit.origins.span(p.origin))
        .collect();
    for duplicate in found.iter().filter(|d| !known.contains(&d.second)) {
        let first = unit.origin(duplicate.first);
        problems.push(Problem {
            kind: ProblemKind::DuplicateKey {
                key: duplicate.key.to_string(),
                effect: DuplicateEffect::Unspecified,
            },
            origin: unit.origin(duplicate.second),
            related: vec![(first, "first given here".into())],
            api: Some(address.to_owned()),
        });
    }
}

#[cfg(test)]
mod tests;
