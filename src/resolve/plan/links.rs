//! Which arguments name another resource, and by which of its attributes.

use crate::resolve::terraform::Sort;
use crate::resolve::terraform::Sort::{Data, Managed};

/// An attribute of the resources of a type.
pub(super) type Attribute = (Sort, &'static str, &'static str);

/// Arguments, and the attributes that they are the values of.
const LINKS: &[(&[&str], &[Attribute])] = &[
    (
        &["rest_api_id", "api_id"],
        &[
            (Managed, "aws_api_gateway_rest_api", "id"),
            (Data, "aws_api_gateway_rest_api", "id"),
            (Managed, "aws_apigatewayv2_api", "id"),
        ],
    ),
    (
        &["resource_id", "parent_id"],
        &[
            (Managed, "aws_api_gateway_resource", "id"),
            (Managed, "aws_api_gateway_rest_api", "root_resource_id"),
            (Data, "aws_api_gateway_resource", "id"),
            (Data, "aws_api_gateway_rest_api", "root_resource_id"),
        ],
    ),
    (
        &["vpc_endpoint_id"],
        &[(Managed, "aws_vpc_endpoint", "id"), (Data, "aws_vpc_endpoint", "id")],
    ),
    (&["domain_name"], &[(Managed, "aws_api_gateway_domain_name", "domain_name")]),
    (&["domain_name_id"], &[(Managed, "aws_api_gateway_domain_name", "domain_name_id")]),
];

/// The attributes that an argument is the value of, the first that fits being meant. `None` for an
/// argument that names no resource.
pub(super) fn of(argument: &str) -> Option<&'static [Attribute]> {
    LINKS.iter().find(|(arguments, _)| arguments.contains(&argument)).map(|(_, of)| *of)
}

/// The attributes by which resources of a type are named.
pub(super) fn naming(kind: &str) -> impl Iterator<Item = Attribute> {
    let all = LINKS.iter().flat_map(|(_, of)| of.iter().copied());
    all.filter(move |(_, named, _)| *named == kind)
}
