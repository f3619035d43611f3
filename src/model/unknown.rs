//! The unknown parts of a policy, for whoever lists them.

use crate::source::Origin;

use super::{
    Condition, EffectElement, Entry, Leaf, Policy, PrincipalElement, PrincipalItem, Statement,
    SymbolRef, Version,
};

impl Policy {
    /// Every unknown part of it that may matter to who can call, in the order of the document, with
    /// the token it stands in.
    pub fn unknowns(&self) -> Vec<(SymbolRef, Origin)> {
        let mut out = Vec::new();
        if let Version::Other(version) = &self.version {
            leaf(version, &mut out);
        }
        entries(&self.statements, &mut out, statement);
        out
    }
}

type Out = Vec<(SymbolRef, Origin)>;

fn entries<T>(list: &[Entry<T>], out: &mut Out, one: fn(&T, &mut Out)) {
    for entry in list {
        match entry {
            Entry::One(item) => one(item, out),
            Entry::Many(symbol, origin) => out.push((*symbol, *origin)),
        }
    }
}

fn leaf(leaf: &Leaf, out: &mut Out) {
    out.extend(leaf.symbols().map(|symbol| (symbol, leaf.origin)));
}

fn statement(statement: &Statement, out: &mut Out) {
    if let EffectElement::Other(effect) = &statement.effect {
        leaf(effect, out);
    }
    match &statement.principal {
        PrincipalElement::Missing => {}
        PrincipalElement::Principal(principals) | PrincipalElement::NotPrincipal(principals, _) => {
            entries(&principals.items, out, |item: &PrincipalItem, out| leaf(&item.value, out));
        }
    }
    entries(&statement.action.items, out, leaf);
    entries(&statement.resource.items, out, leaf);
    entries(&statement.conditions, out, condition);
}

fn condition(condition: &Condition, out: &mut Out) {
    leaf(&condition.operator_name, out);
    leaf(&condition.key_name, out);
    entries(&condition.values, out, leaf);
}
