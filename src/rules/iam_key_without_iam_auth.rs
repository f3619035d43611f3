//! `iam-key-without-iam-auth`: a condition on who signs, on methods that take no signature.

use super::iam_principal_without_iam_auth::{named, target};
use super::support::{
    DefectCx, PolicyIn, clip, grant_key, is_said, route_marks, tokens_of_condition, value_text,
};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{Condition, Route, Statement, Tri};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "iam-key-without-iam-auth",
        summary: "a condition asks who signs, and the method does not",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/iam-key-without-iam-auth.md"),
    },
    kind: Kind::Rest { turn: 1, rest },
};

fn rest(cx: &DefectCx<'_>, drafts: &mut Vec<Draft>) {
    for place in cx.policies().iter().filter(|place| place.is_of_api()) {
        let closed = place.closed_to_all();
        for (at, statement) in place.statements() {
            // An Allow that names principals is `iam-principal-without-iam-auth`.
            if statement.is_allow() && named(statement).is_some() {
                continue;
            }
            let deny = statement.is_deny();
            let Some(condition) = statement.known_conditions().find(|c| asks(c, deny)) else {
                continue;
            };
            // The Allow that never applies there, the Deny that always does.
            let meant = closed.iter().filter(|(_, on)| {
                let level = |levels: &[Tri]| levels.get(at).copied().unwrap_or(Tri::Unknown);
                match deny {
                    true => level(&on.applies).is_true(),
                    false => level(&on.applies).is_false() && !level(&on.covers).is_false(),
                }
            });
            let routes: Vec<&Route> = meant.map(|(route, _)| *route).collect();
            let Some(draft) = draft(place, statement, condition, &routes) else { continue };
            if !is_said(drafts, &draft, &tokens_of_condition(condition)) {
                drafts.push(draft);
            }
        }
    }
}

/// Whether the condition is on a key that unsigned requests lack, and decides for that reason: false
/// in an Allow, true in a Deny.
fn asks(condition: &Condition, deny: bool) -> bool {
    condition.key.known.is_identity()
        && condition.operator.is_some_and(|op| deny == (op.negated || op.if_exists))
}

fn draft(
    place: &PolicyIn<'_>,
    statement: &Statement,
    condition: &Condition,
    routes: &[&Route],
) -> Option<Draft> {
    let first = routes.first()?;
    let key = value_text(&condition.key_name, &place.api.symbols);
    let text = match statement.is_deny() {
        true => format!("unsigned requests have no {key}: this Deny stops them all"),
        false => format!("unsigned requests have no {key}: this Allow admits none of them"),
    };
    let meaning = format!("key|{key}|{}", grant_key(statement, &place.api.symbols));
    let mut draft = place.draft(&RULE.meta, (condition.key_name.origin, text), meaning);
    draft.title =
        clip(&format!("nobody can call {}: it does not ask who signs", target(first)), 80);
    draft.help = "set the authorization of the methods to AWS_IAM, or give these routes a \
                  statement of their own with a condition on aws:SourceIp or aws:SourceVpce"
        .into();
    draft.secondary = route_marks(routes.iter().copied(), |route| {
        format!("{}: the policy sees an anonymous caller", route.auth.words())
    });
    Some(draft)
}
