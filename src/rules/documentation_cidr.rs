//! `documentation-cidr`: an address range of an example, which no client has.

use super::support::{DefectCx, clip, code, leaf_key, ranges};
use super::{Kind, LAST_TURN, Meta, Rule};
use crate::finding::{Draft, Severity};
use crate::model::{BaseOp, Cidr};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "documentation-cidr",
        summary: "an address range is one of those that examples are written with",
        severity: Severity::Medium,
        doc: include_str!("../../docs/rules/documentation-cidr.md"),
    },
    kind: Kind::Rest { turn: LAST_TURN, rest },
};

/// What examples are written with: the ranges kept for documentation (RFC 5737, RFC 3849, RFC 9637),
/// and an address that stands for "yours" in many samples.
const EXAMPLES: [(&str, &str); 6] = [
    ("192.0.2.0/24", "kept for documentation"),
    ("198.51.100.0/24", "kept for documentation"),
    ("203.0.113.0/24", "kept for documentation"),
    ("2001:db8::/32", "kept for documentation"),
    ("3fff::/20", "kept for documentation"),
    ("123.123.123.123/32", "the usual placeholder of samples"),
];

fn rest(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for (place, statement, condition) in cx.conditions() {
        let Some(op) = condition.operator.filter(|op| op.base == BaseOp::IpAddress) else {
            continue;
        };
        let effect = match (statement.is_deny(), op.negated) {
            (false, false) => "this admits nobody",
            (true, true) => "this lets nobody through",
            (false, true) => "this keeps nobody out",
            (true, false) => "this stops nobody",
        };
        for (leaf, cidr) in ranges(condition) {
            let Some(what) = of_example(cidr) else { continue };
            let written = code(leaf.text().unwrap_or_default());
            let key = format!("documentation|{}", leaf_key(leaf, &place.api.symbols));
            let text = format!("{what}: {effect}");
            let mut draft = place.draft(&RULE.meta, (leaf.origin, text), key);
            draft.title = clip(&format!("{written} is an address of examples, not of clients"), 80);
            draft.help = "write the networks that calls come from, or remove the entry".into();
            out.push(draft);
        }
    }
}

/// What a range is, when all of it is one that examples are written with.
fn of_example(cidr: Cidr) -> Option<&'static str> {
    let (first, last) = cidr.bounds();
    let within = |range: Cidr| {
        let (start, end) = range.bounds();
        range.is_ipv4() == cidr.is_ipv4() && start <= first && last <= end
    };
    let mut known = EXAMPLES.iter();
    let found = known.find(|(range, _)| Cidr::parse(range).is_some_and(within));
    found.map(|(_, what)| *what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_examples_are_written_with() {
        let is = |text: &str| of_example(Cidr::parse(text).expect("a range")).is_some();
        for text in [
            "192.0.2.0/24",
            "198.51.100.7",
            "203.0.113.9/28",
            "2001:db8:1::/48",
            "3fff:fff::1",
            "123.123.123.123",
        ] {
            assert!(is(text), "{text}");
        }
        for text in ["0.0.0.0/0", "203.0.112.0/23", "123.123.123.0/24", "2001:db9::/32", "::/0"] {
            assert!(!is(text), "{text}");
        }
        assert!(EXAMPLES.iter().all(|(range, _)| Cidr::parse(range).is_some()));
    }
}
