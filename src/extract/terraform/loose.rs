//! Policy documents that no API of the module carries: a module that only hands out a policy, or the
//! policy of a VPC endpoint. Who carries them is not known here, so they are named and not judged.

use super::Unit;
use crate::model::{Problem, ProblemKind};
use crate::resolve::terraform::Sort;

impl Unit<'_> {
    /// Names the policy documents with principals that speak of execute-api. To be called for a
    /// module without an API.
    pub(super) fn loose_documents(&mut self) {
        let module = std::sync::Arc::clone(&self.module);
        for document in &module.resources {
            if document.sort != Sort::Data || &*document.kind != "aws_iam_policy_document" {
                continue;
            }
            let text = self.evaluator.text(document.block.span).to_ascii_lowercase();
            // A document without principals is the policy of an identity, not of an API.
            if !text.contains("\"execute-api:") || !text.contains("principals") {
                continue;
            }
            let origin = self.evaluator.origins.literal(document.block.header);
            self.report(Problem {
                kind: ProblemKind::Unresolved {
                    what: format!("data.aws_iam_policy_document.{}", document.name),
                    why: "no API of this module carries this policy".into(),
                    pin: None,
                },
                origin,
                related: Vec::new(),
                api: None,
            });
        }
    }
}
