//! What decides a possible finding, said where it is read: the case that it is about at the place that
//! decides, and the flags that settle it.

use std::collections::{BTreeMap, BTreeSet};

use super::{code, join};
use crate::finding::{Confidence, Draft};
use crate::model::{Api, Assumption, Inventory};

/// The most places that a finding names as what decides its case.
const MAX_DECIDING: usize = 3;

/// Says in each draft that is only possible what decides it.
pub(in crate::rules) fn settle(inventory: &Inventory, drafts: &mut [Draft]) {
    let mut by_address: BTreeMap<&str, Vec<&Api>> = BTreeMap::new();
    for api in &inventory.apis {
        by_address.entry(&api.address).or_default().push(api);
    }
    for draft in drafts.iter_mut().filter(|draft| draft.confidence == Confidence::Possible) {
        let apis = draft.api.as_deref().and_then(|address| by_address.get(address));
        name_case(apis.map(Vec::as_slice).unwrap_or_default(), draft);
        name_flags(draft);
    }
}

/// Labels what decides that the draft's world is the one.
fn name_case(apis: &[&Api], draft: &mut Draft) {
    let decides = |assumption: &&Assumption| {
        let worlds = apis.iter().flat_map(|api| &api.worlds);
        worlds.into_iter().any(|world| world.assumptions.contains(assumption))
    };
    let mut named = BTreeSet::from([draft.primary.0]);
    named.extend(draft.declared);
    named.extend(draft.secondary.iter().map(|(at, _)| *at));
    let deciding = draft.assumptions.iter().filter(decides);
    let marks = deciding.filter_map(|assumption| {
        let origin = assumption.origin.filter(|origin| named.insert(*origin))?;
        Some((origin, format!("it is so when {}", code(&assumption.text))))
    });
    draft.secondary.extend(marks.take(MAX_DECIDING));
}

/// Names the flags in the help, each once.
fn name_flags(draft: &mut Draft) {
    let mut flags: Vec<String> = Vec::new();
    let pins = draft.assumptions.iter().filter_map(|assumption| assumption.pin.as_deref());
    // One value may take several flags.
    for flag in pins.flat_map(|pin| pin.split(" --")).map(|flag| flag.trim_start_matches("--")) {
        let flag = code(&format!("--{flag}"));
        if !flags.contains(&flag) {
            flags.push(flag);
        }
    }
    if !flags.is_empty() && !draft.help.contains("run with `") {
        draft.help =
            format!("to settle it, run with {}; to close it, {}", join(&flags), draft.help);
    }
}
