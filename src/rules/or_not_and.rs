//! `or-not-and`: two Allow statements where one with both conditions was meant.

use super::iam_principal_without_iam_auth::named;
use super::support::{
    DefectCx, PolicyIn, grant_key, is_said, tokens_of_condition, tokens_of_statement,
};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Origin, Severity};
use crate::model::{AwsPrincipal, Condition, Entry, PrincipalElement, Statement};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "or-not-and",
        summary: "principals in one Allow, networks in another: callers need meet one of them only",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/or-not-and.md"),
    },
    kind: Kind::Rest { turn: 1, rest },
};

fn rest(cx: &DefectCx<'_>, drafts: &mut Vec<Draft>) {
    for place in cx.policies().iter().filter(|place| place.is_of_api()) {
        for (by_network, statement) in place.statements().filter(|(_, s)| is_by_network(s)) {
            let alive = |at: usize| !place.anywhere(at).is_false();
            let other = place.statements().find_map(|(at, other)| {
                let token = by_principal(place, other)?;
                let both = alive(at) && alive(by_network) && meet(place, at, by_network);
                both.then_some(token)
            });
            let Some(draft) = other.and_then(|token| draft(place, statement, token)) else {
                continue;
            };
            // A hole in the network's statement says more.
            let conditions = statement.known_conditions().flat_map(tokens_of_condition);
            let tokens: Vec<Origin> = conditions.chain([draft.primary.0]).collect();
            if !is_said(drafts, &draft, &tokens) {
                drafts.push(draft);
            }
        }
    }
}

/// An Allow to everyone that comes from certain networks.
fn is_by_network(statement: &Statement) -> bool {
    let network = |entry: &Entry<Condition>| entry.one().is_some_and(|c| c.key.known.is_network());
    statement.is_allow()
        && statement.everyone().is_some()
        && !statement.conditions.is_empty()
        && statement.conditions.iter().all(network)
}

/// The first principal of an Allow to some outside the own account, wherever they come from.
fn by_principal(place: &PolicyIn<'_>, statement: &Statement) -> Option<Origin> {
    let PrincipalElement::Principal(list) = &statement.principal else { return None };
    let own = |principal: &AwsPrincipal| {
        *principal == AwsPrincipal::Owner
            || principal.account().is_some_and(|account| place.is_owner(account))
    };
    let outside = list.items.iter().filter_map(Entry::one).filter_map(|item| item.aws());
    let any = outside.into_iter().any(|principal| !own(&principal));
    let network = statement
        .conditions
        .iter()
        .any(|entry| entry.one().is_none_or(|c| c.key.known.is_network()));
    named(statement).filter(|_| statement.is_allow() && any && !network)
}

/// Whether both apply on some route.
fn meet(place: &PolicyIn<'_>, one: usize, other: usize) -> bool {
    place.routes().iter().any(|on| {
        let applies = |at: usize| on.applies.get(at).is_some_and(|level| !level.is_false());
        applies(one) && applies(other)
    })
}

fn draft(place: &PolicyIn<'_>, statement: &Statement, principal: Origin) -> Option<Draft> {
    let everyone = statement.everyone()?.value.origin;
    if tokens_of_statement(statement).contains(&principal) {
        return None;
    }
    let text = "everyone on these networks gets in, whoever they are".to_owned();
    let meaning = format!("or|{}", grant_key(statement, &place.api.symbols));
    let mut draft = place.draft(&RULE.meta, (everyone, text), meaning);
    draft.title = "the principals or the network are enough: two Allow statements are an or".into();
    draft.help = "to ask for both, write one statement with the principals and the condition; if \
                  either is meant to do, suppress this"
        .into();
    draft.secondary.push((principal, "these get in from any network".into()));
    let condition = statement.known_conditions().next();
    draft.secondary.extend(
        condition.map(|condition| {
            (condition.key_name.origin, "holds for this statement alone".to_owned())
        }),
    );
    Some(draft)
}
