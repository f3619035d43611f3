//! `AWS::EC2::VPCEndpoint` for `execute-api`: the policy of an endpoint limits what its own users reach
//! (SEMANTICS 3.5).

use super::api::{Kinds, Reader, present};
use super::hidden;
use super::links::Links;
use super::problems::Problems;
use crate::model::{Api, ApiKind, EndpointTypes, Framework, IpAddressType, Routes};
use crate::resolve::cloudformation::{Resource, Unit};
use crate::resolve::{Kind, Piece, World};

/// Reads one endpoint, when it is one for `execute-api` that has a policy of its own.
pub(super) fn extract(
    unit: &mut Unit<'_>,
    resource: &Resource,
    links: &Links,
    found: &mut Problems,
) -> Option<Api> {
    let policy = resource.property("PolicyDocument").filter(|node| !hidden::is_absent(node));
    if policy.is_none() || !is_for_apis(unit, resource) {
        return None;
    }
    let framework = Framework::CloudFormation;
    let kinds = Kinds { kind: ApiKind::VpcEndpoint, framework, name: "ServiceName" };
    let reader = Reader::new(unit, resource, links);
    Some(reader.judge(kinds, found, |reader, world| {
        let policy = reader.policy("PolicyDocument", world)?;
        let endpoint = (EndpointTypes::Absent, IpAddressType::Ipv4);
        Ok(present(endpoint, policy, Routes::default()))
    }))
}

/// Whether the endpoint is one for API Gateway: `com.amazonaws.<region>.execute-api`.
fn is_for_apis(unit: &mut Unit<'_>, resource: &Resource) -> bool {
    let Some(service) = resource.property("ServiceName") else { return false };
    unit.start_api();
    let value = unit.eval(service, &resource.scope, &World::default().freeze());
    let Ok(Kind::Text(text)) = value.map(|value| value.kind) else { return false };
    let names =
        |piece: &Piece| matches!(piece, Piece::Lit { text, .. } if text.contains("execute-api"));
    text.0.iter().any(names)
}
