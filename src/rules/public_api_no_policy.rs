//! `public-api-no-policy`: an API on the internet with no policy at all.

use super::support::{DefectCx, place_in, worlds};
use super::{Kind, Meta, Rule};
use crate::analyze::public::is_route_named;
use crate::finding::{Confidence, Draft, Severity};
use crate::model::{
    Api, ApiKind, ApiWorld, AuthType, EndpointType, EndpointTypes, PolicyState, Route, RouteRef,
};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "public-api-no-policy",
        summary: "an API on the internet has no resource policy, and methods without authorization",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/public-api-no-policy.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for api in cx.inventory.apis.iter().filter(|api| api.kind == ApiKind::RestApi) {
        let named = cx.settings.public_routes(&[Some(&*api.address), api.name.as_deref()]);
        let worlds = worlds(api);
        let fires = |(world, confidence): &(&ApiWorld, Confidence)| {
            draft(api, world, *confidence, &named).is_some()
        };
        // What one world that decides lacks and another has is possible.
        let by_default = worlds.iter().any(|(world, _)| world.is_default);
        let mut deciding = worlds.iter().filter(|(world, _)| world.is_default || !by_default);
        let sure = deciding.all(fires);
        for (world, confidence) in worlds {
            let confidence = if sure { confidence } else { Confidence::Possible };
            out.extend(draft(api, world, confidence, &named));
        }
    }
}

fn draft(api: &Api, world: &ApiWorld, confidence: Confidence, named: &[RouteRef]) -> Option<Draft> {
    if !matches!(world.policy, PolicyState::None) {
        return None;
    }
    let (endpoint, mut confidence) = match &world.endpoint {
        EndpointTypes::Known(EndpointType::Private, _) | EndpointTypes::Document => return None,
        EndpointTypes::Known(_, origin) => (*origin, confidence),
        EndpointTypes::Absent => (None, confidence),
        EndpointTypes::Unknown(_, origin) => (Some(*origin), Confidence::Possible),
    };
    // OPTIONS is answered to browsers before they send what matters.
    let open = |auth: AuthType| {
        let routes = world.routes.declared.iter();
        let open = routes.filter(move |r| r.auth == auth && r.method.as_deref() != Some("OPTIONS"));
        // What is open on purpose is no flaw.
        let mut open = open.filter(|route| !is_route_named(route, named));
        open.next()
    };
    let (route, severity) = match (open(AuthType::None), open(AuthType::Unknown)) {
        (Some(route), _) => (Some(route), Severity::Medium),
        (None, Some(route)) => {
            confidence = Confidence::Possible;
            (Some(route), Severity::Medium)
        }
        (None, None) if world.routes.complete => return None,
        (None, None) => (None, Severity::Low),
    };
    let text = match route {
        Some(_) => "no resource policy: nothing but its methods decides who calls",
        None => "no resource policy, and its methods are not all declared here",
    };
    let mut draft = Draft::new(RULE.meta.id, severity, (api.origin, text.into()));
    draft.title = title(route, confidence);
    draft.help =
        "attach a policy that says who may call, or set authorization on every method".into();
    place_in(&mut draft, api, world, confidence);
    draft.secondary.extend(route.map(|route| {
        let text = match route.auth {
            AuthType::None => "NONE: anyone on the internet can call this method",
            _ => "the authorization of this method is not known",
        };
        (route.origin, text.to_owned())
    }));
    draft.secondary.extend(endpoint.map(|origin| {
        let text = match world.endpoint {
            EndpointTypes::Unknown(..) => "the endpoint type is not known: perhaps a public one",
            _ => "a public endpoint: the internet reaches it",
        };
        (origin, text.to_owned())
    }));
    draft.key = "no-policy".into();
    Some(draft)
}

fn title(route: Option<&Route>, confidence: Confidence) -> String {
    match (route, confidence) {
        (Some(_), Confidence::Proved) => {
            "anyone on the internet can call this API: it has no resource policy".into()
        }
        (Some(_), Confidence::Possible) => {
            "anyone on the internet may be able to call this API: it has no policy".into()
        }
        (None, _) => "this API is on the internet and has no resource policy".into(),
    }
}
