//! `aws_api_gateway_rest_api_put`: OpenAPI documents that are imported into an API after it was made.
//!
//! The provider imports them in the mode `overwrite` (`internal/service/apigateway/rest_api_put.go`), in
//! no order that is known, each time the document changes. Its policy may be the one that holds, and so
//! may any other; with several stages each may have the policy of the import that it was deployed after.

use std::sync::Arc;

use super::api::Judge;
use super::body::{Body, Brings};
use super::policies::{Found, Link, Writer};
use crate::resolve::terraform::{Env, Resource};
use crate::resolve::{Kind, NeedSplit, World};
use crate::syntax::Attribute;

/// The type of the resource.
pub(super) const IMPORT: &str = "aws_api_gateway_rest_api_put";

/// One import into an API.
pub(super) struct Import {
    /// Its address, with the instance key.
    address: String,
    /// The argument that holds the document.
    body: Attribute,
    /// The document.
    pub(super) read: Arc<Body>,
    /// How surely it is of this API.
    pub(super) link: Link,
}

impl Judge<'_, '_> {
    /// The documents that are imported into an API in a world.
    pub(super) fn imports(
        &mut self,
        api: &Arc<Resource>,
        world: &World,
    ) -> Result<Vec<Import>, NeedSplit> {
        let mut out = Vec::new();
        for import in self.unit.of_api(IMPORT, &api.named()) {
            for (instance, link) in self.linked(&import, api, world)? {
                self.uses(&import);
                let address = import.instance(&instance.suffix);
                self.unit.linked.insert(address.clone());
                let scope = instance.scope();
                let env = Env::data(&scope, world);
                out.extend(self.import(&import, address, link, env)?);
            }
        }
        Ok(out)
    }

    /// One import, evaluated; `None` without a document, which the provider refuses.
    pub(super) fn import(
        &mut self,
        resource: &Arc<Resource>,
        address: String,
        link: Link,
        env: Env<'_>,
    ) -> Result<Option<Import>, NeedSplit> {
        let Some(body) = resource.block.body.attribute("body") else { return Ok(None) };
        self.uses_all(body);
        let value = self.unit.evaluator.eval(&body.value, env)?;
        let read = Arc::new(self.read_body(value));
        Ok(Some(Import { address, body: body.clone(), read, link }))
    }

    /// Whether an import has, in a world, the last word over the policies of its API: without one of its
    /// own it takes them away until somebody applies again.
    pub(super) fn runs_last(&mut self, import: &Import, world: &World) -> Result<bool, NeedSplit> {
        let origin = self.unit.evaluator.origins.literal(import.body.name_span);
        let label = format!("{} runs after the policy is written", import.address);
        Ok(self.perhaps(label, origin, world)? == Some(true))
    }

    /// Adds the policy that an import brings, and tells when it takes away one that is there. Says whether
    /// it is a document without one.
    pub(super) fn imported_policy(&mut self, import: &Import, found: &mut Found) -> bool {
        let Import { address, body, read, .. } = import;
        match self.policy_in(read, address) {
            Brings::Nothing => {
                let is_document = !matches!(read.value.kind, Kind::Null);
                if is_document {
                    self.tell_overwritten(body, found, false);
                }
                return is_document;
            }
            Brings::NotRead => found.add(self.body_not_read(read, address)),
            Brings::Policy { state, document, open } => {
                let at = self.unit.evaluator.origins.literal(body.name_span);
                let what = format!("{address}.body");
                // Imports for several stages are meant to differ.
                match found.writers().iter().any(|writer| writer.imported) {
                    true => found.add(state),
                    false => found.write(state, Writer { what, at, document, imported: true }),
                }
                if open {
                    found.add(self.body_not_read(read, address));
                }
            }
        }
        false
    }
}
