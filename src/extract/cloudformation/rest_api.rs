//! `AWS::ApiGateway::RestApi`.

use super::api::{Kinds, Reader, both, present};
use super::body::policy_key;
use super::hidden;
use super::links::Links;
use super::problems::Problems;
use crate::model::{Api, ApiKind, Framework, PolicyState};
use crate::resolve::cloudformation::{Resource, Unit};
use crate::resolve::{NeedSplit, World};

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
        let policy = policy(reader, world)?;
        let mut routes = reader.body_routes(world)?;
        routes.complete &= !imported;
        Ok(present(endpoint, policy, routes))
    })
}

/// The policy of the property and the one in the body. No page says which of the two CloudFormation
/// writes last [?]: both are judged.
fn policy(reader: &mut Reader<'_, '_>, world: &World) -> Result<PolicyState, NeedSplit> {
    let own = reader.policy("Policy", world)?;
    let body = reader.body_policy("Body", world)?;
    let file = reader.file_policy("BodyS3Location", world)?;
    if !matches!(own, PolicyState::None)
        && let PolicyState::Known(_) = body
        && let Some(node) = reader.resource.property("Body")
    {
        reader.tell_several("Body", policy_key(node).unwrap_or(node.span));
    }
    Ok(reader.or_hidden(both(both(own, body), file)))
}

/// Notes every other source of a policy; says whether one of them may add methods.
fn sources(reader: &mut Reader<'_, '_>) -> bool {
    let resource = reader.resource;
    let mut imported = false;
    for node in resource.property_all("BodyS3Location").filter(|n| !hidden::is_absent(n)) {
        if let Err(why) = reader.links.files.definition(node) {
            imported = true;
            reader.hide("BodyS3Location", why, node.span, None);
        }
    }
    for node in resource.property_all("CloneFrom").filter(|n| !hidden::is_absent(n)) {
        imported = true;
        let why = "the API that it names is not in this template";
        reader.hide("CloneFrom", why, node.span, None);
    }
    imported | hidden::functions(reader)
}
