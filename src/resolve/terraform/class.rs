//! What kind of value an attribute is that only the provider knows, by the type of the resource.

use super::module::Sort;
use crate::resolve::{Class, IdKind};

/// What kind of value a computed attribute is.
pub(super) fn class_of(sort: Sort, kind: &str, name: &str) -> Class {
    match (kind, name) {
        ("aws_api_gateway_rest_api", "id") => return Class::ApiId,
        ("aws_api_gateway_rest_api", "execution_arn") => return Class::ExecutionArn,
        ("aws_caller_identity", "account_id" | "id") => return Class::OwnerAccount,
        ("aws_partition", "partition" | "id") => return Class::Partition,
        ("aws_region", "name" | "id" | "region") => return Class::Region,
        ("aws_vpc_endpoint", "id") => return Class::OwnId(IdKind::VpcEndpoint),
        ("aws_vpc" | "aws_default_vpc", "id") => return Class::OwnId(IdKind::Vpc),
        (_, "vpc_id") => return Class::OwnId(IdKind::Vpc),
        (_, "vpc_endpoint_id") => return Class::OwnId(IdKind::VpcEndpoint),
        _ => {}
    }
    // The other side of a connection is somebody else's, as is what they share.
    let of_others = match sort {
        Sort::Managed => kind.ends_with("_accepter") && name.starts_with("peer_"),
        Sort::Data => name.starts_with("peer_") || name == "owner_id",
    };
    if of_others {
        return Class::External;
    }
    if sort == Sort::Managed {
        return Class::OwnId(IdKind::Other);
    }
    // Data sources that read what others chose: addresses and accounts of AWS, parameters, secrets,
    // states, programs.
    let external = !kind.starts_with("aws_")
        || kind.ends_with("_service_account")
        || matches!(
            kind,
            "aws_ip_ranges"
                | "aws_ssm_parameter"
                | "aws_ssm_parameters_by_path"
                | "aws_secretsmanager_secret_version"
                | "aws_secretsmanager_random_password"
                | "aws_ec2_managed_prefix_list"
                | "aws_prefix_list"
                | "aws_cloudformation_export"
                | "aws_cloudformation_stack"
                | "aws_s3_object"
                | "aws_s3_bucket_object"
                | "aws_lambda_invocation"
                | "aws_dynamodb_table_item"
                | "aws_appconfig_configuration_profile"
        );
    if external { Class::External } else { Class::OwnId(IdKind::Other) }
}
