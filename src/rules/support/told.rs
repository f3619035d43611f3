//! One hole, one finding: a defect that a hole's finding tells already is not told again.

use std::collections::BTreeMap;

use crate::finding::{Confidence, Draft, Origin};

/// Drops those of `defects` that are about a token which one of `causes` labels, in every world:
/// what an Allow with `StringEqualsIfExists` on a key that does not exist lets in is said once. A
/// proved defect stays beside a hole that is only possible.
pub(in crate::rules) fn drop_told(causes: &[Draft], defects: &mut Vec<Draft>) {
    let mut said: BTreeMap<Origin, Confidence> = BTreeMap::new();
    for cause in causes {
        let marks = std::iter::once(&cause.primary).chain(&cause.secondary);
        for (origin, _) in marks {
            let sure = said.entry(*origin).or_insert(cause.confidence);
            *sure = (*sure).max(cause.confidence);
        }
    }
    // Each world has origins of its own; what is meant is the same in all of them.
    let mut told: BTreeMap<(&'static str, Option<String>, String), Confidence> = BTreeMap::new();
    for defect in defects.iter() {
        let by = defect.about.iter().filter_map(|origin| said.get(origin)).max();
        if let Some(by) = by {
            let meaning = (defect.rule, defect.api.clone(), defect.key.clone());
            let sure = told.entry(meaning).or_insert(*by);
            *sure = (*sure).max(*by);
        }
    }
    defects.retain(|defect| {
        let meaning = (defect.rule, defect.api.clone(), defect.key.clone());
        told.get(&meaning).is_none_or(|by| defect.confidence > *by)
    });
}
