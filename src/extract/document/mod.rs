//! Bare policy documents: JSON or YAML that is a policy and nothing else.
//!
//! Nothing is known of the API that such a policy is for: its endpoint type, methods and worlds are
//! those of [`EndpointTypes::Document`](crate::model::EndpointTypes::Document).

use super::alone::{Alone, Facts};
use super::holes::of_rendering;
use super::remarks::Sections;
use super::{Extraction, Inputs};
use crate::model::{ApiKind, Form, Framework};
use crate::source::FileId;

/// Extracts the policies that `file` consists of: one, or one for each document of a YAML stream.
/// What stands in functions (a fragment of a template) is evaluated as if nothing were declared.
pub fn extract(file: FileId, inputs: Inputs<'_>) -> Extraction {
    let mut alone = Alone::read(file, inputs, Sections::None);
    let address = alone.source.display.clone();
    for root in alone.roots() {
        alone.unit.start_api();
        let value = alone.opened(&root, of_rendering);
        let policy = alone.policy(&value, &address);
        let origin = alone.unit.origin(root.span);
        alone.add(Facts {
            kind: ApiKind::Document,
            site: Some((origin, Form::Document)),
            policy,
            ..Facts::new(&address, Framework::Policy, origin)
        });
    }
    alone.finish("there is no policy document in this file")
}

#[cfg(test)]
mod tests;
