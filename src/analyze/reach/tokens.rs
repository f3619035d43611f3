//! The tokens of a policy that let a class of callers in.

use crate::model::{
    AccountId, CallerClass, Condition, Entry, KnownKey, Leaf, Origin, Part, Policy,
    PrincipalElement, PrincipalItem, Statement, SymbolRef, split_arn,
};

/// Where an Allow names the class on its own: a principal, or a value of a condition that asks for
/// it. `None` when it does not, as for the classes that no policy names.
pub(super) fn naming(statement: &Statement, class: &CallerClass) -> Option<Origin> {
    if let PrincipalElement::Principal(principals) = &statement.principal
        && let Some(origin) = item(&principals.items, class)
    {
        return Some(origin);
    }
    value(statement, class, false)
}

/// A value of a condition on a principal key that names the class, under an operator that is
/// negated or not.
fn value(statement: &Statement, class: &CallerClass, negated: bool) -> Option<Origin> {
    let conditions =
        statement.known_conditions().filter(|c| c.operator.is_some_and(|op| op.negated == negated));
    conditions.into_iter().find_map(|condition| {
        let mut values = condition.values.iter().filter_map(Entry::one);
        values.find(|leaf| names(condition, leaf, class)).map(|leaf| leaf.origin)
    })
}

fn names(condition: &Condition, leaf: &Leaf, class: &CallerClass) -> bool {
    let key = condition.key.known;
    match class {
        CallerClass::Account(account) => names_account(key, leaf, account),
        CallerClass::UnknownAccount(symbol) => {
            matches!(key, KnownKey::PrincipalAccount | KnownKey::PrincipalArn)
                && names_symbol(leaf, *symbol)
        }
        _ => false,
    }
}

fn names_account(key: KnownKey, leaf: &Leaf, account: &AccountId) -> bool {
    let text: String = leaf
        .parts
        .iter()
        .map(|part| match part {
            Part::Lit(text) => text.as_ref(),
            Part::Sym(_) => "*",
        })
        .collect();
    match key {
        KnownKey::PrincipalAccount => text == account.as_str(),
        KnownKey::PrincipalArn => split_arn(&text).is_some_and(|f| f[4] == account.as_str()),
        _ => false,
    }
}

fn names_symbol(leaf: &Leaf, symbol: SymbolRef) -> bool {
    leaf.symbols().any(|own| own == symbol)
}

/// Where a Deny leaves the class out by name: an item of its `NotPrincipal`, or a value of a negated
/// condition.
pub(super) fn exempted(policy: &Policy, class: &CallerClass) -> Option<Origin> {
    let mut denies = policy.known_statements().filter(|s| s.is_deny());
    denies.find_map(|deny| {
        let listed = match &deny.principal {
            PrincipalElement::NotPrincipal(list, _) => item(&list.items, class),
            _ => None,
        };
        listed.or_else(|| value(deny, class, true))
    })
}

/// The principal that names the class.
fn item(items: &[Entry<PrincipalItem>], class: &CallerClass) -> Option<Origin> {
    let mut items = items.iter().filter_map(Entry::one);
    let named = items.find(|item| match class {
        CallerClass::Account(account) => {
            item.aws().is_some_and(|principal| principal.account() == Some(account))
        }
        CallerClass::UnknownAccount(symbol) => item.value.symbols().any(|s| s == *symbol),
        _ => false,
    });
    named.map(|item| item.value.origin)
}

/// The token that admits the class through the Allow at `at`: what names it there, else the Deny's
/// exemption that leaves it out, else the principal that stands for everyone.
pub(super) fn admits(policy: &Policy, at: usize, class: &CallerClass) -> Origin {
    let statement = match policy.statements.get(at) {
        Some(Entry::One(statement)) => statement,
        Some(Entry::Many(_, origin)) => return *origin,
        None => return policy.origin,
    };
    let named = matches!(class, CallerClass::Account(_) | CallerClass::UnknownAccount(_));
    let own =
        if named { naming(statement, class).or_else(|| exempted(policy, class)) } else { None };
    own.unwrap_or_else(|| principal(statement))
}

/// The principal that lets everyone in: `"*"`, the key of a `NotPrincipal`, an unknown principal.
fn principal(statement: &Statement) -> Origin {
    if let Some(item) = statement.everyone() {
        return item.value.origin;
    }
    match &statement.principal {
        PrincipalElement::NotPrincipal(_, key) => *key,
        PrincipalElement::Principal(list) => {
            let unknown = list.items.iter().find_map(|entry| match entry {
                Entry::Many(_, origin) => Some(*origin),
                Entry::One(item) => item.value.text().is_none().then_some(item.value.origin),
            });
            unknown.unwrap_or(list.origin)
        }
        PrincipalElement::Missing => statement.origin,
    }
}
