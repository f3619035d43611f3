//! `service-principal-useless`: a principal that no HTTP request has.

use super::support::{DefectCx, PolicyIn, clip, constant, invokes, leaf_key, value_text};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{Entry, PrincipalElement, PrincipalItem, PrincipalKind, Statement, Tri};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "service-principal-useless",
        summary: "an AWS service, identity provider or canonical user as principal: none ever calls",
        severity: Severity::Low,
        doc: include_str!("../../docs/rules/service-principal-useless.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for place in cx.policies() {
        // A trust policy or the policy of a function may stand alone in a file, too.
        for statement in place.policy.known_statements().filter(|s| invokes(s)) {
            let (principals, not) = match &statement.principal {
                PrincipalElement::Principal(principals) => (principals, false),
                PrincipalElement::NotPrincipal(principals, _) => (principals, true),
                PrincipalElement::Missing => continue,
            };
            let useless = principals.items.iter().filter_map(Entry::one).filter(|i| is_useless(i));
            let useless: Vec<&PrincipalItem> = useless.collect();
            let alone = !not && useless.len() == principals.items.len();
            out.extend(useless.into_iter().map(|item| draft(cx, &place, statement, item, alone)));
        }
    }
}

fn is_useless(item: &PrincipalItem) -> bool {
    matches!(
        item.kind,
        PrincipalKind::Service | PrincipalKind::Federated | PrincipalKind::CanonicalUser
    )
}

fn draft(
    cx: &DefectCx<'_>,
    place: &PolicyIn<'_>,
    statement: &Statement,
    item: &PrincipalItem,
    alone: bool,
) -> Draft {
    let (effect, locked) = match alone {
        true => constant(cx, place, statement, Tri::False),
        false => ("this entry says nothing", Severity::Low),
    };
    let (what, help) = match item.kind {
        PrincipalKind::Service => (
            "a service calls with a role, never as itself",
            "name the role that the service calls with: {\"AWS\": \"arn:aws:iam::<account>:role/<name>\"}",
        ),
        PrincipalKind::Federated => (
            "a federated user calls with the session of a role",
            "name the role that the users assume: {\"AWS\": \"arn:aws:iam::<account>:role/<name>\"}",
        ),
        _ => (
            "canonical users are principals of Amazon S3 alone",
            "name the account: {\"AWS\": \"<account id>\"}",
        ),
    };
    let key = format!("{:?}|{}", item.kind, leaf_key(&item.value, &place.api.symbols));
    let primary = (item.value.origin, format!("{what}: {effect}"));
    let mut draft = place.draft(&RULE.meta, primary, key);
    if locked == Severity::High {
        draft.severity = locked;
    }
    let value = value_text(&item.value, &place.api.symbols);
    draft.title = clip(&format!("no request to an API comes from {value}"), 80);
    draft.help = help.into();
    draft
}
