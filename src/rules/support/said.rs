//! What other findings say already: one flaw is one finding.

use crate::finding::{Draft, Origin};
use crate::model::{Condition, Entry, Leaf, PrincipalElement, Statement};

/// Whether a draft about the same API as `draft` has its primary label on one of `tokens`, and is as
/// sure.
pub(in crate::rules) fn is_said(drafts: &[Draft], draft: &Draft, tokens: &[Origin]) -> bool {
    drafts.iter().any(|other| {
        other.api == draft.api
            && other.confidence >= draft.confidence
            && tokens.contains(&other.primary.0)
    })
}

/// Every token of a condition.
pub(in crate::rules) fn tokens_of_condition(condition: &Condition) -> Vec<Origin> {
    let mut out = vec![condition.origin, condition.operator_name.origin, condition.key_name.origin];
    out.extend(leaves(&condition.values));
    out
}

/// Every token of a statement.
pub(in crate::rules) fn tokens_of_statement(statement: &Statement) -> Vec<Origin> {
    let mut out = vec![statement.origin];
    match &statement.principal {
        PrincipalElement::Missing => {}
        PrincipalElement::Principal(list) => {
            out.push(list.origin);
            out.extend(list.items.iter().map(|entry| origin(entry, |item| item.value.origin)));
        }
        PrincipalElement::NotPrincipal(list, key) => {
            out.extend([list.origin, *key]);
            out.extend(list.items.iter().map(|entry| origin(entry, |item| item.value.origin)));
        }
    }
    out.extend(statement.action.origin.into_iter().chain(leaves(&statement.action.items)));
    out.extend(statement.resource.origin.into_iter().chain(leaves(&statement.resource.items)));
    out.extend(statement.condition_origin);
    out.extend(statement.known_conditions().flat_map(tokens_of_condition));
    out
}

fn leaves(entries: &[Entry<Leaf>]) -> impl Iterator<Item = Origin> {
    entries.iter().map(|entry| origin(entry, |leaf| leaf.origin))
}

fn origin<T>(entry: &Entry<T>, of: impl Fn(&T) -> Origin) -> Origin {
    match entry {
        Entry::One(one) => of(one),
        Entry::Many(_, origin) => *origin,
    }
}
