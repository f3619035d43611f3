//! What the resources of a policy end with: of many statements few are about one request line, and
//! that shows at its last characters.
//!
//! It must not decide that a resource matches: only that it cannot.

use crate::model::{Leaf, Part, Policy, Statement};

/// The ends of the resources of each entry of a policy; `None` where nothing can be told by them.
pub(super) struct Tails(Vec<Option<Vec<String>>>);

impl Tails {
    /// Looks at the resources of `policy`.
    pub(super) fn of(policy: &Policy) -> Self {
        let ends = |statement: &Statement| {
            let resource = &statement.resource;
            if resource.negated || resource.items.is_empty() {
                return None;
            }
            resource.items.iter().map(|item| end(item.one()?)).collect()
        };
        Self(policy.statements.iter().map(|entry| entry.one().and_then(ends)).collect())
    }

    /// Whether the resource of the entry at `at` may match a request to `line`, which is
    /// `{stage}/{METHOD}{path}`; `false` only where each of its texts ends otherwise.
    pub(super) fn may_match(&self, at: usize, line: &str) -> bool {
        let Some(Some(tails)) = self.0.get(at) else { return true };
        tails.iter().any(|tail| may_end(line, tail))
    }
}

/// The characters at the end of every text that `leaf` matches; `None` where there are none.
fn end(leaf: &Leaf) -> Option<String> {
    let Some(Part::Lit(text)) = leaf.parts.last() else { return None };
    Some(written(text)).filter(|end| !end.is_empty()).map(str::to_owned)
}

/// What stands behind the last wildcard; `}` ends a policy variable, `${*}` among them.
fn written(text: &str) -> &str {
    text.rsplit(['*', '?', '}']).next().unwrap_or_default()
}

/// Whether an ARN that ends with `line` may end with `tail`, which may be the longer one.
fn may_end(line: &str, tail: &str) -> bool {
    let (line, tail) = (line.as_bytes(), tail.as_bytes());
    line.iter().rev().zip(tail.iter().rev()).all(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::evaluate::glob_match_text;

    #[test]
    fn what_matches_is_never_left_out() {
        let pieces = ["", "*", "?", "/GET/pets", "prod", "execute-api:/", "/pets/é", "s"];
        let lines = ["prod/GET/pets", "prod/GET/pets/é", "v1/GET/", "s/POST/GET/pets"];
        let (mut matched, mut left_out) = (0, 0);
        for number in 0..pieces.len().pow(4) {
            let at = |place: u32| pieces[number / pieces.len().pow(place) % pieces.len()];
            let pattern = [at(0), at(1), at(2), at(3)].concat();
            for line in lines {
                let arn = format!("execute-api:/{line}");
                let matches = !glob_match_text(&pattern, &arn, false).is_false();
                let may = may_end(line, written(&pattern));
                assert!(may || !matches, "{pattern} {line}");
                (matched, left_out) =
                    (matched + usize::from(matches), left_out + usize::from(!may));
            }
        }
        assert!(matched > 500 && left_out > 5000, "{matched} {left_out}");
    }
}
