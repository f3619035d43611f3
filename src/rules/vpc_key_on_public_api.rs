//! `vpc-key-on-public-api`: a condition on a VPC key, on an API whose requests never carry one.
//!
//! A Deny that stops nobody for it may leave a hole. In an Allow such a key is a hole by its
//! operator, which has the name: `ifexists-vacuous`, `negated-allow-missing-key`, `null-true-allow`.

use super::support::{
    CauseCx, Claim, DefectCx, Flaw, Guard, PolicyIn, clip, deny_instead, grant_key, is_said,
    is_vpc, tokens_of_condition, value_text, when_missing, why_missing,
};
use super::{Kind, Meta, Rule, vpc_id_kind_mismatch};
use crate::finding::{Draft, Mark, Severity};
use crate::model::{Condition, Statement};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "vpc-key-on-public-api",
        summary: "a condition on a VPC key, on an API whose requests never carry one",
        severity: Severity::Critical,
        doc: include_str!("../../docs/rules/vpc-key-on-public-api.md"),
    },
    kind: Kind::Both { rank: 41, claims, rest },
};

fn claims(cx: &CauseCx<'_>) -> Option<Claim> {
    cx.blame(|guard| flaw(cx, guard))
}

fn flaw(cx: &CauseCx<'_>, guard: &Guard<'_>) -> Option<Flaw> {
    if !guard.deny || !is_vpc(guard.known()) || cx.is_private() {
        return None;
    }
    let key = guard.key(cx);
    let text = format!("this Deny stops nobody: {}", why_missing(cx, guard));
    let help = format!("{}, or make the endpoint PRIVATE", deny_instead(cx));
    let mark = (guard.condition.key_name.origin, text);
    Some(Flaw::new(mark, format!("a Deny on {key}"), help))
}

fn rest(cx: &DefectCx<'_>, drafts: &mut Vec<Draft>) {
    for place in cx.policies().iter().filter(|place| place.is_of_api()) {
        let Some((endpoint, origin)) = place.public_endpoint() else { continue };
        for (at, statement) in place.statements() {
            let on_vpc = || statement.known_conditions().filter(|c| is_vpc(c.key.known));
            let dead = on_vpc().find(|c| when_missing(c).is_false());
            let always = || on_vpc().find(|_| stops_all(place, at, statement));
            let Some(condition) = dead.or_else(always) else { continue };
            let mark = origin.map(|origin| (origin, format!("{endpoint}: no request has one")));
            let draft = draft(place, statement, condition, dead.is_some(), endpoint, mark);
            let tokens: Vec<_> = on_vpc().flat_map(tokens_of_condition).collect();
            // What a key is compared with does not matter where it is never there.
            drafts.retain(|other| {
                let compared = other.rule == vpc_id_kind_mismatch::RULE.meta.id;
                let same = other.api == draft.api && other.confidence <= draft.confidence;
                !(compared && same && tokens.contains(&other.primary.0))
            });
            if !is_said(drafts, &draft, &tokens) {
                drafts.push(draft);
            }
        }
    }
}

/// Whether the statement is a Deny that stops every request on a route that lets nobody in, and
/// only VPC keys were to leave somebody out.
fn stops_all(place: &PolicyIn<'_>, at: usize, statement: &Statement) -> bool {
    let vpc_alone =
        statement.conditions.iter().all(|c| c.one().is_some_and(|c| is_vpc(c.key.known)));
    let shut = place
        .routes()
        .iter()
        .any(|on| on.open.is_false() && on.applies.get(at).is_some_and(|level| level.is_true()));
    statement.is_deny() && vpc_alone && shut
}

fn draft(
    place: &PolicyIn<'_>,
    statement: &Statement,
    condition: &Condition,
    dead: bool,
    endpoint: &str,
    mark: Option<Mark>,
) -> Draft {
    let key = value_text(&condition.key_name, &place.api.symbols);
    let (what, effect) = match (statement.is_deny(), dead) {
        (true, true) => ("stops nobody", "this Deny stops nobody"),
        (true, false) => ("stops everybody", "this Deny stops everybody"),
        (false, _) => ("admits nobody", "this Allow admits nobody"),
    };
    let text = format!("requests to {endpoint} endpoints never carry it: {effect}");
    let meaning = format!("vpc|{key}|{}", grant_key(statement, &place.api.symbols));
    let mut draft = place.draft(&RULE.meta, (condition.key_name.origin, text), meaning);
    draft.severity = Severity::Medium;
    let statement_name = if statement.is_deny() { "a Deny" } else { "an Allow" };
    draft.title =
        clip(&format!("{statement_name} on {key} {what}: the endpoint is not private"), 80);
    draft.help = match statement.is_deny() {
        true => "set the endpoint type to PRIVATE, or deny with `NotIpAddress` on aws:SourceIp",
        false => "set the endpoint type to PRIVATE, or allow with `IpAddress` on aws:SourceIp",
    }
    .into();
    draft.secondary.extend(mark);
    draft
}
