//! Rules run here: one that panics becomes a finding, and the others go on.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{CauseCx, Claim, DefectCx, Judged};
use crate::analyze::reach::Alike;
use crate::finding::{Confidence, Draft, Origin};
use crate::rules::{Check, Claims, Rest, Rule, unresolved};

/// Runs a cause. A cause that panics claims nothing, and says so in `out`.
pub(in crate::rules) fn cause(
    rule: &Rule,
    claims: Claims,
    cx: &CauseCx<'_>,
    out: &mut Vec<Draft>,
) -> Option<Claim> {
    match catch_unwind(AssertUnwindSafe(|| claims(cx))) {
        Ok(claim) => claim,
        Err(payload) => {
            let what = format!("the rule `{}`", rule.meta.id);
            out.push(internal(&what, &*payload, cx.exposure.deciding, Some(&cx.api.address)));
            None
        }
    }
}

/// Runs a defect. Nothing of what a panicking one wrote is kept.
pub(in crate::rules) fn defect(rule: &Rule, check: Check, cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    let mut drafts = Vec::new();
    match catch_unwind(AssertUnwindSafe(|| check(cx, &mut drafts))) {
        Ok(()) => out.append(&mut drafts),
        Err(payload) => broken(rule, &*payload, cx, out),
    }
}

/// Runs a rule of the rest. A panicking one changes nothing.
pub(in crate::rules) fn rest(rule: &Rule, check: Rest, cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    let mut drafts = out.clone();
    match catch_unwind(AssertUnwindSafe(|| check(cx, &mut drafts))) {
        Ok(()) => *out = drafts,
        Err(payload) => broken(rule, &*payload, cx, out),
    }
}

/// What the engine says of each policy of a unit. One on which it stops has no answer, and that is
/// said in `out`.
pub(in crate::rules) fn judged(cx: &DefectCx<'_>, out: &mut Vec<Draft>) -> Vec<Judged> {
    let mut alike = Alike::default();
    let judge = |place: super::PolicyIn<'_>| match catch_unwind(AssertUnwindSafe(|| {
        Judged::new(cx, &place, &mut alike)
    })) {
        Ok(judged) => judged,
        Err(payload) => {
            let api = Some(place.api.address.as_str());
            out.push(internal("the decision", &*payload, place.policy.origin, api));
            Judged::unknown()
        }
    };
    cx.policies().into_iter().map(judge).collect()
}

fn broken(
    rule: &Rule,
    payload: &(dyn std::any::Any + Send),
    cx: &DefectCx<'_>,
    out: &mut Vec<Draft>,
) {
    let apis = cx.inventory.apis.iter().map(|api| api.origin);
    let place = apis.chain(cx.inventory.problems.iter().map(|p| p.origin)).next();
    let what = format!("the rule `{}`", rule.meta.id);
    out.extend(place.map(|origin| internal(&what, payload, origin, None)));
}

fn internal(
    what: &str,
    payload: &(dyn std::any::Any + Send),
    origin: Origin,
    api: Option<&str>,
) -> Draft {
    let said = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    let message = format!("{what} stopped: {said}");
    unresolved::internal(&message, (origin, Vec::new()), api, Confidence::Proved)
}
