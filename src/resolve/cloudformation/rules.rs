//! `Rules`: assertions that every deployment meets (AWS CloudFormation user guide, "Rules section").
//!
//! What holds without a condition and names the values of one parameter bounds it like `AllowedValues`.
//! Every other assertion is passed over: then more worlds are judged than can be deployed, never fewer.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::form::Form;
use super::template::Parameter;
use crate::syntax::{Node, Pair};

/// How deep assertions may nest.
const MAX_DEPTH: usize = 16;

/// Bounds the parameters by the rule that `pair` declares.
pub(super) fn bound(pair: &Pair, parameters: &mut BTreeMap<Arc<str>, Parameter>) {
    if pair.value.get("RuleCondition").is_some() {
        return;
    }
    let assertions = pair.value.get("Assertions").and_then(Node::as_list);
    for assertion in assertions.into_iter().flat_map(|list| list.iter()) {
        if let Some(holds) = assertion.get("Assert") {
            assert(holds, parameters, MAX_DEPTH);
        }
    }
}

fn assert(holds: &Node, parameters: &mut BTreeMap<Arc<str>, Parameter>, depth: usize) {
    let Form::Call(name, argument) = Form::of(holds) else { return };
    let Some(items) = argument.as_list() else { return };
    match (name, &**items) {
        ("Fn::And", all) if depth > 0 => {
            all.iter().for_each(|one| assert(one, parameters, depth - 1));
        }
        ("Fn::Contains", [values, parameter]) => {
            if let Some(values) = values.as_list() {
                allow(parameter, values, parameters);
            }
        }
        ("Fn::Equals", [one, other]) => {
            allow(one, std::slice::from_ref(other), parameters);
            allow(other, std::slice::from_ref(one), parameters);
        }
        _ => {}
    }
}

/// Of the values that a parameter can have, those in `values` are left. An assertion that nothing can
/// meet, or one about what is no constant, changes nothing.
fn allow(reference: &Node, values: &[Node], parameters: &mut BTreeMap<Arc<str>, Parameter>) {
    let Form::Call("Ref", name) = Form::of(reference) else { return };
    let Some(parameter) = name.scalar().and_then(|name| parameters.get_mut(&name)) else { return };
    if parameter.is_list() || values.is_empty() || values.iter().any(|v| v.scalar().is_none()) {
        return;
    }
    if parameter.allowed.is_empty() {
        parameter.allowed = values.to_vec();
        return;
    }
    let met = |node: &&Node| values.iter().any(|value| value.scalar() == node.scalar());
    let left: Vec<Node> = parameter.allowed.iter().filter(met).cloned().collect();
    if !left.is_empty() {
        parameter.allowed = left;
    }
}
