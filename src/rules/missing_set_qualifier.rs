//! `missing-set-qualifier`: a key of several values without `ForAnyValue:` or `ForAllValues:`.

use super::support::{DefectCx, clip, code};
use super::{Kind, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{BaseOp, KnownKey};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "missing-set-qualifier",
        summary: "aws:PrincipalOrgPaths is compared without ForAnyValue, which never matches",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/missing-set-qualifier.md"),
    },
    kind: Kind::Defect(check),
};

/// `aws:PrincipalOrgPaths` is the one key of API Gateway's that can hold several values.
fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for (place, statement, condition) in cx.conditions() {
        let Some(op) = condition.operator else { continue };
        let several = condition.key.known == KnownKey::PrincipalOrgPaths;
        if !several || op.quantifier.is_some() || op.base == BaseOp::Null {
            continue;
        }
        let operator = condition.operator_name.display(&place.api.symbols);
        let effect = if statement.is_deny() { "stops" } else { "admits" };
        let text = format!("a key that can hold several values: this {effect} nobody that has it");
        let mark = (condition.operator_name.origin, text);
        let mut draft = place.draft(&RULE.meta, mark, format!("qualifier|{operator}"));
        let key = "`aws:PrincipalOrgPaths`";
        draft.title =
            clip(&format!("{} without ForAnyValue never matches {key}", code(&operator)), 80);
        draft.help = format!("write {}", code(&format!("ForAnyValue:{operator}")));
        out.push(draft);
    }
}
