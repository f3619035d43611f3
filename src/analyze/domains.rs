//! Private custom domains together with the APIs behind them (SEMANTICS 3.6).
//!
//! A call through such a domain needs an association of the caller's VPC endpoint with the domain, an
//! Allow of the domain's policy, and one of the API's. An endpoint of another account is associated only
//! where the owner of the domain shares it, which no template says: what a domain lets in from outside is
//! possible, and nothing where no API behind it lets that in.
//!
//! The other way round, the policy of a domain guards an API only where no request comes in past it. That
//! a default endpoint is disabled takes effect with a deployment, and other domains may lead to the API:
//! what its policy lets in is then possible, never nothing.

use crate::model::{
    AccountId, Answer, Api, ApiKind, Assumption, CallerClass, CallerKind, Callers, EndpointType,
    EndpointTypes, ExposureSummary, Inventory, Reach, Reached, Tri, Ways,
};

/// What must hold for a caller from outside to come in through a domain.
const SHARED: &str = "the domain is shared with the caller's account, which associates an endpoint";

/// What must hold for a caller to come in past the domains that are known.
const PAST: &str = "a custom domain leads to the API and lets the caller in, or its default endpoint, \
                    which is disabled, still answers";

/// Judges the domains of a unit together with the APIs behind them. `reaches` are the answers for its APIs
/// taken alone, in the same order.
pub fn together(inventory: &Inventory, reaches: &mut [Reach]) {
    let apis = &inventory.apis;
    if apis.iter().all(|api| api.kind != ApiKind::DomainName) {
        return;
    }
    let alone: Vec<Reach> = reaches.to_vec();
    for (api, reach) in apis.iter().zip(reaches) {
        let ways = inventory.ways.get(&api.address);
        match api.kind {
            ApiKind::DomainName if is_private(api) => {
                let behind = ways.and_then(|ways| behind(ways, apis, &alone));
                through(reach, behind.as_deref());
            }
            ApiKind::RestApi if ways.is_some_and(|ways| ways.closed) && is_private(api) => {
                // A way is one of a domain that is there.
                let domain = |at: &String| apis.iter().any(|one| one.address == *at);
                let leads = |ways: &Ways| ways.leads_to.contains(&api.address);
                if inventory.ways.iter().any(|(at, ways)| leads(ways) && domain(at)) {
                    doubt(reach, PAST);
                }
            }
            _ => {}
        }
    }
}

/// An API behind a domain, and who can call it.
type Behind<'a> = (&'a Api, &'a Reach);

/// The APIs behind a domain; `None` where they are not all known.
fn behind<'a>(ways: &Ways, apis: &'a [Api], alone: &'a [Reach]) -> Option<Vec<Behind<'a>>> {
    if ways.elsewhere || ways.leads_to.is_empty() {
        return None;
    }
    let of = |address: &String| {
        let mut named = apis.iter().zip(alone).filter(|(api, _)| api.address == *address);
        let found = named.next()?;
        // Of an API that is no private one nobody says what a private domain makes of it.
        (named.next().is_none() && is_private(found.0)).then_some(found)
    };
    ways.leads_to.iter().map(of).collect()
}

fn is_private(api: &Api) -> bool {
    let private = EndpointType::Private;
    let mut worlds = api.worlds.iter().filter(|world| world.exists).peekable();
    worlds.peek().is_some()
        && worlds.all(|w| matches!(w.endpoint, EndpointTypes::Known(kind, _) if kind == private))
}

/// What a domain lets in, of what its policy does.
fn through(reach: &mut Reach, behind: Option<&[Behind<'_>]>) {
    let lets = |class: &CallerClass| {
        behind.is_none_or(|list| list.iter().any(|(api, reach)| lets_in(api, reach, class)))
    };
    reach.exposures.retain(|exposure| lets(&exposure.class));
    doubt(reach, SHARED);
    let summary = &mut reach.summaries.exposure;
    let any = [summary.any_vpc_endpoint, summary.any_aws_account];
    if !lets(&CallerClass::AnyVpcEndpoint) {
        summary.any_vpc_endpoint = Reached::Denied;
    }
    if !lets(&CallerClass::AnyAwsAccount) {
        summary.any_aws_account = Reached::Denied;
    }
    summary.possible_accounts.retain(|account| match AccountId::parse(account) {
        Some(account) => lets(&CallerClass::Account(account)),
        None => true,
    });
    // Whom the domain lets in with everybody, an API behind it may name.
    if any.iter().any(|reached| *reached != Reached::Denied) {
        for (_, reach) in behind.unwrap_or_default() {
            let named = &reach.summaries.exposure;
            let accounts = named.untrusted_accounts.union(&named.possible_accounts);
            summary.possible_accounts.extend(accounts.cloned());
        }
    }
}

/// Whether an API may let a class of callers in, behind whatever gate.
fn lets_in(api: &Api, reach: &Reach, class: &CallerClass) -> bool {
    let ExposureSummary {
        anonymous_internet: anonymous,
        any_aws_account: account,
        any_vpc_endpoint: endpoint,
        untrusted_accounts: untrusted,
        possible_accounts: possible,
        trusted_accounts: trusted,
        ..
    } = &reach.summaries.exposure;
    let any = [anonymous, account, endpoint].into_iter().any(|r| *r != Reached::Denied);
    let is_any = |class: &CallerClass| {
        !matches!(class, CallerClass::Account(_) | CallerClass::UnknownAccount(_))
    };
    let named = match class {
        CallerClass::Account(id) => {
            [untrusted, possible, trusted].into_iter().any(|list| list.contains(id.as_str()))
        }
        CallerClass::UnknownAccount(_) => !untrusted.is_empty() || !possible.is_empty(),
        _ => false,
    };
    any || named
        || reach.bounded
        || api.bounded
        || !api.unresolved.is_empty()
        || reach.exposures.iter().any(|e| is_any(&e.class) || e.class == *class)
}

/// Makes possible what is proved: `need` must hold for it.
fn doubt(reach: &mut Reach, need: &str) {
    for exposure in &mut reach.exposures {
        exposure.access = Tri::Unknown;
        exposure.needs.push(assumption(need));
    }
    let summary = &mut reach.summaries.exposure;
    for reached in [
        &mut summary.anonymous_internet,
        &mut summary.any_aws_account,
        &mut summary.any_vpc_endpoint,
    ] {
        *reached = (*reached).min(Reached::Possible);
    }
    summary.possible_accounts.append(&mut summary.untrusted_accounts);
}

fn assumption(text: &str) -> Assumption {
    Assumption { text: text.to_owned(), pin: None, origin: None }
}

/// What must hold besides, for what is found of an API taken alone; `together` is its answer.
fn besides(api: &Api, together: &Reach) -> Option<&'static str> {
    let past = |need: &Assumption| need.text == PAST;
    match api.kind {
        ApiKind::DomainName if is_private(api) => Some(SHARED),
        _ if together.exposures.iter().any(|e| e.needs.iter().any(past)) => Some(PAST),
        _ => None,
    }
}

/// Says of what `callers` finds of an API taken alone what else must hold; `together` is the answer for
/// it that [`together`] gives.
pub fn rows(api: &Api, together: &Reach, callers: &mut Callers) {
    let Some(need) = besides(api, together) else { return };
    for row in &mut callers.rows {
        if row.access != Tri::False && row.caller != CallerKind::Owner {
            row.access = Tri::Unknown;
            row.needs.push(assumption(need));
        }
    }
}

/// The same for the answer to one question.
pub fn answered(api: &Api, together: &Reach, answer: &mut Answer) {
    let Some(need) = besides(api, together) else { return };
    if answer.access == Tri::False {
        return;
    }
    answer.access = Tri::Unknown;
    for case in answer.cases.iter_mut().filter(|case| case.access != Tri::False) {
        case.access = Tri::Unknown;
        case.when.push(format!("if {need}"));
        if api.kind == ApiKind::DomainName {
            case.when.push("if the API behind the domain lets the caller in too".to_owned());
        }
    }
}
