//! Globs: sequences of characters, wildcards and classes, and finite unions of them.

use std::sync::Arc;

use super::chars::Chars;
use super::letters;

/// One step of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Item {
    /// The characters that may stand here.
    pub(super) chars: Chars,
    /// How many of them.
    pub(super) count: Count,
}

/// How many characters a step takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Count {
    /// Exactly one.
    One,
    /// One or none.
    Optional,
    /// Any number.
    Run,
}

/// The texts that one of finitely many patterns matches.
///
/// Patterns of policies have one arm each; the domains of keys have a few.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Glob {
    pub(super) arms: Arc<[Arc<[Item]>]>,
}

impl Glob {
    /// Nothing.
    pub fn nothing() -> Self {
        Self { arms: Arc::default() }
    }

    /// Every text.
    pub fn everything() -> Self {
        Builder::default().run(&Chars::ALL).build()
    }

    /// Exactly this text.
    pub fn exactly(text: &str) -> Self {
        Builder::default().text(text).build()
    }

    /// `StringLike`: `*` is any run of characters, `?` exactly one, and both cross everything.
    pub fn like(pattern: &str) -> Self {
        Builder::default().pattern(pattern).build()
    }

    /// `ArnLike` and `ArnEquals`: pattern and text are split at their first five colons, and each
    /// field is matched on its own. `None` for a pattern that is no ARN, which AWS refuses; a lone
    /// `*` is every text.
    pub fn arn(pattern: &str) -> Option<Self> {
        if pattern == "*" {
            return Some(Self::everything());
        }
        let builder = Builder::arn().pattern(pattern);
        (pattern.matches(':').count() >= 5).then(|| builder.build())
    }

    /// `StringEqualsIgnoreCase`: the texts that differ from `text` in letter case alone. `None` for
    /// the few texts of which one letter is two in lower case (`İ`).
    pub fn exactly_ignoring_case(text: &str) -> Option<Self> {
        let mut builder = Builder::default();
        for c in text.chars() {
            builder = builder.one(&letters::alike(c)?);
        }
        // `i` and a dot above is `İ` in lower case: two letters against one.
        let dotted = text.to_lowercase().contains("i\u{307}");
        (!dotted).then(|| builder.build())
    }

    /// The texts of any of `globs`.
    pub fn any_of(globs: impl IntoIterator<Item = Self>) -> Self {
        let mut arms: Vec<Arc<[Item]>> =
            globs.into_iter().flat_map(|glob| glob.arms.to_vec()).collect();
        arms.sort_unstable();
        arms.dedup();
        Self { arms: arms.into() }
    }

    /// A text of this one and then a text of `next`. It has an arm for each pair of arms.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        let pairs = self.arms.iter().flat_map(|a| next.arms.iter().map(move |b| (a, b)));
        Self { arms: pairs.map(|(a, b)| joined(a, b)).collect() }
    }

    /// What may stand behind `prefix`: the texts `t` for which `prefix` followed by `t` is in the
    /// set.
    #[must_use]
    pub fn behind(&self, prefix: &str) -> Self {
        let mut arms: Vec<Arc<[Item]>> = Vec::new();
        for arm in self.arms.iter() {
            let (mut active, mut next) = (vec![0], Vec::new());
            close(arm, &mut active);
            for c in prefix.chars() {
                advance(arm, &active, &mut next, |chars| chars.contains(c));
                std::mem::swap(&mut active, &mut next);
            }
            // A position behind an optional step is part of what the one before it admits.
            let mut covered = None;
            for at in active {
                if covered != Some(at) {
                    arms.push(arm[at..].into());
                }
                let skips = arm.get(at).is_some_and(|item| item.count != Count::One);
                covered = skips.then_some(at + 1);
            }
        }
        arms.sort_unstable();
        arms.dedup();
        Self { arms: arms.into() }
    }

    /// The texts of the set that consist of `chars` alone: what a wildcard means within one field.
    #[must_use]
    pub fn within(&self, chars: &Chars) -> Self {
        let narrow = |item: &Item| Item { chars: item.chars.intersect(chars), count: item.count };
        let arms = self.arms.iter().filter_map(|arm| {
            let items: Vec<Item> = arm.iter().map(narrow).collect();
            let blocked =
                items.iter().any(|item| item.count == Count::One && item.chars.is_empty());
            (!blocked).then(|| items.into())
        });
        Self { arms: arms.collect() }
    }

    /// Whether `text` is in the set.
    pub fn contains(&self, text: &str) -> bool {
        self.arms.iter().any(|arm| admits(arm, text))
    }

    /// Whether there is no pattern.
    pub fn is_nothing(&self) -> bool {
        self.arms.is_empty()
    }

    /// Whether the other one is a copy of this one. Two that hold the same texts need not be.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.arms, &other.arms)
    }

    /// Whether one of the patterns is `*`.
    pub fn is_everything(&self) -> bool {
        let run = |item: &Item| item.count == Count::Run && item.chars == Chars::ALL;
        self.arms.iter().any(|arm| matches!(&**arm, [only] if run(only)))
    }

    /// The text, when the set holds exactly one and it is written out.
    pub fn literal(&self) -> Option<String> {
        let [arm] = &*self.arms else { return None };
        let single = |item: &Item| match item.count {
            Count::One => item.chars.single(),
            Count::Optional | Count::Run => None,
        };
        arm.iter().map(single).collect()
    }
}

/// Whether `arm` matches all of `text`. Where a step takes exactly one character, at either end, there
/// is nothing to try; what is left between them is walked.
fn admits(mut arm: &[Item], text: &str) -> bool {
    let mut rest = text.chars();
    // The end first: the resources of a policy begin alike.
    while let [before @ .., Item { chars, count: Count::One }] = arm {
        match rest.next_back() {
            Some(c) if chars.contains(c) => arm = before,
            _ => return false,
        }
    }
    while let [Item { chars, count: Count::One }, behind @ ..] = arm {
        match rest.next() {
            Some(c) if chars.contains(c) => arm = behind,
            _ => return false,
        }
    }
    match arm {
        [] => rest.next().is_none(),
        [Item { chars, count: Count::Run }] => rest.all(|c| chars.contains(c)),
        _ => {
            let (mut active, mut next) = (vec![0], Vec::new());
            close(arm, &mut active);
            for c in rest {
                advance(arm, &active, &mut next, |chars| chars.contains(c));
                std::mem::swap(&mut active, &mut next);
                if active.is_empty() {
                    return false;
                }
            }
            active.last() == Some(&arm.len())
        }
    }
}

fn joined(a: &[Item], b: &[Item]) -> Arc<[Item]> {
    let mut items = a.to_vec();
    for item in b {
        push(&mut items, item.clone());
    }
    items.into()
}

/// Adds a step. Of two runs in a row the one that the other covers is left out.
fn push(items: &mut Vec<Item>, item: Item) {
    if item.count == Count::Run
        && let Some(last) = items.last_mut()
        && last.count == Count::Run
    {
        if item.chars.is_subset(&last.chars) {
            return;
        }
        if last.chars.is_subset(&item.chars) {
            *last = item;
            return;
        }
    }
    items.push(item);
}

/// Writes to `next` the positions of `arm` behind a character of steps that `take` it, sorted.
pub(super) fn advance(
    arm: &[Item],
    active: &[usize],
    next: &mut Vec<usize>,
    take: impl Fn(&Chars) -> bool,
) {
    next.clear();
    for &at in active {
        if let Some(item) = arm.get(at)
            && take(&item.chars)
        {
            next.push(if item.count == Count::Run { at } else { at + 1 });
        }
    }
    close(arm, next);
}

/// Adds the positions that are reached without a character.
pub(super) fn close(arm: &[Item], active: &mut Vec<usize>) {
    let mut at = 0;
    while let Some(&position) = active.get(at) {
        if arm.get(position).is_some_and(|item| item.count != Count::One) {
            active.push(position + 1);
        }
        at += 1;
    }
    active.sort_unstable();
    active.dedup();
}

/// Writes one pattern piece by piece: texts of a policy have literal parts, parts in which wildcards
/// count, and holes.
#[derive(Debug, Clone, Default)]
pub struct Builder {
    items: Vec<Item>,
    /// The colons still to come of an ARN's first five.
    fields: usize,
}

impl Builder {
    /// A pattern that is compared as an ARN: no wildcard crosses one of the first five colons.
    pub fn arn() -> Self {
        Self { items: Vec::new(), fields: 5 }
    }

    /// Literal text: a `*` in it is a star.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        for c in text.chars() {
            self.literal(c);
        }
        self
    }

    /// Text in which `*` and `?` are wildcards.
    #[must_use]
    pub fn pattern(mut self, text: &str) -> Self {
        for c in text.chars() {
            let chars = if self.fields > 0 { Chars::FIELD } else { Chars::ALL };
            match c {
                '*' => push(&mut self.items, Item { chars, count: Count::Run }),
                '?' => push(&mut self.items, Item { chars, count: Count::One }),
                _ => self.literal(c),
            }
        }
        self
    }

    /// Text that nobody knows: any run of characters. Behind it nobody knows in which field of an ARN
    /// one is, so that wildcards cross colons.
    #[must_use]
    pub fn hole(mut self) -> Self {
        self.fields = 0;
        self.run(&Chars::ALL)
    }

    /// One character of `chars`.
    #[must_use]
    pub fn one(self, chars: &Chars) -> Self {
        self.between(chars, 1, 1)
    }

    /// Any number of characters of `chars`.
    #[must_use]
    pub fn run(mut self, chars: &Chars) -> Self {
        push(&mut self.items, Item { chars: chars.clone(), count: Count::Run });
        self
    }

    /// At least one character of `chars`.
    #[must_use]
    pub fn some(self, chars: &Chars) -> Self {
        self.one(chars).run(chars)
    }

    /// From `least` to `most` characters of `chars`.
    #[must_use]
    pub fn between(mut self, chars: &Chars, least: usize, most: usize) -> Self {
        for at in 0..most {
            let count = if at < least { Count::One } else { Count::Optional };
            push(&mut self.items, Item { chars: chars.clone(), count });
        }
        self
    }

    /// The colons that are still missing to an ARN's five.
    pub fn missing_colons(&self) -> usize {
        self.fields
    }

    /// The pattern.
    pub fn build(self) -> Glob {
        Glob { arms: Arc::new([self.items.into()]) }
    }

    fn literal(&mut self, c: char) {
        if c == ':' {
            self.fields = self.fields.saturating_sub(1);
        }
        push(&mut self.items, Item { chars: Chars::only(c), count: Count::One });
    }
}
