//! `time-window`: a date in a policy at which the answer changes.

use super::support::{DefectCx, clip, leaf_key};
use super::{Kind, LAST_TURN, Meta, Rule};
use crate::analyze::formats::{Moment, print_date};
use crate::finding::{Draft, Severity};
use crate::model::{BaseOp, Entry, KnownKey, Operator};

pub(super) static RULE: Rule = Rule {
    meta: Meta {
        id: "time-window",
        summary: "a policy says something else from a date on that is still to come",
        severity: Severity::Info,
        doc: include_str!("../../docs/rules/time-window.md"),
    },
    kind: Kind::Rest { turn: LAST_TURN, rest },
};

fn rest(cx: &DefectCx<'_>, out: &mut Vec<Draft>) {
    for (place, statement, condition) in cx.conditions() {
        let clock = matches!(condition.key.known, KnownKey::CurrentTime | KnownKey::EpochTime);
        let Some(begins) = condition.operator.filter(|_| clock).and_then(begins) else { continue };
        for leaf in condition.values.iter().filter_map(Entry::one) {
            let date = leaf.text().and_then(Moment::parse).map(|moment| moment.floor().0);
            let Some(date) = date.filter(|date| *date > cx.now) else { continue };
            let (subject, does) = match (statement.is_deny(), begins) {
                (false, true) => ("this Allow", "begins to admit"),
                (false, false) => ("this Allow", "admits nobody any more"),
                (true, true) => ("this Deny", "begins to stop requests"),
                (true, false) => ("this Deny", "stops nobody any more"),
            };
            let date = print_date(date);
            let text = format!("{subject} {does} at this moment");
            let key = format!("time|{}", leaf_key(leaf, &place.api.symbols));
            let mut draft = place.draft(&RULE.meta, (leaf.origin, text), key);
            let begins = if begins { "from" } else { "until" };
            draft.title = clip(&format!("{subject} holds {begins} {date}"), 80);
            draft.help = "put the date into a calendar that somebody reads: nothing is deployed \
                          on that day, and the answers of the API change"
                .into();
            out.push(draft);
        }
    }
}

/// Whether a comparison with a moment becomes true at it; `false`: it ceases to be. `None` for an
/// operator that does not look at the order of moments.
fn begins(op: Operator) -> Option<bool> {
    let later = match op.base {
        BaseOp::DateGreaterThan
        | BaseOp::DateGreaterThanEquals
        | BaseOp::NumericGreaterThan
        | BaseOp::NumericGreaterThanEquals => true,
        BaseOp::DateLessThan
        | BaseOp::DateLessThanEquals
        | BaseOp::NumericLessThan
        | BaseOp::NumericLessThanEquals => false,
        _ => return None,
    };
    Some(later != op.negated)
}
