//! The parts of a statement, each judged for one request on its own.

use crate::analyze::evaluate::evaluate;
use crate::model::{
    Condition, Entry, Identity, Origin, Policy, Request, Statement, SymbolRef, Tri,
};

/// A part of a statement.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part<'a> {
    /// The principal element.
    Principal,
    /// The action element.
    Action,
    /// The resource element.
    Resource,
    /// One condition.
    Condition(&'a Condition),
    /// An unknown stretch of conditions.
    Stretch(SymbolRef, Origin),
}

/// Every part of `statement` with its truth for `request`.
pub(super) fn parts<'a>(
    policy: &Policy,
    statement: &'a Statement,
    request: &Request,
    identity: &Identity,
) -> Vec<(Part<'a>, Tri)> {
    let plain = || {
        let mut plain = Statement::everything(statement.origin);
        plain.effect = statement.effect.clone();
        plain
    };
    let mut kinds = vec![Part::Principal, Part::Action, Part::Resource];
    let mut probes = vec![
        Statement { principal: statement.principal.clone(), ..plain() },
        Statement { action: statement.action.clone(), ..plain() },
        Statement { resource: statement.resource.clone(), ..plain() },
    ];
    for entry in &statement.conditions {
        kinds.push(match entry {
            Entry::One(condition) => Part::Condition(condition),
            Entry::Many(symbol, origin) => Part::Stretch(*symbol, *origin),
        });
        probes.push(Statement { conditions: vec![entry.clone()], ..plain() });
    }
    let probe = Policy {
        version: policy.version.clone(),
        statements: probes.into_iter().map(Entry::One).collect(),
        origin: policy.origin,
        size: policy.size,
    };
    kinds.into_iter().zip(evaluate(&probe, request, identity).statements).collect()
}
