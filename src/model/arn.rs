//! Amazon resource names: six fields, the last of which may hold colons.

use std::fmt;

/// The six fields of an ARN or ARN pattern: `arn:partition:service:region:account:resource`.
/// `None` when there are fewer than six.
pub fn split_arn(text: &str) -> Option<[&str; 6]> {
    let mut fields = text.splitn(6, ':');
    let out = [
        fields.next()?,
        fields.next()?,
        fields.next()?,
        fields.next()?,
        fields.next()?,
        fields.next()?,
    ];
    Some(out)
}

/// A complete ARN.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Arn {
    /// `aws`, `aws-cn`, ...
    pub partition: String,
    /// `iam`, `sts`, `execute-api`, ...
    pub service: String,
    /// The region, empty for global services.
    pub region: String,
    /// The account id.
    pub account: String,
    /// The rest.
    pub resource: String,
}

impl Arn {
    /// `None` unless `text` starts with `arn:` and has six fields.
    pub fn parse(text: &str) -> Option<Self> {
        let [arn, partition, service, region, account, resource] = split_arn(text)?;
        (arn == "arn").then(|| Self {
            partition: partition.into(),
            service: service.into(),
            region: region.into(),
            account: account.into(),
            resource: resource.into(),
        })
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, account, resource } = self;
        write!(f, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

/// The partitions that exist, the commercial one first.
pub const PARTITIONS: [&str; 9] = [
    "aws",
    "aws-cn",
    "aws-us-gov",
    "aws-eusc",
    "aws-iso",
    "aws-iso-b",
    "aws-iso-e",
    "aws-iso-f",
    "aws-iso-g",
];
