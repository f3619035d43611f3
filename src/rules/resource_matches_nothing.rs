//! `resource-matches-nothing`: a Resource that no request to the API matches.

use std::collections::BTreeMap;

use super::support::{DefectCx, PolicyIn, clip, leaf_key, value_text};
use super::{Kind, Meta, Rule};
use crate::analyze::applies::resources;
use crate::analyze::reach::Effects;
use crate::finding::{Draft, Severity};
use crate::model::{Leaf, METHODS, Part, Statement, SymbolClass, Tri, split_arn};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "resource-matches-nothing",
        summary: "a Resource matches no request to the API that carries the policy",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/resource-matches-nothing.md"),
    },
    kind: Kind::Defect(check),
};

/// What is wrong with a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Miss {
    /// It is the ARN of another API of the unit.
    OtherApi,
    /// It has fewer fields than an ARN, and is no shorthand.
    Fields,
    /// `arn:aws:apigateway:...`
    Management,
    /// The ARN of another service.
    Service,
    /// The account is known, and this is another.
    Account,
    /// The region is known, and this is another.
    Region,
    /// Nothing behind the id of the API.
    Bare,
    /// A slash behind the id, and nothing more.
    Slash,
    /// A path template.
    Braces,
    /// `ANY`, `get`.
    Verb,
    /// It ends before the path.
    Short,
    /// No declared route has such a request.
    Route,
    /// Whatever else.
    Other,
}

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for place in cx.policies().iter().filter(|place| place.is_of_api()) {
        // The common case asks nothing.
        if resources(place.policy).all(|(_, leaf)| leaf.text().is_some_and(is_everything)) {
            continue;
        }
        let Some(site) = place.site() else { continue };
        let effects = site.resource_effects();
        // Of one statement and one mistake, all resources are one finding.
        let mut found: BTreeMap<(crate::finding::Origin, Miss), (&Statement, Vec<&Leaf>)> =
            BTreeMap::new();
        let mut alive: Vec<crate::finding::Origin> = Vec::new();
        for (at, (statement, leaf)) in resources(place.policy).enumerate() {
            match miss(cx, place, &effects, at, leaf) {
                Some(miss) => {
                    let entry = found.entry((statement.origin, miss));
                    entry.or_insert_with(|| (statement, Vec::new())).1.push(leaf);
                }
                None => alive.push(statement.origin),
            }
        }
        for ((_, miss), (statement, leaves)) in found {
            let dies = !alive.contains(&statement.origin);
            out.extend(draft(place, statement, miss, &leaves, dies));
        }
    }
}

fn is_everything(text: &str) -> bool {
    matches!(text, "*" | "execute-api:/*" | "execute-api:/*/*" | "execute-api:/*/*/*")
}

/// What is wrong with the resource of that index; `None` when some request matches it.
fn miss(
    cx: &DefectCx<'_>,
    place: &PolicyIn<'_>,
    effects: &Effects,
    at: usize,
    leaf: &Leaf,
) -> Option<Miss> {
    let dead = effects.anywhere.get(at).is_some_and(|level| level.is_false());
    let reason = shape(leaf, cx.settings.region.as_deref());
    if dead {
        return Some(reason.unwrap_or(Miss::Other));
    }
    // What no request is ever like, whatever the engine makes of the text.
    if let Some(Miss::Fields | Miss::Management | Miss::Service | Miss::Region | Miss::Braces) =
        reason
    {
        return reason;
    }
    // A wildcard is often meant for methods to come; a path that is written out is a mistake.
    let written_out = leaf.text().is_some_and(|text| {
        let tail = tail(text).and_then(|tail| tail.split_once('/')).map(|(_, rest)| rest);
        tail.is_some_and(|rest| !rest.contains(['*', '?']))
    });
    if !written_out {
        return None;
    }
    let mut routes = effects.routes.iter().peekable();
    let covered = |level: Option<&Tri>| level.is_some_and(|level| !level.is_false());
    // An OPTIONS route is a route, and the engine leaves its requests out here.
    let preflight = |route: &crate::model::Route| {
        matches!(route.method.as_deref(), None | Some("OPTIONS" | "ANY"))
    };
    let known =
        place.world.routes.are_known() && !place.world.routes.declared.iter().any(preflight);
    let none = routes.peek().is_some() && !routes.any(|on| covered(on.covers.get(at)));
    (known && none).then_some(Miss::Route)
}

/// What the text of a resource says by itself.
fn shape(leaf: &Leaf, region: Option<&str>) -> Option<Miss> {
    let mut text = String::new();
    for part in &leaf.parts {
        match part {
            Part::Lit(lit) => text.push_str(lit),
            Part::Sym(symbol) => match symbol.class {
                SymbolClass::OtherApi => return Some(Miss::OtherApi),
                SymbolClass::ThisApiArn => text.push_str("arn:aws:execute-api:*:*:id"),
                SymbolClass::ThisApiId => text.push_str("id"),
                SymbolClass::Partition => text.push_str("aws"),
                SymbolClass::Region | SymbolClass::OwnerAccount => text.push('*'),
                _ => return None,
            },
        }
    }
    if text == "*" {
        return None;
    }
    let (path, behind) = match (text.strip_prefix("execute-api:/"), split_arn(&text)) {
        (Some(rest), _) => (format!("id/{rest}"), true),
        (None, Some([_, _, service, of_region, account, rest])) => {
            match service {
                "execute-api" => {}
                "apigateway" => return Some(Miss::Management),
                _ if service.contains(['*', '?']) => return None,
                _ => return Some(Miss::Service),
            }
            let fixed = !of_region.contains(['*', '?', '$']);
            if region.is_some_and(|region| fixed && region != of_region) {
                return Some(Miss::Region);
            }
            let digits = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
            (rest.to_owned(), digits)
        }
        (None, None) => return Some(Miss::Fields),
    };
    let wild = |text: &str| text.contains(['*', '?']);
    let Some((_, rest)) = path.split_once('/') else {
        return (!wild(&path)).then_some(Miss::Bare);
    };
    if has_template(rest) {
        return Some(Miss::Braces);
    }
    if rest.is_empty() {
        return Some(Miss::Slash);
    }
    let mut segments = rest.splitn(3, '/');
    let (stage, method, path) = (segments.next(), segments.next(), segments.next());
    if stage.is_some_and(wild) || method.is_some_and(wild) {
        return behind.then_some(Miss::Account);
    }
    match (method, path) {
        (None, _) | (_, None) => Some(Miss::Short),
        (Some(method), _) if !METHODS.contains(&method) => Some(Miss::Verb),
        _ => behind.then_some(Miss::Account),
    }
}

/// What stands behind the id of the API.
fn tail(text: &str) -> Option<&str> {
    text.strip_prefix("execute-api:/").or_else(|| split_arn(text)?[5].split_once('/').map(|t| t.1))
}

/// Whether a segment is `{id}`, which is no policy variable.
fn has_template(path: &str) -> bool {
    path.split('/').any(|segment| segment.starts_with('{') && segment.ends_with('}'))
}

fn draft(
    place: &PolicyIn<'_>,
    statement: &Statement,
    miss: Miss,
    leaves: &[&Leaf],
    dies: bool,
) -> Option<Draft> {
    let (first, others) = leaves.split_first()?;
    let own = "write `execute-api:/*`, which stands for the API that carries the policy";
    let (text, help) = match miss {
        Miss::OtherApi => ("this is another API: its policy is its own", own),
        Miss::Fields => (
            "neither an ARN of six fields nor `execute-api:/stage/METHOD/path`",
            "write `execute-api:/*` for the whole API",
        ),
        Miss::Management => (
            "`apigateway` ARNs name the API's configuration; a call is an `execute-api` ARN",
            "write `execute-api:/*`; in Terraform `${aws_api_gateway_rest_api.x.execution_arn}/*`",
        ),
        Miss::Service => ("a call to the API is an ARN of `execute-api`", own),
        Miss::Account => ("the API is in another account", own),
        Miss::Region => ("the API is in another region", own),
        Miss::Bare => (
            "names the API and none of its requests: stage, method and path are missing",
            "append `/*`: `execute-api:/*`, or `${...execution_arn}/*` in Terraform",
        ),
        Miss::Slash => (
            "ends at the slash: it matches no stage, method and path",
            "append `*`: AWS's pages show this form without it, and no request matches that",
        ),
        Miss::Braces => (
            "a request has a value here, never the braces of a template",
            "write `*` where the path has a parameter, such as `execute-api:/prod/GET/pets/*`",
        ),
        Miss::Verb => (
            "the method of a request is its own verb, in capitals, and never `ANY`",
            "write the verb, such as `GET`, or `*` for all",
        ),
        Miss::Short => (
            "ends before the path: a request is `stage/METHOD/path`",
            "append `/*`, such as `execute-api:/prod/*`",
        ),
        Miss::Route => (
            "no declared method has such a path and verb",
            "write the path of a declared method, with `*` for its parameters",
        ),
        Miss::Other => ("no request to the API matches this", own),
    };
    let mut keys: Vec<String> =
        leaves.iter().map(|leaf| leaf_key(leaf, &place.api.symbols)).collect();
    keys.sort();
    let meaning = format!("resource|{}", keys.join(","));
    let mut draft = place.draft(&RULE.meta, (first.origin, text.into()), meaning);
    let subject = if statement.is_deny() { "this Deny" } else { "this Allow" };
    let value = value_text(first, &place.api.symbols);
    draft.title = match dies {
        true if statement.is_deny() => {
            format!("{subject} stops nothing: no request matches its Resource")
        }
        true => format!("{subject} grants nothing: no request matches its Resource"),
        false => clip(&format!("no request matches {value}"), 80),
    };
    // An Allow that dies is an outage; what else is dead here only misleads.
    let certain = !matches!(miss, Miss::Fields | Miss::Route);
    draft.severity = match dies && certain && !statement.is_deny() {
        true => Severity::High,
        false => Severity::Medium,
    };
    draft.help = help.into();
    draft.secondary =
        others.iter().take(3).map(|leaf| (leaf.origin, "the same".to_owned())).collect();
    Some(draft)
}
