//! A policy as its own side reads it: what is the unit's own, or somebody's whom nobody names, is a
//! literal like any other.

use crate::analyze::evaluate::{is_narrow, is_own_address};
use crate::model::{
    AccountId, Entry, KnownKey, Leaf, Part, Policy, PrincipalElement, SymbolClass, SymbolRef,
};

use super::places::own_digits;

/// `policy` with the owner's account, the users and roles of the unit, and ids that nobody gave, as
/// literals: whatever they turn out to be, somebody is there.
pub(super) fn owned(policy: &Policy, owner: &AccountId) -> Policy {
    let mut policy = policy.clone();
    let write = |leaf: &mut Leaf| {
        let whole = leaf.symbol();
        let parts = std::mem::take(&mut leaf.parts).into_iter().map(|part| match part {
            Part::Sym(symbol) if symbol.class == SymbolClass::OwnerAccount => {
                Part::Lit(owner.as_str().into())
            }
            Part::Sym(symbol) if symbol.class == SymbolClass::OwnOther && whole.is_some() => {
                Part::Lit(format!("arn:aws:iam::{owner}:role/own-{}", symbol.id).into())
            }
            part => part,
        });
        *leaf = Leaf::new(parts, leaf.origin);
    };
    for entry in &mut policy.statements {
        let Entry::One(statement) = entry else { continue };
        if let PrincipalElement::Principal(list) | PrincipalElement::NotPrincipal(list, _) =
            &mut statement.principal
        {
            each(&mut list.items, |item| write(&mut item.value));
        }
        each(&mut statement.resource.items, write);
        each(&mut statement.conditions, |condition| {
            let key = condition.key.known;
            condition.values.iter_mut().for_each(|value| some_id(key, value));
            each(&mut condition.values, |leaf| some_address(key, leaf));
            if key.is_identity() {
                each(&mut condition.values, write);
            }
        });
    }
    policy
}

/// Writes some id of the key's kind for one that is not known, or known in part.
fn some_id(key: KnownKey, value: &mut Entry<Leaf>) {
    let (id, origin) = match value {
        Entry::Many(SymbolRef::UNREADABLE, _) => return,
        Entry::Many(symbol, origin) => (whole_id(key, *symbol), *origin),
        Entry::One(leaf) => match leaf.symbol() {
            Some(symbol) => (whole_id(key, symbol), leaf.origin),
            None => (partial_id(key, &leaf.parts), leaf.origin),
        },
    };
    if let Some(id) = id {
        *value = Entry::One(Leaf::new([Part::Lit(id.into())], origin));
    }
}

/// Writes some address for one of the unit's own, and for one in a range that is narrow.
fn some_address(key: KnownKey, leaf: &mut Leaf) {
    if !is_own_address(leaf) && !is_narrow(leaf, false) {
        return;
    }
    let Some(symbol) = leaf.symbols().next() else { return };
    let [.., high, low] = symbol.id.to_be_bytes();
    let range = match key {
        // For documentation (RFC 5737): nobody else writes it.
        KnownKey::SourceIp => format!("198.51.100.{low}/32"),
        KnownKey::VpcSourceIp => format!("10.{high}.{low}.0/24"),
        _ => return,
    };
    *leaf = Leaf::new([Part::Lit(range.into())], leaf.origin);
}

fn whole_id(key: KnownKey, symbol: SymbolRef) -> Option<String> {
    // An endpoint of the unit is no VPC, and is written out where it stands for itself.
    if matches!(symbol.class, SymbolClass::OwnVpcEndpoint | SymbolClass::OwnVpc) {
        return None;
    }
    let digits = own_digits(symbol);
    match key {
        KnownKey::PrincipalOrgPaths => Some(format!("o-{digits}/r-{digits}/")),
        _ => prefix(key).map(|prefix| format!("{prefix}{digits}")),
    }
}

/// The id that `vpce-${Id}` or `${Kind}-${Id}` may come to: what is written before the first symbol
/// leaves room for the prefix of the key's ids, and all that is written tells ids apart.
fn partial_id(key: KnownKey, parts: &[Part]) -> Option<String> {
    if key == KnownKey::PrincipalOrgPaths {
        return partial_path(parts);
    }
    let prefix = prefix(key)?;
    let at = parts.iter().position(|part| matches!(part, Part::Sym(_)))?;
    let (before, rest) = parts.split_at(at);
    let before: String = before.iter().map(text).collect();
    let written = match before.strip_prefix(prefix) {
        Some(written) => written,
        None if prefix.starts_with(&before) => "",
        None => return None,
    };
    let rest = rest.iter().map(text).collect::<String>();
    let digits = written.chars().chain(rest.chars()).filter(char::is_ascii_alphanumeric);
    Some(format!("{prefix}{}", digits.collect::<String>()))
}

/// A path in the organization that is written, or in some organization. A pattern meets paths as it
/// stands.
fn partial_path(parts: &[Part]) -> Option<String> {
    let whole: String = parts.iter().map(text).collect();
    let unknown = parts.iter().any(|part| matches!(part, Part::Sym(_)));
    if !unknown || whole.contains(['*', '?']) {
        return None;
    }
    let digits: String = whole.chars().filter(char::is_ascii_alphanumeric).collect();
    let organization = match whole.split_once('/') {
        Some((first, _)) if first.starts_with("o-") => first.to_owned(),
        _ => format!("o-{digits}"),
    };
    Some(format!("{organization}/r-{digits}/"))
}

/// With what ids of the key begin.
fn prefix(key: KnownKey) -> Option<&'static str> {
    match key {
        KnownKey::SourceVpce => Some("vpce-"),
        KnownKey::SourceVpc => Some("vpc-"),
        KnownKey::PrincipalOrgId => Some("o-"),
        _ => None,
    }
}

fn text(part: &Part) -> String {
    match part {
        Part::Lit(text) => text.to_string(),
        Part::Sym(symbol) => own_digits(*symbol),
    }
}

fn each<T>(entries: &mut [Entry<T>], mut change: impl FnMut(&mut T)) {
    for entry in entries {
        if let Entry::One(one) = entry {
            change(one);
        }
    }
}
