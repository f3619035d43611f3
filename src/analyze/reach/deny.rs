//! The Deny that came closest to a witness, and what it lacks.

use std::net::IpAddr;

use crate::model::{
    AbsentOr, BaseOp, Caller, Cidr, Condition, Entry, Iam, Identity, KnownKey, Leaf, METHODS,
    Network, Origin, Policy, Request, Statement, SymbolRef, SymbolTable, Tri, glob_match,
    split_arn,
};

use super::parts::{Part, parts};
use super::witness::{decides, principals};

/// The most characters of a value in a phrase.
const CLIP: usize = 60;

/// The Deny of `policy` that does not stop `request` and comes closest to it: the fewest parts fail,
/// and conditions rather than what the statement is about. With a short phrase of what it lacks.
pub(super) fn nearest(
    policy: &Policy,
    request: &Request,
    identity: &Identity,
    symbols: &SymbolTable,
) -> Option<(Origin, String)> {
    closest(policy, request, identity, symbols, Statement::is_deny)
}

/// The statement of `policy` among those `wanted` that does not apply to `request` and comes closest
/// to it, with a short phrase of what it lacks.
pub(in crate::analyze) fn closest(
    policy: &Policy,
    request: &Request,
    identity: &Identity,
    symbols: &SymbolTable,
    wanted: fn(&Statement) -> bool,
) -> Option<(Origin, String)> {
    let mut best: Option<((usize, usize), &Statement, String)> = None;
    for statement in policy.known_statements().filter(|s| wanted(s)) {
        let mut failing: Vec<(Part<'_>, Tri)> = parts(policy, statement, request, identity)
            .into_iter()
            .filter(|(_, truth)| !truth.is_true())
            .collect();
        let about = |part: &Part<'_>| !matches!(part, Part::Condition(_) | Part::Stretch(..));
        let score = (failing.iter().filter(|(part, _)| about(part)).count(), failing.len());
        if best.as_ref().is_some_and(|(known, ..)| *known <= score) {
            continue;
        }
        // What is certain to fail says more than what may.
        failing.sort_by_key(|(part, truth)| (about(part), *truth));
        let Some((part, truth)) = failing.first() else { continue };
        let why = phrase(statement, part, *truth, request, identity, symbols);
        best = Some((score, statement, why));
    }
    best.map(|(_, statement, why)| (statement.origin, why))
}

/// What decides whether `statement` applies to `request`, where that is not known: names of unknown
/// values, and keys that the request leaves open.
pub(in crate::analyze) fn undecided(
    policy: &Policy,
    statement: &Statement,
    request: &Request,
    identity: &Identity,
    symbols: &SymbolTable,
) -> Vec<String> {
    let parts = parts(policy, statement, request, identity);
    let open = parts.into_iter().filter(|(_, truth)| *truth == Tri::Unknown);
    open.map(|(part, _)| match (unknown(statement, &part), part) {
        (Some(symbol), _) => symbols.label(symbol).to_owned(),
        (None, Part::Principal) => "the principal".to_owned(),
        (None, Part::Action) => "the action".to_owned(),
        (None, Part::Resource) => "the resource".to_owned(),
        (None, Part::Stretch(symbol, _)) => symbols.label(symbol).to_owned(),
        (None, Part::Condition(condition)) => clip(&condition.key_name.display(symbols)),
    })
    .collect()
}

/// The first unknown value in a part of `statement`.
fn unknown(statement: &Statement, part: &Part<'_>) -> Option<SymbolRef> {
    let first = |items: &[Entry<Leaf>], counts: fn(SymbolRef) -> bool| {
        items.iter().find_map(|entry| match entry {
            Entry::Many(symbol, _) => Some(*symbol),
            Entry::One(leaf) => leaf.symbols().find(|symbol| counts(*symbol)),
        })
    };
    match part {
        Part::Principal => principals(statement).into_iter().next(),
        Part::Action => first(&statement.action.items, decides),
        Part::Resource => first(&statement.resource.items, decides),
        Part::Condition(condition) => first(&condition.values, |_| true),
        Part::Stretch(symbol, _) => Some(*symbol),
    }
}

fn phrase(
    statement: &Statement,
    part: &Part<'_>,
    truth: Tri,
    request: &Request,
    identity: &Identity,
    symbols: &SymbolTable,
) -> String {
    if truth == Tri::Unknown
        && let Some(symbol) = unknown(statement, part)
    {
        return format!("depends on {}", symbols.label(symbol));
    }
    match part {
        Part::Principal if request.caller == Caller::Anonymous => {
            "names principals, and the caller is anonymous".into()
        }
        Part::Principal => "names other principals".into(),
        Part::Action => "covers other actions".into(),
        Part::Resource => resources(statement, request, identity),
        Part::Stretch(symbol, _) => format!("depends on {}", symbols.label(*symbol)),
        Part::Condition(condition) => lacking(condition, truth, request, symbols),
    }
}

fn lacking(condition: &Condition, truth: Tri, request: &Request, symbols: &SymbolTable) -> String {
    let key = condition.key_name.display(symbols);
    let name = condition.operator_name.display(symbols);
    let Some(value) = value(condition.key.known, &condition.key.name, request) else {
        return absent(condition.key.known, &key, request);
    };
    if truth == Tri::Unknown {
        return format!("{} on {} may not hold", clip(&name), clip(&key));
    }
    let literals: Vec<&Leaf> = condition.values.iter().filter_map(Entry::one).collect();
    let negated = condition.operator.is_some_and(|op| op.negated);
    let base = condition.operator.map(|op| op.base);
    if let (Some(BaseOp::IpAddress), Ok(address)) = (base, value.parse::<IpAddr>()) {
        let inside = |leaf: &&&Leaf| {
            leaf.text().and_then(Cidr::parse).is_some_and(|cidr| cidr.contains(address))
        };
        return match (literals.iter().find(inside), literals.as_slice()) {
            (Some(range), _) => format!("{value} lies inside {}", clip(&range.display(symbols))),
            (None, [only]) => format!("{value} lies outside {}", clip(&only.display(symbols))),
            (None, several) => format!("{value} lies outside its {} ranges", several.len()),
        };
    }
    match (base, literals.as_slice()) {
        (Some(BaseOp::Null), _) => format!("{} is {}", clip(&key), clip(&value)),
        (_, [only]) if !negated => {
            format!("{} is {}, not {}", clip(&key), clip(&value), clip(&only.display(symbols)))
        }
        _ if negated => format!("{} is {}, which it exempts", clip(&key), clip(&value)),
        _ => format!("{} is {}, which it does not list", clip(&key), clip(&value)),
    }
}

fn absent(known: KnownKey, key: &str, request: &Request) -> String {
    let key = clip(key);
    let public = matches!(request.network, Network::Internet(..));
    match known {
        KnownKey::SourceVpc | KnownKey::SourceVpce | KnownKey::VpcSourceIp if public => {
            format!("needs {key}, which is absent on a public endpoint")
        }
        KnownKey::SourceIp => format!("needs {key}, which may be absent on a private endpoint"),
        known if known.is_identity() && request.caller == Caller::Anonymous => {
            format!("needs {key}, which an anonymous caller does not have")
        }
        KnownKey::PrincipalOrgId | KnownKey::PrincipalOrgPaths => {
            format!("needs {key}, which an account in no organization does not have")
        }
        known if known.is_free() => format!("needs {key}, which the caller leaves out"),
        KnownKey::Unsupported => format!("needs {key}, which API Gateway never sets"),
        _ => format!("needs {key}, which the request need not have"),
    }
}

/// The value of a key in a request, where it is known to have one.
fn value(known: KnownKey, name: &str, request: &Request) -> Option<String> {
    let first = |given: &AbsentOr| match given {
        AbsentOr::Present(values) => values.first().map(|value| value.text.clone()),
        AbsentOr::Absent | AbsentOr::Maybe(_) | AbsentOr::Unknown => None,
    };
    if let Some(given) = request.context.get(name) {
        return first(given);
    }
    match (known, &request.network, &request.caller) {
        (KnownKey::SourceIp, Network::Internet(ip, _), _) => Some(ip.to_string()),
        (KnownKey::VpcSourceIp, Network::Vpc { ip, .. }, _) => Some(ip.to_string()),
        (KnownKey::SourceVpce, Network::Vpc { vpce, .. }, _) => Some(vpce.text.clone()),
        (KnownKey::SourceVpc, Network::Vpc { vpc, .. }, _) => Some(vpc.text.clone()),
        (KnownKey::SecureTransport, ..) => Some("true".into()),
        (KnownKey::CurrentTime | KnownKey::EpochTime, ..) => Some("now".into()),
        (_, _, Caller::Iam(iam)) => of_caller(known, iam),
        _ => None,
    }
}

fn of_caller(known: KnownKey, iam: &Iam) -> Option<String> {
    let first = |given: &AbsentOr| match given {
        AbsentOr::Present(values) => values.first().map(|value| value.text.clone()),
        AbsentOr::Absent | AbsentOr::Maybe(_) | AbsentOr::Unknown => None,
    };
    match known {
        KnownKey::PrincipalAccount => Some(iam.account.to_string()),
        KnownKey::PrincipalArn => Some(iam.arn.clone()),
        KnownKey::PrincipalOrgId => first(&iam.org),
        KnownKey::PrincipalOrgPaths => first(&iam.org_paths),
        _ => None,
    }
}

/// What the resource of a Deny covers instead of the request.
fn resources(statement: &Statement, request: &Request, identity: &Identity) -> String {
    let other_api = |leaf: &Leaf| {
        let fields = leaf.text().and_then(split_arn);
        fields.is_some_and(|[.., account, resource]| {
            let api = resource.split('/').next().unwrap_or(resource);
            !glob_match(account, &identity.account) || !glob_match(api, &identity.api_id)
        })
    };
    let mut leaves = statement.resource.items.iter().filter_map(Entry::one);
    if !statement.resource.negated && leaves.all(other_api) {
        return "covers another API".into();
    }
    if statement.resource.negated {
        return "leaves this route out".into();
    }
    let mut methods: Vec<&str> = Vec::new();
    for leaf in statement.resource.items.iter().filter_map(Entry::one) {
        let text = leaf.parts.iter().rev().find_map(|part| match part {
            crate::model::Part::Lit(text) => Some(text.as_ref()),
            crate::model::Part::Sym(_) => None,
        });
        let path = text.map(|text| match split_arn(text) {
            Some([.., resource]) => resource.split_once('/').map_or("", |(_, rest)| rest),
            None => text.trim_start_matches("execute-api:").trim_start_matches('/'),
        });
        match path.and_then(|path| path.split('/').nth(1)) {
            Some(method) if METHODS.contains(&method) && method != request.method => {
                if !methods.contains(&method) {
                    methods.push(method);
                }
            }
            _ => return "covers other routes".into(),
        }
    }
    if methods.is_empty() || methods.len() > 4 {
        return "covers other routes".into();
    }
    format!("covers {} only", methods.join(", "))
}

fn clip(text: &str) -> String {
    if text.chars().count() <= CLIP {
        return text.to_owned();
    }
    let head: String = text.chars().take(CLIP).collect();
    format!("{head}…")
}
