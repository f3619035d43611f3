//! `allow-guard-with-lambda-authorizer`: an Allow was to keep callers out, and the authorizer lets
//! them in.

use super::iam_principal_without_iam_auth::named;
use super::support::{
    DefectCx, PolicyIn, clip, grant_key, is_said, route_marks, tokens_of_condition, value_text,
};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Origin, Severity};
use crate::model::{AuthType, BaseOp, Condition, Route, Statement};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "allow-guard-with-lambda-authorizer",
        summary: "a condition of an Allow keeps nobody out where a Lambda authorizer allows too",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/allow-guard-with-lambda-authorizer.md"),
    },
    kind: Kind::Rest { turn: 1, rest },
};

fn rest(cx: &DefectCx<'_>, drafts: &mut Vec<Draft>) {
    for place in cx.policies().iter().filter(|place| place.is_of_api()) {
        for (at, statement) in place.statements().filter(|(_, s)| s.is_allow()) {
            let Some(guard) = Guard::of(statement) else { continue };
            let routes = place.left_open(at, AuthType::Custom);
            if routes.is_empty() {
                continue;
            }
            let draft = draft(place, statement, &guard, &routes);
            if !is_said(drafts, &draft, &guard.tokens()) {
                drafts.push(draft);
            }
        }
    }
}

/// What was to keep callers out.
enum Guard<'a> {
    Condition(&'a Condition),
    Principal(Origin),
}

impl<'a> Guard<'a> {
    fn of(statement: &'a Statement) -> Option<Self> {
        let guards = |c: &&Condition| c.key.known.is_network() || c.key.known.is_identity();
        let condition = statement.known_conditions().find(guards).map(Self::Condition);
        condition.or_else(|| named(statement).map(Self::Principal))
    }

    fn tokens(&self) -> Vec<Origin> {
        match self {
            Self::Condition(condition) => tokens_of_condition(condition),
            Self::Principal(origin) => vec![*origin],
        }
    }
}

fn draft(
    place: &PolicyIn<'_>,
    statement: &Statement,
    guard: &Guard<'_>,
    routes: &[&Route],
) -> Draft {
    let identity = "behind a Lambda authorizer the policy sees no signer: set the methods to \
                    AWS_IAM, or let the authorizer check who calls";
    let (origin, what, help) = match guard {
        Guard::Condition(condition) => {
            let key = value_text(&condition.key_name, &place.api.symbols);
            let help = match condition.key.known.is_identity() {
                true => identity.to_owned(),
                false => format!(
                    "let a Deny with `{}` on {} list the same values: a Deny ends the request \
                     before the authorizer runs",
                    opposite(condition),
                    key.trim_matches('`'),
                ),
            };
            (condition.key_name.origin, format!("an Allow on {key}"), help)
        }
        Guard::Principal(origin) => {
            (*origin, "an Allow to AWS principals".to_owned(), identity.to_owned())
        }
    };
    let text = "a request that this does not admit is still let in by the authorizer".to_owned();
    let meaning = format!("authorizer|{}", grant_key(statement, &place.api.symbols));
    let mut draft = place.draft(&RULE.meta, (origin, text), meaning);
    draft.title = clip(&format!("{what} keeps nobody out: the authorizer's Allow will do"), 80);
    draft.help = help;
    draft.secondary = route_marks(routes.iter().copied(), |_| {
        "CUSTOM: the authorizer's Allow is enough where the policy says nothing".into()
    });
    draft
}

/// The operator of the Deny that leaves out what the condition admits.
fn opposite(condition: &Condition) -> &'static str {
    match condition.operator.map(|op| (op.base, op.negated)) {
        Some((BaseOp::IpAddress, false)) => "NotIpAddress",
        Some((BaseOp::IpAddress, true)) => "IpAddress",
        Some((BaseOp::StringLike, false)) => "StringNotLike",
        Some((_, true)) => "StringEquals",
        _ => "StringNotEquals",
    }
}
