//! Values that a pattern admits: the intersection of a glob with the form that a value must have.
//!
//! A form is a sequence of slots, each one character or a run of characters of one set. `*` and `?`
//! of the pattern may stand for any text of the form; the search is a breadth-first walk over pairs
//! of positions, so the answer is exact and short. It must not know what the values are for.

use std::cell::Cell;
use std::collections::VecDeque;

use crate::analyze::sets::Budget;

use super::bits::Bits;

/// The most pairs of positions that the searches for one API visit together.
const STATES: u64 = 6_000_000;

/// What questions about sets of texts may cost for one API.
const UNITS: u64 = 30_000_000;

/// What is left of the bound on searches for one API.
#[derive(Debug)]
pub(super) struct Work {
    left: Cell<u64>,
    spent: Cell<bool>,
    /// The bound on questions about sets of texts.
    pub(super) texts: Budget,
}

impl Default for Work {
    fn default() -> Self {
        Self { left: Cell::new(STATES), spent: Cell::new(false), texts: Budget::new(UNITS) }
    }
}

impl Work {
    /// Takes one step. `false` when the bound is reached.
    fn step(&self) -> bool {
        match self.left.get().checked_sub(1) {
            Some(left) => self.left.set(left),
            None => self.spent.set(true),
        }
        !self.spent.get()
    }

    /// Records that something was left untried.
    pub(super) fn exceed(&self) {
        self.spent.set(true);
    }

    /// Takes over what another search found of the bound.
    pub(super) fn absorb(&self, other: &Self) {
        self.spent.set(self.spent() || other.spent());
    }

    /// Whether the bound was reached, so that a text may have been missed.
    pub(super) fn spent(&self) -> bool {
        self.spent.get() || self.texts.spent()
    }
}

/// The characters that may stand in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    /// Exactly this one.
    Is(char),
    /// `0-9`
    Digit,
    /// `0-9a-f`
    Hex,
    /// `0-9a-z`
    LowerAlnum,
    /// Letters, digits and `+=,.@_-`: names of roles, users and sessions.
    Name,
    /// As `Name`, and `/`.
    NamePath,
    /// Lower-case letters, digits, `-` and `/`: the units of an organisation path.
    Units,
    /// Letters, digits, `_` and `-`: a stage.
    Stage,
    /// A segment of a path.
    Segment,
    /// A path.
    Path,
    /// Printable text: a header.
    Printable,
}

impl Set {
    fn has(self, c: char) -> bool {
        match self {
            Self::Is(own) => own == c,
            Self::Digit => c.is_ascii_digit(),
            Self::Hex => c.is_ascii_digit() || ('a'..='f').contains(&c),
            Self::LowerAlnum => c.is_ascii_digit() || c.is_ascii_lowercase(),
            Self::Name => c.is_ascii_alphanumeric() || "+=,.@_-".contains(c),
            Self::NamePath => c == '/' || Self::Name.has(c),
            Self::Units => c == '-' || c == '/' || Self::LowerAlnum.has(c),
            Self::Stage => c.is_ascii_alphanumeric() || c == '_' || c == '-',
            Self::Segment => c != '/' && Self::Path.has(c),
            Self::Path => c.is_ascii_graphic() && c != '?' && c != '*',
            Self::Printable => c.is_ascii_graphic() || c == ' ',
        }
    }
}

/// One slot of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    /// What may stand in it.
    set: Set,
    /// What stands in it where the pattern leaves the choice.
    default: char,
    /// Any number of characters instead of one.
    repeat: bool,
}

/// The form of a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Form(Vec<Slot>);

impl Form {
    /// Adds exact text.
    pub(super) fn text(mut self, text: &str) -> Self {
        self.0.extend(text.chars().map(|c| Slot { set: Set::Is(c), default: c, repeat: false }));
        self
    }

    /// Adds one character of `set` for each character of `defaults`.
    pub(super) fn chars(mut self, set: Set, defaults: &str) -> Self {
        self.0.extend(defaults.chars().map(|c| Slot { set, default: c, repeat: false }));
        self
    }

    /// Adds any number of characters of `set`, none included.
    pub(super) fn any(mut self, set: Set, default: char) -> Self {
        self.0.push(Slot { set, default, repeat: true });
        self
    }

    /// Adds another form.
    pub(super) fn join(mut self, other: &Self) -> Self {
        self.0.extend_from_slice(&other.0);
        self
    }

    /// Whether a text of something in front and then of this form may match `pattern`: `false` where
    /// their ends show that none does.
    pub(super) fn may_end(&self, pattern: &str) -> bool {
        tails_fit(&self.0, pattern.chars().rev())
    }

    /// Adds at least one character of `set`.
    pub(super) fn some(self, set: Set, default: char) -> Self {
        self.chars(set, default.encode_utf8(&mut [0; 4])).any(set, default)
    }
}

/// A step of the walk: its pair of positions, the step that it came from, and the character it wrote.
#[derive(Clone, Copy)]
struct Step {
    state: usize,
    from: usize,
    wrote: Option<char>,
}

/// A shortest text of `form` that matches `pattern`, in which `*` is any run of characters and `?`
/// exactly one. `None` when there is none, or none within the bound on work.
pub(super) fn fill(form: &Form, pattern: &str, work: &Work) -> Option<String> {
    let pattern: Vec<char> = pattern.chars().collect();
    let slots = &form.0;
    if !work.step() || !ends_fit(slots, &pattern) {
        return None;
    }
    let width = pattern.len() + 1;
    let end = (slots.len() + 1).checked_mul(width)? - 1;
    let mut seen = Bits::none(end + 1);
    seen.insert(0);
    let mut steps = Vec::with_capacity(2 * width);
    steps.push(Step { state: 0, from: 0, wrote: None });
    let mut queue = VecDeque::from([0usize]);
    while let Some(at) = queue.pop_front() {
        if !work.step() {
            return None;
        }
        let Step { state, .. } = steps[at];
        if state == end {
            return Some(trace(&steps, at));
        }
        let (s, p) = (state / width, state % width);
        let (slot, glob) = (slots.get(s).copied(), pattern.get(p).copied());
        // A step that writes goes to the back of the queue, one that does not to the front: the
        // first arrival is the shortest text.
        let mut go = |to: usize, wrote: Option<char>| {
            if !seen.contains(to) {
                seen.insert(to);
                let next = steps.len();
                steps.push(Step { state: to, from: at, wrote });
                if wrote.is_some() { queue.push_back(next) } else { queue.push_front(next) }
            }
        };
        if glob == Some('*') {
            go(state + 1, None);
        }
        let Some(slot) = slot else { continue };
        if slot.repeat {
            go(state + width, None);
        }
        let wrote = match glob {
            Some('*' | '?') => Some(slot.default),
            Some(c) if slot.set.has(c) => Some(c),
            _ => None,
        };
        if let Some(c) = wrote {
            let next_slot = if slot.repeat { s } else { s + 1 };
            let next_glob = if glob == Some('*') { p } else { p + 1 };
            go(next_slot * width + next_glob, Some(c));
        }
    }
    None
}

/// Up to two texts of `form` that match `pattern`: the shortest, and one in which each `*` stands
/// for something.
pub(super) fn fills(form: &Form, pattern: &str, work: &Work) -> Vec<String> {
    let mut out: Vec<String> = fill(form, pattern, work).into_iter().collect();
    if pattern.contains('*') && !out.is_empty() {
        out.extend(fill(form, &pattern.replace('*', "?*"), work));
        out.dedup();
    }
    out
}

/// Whether the literal text at both ends of the pattern is in the form: most patterns fail here.
fn ends_fit(slots: &[Slot], pattern: &[char]) -> bool {
    ends_fit_from(slots.iter(), pattern.iter().copied())
        && tails_fit(slots, pattern.iter().rev().copied())
}

/// The same for the last characters of the pattern, which come last first.
fn tails_fit(slots: &[Slot], pattern: impl Iterator<Item = char>) -> bool {
    ends_fit_from(slots.iter().rev(), pattern)
}

fn ends_fit_from<'s>(
    slots: impl Iterator<Item = &'s Slot>,
    pattern: impl Iterator<Item = char>,
) -> bool {
    let fixed = |(slot, c): &(&Slot, char)| !slot.repeat && !matches!(c, '*' | '?');
    slots.zip(pattern).take_while(fixed).all(|(slot, c)| slot.set.has(c))
}

fn trace(steps: &[Step], mut at: usize) -> String {
    let mut text = Vec::new();
    while at != 0 {
        text.extend(steps[at].wrote);
        at = steps[at].from;
    }
    text.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vpce() -> Form {
        Form::default().text("vpce-").chars(Set::Hex, "0f1e2d3c4b5a69788")
    }

    #[test]
    fn a_pattern_keeps_what_it_fixes() {
        assert_eq!(
            fill(&vpce(), "vpce-*", &Work::default()).as_deref(),
            Some("vpce-0f1e2d3c4b5a69788")
        );
        assert_eq!(
            fill(&vpce(), "vpce-0abc*", &Work::default()).as_deref(),
            Some("vpce-0abc2d3c4b5a69788")
        );
        assert_eq!(fill(&vpce(), "*", &Work::default()).as_deref(), Some("vpce-0f1e2d3c4b5a69788"));
        assert_eq!(
            fill(&vpce(), "*abc", &Work::default()).as_deref(),
            Some("vpce-0f1e2d3c4b5a69abc")
        );
    }

    #[test]
    fn a_pattern_outside_the_form_has_no_value() {
        assert_eq!(fill(&vpce(), "vpc-*", &Work::default()), None);
        assert_eq!(fill(&vpce(), "vpce-xyz*", &Work::default()), None);
        assert_eq!(fill(&vpce(), "vpce-????????", &Work::default()), None);
        assert_eq!(fill(&vpce(), "", &Work::default()), None);
    }

    #[test]
    fn a_run_may_hold_what_the_pattern_names() {
        let route = Form::default().some(Set::Stage, 'a').text("/POST/").some(Set::Path, 'x');
        assert_eq!(
            fill(&route, "*/GET/pets", &Work::default()).as_deref(),
            Some("a/POST/GET/pets")
        );
        assert_eq!(fill(&route, "*/GET/", &Work::default()), Some("a/POST/GET/".to_owned()));
        assert_eq!(fill(&route, "dev/GET/*", &Work::default()), None);
    }

    #[test]
    fn each_star_may_stand_for_something() {
        let path = Form::default().text("/").any(Set::Path, 'x');
        assert_eq!(fills(&path, "/admin/*", &Work::default()), ["/admin/", "/admin/x"]);
        assert_eq!(fills(&path, "/admin", &Work::default()), ["/admin"]);
    }

    #[test]
    fn searches_end() {
        let work = Work::default();
        let path = Form::default().some(Set::Path, 'x').text("/").any(Set::Path, 'x');
        let pattern = "*a".repeat(100_000);
        let found = (0..200).filter(|_| fill(&path, &pattern, &work).is_some()).count();
        assert!(work.spent());
        assert!(found < 200, "{found}");
        assert_eq!(fill(&path, "a/", &work), None, "nothing is tried any more");
    }
}
