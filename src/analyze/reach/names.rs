//! What a principal is called: its ARN and its session's.

use crate::model::{AccountId, Arn, Part};

/// The names of a principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::analyze) struct Name {
    /// `aws:PrincipalArn`
    pub(in crate::analyze) arn: String,
    /// The session's ARN.
    pub(in crate::analyze) session: Option<String>,
    /// The policy's own text for it, where a part of that is unknown.
    pub(in crate::analyze) symbolic: Option<Vec<Part>>,
}

/// A principal of `account` in `partition`: `role/caller`.
pub(super) fn in_partition(partition: &str, account: &AccountId, resource: &str) -> Name {
    principal(&Arn {
        partition: partition.into(),
        service: "iam".into(),
        region: String::new(),
        account: account.to_string(),
        resource: resource.into(),
    })
}

/// The caller that an ARN of a principal stands for: `aws:PrincipalArn` is the role's ARN, never its
/// session's (SEMANTICS 1.2).
pub(in crate::analyze) fn principal(arn: &Arn) -> Name {
    let Arn { partition, account, resource, .. } = arn;
    let text = arn.to_string();
    if let Some(rest) = resource.strip_prefix("assumed-role/") {
        let role = rest.split('/').next().unwrap_or(rest);
        let role = format!("arn:{partition}:iam::{account}:role/{role}");
        return Name { arn: role, session: Some(text), symbolic: None };
    }
    if resource.starts_with("federated-user/") {
        return Name { arn: text.clone(), session: Some(text), symbolic: None };
    }
    let session = resource.strip_prefix("role/").map(|path| {
        let role = path.rsplit('/').next().unwrap_or(path);
        format!("arn:{partition}:sts::{account}:assumed-role/{role}/session")
    });
    Name { arn: text, session, symbolic: None }
}
