//! What attaches a policy to an API, where that does not go well: several write it, or an import takes
//! it away (SEMANTICS 4.4).

use std::collections::BTreeSet;

use super::api::Judge;
use super::policies::{Found, Writer};
use crate::extract::words::of_world;
use crate::model::{Problem, ProblemKind};
use crate::resolve::World;
use crate::syntax::Attribute;

impl Judge<'_, '_> {
    /// Tells of several writers of different documents: the last one to run wins.
    pub(super) fn tell_several(&mut self, writers: &[Writer]) {
        let origins = &self.unit.evaluator.origins;
        let documents: BTreeSet<_> = writers.iter().map(|w| origins.span(w.document)).collect();
        let [first, rest @ ..] = writers else { return };
        let Some(last) = rest.last().filter(|last| last.at != first.at) else { return };
        if documents.len() < 2 {
            return;
        }
        let kind = ProblemKind::SeveralPolicies { what: last.what.clone(), last_wins: true };
        let others = writers.iter().filter(|writer| writer.at != last.at);
        let others = others.map(|writer| (writer.at, format!("{} writes it, too", writer.what)));
        let mut related: Vec<_> = others.collect();
        related.dedup();
        self.problem(kind, last, related);
    }

    /// Tells that importing `body`, which brings no policy, takes away the one that was found.
    /// `merges`: whether the mode of the import can be chosen.
    pub(super) fn tell_overwritten(&mut self, body: &Attribute, found: &Found, merges: bool) {
        let Some(writer) = found.writers().first().cloned() else { return };
        let at = self.unit.evaluator.origins.literal(body.name_span);
        let text = "an import of this document takes the policy away".to_owned();
        self.problem(ProblemKind::BodyOverwrites { merges }, &writer, vec![(at, text)]);
    }

    /// Says of what was told of writers from `from` on that it is so in that world, unless it is the
    /// default one.
    pub(super) fn in_case(&mut self, from: usize, world: &World) {
        let symbols = &self.unit.evaluator.symbols;
        if world.is_default(symbols) {
            return;
        }
        let when = of_world(symbols, world);
        for problem in self.problems.iter_mut().skip(from) {
            let kind = &problem.kind;
            if matches!(
                kind,
                ProblemKind::SeveralPolicies { .. } | ProblemKind::BodyOverwrites { .. }
            ) {
                let (kind, when) = (Box::new(kind.clone()), when.clone());
                problem.kind = ProblemKind::InCase { kind, when };
            }
        }
    }

    fn problem(
        &mut self,
        kind: ProblemKind,
        at: &Writer,
        related: Vec<(crate::source::Origin, String)>,
    ) {
        let api = Some(self.address.clone());
        // The default world comes first: what is so in it is not told of others.
        let is_told = |known: &Problem| match &known.kind {
            ProblemKind::InCase { kind: known, .. } => **known == kind,
            known => *known == kind,
        };
        if !self.problems.iter().any(|known| known.origin == at.at && is_told(known)) {
            self.problems.push(Problem { kind, origin: at.at, related, api });
        }
    }
}
