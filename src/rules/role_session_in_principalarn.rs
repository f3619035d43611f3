//! `role-session-in-principalarn`: the ARN of a session where the key holds that of the role.

use super::support::{DefectCx, code, leaf_key};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{Entry, KnownKey, split_arn};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "role-session-in-principalarn",
        summary: "aws:PrincipalArn is compared with the ARN of a session, which it never holds",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/role-session-in-principalarn.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for (place, _, condition) in cx.conditions() {
        if condition.key.known != KnownKey::PrincipalArn {
            continue;
        }
        for leaf in condition.values.iter().filter_map(Entry::one) {
            // An unknown part (the account, as a rule) does not change which service it is of.
            let text = leaf.display(&place.api.symbols);
            let Some(role) = role_of(&text) else { continue };
            let why = "never equal: the key holds the ARN of the role, whatever the session";
            let key = format!("session|{}", leaf_key(leaf, &place.api.symbols));
            let mut draft = place.draft(&RULE.meta, (leaf.origin, why.into()), key);
            draft.title =
                "`aws:PrincipalArn` is the ARN of the role, never that of a session".into();
            draft.help = format!("write {}", code(&role));
            out.push(draft);
        }
    }
}

/// The ARN of the role of a session's ARN.
fn role_of(text: &str) -> Option<String> {
    let [_, partition, "sts", _, account, resource] = split_arn(text)? else { return None };
    let session = resource.strip_prefix("assumed-role/")?;
    let role = session.split_once('/').map_or(session, |(role, _)| role);
    Some(format!("arn:{partition}:iam::{account}:role/{role}"))
}

#[cfg(test)]
mod tests {
    use super::role_of;

    #[test]
    fn the_role_of_a_session() {
        assert_eq!(
            role_of("arn:aws:sts::111122223333:assumed-role/Caller/*").as_deref(),
            Some("arn:aws:iam::111122223333:role/Caller")
        );
        assert_eq!(role_of("arn:aws:iam::111122223333:role/Caller"), None);
        assert_eq!(role_of("arn:aws:sts::111122223333:federated-user/x"), None);
    }
}
