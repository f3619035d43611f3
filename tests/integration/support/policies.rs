//! Policies of the model from JSON, without any template around them.
//!
//! Text may hold symbols: `\u{ab}Input 1\u{bb}` (in guillemets: the class and the number of a symbol). A
//! string that is `\u{ab}Many Input 1\u{bb}` stands for an unknown stretch of a list, a statement or a
//! condition block.

use std::path::Path;

use gatelint::model::{
    ActionElement, Condition, ConditionKey, Effect, EffectElement, Entry, KnownKey, Leaf, Operator,
    Part, Policy, PolicySize, PrincipalElement, PrincipalItem, PrincipalKind, Principals,
    ResourceElement, Statement, SymbolClass, SymbolRef, Version,
};
use gatelint::source::{Origin, Origins, SourceDb, Span};
use serde_json::{Map, Value};

/// Some origin: these tests never look at one.
pub(crate) fn nowhere() -> Origin {
    let file = SourceDb::new().add(Path::new("policy.json"), "policy.json".into(), "");
    Origins::new().literal(Span::new(file, 0, 0))
}

/// The policy written in `json`.
pub(crate) fn policy(json: &Value) -> Policy {
    let at = nowhere();
    let json = json.as_object().expect("a policy is an object");
    let version = match json.get("Version").map(|v| leaf(v, at)) {
        None => Version::Missing,
        Some(leaf) => match leaf.text() {
            Some("2012-10-17") => Version::V2012(at),
            Some("2008-10-17") => Version::V2008(at),
            _ => Version::Other(leaf),
        },
    };
    let statements = list(&json["Statement"], at, |value| statement(value, at));
    Policy { version, statements, origin: at, size: PolicySize::default() }
}

fn statement(json: &Value, at: Origin) -> Statement {
    let json = json.as_object().expect("a statement is an object");
    let effect = match json.get("Effect").map(|v| leaf(v, at)) {
        None => EffectElement::Missing,
        Some(leaf) => match leaf.text() {
            Some("Allow") => EffectElement::Known(Effect::Allow, at),
            Some("Deny") => EffectElement::Known(Effect::Deny, at),
            _ => EffectElement::Other(leaf),
        },
    };
    let principal = match (json.get("Principal"), json.get("NotPrincipal")) {
        (Some(value), _) => PrincipalElement::Principal(principals(value, at)),
        (None, Some(value)) => PrincipalElement::NotPrincipal(principals(value, at), at),
        (None, None) => PrincipalElement::Missing,
    };
    let (negated, items, origin) = element(json, "Action", "NotAction", at);
    let action = ActionElement { negated, items, origin };
    let (negated, items, origin) = element(json, "Resource", "NotResource", at);
    let resource = ResourceElement { negated, items, origin };
    Statement {
        sid: None,
        effect,
        principal,
        action,
        resource,
        conditions: json.get("Condition").map(|v| conditions(v, at)).unwrap_or_default(),
        condition_origin: json.get("Condition").map(|_| at),
        origin: at,
    }
}

fn element(
    json: &Map<String, Value>,
    plain: &str,
    negated: &str,
    at: Origin,
) -> (bool, Vec<Entry<Leaf>>, Option<Origin>) {
    let read = |value: &Value| list(value, at, |v| leaf(v, at));
    match (json.get(plain), json.get(negated)) {
        (Some(value), _) => (false, read(value), Some(at)),
        (None, Some(value)) => (true, read(value), Some(at)),
        (None, None) => (false, Vec::new(), None),
    }
}

fn principals(json: &Value, at: Origin) -> Principals {
    let items = match json {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| {
                let kind = match key.as_str() {
                    "AWS" => PrincipalKind::Aws,
                    "Service" => PrincipalKind::Service,
                    "Federated" => PrincipalKind::Federated,
                    "CanonicalUser" => PrincipalKind::CanonicalUser,
                    other => PrincipalKind::Other(other.to_owned()),
                };
                list(value, at, |v| PrincipalItem { kind: kind.clone(), value: leaf(v, at) })
            })
            .collect(),
        _ => list(json, at, |v| {
            let value = leaf(v, at);
            let kind = if json.as_str() == Some("*") || value.text().is_none() {
                PrincipalKind::Aws
            } else {
                PrincipalKind::Bare
            };
            PrincipalItem { kind, value }
        }),
    };
    Principals { items, origin: at }
}

fn conditions(json: &Value, at: Origin) -> Vec<Entry<Condition>> {
    let Value::Object(block) = json else { return list(json, at, |_| panic!("a block")) };
    let mut out = Vec::new();
    for (operator, keys) in block {
        for (key, values) in keys.as_object().expect("an operator holds an object of keys") {
            let key_name = text(key, at);
            let operator_name = text(operator, at);
            out.push(Entry::One(Condition {
                operator: operator_name.text().and_then(Operator::parse),
                operator_name,
                key: match key_name.text() {
                    Some(name) => ConditionKey::parse(name),
                    None => ConditionKey { name: String::new(), known: KnownKey::Unknown },
                },
                key_name,
                values: list(values, at, |v| leaf(v, at)),
                origin: at,
            }));
        }
    }
    out
}

/// A scalar or a list of them, stretches included.
fn list<T>(json: &Value, at: Origin, mut read: impl FnMut(&Value) -> T) -> Vec<Entry<T>> {
    let items = match json {
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    items
        .iter()
        .map(|item| match item.as_str().and_then(stretch) {
            Some(symbol) => Entry::Many(symbol, at),
            None => Entry::One(read(item)),
        })
        .collect()
}

fn stretch(text: &str) -> Option<SymbolRef> {
    text.strip_prefix("\u{ab}Many ")?.strip_suffix('\u{bb}').map(symbol)
}

fn leaf(json: &Value, at: Origin) -> Leaf {
    match json {
        Value::String(content) => text(content, at),
        Value::Bool(_) | Value::Number(_) => Leaf::known(json.to_string(), at),
        other => panic!("{other} is no scalar"),
    }
}

/// The leaf that `content` stands for.
pub(crate) fn text(content: &str, at: Origin) -> Leaf {
    let mut parts = Vec::new();
    let mut rest = content;
    while let Some((before, behind)) = rest.split_once('\u{ab}') {
        let (inside, after) = behind.split_once('\u{bb}').expect("a closing guillemet");
        parts.push(Part::Lit(before.into()));
        parts.push(Part::Sym(symbol(inside)));
        rest = after;
    }
    parts.push(Part::Lit(rest.into()));
    Leaf::new(parts, at)
}

fn symbol(text: &str) -> SymbolRef {
    let (class, id) = text.split_once(' ').unwrap_or((text, "0"));
    let class = match class {
        "Input" => SymbolClass::Input,
        "OwnVpcEndpoint" => SymbolClass::OwnVpcEndpoint,
        "OwnVpc" => SymbolClass::OwnVpc,
        "OwnOther" => SymbolClass::OwnOther,
        "OwnerAccount" => SymbolClass::OwnerAccount,
        "Region" => SymbolClass::Region,
        "Partition" => SymbolClass::Partition,
        "ThisApiArn" => SymbolClass::ThisApiArn,
        "ThisApiId" => SymbolClass::ThisApiId,
        "OtherApi" => SymbolClass::OtherApi,
        "External" => SymbolClass::External,
        "Opaque" => SymbolClass::Opaque,
        other => panic!("{other} is no class of symbols"),
    };
    SymbolRef { id: id.parse().expect("a symbol's number"), class }
}
