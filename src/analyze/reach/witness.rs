//! From a way in to an exposure: the witness confirmed, what it hangs on, the nearest Deny.

use std::collections::BTreeSet;

use crate::analyze::access::{Credential, PolicySays, Signer, access_by};
use crate::analyze::evaluate::evaluate;
use crate::model::{
    Api, Assumption, AuthType, CallerClass, EffectElement, Entry, Exposure, Gate, Identity, Leaf,
    Policy, Statement, SymbolRef, Tri,
};

use super::deny;
use super::parts::{Part, parts};
use super::project::{Role, has_variables, roles};
use super::survey::Lead;
use super::tally::{admitted, denied};
use super::tokens;

/// Where a way in was found.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) api: &'a Api,
    pub(super) world: usize,
    pub(super) reading: usize,
    pub(super) policy: &'a Policy,
    pub(super) identity: &'a Identity,
    pub(super) private: bool,
}

/// The exposure that a way in makes through the entry `at` of the policy.
pub(super) fn exposure(place: Place<'_>, at: usize, class: &CallerClass, lead: &Lead) -> Exposure {
    let Place { api, policy, identity, .. } = place;
    let confirmed = confirm(place, at, lead);
    // What policy variables may be is found as possible, and need not be what the witness makes of
    // them.
    debug_assert!(
        !confirmed.is_false() || (lead.level == Tri::Unknown && has_variables(policy)),
        "the witness of {class:?} through statement {at} is denied: {:?}",
        lead.request
    );
    let access = lead.level.min(confirmed.max(Tri::Unknown));
    let mut needs = lead.needs.clone();
    if confirmed != Tri::True {
        unknowns(place, at, lead, &mut needs);
    }
    if confirmed.is_false() {
        let text = "the policy variables of the policy hold what the caller needs".to_owned();
        needs.insert(Assumption { text, pin: None, origin: Some(policy.origin) });
    }
    if let CallerClass::UnknownAccount(symbol) = class {
        needs.insert(of_symbol(api, *symbol, "names an account that is not trusted"));
    }
    let entry = policy.statements.get(at);
    Exposure {
        class: class.clone(),
        access,
        gate: lead.gate,
        world: place.world,
        reading: place.reading,
        statement: entry.and_then(Entry::one).map(|_| at),
        deciding: match entry {
            Some(Entry::One(statement)) => statement.origin,
            Some(Entry::Many(_, origin)) => *origin,
            None => policy.origin,
        },
        admits: tokens::admits(policy, at, class),
        routes: if lead.everything { Vec::new() } else { lead.routes.iter().cloned().collect() },
        witness: lead.request.clone(),
        needs: needs.into_iter().collect(),
        nearest_deny: deny::nearest(policy, &lead.request, identity, &api.symbols),
    }
}

/// What the concrete evaluator and the tables of access say of the witness.
fn confirm(place: Place<'_>, at: usize, lead: &Lead) -> Tri {
    let roles = roles(place.policy);
    let truth = evaluate(place.policy, &lead.request, place.identity).statements;
    let Some(allow) = admitted(&roles, &truth).nth(at) else { return Tri::False };
    let says = PolicySays { allow, deny: denied(&roles, &truth) };
    let signer = Signer::of(&lead.request.caller);
    let auth = match lead.gate {
        // As if the route were one that can tell who signed.
        Gate::NoIamRoute | Gate::NoRoute if signer != Signer::Anonymous => AuthType::AwsIam,
        _ => lead.auth,
    };
    access_by(auth, place.private, signer, Credential::Allow, Some(says))
}

/// What makes the witness uncertain: the unknown parts of the deciding statement, and of every Deny
/// that may stop it.
fn unknowns(place: Place<'_>, at: usize, lead: &Lead, needs: &mut BTreeSet<Assumption>) {
    let Place { api, policy, .. } = place;
    let truth = evaluate(policy, &lead.request, place.identity).statements;
    for (number, (entry, role)) in policy.statements.iter().zip(roles(policy)).enumerate() {
        let undecided = truth.get(number) == Some(&Tri::Unknown);
        match entry {
            Entry::Many(symbol, _) if number == at => {
                needs.insert(of_symbol(api, *symbol, "holds an Allow for the caller"));
            }
            Entry::Many(..) => {}
            Entry::One(statement) if number == at => {
                if role == Role::Either {
                    needs.extend(of_effect(api, statement, "is Allow"));
                }
                if undecided {
                    of_parts(place, statement, lead, "admits the caller", needs);
                }
            }
            Entry::One(statement) => {
                let denies = role == Role::Deny || role == Role::Either;
                if denies && role == Role::Either && truth.get(number) != Some(&Tri::False) {
                    needs.extend(of_effect(api, statement, "is not Deny"));
                }
                if denies && undecided {
                    of_parts(place, statement, lead, "does not stop the caller", needs);
                }
            }
        }
    }
}

fn of_effect(api: &Api, statement: &Statement, what: &str) -> Option<Assumption> {
    let (symbol, text, origin) = match &statement.effect {
        EffectElement::Known(..) => return None,
        EffectElement::Missing => (None, "the missing Effect".to_owned(), statement.origin),
        EffectElement::Other(leaf) => {
            (leaf.symbols().next(), leaf.display(&api.symbols), leaf.origin)
        }
    };
    Some(match symbol {
        Some(symbol) => of_symbol(api, symbol, what),
        None => Assumption { text: format!("{text} {what}"), pin: None, origin: Some(origin) },
    })
}

fn of_parts(
    place: Place<'_>,
    statement: &Statement,
    lead: &Lead,
    what: &str,
    needs: &mut BTreeSet<Assumption>,
) {
    let Place { api, policy, identity, .. } = place;
    for (part, truth) in parts(policy, statement, &lead.request, identity) {
        if truth != Tri::Unknown {
            continue;
        }
        let (symbols, text, origin) = match part {
            Part::Principal => {
                let list = principals(statement);
                (list, "the principal".to_owned(), statement.origin)
            }
            Part::Action => {
                let items = &statement.action.items;
                (in_leaves(items), "the action".to_owned(), statement.origin)
            }
            Part::Resource => {
                let items = &statement.resource.items;
                let origin = statement.resource.origin.unwrap_or(statement.origin);
                (in_leaves(items), "the resource".to_owned(), origin)
            }
            Part::Condition(condition) => {
                let mut symbols = in_leaves(&condition.values);
                symbols.extend(condition.key_name.symbols());
                symbols.extend(condition.operator_name.symbols());
                let operator = condition.operator_name.display(&api.symbols);
                let key = condition.key_name.display(&api.symbols);
                (symbols, format!("{operator} on {key}"), condition.origin)
            }
            Part::Stretch(symbol, origin) => ([symbol].into(), String::new(), origin),
        };
        if symbols.is_empty() {
            let text = format!("{text} {what}");
            needs.insert(Assumption { text, pin: None, origin: Some(origin) });
        }
        for symbol in symbols {
            needs.insert(of_symbol(api, symbol, what));
        }
    }
}

/// The unknown values among the principals of a statement.
pub(super) fn principals(statement: &Statement) -> BTreeSet<SymbolRef> {
    use crate::model::PrincipalElement;
    let list = match &statement.principal {
        PrincipalElement::Principal(list) | PrincipalElement::NotPrincipal(list, _) => list,
        PrincipalElement::Missing => return BTreeSet::new(),
    };
    let mut out = BTreeSet::new();
    for entry in &list.items {
        match entry {
            Entry::One(item) => out.extend(item.value.symbols().filter(|s| decides(*s))),
            Entry::Many(symbol, _) => drop(out.insert(*symbol)),
        }
    }
    out
}

fn in_leaves(items: &[Entry<Leaf>]) -> BTreeSet<SymbolRef> {
    let mut out = BTreeSet::new();
    for entry in items {
        match entry {
            Entry::One(leaf) => out.extend(leaf.symbols().filter(|s| decides(*s))),
            Entry::Many(symbol, _) => drop(out.insert(*symbol)),
        }
    }
    out
}

/// Whether the value of a symbol can change a verdict: one that stands for a field of the API's
/// identity cannot.
pub(super) fn decides(symbol: SymbolRef) -> bool {
    use crate::model::SymbolClass::{OwnerAccount, Partition, Region, ThisApiArn, ThisApiId};
    !matches!(symbol.class, OwnerAccount | Partition | Region | ThisApiArn | ThisApiId)
}

/// What an unknown value must do.
pub(super) fn of_symbol(api: &Api, symbol: SymbolRef, what: &str) -> Assumption {
    let info = api.symbols.get(symbol);
    Assumption {
        text: format!("{} {what}", api.symbols.label(symbol)),
        pin: info.and_then(|info| info.pin.clone()),
        origin: info.map(|info| info.origin),
    }
}
