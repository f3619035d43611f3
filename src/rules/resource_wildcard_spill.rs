//! `resource-wildcard-spill`: a wildcard in front of the verb lets other verbs in.

use super::support::{DefectCx, PolicyIn, clip, leaf_key, value_text};
use super::{Kind, Meta, Rule};
use crate::analyze::applies::{matched, resources};
use crate::finding::{Draft, Severity};
use crate::model::{Leaf, METHODS, Part, Route, SymbolClass, split_arn};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "resource-wildcard-spill",
        summary: "a wildcard in front of the verb of a Resource takes in other verbs and paths",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/resource-wildcard-spill.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for place in cx.policies().iter().filter(|place| place.is_of_api()) {
        for (statement, leaf) in resources(place.policy) {
            // What a Deny takes in beyond its verb opens nothing.
            if !statement.is_deny() {
                out.extend(draft(place, leaf));
            }
        }
    }
}

fn draft(place: &PolicyIn<'_>, leaf: &Leaf) -> Option<Draft> {
    let tail = tail(leaf)?;
    let mut segments = tail.splitn(3, '/');
    let (stage, verb) = (segments.next()?, segments.next()?);
    if !stage.contains('*') || !METHODS.contains(&verb) {
        return None;
    }
    let (shown, route) = spill(place, &tail, verb)?;
    let text = format!("`*` crosses slashes: `{shown}` matches too");
    let meaning = format!("spill|{}", leaf_key(leaf, &place.api.symbols));
    let mut draft = place.draft(&RULE.meta, (leaf.origin, text), meaning);
    let value = value_text(leaf, &place.api.symbols);
    draft.title = clip(&format!("{value} is not held to {verb}"), 80);
    draft.help = format!("write the stage: `execute-api:/prod/{verb}/...`");
    match route {
        Some(route) => {
            draft.secondary.push((route.origin, "this method takes such a request".into()));
        }
        // Today no method takes such a request.
        None if place.world.routes.are_known() => draft.severity = Severity::Low,
        None => {}
    }
    Some(draft)
}

/// A request with another verb that the pattern matches, and the declared method that takes it, where
/// one does.
fn spill<'a>(place: &PolicyIn<'a>, tail: &str, verb: &str) -> Option<(String, Option<&'a Route>)> {
    let others = || METHODS.into_iter().filter(|other| *other != verb && *other != "OPTIONS");
    let show = |method: &str, (stage, path): (String, String)| {
        clip(&format!("{method} /{stage}{path}"), 40)
    };
    for route in &place.world.routes.declared {
        let takes = |method: &&str| match route.method.as_deref() {
            None | Some("ANY") => true,
            Some(own) => own == *method,
        };
        let template = route.path.as_deref();
        let mut found =
            others().filter(takes).filter_map(|m| Some((m, matched(tail, m, template)?)));
        if let Some((method, request)) = found.next() {
            return Some((show(method, request), Some(route)));
        }
    }
    let mut found = others().filter_map(|m| Some((m, matched(tail, m, None)?)));
    found.next().map(|(method, request)| (show(method, request), None))
}

/// What stands behind the id of the API, when it is known.
fn tail(leaf: &Leaf) -> Option<String> {
    let mut text = String::new();
    for part in &leaf.parts {
        match part {
            Part::Lit(lit) => text.push_str(lit),
            Part::Sym(symbol) => match symbol.class {
                SymbolClass::ThisApiArn => text.push_str("arn:aws:execute-api:::"),
                SymbolClass::ThisApiId
                | SymbolClass::Partition
                | SymbolClass::Region
                | SymbolClass::OwnerAccount => {}
                _ => return None,
            },
        }
    }
    if let Some(tail) = text.strip_prefix("execute-api:/") {
        return Some(tail.to_owned());
    }
    let [_, _, service, _, _, path] = split_arn(&text)?;
    let tail = path.split_once('/').filter(|_| service == "execute-api")?.1;
    Some(tail.to_owned())
}
