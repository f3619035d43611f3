//! `allow-guard-same-account`: an Allow by network holds no caller of the API's own account.

use super::support::{
    DefectCx, PolicyIn, clip, grant_key, is_said, route_marks, tokens_of_condition, value_text,
};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{AuthType, Condition, Entry, Route, Statement};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "allow-guard-same-account",
        summary: "callers of the own account need no Allow of the policy, and pass its conditions by",
        severity: Severity::Info,
        doc: include_str!("../../docs/rules/allow-guard-same-account.md"),
    },
    kind: Kind::Rest { turn: 1, rest },
};

fn rest(cx: &DefectCx<'_>, drafts: &mut Vec<Draft>) {
    for place in cx.policies().iter().filter(|place| place.is_of_api()) {
        for (at, statement) in place.statements().filter(|(_, s)| s.is_allow()) {
            let Some(condition) = guard(statement) else { continue };
            // Beside an Allow that holds nobody to a network this one was not to hold everyone.
            if place.statements().any(|(_, other)| other.is_allow() && guard(other).is_none()) {
                continue;
            }
            let routes = place.left_open(at, AuthType::AwsIam);
            if routes.is_empty() {
                continue;
            }
            let draft = draft(place, statement, condition, &routes);
            if !is_said(drafts, &draft, &tokens_of_condition(condition)) {
                drafts.push(draft);
            }
        }
    }
}

/// The first condition of an Allow that is about networks alone, whoever calls. One that singles out
/// callers is about those, and says nothing of the own account.
fn guard(statement: &Statement) -> Option<&Condition> {
    let network = |entry: &Entry<Condition>| entry.one().is_some_and(|c| c.key.known.is_network());
    let all = statement.everyone().is_some() && statement.conditions.iter().all(network);
    statement.known_conditions().next().filter(|_| all)
}

fn draft(
    place: &PolicyIn<'_>,
    statement: &Statement,
    condition: &Condition,
    routes: &[&Route],
) -> Draft {
    let key = value_text(&condition.key_name, &place.api.symbols);
    let text = "callers of the API's own account get in by their IAM policy, from anywhere";
    let meaning = format!("same-account|{}", grant_key(statement, &place.api.symbols));
    let mut draft = place.draft(&RULE.meta, (condition.key_name.origin, text.into()), meaning);
    draft.title = clip(&format!("an Allow on {key} does not hold callers of the own account"), 80);
    draft.help =
        "to hold everyone to it, add a Deny with the negated operator and the same values".into();
    draft.secondary = route_marks(routes.iter().copied(), |_| {
        "AWS_IAM: in the own account the IAM policy or the resource policy may allow".into()
    });
    draft
}
