//! What a plan or state holds, by address: resource instances, changes, variables, the configuration.
//! Of instances and changes only those of types that matter are kept.
//!
//! The shape is that of `terraform show -json`
//! (<https://developer.hashicorp.com/terraform/internals/json-format>); OpenTofu writes the same.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::address;
use super::configuration::Configured;
use super::raw::{Object, Raw};
use crate::resolve::terraform::Sort;

/// A resource instance of planned values, of prior state, or of a state.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    pub(super) address: String,
    /// The token of the address.
    pub(super) at: Range<usize>,
    /// The address of the module instance; empty for the root module.
    pub(super) module: String,
    pub(super) sort: Sort,
    pub(super) kind: String,
    pub(super) name: String,
    /// Its key in `count` or `for_each`.
    pub(super) key: Option<String>,
    /// Where the instance stands.
    pub(super) whole: Range<usize>,
    pub(super) values: Option<Range<usize>>,
}

/// What is to be done with a resource instance.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) kind: String,
    /// The token of the address.
    pub(super) at: Range<usize>,
    pub(super) actions: BTreeSet<String>,
    pub(super) before: Option<Range<usize>>,
    /// Which values are known after apply only.
    pub(super) unknown: Option<Range<usize>>,
}

impl Change {
    /// Whether the instance is gone after it: destroyed, and not replaced.
    pub(super) fn deletes(&self) -> bool {
        self.actions.contains("delete") && !self.actions.contains("create")
    }
}

/// Everything that was found.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Instances after the plan is applied: managed ones, and data sources.
    pub(super) instances: Vec<Instance>,
    /// By the address of the instance.
    pub(super) changes: BTreeMap<String, Change>,
    /// Root variables.
    pub(super) variables: BTreeMap<String, Option<Range<usize>>>,
    pub(super) configuration: Option<Configured>,
    /// `errored`, `complete` where they say that something is missing.
    pub(super) flaws: Vec<(Range<usize>, &'static str)>,
}

/// Whether a resource of that type is looked at.
pub(super) fn matters(sort: Sort, kind: &str) -> bool {
    match sort {
        Sort::Managed => {
            kind.starts_with("awscc_apigateway_rest_api")
                || matches!(
                    kind,
                    "aws_api_gateway_rest_api"
                        | "aws_api_gateway_rest_api_policy"
                        | "aws_api_gateway_rest_api_put"
                        | "aws_api_gateway_resource"
                        | "aws_api_gateway_method"
                        | "aws_api_gateway_deployment"
                        | "aws_api_gateway_stage"
                        | "aws_api_gateway_base_path_mapping"
                        | "aws_api_gateway_domain_name"
                        | "aws_apigatewayv2_api"
                        | "aws_vpc_endpoint"
                        | "aws_vpc_endpoint_policy"
                )
        }
        Sort::Data => matches!(
            kind,
            "aws_iam_policy_document"
                | "aws_caller_identity"
                | "aws_api_gateway_rest_api"
                | "aws_api_gateway_resource"
                | "aws_vpc_endpoint"
        ),
    }
}

/// Reads the skeleton of a plan.
pub(super) fn index(raw: &mut Raw<'_>) -> Index {
    let root = raw.object(&(0..raw.text.len()));
    let planned = root.get("planned_values");
    let changes = root.get("resource_changes");
    let mut out = Index::default();
    let mut seen = BTreeSet::new();
    let is_plan = planned.is_some() || changes.is_some();
    let state = root.get("values").filter(|_| !is_plan);
    if let Some(values) = planned.clone().or(state) {
        module_tree(raw, &values, &mut out.instances, |_| true);
    }
    seen.extend(out.instances.iter().map(|instance| instance.address.clone()));
    if let Some(changes) = changes {
        for element in raw.array(&changes) {
            change(raw, &element, planned.is_none(), &mut seen, &mut out);
        }
    }
    if let Some(prior) = root.get("prior_state")
        && let Some(values) = raw.object(&prior).get("values")
    {
        let mut prior = Vec::new();
        module_tree(raw, &values, &mut prior, |sort| sort == Sort::Data);
        // What is read again while the plan is applied is newer there.
        prior.retain(|instance| !seen.contains(&instance.address));
        out.instances.extend(prior);
    }
    if let Some(variables) = root.get("variables") {
        for variable in raw.object(&variables).members {
            let value = raw.object(&variable.value).get("value");
            out.variables.insert(variable.key.into_owned(), value);
        }
    }
    if let Some(configuration) = root.get("configuration")
        && let Some(module) = raw.object(&configuration).get("root_module")
    {
        out.configuration = Some(Configured::read(raw, &module));
    }
    flaws(raw, &root, &mut out);
    out
}

fn flaws(raw: &Raw<'_>, root: &Object<'_>, out: &mut Index) {
    let says = |key: &str, value: &str| {
        root.get(key).filter(|range| raw.text.get(range.clone()) == Some(value))
    };
    if let Some(at) = says("errored", "true") {
        out.flaws.push((at, "Terraform met an error while it made this plan"));
    } else if let Some(at) = says("complete", "false") {
        out.flaws.push((at, "this plan is not complete (`-target`, or changes that it defers)"));
    }
}

/// The instances of `root_module` and of all modules below it, in the order of the text.
fn module_tree(
    raw: &mut Raw<'_>,
    values: &Range<usize>,
    out: &mut Vec<Instance>,
    wanted: impl Fn(Sort) -> bool,
) {
    let mut open: Vec<Range<usize>> = raw.object(values).get("root_module").into_iter().collect();
    while let Some(module) = open.pop() {
        let module = raw.object(&module);
        let address = match module.get("address") {
            Some(at) => raw.address(&at),
            None => Some(String::new()),
        };
        let Some(address) = address else { continue };
        for resource in module.get("resources").map(|r| raw.array(&r)).unwrap_or_default() {
            let object = raw.object(&resource);
            out.extend(
                instance(raw, &object, &address, resource, object.get("values"))
                    .filter(|instance| wanted(instance.sort)),
            );
        }
        let children = module.get("child_modules").map(|c| raw.array(&c)).unwrap_or_default();
        open.extend(children.into_iter().rev());
    }
}

/// A resource instance, where its type matters.
fn instance(
    raw: &Raw<'_>,
    object: &Object<'_>,
    module: &str,
    whole: Range<usize>,
    values: Option<Range<usize>>,
) -> Option<Instance> {
    let text = |key: &str| object.get(key).and_then(|range| raw.scalar(&range));
    let sort = match text("mode").as_deref() {
        Some("data") => Sort::Data,
        Some("managed") | None => Sort::Managed,
        Some(_) => return None,
    };
    let kind = text("type")?.into_owned();
    if !matters(sort, &kind) {
        return None;
    }
    let name = text("name").unwrap_or_default().into_owned();
    let key = text("index").map(|key| key.into_owned());
    let at = object.get("address").or_else(|| object.get("type"))?;
    let address = match text("address") {
        Some(address) => address.into_owned(),
        None => address::of(module, sort, &kind, &name, key.as_deref()),
    };
    let module = module.to_owned();
    Some(Instance { address, at, module, sort, kind, name, key, whole, values })
}

fn change(
    raw: &mut Raw<'_>,
    element: &Range<usize>,
    whole_plan: bool,
    seen: &mut BTreeSet<String>,
    out: &mut Index,
) {
    let object = raw.object(element);
    let module = match object.get("module_address") {
        Some(at) => raw.address(&at),
        None => Some(String::new()),
    };
    let Some(module) = module else { return };
    // A deposed object is what is left of an instance that was replaced.
    let Some(mut found) = instance(raw, &object, &module, element.clone(), None)
        .filter(|_| object.get("deposed").is_none())
    else {
        return;
    };
    let Some(change) = object.get("change") else { return };
    let change = raw.object(&change);
    let actions = change.get("actions").map(|range| raw.strings(&range)).unwrap_or_default();
    let known = Change {
        kind: found.kind.clone(),
        at: found.at.clone(),
        actions,
        before: change.get("before"),
        unknown: change.get("after_unknown"),
    };
    let stays = !known.deletes() && !known.actions.contains("forget");
    // Data sources that are read while the plan is applied; everything where there are no planned
    // values.
    if stays && (whole_plan || found.sort == Sort::Data) && seen.insert(found.address.clone()) {
        found.values = change.get("after");
        out.instances.push(found.clone());
    }
    out.changes.insert(found.address, known);
}
