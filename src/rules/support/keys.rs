//! What requests are like: the keys that they lack.

use crate::analyze::sets;
use crate::model::{BaseOp, Condition, Entry, Leaf, Tri};

/// What the condition says where its key is missing (SEMANTICS 2.2).
pub(in crate::rules) fn when_missing(condition: &Condition) -> Tri {
    let Some(op) = condition.operator else { return Tri::Unknown };
    if op.base == BaseOp::Null {
        return match condition.values.iter().find_map(Entry::one).and_then(Leaf::text) {
            Some(text) if text.eq_ignore_ascii_case("true") => Tri::True,
            Some(text) if text.eq_ignore_ascii_case("false") => Tri::False,
            _ => Tri::Unknown,
        };
    }
    sets::when_missing(op)
}
