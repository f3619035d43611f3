//! One statement.

use crate::model::{
    ActionElement, Condition, ConditionKey, Effect, EffectElement, Entry, Leaf, Operator, Part,
    PrincipalElement, PrincipalItem, PrincipalKind, Principals, Problem, ProblemKind,
    ResourceElement, Statement,
};
use crate::resolve::{Item, Kind, Map, Piece, Rest, SymbolId, Value};
use crate::source::Origin;

use super::elements::Elements;
use super::readings::Reading;
use super::{PolicyCx, arn};
use crate::extract::convert::{OPAQUE, leaf, leaves, stretch};

const NAMES: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Reads one statement. What may be several, or may be changed by something unknown, has an unknown
/// stretch behind it: the known part is judged, and the unknown one is not forgotten.
pub(super) fn read(
    value: &Value,
    reading: Reading,
    cx: &mut PolicyCx<'_>,
) -> Vec<Entry<Statement>> {
    match &value.kind {
        Kind::Null => return Vec::new(),
        Kind::Symbol(id) => return vec![Entry::Many(cx.symbol(*id), value.origin)],
        Kind::Map(_) => {}
        Kind::List(_) | Kind::Text(_) | Kind::Bool(_) | Kind::Number(_) => {
            cx.unreadable(value.origin, "a statement must be a JSON object".into(), None);
            return vec![Entry::Many(OPAQUE, value.origin)];
        }
    }
    let mut elements = Elements::of(value, reading);
    let rest = elements.rest();
    let sid = elements.take("Sid", cx).and_then(|v| leaf(&v, cx.symbols, cx.this_api));
    let effect = match elements.take("Effect", cx) {
        Some(v) => effect(&v, cx),
        None => match rest {
            Some((id, _)) => {
                EffectElement::Other(Leaf::new([Part::Sym(cx.symbol(id))], value.origin))
            }
            None => EffectElement::Missing,
        },
    };
    let principal = elements.take("Principal", cx);
    let not_principal = elements.take_keyed("NotPrincipal", cx);
    let principal = match (principal, not_principal) {
        (Some(v), other) => {
            if let Some((key, _)) = other {
                contradiction(key.origin, "Principal", "NotPrincipal", cx);
            }
            PrincipalElement::Principal(principals(&v, reading, cx))
        }
        (None, Some((key, v))) => {
            PrincipalElement::NotPrincipal(principals(&v, reading, cx), key.origin)
        }
        (None, None) => match rest {
            Some((id, _)) => PrincipalElement::Principal(Principals {
                items: vec![Entry::Many(cx.symbol(id), value.origin)],
                origin: value.origin,
            }),
            None => PrincipalElement::Missing,
        },
    };
    let (negated, items, origin) = list("Action", "NotAction", &mut elements, value.origin, cx);
    let action = ActionElement { negated, items, origin };
    let (negated, items, origin) = list("Resource", "NotResource", &mut elements, value.origin, cx);
    let resource = ResourceElement { negated, items: arn::own(items), origin };
    let condition = elements.take("Condition", cx);
    let condition_origin = condition.as_ref().map(|v| v.origin);
    let mut conditions = match condition {
        Some(v) => conditions(&v, reading, cx),
        None => Vec::new(),
    };
    // What is misspelt is reported as that, and may be what is missing.
    let is_spelt = elements.is_empty();
    elements.report_others(&NAMES, "see the grammar of the IAM JSON policy language", cx);
    let mut out = Vec::new();
    let statement = Statement {
        sid,
        effect,
        principal,
        action,
        resource,
        conditions: Vec::new(),
        condition_origin,
        origin: value.origin,
    };
    let missing = statement.missing();
    if is_spelt && !missing.is_empty() {
        cx.problems.push(Problem {
            kind: ProblemKind::Missing { elements: missing },
            origin: value.origin,
            related: Vec::new(),
            api: cx.this_api.map(str::to_owned),
        });
    }
    if let Some((id, how)) = rest {
        // Something unknown may add a condition, or overwrite an element with anything.
        let symbol = cx.symbol(id);
        conditions.push(Entry::Many(symbol, value.origin));
        if how == Rest::Over {
            out.push(Entry::Many(symbol, value.origin));
        }
    }
    out.insert(0, Entry::One(Statement { conditions, ..statement }));
    out
}

/// The unknown part of `map`, when it may overwrite the known entries. What may be overwritten is not
/// known: the unknown part alone stands for it, and a guard in it does not hold.
fn overwritten(map: &Map) -> Option<SymbolId> {
    map.rest.filter(|(_, how)| *how == Rest::Over).map(|(id, _)| id)
}

fn contradiction(at: Origin, one: &str, other: &str, cx: &mut PolicyCx<'_>) {
    cx.unreadable(
        at,
        format!("a statement cannot have both `{one}` and `{other}`"),
        Some(format!("keep one of them; `{one}` is judged")),
    );
}

fn effect(value: &Value, cx: &mut PolicyCx<'_>) -> EffectElement {
    let Some(leaf) = leaf(value, cx.symbols, cx.this_api) else {
        cx.unreadable(value.origin, "`Effect` must be `Allow` or `Deny`".into(), None);
        return EffectElement::Other(Leaf::new([Part::Sym(OPAQUE)], value.origin));
    };
    match leaf.text() {
        Some("Allow") => EffectElement::Known(Effect::Allow, leaf.origin),
        Some("Deny") => EffectElement::Known(Effect::Deny, leaf.origin),
        Some(text) => {
            cx.unreadable(
                value.origin,
                format!("`{}` is not an effect", text.escape_debug()),
                Some("write `Allow` or `Deny`, in exactly these letters".into()),
            );
            EffectElement::Other(leaf)
        }
        None => EffectElement::Other(leaf),
    }
}

fn principals(value: &Value, reading: Reading, cx: &mut PolicyCx<'_>) -> Principals {
    let mut items = Vec::new();
    match &value.kind {
        Kind::Map(map) if overwritten(map).is_some() => {
            items.extend(overwritten(map).map(|id| Entry::Many(cx.symbol(id), value.origin)));
        }
        Kind::Map(map) => {
            for (key, v) in reading.entries(map, false) {
                let kind = match &*key.text {
                    "AWS" => PrincipalKind::Aws,
                    "Service" => PrincipalKind::Service,
                    "Federated" => PrincipalKind::Federated,
                    "CanonicalUser" => PrincipalKind::CanonicalUser,
                    other => PrincipalKind::Other(other.to_owned()),
                };
                items.extend(typed(&kind, v, cx));
            }
            if let Some((id, _)) = map.rest {
                items.push(Entry::Many(cx.symbol(id), value.origin));
            }
        }
        Kind::Symbol(id) => items.push(Entry::Many(cx.symbol(*id), value.origin)),
        _ => {
            let everyone = value.known_text().as_deref() == Some("*");
            let unknown = matches!(&value.kind, Kind::Text(text) if text.known().is_none());
            let kind = if everyone || unknown { PrincipalKind::Aws } else { PrincipalKind::Bare };
            items.extend(typed(&kind, value, cx));
        }
    }
    Principals { items, origin: value.origin }
}

fn typed(kind: &PrincipalKind, value: &Value, cx: &mut PolicyCx<'_>) -> Vec<Entry<PrincipalItem>> {
    let scalar = [Item::One(value.clone())];
    let items: &[Item] = if let Kind::List(items) = &value.kind { items } else { &scalar };
    let mut out = Vec::new();
    for item in items {
        let (at, entries) = match item {
            Item::One(v) => (account_token(v, cx), leaves(v, cx.symbols, cx.this_api)),
            Item::Many(id, origin) => (None, vec![stretch(*id, *origin, cx.symbols, cx.this_api)]),
        };
        out.extend(entries.into_iter().map(|entry| match entry {
            Entry::One(leaf) => {
                let value = Leaf { origin: at.unwrap_or(leaf.origin), ..leaf };
                Entry::One(PrincipalItem { kind: kind.clone(), value })
            }
            Entry::Many(symbol, origin) => Entry::Many(symbol, origin),
        }));
    }
    out
}

/// Where the account id of a principal that was put together from several texts is written:
/// `"arn:aws:iam::${var.partner}:root"` points at the partner's id, and remembers the way.
fn account_token(value: &Value, cx: &mut PolicyCx<'_>) -> Option<Origin> {
    let Kind::Text(text) = &value.kind else { return None };
    if text.0.len() < 2 {
        return None;
    }
    text.0.iter().find_map(|piece| {
        let Piece::Lit { text, map, origin } = piece else { return None };
        let at = text.as_bytes().windows(12).position(|w| w.iter().all(u8::is_ascii_digit))?;
        let digits = map.span(at..at + 12);
        // A token that is nothing but the id is shown with its quotes.
        let token = cx.origins.span(*origin);
        let alone = token.contains(digits) && token.range().len() <= 14;
        Some(if alone { *origin } else { cx.origins.narrow(*origin, digits) })
    })
}

fn list(
    name: &str,
    negated: &str,
    elements: &mut Elements,
    at: Origin,
    cx: &mut PolicyCx<'_>,
) -> (bool, Vec<Entry<Leaf>>, Option<Origin>) {
    let (plain, not) = (elements.take(name, cx), elements.take_keyed(negated, cx));
    match (plain, not) {
        (Some(v), other) => {
            if let Some((key, _)) = other {
                contradiction(key.origin, name, negated, cx);
            }
            (false, leaves(&v, cx.symbols, cx.this_api), Some(v.origin))
        }
        (None, Some((_, v))) => (true, leaves(&v, cx.symbols, cx.this_api), Some(v.origin)),
        (None, None) => {
            // An unknown part of the object may hold it; then nothing is known of it.
            let unknown = elements.rest().map(|(id, _)| Entry::Many(cx.symbol(id), at));
            (false, unknown.into_iter().collect(), None)
        }
    }
}

fn conditions(value: &Value, reading: Reading, cx: &mut PolicyCx<'_>) -> Vec<Entry<Condition>> {
    let map = match &value.kind {
        Kind::Map(map) => map,
        Kind::Symbol(id) => return vec![Entry::Many(cx.symbol(*id), value.origin)],
        _ => {
            cx.unreadable(value.origin, "`Condition` must be a JSON object".into(), None);
            return vec![Entry::Many(OPAQUE, value.origin)];
        }
    };
    if let Some(id) = overwritten(map) {
        return vec![Entry::Many(cx.symbol(id), value.origin)];
    }
    let mut out = Vec::new();
    for (operator, block) in reading.entries(map, false) {
        match &block.kind {
            Kind::Null => {}
            Kind::Symbol(id) => out.push(Entry::Many(cx.symbol(*id), block.origin)),
            Kind::Map(keys) if overwritten(keys).is_some() => {
                out.extend(overwritten(keys).map(|id| Entry::Many(cx.symbol(id), block.origin)));
            }
            Kind::Map(keys) => {
                for (key, values) in reading.entries(keys, true) {
                    if matches!(values.kind, Kind::Null) {
                        continue;
                    }
                    out.push(Entry::One(Condition {
                        operator: Operator::parse(&operator.text),
                        operator_name: Leaf::known(operator.text.clone(), operator.origin),
                        key: ConditionKey::parse(&key.text),
                        key_name: Leaf::known(key.text.clone(), key.origin),
                        values: leaves(values, cx.symbols, cx.this_api),
                        origin: values.origin,
                    }));
                }
                if let Some((id, _)) = keys.rest {
                    out.push(Entry::Many(cx.symbol(id), block.origin));
                }
            }
            Kind::List(_) | Kind::Text(_) | Kind::Bool(_) | Kind::Number(_) => {
                cx.unreadable(
                    block.origin,
                    format!("`{}` must hold condition keys and their values", operator.text),
                    None,
                );
                out.push(Entry::Many(OPAQUE, block.origin));
            }
        }
    }
    if let Some((id, _)) = map.rest {
        out.push(Entry::Many(cx.symbol(id), value.origin));
    }
    out
}
