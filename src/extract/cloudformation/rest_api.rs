//! `AWS::ApiGateway::RestApi`.

use super::api::{Kinds, Reader, present};
use super::hidden;
use super::links::Links;
use super::problems::Problems;
use crate::model::{Api, ApiKind, Framework};
use crate::resolve::cloudformation::{Resource, Unit};

/// Reads one API.
pub(super) fn extract(
    unit: &mut Unit<'_>,
    resource: &Resource,
    links: &Links,
    found: &mut Problems,
) -> Api {
    let mut reader = Reader::new(unit, resource, links);
    let imported = sources(&mut reader);
    let kinds =
        Kinds { kind: ApiKind::RestApi, framework: Framework::CloudFormation, name: "Name" };
    reader.judge(kinds, found, |reader, world| {
        let endpoint = reader.endpoint(world)?;
        let policy = reader.policy("Policy", world)?;
        let mut routes = reader.routes(world)?;
        routes.complete &= !imported;
        Ok(present(endpoint, policy, routes))
    })
}

/// Notes every other source of a policy; says whether one of them may add methods.
fn sources(reader: &mut Reader<'_, '_>) -> bool {
    let resource = reader.resource;
    let mut imported = false;
    for body in resource.property_all("Body") {
        imported |= hidden::body(reader, body, "OpenAPI body");
    }
    for (property, why) in [
        ("BodyS3Location", "the definition lies in Amazon S3; it is not read"),
        ("CloneFrom", "the API that it names is not in this template"),
    ] {
        for node in resource.property_all(property).filter(|n| !hidden::is_absent(n)) {
            imported = true;
            reader.hide(property, why, node.span, None);
        }
    }
    imported | hidden::functions(reader)
}
