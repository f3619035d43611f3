//! A policy as its own side reads it: what is the unit's own, or somebody's whom nobody names, is a
//! literal like any other.

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
            if key.is_identity() {
                each(&mut condition.values, write);
            }
        });
    }
    policy
}

/// Writes some id of the key's kind for one that is not known.
fn some_id(key: KnownKey, value: &mut Entry<Leaf>) {
    let (symbol, origin) = match value {
        Entry::Many(SymbolRef::UNREADABLE, _) => return,
        Entry::Many(symbol, origin) => (*symbol, *origin),
        Entry::One(leaf) => match leaf.symbol() {
            Some(symbol) => (symbol, leaf.origin),
            None => return,
        },
    };
    // An endpoint of the unit is no VPC, and is written out where it stands for itself.
    if matches!(symbol.class, SymbolClass::OwnVpcEndpoint | SymbolClass::OwnVpc) {
        return;
    }
    let digits = own_digits(symbol);
    let id = match key {
        KnownKey::SourceVpce => format!("vpce-{digits}"),
        KnownKey::SourceVpc => format!("vpc-{digits}"),
        KnownKey::PrincipalOrgId => format!("o-{digits}"),
        KnownKey::PrincipalOrgPaths => format!("o-{digits}/r-{digits}/"),
        _ => return,
    };
    *value = Entry::One(Leaf::new([Part::Lit(id.into())], origin));
}

fn each<T>(entries: &mut [Entry<T>], mut change: impl FnMut(&mut T)) {
    for entry in entries {
        if let Entry::One(one) = entry {
            change(one);
        }
    }
}
