//! A quick look at the ends of two globs: most patterns of a policy cannot meet a given route, and
//! that shows at a few characters.

use std::sync::Arc;

use super::pattern::{Count, Glob, Item, advance, close};

impl Glob {
    /// This glob without arms that share no text with `domain`: all of them where an arm is a text
    /// written out, those that show at either end where it is a pattern.
    #[must_use]
    pub fn meeting(&self, domain: &Self) -> Self {
        let meets = |arm: &Arc<[Item]>| domain.arms.iter().any(|own| ends(arm, own));
        let Some(at) = self.arms.iter().position(|arm| !meets(arm)) else { return self.clone() };
        let behind = self.arms[at + 1..].iter().filter(|arm| meets(arm));
        let mut left = self.arms[..at].iter().chain(behind).cloned().peekable();
        if left.peek().is_none() { Self::nothing() } else { Self { arms: left.collect() } }
    }
}

/// Whether `own` has a text that begins and ends as `arm` does, up to the first and from the last step
/// of `arm` that is not exactly one character.
fn ends(arm: &[Item], own: &[Item]) -> bool {
    let fixed = |item: &&Item| item.count == Count::One;
    let behind = |(a, b): (&Item, &Item)| a.chars.meets(&b.chars);
    let last = arm.iter().rev().take_while(fixed);
    if !last.zip(own.iter().rev().take_while(fixed)).all(behind) {
        return false;
    }
    // The positions of `own` at which one can be.
    let (mut active, mut next) = (vec![0], Vec::new());
    close(own, &mut active);
    for item in arm.iter().take_while(fixed) {
        advance(own, &active, &mut next, |chars| chars.meets(&item.chars));
        std::mem::swap(&mut active, &mut next);
        if active.is_empty() {
            return false;
        }
    }
    arm.iter().any(|item| item.count != Count::One) || active.last() == Some(&own.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::sets::Budget;
    use crate::analyze::sets::glob::{Builder, Chars, TextSet};

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
        for pattern in ["Prod/*", "prod/GET/pets", "prod/GET/toys/a", "prod/PUT/*", "prod/?/*"] {
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
            let glob = TextSet::from(Glob::like(&pattern));
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
