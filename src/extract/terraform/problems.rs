//! What is wrong with a module apart from what its policies say.

use std::collections::BTreeSet;

use super::Unit;
use super::words::speaks_of_apis;
use crate::model::{DocumentSurprise, DuplicateEffect, Problem, ProblemKind};
use crate::resolve::terraform::{Oddity, OddityKind, Sort, Used};
use crate::source::{FileId, SourceDb, Span};
use crate::syntax::Body;

impl Unit<'_> {
    /// Reports a note of the evaluator.
    pub(super) fn report_note(&mut self, index: usize, api: &str) {
        let Some(note) = self.evaluator.note(index).cloned() else { return };
        let kind = match note.bound {
            true => ProblemKind::Bounded { what: format!("{}: {}", note.what, note.why) },
            false => ProblemKind::Unresolved { what: note.what, why: note.why, pin: note.pin },
        };
        let api = Some(api.to_owned());
        self.report(Problem { kind, origin: note.origin, related: Vec::new(), api });
    }

    /// Reports what the provider makes of a policy document without a word.
    pub(super) fn report_oddity(&mut self, index: usize) {
        let Some(Oddity { kind, origin, other }) = self.evaluator.oddity(index).cloned() else {
            return;
        };
        let (kind, text) = match kind {
            OddityKind::EffectByDefault => (DocumentSurprise::EffectByDefault, ""),
            OddityKind::Merged { operator, key, deny } => {
                (DocumentSurprise::Merged { operator, key, deny }, "and these values are one list")
            }
            OddityKind::Replaced { sid, deny, keys } => {
                let lost = match deny {
                    true => "the Deny".to_owned(),
                    false => format!("the condition on {}", keys.join(", ")),
                };
                (DocumentSurprise::Replaced { sid, lost }, "this statement is replaced, all of it")
            }
        };
        self.report(Problem {
            kind: ProblemKind::PolicyDocument(kind),
            origin,
            related: other.map(|other| (other, text.to_owned())).into_iter().collect(),
            api: None,
        });
    }

    /// Resources that make or change REST APIs in ways that are not read.
    pub(super) fn unknown_resources(&mut self) {
        let module = std::sync::Arc::clone(&self.module);
        for resource in module.resources.iter().filter(|r| r.sort == Sort::Managed) {
            let kind = &*resource.kind;
            if !kind.starts_with("awscc_apigateway_rest_api") {
                continue;
            }
            let why = "resources of the awscc provider are not read yet";
            let origin = self.evaluator.origins.literal(resource.block.header);
            self.report(Problem {
                kind: ProblemKind::Unresolved {
                    what: resource.address(),
                    why: why.into(),
                    pin: None,
                },
                origin,
                related: Vec::new(),
                api: None,
            });
        }
    }

    /// Keys that stand twice in what an API rests on, and what cannot be read in blocks that an API
    /// may rest on.
    pub(super) fn syntax_problems(&mut self, db: &SourceDb, files: &[FileId]) {
        let mentions = files.iter().any(|&file| speaks_of_apis(&db.file(file).text));
        let attributes = self.attribute_names();
        for duplicate in std::mem::take(&mut self.duplicates) {
            // The JSON syntax refuses equal keys everywhere; within its strings they are HCL's.
            let in_json = self.evaluator.text(duplicate.second).starts_with('"')
                && db.file(duplicate.second.file).path.extension().is_some_and(|e| e == "json");
            let effect = match in_json || attributes.contains(&duplicate.second) {
                true => DuplicateEffect::Refused,
                false => DuplicateEffect::LastWins,
            };
            // A block is refused as a whole; an equal object key matters only where the object does.
            let counts = self.read.iter().any(|used| match used {
                Used::Read(span) => span.contains(duplicate.second),
                Used::Block(span) => {
                    effect == DuplicateEffect::Refused && span.contains(duplicate.second)
                }
                Used::Default(_) | Used::Note(_) | Used::Oddity(_) => false,
            });
            if !counts {
                continue;
            }
            let first = self.evaluator.origins.literal(duplicate.first);
            let origin = self.evaluator.origins.literal(duplicate.second);
            self.report(Problem {
                kind: ProblemKind::DuplicateKey { key: duplicate.key.to_string(), effect },
                origin,
                related: vec![(first, "first given here".into())],
                api: None,
            });
        }
        for error in std::mem::take(&mut self.errors) {
            let harmless = self.block_of(error.span).is_some_and(|matters| !matters);
            if !mentions || harmless {
                continue;
            }
            let origin = self.evaluator.origins.literal(error.span);
            self.report(Problem {
                kind: ProblemKind::Unreadable { message: error.message, help: error.help },
                origin,
                related: Vec::new(),
                api: None,
            });
        }
    }

    /// Whether the block around a place may matter to an API; `None` outside any block.
    fn block_of(&self, at: Span) -> Option<bool> {
        let module = &self.module;
        if let Some(resource) = module.resources.iter().find(|r| r.block.span.contains(at)) {
            let text = self.evaluator.text(resource.block.span);
            let gateway = resource.kind.starts_with("aws_api_gateway_");
            let document = resource.sort == Sort::Data
                && matches!(&*resource.kind, "aws_iam_policy_document" | "template_file");
            return Some(gateway || document || text.contains("execute-api"));
        }
        if let Some(call) = module.calls.iter().find(|c| c.span.contains(at)) {
            let text = self.evaluator.text(call.span);
            return Some(["execute-api", "api_gateway"].iter().any(|m| text.contains(m)));
        }
        if let Some(block) = module.others.iter().find(|b| b.span.contains(at)) {
            let text = self.evaluator.text(block.span);
            return Some(["execute-api", "api_gateway_"].iter().any(|m| text.contains(m)));
        }
        None
    }

    /// The places of the names of all arguments, to tell them from object keys.
    fn attribute_names(&self) -> BTreeSet<Span> {
        fn collect(body: &Body, out: &mut BTreeSet<Span>) {
            out.extend(body.attributes.iter().map(|a| a.name_span));
            body.blocks.iter().for_each(|b| collect(&b.body, out));
        }
        let mut out = BTreeSet::new();
        let module = &self.module;
        for resource in &module.resources {
            collect(&resource.block.body, &mut out);
        }
        for call in &module.calls {
            collect(&call.body, &mut out);
        }
        for variable in module.variables.values() {
            collect(&variable.block.body, &mut out);
        }
        out.extend(module.locals.values().map(|a| a.name_span));
        out
    }
}
