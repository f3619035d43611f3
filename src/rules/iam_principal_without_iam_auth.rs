//! `iam-principal-without-iam-auth`: an Allow to AWS principals on methods that take no signature.

use super::support::{DefectCx, PolicyIn, clip, grant_key, is_said, route_marks};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Origin, Severity};
use crate::model::{Entry, PrincipalElement, PrincipalKind, Route, Statement};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "iam-principal-without-iam-auth",
        summary: "an Allow names AWS principals, and the method does not ask who signs",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/iam-principal-without-iam-auth.md"),
    },
    kind: Kind::Rest { turn: 1, rest },
};

fn rest(cx: &DefectCx<'_>, drafts: &mut Vec<Draft>) {
    for place in cx.policies().iter().filter(|place| place.is_of_api()) {
        let closed = place.closed_to_all();
        for (at, statement) in place.statements().filter(|(_, s)| s.is_allow()) {
            let Some(token) = named(statement) else { continue };
            let meant = closed.iter().filter(|(_, on)| {
                let level = |levels: &[crate::model::Tri]| levels.get(at).copied();
                level(&on.applies).is_some_and(|level| level.is_false())
                    && level(&on.covers).is_some_and(|level| !level.is_false())
            });
            let routes: Vec<&Route> = meant.map(|(route, _)| *route).collect();
            let Some(draft) = draft(place, statement, token, &routes) else { continue };
            if !is_said(drafts, &draft, &[token]) {
                drafts.push(draft);
            }
        }
    }
}

/// The first AWS principal of an Allow that names some and not everyone.
pub(super) fn named(statement: &Statement) -> Option<Origin> {
    let PrincipalElement::Principal(list) = &statement.principal else { return None };
    if statement.everyone().is_some() {
        return None;
    }
    let items = list.items.iter().filter_map(Entry::one);
    items.into_iter().find(|item| item.kind == PrincipalKind::Aws).map(|item| item.value.origin)
}

fn draft(
    place: &PolicyIn<'_>,
    statement: &Statement,
    token: Origin,
    routes: &[&Route],
) -> Option<Draft> {
    let first = routes.first()?;
    let auth = first.auth.words();
    let text = format!("who signs is known on AWS_IAM methods only, and this is {auth}");
    let meaning = format!("principal|{}", grant_key(statement, &place.api.symbols));
    let mut draft = place.draft(&RULE.meta, (token, text), meaning);
    draft.title =
        clip(&format!("nobody can call {}: it does not ask who signs", target(first)), 80);
    draft.help = "set the authorization of the methods to AWS_IAM, or allow `\"*\"` with a \
                  condition on aws:SourceIp or aws:SourceVpce"
        .into();
    draft.secondary = route_marks(routes.iter().copied(), |route| {
        format!("{}: the policy sees an anonymous caller", route.auth.words())
    });
    Some(draft)
}

/// A route in a title.
pub(super) fn target(route: &Route) -> String {
    match (&route.method, &route.path) {
        (Some(method), Some(path)) => clip(&format!("{method} {path}"), 34),
        _ => "this method".into(),
    }
}
