//! Policies that no API of the module carries: of a module that only hands one out, of a VPC endpoint, of
//! a resource whose `count` is 0. They are named and not judged.

use std::sync::Arc;

use super::Unit;
use super::imports::IMPORT;
use crate::model::{Api, Problem, ProblemKind};
use crate::resolve::terraform::{Resource, Sort};
use crate::source::Span;

impl Unit<'_> {
    /// Names the policy documents with principals that speak of execute-api. To be called for a
    /// module without an API.
    pub(super) fn loose_documents(&mut self) {
        let module = Arc::clone(&self.module);
        for document in &module.resources {
            if !self.is_document(document) {
                continue;
            }
            let kind = ProblemKind::Unresolved {
                what: document.address(),
                why: "no API of this module carries this policy".into(),
                pin: None,
            };
            self.report_at(document, kind);
        }
    }

    /// Names, for the inventory, the policies of `apis` that are written and attached to none of them in
    /// any case.
    pub(super) fn unattached(&mut self, apis: &[Api]) {
        let module = Arc::clone(&self.module);
        let carried = self.carried(apis);
        for resource in &module.resources {
            let attaches = match &*resource.kind {
                "aws_api_gateway_rest_api_policy" => true,
                IMPORT => resource.block.body.attribute("body").is_some(),
                "aws_api_gateway_rest_api" => resource.block.body.attribute("policy").is_some(),
                _ => false,
            };
            let why = if resource.sort == Sort::Managed && attaches {
                if self.is_made(resource, apis) || self.is_on_http_api(resource) {
                    continue;
                }
                match (resource.count(), resource.for_each()) {
                    (Some(_), _) => "its `count` is 0",
                    (_, Some(_)) => "its `for_each` is empty",
                    (None, None) if resource.root_call().is_some() => "its module is not called",
                    (None, None) => continue,
                }
            } else if self.is_document(resource) {
                let is_carried = carried.iter().any(|at| resource.block.span.contains(*at));
                if is_carried || self.is_handed_on(resource) {
                    continue;
                }
                match self.is_named_by(resource, apis) {
                    true => "no API was seen to carry it",
                    false => "no API that is made carries it",
                }
            } else {
                continue;
            };
            let (what, why) = (resource.address(), why.to_owned());
            self.report_at(resource, ProblemKind::Unattached { what, why });
        }
    }

    /// Where the policies of `apis` are written, those of documents that are merged into them too.
    fn carried(&self, apis: &[Api]) -> Vec<Span> {
        let sites = apis.iter().flat_map(|api| &api.sites);
        let origins = sites.flat_map(|site| site.merged.iter().chain([&site.origin]));
        origins.map(|origin| self.evaluator.origins.span(*origin)).collect()
    }

    /// Whether a policy that is made names a document.
    fn is_named_by(&mut self, document: &Resource, apis: &[Api]) -> bool {
        let module = Arc::clone(&self.module);
        let named = document.named();
        module.resources.iter().any(|resource| {
            let body = &resource.block.body;
            let arguments = ["policy", "body"].into_iter().filter_map(|name| body.attribute(name));
            resource.sort == Sort::Managed
                && resource.kind.starts_with("aws_")
                && arguments.into_iter().any(|a| self.names(&a.value, Some(resource), &named))
                && self.is_made(resource, apis)
        })
    }

    /// Whether a module that is not read is handed a document.
    fn is_handed_on(&mut self, document: &Resource) -> bool {
        let module = Arc::clone(&self.module);
        let named = document.named();
        let mut arguments = module.calls.iter().flat_map(|call| &call.body.attributes);
        arguments.any(|argument| self.names(&argument.value, None, &named))
    }

    /// Whether an instance of a resource is among `apis`, or attached to one of them.
    fn is_made(&self, resource: &Resource, apis: &[Api]) -> bool {
        let base = resource.address();
        let of_it = |address: &str| {
            let rest = address.strip_prefix(&base);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        };
        apis.iter().any(|api| of_it(&api.address)) || self.linked.iter().any(|one| of_it(one))
    }

    /// Whether a resource is a document about execute-api with principals: one without them is the
    /// policy of an identity, not of an API.
    fn is_document(&self, resource: &Resource) -> bool {
        resource.sort == Sort::Data && &*resource.kind == "aws_iam_policy_document" && {
            let text = self.evaluator.text(resource.block.span).to_ascii_lowercase();
            text.contains("\"execute-api:") && text.contains("principals")
        }
    }

    fn report_at(&mut self, resource: &Resource, kind: ProblemKind) {
        let origin = self.evaluator.origins.literal(resource.block.header);
        self.report(Problem { kind, origin, related: Vec::new(), api: None });
    }
}
