//! Terraform modules: APIs, policies, methods (SEMANTICS 4.4).
//!
//! A unit is a module directory. Each instance of an API is judged in every world that its existence,
//! endpoint, policies or methods ask for; policies are linked to their API by what `rest_api_id`
//! evaluates to. Local and vendored modules that it
//! calls are a part of it; a call that cannot be followed is named, never dropped.

mod address;
mod api;
mod body;
mod callers;
mod calls;
mod deployments;
mod endpoint;
mod folder;
mod form;
mod http_api;
mod imports;
mod load;
mod loose;
mod modules;
mod policies;
mod problems;
mod routes;
mod tags;
mod vpc_endpoint;
mod ways;
mod words;
mod writers;

#[cfg(test)]
pub(super) mod tests;

pub(super) use folder::{Code, code, installed};
pub(super) use load::{Loaded, load};
pub(super) use words::speaks_of_apis;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use load::Lost;

use super::convert::symbol_table;
use super::remarks::Remarks;
use super::{Extraction, Inputs};
use crate::model::{Api, Framework, Inventory, Problem};
use crate::resolve::terraform::{Evaluator, Files, Module, Named, Resource, Sort, Used};
use crate::source::{FileId, Span};
use crate::syntax::{Duplicate, Node, SyntaxError};

/// What a module directory was read as.
struct Unit<'a> {
    framework: Framework,
    evaluator: Evaluator<'a>,
    module: Arc<Module>,
    duplicates: Vec<Duplicate>,
    errors: Vec<SyntaxError>,
    /// Blocks and locals that an API rests on, so that their flaws count.
    read: BTreeSet<Used>,
    /// Addresses of policy resources that some API of the module carries.
    linked: BTreeSet<String>,
    problems: Vec<Problem>,
    /// What expressions name, by their place and resource: each is asked for every API.
    names: BTreeMap<(Span, Option<Arc<str>>), BTreeSet<Named>>,
    /// Resources by their type and what their `rest_api_id` names.
    of_apis: BTreeMap<&'static str, BTreeMap<Named, Vec<Arc<Resource>>>>,
    /// Methods whose `rest_api_id` names no API of the module, once they are asked for.
    loose_methods: Option<Vec<Arc<Resource>>>,
    remarks: Remarks,
    /// The files that OpenAPI documents are made of.
    documents: BTreeSet<FileId>,
    /// The folders of the modules that it calls, which are a part of it.
    called: BTreeSet<PathBuf>,
    /// The calls that lead to a module that is not read, and why.
    lost: BTreeMap<Span, Lost>,
}

/// Extracts the APIs of a module directory.
///
/// `files` are its `.tf` and `.tf.json` files, `tfvars` its variables files that Terraform loads by
/// itself, in the order in which it does; `callers` are the files of other modules that call it.
/// Nothing fails: what cannot be read is a problem in the inventory.
pub fn extract(
    dir: &Path,
    files: &[FileId],
    tfvars: &[FileId],
    callers: &[FileId],
    inputs: Inputs<'_>,
) -> Extraction {
    let mut loaded = load(dir, files, tfvars, inputs);
    let variables: Vec<Arc<str>> = loaded.module.variables.keys().cloned().collect();
    callers::passed(dir, callers, &variables, &mut loaded.given, inputs);
    of_called(loaded, dir, files, inputs)
}

/// Extracts the APIs of a module, which stands in `files`, and of the modules that it calls.
pub(super) fn of_called(
    mut loaded: Loaded,
    dir: &Path,
    files: &[FileId],
    inputs: Inputs<'_>,
) -> Extraction {
    let roots = Files { db: inputs.db, fs: inputs.fs, roots: inputs.roots };
    let called = modules::follow(&mut loaded, dir, roots);
    let files = [files, called.as_slice()].concat();
    of_module(loaded, &files, Framework::Terraform, inputs)
}

/// Extracts the APIs of a module, which stands in `files`.
pub(super) fn of_module(
    loaded: Loaded,
    files: &[FileId],
    framework: Framework,
    inputs: Inputs<'_>,
) -> Extraction {
    let roots = Files { db: inputs.db, fs: inputs.fs, roots: inputs.roots };
    let evaluator = Evaluator::new(loaded.module, roots, loaded.given);
    let module = evaluator.module();
    let mut unit = Unit {
        framework,
        evaluator,
        module: Arc::clone(&module),
        duplicates: loaded.duplicates,
        errors: loaded.errors,
        read: BTreeSet::new(),
        linked: BTreeSet::new(),
        problems: Vec::new(),
        names: BTreeMap::new(),
        of_apis: BTreeMap::new(),
        loose_methods: None,
        remarks: loaded.remarks,
        documents: BTreeSet::new(),
        called: loaded.called,
        lost: loaded.lost,
    };
    let mut apis: Vec<Api> = Vec::new();
    for resource in module.resources.iter().filter(|r| is_api(r)) {
        unit.apis_of(resource, &mut apis);
    }
    for kind in ["aws_api_gateway_rest_api_policy", imports::IMPORT] {
        for resource in module.managed(kind) {
            unit.foreign_policies(resource, &mut apis);
        }
    }
    for call in &module.calls {
        unit.module_call(call, &mut apis);
    }
    let http = unit.http_apis();
    if framework == Framework::Terraform {
        match apis.is_empty() && !http {
            true => unit.loose_documents(),
            false => unit.unattached(&apis),
        }
    }
    // A plan does not say what else replaces a deployment (`replace_triggered_by`).
    if framework == Framework::Terraform {
        unit.deployments(&apis);
    }
    unit.unknown_resources();
    unit.syntax_problems(inputs.db, files);
    unit.finish(apis)
}

/// Whether a resource is one that may carry a policy.
fn is_api(resource: &Resource) -> bool {
    resource.sort == Sort::Managed
        && match &*resource.kind {
            "aws_api_gateway_rest_api" | "aws_vpc_endpoint" => true,
            // Only private custom domains have policies.
            "aws_api_gateway_domain_name" => resource.block.body.attribute("policy").is_some(),
            _ => false,
        }
}

impl Unit<'_> {
    /// Adds a problem once.
    fn report(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Whether an expression names a resource, directly or not.
    fn names(&mut self, node: &Node, within: Option<&Resource>, named: &Named) -> bool {
        self.named_in(node, within).contains(named)
    }

    /// The resources of a type whose `rest_api_id` names an API, directly or not.
    fn of_api(&mut self, kind: &'static str, api: &Named) -> Vec<Arc<Resource>> {
        if !self.of_apis.contains_key(kind) {
            let module = Arc::clone(&self.module);
            let mut found: BTreeMap<Named, Vec<Arc<Resource>>> = BTreeMap::new();
            for resource in module.managed(kind) {
                let Some(id) = resource.block.body.attribute("rest_api_id") else { continue };
                for named in self.named_in(&id.value, Some(resource)) {
                    found.entry(named.clone()).or_default().push(Arc::clone(resource));
                }
            }
            self.of_apis.insert(kind, found);
        }
        let found = self.of_apis.get(kind).and_then(|found| found.get(api));
        found.cloned().unwrap_or_default()
    }

    /// The methods whose `rest_api_id` names no API of the module.
    fn loose_methods(&mut self) -> Vec<Arc<Resource>> {
        if let Some(known) = &self.loose_methods {
            return known.clone();
        }
        let module = Arc::clone(&self.module);
        let mut methods: Vec<_> = module.managed("aws_api_gateway_method").cloned().collect();
        methods.retain(|method| {
            let id = method.block.body.attribute("rest_api_id");
            !id.is_some_and(|id| self.names_api(&id.value, Some(method)))
        });
        self.loose_methods.insert(methods).clone()
    }

    /// Whether an expression names some REST API of the module.
    fn names_api(&mut self, node: &Node, within: Option<&Resource>) -> bool {
        let is_api = |(sort, kind, _): &Named| {
            *sort == Sort::Managed && &**kind == "aws_api_gateway_rest_api"
        };
        self.named_in(node, within).iter().any(is_api)
    }

    fn named_in(&mut self, node: &Node, within: Option<&Resource>) -> &BTreeSet<Named> {
        let evaluator = &self.evaluator;
        // Of a plan, one place says what several instances refer to.
        let names = self.names.entry((node.span, within.map(|one| Arc::clone(&one.name))));
        names.or_insert_with(|| evaluator.names(node, within))
    }

    fn finish(mut self, mut apis: Vec<Api>) -> Extraction {
        let ways = self.ways(&apis);
        let symbols = Arc::new(symbol_table(&self.evaluator.symbols));
        for api in &mut apis {
            api.symbols = Arc::clone(&symbols);
        }
        let inventory = Inventory { apis, problems: self.problems, symbols, ways };
        let included = self.evaluator.included();
        Extraction {
            inventory,
            origins: self.evaluator.origins,
            remarks: self.remarks,
            included,
            documents: self.documents,
            nested: self.called,
        }
    }
}
