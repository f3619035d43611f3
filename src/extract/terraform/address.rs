//! The instances of a resource over all worlds.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Unit;
use crate::resolve::explore;
use crate::resolve::terraform::{Instance, Resource};

impl Unit<'_> {
    /// The suffixes of the instances that a resource has in some world, in the order in which they
    /// are found: a resource that exists only in other worlds is judged in those.
    pub(super) fn suffixes(&mut self, resource: &Arc<Resource>) -> Vec<String> {
        if resource.count().is_none() && resource.for_each().is_none() {
            return vec![String::new()];
        }
        let explored = explore(
            self,
            |unit| &unit.evaluator.symbols,
            |unit, world| {
                unit.evaluator.begin();
                let found = unit.evaluator.instances(resource, world);
                unit.evaluator.finish();
                found
            },
        );
        let mut order: BTreeMap<String, usize> = BTreeMap::new();
        for (_, instances) in &explored.worlds {
            for Instance { suffix, .. } in instances.iter() {
                let next = order.len();
                order.entry(suffix.clone()).or_insert(next);
            }
        }
        let mut suffixes: Vec<(usize, String)> =
            order.into_iter().map(|(suffix, at)| (at, suffix)).collect();
        suffixes.sort();
        suffixes.into_iter().map(|(_, suffix)| suffix).collect()
    }
}
