//! `deny-multi-key-is-or`: a Deny of callers that miss several conditions stops only those that miss
//! them all.

use super::support::{DefectCx, PolicyIn, grant_key, is_said, tokens_of_condition, value_text};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Origin, Severity};
use crate::model::{Condition, KnownKey, Statement};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "deny-multi-key-is-or",
        summary: "a Deny with several negated keys leaves out callers that meet one of them",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/deny-multi-key-is-or.md"),
    },
    kind: Kind::Rest { turn: 1, rest },
};

fn rest(cx: &DefectCx<'_>, drafts: &mut Vec<Draft>) {
    for place in cx.policies().iter().filter(|place| place.is_of_api()) {
        // On a public endpoint no request has a VPC key: `vpc-key-on-public-api`.
        let private = place.public_endpoint().is_none();
        for (at, statement) in place.statements().filter(|(_, s)| s.is_deny()) {
            let Some((first, second)) = pair(statement, private) else { continue };
            if place.anywhere(at).is_false() {
                continue;
            }
            let draft = draft(place, statement, first, second);
            let tokens: Vec<Origin> =
                [first, second].into_iter().flat_map(tokens_of_condition).collect();
            if !is_said(drafts, &draft, &tokens) {
                drafts.push(draft);
            }
        }
    }
}

/// Two negated conditions that one request may meet both.
fn pair(statement: &Statement, private: bool) -> Option<(&Condition, &Condition)> {
    let negated = |c: &&Condition| c.operator.is_some_and(|op| op.negated);
    let conditions: Vec<&Condition> = statement.known_conditions().filter(negated).collect();
    let pairs = conditions.iter().enumerate();
    pairs.into_iter().find_map(|(at, first)| {
        let both = |second: &&&Condition| is_pair(first.key.known, second.key.known, private);
        conditions.iter().skip(at + 1).find(both).map(|second| (*first, *second))
    })
}

/// Whether to ask for both keys makes sense. A request comes from the internet or from a VPC: either
/// of the two is all one can ask for. An exempted role, too, is meant as one.
fn is_pair(one: KnownKey, other: KnownKey, private: bool) -> bool {
    let group = |key: KnownKey| match key {
        KnownKey::SourceVpc | KnownKey::SourceVpce | KnownKey::VpcSourceIp if private => Some(0),
        KnownKey::SourceIp => Some(1),
        KnownKey::PrincipalOrgId | KnownKey::PrincipalOrgPaths | KnownKey::PrincipalAccount => {
            Some(2)
        }
        _ => None,
    };
    match (group(one), group(other)) {
        (Some(0), Some(0)) => one != other,
        (Some(2), Some(0 | 1)) | (Some(0 | 1), Some(2)) => true,
        _ => false,
    }
}

fn draft(
    place: &PolicyIn<'_>,
    statement: &Statement,
    first: &Condition,
    second: &Condition,
) -> Draft {
    let [a, b] = [first, second].map(|c| value_text(&c.key_name, &place.api.symbols));
    let text = format!("a caller with the right {b} is not stopped, whatever its {a}");
    let meaning = format!("or|{}", grant_key(statement, &place.api.symbols));
    let mut draft = place.draft(&RULE.meta, (second.key_name.origin, text), meaning);
    draft.title = "this Deny stops only callers that miss both of its conditions".into();
    draft.help = "to ask for both, write one Deny for each key".into();
    let text = format!("nor is one with the right {a}, whatever its {b}");
    draft.secondary.push((first.key_name.origin, text));
    draft
}
