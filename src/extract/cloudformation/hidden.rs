//! Policies that may stand where nothing is read yet.

use super::api::Reader;
use crate::resolve::cloudformation::form::{Form, is_function_name};
use crate::syntax::{Kind, Node};

/// Whether a property is as good as not written.
pub(super) fn is_absent(node: &Node) -> bool {
    matches!(node.kind, Kind::Null)
        || matches!(Form::of(node), Form::Call("Ref", name)
            if name.scalar().is_some_and(|name| &*name == "AWS::NoValue"))
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
    let why = reader.links.files.why(at);
    let why = why.unwrap_or("what it makes of the properties is not read yet");
    reader.hide(&name, why, at, None);
    true
}
