//! `missing-version`: a policy in the language of 2008.

use super::support::{DefectCx, PolicyIn};
use super::{Kind, Meta, Rule, variable_ineffective};
use crate::finding::{Draft, Mark, Severity};
use crate::model::{Entry, Leaf, Part, Version};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "missing-version",
        summary: "a policy without Version is read in the language of 2008",
        severity: Severity::Low,
        doc: include_str!("../../docs/rules/missing-version.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for place in cx.policies() {
        // Of a variable that is plain text without Version there is a finding at the variable.
        if place.policy.version == Version::Missing && !variable_ineffective::reports(place.policy)
        {
            out.push(draft(&place));
        }
    }
}

fn draft(place: &PolicyIn<'_>) -> Draft {
    let variables = variables(place);
    let text = match variables.is_empty() {
        true => "no `Version`: read as `2008-10-17`, without policy variables",
        false => "no `Version`: read as `2008-10-17`, in which `${...}` is plain text",
    };
    let mut draft =
        place.draft(&RULE.meta, (place.policy.origin, text.into()), "missing-version".into());
    draft.title = "the policy has no Version: policy variables do not work in it".into();
    draft.help = "add `\"Version\": \"2012-10-17\"`".into();
    draft.secondary = variables;
    draft
}

/// The values that hold a policy variable.
fn variables(place: &PolicyIn<'_>) -> Vec<Mark> {
    let mut marks = Vec::new();
    for statement in place.policy.known_statements() {
        let conditions = statement.known_conditions().flat_map(|c| &c.values);
        let leaves = statement.resource.items.iter().chain(conditions).filter_map(Entry::one);
        marks.extend(leaves.filter(|leaf| has_variable(leaf)).map(|leaf| {
            (leaf.origin, "compared letter by letter: no variable without `Version`".to_owned())
        }));
    }
    marks
}

fn has_variable(leaf: &Leaf) -> bool {
    leaf.parts.iter().any(|part| matches!(part, Part::Lit(text) if text.contains("${")))
}
