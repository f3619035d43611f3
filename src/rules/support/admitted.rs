//! The values by which the guards of a policy let callers in.
//!
//! Whether a value admits anybody is the engine's answer, in the summaries; this module only finds
//! the tokens of what it lists.

use super::{DefectCx, PolicyIn, clip, code};
use crate::finding::{Confidence, Draft, Origin};
use crate::model::{BaseOp, Entry, ExposureSummary, KnownKey, Leaf, Policy, SymbolRef};
use crate::rules::Meta;

/// A value of a guard.
enum Admitted<'p> {
    /// A known text.
    Known(&'p Leaf, &'p str),
    /// One that is compared for equality and not known. An outsider's own id is never equal to it.
    Unknown(SymbolRef, Origin),
}

/// The values of conditions on `key` that let callers through: those of a positive operator in an
/// Allow, and of a negated one in a Deny. Ids of the unit's own resources are left out.
fn values(policy: &Policy, key: KnownKey) -> Vec<Admitted<'_>> {
    let mut out = Vec::new();
    for statement in policy.known_statements() {
        for condition in statement.known_conditions().filter(|c| c.key.known == key) {
            let Some(operator) = condition.operator else { continue };
            if operator.negated == statement.is_deny() && operator.base != BaseOp::Null {
                let exact = !operator.is_pattern() && operator.base != BaseOp::IpAddress;
                out.extend(condition.values.iter().filter_map(|entry| value(entry, exact)));
            }
        }
    }
    out
}

fn value(entry: &Entry<Leaf>, exact: bool) -> Option<Admitted<'_>> {
    let (symbol, origin) = match entry {
        Entry::One(leaf) => match leaf.text() {
            Some(text) => return Some(Admitted::Known(leaf, text)),
            None => (leaf.symbols().find(|symbol| !symbol.class.is_own())?, leaf.origin),
        },
        Entry::Many(symbol, origin) => (*symbol, *origin),
    };
    (exact && !symbol.class.is_own()).then_some(Admitted::Unknown(symbol, origin))
}

/// A list of the configuration, as far as it says whom a guard may let in.
pub(in crate::rules) struct List<'a> {
    /// Its name in the configuration.
    pub name: &'static str,
    /// What it lists, in the singular.
    pub what: &'static str,
    /// The keys whose values it is about.
    pub keys: &'static [KnownKey],
    /// The part of a value that is not on the list, where there is one, for people.
    pub unlisted: &'a dyn Fn(&str) -> Option<String>,
    /// Whether the engine found that what is not on the list gets in.
    pub admits: &'a dyn Fn(&ExposureSummary, &str) -> bool,
}

/// Reports every value by which a guard lets in what `list` does not have.
pub(in crate::rules) fn report(
    cx: &DefectCx<'_>,
    meta: &Meta,
    list: &List<'_>,
    out: &mut Vec<Draft>,
) {
    for (place, summary) in cx.policies_with_exposure() {
        for value in list.keys.iter().flat_map(|key| values(place.policy, *key)) {
            match value {
                Admitted::Known(leaf, text) => {
                    let Some(rest) = (list.unlisted)(text) else { continue };
                    if (list.admits)(summary, &rest) {
                        out.push(known(&place, meta, list, leaf, &rest));
                    }
                }
                Admitted::Unknown(symbol, origin) => {
                    out.push(unknown(&place, meta, list, symbol, origin));
                }
            }
        }
    }
}

fn known(place: &PolicyIn<'_>, meta: &Meta, list: &List<'_>, leaf: &Leaf, rest: &str) -> Draft {
    let List { name, what, .. } = list;
    let mark = (leaf.origin, format!("{} is not in `{name}`", clip(rest, 48)));
    let mut draft = place.draft(meta, mark, format!("{name}|{rest}"));
    draft.title = clip(&format!("{} gets in, which is no trusted {what}", code(rest)), 80);
    draft.help = format!("add it to `{name}`, or remove it from the policy");
    draft
}

/// A value that nobody gave: whether it is on the list cannot be told.
fn unknown(
    place: &PolicyIn<'_>,
    meta: &Meta,
    list: &List<'_>,
    symbol: SymbolRef,
    origin: Origin,
) -> Draft {
    let List { name, what, .. } = list;
    let symbols = &place.api.symbols;
    let label = code(symbols.label(symbol));
    let mark = (origin, format!("{label} is not known: it may be outside `{name}`"));
    let mut draft = place.draft(meta, mark, format!("{name}|{}", symbols.label(symbol)));
    draft.confidence = Confidence::Possible;
    draft.title = clip(&format!("{label} gets in, and may be no trusted {what}"), 80);
    let info = symbols.get(symbol);
    draft.declared = info.map(|info| info.origin);
    draft.help = match info.and_then(|info| info.pin.as_deref()) {
        Some(pin) => format!("to settle it, run with {}", code(pin)),
        None => "write the value where it can be read".to_owned(),
    };
    draft
}
