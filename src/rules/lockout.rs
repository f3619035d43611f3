//! `lockout`: nobody can call the API, and no other finding says why.

use super::support::{DefectCx, PolicyIn, may_allow, tokens_of_statement};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Mark, Origin, Severity};
use crate::model::{EffectElement, Entry, PrincipalElement, Statement, Tri};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "lockout",
        summary: "the policy keeps everybody out, trusted callers and the own account included",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/lockout.md"),
    },
    kind: Kind::Rest { turn: 3, rest },
};

/// Rules whose findings may be the reason why nobody gets in: a part of a statement that never
/// applies, or a Deny that always does.
const REASONS: &[&str] = &[
    "cloudfront-sourcearn",
    "dead-statement",
    "iam-key-without-iam-auth",
    "iam-principal-without-iam-auth",
    "invalid-principal",
    "missing-set-qualifier",
    "multiple-booleans",
    "notprincipal-deny",
    "private-cidr-in-sourceip",
    "resource-matches-nothing",
    "role-session-in-principalarn",
    "service-principal-useless",
    "type-mismatch",
    "unsupported-condition-key",
    "vpc-id-kind-mismatch",
    "vpc-key-on-public-api",
    "wildcard-without-like",
];

fn rest(cx: &DefectCx<'_>, drafts: &mut Vec<Draft>) {
    for place in cx.policies() {
        // `no-allow-lockout` stands for a policy without any Allow.
        let grants = place.policy.statements.iter().any(may_allow);
        if !place.is_of_api() || !grants || !place.is_shut() {
            continue;
        }
        let own = draft(&place);
        let involved: Vec<Origin> = place
            .statements()
            .filter(|(at, s)| !s.is_deny() || !applies(&place, *at).is_false())
            .flat_map(|(_, statement)| tokens_of_statement(statement))
            .collect();
        let mut said = false;
        for reason in drafts.iter_mut() {
            let about = reason.api == own.api && involved.contains(&reason.primary.0);
            if about && REASONS.contains(&reason.rule) {
                said = true;
                if reason.confidence == own.confidence {
                    blame(reason, &place);
                }
            } else if about && reason.rule == "untrusted-account" {
                said = true;
            }
        }
        if !said {
            drafts.push(own);
        }
    }
}

/// Says in the finding of the reason what it comes to.
fn blame(reason: &mut Draft, place: &PolicyIn<'_>) {
    reason.severity = reason.severity.max(RULE.meta.severity);
    let mark = shut_mark(place).unwrap_or((place.policy.origin, "nobody can call this API".into()));
    if reason.secondary.iter().all(|(at, _)| *at != mark.0) && reason.primary.0 != mark.0 {
        reason.secondary.push(mark);
    }
}

/// A declared method, all of which let nobody in.
fn shut_mark(place: &PolicyIn<'_>) -> Option<Mark> {
    let (route, _) = place.declared().next()?;
    Some((route.origin, format!("{}: nobody can call this method", route.auth.words())))
}

/// Whether some request on a method that was judged meets the statement.
fn applies(place: &PolicyIn<'_>, at: usize) -> Tri {
    let levels = place.routes().iter().filter_map(|on| on.applies.get(at).copied());
    levels.max().unwrap_or(Tri::Unknown)
}

fn draft(place: &PolicyIn<'_>) -> Draft {
    let denies: Vec<&Statement> = place
        .statements()
        .filter(|(at, s)| s.is_deny() && !applies(place, *at).is_false())
        .map(|(_, statement)| statement)
        .collect();
    let allows = || place.statements().filter(|(_, s)| !s.is_deny());
    let (primary, title, help) = match denies.as_slice() {
        [] => (
            allows()
                .map(|(_, statement)| (token(statement), "admits nobody".to_owned()))
                .next()
                .unwrap_or((place.policy.origin, "admits nobody".to_owned())),
            "nobody can call this API: no Allow applies to any request",
            "grant `execute-api:Invoke` on `execute-api:/*` to those who call",
        ),
        [one] if one.conditions.is_empty() && one.everyone().is_some() => (
            (token(one), "stops every request, whatever the Allow statements say".to_owned()),
            "nobody can call this API: a Deny stops every request",
            "give the Deny a Condition that leaves out those who call, such as `NotIpAddress` on \
             aws:SourceIp, or remove it",
        ),
        [one] => (
            (token(one), "stops every request that an Allow admits".to_owned()),
            "nobody can call this API: a Deny stops all that is allowed",
            "let the Deny leave out whom the Allow admits: what a Deny stops, no Allow opens",
        ),
        [first, ..] => (
            (token(first), "with the other Deny statements, stops all that is allowed".to_owned()),
            "nobody can call this API: the Deny statements stop all that is allowed",
            "let each Deny leave out whom the Allow admits: what one Deny stops, no Allow opens",
        ),
    };
    let meaning = format!("lockout|{}", place.policy.statements.len());
    let mut draft = place.draft(&RULE.meta, primary, meaning);
    draft.title = title.into();
    draft.help = help.into();
    draft.secondary.extend(
        denies.iter().skip(1).take(3).map(|s| (token(s), "this Deny stops the rest".to_owned())),
    );
    if !denies.is_empty() {
        draft.secondary.extend(allows().take(3).map(|(at, s)| {
            let text = match applies(place, at) {
                Tri::False => "admits nobody",
                _ => "what this Allow admits, a Deny stops",
            };
            (effect_token(s), text.to_owned())
        }));
    }
    draft.secondary.extend(shut_mark(place));
    draft
}

/// The token that decides whom a statement is about: the key of its first condition, else its
/// principal.
fn token(statement: &Statement) -> Origin {
    if let Some(condition) = statement.known_conditions().next() {
        return condition.key_name.origin;
    }
    match &statement.principal {
        PrincipalElement::NotPrincipal(_, key) => *key,
        PrincipalElement::Principal(list) => match list.items.first() {
            Some(Entry::One(item)) => item.value.origin,
            _ => list.origin,
        },
        PrincipalElement::Missing => statement.origin,
    }
}

fn effect_token(statement: &Statement) -> Origin {
    match &statement.effect {
        EffectElement::Known(_, origin) => *origin,
        EffectElement::Other(leaf) => leaf.origin,
        EffectElement::Missing => statement.origin,
    }
}
