//! Condition operators: presence of the key, modifiers, several values (SEMANTICS 2.1, 2.2).
//!
//! How one value compares with one text is [`compare`](super::compare)'s matter.

use crate::model::{
    BaseOp, Condition, Entry, KnownKey, Leaf, Operator, Part, Quantifier, SymbolRef, Tri,
};

use super::compare;
use super::context::{Data, Datum, Lookup, lookup};
use super::scope::Scope;
use super::{any, join};

/// Whether a condition holds.
///
/// Unknown: an operator that AWS does not know, and an empty list of values (Access Analyzer says of
/// it both that the condition holds and that the statement grants nothing). An unknown stretch of
/// values is taken to hold some: under an operator that compares for equality none of them is an
/// outsider's (SEMANTICS 3.9).
pub(super) fn holds(condition: &Condition, scope: &Scope<'_>) -> Tri {
    let Some(operator) = condition.operator else { return Tri::Unknown };
    let refused = |entry: &Entry<Leaf>| matches!(entry, Entry::Many(SymbolRef::UNREADABLE, _));
    if condition.values.iter().all(refused) {
        return Tri::Unknown;
    }
    let found = lookup(&condition.key, scope);
    let check = Check { operator, condition, scope };
    if operator.base == BaseOp::Null {
        return null(operator, condition, found);
    }
    match found {
        Lookup::Absent => absent(operator),
        Lookup::Present(data) => check.present(data),
        Lookup::Maybe(data) => join(absent(operator), check.present(data)),
        Lookup::Any => check.anything(),
        Lookup::Unknown => join(absent(operator), check.anything()),
    }
}

/// Whether a condition holds in a request that lacks its key (SEMANTICS 2.2).
pub fn where_absent(condition: &Condition) -> Tri {
    let known = condition.values.iter().any(|entry| entry.one().is_some());
    match condition.operator {
        Some(operator) if operator.base == BaseOp::Null => {
            null(operator, condition, Lookup::Absent)
        }
        Some(operator) if known => absent(operator),
        _ => Tri::Unknown,
    }
}

/// The key is not in the request.
fn absent(operator: Operator) -> Tri {
    match (operator.quantifier, operator.if_exists) {
        (Some(Quantifier::AllValues), _) | (None, true) => Tri::True,
        // `...IfExists` says true, `ForAnyValue:` says false, and no page which of them wins.
        (Some(Quantifier::AnyValue), true) => Tri::Unknown,
        (Some(Quantifier::AnyValue), false) => Tri::False,
        (None, false) => operator.negated.into(),
    }
}

/// `Null`: `true` holds if the key is absent, `false` if it is present.
fn null(operator: Operator, condition: &Condition, found: Lookup<'_>) -> Tri {
    match operator.quantifier {
        // Access Analyzer, "ForAllValues with Null" and "ForAnyValue with Null".
        Some(Quantifier::AllValues) => return Tri::True,
        Some(Quantifier::AnyValue) => return Tri::False,
        None => {}
    }
    let absent = match found {
        Lookup::Absent => Tri::True,
        Lookup::Present(data) if data.is_blank() => Tri::Unknown,
        Lookup::Present(_) | Lookup::Any => Tri::False,
        Lookup::Maybe(_) | Lookup::Unknown => Tri::Unknown,
    };
    any(&condition.values, |leaf| match leaf.text() {
        Some(text) if text.eq_ignore_ascii_case("true") => absent,
        Some(text) if text.eq_ignore_ascii_case("false") => !absent,
        _ => Tri::Unknown,
    })
}

/// One condition in one request.
#[derive(Clone, Copy)]
struct Check<'a> {
    operator: Operator,
    condition: &'a Condition,
    scope: &'a Scope<'a>,
}

impl Check<'_> {
    /// The key has these values.
    fn present(self, data: Data<'_>) -> Tri {
        let values = data.iter().map(|datum| self.matches(datum));
        let matched = match self.operator.quantifier {
            // A key that can hold several values never matches without a qualifier.
            None => match data.single() {
                Some(datum) if self.condition.key.known != KnownKey::PrincipalOrgPaths => {
                    self.matches(datum)
                }
                _ => Tri::False,
            },
            Some(Quantifier::AnyValue) => values.fold(Tri::False, Tri::or),
            Some(Quantifier::AllValues) => values.fold(Tri::True, Tri::and),
        };
        // Set operators take an empty text for an absent key (IAM user guide, "Multivalued context
        // keys": "resolves to a null data set, such as an empty string").
        if self.operator.quantifier.is_some() && data.is_blank() {
            join(matched, absent(self.operator))
        } else {
            matched
        }
    }

    /// The key has one value, and any.
    fn anything(self) -> Tri {
        if self.operator.quantifier.is_none()
            && self.condition.key.known == KnownKey::PrincipalOrgPaths
        {
            return Tri::False;
        }
        self.over_values(|leaf| compare::always(self.operator.base, leaf, self.scope))
    }

    /// Whether one value of the request is (or, negated, is not) among the condition's.
    fn matches(self, datum: Datum<'_>) -> Tri {
        self.over_values(|leaf| compare::one(self.operator.base, leaf, datum, self.scope))
    }

    fn over_values(self, mut matches: impl FnMut(&Leaf) -> Tri) -> Tri {
        let mut matched = Tri::False;
        for entry in &self.condition.values {
            matched = matched.or(match entry {
                Entry::One(leaf) => matches(leaf),
                Entry::Many(SymbolRef::UNREADABLE, _) => Tri::Unknown,
                Entry::Many(symbol, at) => matches(&Leaf::new([Part::Sym(*symbol)], *at)),
            });
            if matched.is_true() {
                break;
            }
        }
        if self.operator.negated { !matched } else { matched }
    }
}
