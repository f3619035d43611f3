//! Which method takes a request, and what it asks of the caller.

use std::cmp::Reverse;

use crate::analyze::access::{Credential, readings};
use crate::model::{Api, ApiKind, ApiWorld, AuthType, Caller, Origin, Question, Route};

/// How the method that takes a request is authorised, and where that is written.
pub(super) type Taken = (AuthType, Option<Origin>);

/// The methods that may take the request: in words where there are several, with what is known of
/// each. None at all when every method is known and none takes it.
///
/// Of several resources the most specific one counts: a literal segment before `{id}` before
/// `{proxy+}`, a verb before `ANY` (API Gateway developer guide, "Set up a proxy integration with a
/// proxy resource"). Methods that are not declared are NONE or AWS_IAM (CONTRACT 4).
pub(super) fn takers(
    api: &Api,
    world: &ApiWorld,
    question: &Question,
) -> Vec<(String, AuthType, Option<Origin>)> {
    let declared = match api.kind {
        ApiKind::DomainName => &[][..],
        _ => &world.routes.declared,
    };
    let takes = |route: &&Route| {
        let verb = route.method.as_deref().is_none_or(|m| m == "ANY" || m == question.method);
        verb && route.path.as_deref().is_none_or(|path| matches(path, &question.path))
    };
    let (known, vague): (Vec<&Route>, Vec<&Route>) = declared
        .iter()
        .filter(takes)
        .partition(|route| route.method.is_some() && route.path.is_some());
    let best = known.iter().min_by_key(|route| rank(route));
    let exact = best.is_some_and(|route| {
        let path = route.path.as_deref().unwrap_or_default();
        !path.contains('{') && route.method.as_deref() != Some("ANY")
    });
    let mut auths: Vec<Taken> = Vec::new();
    let mut add = |auth: AuthType, origin: Option<Origin>| {
        if !auths.iter().any(|(known, _)| *known == auth) {
            auths.push((auth, origin));
        }
    };
    for route in best.into_iter().copied().chain(vague.into_iter().filter(|_| !exact)) {
        readings(route.auth).iter().for_each(|auth| add(*auth, Some(route.origin)));
    }
    let open = !world.routes.complete || declared.is_empty();
    if open && !exact {
        add(AuthType::None, None);
        add(AuthType::AwsIam, None);
    }
    let several = auths.len() > 1;
    let label = |auth: AuthType| match several {
        true => format!("authorization {}", auth.words()),
        false => String::new(),
    };
    auths.into_iter().map(|(auth, origin)| (label(auth), auth, origin)).collect()
}

/// What the other credentials of a caller may say, in words where that is open. A caller of another
/// account gives itself whatever identity policy it needs.
pub(super) fn credentials(
    auth: AuthType,
    caller: &Caller,
) -> &'static [(Credential, &'static str)] {
    match (auth, caller) {
        (AuthType::None | AuthType::Unknown, _) => &[(Credential::Allow, "")],
        (AuthType::AwsIam, Caller::Anonymous) => &[(Credential::Missing, "")],
        (AuthType::AwsIam, Caller::Iam(iam)) if iam.owner => &[
            (Credential::Allow, "identity policy allows"),
            (Credential::Silent, "identity policy silent"),
            (Credential::Deny, "identity policy denies"),
        ],
        (AuthType::AwsIam, Caller::Iam(_)) => &[(Credential::Allow, "")],
        (AuthType::Custom, _) => &[
            (Credential::Allow, "authorizer allows"),
            (Credential::Silent, "authorizer silent"),
            (Credential::Deny, "authorizer denies"),
        ],
        (AuthType::CognitoUserPools, _) => {
            &[(Credential::Allow, "valid token"), (Credential::Missing, "no valid token")]
        }
    }
}

/// How specific a route is, the most specific first.
fn rank(route: &Route) -> (Vec<u8>, Reverse<bool>) {
    let path = route.path.as_deref().unwrap_or_default();
    let segments = path.split('/').map(|segment| match variable(segment) {
        None => 0,
        Some(false) => 1,
        Some(true) => 2,
    });
    (segments.collect(), Reverse(route.method.as_deref() != Some("ANY")))
}

/// Whether a segment of a template is a variable, and a greedy one: `{id}`, `{proxy+}`.
fn variable(segment: &str) -> Option<bool> {
    let name = segment.strip_prefix('{')?.strip_suffix('}')?;
    Some(name.ends_with('+'))
}

/// Whether a request for `path` is one for the resource `template`.
fn matches(template: &str, path: &str) -> bool {
    let segments = |text: &'_ str| -> Vec<String> {
        let text = text.trim_matches('/');
        if text.is_empty() { Vec::new() } else { text.split('/').map(str::to_owned).collect() }
    };
    let (template, path) = (segments(template), segments(path));
    for (at, segment) in template.iter().enumerate() {
        match (variable(segment), path.get(at)) {
            (_, None) => return false,
            (Some(true), Some(_)) => return true,
            (Some(false), Some(_)) => {}
            (None, Some(own)) if own == segment => {}
            (None, Some(_)) => return false,
        }
    }
    template.len() == path.len()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_template_takes_the_paths_it_describes() {
        assert!(matches("/", "/") && !matches("/", "/pets"));
        assert!(matches("/pets/{id}", "/pets/1") && matches("/pets/{id}", "/pets/1/"));
        assert!(!matches("/pets/{id}", "/pets") && !matches("/pets/{id}", "/pets/1/toys"));
        assert!(matches("/{proxy+}", "/a/b/c") && !matches("/{proxy+}", "/"));
        assert!(matches("/a/{proxy+}", "/a/b") && !matches("/a/{proxy+}", "/b/a"));
    }
}
