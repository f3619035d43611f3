//! Long lists of address ranges, cut down to those that matter for one address.
//!
//! Ranges that an address lies outside of change nothing in a list that has another value: leaving
//! them out keeps a list of a thousand ranges, and so two thousand cells, from costing millions of
//! comparisons.

use std::net::IpAddr;

use crate::model::{BaseOp, Cidr, Condition, Entry, Leaf, Policy};

/// Lists shorter than this are left alone.
const LONG: usize = 16;

/// The long lists of a policy.
pub(super) struct Ranges {
    /// The policy with the long lists empty.
    policy: Policy,
    lists: Vec<List>,
}

struct List {
    statement: usize,
    condition: usize,
    /// Each value, with its range when it is one.
    values: Vec<(Entry<Leaf>, Option<Cidr>)>,
}

impl Ranges {
    /// Takes the long lists out of `policy`. `None` when there is none.
    pub(super) fn of(policy: &Policy) -> Option<Self> {
        let mut policy = policy.clone();
        let mut lists = Vec::new();
        for (statement, entry) in policy.statements.iter_mut().enumerate() {
            let Entry::One(entry) = entry else { continue };
            for (condition, entry) in entry.conditions.iter_mut().enumerate() {
                let Entry::One(entry) = entry else { continue };
                if is_long(entry) {
                    let values = std::mem::take(&mut entry.values).into_iter().map(|value| {
                        let text = value.one().and_then(Leaf::text);
                        let range = text.and_then(Cidr::parse);
                        (value, range)
                    });
                    lists.push(List { statement, condition, values: values.collect() });
                }
            }
        }
        (!lists.is_empty()).then_some(Self { policy, lists })
    }

    /// The policy as far as it matters for `address`.
    pub(super) fn around(&self, address: IpAddr) -> Policy {
        let mut policy = self.policy.clone();
        for List { statement, condition, values } in &self.lists {
            let matters = |range: &Option<Cidr>| range.is_none_or(|range| range.contains(address));
            let mut kept: Vec<Entry<Leaf>> =
                values.iter().filter(|(_, r)| matters(r)).map(|(v, _)| v.clone()).collect();
            if kept.is_empty() {
                // An empty list means something else.
                kept.extend(values.first().map(|(value, _)| value.clone()));
            }
            if let Some(Entry::One(statement)) = policy.statements.get_mut(*statement)
                && let Some(Entry::One(condition)) = statement.conditions.get_mut(*condition)
            {
                condition.values = kept;
            }
        }
        policy
    }
}

fn is_long(condition: &Condition) -> bool {
    condition.values.len() >= LONG
        && condition.operator.is_some_and(|op| op.base == BaseOp::IpAddress)
}
