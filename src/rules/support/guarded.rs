//! Rules run here: one that panics becomes a finding, and the others go on.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{CauseCx, Claim, DefectCx};
use crate::finding::{Confidence, Draft, Origin};
use crate::rules::{Check, Claims, Rule, unresolved};

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
            out.push(internal(rule, &*payload, cx.exposure.deciding, Some(&cx.api.address)));
            None
        }
    }
}

/// Runs a defect. Nothing of what a panicking one wrote is kept.
pub(in crate::rules) fn defect(rule: &Rule, check: Check, cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    let mut drafts = Vec::new();
    match catch_unwind(AssertUnwindSafe(|| check(cx, &mut drafts))) {
        Ok(()) => out.append(&mut drafts),
        Err(payload) => {
            let apis = cx.inventory.apis.iter().map(|api| api.origin);
            let place = apis.chain(cx.inventory.problems.iter().map(|p| p.origin)).next();
            out.extend(place.map(|origin| internal(rule, &*payload, origin, None)));
        }
    }
}

fn internal(
    rule: &Rule,
    payload: &(dyn std::any::Any + Send),
    origin: Origin,
    api: Option<&str>,
) -> Draft {
    let said = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    let message = format!("the rule `{}` stopped: {said}", rule.meta.id);
    unresolved::internal(&message, (origin, Vec::new()), api, Confidence::Proved)
}
