//! Labels that every hole has beside the tokens of its policy: the endpoint, the method, what surprises.

use super::{CauseCx, code};
use crate::finding::Mark;
use crate::model::{ApiKind, AuthType, EndpointType, EndpointTypes, Route};

pub(super) fn endpoint_label(cx: &CauseCx<'_>) -> Option<Mark> {
    match &cx.world.endpoint {
        EndpointTypes::Known(EndpointType::Private, Some(origin)) => {
            let text = match cx.api.kind {
                ApiKind::DomainName => {
                    "PRIVATE: VPC endpoints that are associated with it reach it"
                }
                _ => "PRIVATE: VPC endpoints of every AWS account reach it",
            };
            Some((*origin, text.into()))
        }
        EndpointTypes::Known(_, Some(origin)) => {
            Some((*origin, format!("{}: the internet reaches it", cx.endpoint_name())))
        }
        EndpointTypes::Unknown(symbol, origin) => {
            let text = match cx.symbols().get(*symbol) {
                Some(info) => {
                    format!("the endpoint type hangs on {}, which is not known", code(&info.label))
                }
                None => "no endpoint type has this name".to_owned(),
            };
            Some((*origin, text))
        }
        _ => None,
    }
}

/// What people would believe otherwise when they read the document.
pub(super) fn surprise_labels(cx: &CauseCx<'_>) -> impl Iterator<Item = Mark> {
    let surprises = cx.api.assumptions.iter().filter(|assumption| assumption.is_surprise());
    surprises.filter_map(|assumption| Some((assumption.origin?, assumption.text.clone())))
}

pub(super) fn route_label(cx: &CauseCx<'_>) -> Option<Mark> {
    let first = cx.exposure.routes.first()?;
    let same = |route: &&Route| {
        route.path.as_deref() == Some(first.path.as_str())
            && route.method.as_deref() == Some(first.method.as_str())
    };
    let route = cx.world.routes.declared.iter().find(same)?;
    let text = match route.auth {
        AuthType::None => "NONE: a call needs no credentials",
        AuthType::AwsIam => "AWS_IAM: whoever has an AWS account can sign a call",
        AuthType::Custom => "CUSTOM: what the policy lets through, a Lambda authorizer decides",
        AuthType::CognitoUserPools => "COGNITO_USER_POOLS: a valid token is needed too",
        AuthType::Unknown => "the authorization of this method is not known",
    };
    Some((route.origin, text.into()))
}
