//! `multiple-booleans`: `true` and `false` in one condition.

use super::support::DefectCx;
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{BaseOp, Entry, Leaf};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "multiple-booleans",
        summary: "a Bool or Null condition with both values holds for every request",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/multiple-booleans.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for (place, _, condition) in cx.conditions() {
        let boolean = |op| matches!(op, BaseOp::Bool | BaseOp::Null);
        if !condition.operator.is_some_and(|op| boolean(op.base)) {
            continue;
        }
        let leaves: Vec<&Leaf> = condition.values.iter().filter_map(Entry::one).collect();
        let find = |name: &str| {
            let is = |leaf: &&&Leaf| leaf.text().is_some_and(|t| t.eq_ignore_ascii_case(name));
            leaves.iter().find(is).copied()
        };
        let (Some(yes), Some(no)) = (find("true"), find("false")) else { continue };
        let text = "either value will do: the condition says nothing".to_owned();
        let key = condition.key_name.display(&place.api.symbols);
        let mut draft = place.draft(&RULE.meta, (no.origin, text), format!("booleans|{key}"));
        draft.title = "a condition asks for true or false, and every request has one".into();
        draft.help = "keep the one value that you mean, or remove the condition".into();
        draft.secondary.push((yes.origin, "the other value".into()));
        out.push(draft);
    }
}
