//! `AWS::ApiGateway::DomainNameV2`: private custom domains (SEMANTICS 3.6).

use super::api::{Kinds, Reader, present};
use super::hidden;
use super::links::Links;
use super::problems::Problems;
use crate::model::{Api, ApiKind, EndpointType, EndpointTypes, Framework, IpAddressType, Routes};
use crate::resolve::cloudformation::{Resource, Unit};

/// Reads one domain name. It is private whatever its `EndpointConfiguration` says: that is the only
/// type such a domain can have.
pub(super) fn extract(
    unit: &mut Unit<'_>,
    resource: &Resource,
    framework: Framework,
    links: &Links,
    found: &mut Problems,
) -> Api {
    let mut reader = Reader::new(unit, resource, links);
    hidden::functions(&mut reader);
    let kinds = Kinds { kind: ApiKind::DomainName, framework, name: "DomainName" };
    reader.judge(kinds, found, |reader, world| {
        let policy = reader.policy("Policy", world)?;
        let policy = reader.or_hidden(policy);
        let endpoint = EndpointTypes::Known(EndpointType::Private, None);
        Ok(present((endpoint, IpAddressType::Dualstack), policy, Routes::default()))
    })
}
