//! Where in the sources something of a plan was written.

use crate::source::Span;

/// Stretches of a plan, and what they were made of. Stretches of one level never overlap.
#[derive(Debug, Clone, Default)]
pub struct Places {
    arguments: Vec<(Span, Span)>,
    resources: Vec<(Span, Span)>,
}

impl Places {
    /// An argument stands at `plan` and was written at `source`.
    pub(super) fn argument(&mut self, plan: Span, source: Span) {
        self.arguments.push((plan, source));
    }

    /// A resource stands at `plan` and was written at `source`.
    pub(super) fn resource(&mut self, plan: Span, source: Span) {
        self.resources.push((plan, source));
    }

    pub(super) fn sorted(mut self) -> Self {
        self.arguments.sort_by_key(|(plan, _)| *plan);
        self.resources.sort_by_key(|(plan, _)| *plan);
        self
    }

    /// Where what stands at `at` was written.
    pub fn of(&self, at: Span) -> Option<Span> {
        let around = |all: &[(Span, Span)]| {
            let next = all.partition_point(|(plan, _)| plan.start <= at.start);
            let (plan, source) = all.get(next.checked_sub(1)?)?;
            plan.contains(at).then_some(*source)
        };
        around(&self.arguments).or_else(|| around(&self.resources))
    }

    /// Whether nothing of the sources is known.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }
}
