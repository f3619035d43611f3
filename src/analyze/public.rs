//! What is open on purpose: exposures confined to routes that somebody named.
//!
//! Strict: an exposure is accepted only where every method of the API is known and each route that
//! it reaches is named. Whatever reaches further stays, and is decided again without the named
//! routes, so that its witness calls one that nobody accepted.

use crate::model::{Api, Exposure, Gate, Reach, Route, RouteRef};

/// `reach` without the exposures that are confined to `named`. `again` decides an API anew.
pub fn accept(
    api: &Api,
    reach: Reach,
    named: &[RouteRef],
    again: impl FnOnce(&Api) -> Reach,
) -> Reach {
    if named.is_empty() {
        return reach;
    }
    let complete = |exposure: &Exposure| {
        api.worlds.get(exposure.world).is_some_and(|world| world.routes.are_known())
    };
    let declared = |exposure: &Exposure| {
        let world = api.worlds.get(exposure.world);
        world.map_or(&[][..], |world| world.routes.declared.as_slice())
    };
    // No route is named where the exposure reaches all of them.
    let confined = |exposure: &Exposure| {
        complete(exposure)
            && exposure.gate != Gate::NoRoute
            && match exposure.routes.as_slice() {
                [] => {
                    let declared = declared(exposure);
                    !declared.is_empty() && declared.iter().all(|r| is_route_named(r, named))
                }
                routes => routes.iter().all(|route| is_named(route, named)),
            }
    };
    let touched = |exposure: &Exposure| {
        exposure.routes.iter().any(|route| is_named(route, named))
            || exposure.routes.is_empty()
                && declared(exposure).iter().any(|route| is_route_named(route, named))
    };
    if !reach.exposures.iter().any(touched) {
        return reach;
    }
    let mut rest = api.clone();
    for world in rest.worlds.iter_mut().filter(|world| world.routes.are_known()) {
        world.routes.declared.retain(|route| !is_route_named(route, named));
    }
    // Where nothing is left there is nothing to decide; without methods it would be guessed at.
    let left: Vec<bool> = rest.worlds.iter().map(|w| !w.routes.declared.is_empty()).collect();
    let rest = again(&rest);
    let mut exposures: Vec<Exposure> = Vec::new();
    for exposure in reach.exposures {
        if confined(&exposure) {
            continue;
        }
        // The same hole, seen from the routes that nobody named.
        let same = rest.exposures.iter().find(|other| is_same(other, &exposure));
        match same.filter(|other| complete(&exposure) && other.gate != Gate::NoRoute) {
            Some(other) => exposures.push(other.clone()),
            None => exposures.push(exposure),
        }
    }
    // A hole that was hidden behind an accepted one: what stands behind an authorizer, say.
    for other in rest.exposures {
        let shown = exposures.iter().any(|exposure| is_same(exposure, &other));
        let guessed = complete(&other) && left.get(other.world) == Some(&false);
        if !shown && !guessed && other.gate != Gate::NoRoute {
            exposures.push(other);
        }
    }
    Reach { exposures, bounded: reach.bounded || rest.bounded, ..reach }
}

/// Whether `route` is one of those that are open on purpose; one that is not known is not.
pub fn is_route_named(route: &Route, named: &[RouteRef]) -> bool {
    match (&route.method, &route.path) {
        (Some(method), Some(path)) => {
            is_named(&RouteRef { method: method.clone(), path: path.clone() }, named)
        }
        _ => false,
    }
}

fn is_named(route: &RouteRef, named: &[RouteRef]) -> bool {
    let covers = |one: &RouteRef| {
        one.path == route.path && (one.method == route.method || one.method == "ANY")
    };
    named.iter().any(covers)
}

fn is_same(a: &Exposure, b: &Exposure) -> bool {
    a.class == b.class && a.deciding == b.deciding && a.admits == b.admits && a.world == b.world
}
