//! A quick look at the ends of two globs: most patterns of a policy cannot meet a given route, and
//! that shows at a few characters.

use std::sync::Arc;

use super::pattern::{Count, Glob, Item, literal};

impl Glob {
    /// This glob without arms that share no text with `domain`: all of them where an arm is a text
    /// written out, those that show at either end where it is a pattern.
    #[must_use]
    pub fn meeting(&self, domain: &Self) -> Self {
        let ends = |arm: &[Item], own: &[Item]| {
            agree(arm.iter(), own.iter()) && agree(arm.iter().rev(), own.iter().rev())
        };
        let meets = |arm: &Arc<[Item]>| {
            domain.arms.iter().any(|own| ends(arm, own))
                && literal(arm).is_none_or(|text| domain.contains(&text))
        };
        if self.arms.iter().all(meets) {
            return self.clone();
        }
        Self { arms: self.arms.iter().filter(|arm| meets(arm)).cloned().collect() }
    }
}

/// Whether two arms share a character at each step up to the first that is not exactly one.
fn agree<'i>(arm: impl Iterator<Item = &'i Item>, other: impl Iterator<Item = &'i Item>) -> bool {
    let fixed = |(a, b): &(&Item, &Item)| a.count == Count::One && b.count == Count::One;
    arm.zip(other).take_while(fixed).all(|(a, b)| !a.chars.intersect(&b.chars).is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::Builder;
    use super::*;
    use crate::analyze::sets::glob::{Chars, TextSet};
    use crate::analyze::sets::{Budget, glob};

    fn domain() -> Glob {
        let letters = Chars::ascii("abcdefghijklmnopqrstuvwxyz");
        let of = |method: &str| {
            Builder::default().some(&letters).text(method).text("/pets/").some(&letters).build()
        };
        Glob::any_of([of("/GET"), of("/POST")])
    }

    #[test]
    fn what_shows_at_the_ends_is_left_out() {
        let left = |pattern: &str| Glob::like(pattern).meeting(&domain());
        for pattern in ["*", "prod/*", "*/GET/pets/a", "prod/GET/pets/a", "*s/?", "?rod*", "*"] {
            assert_eq!(left(pattern), Glob::like(pattern), "{pattern}");
        }
        for pattern in ["Prod/*", "prod/GET/pets", "prod/GET/toys/a", "*/7", "prod/PUT/pets/a"] {
            assert_eq!(left(pattern), Glob::nothing(), "{pattern}");
        }
        let both = Glob::any_of([Glob::like("prod/GET/pets/a"), Glob::like("prod/GET/toys/a")]);
        assert_eq!(both.meeting(&domain()), Glob::like("prod/GET/pets/a"));
    }

    #[test]
    fn nothing_that_meets_is_left_out() {
        let budget = Budget::new(1_000_000);
        let pieces = ["", "*", "?", "a", "pets", "/", "GET", "prod"];
        let mut met = 0;
        for number in 0..pieces.len().pow(4) {
            let at = |place: u32| pieces[number / pieces.len().pow(place) % pieces.len()];
            let pattern = [at(0), at(1), at(2), at(3)].concat();
            let glob: glob::TextSet = Glob::like(&pattern).into();
            let own = TextSet::from(domain());
            let left = Glob::like(&pattern).meeting(&domain());
            if left == Glob::nothing() {
                assert_eq!(glob.intersect(&own).is_empty(&budget), Ok(true), "{pattern}");
            } else {
                met += 1;
            }
        }
        assert!(met > 100);
    }
}
