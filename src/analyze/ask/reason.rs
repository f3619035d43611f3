//! What decides an outcome: in words, and where that stands.

use crate::analyze::access::{Credential, Signer};
use crate::analyze::evaluate::evaluate;
use crate::analyze::reach::deny::{closest, undecided};
use crate::model::{Api, AuthType, Entry, Origin, Policy, Statement, Tri};

use super::outcome::{Judged, Outcome};

/// Words, and places with what they are.
pub(super) type Reason = (String, Vec<(Origin, String)>);

/// What decides `outcome`.
pub(super) fn reason(api: &Api, outcome: &Outcome<'_>) -> Reason {
    match &outcome.judged {
        Judged::NoRoute => ("no route of the API takes this request".to_owned(), Vec::new()),
        Judged::Unreachable(why) => ((*why).to_owned(), Vec::new()),
        Judged::UnknownPolicy(symbol, origin) => {
            let label = api.symbols.label(*symbol);
            (format!("the policy is not known: {label}"), vec![(*origin, "not known".to_owned())])
        }
        Judged::Route { auth, origin, policy: None, signer, credential, .. } => {
            let places = origin.map(|at| (at, format!("authorization {}", auth.words())));
            let words = match (auth, outcome.access) {
                (AuthType::None, Tri::True) => "the API has no policy, and the method is open",
                (AuthType::None, _) => "a private API without a policy answers nobody",
                (AuthType::AwsIam, _) if *signer == Signer::Anonymous => UNSIGNED,
                (AuthType::AwsIam, Tri::True) => "its own account's identity policy allows it",
                (AuthType::AwsIam, _) if *signer == Signer::Other => {
                    "without a policy, only the API's own account can sign in"
                }
                _ => credentials(*auth, *credential),
            };
            (words.to_owned(), places.into_iter().collect())
        }
        Judged::Route { auth, origin, policy: Some(policy), identity, signer, credential } => {
            let truth = evaluate(policy, &outcome.request, identity).statements;
            let mut places = Vec::new();
            let found = |effect: fn(&Statement) -> bool, wanted: Tri| {
                let pairs = policy.statements.iter().zip(&truth);
                pairs
                    .filter(|(_, truth)| **truth == wanted)
                    .filter_map(|(entry, _)| entry.one())
                    .find(|statement| effect(statement))
            };
            if *auth == AuthType::AwsIam && *signer == Signer::Anonymous {
                places.extend(origin.map(|at| (at, "authorization AWS_IAM".to_owned())));
                return (UNSIGNED.to_owned(), places);
            }
            if let Some(deny) = found(Statement::is_deny, Tri::True) {
                places.push((mark(deny), "this Deny applies".to_owned()));
                return ("a Deny applies".to_owned(), places);
            }
            if outcome.access == Tri::Unknown {
                return unknown(api, policy, &truth, outcome);
            }
            let allow = found(Statement::is_allow, Tri::True);
            if let (Some(allow), Tri::True) = (allow, outcome.access) {
                places.push((mark(allow), "this Allow applies".to_owned()));
                return ("an Allow applies, and no Deny".to_owned(), places);
            }
            if outcome.access == Tri::True {
                return (credentials(*auth, *credential).to_owned(), places);
            }
            if allow.is_some() || matches!(credential, Credential::Deny | Credential::Missing) {
                return (credentials(*auth, *credential).to_owned(), places);
            }
            let request = &outcome.request;
            let near = closest(policy, request, identity, &api.symbols, Statement::is_allow);
            let words = "no Allow applies".to_owned();
            places.extend(near.map(|(at, why)| (at, format!("this Allow does not apply: {why}"))));
            (words, places)
        }
    }
}

const UNSIGNED: &str = "the method asks for a signature (AWS_IAM)";

/// What another gate than the policy said.
fn credentials(auth: AuthType, credential: Credential) -> &'static str {
    match (auth, credential) {
        (AuthType::Custom, Credential::Allow) => "the authorizer allows it, and no Deny applies",
        (AuthType::Custom, Credential::Silent) => "neither the policy nor the authorizer allows it",
        (AuthType::Custom, _) => "the authorizer denies it",
        (AuthType::CognitoUserPools, Credential::Allow) => "the token is valid",
        (AuthType::CognitoUserPools, _) => "the method asks for a valid token",
        (_, Credential::Allow) => "its identity policy allows it, and no Deny applies",
        (_, Credential::Silent) => "neither the policy nor its identity policy allows it",
        _ => "its identity policy denies it",
    }
}

/// What is not known and decides.
fn unknown(api: &Api, policy: &Policy, truth: &[Tri], outcome: &Outcome<'_>) -> Reason {
    let Judged::Route { identity, .. } = &outcome.judged else {
        return (String::new(), Vec::new());
    };
    let mut words: Vec<String> = Vec::new();
    let mut places = Vec::new();
    for (entry, truth) in policy.statements.iter().zip(truth) {
        if *truth != Tri::Unknown {
            continue;
        }
        let (origin, names) = match entry {
            Entry::One(statement) => {
                let names = undecided(policy, statement, &outcome.request, identity, &api.symbols);
                (mark(statement), names)
            }
            Entry::Many(symbol, origin) => (*origin, vec![api.symbols.label(*symbol).to_owned()]),
        };
        places.push((origin, "whether this applies is not known".to_owned()));
        for name in names {
            if !words.contains(&name) {
                words.push(name);
            }
        }
    }
    (format!("it depends on {}", words.join(", ")), places)
}

/// The token that stands for a statement: its effect.
fn mark(statement: &Statement) -> Origin {
    match &statement.effect {
        crate::model::EffectElement::Known(_, origin) => *origin,
        _ => statement.origin,
    }
}
