//! What the engine says of a policy, for the defects: who gets in, and which statements apply.

use super::{DefectCx, PolicyIn};
use crate::analyze::applies::Site;
use crate::analyze::owner::account_of_resources;
use crate::analyze::reach::{Alike, Effects, OnRoute};
use crate::finding::{Mark, Origin};
use crate::model::{
    AccountId, ApiKind, AuthType, Effect, EffectElement, EndpointType, EndpointTypes, Entry, Route,
    Statement, Tri, Trust,
};

/// The engine's answers for one policy.
pub(in crate::rules) struct Judged {
    /// Whom the deployer trusts, the owner accounts among it.
    trust: Trust,
    /// What the policy does on each route.
    pub effects: Effects,
}

impl Judged {
    /// Asks the engine, unless `alike` knows the answer.
    pub(super) fn new(cx: &DefectCx<'_>, place: &PolicyIn<'_>, alike: &mut Alike) -> Self {
        let mut trust = cx.settings.trust.clone();
        if trust.owners.is_empty() {
            trust.owners.extend(account_of_resources(place.api).map(|(account, _)| account));
        }
        let effects = alike.effects(place.api, place.world, place.policy, &trust, cx.now);
        Self { trust, effects }
    }

    /// No answer.
    pub(super) fn unknown() -> Self {
        Self { trust: Trust::default(), effects: Effects::default() }
    }
}

impl<'a> PolicyIn<'a> {
    /// The policy as the engine is asked about it.
    pub(in crate::rules) fn site(&self) -> Option<Site<'a>> {
        let &Self { api, world, policy, judged, now, .. } = self;
        Some(Site { api, world, policy, trust: &judged?.trust, now })
    }

    /// Whether the API is deployed in that account.
    pub(in crate::rules) fn is_owner(&self, account: &AccountId) -> bool {
        self.judged.is_some_and(|judged| judged.trust.owners.contains(account))
    }

    /// What the policy does on the routes of the API, preflight requests left out.
    pub(in crate::rules) fn routes(&self) -> &'a [OnRoute] {
        self.judged.map_or(&[], |judged| &judged.effects.routes)
    }

    /// What it does on declared routes.
    pub(in crate::rules) fn declared(&self) -> impl Iterator<Item = (&'a Route, &'a OnRoute)> {
        let declared = &self.world.routes.declared;
        self.routes().iter().filter_map(|on| Some((declared.get(on.route?)?, on)))
    }

    /// The declared routes of that authorization that the Allow of that index is about, where the policy
    /// says nothing of some requests, so that the other credential decides alone.
    pub(in crate::rules) fn left_open(&self, at: usize, auth: AuthType) -> Vec<&'a Route> {
        let meant = |on: &OnRoute| on.covers.get(at).is_some_and(|level| level.is_true());
        self.declared()
            .filter(|(route, on)| route.auth == auth && on.silent && meant(on))
            .map(|(route, _)| route)
            .collect()
    }

    /// Whether some request of somebody meets the entry of that index.
    pub(in crate::rules) fn anywhere(&self, at: usize) -> Tri {
        let levels = self.judged.map(|judged| judged.effects.anywhere.as_slice());
        levels.and_then(|levels| levels.get(at).copied()).unwrap_or(Tri::Unknown)
    }

    /// The known statements, each with its index among the entries of the policy.
    pub(in crate::rules) fn statements(&self) -> impl Iterator<Item = (usize, &'a Statement)> {
        let entries = self.policy.statements.iter().enumerate();
        entries.filter_map(|(at, entry)| Some((at, entry.one()?)))
    }

    /// Whether the policy lets nobody in, the owner and trusted callers included: on no declared
    /// method, or, where none is, on none whatever its authorization.
    pub(in crate::rules) fn is_shut(&self) -> bool {
        let routes = self.routes();
        let declared = routes.iter().any(|on| on.route.is_some());
        let mut judged = routes.iter().filter(|on| on.route.is_some() || !declared).peekable();
        judged.peek().is_some() && judged.all(|on| on.open.is_false())
    }

    /// Whether it is the policy of an API: not of a custom domain or a VPC endpoint.
    pub(in crate::rules) fn is_of_api(&self) -> bool {
        matches!(self.api.kind, ApiKind::RestApi | ApiKind::Document)
    }

    /// The declared routes that take no signature, need an Allow of the policy, and let nobody in.
    pub(in crate::rules) fn closed_to_all(&self) -> Vec<(&'a Route, &'a OnRoute)> {
        let asks = |on: &OnRoute| matches!(on.auth, AuthType::None | AuthType::CognitoUserPools);
        self.declared()
            .filter(|(route, on)| route.auth == on.auth && asks(on) && on.open.is_false())
            .collect()
    }

    /// The endpoint type where requests come from the internet: its name and where it is written.
    pub(in crate::rules) fn public_endpoint(&self) -> Option<(&'static str, Option<Origin>)> {
        match &self.world.endpoint {
            EndpointTypes::Known(EndpointType::Private, _)
            | EndpointTypes::Document
            | EndpointTypes::Unknown(..) => None,
            EndpointTypes::Known(kind, origin) => Some((kind.name(), *origin)),
            EndpointTypes::Absent => Some((EndpointType::Edge.name(), None)),
        }
    }
}

/// Labels for at most three routes.
pub(in crate::rules) fn route_marks<'r>(
    routes: impl IntoIterator<Item = &'r Route>,
    text: impl Fn(&Route) -> String,
) -> Vec<Mark> {
    routes.into_iter().take(3).map(|route| (route.origin, text(route))).collect()
}

/// Whether an entry is an Allow, or perhaps one.
pub(in crate::rules) fn may_allow(entry: &Entry<Statement>) -> bool {
    entry
        .one()
        .is_none_or(|statement| !matches!(statement.effect, EffectElement::Known(Effect::Deny, _)))
}
