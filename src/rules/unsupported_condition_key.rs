//! `unsupported-condition-key`: a condition on a key that API Gateway never sets.
//!
//! The keys are those of the API Gateway developer guide, "AWS condition keys that can be used in API
//! Gateway resource policies". Policies of VPC endpoints and of private custom domains are not asked:
//! other keys stand in their requests.

use super::support::{DefectCx, PolicyIn, about, clip, code, constant, grant_key, value_text};
use super::{Kind, Meta, Rule};
use crate::analyze::evaluate::where_absent;
use crate::finding::{Draft, Severity, did_you_mean};
use crate::model::{
    ApiKind, Condition, ConditionKey, Entry, KnownKey, PrincipalElement, PrincipalKind, Statement,
};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "unsupported-condition-key",
        summary: "a condition asks for a key that API Gateway never sets",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/unsupported-condition-key.md"),
    },
    kind: Kind::Defect(check),
};

/// Keys that IAM has and API Gateway does not set, with the one that says something alike. A name
/// that ends in `/` stands for every tag.
const ELSEWHERE: &[(&str, Option<&str>)] = &[
    ("aws:AssumedRoot", None),
    ("aws:CalledVia", None),
    ("aws:CalledViaFirst", None),
    ("aws:CalledViaLast", None),
    ("aws:Ec2InstanceSourcePrivateIPv4", Some("aws:VpcSourceIp")),
    ("aws:Ec2InstanceSourceVpc", Some("aws:SourceVpc")),
    ("aws:FederatedProvider", None),
    ("aws:PrincipalIsAWSService", None),
    ("aws:PrincipalServiceName", None),
    ("aws:PrincipalServiceNamesList", None),
    ("aws:RequestedRegion", None),
    ("aws:RequestTag/", Some("aws:PrincipalTag/")),
    ("aws:ResourceAccount", Some("aws:PrincipalAccount")),
    ("aws:ResourceOrgID", Some("aws:PrincipalOrgID")),
    ("aws:ResourceOrgPaths", Some("aws:PrincipalOrgPaths")),
    ("aws:ResourceTag/", Some("aws:PrincipalTag/")),
    ("aws:SourceAccount", Some("aws:PrincipalAccount")),
    ("aws:SourceIdentity", Some("aws:PrincipalArn")),
    ("aws:SourceOrgID", Some("aws:PrincipalOrgID")),
    ("aws:SourceOrgPaths", Some("aws:PrincipalOrgPaths")),
    ("aws:SourceOwner", Some("aws:PrincipalAccount")),
    ("aws:TagKeys", None),
    ("aws:ViaAWSService", None),
];

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for place in cx.policies() {
        if !matches!(place.api.kind, ApiKind::RestApi | ApiKind::Document) {
            continue;
        }
        for statement in place.policy.known_statements().filter(|s| !is_for_services(s)) {
            for condition in statement.known_conditions() {
                match condition.key.known {
                    KnownKey::Unsupported => out.push(never(cx, &place, statement, condition)),
                    KnownKey::Undecided => out.push(undecided(&place, statement, condition)),
                    _ => {}
                }
            }
        }
    }
}

/// Whether the statement is about AWS services alone: they are what is wrong with it, and the keys
/// of their requests are others.
fn is_for_services(statement: &Statement) -> bool {
    let PrincipalElement::Principal(principals) = &statement.principal else { return false };
    let service = |entry: &Entry<_>| match entry {
        Entry::One(crate::model::PrincipalItem { kind, .. }) => *kind == PrincipalKind::Service,
        Entry::Many(..) => false,
    };
    !principals.items.is_empty() && principals.items.iter().all(service)
}

fn never(
    cx: &DefectCx<'_>,
    place: &PolicyIn<'_>,
    statement: &Statement,
    condition: &Condition,
) -> Draft {
    let (effect, severity) = constant(cx, place, statement, where_absent(condition));
    let name = condition.key_name.text().unwrap_or(&condition.key.name);
    let elsewhere = elsewhere(name);
    let text = match elsewhere {
        Some(_) => format!("IAM has this key, and API Gateway never sets it: {effect}"),
        None => format!("API Gateway never sets it: {effect}"),
    };
    let mut draft = base(place, statement, condition, text);
    draft.severity = severity;
    draft.title = clip(&format!("{} is no condition key of API Gateway", code(name)), 80);
    let known = "`aws:SourceIp`, `aws:SourceVpce`, `aws:PrincipalOrgID`";
    draft.help = match (elsewhere, nearest(name)) {
        (Some(Some(other)), _) => {
            format!("for what the caller brings, write {}", code(&with_tag(other, name)))
        }
        (None, Some(meant)) => format!("did you mean {}?", code(&with_tag(meant, name))),
        _ => format!("use a key that API Gateway sets, such as {known}"),
    };
    // The policy of a VPC endpoint is a document of the same form, and has this key.
    if place.api.kind == ApiKind::Document
        && name.get(..12).is_some_and(|start| start.eq_ignore_ascii_case("aws:resource"))
    {
        place.taking_for_granted(&mut draft, "the policy of an API, not of a VPC endpoint");
    }
    draft
}

fn undecided(place: &PolicyIn<'_>, statement: &Statement, condition: &Condition) -> Draft {
    let name = value_text(&condition.key_name, &place.api.symbols);
    let text = "a key of 2025: where it is missing, a condition on it says the same of everyone";
    let mut draft = base(place, statement, condition, text.into());
    draft.severity = Severity::Info;
    draft.title = clip(&format!("AWS does not say whether API Gateway sets {name}"), 80);
    draft.help =
        "try it before you rest on it, or write `aws:SourceVpce` or `aws:SourceVpc`".into();
    place.taking_for_granted(&mut draft, &format!("API Gateway does not set {name}"));
    draft
}

fn base(place: &PolicyIn<'_>, statement: &Statement, condition: &Condition, text: String) -> Draft {
    let grant = grant_key(statement, &place.api.symbols);
    let operator = condition.operator_name.display(&place.api.symbols).to_ascii_lowercase();
    let key = format!("key|{operator} {}|{grant}", condition.key.name);
    let mut draft = place.draft(&RULE.meta, (condition.key_name.origin, text), key);
    draft.about = about(condition);
    draft
}

/// Whether IAM has the key, and what says something alike.
fn elsewhere(name: &str) -> Option<Option<&'static str>> {
    let name = stem(name);
    let found = ELSEWHERE.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, other)| *other)
}

/// The key that was meant: the nearest of those that API Gateway sets, or the one that the name goes
/// on from.
fn nearest(name: &str) -> Option<&'static str> {
    let stem = stem(name);
    let whole = if stem.contains(':') { stem.to_owned() } else { format!("aws:{stem}") };
    let begins =
        |key: &&str| whole.get(..key.len()).is_some_and(|start| start.eq_ignore_ascii_case(key));
    did_you_mean(&whole, ConditionKey::names())
        .or_else(|| ConditionKey::names().filter(begins).max_by_key(|key| key.len()))
}

/// The name up to the tag.
fn stem(name: &str) -> &str {
    name.split_inclusive('/').next().unwrap_or(name)
}

/// `key` with the tag of `name`, where it is one that has a tag.
fn with_tag(key: &str, name: &str) -> String {
    let tag = name.split_once('/').map_or("...", |(_, tag)| tag);
    if key.ends_with('/') { format!("{key}{tag}") } else { key.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant() {
        let meant = |name: &str| nearest(name).map(|key| with_tag(key, name));
        for (name, key) in [
            ("aws:SourceVpceId", "aws:SourceVpce"),
            ("aws:sourcevpcid", "aws:SourceVpc"),
            ("aws:SourceIpAddress", "aws:SourceIp"),
            ("SourceIp", "aws:SourceIp"),
            ("aws:PrincipleOrgID", "aws:PrincipalOrgID"),
            ("aws:PrincipleTag/team", "aws:PrincipalTag/team"),
            ("ec2:SourceVpc", "aws:SourceVpc"),
        ] {
            assert_eq!(meant(name).as_deref(), Some(key), "{name}");
        }
        assert_eq!(meant("s3:prefix"), None);
        assert_eq!(meant(""), None);
    }

    #[test]
    fn keys_of_other_services() {
        assert_eq!(elsewhere("AWS:sourceaccount"), Some(Some("aws:PrincipalAccount")));
        assert_eq!(elsewhere("aws:RequestTag/team"), Some(Some("aws:PrincipalTag/")));
        assert_eq!(elsewhere("aws:RequestedRegion"), Some(None));
        assert_eq!(elsewhere("aws:SourceVpceId"), None);
        for (key, other) in ELSEWHERE {
            assert_eq!(ConditionKey::parse(key).known, KnownKey::Unsupported, "{key}");
            let known = other.is_none_or(|other| ConditionKey::names().any(|name| name == other));
            assert!(known, "{key}");
        }
    }
}
