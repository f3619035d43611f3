//! `variable-ineffective`: a policy variable that AWS takes for plain text.

use super::support::{DefectCx, PolicyIn, clip, code};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{BaseOp, Entry, Leaf, Policy, Statement, Version};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "variable-ineffective",
        summary: "a policy variable stands where AWS reads it as plain text",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/variable-ineffective.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for place in cx.policies() {
        let old = old_language(place.policy);
        for statement in place.policy.known_statements() {
            for (leaf, name) in with_variables(statement) {
                // What a policy document of Terraform's holds as `&{...}` has become `${...}`.
                let foreign = name.starts_with('&').then_some("outside aws_iam_policy_document");
                let help = if old.is_some() { HELP_VERSION } else { HELP_DOLLAR };
                let whence = old.or(foreign);
                out.extend(whence.map(|whence| draft(&place, leaf, name, whence, help)));
            }
            for (leaf, name) in out_of_place(statement) {
                out.push(draft(&place, leaf, name, "under this operator", HELP_OPERATOR));
            }
        }
    }
}

/// Whether the policy has a variable that works in the language of 2012 only.
pub(super) fn reports(policy: &Policy) -> bool {
    old_language(policy).is_some()
        && policy.known_statements().any(|statement| !with_variables(statement).is_empty())
}

const HELP_VERSION: &str = "write `\"Version\": \"2012-10-17\"` at the top of the policy";
const HELP_DOLLAR: &str = "write `$` for the `&`: `${aws:...}`";
const HELP_OPERATOR: &str = "variables work under String and Arn operators: write the value itself";

fn draft(place: &PolicyIn<'_>, leaf: &Leaf, name: &str, whence: &str, help: &str) -> Draft {
    let text = format!("plain text {whence}: compared as it is written");
    let mut draft = place.draft(&RULE.meta, (leaf.origin, text), format!("variable|{name}"));
    draft.title = clip(&format!("{} is not a variable here, but plain text", code(name)), 80);
    draft.help = help.into();
    draft
}

/// What the language of the policy is, when it is one without variables.
fn old_language(policy: &Policy) -> Option<&'static str> {
    match policy.version {
        Version::Missing => Some("in a policy without Version"),
        Version::V2008(_) => Some("in a policy of version 2008-10-17"),
        Version::V2012(_) | Version::Other(_) => None,
    }
}

/// The leaves in which a variable would work in the language of 2012.
fn with_variables(statement: &Statement) -> Vec<(&Leaf, &str)> {
    let conditions = statement.known_conditions();
    let texts = conditions.filter(|c| c.operator.is_some_and(|op| takes_variables(op.base)));
    let values = texts.flat_map(|c| &c.values).chain(&statement.resource.items);
    named(values.filter_map(Entry::one))
}

/// The leaves under operators that take no variables. Under IpAddress they are no ranges either,
/// which `malformed-cidr` says.
fn out_of_place(statement: &Statement) -> Vec<(&Leaf, &str)> {
    let conditions = statement.known_conditions();
    let others = conditions.filter(|c| {
        c.operator.is_some_and(|op| !takes_variables(op.base) && op.base != BaseOp::IpAddress)
    });
    named(others.flat_map(|c| &c.values).filter_map(Entry::one))
}

fn takes_variables(base: BaseOp) -> bool {
    base == BaseOp::StringEquals || base == BaseOp::StringEqualsIgnoreCase || is_pattern(base)
}

fn is_pattern(base: BaseOp) -> bool {
    matches!(base, BaseOp::StringLike | BaseOp::ArnEquals | BaseOp::ArnLike)
}

/// Those that hold the name of a variable, with it.
fn named<'a>(leaves: impl Iterator<Item = &'a Leaf>) -> Vec<(&'a Leaf, &'a str)> {
    leaves.filter_map(|leaf| Some((leaf, variable(leaf.text()?)?))).collect()
}

/// The first policy variable in a text: `${aws:username}`, or `&{aws:username}` as Terraform has it.
fn variable(text: &str) -> Option<&str> {
    let start = text.find("${aws:").or_else(|| text.find("&{aws:"))?;
    let end = text[start..].find('}')?;
    text.get(start..=start + end)
}

#[cfg(test)]
mod tests {
    use super::variable;

    #[test]
    fn the_first_variable_of_a_text() {
        assert_eq!(variable("role/${aws:username}-x"), Some("${aws:username}"));
        assert_eq!(
            variable("${aws:PrincipalTag/team, 'x'}"),
            Some("${aws:PrincipalTag/team, 'x'}")
        );
        assert_eq!(variable("&{aws:userid}"), Some("&{aws:userid}"));
        assert_eq!(variable("${*}"), None);
        assert_eq!(variable("${aws:username"), None);
    }
}
