//! Policies that may stand where nothing is read yet.

use super::api::Reader;
use crate::model::Form as PolicyForm;
use crate::resolve::cloudformation::form::{Form, any, is_function_name};
use crate::source::Span;
use crate::syntax::{Kind, Node};

/// The key under which an OpenAPI document carries a policy.
const KEY: &str = "x-amazon-apigateway-policy";

/// Whether a property is as good as not written.
pub(super) fn is_absent(node: &Node) -> bool {
    matches!(node.kind, Kind::Null)
        || matches!(Form::of(node), Form::Call("Ref", name)
            if name.scalar().is_some_and(|name| &*name == "AWS::NoValue"))
}

/// Looks for a policy in an OpenAPI document; says whether there is a document at all.
pub(super) fn body(reader: &mut Reader<'_, '_>, node: &Node, what: &str) -> bool {
    if is_absent(node) {
        return false;
    }
    match look(node) {
        Look::Nothing => {}
        Look::Policy(at) => {
            let why = "its x-amazon-apigateway-policy is not read yet";
            reader.hide(what, why, at, Some(PolicyForm::OpenApiExtension));
        }
        Look::Unknown(form, at) => {
            let why = format!("it may hold a policy: {what} is not read through it");
            reader.hide(form, &why, at, None);
        }
    }
    true
}

/// What an inline document holds.
enum Look {
    /// No policy, and nothing that could bring one in.
    Nothing,
    /// A policy, at that key or text.
    Policy(Span),
    /// A function that may bring one in.
    Unknown(&'static str, Span),
}

fn look(node: &Node) -> Look {
    let mut found = Look::Nothing;
    any(node, |node| {
        let here = match (&node.kind, Form::of(node)) {
            (Kind::Map(pairs), _) if let Some(at) = key(pairs) => Some(Look::Policy(at)),
            // A document written as text, or a piece of one.
            (Kind::Text(text), _) if text.text.contains(KEY) => Some(Look::Policy(node.span)),
            (Kind::Invalid, _) => Some(Look::Unknown("unreadable text", node.span)),
            (_, Form::Call("Fn::Transform", _)) => Some(Look::Unknown("Fn::Transform", node.span)),
            (_, Form::Unknown(..)) => Some(Look::Unknown("unknown function", node.span)),
            (Kind::Map(pairs), _) => pairs
                .iter()
                .find(|p| p.key.scalar().is_some_and(|k| &*k == "Fn::Transform"))
                .map(|p| Look::Unknown("Fn::Transform", p.key.span)),
            _ => None,
        };
        match here {
            Some(policy @ Look::Policy(_)) => {
                found = policy;
                true
            }
            Some(unknown) => {
                found = unknown;
                false
            }
            None => false,
        }
    });
    // A whole document that is a value from elsewhere.
    match (&found, Form::of(node)) {
        (Look::Nothing, Form::Call(name, _)) if !matches!(name, "Fn::If" | "Fn::ToJsonString") => {
            Look::Unknown(name, node.span)
        }
        _ => found,
    }
}

fn key(pairs: &[crate::syntax::Pair]) -> Option<Span> {
    pairs.iter().find(|p| p.key.scalar().is_some_and(|k| &*k == KEY)).map(|p| p.key.span)
}

/// Notes functions among or instead of the properties: they may add or change any of them.
pub(super) fn functions(reader: &mut Reader<'_, '_>) -> bool {
    let Some(properties) = reader.resource.properties() else { return false };
    let found = match (properties.as_map(), Form::of(properties)) {
        (Some(pairs), _) => {
            let pair = pairs.iter().find(|p| p.key.scalar().is_some_and(|k| is_function_name(&k)));
            pair.map(|p| (p.key.scalar().unwrap_or_default(), p.key.span))
        }
        (None, Form::Call(name, _)) => Some((name.into(), properties.span)),
        (None, _) if matches!(properties.kind, Kind::Null) => None,
        (None, _) => Some(("properties that are no map".into(), properties.span)),
    };
    let Some((name, at)) = found else { return false };
    reader.hide(&name, "what it makes of the properties is not read yet", at, None);
    true
}
