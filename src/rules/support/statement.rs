//! Small questions about a statement that no request is needed for.

use crate::finding::Origin;
use crate::model::{Condition, Entry, Leaf, Part, Statement, SymbolClass, glob_match, split_arn};

/// Whether Action can name `execute-api:Invoke` (letter case does not count).
pub(in crate::rules) fn invokes(statement: &Statement) -> bool {
    let action = &statement.action;
    action.negated
        || action.items.iter().any(|entry| match entry.one().and_then(Leaf::text) {
            Some(text) => glob_match(&text.to_ascii_lowercase(), "execute-api:invoke"),
            None => true,
        })
}

/// What a Resource says behind the account: `{api}/{stage}/{METHOD}/{path}`, or a pattern of that.
/// `None` where an unknown part may be anything.
pub(in crate::rules) fn resource_path(leaf: &Leaf) -> Option<String> {
    let mut text = String::new();
    for part in &leaf.parts {
        match part {
            Part::Lit(lit) => text.push_str(lit),
            Part::Sym(symbol) => match symbol.class {
                SymbolClass::ThisApiArn => text.push_str("arn:aws:execute-api:r:a:id"),
                SymbolClass::ThisApiId => text.push_str("id"),
                SymbolClass::Region | SymbolClass::OwnerAccount | SymbolClass::Partition => {
                    text.push('x');
                }
                _ => return None,
            },
        }
    }
    if let Some([_, _, _, _, _, rest]) = split_arn(&text) {
        return Some(rest.to_owned());
    }
    // The shorthand `execute-api:/stage/METHOD/path` is completed when the policy is saved.
    Some(match text.split_once(":/") {
        Some((_, rest)) => format!("id/{rest}"),
        None => text,
    })
}

/// The tokens of a condition, for [`Draft::about`](crate::finding::Draft::about).
pub(in crate::rules) fn about(condition: &Condition) -> Vec<Origin> {
    let own = [condition.key_name.origin, condition.operator_name.origin, condition.origin];
    let values = condition.values.iter().map(|entry| match entry {
        Entry::One(leaf) => leaf.origin,
        Entry::Many(_, origin) => *origin,
    });
    own.into_iter().chain(values).collect()
}
