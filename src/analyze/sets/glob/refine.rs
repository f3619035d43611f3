//! Members of formulas, with as few globs at a time as the answer needs.
//!
//! A union is searched part by part. Of an intersection first the parts that are no complements are
//! searched; a text that is found there is the answer unless a complement excludes it, and then that
//! complement takes part in the next search. The simplest text of a wider set is the simplest of the
//! narrower one that it lies in, so nothing is lost; and a policy with a hundred Denies rarely needs
//! more than two of them to show that one Allow is closed.

use crate::analyze::sets::budget::{Budget, TooBig};

use super::search::{self, Found};
use super::text_set::{Node, TextSet};

/// A text of `set`; with `simplest` the simplest one. `None` when there is none.
pub(super) fn member(
    set: &TextSet,
    simplest: bool,
    budget: &Budget,
) -> Result<Option<String>, TooBig> {
    let parts = match &*set.0 {
        Node::Any(parts) => parts.as_slice(),
        _ => std::slice::from_ref(set),
    };
    let found = best(parts.iter().map(|part| vec![part.clone()]), true, simplest, budget)?;
    Ok(found.map(|found| found.text))
}

/// The best of several intersections.
fn best(
    choices: impl Iterator<Item = Vec<TextSet>>,
    split: bool,
    simplest: bool,
    budget: &Budget,
) -> Result<Option<Found>, TooBig> {
    let mut best: Option<Found> = None;
    for parts in choices {
        let found = intersection(parts, split, simplest, budget)?;
        if let Some(found) = found
            && best.as_ref().is_none_or(|best| found.cost < best.cost)
        {
            best = Some(found);
            if !simplest {
                break;
            }
        }
    }
    Ok(best)
}

/// A text of all of `parts`. With `split`, the longest union among them is taken part by part.
fn intersection(
    parts: Vec<TextSet>,
    split: bool,
    simplest: bool,
    budget: &Budget,
) -> Result<Option<Found>, TooBig> {
    let (mut needed, mut excluded) = (Vec::new(), Vec::new());
    for part in parts {
        flatten(part, &mut needed, &mut excluded);
    }
    let longest = (0..needed.len()).filter(|_| split).max_by_key(|at| choices(&needed[*at]).len());
    if let Some(at) = longest
        && choices(&needed[at]).len() > 1
    {
        let union = needed.swap_remove(at);
        needed.append(&mut excluded);
        let each = choices(&union).iter().map(|choice| {
            let mut parts = needed.clone();
            parts.push(choice.clone());
            parts
        });
        return best(each, false, simplest, budget);
    }
    loop {
        let Some(found) = search::search(&needed, budget)? else { return Ok(None) };
        budget.take(excluded.len())?;
        match excluded.iter().position(|part| !part.contains(&found.text)) {
            None => return Ok(Some(found)),
            Some(at) => needed.push(excluded.remove(at)),
        }
    }
}

/// Sorts the parts of an intersection into complements and others.
fn flatten(part: TextSet, needed: &mut Vec<TextSet>, excluded: &mut Vec<TextSet>) {
    match &*part.0 {
        Node::All(parts) => {
            for part in parts {
                flatten(part.clone(), needed, excluded);
            }
        }
        Node::Not(inner) => match &*inner.0 {
            Node::Any(parts) => excluded.extend(parts.iter().map(TextSet::complement)),
            _ => excluded.push(part),
        },
        Node::Any(_) | Node::Glob(_) => needed.push(part),
    }
}

/// The parts of a union.
fn choices(set: &TextSet) -> &[TextSet] {
    match &*set.0 {
        Node::Any(parts) => parts,
        _ => &[],
    }
}
