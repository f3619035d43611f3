//! What is wrong with the values of a condition: too wide, a wildcard, not known.

use super::guard::{Flaw, GUARD, UNKNOWN, key_text};
use super::{CauseCx, code, join, value_text};
use crate::model::{Cidr, Condition, Entry, KnownKey, Leaf, Operator, SymbolRef};

/// A range, or a union of ranges, that is no guard: wider than IPv4 /8 or IPv6 /32 (CONTRACT 4).
pub(super) fn too_wide(cx: &CauseCx<'_>, condition: &Condition) -> Option<Flaw> {
    if condition.key.known == KnownKey::VpcSourceIp {
        let text = "callers choose their private address: anyone's VPC can have it";
        let mark = (condition.key_name.origin, text.into());
        let help = "add aws:SourceVpce or aws:SourceVpc with the ids of your own";
        return Some(Flaw::new(GUARD, mark, key_text(cx, condition), help));
    }
    let ranges: Vec<(&Leaf, Cidr)> = condition
        .values
        .iter()
        .filter_map(Entry::one)
        .filter_map(|leaf| Some((leaf, Cidr::parse(leaf.text()?)?)))
        .collect();
    let help = "list the networks that calls come from";
    let limit = |cidr: &Cidr| if cidr.is_ipv4() { 8 } else { 32 };
    let widest = ranges.iter().min_by_key(|(_, cidr)| (cidr.prefix(), !cidr.is_ipv4()));
    if let Some((leaf, cidr)) = widest.filter(|(_, cidr)| cidr.prefix() < limit(cidr)) {
        let text = match (cidr.prefix(), cidr.is_ipv4()) {
            (0, true) => "every IPv4 address".to_owned(),
            (0, false) => "every IPv6 address".to_owned(),
            (_, true) => "wider than a /8: too many networks to be a guard".to_owned(),
            (_, false) => "wider than a /32: too many networks to be a guard".to_owned(),
        };
        let subject = value_text(leaf, cx.symbols());
        return Some(Flaw::new(GUARD, (leaf.origin, text), subject, help));
    }
    let [v4, v6] = [true, false].map(|v4| addresses(&ranges, v4));
    if v4 > 1 << 24 || v6 > 1 << 96 {
        let text = format!(
            "these ranges together are wider than a {}: too many networks to be a guard",
            if v4 > 1 << 24 { "/8" } else { "/32" }
        );
        let origin = ranges.first().map_or(condition.origin, |(leaf, _)| leaf.origin);
        return Some(Flaw::new(GUARD, (origin, text), "a union of ranges", help));
    }
    None
}

/// How many addresses the ranges of one family cover, each counted once.
fn addresses(ranges: &[(&Leaf, Cidr)], v4: bool) -> u128 {
    let mut bounds: Vec<(u128, u128)> =
        ranges.iter().filter(|(_, c)| c.is_ipv4() == v4).map(|(_, c)| c.bounds()).collect();
    bounds.sort_unstable();
    let mut total: u128 = 0;
    let mut covered: Option<u128> = None;
    for (first, last) in bounds {
        let start = covered.map_or(first, |end| first.max(end.saturating_add(1)));
        if covered.is_none_or(|end| last > end) {
            total = total.saturating_add(last.saturating_sub(start).saturating_add(1));
            covered = Some(last);
        }
    }
    total
}

/// A wildcard, or a variable that follows the caller, in a value that should be one id.
pub(super) fn wildcard(cx: &CauseCx<'_>, condition: &Condition, op: Operator) -> Option<Flaw> {
    if !op.is_pattern() {
        return None;
    }
    let values = || condition.values.iter().filter_map(Entry::one);
    let text_of = |leaf: &Leaf| leaf.display(cx.symbols());
    if let Some(leaf) = values().find(|leaf| leaf.text().is_some_and(|t| t.contains("${"))) {
        let text = "the value follows the caller: every caller matches its own".to_owned();
        let help = "write the value itself";
        return Some(Flaw::new(GUARD, (leaf.origin, text), code(&text_of(leaf)), help));
    }
    let leaf = values().find(|leaf| text_of(leaf).contains(['*', '?']))?;
    let whose = match condition.key.known {
        KnownKey::SourceVpce => "VPC endpoints of every account",
        KnownKey::SourceVpc => "VPCs of every account",
        KnownKey::PrincipalOrgId | KnownKey::PrincipalOrgPaths => "organisations of others too",
        KnownKey::PrincipalAccount => "accounts of others too",
        KnownKey::PrincipalArn => "principals of accounts of others too",
        _ => "values that outsiders have too",
    };
    let help = format!("write {} exactly, without a wildcard", key_text(cx, condition));
    let mark = (leaf.origin, format!("the wildcard matches {whose}"));
    Some(Flaw::new(GUARD, mark, code(&text_of(leaf)), help))
}

/// A value that is not known.
pub(super) fn unknown_value(cx: &CauseCx<'_>, condition: &Condition) -> Option<Flaw> {
    let mut unknown: Vec<(SymbolRef, crate::finding::Origin)> = Vec::new();
    for entry in &condition.values {
        match entry {
            Entry::Many(symbol, origin) => unknown.push((*symbol, *origin)),
            Entry::One(leaf) => unknown.extend(leaf.symbols().map(|symbol| (symbol, leaf.origin))),
        }
    }
    let &(first, origin) = unknown.first()?;
    let mut names: Vec<String> =
        unknown.iter().map(|(symbol, _)| code(cx.symbols().label(*symbol))).collect();
    names.dedup();
    names.truncate(3);
    let (names, is) = (join(&names), if names.len() == 1 { "is" } else { "are" });
    let text = format!("{names} {is} not known, and may admit everyone");
    let help = format!("write the value of {} where it can be read", key_text(cx, condition));
    Some(Flaw::new(UNKNOWN, (origin, text), names, help).of(cx.declaration(first)))
}
