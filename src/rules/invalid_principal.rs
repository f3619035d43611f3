//! `invalid-principal`: a principal that AWS refuses, or that matches nobody.

use super::support::{DefectCx, PolicyIn, clip, code, leaf_key};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Mark, Severity};
use crate::model::{
    Arn, AwsPrincipal, Entry, Leaf, Part, Policy, PrincipalElement, PrincipalItem, PrincipalKind,
    Principals, Problem, ProblemKind, Statement, split_arn,
};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "invalid-principal",
        summary: "a principal that AWS refuses, or that matches nobody",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/invalid-principal.md"),
    },
    kind: Kind::Defect(check),
};

/// What is wrong with one principal.
struct Wrong {
    title: String,
    mark: Mark,
    help: String,
    key: String,
}

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    cx.drafts_of(out, missing);
    for place in cx.policies() {
        let region = cx.settings.region.as_deref();
        let partition = region.map(partition_of).or_else(|| policy_partition(place.policy));
        for statement in place.policy.known_statements() {
            for wrong in in_statement(&place, statement, partition) {
                let mut draft = place.draft(&RULE.meta, wrong.mark, wrong.key);
                draft.title = clip(&wrong.title, 80);
                draft.help = wrong.help;
                out.push(draft);
            }
        }
    }
}

/// A statement that lacks nothing but a principal.
fn missing(problem: &Problem) -> Option<Draft> {
    let ProblemKind::Missing { elements } = &problem.kind else { return None };
    if elements != &["Principal"] {
        return None;
    }
    let primary = (problem.origin, "a resource policy must say whom it is about".to_owned());
    let mut draft = Draft::new(RULE.meta.id, RULE.meta.severity, primary);
    draft.title = "the statement has no Principal: API Gateway refuses the policy".into();
    draft.help = "add a Principal: `\"*\"`, or `{\"AWS\": \"111122223333\"}`".into();
    draft.key = "missing".into();
    Some(draft)
}

fn in_statement(
    place: &PolicyIn<'_>,
    statement: &Statement,
    partition: Option<&str>,
) -> Vec<Wrong> {
    let principals: &Principals = match &statement.principal {
        PrincipalElement::Principal(principals) | PrincipalElement::NotPrincipal(principals, _) => {
            principals
        }
        // A problem of the statement says so.
        PrincipalElement::Missing => return Vec::new(),
    };
    if principals.items.is_empty() {
        return vec![Wrong {
            title: "the Principal is empty".into(),
            mark: (principals.origin, "names nobody: the statement has no effect".into()),
            help: "name the accounts or roles, or remove the statement".into(),
            key: "empty".into(),
        }];
    }
    // A missing or unknown type is one mistake, however many principals stand under it.
    let mut untyped: Vec<&PrincipalKind> = Vec::new();
    let mut wrong = Vec::new();
    for item in principals.items.iter().filter_map(Entry::one) {
        if let PrincipalKind::Bare | PrincipalKind::Other(_) = &item.kind {
            if untyped.contains(&&item.kind) {
                continue;
            }
            untyped.push(&item.kind);
        }
        wrong.extend(in_item(place, item, partition));
    }
    wrong
}

fn in_item(place: &PolicyIn<'_>, item: &PrincipalItem, partition: Option<&str>) -> Option<Wrong> {
    let text = item.value.display(&place.api.symbols);
    let name = code(&text);
    let key = format!("{:?}|{}", item.kind, leaf_key(&item.value, &place.api.symbols));
    let at = |text: &str| (item.value.origin, text.to_owned());
    let wrong = |title: String, mark: Mark, help: String| {
        Some(Wrong { title, mark, help, key: key.clone() })
    };
    match &item.kind {
        PrincipalKind::Service | PrincipalKind::Federated | PrincipalKind::CanonicalUser => None,
        PrincipalKind::Bare => wrong(
            format!("{name} stands in Principal without a type"),
            at("a Principal is `\"*\"` or an object such as {\"AWS\": [...]}"),
            "write `\"Principal\": {\"AWS\": [...]}`".into(),
        ),
        PrincipalKind::Other(kind) => wrong(
            format!("{} is no type of principal", code(kind)),
            at("its type is none of AWS, Service, Federated and CanonicalUser"),
            "write the type `AWS` for accounts, users and roles".into(),
        ),
        PrincipalKind::Aws => match item.aws()? {
            AwsPrincipal::PartialWildcard => wrong(
                format!("{name} has a wildcard inside a principal"),
                at("AWS refuses it: `*` stands for everyone, and only on its own"),
                "name each principal in full; for several roles add ArnLike on aws:PrincipalArn"
                    .into(),
            ),
            AwsPrincipal::UniqueId => wrong(
                format!("{name} is what a deleted user or role leaves behind"),
                at("matches nobody, and the policy cannot be saved again with it"),
                "name the user or role that takes its place, or remove it".into(),
            ),
            AwsPrincipal::Invalid => {
                let (why, help) = invalid(&fields(&item.value));
                wrong(format!("{name} is no principal"), at(why), help.into())
            }
            // The partition counts where it is written; `${AWS::Partition}` is the API's own.
            _ => {
                let arn = Arn::parse(item.value.text()?)?;
                let (why, help) = foreign(&arn.partition, partition)?;
                let title = format!("{name} is of another AWS partition");
                wrong(title, (item.value.origin, why), help)
            }
        },
    }
}

/// Why a principal of `theirs` can never call an API of `ours`.
fn foreign(theirs: &str, ours: Option<&str>) -> Option<(String, String)> {
    let ours = ours.filter(|ours| *ours != theirs)?;
    Some((
        format!("the API is in `{ours}`: no principal of `{theirs}` can call it"),
        format!("write `arn:{ours}:`"),
    ))
}

/// The text with a letter for each unknown part, so that the fields of an ARN can be counted.
fn fields(leaf: &Leaf) -> String {
    let part = |part: &Part| match part {
        Part::Lit(text) => text.to_string(),
        Part::Sym(_) => "x".to_owned(),
    };
    leaf.parts.iter().map(part).collect()
}

/// Why AWS takes `text` for no principal, and what to write.
fn invalid(text: &str) -> (&'static str, &'static str) {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if text.is_empty() {
        return ("empty: AWS refuses it", "name an account, user or role, or remove it");
    }
    if digits > 0 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b' ') {
        return (
            "an account id has exactly twelve digits",
            "write all twelve digits, as a string: leading zeros count",
        );
    }
    let account = "write an account id, or an ARN such as `arn:aws:iam::111122223333:role/Name`";
    match split_arn(text) {
        Some([_, _, _, _, account_id, _])
            if !(account_id.len() == 12 && account_id.bytes().all(|b| b.is_ascii_digit())) =>
        {
            ("the account in this ARN is not twelve digits", account)
        }
        Some([_, _, "iam" | "sts", region, _, _]) if !region.is_empty() => {
            ("an ARN of a principal has no region", account)
        }
        Some([_, _, "iam" | "sts", _, _, _]) => {
            ("no account, user, role or session: AWS refuses it", account)
        }
        _ => ("neither an account id nor the ARN of a principal: AWS refuses it", account),
    }
}

/// The partition of a region.
fn partition_of(region: &str) -> &'static str {
    match region {
        r if r.starts_with("cn-") => "aws-cn",
        r if r.starts_with("us-gov-") => "aws-us-gov",
        r if r.starts_with("eusc-") => "aws-eusc",
        r if r.starts_with("us-isob-") => "aws-iso-b",
        r if r.starts_with("us-isof-") => "aws-iso-f",
        r if r.starts_with("eu-isoe-") => "aws-iso-e",
        r if r.starts_with("us-iso-") => "aws-iso",
        _ => "aws",
    }
}

/// The partition that the execute-api ARNs of a policy's Resource agree on.
fn policy_partition(policy: &Policy) -> Option<&str> {
    let leaves = policy.known_statements().flat_map(|s| &s.resource.items).filter_map(Entry::one);
    let mut found = leaves.filter_map(|leaf| match split_arn(leaf.text()?)? {
        [_, partition, "execute-api", ..] if !partition.contains(['*', '?']) => Some(partition),
        _ => None,
    });
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_wrong_with_a_principal() {
        assert!(invalid("").0.contains("empty"));
        assert!(invalid("12345678901").0.contains("twelve digits"));
        assert!(invalid("1234-5678-9012").0.contains("twelve digits"));
        assert!(invalid("arn:aws:iam::1111:root").0.contains("twelve digits"));
        assert!(invalid("arn:aws:iam:us-east-1:111122223333:role/x").0.contains("region"));
        assert!(invalid("arn:aws:iam::111122223333:group/x").0.contains("session"));
        assert!(invalid("partner").0.contains("neither"));
    }

    #[test]
    fn partitions() {
        assert_eq!(partition_of("eu-west-1"), "aws");
        assert_eq!(partition_of("us-isob-east-1"), "aws-iso-b");
        assert_eq!(partition_of("us-iso-east-1"), "aws-iso");
        assert!(foreign("aws-cn", Some("aws")).is_some());
        assert!(foreign("aws", Some("aws")).is_none());
        assert!(foreign("aws-cn", None).is_none());
    }
}
