//! The rows of who can call, put together: over readings and identities the worst, over endpoint types
//! and worlds what they have in common.

use std::collections::BTreeMap;

use crate::model::{ApiWorld, Assumption, CallerKind, CallerRow, Gate, RouteRef, Tri};

use super::routes::Target;
use super::scene::Endpoint;

/// A class of callers and a route.
pub(super) type Key = (CallerKind, Option<RouteRef>);
/// The rows of a table.
pub(super) type Rows = BTreeMap<Key, CallerRow>;

/// A row is certain where it is so in every world in which the defaults hold; never for an API that is
/// there in other worlds only (`asked_for`).
pub(super) fn over_worlds(worlds: &[(&ApiWorld, Rows)], asked_for: bool) -> Rows {
    let mut out = Rows::new();
    let any_default = worlds.iter().any(|(world, _)| world.is_default);
    let decisive = |world: &ApiWorld| world.is_default || !any_default;
    for (world, rows) in worlds {
        for (key, row) in rows {
            let alike = |(other, rows): &(&ApiWorld, Rows)| {
                !decisive(other) || rows.get(key).is_none_or(|other| other.access == row.access)
            };
            let mut row = row.clone();
            if row.access.is_true() && (asked_for || !worlds.iter().all(alike)) {
                row.access = Tri::Unknown;
                row.needs.extend(world.assumptions.iter().cloned());
            }
            match out.get(key) {
                Some(known) if known.access >= row.access => {}
                _ => drop(out.insert(key.clone(), row)),
            }
        }
    }
    out
}

/// Nobody of the class gets in.
pub(super) fn denied(kind: CallerKind, target: &Target) -> CallerRow {
    CallerRow {
        caller: kind,
        route: target.route.clone(),
        auth: target.auth,
        access: Tri::False,
        gate: Gate::Open,
        statement: None,
        denied: false,
        witness: None,
        needs: Vec::new(),
        nearest_deny: None,
    }
}

/// Takes a row unless one that says more is there.
pub(super) fn put(rows: &mut Rows, key: Key, row: CallerRow) {
    match rows.get(&key) {
        Some(known) if known.access >= row.access => {}
        _ => drop(rows.insert(key, row)),
    }
}

/// Where more than one endpoint type is judged, a row is certain if all of them say so.
pub(super) fn over_endpoints(by_endpoint: Vec<(Endpoint, Rows)>) -> Rows {
    let several = by_endpoint.len() > 1;
    let mut out = Rows::new();
    for (endpoint, rows) in &by_endpoint {
        for (key, row) in rows {
            let mut row = row.clone();
            let alike = |(_, rows): &(Endpoint, Rows)| {
                rows.get(key).is_some_and(|other| other.access == row.access)
            };
            if several && !row.access.is_false() && !by_endpoint.iter().all(alike) {
                let what = if *endpoint == Endpoint::Private { "PRIVATE" } else { "EDGE" };
                let text = format!("endpoint type {what}");
                row.access = Tri::Unknown;
                row.needs.push(Assumption { text, pin: None, origin: None });
            }
            put(&mut out, key.clone(), row);
        }
    }
    out
}
