//! `malformed-cidr`: an address range that is none.

use super::support::{DefectCx, PolicyIn, clip, code, leaf_key};
use super::{Kind, Meta, Rule, type_mismatch};
use crate::finding::{Draft, Severity};
use crate::model::{BaseOp, Cidr, Entry, Leaf, Statement};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "malformed-cidr",
        summary: "a value of IpAddress or NotIpAddress is no address range",
        severity: Severity::High,
        doc: include_str!("../../docs/rules/malformed-cidr.md"),
    },
    kind: Kind::Defect(check),
};

fn check(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for place in cx.policies() {
        for statement in place.policy.known_statements() {
            let values = values(statement);
            out.extend(values.into_iter().map(|v| draft(&place, v, statement.is_deny())));
        }
    }
}

/// The values of a statement's address conditions that are known and no address range. On a key that
/// is no address the operator is what is wrong, and `type-mismatch` says so.
pub(super) fn values(statement: &Statement) -> Vec<(&Leaf, &str)> {
    statement
        .known_conditions()
        .filter(|c| c.operator.is_some_and(|op| op.base == BaseOp::IpAddress))
        .filter(|c| !type_mismatch::is_refused(c))
        .flat_map(|condition| condition.values.iter().filter_map(Entry::one))
        .filter_map(|leaf| Some((leaf, leaf.text()?)))
        .filter(|(_, text)| Cidr::parse(text).is_none())
        .collect()
}

fn draft(place: &PolicyIn<'_>, (leaf, text): (&Leaf, &str), deny: bool) -> Draft {
    let effect = if deny { "this Deny may stop nobody" } else { "this Allow may admit nobody" };
    let primary = (leaf.origin, format!("{}: {effect}", what_is_wrong(text)));
    let key = format!("cidr|{}", leaf_key(leaf, &place.api.symbols));
    let mut draft = place.draft(&RULE.meta, primary, key);
    draft.title = clip(&format!("{} is not an address range", code(text)), 80);
    draft.help = match mended(text) {
        Some(good) => format!("write {}", code(&good)),
        None => "write an address or a range, such as `203.0.113.0/24` or `2001:db8::/32`".into(),
    };
    draft
}

fn what_is_wrong(text: &str) -> &'static str {
    if text.is_empty() {
        "empty"
    } else if mended(text).is_some() && text.contains(',') {
        "several ranges in one string"
    } else if mended(text).is_some() {
        "a blank makes the range invalid"
    } else if text.contains("${") {
        "policy variables do not work in address conditions"
    } else if text.contains('*') {
        "wildcards do not work in address conditions"
    } else {
        "neither an address nor a range"
    }
}

/// The text that was meant, where taking out blanks or splitting at commas is all it needs.
fn mended(text: &str) -> Option<String> {
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}');
    let parts: Vec<String> =
        text.split(',').map(|part| part.chars().filter(|c| !blank(*c)).collect()).collect();
    let good = parts.iter().all(|part| Cidr::parse(part).is_some());
    good.then(|| parts.join("`, `"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_what_was_meant() {
        assert_eq!(mended(" 203.0.113.0/24").as_deref(), Some("203.0.113.0/24"));
        assert_eq!(mended("203.0.113.0 /24").as_deref(), Some("203.0.113.0/24"));
        assert_eq!(mended("\u{feff}2001:db8::/32").as_deref(), Some("2001:db8::/32"));
        assert_eq!(mended("10.0.0.1, 10.0.0.2").as_deref(), Some("10.0.0.1`, `10.0.0.2"));
        assert_eq!(mended("203.0.113.0/33"), None);
        assert_eq!(mended(""), None);
        assert_eq!(mended("office"), None);
    }
}
