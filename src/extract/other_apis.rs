//! ARNs of other APIs, told from those of an API whose id is known.

use super::convert::OPAQUE;
use crate::model::{Entry, Leaf, Part, Policy, SymbolClass, SymbolRef, split_arn};

/// The id of this API is known: an ARN with the id of another one is that of another API.
pub(super) fn told_apart(policy: &mut Policy, id: &str) {
    let statements = policy.statements.iter_mut().filter_map(|entry| match entry {
        Entry::One(statement) => Some(statement),
        Entry::Many(..) => None,
    });
    for statement in statements {
        for entry in &mut statement.resource.items {
            if let Entry::One(leaf) = entry
                && let Some(parts) = of_other_api(leaf, id)
            {
                leaf.parts = parts;
            }
        }
    }
}

/// The parts of an ARN of another API than that of `id`.
fn of_other_api(leaf: &Leaf, id: &str) -> Option<Vec<Part>> {
    let text = leaf.text()?;
    let fields = split_arn(text)?;
    let resource = fields.get(5)?;
    let named = resource.split('/').next()?;
    let known = *fields.get(2)? == "execute-api" && !named.is_empty();
    if !known || named == id || named.contains(['*', '?', '$']) {
        return None;
    }
    let start = text.len() - resource.len();
    let other = SymbolRef { class: SymbolClass::OtherApi, ..OPAQUE };
    let (head, tail) = (text.get(..start)?, text.get(start + named.len()..)?);
    Some(vec![Part::Lit(head.into()), Part::Sym(other), Part::Lit(tail.into())])
}
