//! `type-mismatch`: a value, or a key, of another type than the operator compares.

use super::support::{DefectCx, clip, code, leaf_key};
use super::{Kind, Meta, Rule};
use crate::analyze::formats::{Decimal, Moment};
use crate::finding::{Draft, Severity};
use crate::model::{BaseOp, Cidr, Condition, Entry, KnownKey, Leaf, split_arn};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "type-mismatch",
        summary: "a condition compares a value or key of another type than its operator's",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/type-mismatch.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for (place, statement, condition) in cx.conditions() {
        let effect = if statement.is_deny() { "Deny stops" } else { "Allow admits" };
        let key = code(&condition.key_name.display(&place.api.symbols));
        let operator = condition.operator_name.display(&place.api.symbols);
        for (leaf, kind) in values(condition) {
            let text = format!("AWS refuses it: nobody can say whom this {effect}");
            let meaning = format!("type|{}", leaf_key(leaf, &place.api.symbols));
            let mut draft = place.draft(&RULE.meta, (leaf.origin, text), meaning);
            let value = code(leaf.text().unwrap_or_default());
            draft.title = clip(&format!("{value} is not {kind}, which {operator} compares"), 80);
            draft.help = format!("write {}", example(kind));
            out.push(draft);
        }
        if let Some(good) = operator_of_key(condition) {
            let address = is_address(condition);
            let text = format!("{key} is {} address", if address { "an" } else { "no" });
            let mark = (condition.operator_name.origin, text);
            let mut draft = place.draft(&RULE.meta, mark, format!("type|{operator}|{key}"));
            if address {
                // The text of an address can be compared: such a condition is legal, and useless.
                draft.severity = Severity::Medium;
            }
            draft.title = clip(&format!("{} does not compare {key}", code(&operator)), 80);
            draft.help = format!("write {}", code(good));
            out.push(draft);
        }
    }
}

/// The values that AWS refuses since they are of another type than the operator compares, with that
/// type. Addresses are the matter of `malformed-cidr`.
fn values(condition: &Condition) -> Vec<(&Leaf, &'static str)> {
    let Some(op) = condition.operator else { return Vec::new() };
    let leaves = condition.values.iter().filter_map(Entry::one);
    let wrong = |leaf: &&Leaf| leaf.text().is_some_and(|text| !is_of_type(op.base, text));
    leaves.filter(wrong).map(|leaf| (leaf, type_of(op.base))).collect()
}

fn is_of_type(base: BaseOp, text: &str) -> bool {
    match base {
        BaseOp::Bool | BaseOp::Null => {
            text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
        }
        BaseOp::NumericEquals
        | BaseOp::NumericLessThan
        | BaseOp::NumericLessThanEquals
        | BaseOp::NumericGreaterThan
        | BaseOp::NumericGreaterThanEquals => Decimal::parse(text).is_some(),
        BaseOp::DateEquals
        | BaseOp::DateLessThan
        | BaseOp::DateLessThanEquals
        | BaseOp::DateGreaterThan
        | BaseOp::DateGreaterThanEquals => Moment::parse(text).is_some(),
        // A variable may hold the colons that are missing.
        BaseOp::ArnEquals | BaseOp::ArnLike => {
            text == "*" || text.contains("${") || split_arn(text).is_some()
        }
        BaseOp::StringEquals
        | BaseOp::StringEqualsIgnoreCase
        | BaseOp::StringLike
        | BaseOp::BinaryEquals
        | BaseOp::IpAddress => true,
    }
}

fn type_of(base: BaseOp) -> &'static str {
    match base {
        BaseOp::Bool | BaseOp::Null => BOOLEAN,
        BaseOp::ArnEquals | BaseOp::ArnLike => ARN,
        BaseOp::DateEquals
        | BaseOp::DateLessThan
        | BaseOp::DateLessThanEquals
        | BaseOp::DateGreaterThan
        | BaseOp::DateGreaterThanEquals => DATE,
        _ => NUMBER,
    }
}

const BOOLEAN: &str = "true or false";
const ARN: &str = "an ARN";
const DATE: &str = "a date";
const NUMBER: &str = "a number";

fn example(kind: &str) -> &'static str {
    match kind {
        BOOLEAN => "`true` or `false`",
        ARN => "a full ARN, such as `arn:aws:iam::111122223333:role/Name`",
        DATE => "a date with time and zone, such as `2027-01-31T00:00:00Z`",
        _ => "digits, such as `3600`",
    }
}

/// Whether AWS refuses the condition for its types.
pub(super) fn is_refused(condition: &Condition) -> bool {
    let foreign = !is_address(condition) && operator_of_key(condition).is_some();
    foreign || !values(condition).is_empty()
}

fn is_address(condition: &Condition) -> bool {
    matches!(condition.key.known, KnownKey::SourceIp | KnownKey::VpcSourceIp)
}

/// The operator that compares the key where this one does not: a text operator on an address never
/// meets a range, an address operator on anything else never an address.
fn operator_of_key(condition: &Condition) -> Option<&'static str> {
    let op = condition.operator?;
    let is_text = matches!(
        op.base,
        BaseOp::StringEquals | BaseOp::StringEqualsIgnoreCase | BaseOp::StringLike
    );
    // One address in full is equal to itself as a text too.
    let is_range = |text: &str| text.contains('/') || Cidr::parse(text).is_none();
    let mut texts = condition.values.iter().filter_map(Entry::one).filter_map(Leaf::text);
    match condition.key.known {
        KnownKey::Unsupported | KnownKey::Undecided | KnownKey::Unknown => None,
        _ if is_address(condition) && is_text && texts.any(is_range) => {
            Some(if op.negated { "NotIpAddress" } else { "IpAddress" })
        }
        _ if !is_address(condition) && op.base == BaseOp::IpAddress => {
            Some(if op.negated { "StringNotEquals" } else { "StringEquals" })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_values() {
        assert!(is_of_type(BaseOp::Bool, "True") && !is_of_type(BaseOp::Bool, "yes"));
        assert!(!is_of_type(BaseOp::Null, "1"));
        assert!(is_of_type(BaseOp::NumericLessThan, "3600"));
        assert!(!is_of_type(BaseOp::NumericLessThan, "1h"));
        assert!(is_of_type(BaseOp::DateLessThan, "2027-01-31T00:00:00Z"));
        assert!(is_of_type(BaseOp::DateLessThan, "1795219200"));
        // A year to one reader, and seconds since 1970 to another.
        assert!(!is_of_type(BaseOp::DateLessThan, "2027"));
        assert!(!is_of_type(BaseOp::DateLessThan, "31.01.2027"));
        assert!(
            is_of_type(BaseOp::ArnLike, "*") && is_of_type(BaseOp::ArnLike, "${aws:SourceArn}")
        );
        assert!(is_of_type(BaseOp::ArnLike, "arn:aws:iam::*:role/x"));
        assert!(!is_of_type(BaseOp::ArnLike, "111122223333"));
        assert!(is_of_type(BaseOp::StringEquals, "anything"));
    }
}
