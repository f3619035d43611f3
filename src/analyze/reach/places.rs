//! Where a request to a private API comes from: VPC endpoints and VPCs.
//!
//! An outsider has endpoints and VPCs of its own, and those only; a named one may be anybody's, so a
//! named account may call through it. Ids of resources of the unit are replaced by literals first
//! ([`own`]), so that they are exact constants here as they are at run time.

use std::collections::{BTreeMap, BTreeSet};

use crate::analyze::sets::domains::Domain;
use crate::analyze::sets::glob::{Builder, Chars};
use crate::analyze::sets::{Glob, TextSet};
use crate::model::{
    Condition, Entry, KnownKey, Leaf, Part, Policy, SymbolClass, SymbolRef, SymbolTable, Value,
};

use super::fill::{Form, Set, Work, fill};
use super::words::Word;

/// Whose an endpoint or VPC is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whose {
    /// An outsider's own.
    Outsider,
    /// Named by the policy, of nobody knows whom.
    Named,
    /// Of a configured list, or a resource of the unit.
    Trusted,
}

/// One representative.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The id.
    pub(super) value: Value,
    /// Whose it is.
    pub(super) whose: Whose,
    /// How to name it to people: the id, or the label of the resource.
    pub(super) label: String,
}

/// Ids of the unit's own resources as literals: the label of each.
pub(super) type OwnIds = BTreeMap<String, String>;

/// The most kinds of outsiders' ids that patterns may tell apart.
const KINDS: usize = 64;

/// The endpoints (`prefix` `vpce-`) or VPCs (`vpc-`) that a policy tells apart: an outsider's for each
/// way in which its patterns overlap, the plainest first, and every named one.
pub(super) fn places(
    prefix: &str,
    words: &BTreeSet<Word>,
    own: &OwnIds,
    trusted: Option<&BTreeSet<String>>,
    work: &Work,
) -> Vec<Place> {
    let named: BTreeSet<String> = words
        .iter()
        .filter(|word| !word.pattern)
        .map(|word| word.text.to_ascii_lowercase())
        .filter(|text| is_id(prefix, text))
        .collect();
    let listed = |id: &str| trusted.is_some_and(|list| list.contains(id));
    let taken: BTreeSet<&str> =
        named.iter().chain(trusted.into_iter().flatten()).map(String::as_str).collect();
    let patterns: Vec<&str> = words.iter().filter(|w| w.pattern).map(|w| w.text.as_str()).collect();
    let mut out: Vec<Place> = outsiders(prefix, &patterns, &taken, work)
        .into_iter()
        .map(|id| Place { value: Value::fresh(&id), whose: Whose::Outsider, label: id })
        .collect();
    out.extend(named.into_iter().map(|id| {
        let label = own.get(&id).cloned();
        let whose = if label.is_some() || listed(&id) { Whose::Trusted } else { Whose::Named };
        let label = label.unwrap_or_else(|| id.clone());
        Place { value: Value::named(id), whose, label }
    }));
    out
}

/// One id for each set of ids that `patterns` do not tell apart, none of them `taken`.
fn outsiders(prefix: &str, patterns: &[&str], taken: &BTreeSet<&str>, work: &Work) -> Vec<String> {
    let digits = ["0f1e2d3c4b5a69788", "0123456789abcdef0", "0badcafe5eed12345"];
    let mut hints: Vec<String> = digits.iter().map(|digits| format!("{prefix}{digits}")).collect();
    let form = Form::default().text(prefix).chars(Set::Hex, digits[0]);
    hints.extend(patterns.iter().filter_map(|pattern| fill(&form, pattern, work)));
    // AWS gives seventeen digits today and gave eight before.
    let hex = Chars::ascii("0123456789abcdef");
    let of = |digits| Builder::default().text(prefix).between(&hex, digits, digits).build();
    let every = Glob::any_of([of(17), of(8)]);
    let domain = Domain::new(every, of(17)).preferring(hints.iter().cloned());
    let budget = &work.texts;
    let free = TextSet::from(Glob::any_of(taken.iter().map(|id| Glob::exactly(id)))).complement();
    let mut kinds = vec![free];
    let mut found: Vec<String> = Vec::new();
    for pattern in patterns {
        let of_pattern = TextSet::from(Glob::like(pattern));
        let parts =
            kinds.iter().flat_map(|kind| [kind.subtract(&of_pattern), kind.intersect(&of_pattern)]);
        let full = |set: &TextSet| !matches!(domain.is_empty(set, budget), Ok(true));
        kinds = parts.filter(full).collect();
        if kinds.len() > KINDS || budget.spent() {
            work.exceed();
            break;
        }
    }
    for kind in kinds.iter().take(KINDS) {
        match domain.witness(kind, budget) {
            Ok(id) => found.extend(id),
            Err(_) => work.exceed(),
        }
    }
    let rank = |id: &String| hints.iter().position(|hint| hint == id).unwrap_or(hints.len());
    found.sort_by_key(rank);
    found
}

/// Whether a text can be an id of that prefix. Its length does not count: `vpce-partner123` is a
/// finding elsewhere and a constant here (SEMANTICS 2.5).
fn is_id(prefix: &str, text: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && !rest.contains(['*', '?']))
}

/// `policy` with the ids of the unit's own endpoints and VPCs as literals. They are fixed, and
/// different from every other id.
pub(super) fn own(policy: &Policy, symbols: &SymbolTable) -> (Policy, OwnIds) {
    let mut ids = OwnIds::new();
    let mut policy = policy.clone();
    for entry in &mut policy.statements {
        let Entry::One(statement) = entry else { continue };
        for condition in &mut statement.conditions {
            let Entry::One(condition) = condition else { continue };
            own_values(condition, symbols, &mut ids);
        }
    }
    (policy, ids)
}

fn own_values(condition: &mut Condition, symbols: &SymbolTable, ids: &mut OwnIds) {
    let (class, prefix) = match condition.key.known {
        KnownKey::SourceVpce => (SymbolClass::OwnVpcEndpoint, "vpce-"),
        KnownKey::SourceVpc => (SymbolClass::OwnVpc, "vpc-"),
        _ => return,
    };
    for value in &mut condition.values {
        let Entry::One(leaf) = value else { continue };
        let Some(symbol) = leaf.symbol().filter(|symbol| symbol.class == class) else { continue };
        let id = format!("{prefix}{}", own_digits(symbol));
        ids.insert(id.clone(), symbols.label(symbol).to_owned());
        *leaf = Leaf { parts: vec![Part::Lit(id.into())], origin: leaf.origin };
    }
}

/// Digits that no text of a policy has: not hexadecimal, so that no pattern fills to them.
pub(super) fn own_digits(symbol: SymbolRef) -> String {
    format!("own{:014}", symbol.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(texts: &[(&str, bool)]) -> BTreeSet<Word> {
        texts
            .iter()
            .map(|(text, pattern)| Word { text: (*text).into(), pattern: *pattern })
            .collect()
    }

    fn ids(texts: &[(&str, bool)], trusted: Option<&BTreeSet<String>>) -> Vec<(String, Whose)> {
        places("vpce-", &words(texts), &OwnIds::new(), trusted, &Work::default())
            .into_iter()
            .map(|place| (place.label, place.whose))
            .collect()
    }

    #[test]
    fn a_pattern_has_an_outsider() {
        let found = ids(&[("vpce-0abc*", true), ("vpc-*", true)], None);
        assert_eq!(
            found,
            [
                ("vpce-0f1e2d3c4b5a69788".to_owned(), Whose::Outsider),
                ("vpce-0abc2d3c4b5a69788".to_owned(), Whose::Outsider),
            ]
        );
    }

    #[test]
    fn overlapping_patterns_are_told_apart() {
        let all_but_one: Vec<(String, bool)> =
            "0123456789abcde".chars().map(|c| (format!("vpce-{c}*"), true)).collect();
        let patterns: Vec<(&str, bool)> = all_but_one.iter().map(|(t, p)| (&**t, *p)).collect();
        let found = ids(&patterns, None);
        assert!(found.iter().any(|(id, _)| id.starts_with("vpce-f")), "{found:?}");
        let both = ids(&[("vpce-0*", true), ("*b", true)], None);
        assert!(both.iter().any(|(id, _)| id.starts_with("vpce-0") && id.ends_with('b')));
        assert_eq!(both.len(), 4);
    }

    #[test]
    fn a_named_id_is_nobodys_until_it_is_listed() {
        let id = "vpce-0aaaaaaaaaaaaaaa1";
        assert_eq!(ids(&[(id, false)], None)[1], (id.to_owned(), Whose::Named));
        let list = BTreeSet::from([id.to_owned()]);
        assert_eq!(ids(&[(id, false)], Some(&list))[1], (id.to_owned(), Whose::Trusted));
    }

    #[test]
    fn an_id_of_the_other_kind_cannot_occur() {
        assert_eq!(ids(&[("vpc-0aaaaaaaaaaaaaaa1", false), ("vpce-*", false)], None).len(), 1);
    }

    #[test]
    fn a_fresh_id_is_no_named_one() {
        let first = ids(&[], None)[0].0.clone();
        let found = ids(&[(&first, false)], None);
        assert_ne!(found[0].0, first);
        assert_eq!(found[0].1, Whose::Outsider);
    }
}
