//! Sets of characters.

use std::hash::{Hash, Hasher};

/// A set of Unicode characters: any of the ASCII ones, and finitely many of the others or all but
/// finitely many.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chars {
    /// One bit for each ASCII character.
    ascii: u128,
    /// Whether a character above ASCII that is not in `except` is in the set.
    wide: bool,
    /// The characters above ASCII for which it is the other way round, sorted.
    except: Vec<char>,
}

/// Characters in the order in which a readable text uses them, with what each costs.
const READABLE: [(u128, u32); 8] = [
    (bits("abcdefghijklmnopqrstuvwxyz"), 2),
    (bits("123456789"), 2),
    (bits("0"), 2),
    (bits("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 2),
    (bits("-_/"), 3),
    (bits(".:=,@+"), 4),
    (bits("!\"#$%&'()*;<>?[\\]^`{|}~"), 6),
    (bits(" "), UNREADABLE),
];

/// What a blank, a control character or one above ASCII costs.
const UNREADABLE: u32 = 10;

const fn bits(text: &str) -> u128 {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (0, 0);
    while at < bytes.len() {
        out |= 1 << bytes[at];
        at += 1;
    }
    out
}

/// Quick hashers lose the differences between high bits, and one character is one bit: of the ASCII
/// ones its place is hashed.
impl Hash for Chars {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let wide = u32::from(self.wide) << 16;
        state.write_u32(self.ascii.trailing_zeros() | self.ascii.count_ones() << 8 | wide);
        self.except.iter().for_each(|c| c.hash(state));
    }
}

impl Chars {
    /// No character.
    pub const NONE: Self = Self { ascii: 0, wide: false, except: Vec::new() };
    /// Every character.
    pub const ALL: Self = Self { ascii: u128::MAX, wide: true, except: Vec::new() };
    /// Every character but the colon.
    pub const FIELD: Self = Self { ascii: !bits(":"), wide: true, except: Vec::new() };

    /// The ASCII characters of `text`.
    pub const fn ascii(text: &str) -> Self {
        assert!(text.is_ascii(), "only ASCII characters have a bit");
        Self { ascii: bits(text), wide: false, except: Vec::new() }
    }

    /// One character.
    pub fn only(c: char) -> Self {
        let mut out = Self::NONE;
        match ascii_bit(c) {
            Some(bit) => out.ascii = bit,
            None => out.except.push(c),
        }
        out
    }

    /// Whether `c` is in the set.
    pub fn contains(&self, c: char) -> bool {
        match ascii_bit(c) {
            Some(bit) => self.ascii & bit != 0,
            None => self.wide != self.except.binary_search(&c).is_ok(),
        }
    }

    /// Whether there is no character in the set. (`except` never holds all there are.)
    pub fn is_empty(&self) -> bool {
        self.ascii == 0 && !self.wide && self.except.is_empty()
    }

    /// The characters of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        self.combine(other, self.ascii | other.ascii, |a, b| a | b)
    }

    /// The characters of both sets.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        self.combine(other, self.ascii & other.ascii, |a, b| a & b)
    }

    /// Whether both sets share a character.
    pub fn meets(&self, other: &Self) -> bool {
        self.ascii & other.ascii != 0 || !self.intersect(other).is_empty()
    }

    /// The characters of this set that are not in `other`.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        self.combine(other, self.ascii & !other.ascii, |a, b| a & !b)
    }

    /// The set without one character.
    pub(super) fn without(&self, c: char) -> Self {
        match ascii_bit(c) {
            Some(bit) => {
                Self { ascii: self.ascii & !bit, wide: self.wide, except: self.except.clone() }
            }
            None => self.subtract(&Self::only(c)),
        }
    }

    /// Whether every character of this set is in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.subtract(other).is_empty()
    }

    fn combine(&self, other: &Self, ascii: u128, with: impl Fn(bool, bool) -> bool) -> Self {
        let wide = with(self.wide, other.wide);
        let mut except: Vec<char> = Vec::new();
        if !self.except.is_empty() || !other.except.is_empty() {
            except.extend(self.except.iter().chain(&other.except).copied());
            except.sort_unstable();
            except.dedup();
            except.retain(|&c| with(self.contains(c), other.contains(c)) != wide);
        }
        Self { ascii, wide, except }
    }

    /// The character, when it is the only one.
    pub(super) fn single(&self) -> Option<char> {
        if self.wide {
            return None;
        }
        match (self.ascii.count_ones(), self.except.as_slice()) {
            (1, []) => Some(ascii_char(self.ascii)),
            (0, [only]) => Some(*only),
            _ => None,
        }
    }

    /// The most readable character of the set; `None` when there is none.
    pub(super) fn simplest(&self) -> Option<char> {
        if self.ascii != 0 {
            let readable = READABLE.iter().map(|(group, _)| self.ascii & group);
            let best = readable.chain([self.ascii]).find(|found| *found != 0);
            return best.map(ascii_char);
        }
        if self.wide {
            return ('\u{e9}'..).find(|&c| self.contains(c));
        }
        self.except.first().copied()
    }
}

/// What a character costs in a text: the more, the harder it is to read.
pub(super) fn price(c: char) -> u32 {
    let bit = ascii_bit(c).unwrap_or_default();
    READABLE.iter().find(|(group, _)| group & bit != 0).map_or(UNREADABLE, |(_, price)| *price)
}

fn ascii_bit(c: char) -> Option<u128> {
    c.is_ascii().then(|| 1 << u32::from(c))
}

/// The first character of a set of ASCII ones.
fn ascii_char(set: u128) -> char {
    char::from_u32(set.trailing_zeros()).unwrap_or('a')
}
