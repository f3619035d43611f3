//! `api-key-as-auth`: a method that anyone can call and that asks for nothing but an API key.

use super::support::{DefectCx, clip, place_in, route_marks, worlds};
use super::{Kind, LAST_TURN, Meta, Rule};
use crate::analyze::public::is_route_named;
use crate::finding::{Confidence, Draft, Severity};
use crate::model::{
    Api, ApiKind, ApiWorld, AuthType, CallerClass, EndpointType, EndpointTypes, Gate, PolicyState,
    Reach, Route, Tri,
};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "api-key-as-auth",
        summary: "a method that the internet reaches asks for nothing but an API key",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/api-key-as-auth.md"),
    },
    kind: Kind::Rest { turn: LAST_TURN, rest },
};

fn rest(cx: &DefectCx<'_>, drafts: &mut Vec<Draft>) {
    let apis = cx.inventory.apis.iter().zip(cx.reaches);
    for (api, reach) in apis.filter(|(api, _)| api.kind == ApiKind::RestApi) {
        let named = cx.settings.public_routes(&[Some(&*api.address), api.name.as_deref()]);
        for (world, confidence) in worlds(api) {
            let routes = world.routes.declared.iter();
            let meant = routes.filter(|route| {
                route.auth == AuthType::None
                    && route.api_key.is_some()
                    && route.method.as_deref() != Some("OPTIONS")
                    && !is_route_named(route, &named)
            });
            let open: Vec<(&Route, Tri)> = meant
                .map(|route| (route, level(world, reach, route)))
                .filter(|(_, level)| !level.is_false())
                .collect();
            drafts.extend(draft(api, world, confidence, &open));
        }
    }
}

/// Whether anyone on the internet reaches a method without credentials.
fn level(world: &ApiWorld, reach: &Reach, route: &Route) -> Tri {
    if matches!(world.policy, PolicyState::None) {
        return match world.endpoint {
            EndpointTypes::Known(EndpointType::Private, _) | EndpointTypes::Document => Tri::False,
            EndpointTypes::Known(..) | EndpointTypes::Absent => Tri::True,
            EndpointTypes::Unknown(..) => Tri::Unknown,
        };
    }
    let holes = reach.exposures.iter().filter(|exposure| {
        let same = |other: &crate::model::RouteRef| {
            Some(&other.method) == route.method.as_ref() && Some(&other.path) == route.path.as_ref()
        };
        exposure.class == CallerClass::AnonymousInternet
            && exposure.gate == Gate::Open
            && (exposure.routes.is_empty() || exposure.routes.iter().any(same))
    });
    holes.map(|exposure| exposure.access).max().unwrap_or(Tri::False)
}

fn draft(
    api: &Api,
    world: &ApiWorld,
    confidence: Confidence,
    open: &[(&Route, Tri)],
) -> Option<Draft> {
    let (first, level) = open.first()?;
    let text = "a key meters calls and proves nobody's identity".to_owned();
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, (first.api_key?, text));
    let method = first.method.as_deref().unwrap_or("a method");
    let path = first.path.as_deref().unwrap_or_default();
    let target = format!("{method} {path}");
    draft.title = clip(&format!("an API key is all that {} asks for", target.trim_end()), 80);
    draft.help =
        "set authorization (AWS_IAM, a Cognito user pool, a Lambda authorizer), and keep the \
                  key for the usage plan"
            .into();
    draft.secondary = route_marks(open.iter().map(|(route, _)| *route), |_| {
        "NONE: whoever has the key can call this method".to_owned()
    });
    draft.key = format!("api-key|{target}");
    let confidence = if level.is_true() { confidence } else { Confidence::Possible };
    place_in(&mut draft, api, world, confidence);
    Some(draft)
}
